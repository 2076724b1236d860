"""The convolution lesson: its sections by key, in `cnn.lessons`' order."""

from cnn.ui.lessons.convolution.channels import channels
from cnn.ui.lessons.convolution.dimensions import dimensions
from cnn.ui.lessons.convolution.numbers import numbers
from cnn.ui.lessons.convolution.photograph import photograph
from cnn.ui.lessons.convolution.transposed import transposed
from cnn.ui.section import Section

SECTIONS = {
    "numbers": Section(numbers, "cross_correlation", ("output_size", "cell_value")),
    "photograph": Section(photograph, "photograph_scale", ("output_size", "cell_value")),
    "channels": Section(channels, "three_dimensional_kernel", ("parameters",)),
    "dimensions": Section(dimensions, "slides_over"),
    "transposed": Section(transposed, "transposed_is_no_inverse", ("transposed_size",)),
}
