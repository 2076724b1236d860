"""The network opened up for the learner's digit: every map, and every unit's window, products and sum."""

from functools import lru_cache
from math import prod

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn.architecture import Architecture
from cnn.architectures import ARCHITECTURES
from cnn.architectures.lenet import LENET5
from cnn.lenet import dissection, program, unit_stage
from cnn.lenet.dissection import INPUT, Activity, Unit
from cnn.stage import Stage
from cnn.ui import cards, controls, digit, state
from cnn.ui.components.network_maps import network_maps
from cnn.ui.components.sliding_window import Captions, sliding_window
from cnn.ui.frame import Page
from cnn.ui.shapes import shape_text

NETWORKS = {"today": "lenet5_modern", "as_1998": "lenet5"}
FIRST = "C3,3,4,5"  # the unit that is looked at when the lesson opens
LONGEST = 24  # characters of a unit in the address

# What the formula of a layer is: by the layer's kind, and by the kind of the activation behind it.
KINDS = {"radial_basis": "distance", "max_pooling": "max", "sub_sampling": "subsampling"}
SQUASHED = {"scaled_tanh": "tanh", "relu": "relu"}


@st.fragment
def opened(page: Page) -> None:
    """Draw a digit, and look at what each layer makes of it."""
    side, board = st.columns([1, 2.7], gap="large")
    with side:
        architecture = ARCHITECTURES[NETWORKS[controls.choice(page, "network", tuple(NETWORKS), "today")]]
        image = digit.digit(page)
    formula, code = cards.places(page)
    with board:
        _network(page, architecture, image, formula, code)


@st.fragment
def _network(
    page: Page, architecture: Architecture, image: digit.Digit, formula: DeltaGenerator, code: DeltaGenerator
) -> None:
    """What runs again when a unit is picked."""
    found, unit = _activities(architecture.key, image.tobytes()), _unit(architecture)

    def pick(picked: Unit) -> None:
        if dissection.legal(architecture, picked):
            state.set_choice("lenet.unit", _written(picked), FIRST)

    shares = dissection.probabilities(found[-1].values).tolist()
    network_maps(architecture, found, shares, unit, page.labels("network_maps"), "lenet.maps", pick)
    shown = unit_stage.unit_stage(architecture, found, unit)
    _stage(page, architecture, unit, shown)
    with formula:
        _formula(page, architecture, found, unit, shown)
    cards.show_code(code, program.program(architecture.key, image, unit))
    page.note_address()


@lru_cache(maxsize=32)
def _activities(key: str, ink: bytes) -> tuple[Activity, ...]:
    return dissection.activities(ARCHITECTURES[key], np.frombuffer(ink, np.uint8).reshape(28, 28))


def _written(unit: Unit) -> str:
    return f"{unit.layer},{unit.map},{unit.row},{unit.column}"


def _unit(architecture: Architecture) -> Unit:
    """The unit looked at: this session's, else the address's; nonsense is the first."""
    asked = str(st.session_state.get("lenet.unit") or st.query_params.get("lenet.unit", FIRST))
    unit = _read(asked) if len(asked) <= LONGEST else None
    chosen = unit if unit and dissection.legal(architecture, unit) else _read(FIRST)
    assert chosen is not None
    state.set_choice("lenet.unit", _written(chosen), FIRST)
    return chosen


def _read(text: str) -> Unit | None:
    layer, *numbers = text.split(",")
    if len(numbers) != 3 or not all(number.isascii() and number.isdigit() for number in numbers):
        return None
    return Unit(layer, *map(int, numbers))


# ---------------------------------------------------------------------------------------------------------- the unit


def _name(unit: Unit, units: bool) -> str:
    """ "C3[3] (4, 5)", or "F6[3]" where units stand in a row."""
    return f"{unit.layer}[{unit.map}]" if units else f"{unit.layer}[{unit.map}] ({unit.row}, {unit.column})"


def _stage(page: Page, architecture: Architecture, unit: Unit, shown: unit_stage.UnitStage) -> None:
    """The unit's window with products and sum; of several maps that it reads, one at a time."""
    seen = dissection.trace(architecture, unit)
    steps = [_step(page, architecture, each) for each in seen[1:]]
    st.markdown(f"##### {_name(unit, _in_a_row(architecture, unit.layer))}")
    st.caption(" ← ".join(steps))
    below = seen[1].layer
    if len(shown.maps) > 1:
        shown = unit_stage.share_of(shown, _channel(page, below, shown))
    names = [f"{below}[{map_}]" for map_ in shown.maps] or [below]
    labels = page.labels("stage")
    if "distance" in shown.stage.combine:
        labels = {**labels, "kernel": page.label("network_maps.code"), "products": page.label("network_maps.squares")}
    captions = Captions(
        inputs=names if below != INPUT else [page.label("stage.input")],
        outputs=[f"{unit.layer}[{unit.map}]"],
        input_shape=shape_text(shown.stage.inputs.shape[1:]),
        kernel_shape=_kernel_shape(shown.stage),
        output_shape=shape_text(shown.stage.outputs.shape[1:]) if shown.stage.outputs.size > 1 else "",
    )
    key = f"lenet.unit_stage.{architecture.key}.{_written(unit)}.{shown.maps}"
    sliding_window(shown.stage, captions, labels, key, start=shown.start, origin=shown.first)


def _kernel_shape(shown: Stage) -> str:
    kernel = shown.kernels[0][0] if shown.kernels else None
    return "" if kernel is None else shape_text(kernel.shape)


def _in_a_row(architecture: Architecture, label: str) -> bool:
    """Whether a layer's units stand in a row, without rows and columns; 1998's C5 has maps of one pixel."""
    return label != INPUT and prod(dissection.layer_row(architecture, label).shape[1:]) == 1


def _step(page: Page, architecture: Architecture, seen: dissection.Seen) -> str:
    if _in_a_row(architecture, seen.layer):
        return page.label("network_maps.step_units", layer=seen.layer, units=len(seen.maps))
    rows, columns = _span(seen.rows), _span(seen.columns)
    if len(seen.maps) == 1:
        return page.label("network_maps.step_one", layer=seen.layer, map=seen.maps[0], rows=rows, columns=columns)
    return page.label("network_maps.step", layer=seen.layer, maps=len(seen.maps), rows=rows, columns=columns)


def _span(span: tuple[int, int]) -> str:
    return f"{span[0]}–{span[1] - 1}" if span[1] - span[0] > 1 else str(span[0])


def _channel(page: Page, below: str, shown: unit_stage.UnitStage) -> int:
    """Which of the maps below is on the stage; the one that gives most, until another is chosen."""
    sums = np.array(shown.stage.sums[0][shown.start[0] * len(shown.stage.columns) + shown.start[1]])
    names = [str(map_) for map_ in shown.maps]
    chosen = state.choice("lenet.map", names, names[int(np.abs(sums).argmax())])
    widget = "lenet.map.widget"
    st.session_state[widget] = chosen
    gives = {name: f"{below}[{name}] {value:+.2f}".replace("-", "−") for name, value in zip(names, sums, strict=True)}
    st.pills(
        page.label("network_maps.gives"),
        names,
        format_func=gives.__getitem__,
        key=widget,
        required=True,
        on_change=lambda: state.set_choice("lenet.map", st.session_state[widget], ""),
    )
    return names.index(chosen)


# --------------------------------------------------------------------------------------------------------- the cards


def _formula(
    page: Page, architecture: Architecture, found: tuple[Activity, ...], unit: Unit, shown: unit_stage.UnitStage
) -> None:
    activity = next(each for each in found if each.label == unit.layer)
    place = (unit.map, unit.row, unit.column)
    total, value = (float(dissection.as_maps(values)[place]) for values in (activity.sums, activity.values))
    row = dissection.layer_row(architecture, unit.layer)
    kind = KINDS.get(row.kind, "sum")
    cell = shown.start[0] * len(shown.stage.columns) + shown.start[1]
    maps = [] if kind == "max" else [sum(channel) for channel in shown.stage.products[0][cell]]
    page.text(
        "unit_formula",
        kind=kind,
        layer=unit.layer,
        shape=row.shape,
        products=0 if kind == "max" else sum(map(len, shown.stage.products[0][cell])),
        maps=len(maps),
        weighted=f"{sum(maps):.3f}",
        bias=f"{shown.stage.bias[0]:.3f}" if kind != "max" else "",
        total=f"{total:.3f}",
        value=f"{value:.3f}",
        squashed=next((SQUASHED[node.kind] for node in row.nodes if node.kind in SQUASHED), "none"),
        best=int(found[-1].values.argmax()),
        share=f"{dissection.probabilities(found[-1].values).max():.1%}".replace("%", "\\%"),
        year_1998=architecture.key == LENET5.key,
    )
