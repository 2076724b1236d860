"""The pooling lesson: its sections by key, in `cnn.lessons`' order."""

from cnn.ui.lessons.pooling.numbers import numbers
from cnn.ui.lessons.pooling.perturb import perturb

SECTIONS = {
    "numbers": numbers,
    "perturb": perturb,
}
