"""A block at work as one drawing: boxes for its layers, and on every edge between them the maps themselves.

Data flows from top to bottom. A strip is the maps of one edge; white is the largest number, black is zero, and what is
below zero is orange. Words come from outside.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn.figures import svg
from cnn.figures.theme import Palette
from cnn.layers import Conv, Pool, SqueezeExcite
from cnn.timeline.blocks_at_work import Maps, Trace, gates

CELL, MAP = 50, 46  # from map to map, and the map itself
EDGE = 24  # length of an arrow
BOX, LINE = 26, 15  # height of a box of one line, and of each further line
GAP = 14  # between branches
SHORTCUT = 26  # from the maps to the shortcut's line
FONT = 'font-family="system-ui,sans-serif" dominant-baseline="central"'
BELOW_ZERO = (0xE6, 0x9F, 0x00)  # the orange of Okabe and Ito


@dataclass(frozen=True)
class Mark:
    """The number that is taken apart: its map in the output, its row and column."""

    index: int
    row: int
    column: int


@dataclass
class Sheet:
    """What has been drawn so far; y grows downwards."""

    words: Mapping[str, str]
    palette: Palette
    scale: float  # the number that is white
    mark: Mark
    parts: list[str] = field(default_factory=list)

    # ------------------------------------------------------------------------------------------------- lines and words

    def text(self, x: float, y: float, words: str, colour: str = "", size: int = 12, anchor: str = "middle") -> None:
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" fill="{colour or self.palette.faint}" font-size="{size}" '
            f'text-anchor="{anchor}" {FONT}>{escape(words)}</text>'
        )

    def line(self, path: str, colour: str = "", width: float = 1.6, dashed: bool = False) -> None:
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        self.parts.append(
            f'<path d="{path}" fill="none" stroke="{colour or self.palette.faint}" stroke-width="{width:g}"{dashes}/>'
        )

    def arrow(self, x: float, top: float, length: float = EDGE) -> float:
        """Downwards; returns where it ends."""
        self.line(f"M{x:g} {top:g}V{top + length - 5:g}")
        self.parts.append(f'<path d="M{x:g} {top + length:g}l-4 -7h8z" fill="{self.palette.faint}"/>')
        return top + length

    def box(self, x: float, top: float, lines: Sequence[str], width: float, colour: str = "", soft: str = "") -> float:
        """A layer, or several, around the line at x; returns where it ends."""
        height = BOX + LINE * (len(lines) - 1)
        fill = svg.mixed(soft or self.palette.kernel_soft, self.palette.cell, 0.35)
        self.parts.append(
            f'<rect x="{x - width / 2:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="6" fill="{fill}" '
            f'stroke="{colour or self.palette.kernel}" stroke-width="1.4"/>'
        )
        for number, words in enumerate(lines):
            self.text(x, top + BOX / 2 + LINE * number, words, self.palette.ink)
        return top + height

    def joint(self, x: float, y: float, sign: str, colour: str) -> None:
        self.parts.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="11" fill="{self.palette.cell}" stroke="{colour}" stroke-width="2.2"/>'
        )
        self.text(x, y, sign, colour, 16)

    # ------------------------------------------------------------------------------------------------------------ maps

    def strip(self, x: float, top: float, maps: Maps, tones: Sequence[str], marked: int | None = None) -> float:
        """Maps side by side from x to the right, each with its tone below; returns where they end."""
        for index, (one, tone) in enumerate(zip(maps, tones, strict=True)):
            left = x + index * CELL + (CELL - MAP) / 2
            self.parts.append(
                f'<image x="{left:g}" y="{top:g}" width="{MAP}" height="{MAP}" href="{picture(one, self.scale)}"/>'
                f'<rect x="{left:g}" y="{top + MAP:g}" width="{MAP}" height="4" fill="{tone}"/>'
            )
            if index == marked:
                self._ring(left, top, one.shape)
        return top + MAP + 4

    def _ring(self, left: float, top: float, size: tuple[int, ...]) -> None:
        y, x = (
            origin + (at + 0.5) * MAP / sides
            for origin, at, sides in ((top, self.mark.row, size[0]), (left, self.mark.column, size[1]))
        )
        self.parts.append(
            f'<rect x="{left - 1:g}" y="{top - 1:g}" width="{MAP + 2}" height="{MAP + 6}" fill="none" '
            f'stroke="{self.palette.changed}" stroke-width="2"/>'
            f'<circle cx="{x:g}" cy="{y:g}" r="4.5" fill="none" stroke="#fff" stroke-width="3.4"/>'
            f'<circle cx="{x:g}" cy="{y:g}" r="4.5" fill="none" stroke="{self.palette.changed}" stroke-width="2"/>'
        )


def picture(one: NDArray[np.floating], scale: float) -> str:
    """A map as a PNG's address: black is zero, white is `scale` and more, orange is below zero.

    Shapes: one (h, w)
    """
    share = np.clip(one / scale, -1, 1)
    indices = np.where(share >= 0, np.rint(share * 127), 128 + np.rint(-share * 127)).astype(np.uint8)
    image = Image.frombytes("P", (one.shape[1], one.shape[0]), indices.tobytes())
    image.putpalette(_COLOURS)
    buffer = BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


_SHADES = np.arange(128) / 127
_COLOURS = (
    np.concatenate([np.rint(np.outer(_SHADES, (255, 255, 255))), np.rint(np.outer(_SHADES, BELOW_ZERO))])
    .astype(np.uint8)
    .tobytes()
)


# ------------------------------------------------------------------------------------------------------- whole blocks


def block_maps(trace: Trace, words: Mapping[str, str], palette: Palette, scale: float, mark: Mark) -> str:
    """A block with its maps as an SVG; `scale` is the number that is white."""
    sheet = Sheet(words, palette, scale, mark)
    draw = {"residual": _residual, "branches": _branches, "dense_block": _dense}.get(trace.node.kind, _plain)
    width, height = draw(sheet, trace)
    return svg.document(round(width), round(height + 2), sheet.parts)


def _width(maps: Maps) -> int:
    return len(maps) * CELL


def _tones(sheet: Sheet, maps: Maps, colour: str = "") -> list[str]:
    return [colour or sheet.palette.kernel] * len(maps)


def _given(sheet: Sheet, trace: Trace) -> float:
    sheet.text(0, 8, f"{sheet.words['input']} x", sheet.palette.input, anchor="start")
    return sheet.strip(0, 18, trace.given, _tones(sheet, trace.given, sheet.palette.input))


def _name(sheet: Sheet, trace: Trace) -> str:
    layer = trace.node.layer
    if isinstance(layer, Conv | Pool):
        size = f"{layer.kernel_size} × {layer.kernel_size}"
        return f"{sheet.words['conv' if isinstance(layer, Conv) else 'pool']} {size}, {trace.node.shape[0]}"
    return {"relu": "ReLU", "batch_norm": "BN"}[trace.node.kind]


def _chain(sheet: Sheet, x: float, top: float, traces: Sequence[Trace], width: float) -> float:
    """Each convolution or pooling as a box, a ReLU right behind it in the same box, and the maps that come out."""
    index = 0
    while index < len(traces):
        lines, last = [_name(sheet, traces[index])], traces[index]
        if index + 1 < len(traces) and traces[index + 1].node.kind == "relu":
            index += 1
            lines, last = [*lines, "ReLU"], traces[index]
        top = sheet.arrow(x + width / 2, top)
        top = sheet.arrow(x + width / 2, sheet.box(x + width / 2, top, lines, min(width, 150)))
        top = sheet.strip(x + (width - _width(last.output)) / 2, top, last.output, _tones(sheet, last.output))
        index += 1
    return top


def _plain(sheet: Sheet, trace: Trace) -> tuple[float, float]:
    width = _width(trace.given)
    top = _chain(sheet, 0, _given(sheet, trace), trace.inside[:-2], width)
    top = sheet.arrow(width / 2, sheet.box(width / 2, sheet.arrow(width / 2, top), _last_box(sheet, trace), 150))
    return width, sheet.strip(0, top, trace.output, _tones(sheet, trace.output, sheet.palette.output), sheet.mark.index)


def _last_box(sheet: Sheet, trace: Trace) -> list[str]:
    return [_name(sheet, trace.inside[-2]), "ReLU"]


def _residual(sheet: Sheet, trace: Trace) -> tuple[float, float]:
    """The body on the line, the shortcut beside it; where they meet, they are added."""
    palette, width = sheet.palette, _width(trace.given)
    start = _given(sheet, trace)
    body = trace.child("body").inside
    scaled = isinstance(body[-1].node.layer, SqueezeExcite)
    top = _chain(sheet, 0, start, body[:-1] if scaled else body, width)
    if scaled:
        top = _gates(sheet, trace, body[-1], top)
    joint = sheet.arrow(width / 2, top) + 11
    side = width + SHORTCUT
    sheet.line(f"M{width} {start - 26:g}H{side}V{joint:g}H{width / 2 + 18:g}", palette.input, 2.2)
    sheet.parts.append(f'<path d="M{width / 2 + 11:g} {joint:g}l7 -4v8z" fill="{palette.input}"/>')
    sheet.text(side - 6, joint - 10, sheet.words["shortcut"], palette.input, anchor="end")
    sheet.joint(width / 2, joint, "+", palette.input)
    top = sheet.strip(
        0, sheet.arrow(width / 2, joint + 11), trace.child("activation").given, _tones(sheet, trace.given)
    )
    top = sheet.arrow(width / 2, sheet.box(width / 2, sheet.arrow(width / 2, top), ["ReLU"], 150))
    end = sheet.strip(0, top, trace.output, _tones(sheet, trace.output, palette.output), sheet.mark.index)
    return side + 4, end


def _gates(sheet: Sheet, trace: Trace, rescale: Trace, top: float) -> float:
    """Squeeze: a mean a map. Excitation: a number between 0 and 1 a map, as a bar. Then each map times its own."""
    palette, width, middle = sheet.palette, _width(rescale.given), _width(rescale.given) / 2
    top = sheet.arrow(middle, top)
    top = sheet.box(
        middle, top, [sheet.words["squeeze"], sheet.words["excite"]], width - 20, palette.changed, palette.changed_soft
    )
    for index, gate in enumerate(gates(trace)):
        x = (index + 0.5) * CELL
        sheet.parts.append(
            f'<rect x="{x - 18:g}" y="{top + 8:g}" width="36" height="8" fill="{palette.line}"/>'
            f'<rect x="{x - 18:g}" y="{top + 8:g}" width="{36 * gate:.1f}" height="8" fill="{palette.changed}"/>'
        )
        sheet.text(x, top + 27, f"× {gate:.2f}", palette.changed)
    top = sheet.arrow(middle, top + 38)
    return sheet.strip(0, top, rescale.output, _tones(sheet, rescale.output, palette.changed))


def _branches(sheet: Sheet, trace: Trace) -> tuple[float, float]:
    """Branches side by side; their maps are laid one beside the other."""
    palette, columns = (
        sheet.palette,
        [max([112.0, *(_width(layer.output) for layer in branch.inside)]) for branch in trace.inside],
    )
    total = sum(columns) + GAP * (len(columns) - 1)
    left = (total - _width(trace.given)) / 2
    sheet.text(left, 8, f"{sheet.words['input']} x", palette.input, anchor="start")
    start = sheet.strip(left, 18, trace.given, _tones(sheet, trace.given, palette.input))
    tops, bar, tones = [], start + 12, (palette.kernel, palette.input, palette.changed, palette.output)
    sheet.line(f"M{total / 2:g} {start:g}V{bar:g}M{columns[0] / 2:g} {bar:g}H{total - columns[-1] / 2:g}")
    lefts = [sum(columns[:number]) + GAP * number for number in range(len(columns))]
    for branch, at, width in zip(trace.inside, lefts, columns, strict=True):
        tops.append(_chain(sheet, at, bar, branch.inside, width))
    bottom = max(tops) + 34
    used, x = [], left
    for number, branch in enumerate(trace.inside):
        middle, into = lefts[number] + columns[number] / 2, x + _width(branch.output) / 2
        sheet.line(f"M{middle:g} {tops[number]:g}V{bottom - 26:g}L{into:g} {bottom - 2:g}", tones[number], 2)
        used += [tones[number]] * len(branch.output)
        x += _width(branch.output)
    end = sheet.strip(left, bottom, trace.output, used, sheet.mark.index)
    sheet.text(total / 2, end + 12, sheet.words["side_by_side"])
    return total, end + 20


def _dense(sheet: Sheet, trace: Trace) -> tuple[float, float]:
    """Every row holds all maps so far; what a layer adds stands at the right end."""
    palette, tones = sheet.palette, (sheet.palette.kernel, sheet.palette.changed, sheet.palette.output)
    top, used = _given(sheet, trace), _tones(sheet, trace.given, palette.input)
    maps = trace.given
    for number, layer in enumerate(trace.inside):
        here = _width(maps)
        names = [_name(sheet, each) for each in layer.inside if isinstance(each.node.layer, Conv)]
        lines = [sheet.words["layer"].format(number=number + 1, maps=len(maps)), " → ".join(names)]
        under = sheet.box(here / 2, sheet.arrow(here / 2, top), lines, min(here, 290), tones[number])
        maps, used = np.concatenate([maps, layer.output]), used + [tones[number]] * len(layer.output)
        last = number == len(trace.inside) - 1
        sheet.line(f"M{here / 2 + 145:g} {under - 20:g}H{here + CELL:g}V{under + EDGE - 4:g}", tones[number], 2)
        sheet.line(f"M20 {top:g}V{under + EDGE - 2:g}", palette.input, 1.6, dashed=True)
        top = sheet.strip(0, under + EDGE, maps, used, sheet.mark.index if last else None)
    sheet.text(0, top + 12, sheet.words["copied"], anchor="start")
    return _width(maps), top + 20
