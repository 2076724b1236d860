"""Lesson: convolution."""

from cnn.ui import frame
from cnn.ui.lessons.convolution import SECTIONS

page = frame.open_lesson("convolution")
with page.section() as section:
    SECTIONS[section].show(page)
