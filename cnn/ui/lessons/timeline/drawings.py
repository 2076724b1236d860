"""A drawing on the page: in its own size, smaller where room is short, and to be scrolled rather than too small."""

from html import escape

from cnn.ui.gallery import drawn

LEAST = 0.8  # of its own size, below which letters could no longer be read


def figure(drawing: str, name: str, described: str) -> str:
    """An SVG as HTML for `st.html`, with its name above it; `described` is for those who do not see it."""
    exhibit = drawn(drawing, name, described)
    width, height = exhibit.size
    caption = f'<figcaption style="font-weight:600;margin-bottom:.6rem">{escape(name)}</figcaption>' if name else ""
    return (
        f'<figure style="margin:0;max-width:100%">{caption}<div style="overflow-x:auto" tabindex="0">'
        f'<img src="{exhibit.source}" alt="{escape(described)}" width="{width:g}" height="{height:g}" '
        f'style="max-width:100%;min-width:{LEAST * width:g}px;height:auto;display:block"></div></figure>'
    )
