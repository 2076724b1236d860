"""A network's costs and sizes as drawings: shares of parameters and work per stage, and the picture as it shrinks."""

from collections.abc import Mapping, Sequence
from html import escape

from cnn.architecture import Share
from cnn.figures import svg
from cnn.figures.theme import Palette
from cnn.timeline.anatomy import Size

WIDTH, NAME, BAR, GROUP = 450, 146, 10, 40  # of the bars' picture in its own units; the column of names; bar and group
NUMBER = 50  # room for "89.1 %"
LARGEST, SLOT, GAP, LETTERS = 108, 46, 8, 38  # the largest square's side; least room for one; between; below
FONT = 'font-family="system-ui,sans-serif"'


def shares(shares: Sequence[Share], words: Mapping[str, str], palette: Palette) -> str:
    """Two bars for each stage: its part of the parameters, and of the multiply-accumulates.

    words: parameters and macs, for the legend.
    """
    room = WIDTH - NAME - NUMBER
    parts = [_legend(words, palette)]
    for index, share in enumerate(shares):
        top = 30 + GROUP * index
        parts.append(_text(NAME - 10, top + BAR + 1, share.label, palette.ink, 13, "end"))
        bars = ((share.parameters_share, palette.kernel), (share.macs_share, palette.input))
        for row, (part, colour) in enumerate(bars):
            y = top + row * (BAR + 3)
            parts.append(f'<rect x="{NAME}" y="{y}" width="{room}" height="{BAR}" rx="3" fill="{palette.cell}"/>')
            parts.append(
                f'<rect x="{NAME}" y="{y}" width="{max(room * part, 1):.1f}" height="{BAR}" rx="3" fill="{colour}"/>'
            )
            parts.append(_text(NAME + room + 6, y + BAR / 2 + 0.5, f"{100 * part:.1f} %", palette.faint, 11, "start"))
    return svg.document(WIDTH, 30 + GROUP * len(shares) - 8, parts)


def _legend(words: Mapping[str, str], palette: Palette) -> str:
    """Which bar is which: the upper and the lower of each pair."""
    second = NAME + 130
    return "".join(
        f'<rect x="{x}" y="4" width="{BAR}" height="{BAR}" rx="3" fill="{colour}"/>'
        + _text(x + BAR + 6, 9.5, name, palette.ink, 12, "start")
        for x, colour, name in (
            (NAME, palette.kernel, words["parameters"]),
            (second, palette.input, words["macs"]),
        )
    )


def shrinking(sizes: Sequence[Size], palette: Palette) -> str:
    """The maps' sizes as squares on one ground line, to scale: 224, 112, 56, 28, 14, 7."""
    scale = LARGEST / sizes[0].pixels
    parts, left = [], 4.0
    for size in sizes:
        side = max(size.pixels * scale, 2)
        slot = max(side, SLOT)
        x, y = left + (slot - side) / 2, 4 + LARGEST - side
        parts += [
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" height="{side:.1f}" rx="2" '
            f'fill="{svg.mixed(palette.input_soft, palette.cell, 0.55)}" stroke="{palette.input}" stroke-width="1.4"/>',
            _text(left + slot / 2, LARGEST + 18, str(size.pixels), palette.ink, 13, "middle"),
        ]
        if size.layer:
            parts.append(_text(left + slot / 2, LARGEST + 34, _short(size.layer), palette.faint, 10, "middle"))
        left += slot + GAP
    return svg.document(round(left - GAP + 6), LARGEST + 4 + LETTERS, parts)


def _short(name: str) -> str:
    """A label that fits below a small square."""
    return name if len(name) <= 8 else f"{name[:7]}…"


def _text(x: float, y: float, words: str, colour: str, size: int, anchor: str) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" fill="{colour}" font-size="{size}" {FONT} text-anchor="{anchor}" '
        f'dominant-baseline="central">{escape(words)}</text>'
    )
