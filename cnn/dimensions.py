"""What makes a convolution 1-D, 2-D or 3-D: the number of axes that the kernel slides over.

How many dimensions the kernel itself has does not matter. Along an axis that it fills, a kernel has one place only:
it sums over that axis and cannot slide along it. That is how a layer treats its channels, and why a 3 x 3 x 3 kernel
over a colour image makes a 2-D convolution.
"""

import itertools
import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from cnn.arithmetic import output_size, whole_number

AXES = ("depth", "height", "width")


class Triple(NamedTuple):
    """A shape or a place along the three axes; an axis that a case does not have is 1 long."""

    depth: int
    height: int
    width: int


class Position(NamedTuple):
    """Where the kernel stands, and the output cell that it writes from there."""

    corner: Triple  # the kernel's first cell, in the input
    output: Triple


@dataclass(frozen=True)
class SlidingCase:
    """A kernel that slides through an input as far as it can, without padding.

    Axes along which the kernel has more than one place are those that it slides over; it must fill every other axis,
    and those are the channels: input (1, 4, 9), kernel (1, 4, 3) is a 1-D convolution over 4 channels.
    """

    key: str
    input_shape: Triple
    kernel_shape: Triple
    stride: int = 1

    def __post_init__(self) -> None:
        for name in ("input_shape", "kernel_shape"):
            shape = Triple(*getattr(self, name))
            for axis, size in zip(AXES, shape, strict=True):
                whole_number(f"{name}'s {axis}", size, 1)
            object.__setattr__(self, name, shape)
        for axis, size, kernel_size, places in zip(
            AXES, self.input_shape, self.kernel_shape, self.output_shape, strict=True
        ):
            if places == 1 and kernel_size != size:
                raise ValueError(f"kernel_shape's {axis} is {kernel_size}; it must be {size}, or leave room to slide")
        if not self.axes:
            raise ValueError(f"kernel_shape is {tuple(self.kernel_shape)}; it must leave room to slide along some axis")

    @cached_property
    def output_shape(self) -> Triple:
        """How many places the kernel has along each axis: (3, 5, 5) and (3, 3, 3) -> (1, 3, 3)."""
        sizes = zip(self.input_shape, self.kernel_shape, strict=True)
        return Triple(*(output_size(size, kernel_size, self.stride) for size, kernel_size in sizes))

    @cached_property
    def positions(self) -> tuple[Position, ...]:
        """Every place of the kernel, in playing order: along the width first, then the height, then the depth."""
        cells = itertools.product(*map(range, self.output_shape))
        return tuple(Position(Triple(*(self.stride * at for at in cell)), Triple(*cell)) for cell in cells)

    @cached_property
    def axes(self) -> tuple[str, ...]:
        """The axes that the kernel slides over. Their number is the convolution's dimension."""
        return tuple(axis for axis, places in zip(AXES, self.output_shape, strict=True) if places > 1)

    @property
    def channel_axes(self) -> tuple[str, ...]:
        """The axes that the kernel fills and sums over; axes that are 1 long are not worth a name."""
        lengths = zip(AXES, self.input_shape, strict=True)
        return tuple(axis for axis, size in lengths if size > 1 and axis not in self.axes)

    @property
    def kernel_sizes(self) -> tuple[int, ...]:
        """The kernel as an array: (1, 4, 3) over a flat input is a 2-D array of 4 x 3."""
        sizes = zip(self.input_shape, self.kernel_shape, strict=True)
        return tuple(kernel_size for size, kernel_size in sizes if size > 1)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """The weight of torch's layer: out_channels, in_channels, and the kernel size along each of `axes`."""
        channels = math.prod(getattr(self.kernel_shape, axis) for axis in self.channel_axes)
        return (1, channels, *(getattr(self.kernel_shape, axis) for axis in self.axes))

    @property
    def layer(self) -> str:
        """Torch's name for it: Conv1d, Conv2d or Conv3d."""
        return f"Conv{len(self.axes)}d"


CASES = (
    SlidingCase("signal", Triple(1, 1, 9), Triple(1, 1, 3)),  # 9 moments
    SlidingCase("series", Triple(1, 4, 9), Triple(1, 4, 3)),  # 4 sensors, 9 moments
    SlidingCase("grey", Triple(1, 5, 5), Triple(1, 3, 3)),
    SlidingCase("colour", Triple(3, 5, 5), Triple(3, 3, 3)),  # red, green and blue: a 3-D kernel, a 2-D convolution
    SlidingCase("video", Triple(4, 5, 5), Triple(2, 3, 3)),  # 4 frames
)
