"""The learner's digit where something has to be computed of it."""

from cnn import datasets
from cnn.ui import digit as digits


def held_digit() -> digits.Digit:
    """The digit as it was left; where the paper is empty, the one that the lesson opens with. -> (28, 28)"""
    return inked(digits.held().image)


def inked(image: digits.Digit) -> digits.Digit:
    """The image, or the first digit where it holds no ink."""
    return image if image.any() else datasets.mnist("test")[0][digits.FIRST]
