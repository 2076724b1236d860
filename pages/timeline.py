"""Lesson: timeline."""

from cnn.ui import frame
from cnn.ui.lessons.timeline import SECTIONS

page = frame.open_lesson("timeline")
with page.section() as section:
    SECTIONS[section].show(page)
