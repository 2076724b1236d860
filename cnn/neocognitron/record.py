"""A Neocognitron's learning, to go back and forth in: the network after each presentation, and what its cells say."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn.neocognitron.model import (
    C_LAYERS,
    PRESENTATIONS,
    S_LAYERS,
    Neocognitron,
    Seed,
    Stage,
    Synapses,
    c_sums,
    chosen,
    learn,
    present,
    reinforce,
)
from cnn.neocognitron.retina import Image
from cnn.neocognitron.score import one_to_one, winner, winners

KEPT = 10  # presentations from one copy of the weights to the next; the ones between are learned once more


@dataclass(frozen=True)
class Shown:
    """One presentation: which pattern, moved how far."""

    pattern: int
    shift: tuple[int, int]
    image: Image


class Record:
    """What a network learned from patterns, presentation by presentation; step 0 is the untrained network."""

    def __init__(self, patterns: Sequence[Image], seed: int, heard: Callable[[float], None] | None = None) -> None:
        """`heard` is told which share is done."""
        self.patterns = tuple(patterns)
        network = Neocognitron(seed)
        self.shown: list[Shown] = []
        self._kept = [deepcopy(network)]
        self._cells: dict[int, tuple[float, tuple[int, ...]]] = {}
        for presentation in learn(network, patterns, seed):
            self.shown.append(Shown(presentation.pattern, presentation.shift, presentation.image))
            if presentation.number % KEPT == 0:
                self._kept.append(deepcopy(network))
                if heard:
                    heard(presentation.number / (PRESENTATIONS * len(patterns)))

    @property
    def steps(self) -> int:
        """How many presentations there were."""
        return len(self.shown)

    def after(self, step: int) -> Neocognitron:
        """The network after `step` presentations, a copy."""
        network = deepcopy(self._kept[step // KEPT])
        for shown in self.shown[step - step % KEPT : step]:
            present(network, shown.image)
        return network

    def presentation(self, step: int) -> tuple[Neocognitron, tuple[Stage, ...], tuple[list[Seed], ...]]:
        """The network before presentation `step`, from 1; what its planes answered, and whom each layer chose."""
        network = self.after(step - 1)
        stages = network.run(self.shown[step - 1].image)
        return network, stages, chosen(stages)

    def cells(self, step: int) -> tuple[float, tuple[int, ...]]:
        """Which last cell stands for each pattern after `step` presentations (-1: none), and how well it is kept.

        The score is the share of all shifts by at most a pixel at which the pattern's own cell is the largest.
        """
        if step not in self._cells:
            self._cells[step] = one_to_one(winners(self.after(step), self.patterns))
        return self._cells[step]


# ----------------------------------------------------------------------------------------------------- one cell's sums


@dataclass(frozen=True)
class Worked:
    """The numbers in the equations of the last stage's largest answer; the S-cell is the largest of its plane."""

    plane: int
    row: int
    column: int
    excitation: float  # sum a u_C
    inhibition: float  # v_C
    weight: float  # b
    s: float  # u_S
    gathered: float  # sum d u_S
    held: float  # v_S
    c: float  # u_C


def worked(network: Neocognitron, stages: Sequence[Stage]) -> Worked | None:
    """The sums behind the largest last cell; None where all are silent."""
    stage, synapses = stages[-1], network.synapses[-1]
    plane = winner(stage.c[:, 0, 0])
    if plane < 0:
        return None
    row, column = (int(at) for at in np.unravel_index(stage.s[plane].argmax(), stage.s.shape[1:]))
    sums: NDArray[np.float64] = c_sums(C_LAYERS[-1], stage.s)[:, 0, 0]
    return Worked(
        plane,
        row,
        column,
        excitation=float((synapses.excitatory[plane] * stage.windows[:, row, column]).sum()),
        inhibition=float(stage.inhibition[row, column]),
        weight=float(synapses.inhibitory[plane]),
        s=float(stage.s[plane, row, column]),
        gathered=float(sums[plane]),
        held=float(sums.mean()),
        c=float(stage.c[plane, 0, 0]),
    )


@dataclass(frozen=True)
class Gain:
    """What one seed of the last stage learned from a presentation."""

    seed: Seed
    inhibition: float  # v_C at the seed
    excitatory: float  # the sum of Delta a over its window
    inhibitory: float  # Delta b


def gain(stages: Sequence[Stage], seeds: Sequence[Sequence[Seed]]) -> Gain | None:
    """What the largest seed of the last stage learned; None where none was chosen."""
    if not seeds[-1]:
        return None
    seed = max(seeds[-1], key=lambda chosen: chosen.response)
    stage, layer = stages[-1], S_LAYERS[-1]
    size = layer.kernel_size
    change = Synapses(np.zeros((layer.planes, len(stage.windows), size, size)), np.zeros(layer.planes))
    reinforce(layer, change, stage, [seed])
    inhibition = float(stage.inhibition[seed.row, seed.column])
    return Gain(seed, inhibition, float(change.excitatory.sum()), float(change.inhibitory[seed.plane]))
