"""Tables of networks in numbers, as HTML: a family's on its card, and those of networks that are compared."""

from collections.abc import Iterable, Sequence
from html import escape

from cnn.architecture import Architecture
from cnn.architectures import ARCHITECTURES
from cnn.timeline import history
from cnn.ui.frame import Page

COLUMNS = ("parameters", "macs", "depth", "receptive_field")
ROW = "border-bottom:1px solid color-mix(in srgb,currentColor 14%,transparent)"
CELL = "padding:.34rem .5rem;border:0;text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap"


def family(page: Page, stop: history.Stop, chosen: str) -> str:
    """The networks of a stop; the chosen one in bold."""
    head = ["", *(page.label(f"measures.{column}") for column in COLUMNS)]
    body = [
        [ARCHITECTURES[key].name, *(short(ARCHITECTURES[key], column) for column in COLUMNS)] for key in stop.networks
    ]
    return table(head, body, bold=stop.networks.index(chosen))


def compared(page: Page, keys: Sequence[str]) -> str:
    """Networks abreast, a measure in each row; an error says on hover where it stands."""
    rows: list[list[str]] = []
    for measure in ("year", *COLUMNS):
        values = [short(ARCHITECTURES[key], measure) if key in ARCHITECTURES else "–" for key in keys]
        rows.append([page.label(f"measures.{measure}"), *values])
    for measure, find in ERRORS.items():
        found = [find(key) if key in ARCHITECTURES else None for key in keys]
        rows.append([page.label(f"measures.{measure}"), *(_error(record) for record in found)])
    names = [ARCHITECTURES[key].name if key in ARCHITECTURES else page.label(f"stops.{key}") for key in keys]
    return table(["", *names], rows)


ERRORS = {"published_error": history.single_network_error, "torchvision_error": history.torchvision_error}


def _error(record: history.Record | None) -> str:
    return f"{record.error:g} %" if record else "–"


def short(network: Architecture, measure: str) -> str:
    """A measure in few digits: 25.6 M, 4.09 G, 50."""
    value = getattr(network, measure)
    return shortened(value) if measure in ("parameters", "macs") else str(value)


def shortened(value: int) -> str:
    """A count in three digits: 25.6 M, 4.09 G."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:.{3 - len(str(value // int(size)))}f} {unit}"
    return str(value)


def table(head: Sequence[str], body: Iterable[Sequence[str]], bold: int = -1) -> str:
    """A quiet table: numbers to the right, names to the left, thin lines."""
    first = CELL.replace("end", "start", 1)

    def row(cells: Sequence[str], tag: str, weight: str) -> str:
        inside = "".join(
            f'<{tag} style="{CELL if column else first};font-weight:{weight}">{escape(cell)}</{tag}>'
            for column, cell in enumerate(cells)
        )
        return f'<tr style="{ROW}">{inside}</tr>'

    rows = [row(cells, "td", "700" if index == bold else "400") for index, cells in enumerate(body)]
    return (
        '<div style="overflow-x:auto" tabindex="0"><table style="width:100%;border-collapse:collapse;font-size:.9rem">'
        f"<thead>{row(head, 'th', '600')}</thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
