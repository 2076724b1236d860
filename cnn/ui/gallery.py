"""Pictures side by side with what they are called; as many abreast as the screen has room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Exhibit:
    """One picture. `source` is an image's address, `described` what it says to those who do not see it."""

    source: str
    name: str
    described: str = ""
    notes: Sequence[str] = ()
    share: float | None = None  # of a whole, as a bar under the picture


def gallery(exhibits: Sequence[Exhibit], width: int = 0) -> str:
    """The pictures as HTML for `st.html`: in their own size, or all equally wide and at least `width` pixels."""
    if width:
        layout = f"display:grid;grid-template-columns:repeat(auto-fill,minmax(min({width}px,46%),1fr));gap:0.8rem"
        picture = "width:100%;border-radius:4px;display:block"
    else:
        layout, picture = "display:flex;flex-wrap:wrap;gap:0.8rem 1.4rem;align-items:flex-end", "max-width:100%"
    return f'<div style="{layout}">{"".join(_figure(exhibit, picture) for exhibit in exhibits)}</div>'


def _figure(exhibit: Exhibit, picture: str) -> str:
    bar = "" if exhibit.share is None else _bar(exhibit.share)
    notes = "".join(f'<div style="font-size:.8rem;opacity:.8">{escape(note)}</div>' for note in exhibit.notes)
    return (
        '<figure style="margin:0;min-width:0">'
        f'<figcaption style="font-size:.85rem;font-weight:600;margin-bottom:.25rem">{escape(exhibit.name)}</figcaption>'
        f'<img src="{exhibit.source}" alt="{escape(exhibit.described or exhibit.name)}" style="{picture}">'
        f"{bar}{notes}</figure>"
    )


def _bar(share: float) -> str:
    return (
        '<div style="height:5px;margin:.35rem 0 .2rem;border-radius:3px;background:rgba(128,128,128,.25)">'
        f'<div style="height:5px;border-radius:3px;width:{max(share, 0.01):.1%};background:#4aa8e0"></div></div>'
    )
