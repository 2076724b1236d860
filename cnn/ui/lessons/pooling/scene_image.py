"""What the absorption and shift sections work on: the lecture's image, a digit, a patch of the photograph."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnn import datasets, kernels, patterns
from cnn.perturbation import Plane
from cnn.photographs import luminance, square_patch
from cnn.ui import controls, photographs
from cnn.ui.frame import Page

SOURCES = ("lecture_image", "digit", "patch")
KERNELS = ("lecture", "sobel_x", "laplacian", "box_blur")
PATCH = 64  # pixels a side
MOST_DIGITS = 99


@dataclass(frozen=True)
class SceneImage:
    """An image with values from 0 to 1, and the kernel for it."""

    source: str
    image: Plane  # (h, w)
    kernel: Plane  # (k_h, k_w)

    @property
    def fill(self) -> float:
        """What comes in where the image is moved away: paper, or the first pixel."""
        return 0.0 if self.source == "digit" else float(self.image[0, 0])


def chosen(page: Page, default: str) -> SceneImage:
    """Let the learner choose."""
    with controls.panel(page, "scene") as panel:
        source = panel.choice("source", SOURCES, default)
        kernel = panel.choice("scene_kernel", KERNELS, "lecture")
        digit = panel.slider("digit", 0, MOST_DIGITS, 0) if source == "digit" else 0
    return SceneImage(source, _image(page, source, digit), kernels.kernel(kernel))


def _image(page: Page, source: str, digit: int) -> Plane:
    if source == "lecture_image":
        return patterns.pattern("zero_column", (6, 6))
    if source == "digit":
        images, _ = datasets.mnist("test")
        return images[digit] / 255.0
    with st.container():
        picture = photographs.chosen(page)
    size = min(PATCH, *picture.shape[:2])
    patch = square_patch(picture, *photographs.place(picture, size, 1), size)
    return np.rint(luminance(patch)).astype(np.float64) / 255.0
