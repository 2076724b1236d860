"""A block at work as a PyTorch program: the same photograph, the same random weights, the same number at the end."""

from typing import Protocol

from cnn.timeline.blocks_at_work import CHANNELS, SIDE

HEAD = """import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

picture = Image.open("photograph.png").convert("RGB")  # the one you chose, under this name
width, height = picture.size
side = min(width, height)
left, top = (width - side) // 2, (height - side) // 2
square = picture.crop((left, top, left + side, top + side))
colours = np.array(square.resize(({side}, {side}), Image.Resampling.BOX))
colours = torch.tensor(colours).permute(2, 0, 1).float() / 255

brightness = torch.einsum("chw,c->hw", colours, torch.tensor([0.299, 0.587, 0.114]))
sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
laplacian = torch.tensor([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])
edges = torch.stack([sobel, sobel.T, laplacian])[:, None] / 2
rimmed = F.pad(brightness[None, None], [1] * 4, mode="replicate")
x = torch.cat([colours[None], F.relu(F.conv2d(rimmed, edges))], dim=1)

dice = np.random.default_rng({seed})


def weight(*shape):
    bound = (6 / np.prod(shape[1:])) ** 0.5
    return torch.tensor(dice.uniform(-bound, bound, shape), dtype=torch.float32)


def conv(maps, count, size):
    kernels = weight(count, maps.shape[1], size, size)
    return F.conv2d(maps, kernels, padding=size // 2)

"""
CONVOLUTIONS = "f = conv(F.relu(conv(x, {channels}, 3)), {channels}, 3)\n"
BODIES = {
    "plain": CONVOLUTIONS + "output = F.relu(f)\n",
    "residual": CONVOLUTIONS + "output = F.relu(f + x)\n",
    "squeeze_excite": CONVOLUTIONS
    + "means = f.mean(dim=(2, 3))\n"
    + "reduced = F.relu(means @ weight(3, {channels}).T)\n"
    + "gates = torch.sigmoid(reduced @ weight({channels}, 3).T)\n"
    + "output = F.relu(f * gates[:, :, None, None] + x)\n",
    "inception": """branches = [
    F.relu(conv(x, 2, 1)),
    F.relu(conv(F.relu(conv(x, 2, 1)), 2, 3)),
    F.relu(conv(F.relu(conv(x, 1, 1)), 1, 5)),
    F.relu(conv(F.max_pool2d(x, 3, stride=1, padding=1), 1, 1)),
]
output = torch.cat(branches, dim=1)
""",
    "dense": """def norm(maps):  # batch normalisation as it starts: mean 0, variance 1
    return maps / (1 + 1e-5) ** 0.5


output = x
for layer in range(3):
    narrow = conv(F.relu(norm(output)), 8, 1)
    new = conv(F.relu(norm(narrow)), 2, 3)
    output = torch.cat([output, new], dim=1)
""",
}


class Place(Protocol):
    """Which number is printed at the end."""

    @property
    def index(self) -> int: ...
    @property
    def row(self) -> int: ...
    @property
    def column(self) -> int: ...


def block(key: str, seed: int, place: Place) -> str:
    """The program of a block, one of `cnn.timeline.blocks_at_work.BLOCKS`."""
    if key not in BODIES:
        raise ValueError(f"key is {key!r}; it must be one of {tuple(BODIES)}")
    body = BODIES[key].format(channels=CHANNELS)
    gap = "\n" if body.startswith("def") else ""
    end = f"\nprint(output.shape)\nprint(output[0, {place.index}, {place.row}, {place.column}])\n"
    return HEAD.format(side=SIDE, seed=seed) + gap + body + end
