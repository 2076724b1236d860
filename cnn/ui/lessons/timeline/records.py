"""What was published, in words: each number with what it is about and where it stands."""

from html import escape

from cnn.architectures import ARCHITECTURES
from cnn.timeline import history
from cnn.timeline.history import Record
from cnn.ui.frame import Page

LINE = "border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)"
CELL = "padding:.3rem .6rem .3rem 0;border:0;text-align:start;vertical-align:top"


def records(page: Page, stop: history.Stop) -> str:
    """All of a stop's records as a table."""
    head = "".join(f'<th style="{CELL}">{page.label(f"record.{name}")}</th>' for name in ("what", "value", "source"))
    body = "".join(
        f'<tr style="{LINE}"><td style="{CELL}">{escape(about(page, record))}</td>'
        f'<td style="{CELL};white-space:nowrap;font-variant-numeric:tabular-nums">{escape(record.written)}</td>'
        f'<td style="{CELL}">{escape(source(page, record))}</td></tr>'
        for record in stop.published
    )
    return (
        '<div style="overflow-x:auto" tabindex="0"><table style="border-collapse:collapse;font-size:.85rem;width:100%">'
        f'<thead><tr style="{LINE}">{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def about(page: Page, record: Record) -> str:
    """What a number is about: "top-5 error · ResNet-50 · one network · validation set · 1 crop"."""
    words = [page.label(f"quantities.{record.quantity}")]
    if record.network:
        words.append(ARCHITECTURES[record.network].name)
    if record.of:
        words.append(page.label(f"record.of_{record.of}"))
    if record.layers:
        words.append(page.label("record.layers", number=record.layers))
    if record.members:
        one = page.label("record.one")
        words.append(one if record.members == 1 else page.label("record.ensemble", number=record.members))
    if record.on:
        words.append(page.label(f"record.on_{record.on}"))
    if record.views:
        ensemble = record.views == "ensemble"
        words.append(page.label("record.team_ensemble") if ensemble else page.label(f"record.views_{record.views}"))
    return " · ".join(words)


def source(page: Page, record: Record) -> str:
    """Where it stands, and how it was checked."""
    return f"{record.citation} ({page.label(f'record.{record.grade}')})"
