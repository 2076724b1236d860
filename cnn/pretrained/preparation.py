"""A photograph as a network wants it: reduced, its middle cut out, brought to the scale of the training photographs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn.photographs import Photograph

FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


@dataclass(frozen=True)
class Preparation:
    """What is done to every photograph. The same sums as torchvision's and timm's own transforms, to the bit."""

    resized: int  # the shorter side, in pixels
    side: int  # of the square that is cut from the middle
    interpolation: str  # one of FILTERS
    mean: tuple[float, ...]  # of red, green and blue, pixels in [0, 1]
    deviation: tuple[float, ...]

    def size(self, photograph: NDArray[Any]) -> tuple[int, int]:
        """Height and width after the reduction: the shorter side is `resized`, the longer one rounded down."""
        height, width = photograph.shape[:2]
        shorter = min(height, width)
        return self.resized * height // shorter, self.resized * width // shorter

    def cut(self, photograph: Photograph) -> Photograph:
        """The square that the network sees.

        Shapes: (h, w, 3) -> (side, side, 3)
        """
        height, width = self.size(photograph)
        reduced = np.asarray(Image.fromarray(photograph).resize((width, height), FILTERS[self.interpolation]))
        top, left = round((height - self.side) / 2), round((width - self.side) / 2)
        return reduced[top : top + self.side, left : left + self.side]

    def normalised(self, square: Photograph) -> NDArray[np.float32]:
        """(pixel / 255 - mean) / deviation, for each colour.

        Shapes: (side, side, 3) -> (1, 3, side, side)
        """
        mean, deviation = (np.array(three, np.float32) for three in (self.mean, self.deviation))
        scaled = (square.astype(np.float32) / np.float32(255) - mean) / deviation
        return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])
