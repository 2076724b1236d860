"""Lesson: training."""

from cnn.ui import frame
from cnn.ui.lessons.training import SECTIONS

page = frame.open_lesson("training")
with page.section() as section:
    SECTIONS[section].show(page)
