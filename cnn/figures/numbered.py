"""A small grid of numbers as SVG, for questions: as the stage looks, but at rest."""

from collections.abc import Collection, Sequence

import numpy as np

from cnn.figures import svg
from cnn.figures.theme import Palette

CELL = 34


def numbered(
    values: Sequence[Sequence[float]], soft: str, palette: Palette, marked: Collection[tuple[int, int]] = ()
) -> str:
    """The grid; marked cells have a thick frame in the colour of what changed.

    Shapes: values (rows, columns)
    """
    grid = np.asarray(values, float)
    parts = svg.cells(grid, soft, palette, CELL)
    for (row, column), value in np.ndenumerate(grid):
        x, y = (column + 0.5) * CELL, (row + 0.5) * CELL
        parts.append(
            f'<text x="{x:g}" y="{y:g}" fill="{palette.ink}" font-size="14" font-weight="600" '
            f'font-family="sans-serif" text-anchor="middle" dominant-baseline="central">{_written(value)}</text>'
        )
    parts += [
        f'<rect x="{column * CELL + 2}" y="{row * CELL + 2}" width="{CELL - 4}" height="{CELL - 4}" rx="4" fill="none" '
        f'stroke="{palette.changed}" stroke-width="3"/>'
        for row, column in marked
    ]
    return svg.document(grid.shape[1] * CELL, grid.shape[0] * CELL, parts)


def _written(value: float) -> str:
    return f"{value:g}".replace("-", "−")
