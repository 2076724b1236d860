"""Lesson: pooling."""

from cnn.ui import frame
from cnn.ui.lessons.pooling import SECTIONS

page = frame.open_lesson("pooling")
with page.section() as section:
    SECTIONS[section].show(page)
