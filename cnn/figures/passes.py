"""How the test error fell in the runs as in 1998, pass by pass, beside the paper's figure, as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnn.figures import svg
from cnn.figures.axes import Axes, apart, words
from cnn.figures.theme import Palette

WIDTH, HEIGHT = 420, 280
DASHES = ("", "7 4", "2 4")  # a sign beside the colour: one for each seed


@dataclass(frozen=True)
class Course:
    """One run: its name, and its errors after the passes."""

    name: str
    errors: Sequence[float]


def passes(
    courses: Sequence[Course],
    paper: float | None,
    falls: Sequence[int],
    highest: float,
    words_: tuple[str, str, str],
    palette: Palette,
) -> str:
    """A curve a run, named at its end; `paper` as a line of its own; a tick where the learning rate `falls`.

    highest: the top of the y axis, an error. words_: what the axes mean, x and y, and what the paper's line is called.
    """
    count = len(courses[0].errors)
    axes = Axes(WIDTH, HEIGHT, (0, count), (0, highest), left=50, right=72)
    step = 0.005 if highest < 0.04 else 0.02
    ticks = {float(value): f"{value:.1%}" for value in np.arange(0, highest + step / 2, step)}
    parts = axes.grid({at: str(at) for at in range(0, count + 1, 5)}, ticks, words_[:2], palette)
    parts += [axes.upright(at, palette.padding) for at in falls]
    ends = [axes.y(course.errors[-1]) for course in courses]
    if paper is not None:
        parts.append(axes.across(paper, palette.changed, "8 4"))
        ends.append(axes.y(paper))
    places = apart(ends, 14)
    for index, (course, y) in enumerate(zip(courses, places, strict=False)):
        shown = np.minimum(course.errors, highest)
        parts.append(axes.line(range(1, count + 1), shown, palette.output, 2.2, DASHES[index % len(DASHES)]))
        parts.append(words(axes.right_line + 6, y, course.name, palette.output, 12, "start"))
    if paper is not None:
        parts.append(words(axes.right_line + 6, places[-1], words_[2], palette.changed, 12, "start"))
    return svg.document(WIDTH, HEIGHT, parts)
