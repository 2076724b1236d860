"""The convolution lesson: its sections by key, in `cnn.lessons`' order."""

from cnn.ui.lessons.convolution.channels import channels
from cnn.ui.lessons.convolution.dimensions import dimensions
from cnn.ui.lessons.convolution.numbers import numbers
from cnn.ui.lessons.convolution.photograph import photograph
from cnn.ui.lessons.convolution.transposed import transposed

SECTIONS = {
    "numbers": numbers,
    "photograph": photograph,
    "channels": channels,
    "dimensions": dimensions,
    "transposed": transposed,
}
