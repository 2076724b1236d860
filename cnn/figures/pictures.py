"""Numbers as pictures: what a kernel made of a photograph, in pixels that a screen can show."""

import numpy as np
from numpy.typing import NDArray

MIDDLE = 128


def is_signed(kernel: NDArray[np.floating]) -> bool:
    """Whether a kernel's answers lie around zero or below it: its weights nearly cancel, as an edge detector's do.

    Shapes: kernel (k_h, k_w)
    """
    return bool((kernel < 0).any() and kernel.sum() <= 0.05 * np.abs(kernel).sum())


def visible(result: NDArray[np.floating], signed: bool) -> NDArray[np.uint8]:
    """Pixels from numbers: as they are, cut at 0 and 255; signed ones halved around the middle grey.

    Shapes: result (c, h, w) -> (h, w, c)
    """
    shifted = result / 2 + MIDDLE if signed else result
    return np.ascontiguousarray(np.clip(np.rint(shifted), 0, 255).astype(np.uint8).transpose(1, 2, 0))
