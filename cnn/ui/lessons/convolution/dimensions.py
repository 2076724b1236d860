"""1-D, 2-D and 3-D convolution: what decides is along how many axes the kernel slides."""

import streamlit as st

from cnn.dimensions import CASES
from cnn.ui.components.moving_kernel import moving_kernel
from cnn.ui.frame import Page


@st.fragment
def dimensions(page: Page) -> None:
    """Five kernels on their way, side by side."""
    page.text("dimensions")
    moving_kernel(CASES, {**page.labels("stage"), **page.labels("moving_kernel")}, "convolution.moving_kernel")
    page.note_address()
