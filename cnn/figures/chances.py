"""Class probabilities over a change of the digit, as SVG: ten curves, the digit's own class thick."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnn.figures import heat, svg
from cnn.figures.axes import Axes, apart, words
from cnn.figures.theme import Palette

WIDTH, HEIGHT, THUMB = 400, 250, 34
NOTICED = 0.25  # a class that stays below it everywhere is drawn, but not named
DASHES = ("8 4", "2 4", "10 4 2 4", "5 3")  # of the rivals


def chances(
    values: Sequence[float],
    probabilities: NDArray[np.floating],
    label: int,
    now: float,
    thumbs: NDArray[np.uint8],
    names: tuple[str, str],
    palette: Palette,
) -> str:
    """One curve a class over `values`; a line at `now`; below, the digit at the ends, the quarters and the middle.

    Shapes: probabilities (len(values), classes), thumbs (5, 28, 28)
    """
    axes = Axes(WIDTH, HEIGHT, (values[0], values[-1]), (0, 1), right=30, bottom=44 + THUMB)
    x_ticks = {float(at): f"{at:g}".replace("-", "−") for at in places(values)}
    parts = axes.grid(x_ticks, {share: f"{share:.0%}" for share in (0, 0.5, 1)}, names, palette)
    parts.append(axes.upright(now, palette.changed, "4 3"))
    rivals = [each for each in np.argsort(-probabilities.max(axis=0)).tolist() if each != label]
    tones = (palette.input, palette.kernel, palette.changed, palette.padding)
    for place, each in reversed(list(enumerate(rivals))):
        named = probabilities[:, each].max() >= NOTICED
        colour = tones[place % len(tones)] if named else palette.line
        dashes = DASHES[place % len(DASHES)] if named else ""
        parts.append(axes.line(values, probabilities[:, each], colour, 2 if named else 1.2, dashes))
    parts.append(axes.line(values, probabilities[:, label], palette.output, 3.4))
    parts += _names(axes, values, probabilities, [label, *rivals], (palette.output, *tones))
    for at, thumb in zip(places(values), thumbs, strict=True):
        x = min(max(axes.x(at) - THUMB / 2, 0), WIDTH - THUMB)
        parts.append(
            f'<image href="{svg.png_url(heat.inked(thumb, palette))}" x="{x:.1f}" y="{axes.bottom_line + 22:g}" '
            f'width="{THUMB}" height="{THUMB}"/>'
        )
    return svg.document(WIDTH, HEIGHT, parts)


def places(values: Sequence[float]) -> list[float]:
    """The two ends, the quarters and the middle of a range of values, each one of them."""
    return [values[round(part * (len(values) - 1))] for part in (0, 0.25, 0.5, 0.75, 1)]


def _names(
    axes: Axes, values: Sequence[float], probabilities: NDArray[np.floating], order: Sequence[int], tones: Sequence[str]
) -> list[str]:
    """Each noticed class's digit at the highest point of its curve, on a plate of the curve's colour."""
    named = [(place, each) for place, each in enumerate(order) if probabilities[:, each].max() >= NOTICED]
    tops = []
    for _, each in named:
        high = np.flatnonzero(probabilities[:, each] >= probabilities[:, each].max() - 0.02)
        at = int(high[len(high) // 2])  # the middle of a plateau
        tops.append((axes.x(values[at]), axes.y(float(probabilities[at, each]))))
    shifted = apart([x for x, _ in tops], 20)
    parts = []
    for (place, each), x, (_, y) in zip(named, shifted, tops, strict=True):
        colour = tones[0] if place == 0 else tones[1 + (place - 1) % (len(tones) - 1)]
        parts.append(f'<circle cx="{x:.1f}" cy="{max(y, 14):.1f}" r="9" fill="{colour}"/>')
        parts.append(words(x, max(y, 14), str(each), "#ffffff", 12.5))
    return parts
