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
  rooms of their own, each with a map in its docstring
    lenet               LeNet-5 taken apart
    envelope            a line of digits cut, read and rejected
    training            training, runs, and what is kept of them
    timeline            what was published, and networks side by side
    neocognitron        the Neocognitron at work
    pretrained          networks with the weights that others trained, fetched on a press
What is said
    lessons             the lessons in their order
    text                reads the text blocks and labels of assets/text
    grid_text, ink_text     grids and handwriting as text for the address
How it looks
    figures             pure drawing: arrays in, SVG or Plotly out; figures.theme has every colour
How it is shown and remembered (the only part that knows Streamlit)
    ui                  frame, controls, state, section, lessons (a folder each), components (a folder each)
"""
