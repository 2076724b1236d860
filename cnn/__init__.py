"""Puddle's package, and its map.

What is true (pure: NumPy, and torch where a network is built or runs; never Streamlit)
    arithmetic          output sizes, parameters, multiply-accumulates, receptive fields
    operations          convolution and pooling in NumPy, and the steps that a stage plays
    perturbation        what a changed pixel does to a convolution and to pooling; scenes are its settings
    stage               one sliding-window state, as data: grids, windows, products
    kernels, named_layers, patterns     what has a name: kernels, layers of several channels, small images
    dimensions          1-D, 2-D, 3-D: the axes that a kernel slides over
    puddles, imitation, downsampling    pooling: as rain, as a convolution that learns it, as one way to halve an image
    datasets, photographs, digits       MNIST and sample photographs; what a learner uploads or draws, safely decoded
    layers, architecture, architectures     a network as data, one family a file
    exercises           questions with computed answers and diagnosed mistakes
    snippets            a stage's state as runnable PyTorch code
  LeNet-5
    dissection          a trained network opened up for one digit; unit_stage puts one unit on the stage
    kernel_table        a layer's kernels as a table, C3's connections among them
    eras, era_digits    1998 beside today: costs and curves; one digit in both
    explanations, neighbours, digit_changes     why this class: maps, training digits alike, the digit moved and turned
    lenet_program, era_code, explanation_code   the same as runnable PyTorch code
    envelope            a line of digits cut, read and rejected
    training            training, runs, and what is kept of them; its own map is in its docstring
  the timeline
    history             what was published, each number with its source and grade
    timeline, comparisons, versions     where things stand on the line; networks as points; the other network of a name
    anatomy             what repeats in a network, and the block that it is known for
    network_summary, network_code       a network as text and table; as a program
    blocks_at_work, block_snippets      five kinds of block on one photograph; as a program
    neocognitron        the Neocognitron at work; retina is what it is shown, neocognitron_record its learning step by
                        step, neocognitron_score how good it is, neocognitron_program the same as a program
What is said
    lessons             the lessons in their order
    text                reads the text blocks and labels of assets/text
    grid_text           grids as text for the address
How it looks
    figures             pure drawing: arrays in, SVG or Plotly out; figures.theme has every colour
How it is shown and remembered (the only part that knows Streamlit)
    ui                  frame, controls, state, section, lessons (a folder each), components (a folder each)
"""
