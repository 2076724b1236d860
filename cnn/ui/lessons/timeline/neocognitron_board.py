"""What the Neocognitron's board shows, and what happens while a shape is dragged on it."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from cnn.neocognitron import retina
from cnn.neocognitron.model import Neocognitron, Seed, Stage
from cnn.neocognitron.record import Record
from cnn.neocognitron.retina import Image, Warp
from cnn.neocognitron.score import winner
from cnn.ui.components.neocognitron import Answer, Board, Layer, Mark, neocognitron
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline import neocognitron_state as chosen


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


def view(learned: Record | None, seed: int) -> View:
    """The presentation that the player stands at, or the learner's picture after it."""
    step = chosen.step(learned)
    if learned and step and not chosen.is_own_picture():
        shown = learned.shown[step - 1]
        network, stages, seeds = learned.presentation(step)
        return View(network, step - 1, shown.pattern, Warp(*shown.shift), shown.image, stages, seeds)
    network = learned.after(step) if learned else Neocognitron(seed)
    pattern, warp = chosen.shape(), chosen.warp()
    picture = chosen.picture(chosen.shapes()[pattern], warp)
    return View(network, step, pattern, warp, picture, network.run(picture), ())


@st.fragment(key=chosen.BOARD)
def show(page: Page, learned: Record | None, seed: int) -> None:
    """The board alone: what runs again and again while the shape is dragged."""
    shown = view(learned, seed)
    neocognitron(
        _drawn(page, learned, shown),
        page.labels("neocognitron"),
        "timeline.neocognitron.board",
        on_drag=partial(_dragged, shown.pattern),
        on_warp=_let_go,
        on_step=_stepped,
    )


def _dragged(pattern: int, warp: Warp) -> None:
    """The pointer moves the shape. When it takes hold, the picture becomes the learner's, and all of the stage runs."""
    chosen.set_warp(warp, held=True)
    if pattern != chosen.shape() or not chosen.is_own_picture():
        chosen.set_shape(pattern)
        chosen.set_own_picture()
        st.rerun(chosen.STAGE)


def _let_go(warp: Warp) -> None:
    chosen.set_warp(warp)
    st.rerun([chosen.BOARD, chosen.CARDS])


def _stepped(step: int) -> None:
    chosen.set_step(step)
    st.rerun([chosen.BOARD, chosen.CARDS])


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
            page.label("neocognitron.shape", name=chosen.SHAPE_NAMES[index]),
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
        shape, shown = chosen.SHAPE_NAMES[stands_for], chosen.SHAPE_NAMES[view.pattern]
        said = page.label(f"neocognitron.{name}", cell=view.winner + 1, shape=shape, shown=shown)
    score = page.label(
        "neocognitron.score", score=f"{learned.cells(view.step)[0]:.0%}", before=f"{learned.cells(0)[0]:.0%}"
    )
    return f"{said} {score}"
