"""The trained networks that the section compares: one copy a process, read-only."""

from typing import TYPE_CHECKING

import streamlit as st

from cnn.architectures.lenet import LENET5, LENET5_MODERN
from cnn.architectures.perceptron import PERCEPTRON
from cnn.lenet.eras import RECIPES
from cnn.ui import boot

if TYPE_CHECKING:
    from cnn.architectures.modules import Network

NETWORKS = {"lenet_today": LENET5_MODERN, "lenet_1998": LENET5, "perceptron": PERCEPTRON}


@st.cache_resource(show_spinner=False)
def trained(name: str) -> "Network":
    """One of NETWORKS with its shipped weights."""
    boot.load_torch_in_background().join()
    return NETWORKS[name].trained()


def rubbish(name: str) -> float | None:
    """j of equation 9, for the network that was trained with it."""
    return RECIPES["1998"].rubbish if name == "lenet_1998" else None


def convolutional(name: str) -> str:
    """The LeNet that stands beside the perceptron: the chosen one, or today's where the perceptron is chosen."""
    return "lenet_today" if name == "perceptron" else name
