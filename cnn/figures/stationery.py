"""An envelope and a cheque, as SVG: what a line of digits is written on. Both leave a field free for it."""

from dataclasses import dataclass

from cnn.figures import svg
from cnn.figures.axes import words
from cnn.figures.theme import Palette

SIDE, FOOT = 10, 12  # paper beside the field and below it


@dataclass(frozen=True)
class Sheet:
    """A drawing, and the corner of the field that it leaves free; in pixels of the field's ink."""

    drawing: str
    width: float
    height: float
    left: float
    top: float


def envelope(field: tuple[int, int], name: str, palette: Palette) -> Sheet:
    """Sender, stamp, postmark, three lines of an address, and below them the field with its name. field: (h, w)"""
    height, width = field
    top = 118
    sheet = (width + 2 * SIDE, top + height + FOOT)
    right = sheet[0] - 16
    parts = [
        _paper(*sheet, palette),
        *(_line(16, y, length, palette.line, 3) for y, length in ((20, 70), (30, 54), (40, 62))),
        *_stamp(right - 44, 14, palette),
        *_postmark(right - 62, 46, palette),
        *(_line(118, y, length, palette.padding, 4) for y, length in ((68, 104), (82, 128), (96, 86))),
        words(SIDE + 2, top - 8, name, palette.faint, 8.5, "start"),
    ]
    return Sheet(svg.document(*sheet, parts), *sheet, SIDE, top)


def cheque(field: tuple[int, int], name: str, currency: str, palette: Palette) -> Sheet:
    """Bank, date, payee, signature, and the field for the amount with its name. field: (h, w)"""
    height, width = field
    top = 92
    sheet = (width + 2 * SIDE, top + height + 34)
    right, foot = sheet[0] - 16, top + height + 22
    parts = [
        _paper(*sheet, palette),
        _guilloche(sheet[0], palette),
        f'<circle cx="26" cy="26" r="10" fill="none" stroke="{palette.input}" stroke-width="2"/>',
        f'<path d="M20 28q6 -12 12 0z" fill="{palette.input_soft}"/>',
        *(_line(44, y, length, palette.line, 3) for y, length in ((21, 66), (31, 44))),
        _rule(right - 70, 32, 70, palette),
        _rule(16, 62, sheet[0] - 32, palette),
        _line(18, 56, 120, palette.padding, 4),
        words(SIDE + 2, top - 8, f"{name} ({currency})", palette.faint, 8.5, "start"),
        _rule(right - 110, foot, 110, palette),
        _signature(right - 84, foot - 3, palette),
    ]
    return Sheet(svg.document(*sheet, parts), *sheet, SIDE, top)


def _paper(width: float, height: float, palette: Palette) -> str:
    return (
        f'<rect x="0.75" y="0.75" width="{width - 1.5:g}" height="{height - 1.5:g}" rx="5" fill="{palette.cell}" '
        f'stroke="{palette.line}" stroke-width="1.5"/>'
    )


def _line(x: float, y: float, length: float, colour: str, thick: float) -> str:
    """Print that is too small to be read."""
    return f'<path d="M{x:g} {y:g}h{length:g}" stroke="{colour}" stroke-width="{thick:g}" stroke-linecap="round"/>'


def _rule(x: float, y: float, length: float, palette: Palette) -> str:
    return f'<path d="M{x:g} {y:g}h{length:g}" stroke="{palette.padding}" stroke-width="0.8"/>'


def _stamp(left: float, top: float, palette: Palette) -> list[str]:
    """A drop over a puddle, in a perforated frame of 44 x 52."""
    return [
        f'<rect x="{left:g}" y="{top:g}" width="44" height="52" fill="{palette.input_soft}" stroke="{palette.cell}" '
        'stroke-width="3" stroke-dasharray="0 5" stroke-linecap="round"/>',
        f'<path d="M{left + 22:g} {top + 10:g}q9 12 0 17q-9 -5 0 -17z" fill="{palette.input}"/>',
        f'<ellipse cx="{left + 22:g}" cy="{top + 37:g}" rx="14" ry="4.5" fill="none" stroke="{palette.input}" '
        'stroke-width="2"/>',
        f'<ellipse cx="{left + 22:g}" cy="{top + 37:g}" rx="6" ry="2" fill="{palette.input}"/>',
    ]


def _postmark(x: float, y: float, palette: Palette) -> list[str]:
    """Two rings around (x, y), and the waves that go over the stamp."""
    rings = [
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius}" fill="none" stroke="{palette.faint}" stroke-width="1.3"/>'
        for radius in (18, 13)
    ]
    waves = "".join(f"M{x + 20:g} {y + shift:g}q6 -5 12 0t12 0t12 0t12 0" for shift in (-9, -3, 3, 9))
    return [*rings, f'<path d="{waves}" fill="none" stroke="{palette.faint}" stroke-width="1.1"/>']


def _guilloche(width: float, palette: Palette) -> str:
    """The waves that are printed on cheques."""
    waves = "".join(f"M6 {76 + shift:g}" + "q8 -6 16 0t16 0" * int((width - 12) // 32) for shift in (0, 2.5, 5))
    return f'<path d="{waves}" fill="none" stroke="{palette.line}" stroke-width="0.6"/>'


def _signature(x: float, y: float, palette: Palette) -> str:
    return (
        f'<path d="M{x:g} {y:g}c6 -18 12 -18 8 0c6 -12 12 -10 10 0c4 -8 10 -8 10 0c6 -14 14 -14 6 0c8 -6 12 -4 20 -2" '
        f'fill="none" stroke="{palette.faint}" stroke-width="1.4" stroke-linecap="round"/>'
    )
