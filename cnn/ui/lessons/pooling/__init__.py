"""The pooling lesson: its sections by key, in `cnn.lessons`' order."""

from cnn.ui.lessons.pooling.absorption import absorption
from cnn.ui.lessons.pooling.as_convolution import as_convolution
from cnn.ui.lessons.pooling.numbers import numbers
from cnn.ui.lessons.pooling.perturb import perturb
from cnn.ui.lessons.pooling.puddles import puddles
from cnn.ui.lessons.pooling.roles import roles
from cnn.ui.lessons.pooling.shift import shift
from cnn.ui.lessons.pooling.stride_instead import stride_instead

SECTIONS = {
    "numbers": numbers,
    "perturb": perturb,
    "puddles": puddles,
    "absorption": absorption,
    "shift": shift,
    "as_convolution": as_convolution,
    "stride_instead": stride_instead,
    "roles": roles,
}
