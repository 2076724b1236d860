"""The timeline lesson: its sections by key, in `cnn.lessons`' order."""

from cnn.ui.lessons.timeline.blocks import blocks
from cnn.ui.lessons.timeline.charts import charts
from cnn.ui.lessons.timeline.handwriting import handwriting
from cnn.ui.lessons.timeline.line import line, note
from cnn.ui.lessons.timeline.neocognitron import neocognitron
from cnn.ui.lessons.timeline.whole import whole
from cnn.ui.section import Section

SECTIONS = {
    "line": Section(line, "line_holds", ("which_block", "what_changed"), note),
    "whole": Section(whole, "whole_holds", ("block_parameters", "halvings")),
    "blocks": Section(blocks, "blocks_hold"),
    "charts": Section(charts, "charts_holds"),
    "neocognitron": Section(neocognitron, "neocognitron_holds", more=handwriting),
}
