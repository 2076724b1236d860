"""Puddle's package, and its map.

What is true (pure: NumPy, and torch where a network is built; never Streamlit)
    arithmetic      output sizes, parameters, multiply-accumulates, receptive fields
    operations      convolution and pooling in NumPy, and the steps that a stage plays
    perturbation    what a changed pixel does to a convolution and to pooling
    stage           one sliding-window state, as data: grids, windows, products
    kernels         the named kernels, and settings that break things
    datasets        MNIST and the sample photographs
    photographs     safe decoding of what a learner uploads
    exercises       questions with computed answers and diagnosed mistakes
    snippets        the same state as runnable PyTorch code
    layers, architecture, architectures     a network as data, one family a file
What is said
    lessons         the lessons in their order
    text            reads the text blocks and labels of assets/text
How it looks
    figures         pure drawing: arrays in, SVG or Plotly out; figures.theme has every colour
How it is shown and remembered (the only part that knows Streamlit)
    ui              frame, controls, state, lessons (one file each), components (one folder each)
"""
