"""Which networks have weights to be fetched, and one whose weights come in a package.

Addresses, hashes, classes and the way a photograph is prepared are the libraries' own words, asked for and not typed:
torchvision's `weights`, timm's `pretrained_cfg`.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from cnn.architecture import Architecture
from cnn.architectures import ARCHITECTURES
from cnn.pretrained.preparation import Preparation
from cnn.timeline.versions import other_version

MIRROR = "PUDDLE_WEIGHTS"  # an address that serves the same files by their names, instead of the libraries' own
PACKAGED = "efficientnet_lite0"
BYTES_A_NUMBER = 4  # single precision

Library = Literal["torchvision", "timm"]


@dataclass(frozen=True)
class Pretrained:
    """A network of a library, with its weights."""

    key: str  # of ARCHITECTURES, or PACKAGED
    library: Library
    name: str  # its constructor's
    own_version: bool = False  # whether the library's network is another one than the paper's

    @property
    def architecture(self) -> Architecture | None:
        """The very network that the weights are for, as data; None for the packaged one."""
        other = other_version(self.key) if self.own_version else None
        return other or ARCHITECTURES.get(self.key)


@dataclass(frozen=True)
class WeightsFile:
    """A file on a server. Its name ends in the first digits of its SHA-256: resnet18-f37072fd.pth"""

    address: str
    bytes: int  # about so many; what the server says counts

    @property
    def name(self) -> str:
        return self.address.rsplit("/", 1)[-1]

    @property
    def digest(self) -> str:
        """The hexadecimal digits that the file's SHA-256 begins with."""
        found = re.search(r"-([0-9a-f]{8,64})\.pth$", self.name)
        if found is None:
            raise ValueError(f"address is {self.address!r}; its file must be named like resnet18-f37072fd.pth")
        return found[1]


_TORCHVISION = {
    **{key: key for key in ARCHITECTURES if re.fullmatch(r"(vgg|resnet|densenet)\d+", key)},
    "alexnet": "alexnet",
    "googlenet": "googlenet",
}
_TIMM = {"se_resnet50": "legacy_seresnet50", "senet154": "legacy_senet154"}
_OWN_VERSION = ("alexnet", "googlenet", "se_resnet50")


def _networks() -> dict[str, Pretrained]:
    names: dict[str, tuple[Library, str]] = {key: ("torchvision", name) for key, name in _TORCHVISION.items()}
    names |= {key: ("timm", name) for key, name in _TIMM.items()}
    found = {key: Pretrained(key, *names[key], key in _OWN_VERSION) for key in ARCHITECTURES if key in names}
    return {PACKAGED: Pretrained(PACKAGED, "timm", "tf_efficientnet_lite0"), **found}


NETWORKS: Mapping[str, Pretrained] = MappingProxyType(_networks())


def weights_file(key: str) -> WeightsFile:
    """Where the weights of a network lie. ValueError for one that has nothing to be fetched."""
    if key == PACKAGED or key not in NETWORKS:
        raise ValueError(f"key is {key!r}; it must be one of {tuple(NETWORKS)[1:]}")
    network = NETWORKS[key]
    if network.library == "torchvision":
        weights = _torchvision_weights(network.name)
        given = WeightsFile(weights.url, round(weights.meta["_file_size"] * 2**20))  # it counts in MiB
    else:
        given = WeightsFile(_timm_settings(network.name).url, BYTES_A_NUMBER * network.architecture.parameters)  # type: ignore[union-attr]
    return WeightsFile(_mirrored(given.address), given.bytes)


def _mirrored(address: str) -> str:
    mirror = os.environ.get(MIRROR, "").rstrip("/")
    return f"{mirror}/{address.rsplit('/', 1)[-1]}" if mirror else address


def preparation(key: str) -> Preparation:
    """How the network's library prepares a photograph for these weights."""
    network = NETWORKS[key]
    if network.library == "torchvision":
        given = _torchvision_weights(network.name).transforms()
        return Preparation(
            given.resize_size[0], given.crop_size[0], given.interpolation.value, tuple(given.mean), tuple(given.std)
        )
    settings = _timm_settings(network.name)
    side = settings.input_size[-1]
    resized = int(side / settings.crop_pct)
    return Preparation(resized, side, settings.interpolation, tuple(settings.mean), tuple(settings.std))


@cache
def classes() -> tuple[str, ...]:
    """The thousand classes of ILSVRC in the order of the outputs, in English, as torchvision names them."""
    return tuple(_torchvision_weights("resnet50").meta["categories"])


def _torchvision_weights(name: str) -> Any:
    from torchvision.models import get_model_weights

    return get_model_weights(name)["IMAGENET1K_V1"]


def _timm_settings(name: str) -> Any:
    from cnn.pretrained.networks import timm

    return timm().models.get_pretrained_cfg(name)
