"""Pictures side by side with what they are called; as many abreast as the screen has room for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from cnn.figures import svg

ROW = "display:flex;flex-wrap:wrap;gap:0.8rem 1.4rem;align-items:flex-end"


@dataclass(frozen=True)
class Exhibit:
    """One picture. `source` is an image's address, `described` what it says to those who do not see it."""

    source: str
    name: str
    size: tuple[float, float]  # width and height: its place is kept while the browser decodes it, so that nothing jumps
    described: str = ""
    notes: Sequence[str] = ()
    share: float | None = None  # of a whole, as a bar under the picture


def drawn(drawing: str, name: str, described: str = "") -> Exhibit:
    """An SVG as an exhibit, in the size that it says it has."""
    width, height = re.findall(r'(?:width|height)="([\d.]+)"', drawing)[:2]
    return Exhibit(svg.data_url(drawing), name, (float(width), float(height)), described)


def gallery(exhibits: Sequence[Exhibit], width: int = 0, bar: str = "currentColor", abreast: int = 0) -> str:
    """The pictures as HTML for `st.html`: in their own size, or all equally wide and at least `width` pixels.

    bar: the colour of the bars. abreast: so many in each row, on every screen; smaller where their size is too much.
    """
    if width:
        layout = f"display:grid;grid-template-columns:repeat(auto-fit,minmax(min({width}px,46%),1fr));gap:0.8rem"
        picture = "width:100%;height:auto;border-radius:4px;display:block"
    elif abreast:
        layout = f"display:grid;grid-template-columns:repeat({abreast},1fr);gap:0.8rem"
        picture = "max-width:100%;height:auto"
    else:
        layout, picture = ROW, "max-width:100%;height:auto"
    return f'<div style="{layout}">{"".join(_figure(exhibit, picture, bar) for exhibit in exhibits)}</div>'


def row(*galleries: str) -> str:
    """Galleries abreast, where there is room; each stays together."""
    return f'<div style="{ROW}">{"".join(galleries)}</div>'


def _figure(exhibit: Exhibit, picture: str, colour: str) -> str:
    bar = "" if exhibit.share is None else _bar(exhibit.share, colour)
    notes = "".join(f'<div style="font-size:.8rem;opacity:.8">{escape(note)}</div>' for note in exhibit.notes)
    width, height = exhibit.size
    return (
        '<figure style="margin:0;min-width:0">'
        f'<figcaption style="font-size:.85rem;font-weight:600;margin-bottom:.25rem">{escape(exhibit.name)}</figcaption>'
        f'<img src="{exhibit.source}" alt="{escape(exhibit.described or exhibit.name)}" '
        f'width="{width:g}" height="{height:g}" style="{picture}">{bar}{notes}</figure>'
    )


def _bar(share: float, colour: str) -> str:
    track = (
        "height:5px;margin:.35rem 0 .2rem;border-radius:3px;background:color-mix(in srgb,currentColor 15%,transparent)"
    )
    return (
        f'<div style="{track}">'
        f'<div style="height:5px;border-radius:3px;width:{max(share, 0.01):.1%};background:{colour}"></div></div>'
    )
