"""The pooling lesson: its sections by key, in `cnn.lessons`' order."""

from cnn.ui.lessons.pooling.absorption import absorption
from cnn.ui.lessons.pooling.as_convolution import as_convolution
from cnn.ui.lessons.pooling.numbers import numbers
from cnn.ui.lessons.pooling.perturb import perturb, scenes_to_play
from cnn.ui.lessons.pooling.puddles import puddles
from cnn.ui.lessons.pooling.roles import roles
from cnn.ui.lessons.pooling.shift import networks, shift
from cnn.ui.lessons.pooling.stride_instead import stride_instead
from cnn.ui.section import Section

SECTIONS = {
    "numbers": Section(numbers, "few_pooling_layers", ("pooled_value", "pooled_size")),
    "perturb": Section(perturb, "honest", ("absorbed",), scenes_to_play),
    "puddles": Section(puddles, "puddles_hold", ("pooled_value",)),
    "absorption": Section(absorption, "pooling_hides_some"),
    "shift": Section(shift, "tolerance_is_no_invariance", ("absorbed",), networks),
    "as_convolution": Section(as_convolution, "no_four_weights", ("average_as_kernel",)),
    "stride_instead": Section(stride_instead, "learned_halving", ("pooled_size",)),
    "roles": Section(roles, "how_far"),
}
