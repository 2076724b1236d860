"""The other versions: the numbers that people compare with."""

import pytest

from cnn.architectures import ARCHITECTURES
from cnn.timeline.versions import difference, other_version

# Parameters, and receptive field where it is the point: torchvision's AlexNet and GoogLeNet; the strides of the paper.
PARAMETERS = {"alexnet": 61_100_840, "googlenet": 6_624_904, "resnet50": 25_557_032, "lenet5_modern": 60_000}
FIELDS = {"resnet50": 483, "googlenet": 379, "alexnet": 195}


@pytest.mark.parametrize("key", PARAMETERS)
def test_parameters(key):
    other = other_version(key)
    assert other and other.parameters == PARAMETERS[key]


@pytest.mark.parametrize("key", FIELDS)
def test_receptive_fields(key):
    other = other_version(key)
    assert other and other.receptive_field == FIELDS[key]


def test_the_stride_costs_and_keeps_the_parameters():
    for key in ("resnet50", "resnet101", "resnet152", "se_resnet50"):
        other = other_version(key)
        assert other and other.parameters == ARCHITECTURES[key].parameters and other.macs < ARCHITECTURES[key].macs


def test_what_differs_has_a_text_and_nothing_else_has():
    told = {key for key in ARCHITECTURES if difference(key)}
    assert told == {key for key, network in ARCHITECTURES.items() if network.differs}
    assert difference("resnet101") == difference("se_resnet50") == "stride" and difference("vgg16") == ""
