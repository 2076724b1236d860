"""The one list of networks. A new network: one file here, one line in NETWORKS."""

from collections.abc import Mapping
from types import MappingProxyType

from cnn.architecture import Architecture
from cnn.architectures.alexnet import ALEXNET
from cnn.architectures.densenet import DENSENETS
from cnn.architectures.googlenet import GOOGLENET
from cnn.architectures.lenet import LENET5, LENET5_MODERN
from cnn.architectures.neocognitron import NEOCOGNITRON
from cnn.architectures.resnet import RESNETS
from cnn.architectures.senet import SE_RESNET50, SENET154
from cnn.architectures.vgg import VGG

NETWORKS = (
    NEOCOGNITRON,
    LENET5,
    LENET5_MODERN,
    ALEXNET,
    *VGG,
    GOOGLENET,
    *RESNETS,
    *DENSENETS,
    SE_RESNET50,
    SENET154,
)


def _by_key(networks: tuple[Architecture, ...]) -> Mapping[str, Architecture]:
    """key -> network, read-only; two networks under one key are refused."""
    keys = [network.key for network in networks]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"two networks are called {', '.join(sorted(twice))}; each needs a key of its own")
    return MappingProxyType(dict(zip(keys, networks, strict=True)))


ARCHITECTURES = _by_key(NETWORKS)
