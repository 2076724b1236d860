"""The LeNet-5 lesson: its sections by key, in `cnn.lessons`' order."""

from cnn.ui.lessons.lenet.envelope import envelope
from cnn.ui.lessons.lenet.opened import opened
from cnn.ui.lessons.lenet.passes import passes
from cnn.ui.lessons.lenet.then_and_now import then_and_now
from cnn.ui.lessons.lenet.weights import weights
from cnn.ui.lessons.lenet.why import why
from cnn.ui.section import Section

SECTIONS = {
    "opened": Section(opened, "the_cut", ("layer_shape", "cut")),
    "weights": Section(weights, "weights_hold", ("c3_parameters",)),
    "then_and_now": Section(then_and_now, "eras_hold", ("c3_parameters", "connections"), passes),
    "why": Section(why, "why_hold", ("layer_shape", "cut")),
    "envelope": Section(envelope, "envelope_hold", ("line_right", "rejection")),
}
