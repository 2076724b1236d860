"""The other version of a network, where the one here is not the only one that bears the name.

resnet50 strides the 3x3 convolution as torchvision does; its other version strides the first 1x1, as the paper does.
"""

from dataclasses import replace
from functools import cache

from cnn.architecture import Architecture
from cnn.architectures import ARCHITECTURES
from cnn.architectures.alexnet import ALEXNET_2014
from cnn.architectures.googlenet import GOOGLENET_BATCH_NORM
from cnn.architectures.lenet import LENET5
from cnn.architectures.resnet import resnet
from cnn.architectures.senet import REDUCTION

DEEP_RESNETS = {"resnet50": 50, "resnet101": 101, "resnet152": 152}


@cache
def other_version(key: str) -> Architecture | None:
    """The network that the field `differs` compares with; None where it differs from the paper in details only."""
    if key in DEEP_RESNETS:
        return resnet(DEEP_RESNETS[key], "1x1")
    if key == "se_resnet50":
        return replace(resnet(50, "1x1", REDUCTION), key="se_resnet50_1x1")
    return {"alexnet": ALEXNET_2014, "googlenet": GOOGLENET_BATCH_NORM, "lenet5_modern": LENET5}.get(key)


def difference(key: str) -> str:
    """Which kind of difference it is: the name of the text that tells it; empty where there is none."""
    if not ARCHITECTURES[key].differs:
        return ""
    return "stride" if key in DEEP_RESNETS or key == "se_resnet50" else key
