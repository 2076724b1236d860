"""A layer's kernels as a table of pictures, whose columns can be picked."""

from collections.abc import Callable, Sequence

from cnn.figures.grey import encoded, grey
from cnn.lenet.kernel_table import KernelTable
from cnn.ui.components import colours, register, reported

_mount = register("kernel_table")
WIDE_KERNEL = 6  # columns of a kernel from which its picture needs more room


def kernel_table(
    table: KernelTable,
    layer: str,
    below: Sequence[str],
    chosen: int,
    labels: dict[str, str],
    key: str,
    on_pick: Callable[[int], None],
) -> None:
    """Show a table; a press on a column (or the arrow keys) calls `on_pick` with its number.

    below: what each row is called. chosen: the column that is marked. labels: the table "kernel_table".
    """

    def picked() -> None:
        column = reported(key, "pick")
        if type(column) is int and column in table.columns:
            on_pick(column)

    data = {
        "colours": colours(),
        "labels": labels,
        "layer": layer,
        "below": list(below),
        "columns": table.columns,
        "chosen": chosen,
        "reads": table.reads.tolist(),
        "size": table.kernels.shape[2:],
        "wide": table.kernels.shape[3] >= WIDE_KERNEL,
        "pixels": encoded(grey(table.kernels, signed=True)),
    }
    _mount(data=data, key=key, on_pick_change=picked)
