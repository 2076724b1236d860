"""The Neocognitron at work: S and C planes as in 1980, and the learning without a teacher that chooses its own seeds.

    u_S(k, n) = r relu((1 + sum a(k', v, k) u_C(k', n + v)) / (1 + 2r/(1 + r) b(k) v_C(n)) - 1)
    v_C(n)    = sqrt(sum c(v) u_C(k', n + v)^2)
    u_C(k, n) = psi((1 + sum d(v) u_S(k, n + v)) / (1 + v_S(n)) - 1),  psi(x) = relu(x) / (alpha + relu(x))
    v_S(n)    = the mean over k of sum d(v) u_S(k, n + v)

Learning: the largest S-cell of each column is a candidate, the largest candidate of a plane is its seed. Only planes
with a seed change, by Delta a = q c(v) u_C(k', n + v) and Delta b = q/2 v_C(n); all cells of a plane share a and b.

In NumPy, and a second way to the numbers of `cnn.architectures`' Neocognitron, whose specs it reads: a test ties the
two together. Paper: Fukushima 1980, Biological Cybernetics 36:193-202.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from cnn.architectures.neocognitron import NEOCOGNITRON
from cnn.layers import CCells, SCells, centred_padding
from cnn.neocognitron.retina import Image, moved

Cells = NDArray[np.float64]  # (planes, h, w); an image is one plane

SIZE = NEOCOGNITRON.input_shape[1]
S_LAYERS = tuple(layer for layer in NEOCOGNITRON.features if isinstance(layer, SCells))
C_LAYERS = tuple(layer for layer in NEOCOGNITRON.features if isinstance(layer, CCells))
COLUMN = (5, 5, 2)  # S-columns are this wide in each stage
PRESENTATIONS = 20  # of each pattern
START = 0.1  # how small the small start is: ours
DECIMALS = 9  # to which responses are compared: equal ones stay equal, whatever the order of a sum


# ---------------------------------------------------------------------------------------------------------- the cells


@cache
def falloff(kernel_size: int, decay: float) -> NDArray[np.float64]:
    """decay^|v| over a window, v measured from its middle. -> (k, k)"""
    offsets = np.arange(kernel_size) - (kernel_size - 1) / 2
    return decay ** np.hypot(offsets[:, None], offsets)


def windows_of(cells: Cells, kernel_size: int, out_size: int) -> NDArray[np.float64]:
    """What each cell of the next planes looks at, zeros beyond the border. -> (planes, out, out, k, k)"""
    border = centred_padding(cells.shape[1], kernel_size, out_size)
    if border < 0:
        cells = cells[:, -border:border, -border:border]
    else:
        cells = np.pad(cells, ((0, 0), (border, border), (border, border)))
    return sliding_window_view(cells, (kernel_size, kernel_size), axis=(1, 2))


@dataclass
class Synapses:
    """What one layer of S-cells learns."""

    excitatory: NDArray[np.float64]  # a: (planes, planes before, k, k)
    inhibitory: NDArray[np.float64]  # b: (planes,)


@dataclass(frozen=True)
class Stage:
    """What one pair of layers answered."""

    s: Cells
    c: Cells
    windows: NDArray[np.float64]  # what the S-cells looked at
    inhibition: NDArray[np.float64]  # v_C, (h, w)


def s_cells(layer: SCells, synapses: Synapses, before: Cells) -> tuple[Cells, NDArray, NDArray]:
    """The S planes, the windows they looked at, and v_C."""
    windows = windows_of(before, layer.kernel_size, layer.out_size)
    seen = windows.transpose(1, 2, 0, 3, 4).reshape(layer.out_size**2, -1)  # (cells, what each sees)
    weights = synapses.excitatory.reshape(len(synapses.inhibitory), -1)
    fixed = np.tile(falloff(layer.kernel_size, layer.decay).ravel(), len(before))
    # Sums of products without BLAS: its threads cost more than they bring, the more so on a busy machine.
    inhibition = np.sqrt(np.einsum("nw,nw,w->n", seen, seen, fixed / fixed.sum()))
    excitation = np.einsum("kw,nw->kn", weights, seen)
    r = layer.selectivity
    held = 1 + 2 * r / (1 + r) * synapses.inhibitory[:, None] * inhibition
    planes = r * np.maximum((1 + excitation) / held - 1, 0)
    side = (layer.out_size, layer.out_size)
    return planes.reshape(-1, *side), windows, inhibition.reshape(side)


def c_sums(layer: CCells, s_planes: Cells) -> Cells:
    """What the C-cells gather of their S planes: sum d(v) u_S(k, n + v)."""
    weights = falloff(layer.kernel_size, layer.decay)
    weights = weights * (layer.total / weights.sum())
    return np.einsum("phwij,ij->phw", windows_of(s_planes, layer.kernel_size, layer.out_size), weights)


def c_cells(layer: CCells, s_planes: Cells) -> Cells:
    """The C planes of these S planes."""
    sums = c_sums(layer, s_planes)
    excess = np.maximum((1 + sums) / (1 + sums.mean(0)) - 1, 0)
    return excess / (layer.alpha + excess)


# -------------------------------------------------------------------------------------------------------- the network


class Neocognitron:
    """Three stages of S and C planes, untrained: weak orientations in the first, small random numbers in the others."""

    def __init__(self, seed: int = 0) -> None:
        chance = np.random.default_rng(seed)
        self.synapses: list[Synapses] = []
        before = 1
        for layer in S_LAYERS:
            fixed = falloff(layer.kernel_size, layer.decay)
            window = (layer.planes, before, layer.kernel_size, layer.kernel_size)
            start = bars(layer.planes, layer.kernel_size)[:, None] if layer.oriented else chance.random(window)
            excitatory = START * start * fixed / (fixed.sum() * before)
            self.synapses.append(Synapses(excitatory, np.zeros(layer.planes)))
            before = layer.planes

    def run(self, image: Image) -> tuple[Stage, ...]:
        """All planes for one image, (16, 16) from 0 to 1."""
        cells, stages = np.asarray(image, np.float64)[None], []
        for s_layer, c_layer, synapses in zip(S_LAYERS, C_LAYERS, self.synapses, strict=True):
            s_planes, windows, inhibition = s_cells(s_layer, synapses, cells)
            cells = c_cells(c_layer, s_planes)
            stages.append(Stage(s_planes, cells, windows, inhibition))
        return tuple(stages)

    def answer(self, image: Image) -> NDArray[np.float64]:
        """The last C-cells, one a plane."""
        return self.run(image)[-1].c[:, 0, 0]


def bars(planes: int, kernel_size: int) -> NDArray[np.float64]:
    """A bar through the middle of the window for each plane, each turned a little further. -> (planes, k, k)"""
    offsets = np.arange(kernel_size) - (kernel_size - 1) / 2
    angles = np.pi * np.arange(planes)[:, None, None] / planes
    return np.exp(-((offsets * np.sin(angles) - offsets[:, None] * np.cos(angles)) ** 2))


# ----------------------------------------------------------------------------------------------------------- learning


@dataclass(frozen=True)
class Seed:
    """A cell that was chosen: all cells of its plane learn what it saw."""

    plane: int
    row: int
    column: int
    response: float


def seeds_of(s_planes: Cells, width: int) -> list[Seed]:
    """The seed cells: the largest of each S-column are candidates, and the largest candidate of a plane is its seed.

    Columns are `width` cells wide, hold all planes and overlap. A plane without a candidate has no seed.
    """
    side = min(width, *s_planes.shape[1:])
    compared = np.round(s_planes, DECIMALS)
    windows = sliding_window_view(compared, (side, side), axis=(1, 2))  # (planes, h', w', side, side)
    by_column = windows.transpose(1, 2, 0, 3, 4).reshape(windows.shape[1], windows.shape[2], -1)
    found: dict[int, tuple[int, int]] = {}
    for top, left in product(range(windows.shape[1]), range(windows.shape[2])):
        largest = int(by_column[top, left].argmax())
        plane, place = divmod(largest, side * side)
        row, column = top + place // side, left + place % side
        if compared[plane, row, column] > (compared[plane][found[plane]] if plane in found else 0):
            found[plane] = row, column
    return [Seed(plane, *found[plane], float(s_planes[plane][found[plane]])) for plane in sorted(found)]


def reinforce(layer: SCells, synapses: Synapses, stage: Stage, seeds: Sequence[Seed]) -> None:
    """Delta a = q c(v) u_C(k', n + v), Delta b = q/2 v_C(n), at each seed n."""
    fixed = falloff(layer.kernel_size, layer.decay)
    fixed = fixed / (fixed.sum() * stage.windows.shape[0])
    for seed in seeds:
        synapses.excitatory[seed.plane] += layer.plasticity * fixed * stage.windows[:, seed.row, seed.column]
        synapses.inhibitory[seed.plane] += layer.plasticity / 2 * stage.inhibition[seed.row, seed.column]


def chosen(stages: Sequence[Stage]) -> tuple[list[Seed], ...]:
    """The seed cells of each stage."""
    return tuple(seeds_of(stage.s, width) for stage, width in zip(stages, COLUMN, strict=True))


def present(network: Neocognitron, image: Image) -> tuple[tuple[Stage, ...], tuple[list[Seed], ...]]:
    """Show the network one picture and let it learn: what the planes answered, and whom each layer chose."""
    stages = network.run(image)
    seeds = chosen(stages)
    for layer, synapses, stage, own in zip(S_LAYERS, network.synapses, stages, seeds, strict=True):
        reinforce(layer, synapses, stage, own)
    return stages, seeds


@dataclass(frozen=True)
class Presentation:
    """One picture shown, what the planes answered, and whom each layer chose; the weights have learned by now."""

    number: int
    pattern: int
    shift: tuple[int, int]
    image: Image
    stages: tuple[Stage, ...]
    seeds: tuple[list[Seed], ...]  # of each stage


def learn(
    network: Neocognitron, patterns: Sequence[Image], seed: int = 0, reach: int = 1, times: int = PRESENTATIONS
) -> Iterator[Presentation]:
    """Show each pattern `times` times, moved by up to `reach` pixels; no label is ever given."""
    chance = np.random.default_rng([seed, 1980])
    number = 0
    for _ in range(times):
        for pattern in chance.permutation(len(patterns)):
            number += 1
            rows, columns = chance.integers(-reach, reach + 1, 2).tolist()
            image = moved(patterns[pattern], rows, columns)
            stages, seeds = present(network, image)
            yield Presentation(number, int(pattern), (rows, columns), image, stages, seeds)
