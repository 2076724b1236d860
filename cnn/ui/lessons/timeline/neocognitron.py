"""The Neocognitron, running: it learns five shapes without a teacher, and answers while a shape is dragged."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnn import retina
from cnn.figures import svg, theme
from cnn.neocognitron import C_LAYERS, S_LAYERS, Neocognitron, Seed, Stage
from cnn.neocognitron_program import program
from cnn.neocognitron_record import Record, gain, worked
from cnn.neocognitron_score import winner
from cnn.retina import Image, Warp
from cnn.ui import cards, controls, state
from cnn.ui.components.draw_pad import draw_pad
from cnn.ui.components.neocognitron import Answer, Board, Layer, Mark
from cnn.ui.components.neocognitron import neocognitron as board
from cnn.ui.components.picture_buttons import Picture, picture_buttons
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline import neocognitron_state as chosen

STAGE = "timeline.neocognitron"  # the fragment's name: the board asks for a rerun of it
PRESSED = "timeline.neocognitron.pressed"
OTHER_SHAPE = "timeline.neocognitron.other"  # the board took another shape than the one chosen beside it
MOST_SEEDS = 99


@st.fragment(key=STAGE)
def neocognitron(page: Page) -> None:
    """Planes, seeds and answers; beside them what is learned from."""
    left, side = st.columns([2.3, 1], gap="large")
    with side:
        learned, seed = _learning(page)
        _shapes(page)
    formula, code = _places(page)
    with left:
        _board(page, learned, seed, formula, code)


def _places(page: Page) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where formula and code go: both follow the shape on the board, which is a fragment of its own."""
    places = []
    for column, name in zip(st.columns(2, gap="medium"), ("formula", "code"), strict=True):
        with column, cards.card(page, name):
            places.append(st.container())
    return places[0], places[1]


# ----------------------------------------------------------------------------------------------------------- controls


def _learning(page: Page) -> tuple[Record | None, int]:
    """The button that learns, and the random start."""
    button, bar = st.container(), st.container()
    seed = controls.slider(page, "neocognitron_seed", 0, MOST_SEEDS, 0)
    learned = chosen.record(seed)
    with bar:
        if learned is None and (st.session_state.pop(PRESSED, False) or chosen.is_asked()):
            words = page.label("neocognitron.learning")
            progress = st.progress(0.0, words)
            learned = chosen.learn(seed, lambda share: progress.progress(share, words))  # type: ignore[arg-type]
            progress.empty()
    with button:
        st.button(
            page.label("neocognitron.learn"),
            icon=":material/school:",
            key="timeline.neocognitron.learn",
            disabled=learned is not None,
            on_click=lambda: st.session_state.update({PRESSED: True}),
            width="stretch",
        )
    if learned:
        chosen.set_step(chosen.step(learned))
    return learned, seed


def _shapes(page: Page) -> None:
    """The five shapes, one to a class; the chosen one lies on the retina and can be drawn anew."""
    shapes, index = chosen.shapes(), chosen.shape()
    palette = theme.palette(st.context.theme.type)
    pictures = [Picture(str(at), str(at + 1), _thumbnail(image, palette)) for at, image in enumerate(shapes)]
    st.markdown(f"**{page.label('neocognitron.shapes')}**")
    picture_buttons(pictures, str(index), page.label("neocognitron.shapes"), "timeline.neocognitron.pick", _pick)
    version = st.session_state.get(_version(index), 0)
    paper = retina.to_ink(shapes[index])
    draw_pad(
        paper, f"{index}.{version}", page.labels("draw_pad"), "timeline.neocognitron.pad", partial(_draw, index), 0.055
    )
    st.button(
        page.label("neocognitron.as_given"),
        icon=":material/restart_alt:",
        key="timeline.neocognitron.as_given",
        disabled=not chosen.is_drawn(index),
        on_click=_as_given,
        args=(index,),
    )


def _thumbnail(image: Image, palette: theme.Palette) -> str:
    """Ink on paper, as an image's address."""
    paper, ink = (np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) for colour in (palette.cell, palette.ink))
    large = np.kron(image[2:-2, 2:-2], np.ones((4, 4)))[..., None] > 0.5
    return svg.png_url(np.where(large, ink, paper))


def _pick(key: str) -> None:
    chosen.set_shape(int(key))
    chosen.set_warp(Warp())
    state.set_choice(chosen.PICTURE, "my_picture", chosen.PICTURES[0])


def _draw(index: int, ink: NDArray[np.uint8]) -> None:
    chosen.draw(index, retina.from_ink(ink))
    _pick(str(index))


def _as_given(index: int) -> None:
    chosen.draw(index, None)
    st.session_state[_version(index)] = st.session_state.get(_version(index), 0) + 1


def _version(index: int) -> str:
    return f"timeline.neocognitron.version.{index}"


# -------------------------------------------------------------------------------------------------------------- board


@dataclass(frozen=True)
class View:
    """What the board shows: a network with a picture before it, and the cells that it has chosen to learn."""

    network: Neocognitron
    step: int  # presentations that the network has seen
    pattern: int
    warp: Warp
    picture: Image
    stages: tuple[Stage, ...]
    seeds: tuple[list[Seed], ...]  # empty where the picture is the learner's

    @property
    def winner(self) -> int:
        """The largest last cell; -1 where all are silent."""
        return winner(self.stages[-1].c[:, 0, 0])


def _view(learned: Record | None, seed: int) -> View:
    """The presentation that the player stands at, or the learner's picture after it."""
    step = chosen.step(learned)
    if learned and step and state.choice(chosen.PICTURE, chosen.PICTURES, chosen.PICTURES[0]) == chosen.PICTURES[0]:
        shown = learned.shown[step - 1]
        network = learned.after(step - 1)
        stages, seeds = learned.presentation(step)
        return View(network, step - 1, shown.pattern, Warp(*shown.shift), shown.image, stages, seeds)
    network = learned.after(step) if learned else Neocognitron(seed)
    pattern, warp = chosen.shape(), chosen.warp()
    picture = chosen.picture(chosen.shapes()[pattern], warp)
    return View(network, step, pattern, warp, picture, network.run(picture), ())


@st.fragment
def _board(page: Page, learned: Record | None, seed: int, formula: DeltaGenerator, code: DeltaGenerator) -> None:
    """What runs again while the shape is dragged, and with each step of the player."""
    if st.session_state.pop(OTHER_SHAPE, False):
        st.rerun(scope=STAGE)
    if learned:
        controls.choice(page, "neocognitron_picture", chosen.PICTURES, chosen.PICTURES[0])
    view = _view(learned, seed)
    board(
        _drawn(page, learned, view),
        page.labels("neocognitron"),
        "timeline.neocognitron.board",
        partial(_warped, view.pattern),
        chosen.set_step,
    )
    with formula:
        _formula(page, view)
    cards.show_code(code, program(chosen.shapes(), seed, view.step, view.picture))
    page.note_address()


def _warped(pattern: int, warp: Warp) -> None:
    """The learner took hold of the shape: it is theirs from now on."""
    if pattern != chosen.shape():
        chosen.set_shape(pattern)
        st.session_state[OTHER_SHAPE] = True
    chosen.set_warp(warp)
    state.set_choice(chosen.PICTURE, "my_picture", chosen.PICTURES[0])


def _drawn(page: Page, learned: Record | None, view: View) -> Board:
    cells = learned.cells(view.step)[1] if learned else (-1,) * len(retina.SHAPES)
    step = chosen.step(learned)
    counted = "presentation" if view.seeds else "after" if learned else "untrained"
    return Board(
        picture=view.picture,
        warp=view.warp,
        layers=_layers(page, view),
        answers=_answers(page, view, cells),
        verdict=_verdict(page, learned, view, cells),
        step=step,
        steps=learned.steps if learned else 0,
        counted=page.label(f"neocognitron.{counted}", step=step, steps=learned.steps if learned else 0),
    )


def _layers(page: Page, view: View) -> list[Layer]:
    """S1, C1, S2 ...; ringed are the seeds, and otherwise the largest last cell with the S-cell that feeds it most."""
    layers = []
    for index, stage in enumerate(view.stages):
        seeds = [Mark(seed.plane, seed.row, seed.column) for seed in view.seeds[index]] if view.seeds else []
        last = index == len(view.stages) - 1 and view.winner >= 0
        if last and not view.seeds:
            row, column = np.unravel_index(stage.s[view.winner].argmax(), stage.s.shape[1:])
            seeds = [Mark(view.winner, int(row), int(column))]
        for kind, planes, marks in (("s", stage.s, seeds), ("c", stage.c, [Mark(view.winner, 0, 0)] if last else [])):
            name = f"{kind.upper()}{index + 1}"
            described = page.label(
                "neocognitron.layer", name=name, planes=len(planes), size=planes.shape[1], marks=len(marks)
            )
            layers.append(Layer(name, kind, planes, marks, described))
    return layers


def _answers(page: Page, view: View, cells: tuple[int, ...]) -> list[Answer]:
    responses = view.stages[-1].c[:, 0, 0]
    return [
        Answer(
            shape,
            page.label("neocognitron.shape", number=index + 1),
            page.label("neocognitron.cell", cell=cell + 1) if cell >= 0 else page.label("neocognitron.no_cell"),
            float(responses[cell]) if cell >= 0 else 0.0,
            cell >= 0 and cell == view.winner,
        )
        for index, (shape, cell) in enumerate(zip(chosen.shapes(), cells, strict=True))
    ]


def _verdict(page: Page, learned: Record | None, view: View, cells: tuple[int, ...]) -> str:
    """Who answers, what it stands for, and how well the shapes are kept apart by now."""
    if learned is None:
        return page.label("neocognitron.nothing_learned")
    if view.winner < 0:
        said = page.label("neocognitron.silent")
    elif view.winner not in cells:
        said = page.label("neocognitron.nobody", cell=view.winner + 1)
    else:
        stands_for = cells.index(view.winner)
        name = "right" if stands_for == view.pattern else "wrong"
        said = page.label(f"neocognitron.{name}", cell=view.winner + 1, shape=stands_for + 1, shown=view.pattern + 1)
    score = page.label(
        "neocognitron.score", score=f"{learned.cells(view.step)[0]:.0%}", before=f"{learned.cells(0)[0]:.0%}"
    )
    return f"{said} {score}"


def _formula(page: Page, view: View) -> None:
    """The sums behind the largest answer, and behind what the largest seed learned."""
    page.text(
        "neocognitron_formula",
        layer=S_LAYERS[-1],
        s_layers=S_LAYERS,
        c_layers=C_LAYERS,
        cell=worked(view.network, view.stages),
        gain=gain(view.stages, view.seeds) if view.seeds else None,
    )
