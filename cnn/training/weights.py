"""Reads and writes the networks of assets/weights: safetensors in half precision."""

from pathlib import Path

from safetensors.torch import load_file, save_file

from cnn.architecture import WEIGHTS, Architecture
from cnn.architectures.lenet import Pooling
from cnn.architectures.modules import Network
from cnn.layers import choose
from cnn.training.recipes import POOLINGS, pooling_recipe


def save(network: Network, path: Path) -> None:
    """Write the weights in half precision: four digits, of which accuracy loses nothing that can be measured."""
    halves = {name: values.detach().half().contiguous() for name, values in network.state_dict().items()}
    save_file(halves, path)


def load(architecture: Architecture, path: Path) -> Network:
    """The network with the weights of a file, in single precision and in evaluation mode."""
    if not path.is_file():
        raise ValueError(f"path is {path}; no weights are shipped there")
    network = architecture.build()
    network.load_state_dict(load_file(path))
    return network.eval()


def pooling_variant(pooling: Pooling) -> Network:
    """LeNet-5 with this pooling, trained on 12,000 digits that were not shifted; all five by the same recipe.

    "max", "average", "strided convolution", "subsample" or "none".
    """
    choose("pooling", pooling, POOLINGS)
    return load(pooling_recipe(pooling).architecture, pooling_path(pooling))


def pooling_path(pooling: Pooling) -> Path:
    return WEIGHTS / f"pooling_{pooling.replace(' ', '_')}.safetensors"
