"""Home: what this is, the lessons, where you were."""

from cnn.ui import frame, home

home.show(frame.open_home())
