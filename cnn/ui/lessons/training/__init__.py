"""The training lesson: its sections by key, in `cnn.lessons`' order."""

from cnn.ui.lessons.training.ablations import ablation
from cnn.ui.lessons.training.compare import compare
from cnn.ui.lessons.training.travel import travel
from cnn.ui.lessons.training.watch import presets, watch
from cnn.ui.section import Section

SECTIONS = {
    "watch": Section(watch, "one_run_holds", ("read_curve", "which_setting"), presets),
    "compare": Section(compare, "compare_holds", ("what_if",)),
    "time": Section(travel, "time_holds", ("read_curve",)),
    "ablation": Section(ablation, "ablation_holds", ("what_if",)),
}
