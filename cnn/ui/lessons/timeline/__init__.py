"""The timeline lesson: its sections by key, in `cnn.lessons`' order."""

from cnn.ui.lessons.timeline.blocks import blocks
from cnn.ui.lessons.timeline.charts import charts
from cnn.ui.lessons.timeline.handwriting import handwriting
from cnn.ui.lessons.timeline.line import line, note
from cnn.ui.lessons.timeline.neocognitron import neocognitron
from cnn.ui.lessons.timeline.real_weights import real_weights
from cnn.ui.lessons.timeline.whole import whole
from cnn.ui.section import Section

SECTIONS = {
    "line": Section(line, "line_holds", ("which_block", "what_changed"), note),
    "whole": Section(whole, "whole_holds", ("block_parameters", "halvings")),
    "blocks": Section(blocks, "blocks_hold", ("dense_maps", "which_block")),
    "real_weights": Section(real_weights, "weights_hold", ("top5_error", "logit_ratio")),
    "charts": Section(charts, "charts_holds", ("layer_macs",)),
    "neocognitron": Section(neocognitron, "neocognitron_holds", ("s_cell",), handwriting),
}
