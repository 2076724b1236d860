"""Two or three curves of shares as a small SVG, for questions: at rest, with marks that can be counted."""

from collections.abc import Mapping, Sequence

from cnn.figures import svg
from cnn.figures.theme import Palette

WIDTH, HEIGHT = 360, 232
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 52
X_TITLE, LEGEND, APART = 198, 224, 110  # baselines; from one name to the next
DASHES = ("", "7 4", "2 3")  # a second sign beside the colour


def small_curves(curves: Mapping[str, Sequence[float]], x_title: str, palette: Palette) -> str:
    """Curves between 0 % and 100 %, evenly spaced; the names are the legend.

    Shapes: each curve (n,), the same n
    """
    tones = (palette.input, palette.output, palette.kernel)
    parts = [*_grid(palette), _words(WIDTH / 2, X_TITLE, x_title, "middle", palette.faint)]
    for index, (name, shares) in enumerate(curves.items()):
        points = [(_x(at, len(shares)), _y(share)) for at, share in enumerate(shares)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dash = f' stroke-dasharray="{DASHES[index]}"' if DASHES[index] else ""
        parts.append(f'<polyline points="{line}" fill="none" stroke="{tones[index]}" stroke-width="2.4"{dash}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{tones[index]}"/>' for x, y in points]
        start = LEFT + 8 + index * APART
        parts.append(f'<path d="M{start} {LEGEND - 4}h22" stroke="{tones[index]}" stroke-width="2.4"{dash}/>')
        parts.append(_words(start + 28, LEGEND, name, "start", palette.ink))
    return svg.document(WIDTH, HEIGHT, [f'<g font-family="sans-serif" font-size="12">{"".join(parts)}</g>'])


def _grid(palette: Palette) -> list[str]:
    shares = (0, 0.25, 0.5, 0.75, 1)
    lines = [f'<path d="M{LEFT} {_y(share):g}H{WIDTH - RIGHT}" stroke="{palette.line}"/>' for share in shares]
    return lines + [_words(LEFT - 8, _y(share) + 4, f"{share:.0%}", "end", palette.faint) for share in shares]


def _words(x: float, y: float, words: str, anchor: str, fill: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{fill}">{words}</text>'


def _x(at: int, count: int) -> float:
    return LEFT + 8 + (WIDTH - LEFT - RIGHT - 16) * at / max(count - 1, 1)


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)
