"""GoogLeNet with its two auxiliary outputs, as it was trained."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from cnn.architectures.googlenet import GOOGLENET, AuxiliaryHead, auxiliary_heads
from cnn.architectures.modules import initialise, materialise, without_numbers
from cnn.layers import Stack


@dataclass(frozen=True)
class GoogLeNetOutput:
    """What the network gives while it is trained. The paper adds 0.3 of each auxiliary loss."""

    logits: Tensor  # (n, classes)
    after_4a: Tensor  # (n, classes), auxiliary
    after_4d: Tensor  # (n, classes), auxiliary


class GoogLeNetWithAuxiliaryHeads(nn.Module):
    """The built network and the heads, which read the maps of the modules 4a and 4d on their way."""

    def __init__(self) -> None:
        super().__init__()
        self.network = GOOGLENET.build()
        self.heads = nn.ModuleDict({head.after: _built(head) for head in auxiliary_heads()})

    def forward(self, images: Tensor) -> GoogLeNetOutput:
        auxiliary: dict[str, Tensor] = {}
        maps = images
        for stage in self.network.features.children():
            for name, layer in stage.named_children():
                maps = layer(maps)
                if name in self.heads:
                    auxiliary[name] = self.heads[name](maps)
        return GoogLeNetOutput(self.network.classifier(maps), auxiliary["inception_4a"], auxiliary["inception_4d"])


def _built(head: AuxiliaryHead) -> nn.Module:
    with without_numbers():
        module = Stack(head.after, head.layers).module(head.input_shape(GOOGLENET))
    materialise(module, "cpu")
    initialise(module)
    return module
