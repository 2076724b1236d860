"""Arrays as grey pixels that a component paints: kernels, gradients, feature maps, digits."""

import base64

import numpy as np
from numpy.typing import NDArray

MIDDLE, REACH = 128, 127


def grey(values: NDArray[np.floating], signed: bool) -> NDArray[np.uint8]:
    """Pixels on one scale for the whole array: zero is black, or the middle grey where there are two signs to show.

    What is no number (a network that diverged) counts as zero.
    Shapes: any
    """
    finite = np.nan_to_num(np.asarray(values, np.float64), nan=0, posinf=0, neginf=0)
    largest = float(np.abs(finite).max(initial=0)) or 1.0
    if signed:
        return np.rint(MIDDLE + REACH * finite / largest).astype(np.uint8)
    return np.rint(255 * np.maximum(finite, 0) / largest).astype(np.uint8)


def encoded(pixels: NDArray[np.uint8]) -> str:
    """Pixels as text for JSON, row by row."""
    return base64.b64encode(np.ascontiguousarray(pixels, np.uint8).tobytes()).decode()
