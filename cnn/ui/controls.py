"""The controls of a lesson. Each returns its value; ranges are legal ones only, and follow one another.

A control's key is its name in the address (`<lesson>.<field>`) and stays through changes of section and page.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from cnn.ui import state
from cnn.ui.components import panel as component
from cnn.ui.components.sliding_window import Action
from cnn.ui.frame import Page
from cnn.ui.state import Number


class Panel:
    """Controls that stand together; each is known at once, and all are drawn in the end."""

    def __init__(self, page: Page):
        self.page = page
        self._controls: list[component.Control] = []
        self._moves: dict[str, Callable[..., None]] = {}

    def slider(
        self,
        field: str,
        low: Number,
        high: Number,
        default: Number,
        on_change: Callable[[], None] | None = None,
        *,
        step: Number = 1,
        half: bool = False,
    ) -> Number:
        """A number from `low` to `high`. When the range shrinks below the value, the value follows."""
        key, default = f"{self.page.key}.{field}", min(max(default, low), high)
        value = state.number(key, low, high, default)

        def move(value: Number) -> None:
            state.set_number(key, type(default)(value), default)
            if on_change:
                on_change()

        self._add(component.Slider(key, self.page.label(f"controls.{field}"), low, high, value, step, half), move)
        state.set_number(key, value, default)
        return value

    def pair(self, field: str, low: int, high: tuple[int, int], default: tuple[int, int]) -> tuple[int, int]:
        """Two sliders abreast: rows and columns."""
        rows, columns = (
            self.slider(f"{field}_{name}", low, high[axis], default[axis], half=True)
            for axis, name in enumerate(("rows", "columns"))
        )
        return rows, columns

    def choice(
        self, field: str, offered: Sequence[str], default: str, on_change: Callable[[str], None] | None = None
    ) -> str:
        """One of a few options; in the address by its own name, whatever the language."""
        key = f"{self.page.key}.{field}"
        chosen = state.choice(key, offered, default)

        def move(option: str) -> None:
            state.set_choice(key, option, default)
            if on_change:
                on_change(option)

        named = [(option, self.page.label(f"options.{option}")) for option in offered]
        self._add(component.Choice(key, self.page.label(f"controls.{field}"), named, chosen), move)
        state.set_parameter(key, chosen, default)
        return chosen

    def _add(self, control: component.Control, move: Callable[..., None]) -> None:
        self._controls.append(control)
        self._moves[control.key] = move

    def show(self, key: str) -> None:
        """Draw what was asked for."""
        component.panel(self._controls, key, lambda field, value: self._moves[field](value))


@contextmanager
def panel(page: Page, name: str) -> Iterator[Panel]:
    """Controls that stand together, drawn here when all of them have been asked for."""
    together = Panel(page)
    yield together
    together.show(f"{page.key}.{name}.panel")


def slider(
    page: Page,
    field: str,
    low: Number,
    high: Number,
    default: Number,
    on_change: Callable[[], None] | None = None,
    *,
    step: Number = 1,
) -> Number:
    """A slider that stands alone."""
    with panel(page, field) as alone:
        return alone.slider(field, low, high, default, on_change, step=step)


def choice(
    page: Page, field: str, offered: Sequence[str], default: str, on_change: Callable[[str], None] | None = None
) -> str:
    """A choice that stands alone."""
    with panel(page, field) as alone:
        return alone.choice(field, offered, default, on_change)


def undo_and_reset(page: Page, grids: Sequence[state.EditableGrid]) -> tuple[Action, Action]:
    """Two buttons under a stage: take the last edit of these grids back, or all of them."""

    def undo() -> None:
        latest = max((grid for grid in grids if grid.past), key=lambda grid: grid.edited_at, default=None)
        if latest:
            latest.undo()

    def reset() -> None:
        for grid in grids:
            if grid.edited is not None:
                grid.replace(None)

    return (
        Action("undo", page.label("controls.undo"), any(grid.past for grid in grids), undo),
        Action("reset", page.label("controls.reset"), any(grid.edited is not None for grid in grids), reset),
    )
