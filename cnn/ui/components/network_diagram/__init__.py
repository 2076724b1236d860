"""A network's diagram that opens: a press on a box with a plus shows what is inside; the way back stands above."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from cnn.ui.components import colours, register, reported

_mount = register("network_diagram")


@dataclass(frozen=True)
class Crumb:
    """A step of the way from the whole network to what is shown."""

    path: str  # dotted; empty for the whole network
    name: str


def network_diagram(
    drawing: str, way: Sequence[Crumb], labels: Mapping[str, str], key: str, on_open: Callable[[str], None]
) -> None:
    """Show an SVG whose boxes with `data-path` can be pressed; `on_open` gets the path of the box, or of a crumb.

    labels: diagram (what it says to those who do not see it) and inside.
    """

    def opened() -> None:
        path = reported(key, "open")
        if isinstance(path, str):
            on_open(path)

    data = {"colours": colours(), "drawing": drawing, "way": [asdict(crumb) for crumb in way], "labels": dict(labels)}
    _mount(data=data, key=key, on_open_change=opened)
