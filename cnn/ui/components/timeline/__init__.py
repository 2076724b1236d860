"""The line of networks, to be dragged and zoomed: dots that are picked, and the errors of the challenge above."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from cnn.timeline import line
from cnn.ui.components import colours, register, reported

_mount = register("timeline")


def timeline(
    chosen: str,
    compared: Sequence[str],
    names: Mapping[str, str],
    labels: Mapping[str, str],
    key: str,
    on_pick: Callable[[str], None],
    on_compare: Callable[[str], None],
) -> None:
    """Show the line with `chosen` lit up and `compared` ringed; a press, or Enter, calls `on_pick` with a dot's key.

    A press with Shift held, or the key C, calls `on_compare`.
    names: what dots and columns are called, by key; `<key>.about` is what a dot says when it is pointed at.
    """
    keys = {dot.key for column in line.columns() for dot in column.dots}

    def picked() -> None:
        pick = reported(key, "pick")
        if isinstance(pick, str) and pick in keys:
            on_pick(pick)

    def ringed() -> None:
        pick = reported(key, "compare")
        if isinstance(pick, str) and pick in keys:
            on_compare(pick)

    data = {
        "colours": colours(),
        "labels": dict(labels),
        "names": dict(names),
        "columns": [asdict(column) for column in line.columns()],
        "results": [asdict(result) for result in line.results()],
        "ticks": line.ticks(),
        "end": line.place(line.LAST),
        "wide_from": line.place(line.WIDE_FROM),
        "chosen": chosen,
        "compared": list(compared),
    }
    _mount(data=data, key=key, on_pick_change=picked, on_compare_change=ringed)
