"""The whole Neocognitron as a program in PyTorch: it learns as on the screen and prints what its last cells answer."""

from collections.abc import Sequence

import numpy as np

from cnn.neocognitron.model import C_LAYERS, COLUMN, DECIMALS, S_LAYERS, SIZE, START
from cnn.neocognitron.retina import Image, to_text

PROGRAM = """import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
SIZES = {sizes}  # input, S planes, C planes
R, Q, D = {selectivity}, {plasticity}, {total}  # r = 4, 1.5, 1.5 in 1980; D is ours
K, ALPHA, GAMMA = {planes}, {alpha}, {decay}  # GAMMA, how fast weights fall with distance, is ours
SHAPES = {shapes}


def falloff(k, planes=1):
    at = torch.arange(k) - (k - 1) / 2
    weights = (GAMMA ** torch.hypot(at[:, None], at)).flatten().repeat(planes)
    return weights / weights.sum()


def windows(cells, k, size):  # (planes, h, h) -> (planes k k, size size), zeros beyond the border
    border = (size + k - 1 - cells.shape[1]) // 2
    return F.unfold(F.pad(cells, [border] * 4)[None], k)[0]


def run(image):
    cells, stages = image[None], []
    for (_, s, c), r, d, a, b in zip(SIZES, R, D, excitatory, inhibitory):
        seen = windows(cells, 5, s)
        v = (falloff(5, len(cells)) @ seen**2).sqrt()
        u = r * F.relu((1 + a @ seen) / (1 + 2 * r / (1 + r) * b[:, None] * v) - 1)
        k = 2 if c == 1 else 5
        sums = d * (falloff(k) @ windows(u.view(K, s, s), k, c).view(K, k * k, c * c))
        x = F.relu((1 + sums) / (1 + sums.mean(0)) - 1)
        stages.append((seen, v, u.view(K, s, s)))
        cells = (x / (ALPHA + x)).view(K, c, c)
    return cells[:, 0, 0], stages


def seeds(u, column):  # the largest of each column, of those the largest of each plane
    found, u = {{}}, u.numpy().round({decimals})
    for top in range(u.shape[1] - column + 1):
        for left in range(u.shape[2] - column + 1):
            block = u[:, top : top + column, left : left + column]
            k, row, along = map(int, np.unravel_index(block.argmax(), block.shape))
            if block[k, row, along] > (u[k][found[k]] if k in found else 0):
                found[k] = top + row, left + along
    return found


def learn(image):
    for q, (seen, v, u), a, b, column in zip(Q, run(image)[1], excitatory, inhibitory, {columns}):
        fixed = falloff(5, len(seen) // 25)
        for k, (row, along) in seeds(u, column).items():
            n = row * u.shape[2] + along
            a[k] += q * fixed * seen[:, n]
            b[k] += q / 2 * v[n]


chance = np.random.default_rng({seed})  # a small start: weak orientations, then random numbers
at, angle = np.arange(5) - 2, np.pi * np.arange(K)[:, None, None] / K
bars = np.exp(-((at * np.sin(angle) - at[:, None] * np.cos(angle)) ** 2)).reshape(K, 25)
starts = [bars, *(chance.random((K, K, 5, 5)).reshape(K, -1) for _ in range(2))]
excitatory = [{start} * torch.tensor(start) * falloff(5, start.shape[1] // 25) for start in starts]
inhibitory = [torch.zeros(K) for _ in starts]

pixels = [np.unpackbits(np.frombuffer(bytes.fromhex(shape), np.uint8)) for shape in SHAPES]
shapes = torch.tensor(np.array(pixels, float).reshape(-1, {size}, {size}))
chance = np.random.default_rng([{seed}, 1980])
order = []
while len(order) < {step}:
    order += [(i, chance.integers(-1, 2, 2).tolist()) for i in chance.permutation(len(shapes))]
for i, shift in order[:{step}]:
    learn(torch.roll(shapes[i], shift, (0, 1)))

picture = torch.tensor([
{picture}
]) / 100
output = run(picture)[0]
print(output)
"""


def program(shapes: Sequence[Image], seed: int, step: int, picture: Image) -> str:
    """A program that learns from `step` presentations of the shapes and runs the picture.

    The picture's pixels are whole hundredths. Shapes have a border of paper, so that moving them rolls nothing in.

    Shapes: each shape and the picture (16, 16)
    """
    sizes = [SIZE, *(layer.out_size for pair in zip(S_LAYERS, C_LAYERS, strict=True) for layer in pair)]
    return PROGRAM.format(
        sizes=tuple(tuple(sizes[at : at + 3]) for at in (0, 2, 4)),
        selectivity=_plain(layer.selectivity for layer in S_LAYERS),
        plasticity=_plain(layer.plasticity for layer in S_LAYERS),
        total=_plain(layer.total for layer in C_LAYERS),
        planes=S_LAYERS[0].planes,
        alpha=C_LAYERS[0].alpha,
        decay=S_LAYERS[0].decay,
        shapes="[\n" + "".join(f'    "{to_text(shape)}",\n' for shape in shapes) + "]",
        decimals=DECIMALS,
        columns=COLUMN,
        seed=seed,
        start=START,
        size=SIZE,
        step=step,
        picture="\n".join(f"    [{', '.join(map(str, row))}]," for row in np.rint(100 * picture).astype(int).tolist()),
    )


def _plain(values) -> tuple[float, ...]:
    """(4.0, 1.5) -> (4, 1.5)"""
    return tuple(int(value) if value == int(value) else value for value in values)
