"""Lesson: LeNet-5."""

from cnn.ui import frame
from cnn.ui.lessons.lenet import SECTIONS

page = frame.open_lesson("lenet")
with page.section() as section:
    SECTIONS[section].show(page)
