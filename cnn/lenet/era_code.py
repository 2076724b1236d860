"""What changed between 1998 and today as PyTorch programs: each computes both sides and prints them.

As in `cnn.snippets`, a program stands alone, leaves its result in `output` and prints it.
"""

import numpy as np
from numpy.typing import NDArray

from cnn.architectures.lenet import C3_TABLE, DIGITS
from cnn.digits import Digit
from cnn.lenet.era_digits import Distortion, Pooled

TORCH = ("import torch", "")
FUNCTIONAL = ("import torch", "import torch.nn.functional as F", "")
END = ("print(output.shape)", "print(output)", "")


def activation() -> str:
    """Both activations at seven places."""
    return _program(
        *FUNCTIONAL,
        "a = torch.arange(-3, 4).float()",
        "",
        "as_in_1998 = 1.7159 * torch.tanh(2 / 3 * a)",
        "today = F.relu(a)",
        "output = torch.stack([as_in_1998, today])  # (2, 7)",
    )


def sub_sampling(then: Pooled, now: Pooled) -> str:
    """One unit of S2 on each side, from the windows that are on the screen."""
    return _program(
        *FUNCTIONAL,
        f"window_1998 = torch.tensor({_nested(then.window)})",
        f"window_today = torch.tensor({_nested(now.window)})",
        f"coefficient, bias = {then.coefficient:.4f}, {then.bias:.4f}  # trained, one pair a map",
        "",
        "sums = F.avg_pool2d(window_1998[None], 2, divisor_override=1)",
        "as_in_1998 = 1.7159 * torch.tanh(2 / 3 * (coefficient * sums + bias))",
        "today = F.max_pool2d(window_today[None], 2)",
        "output = torch.cat([as_in_1998, today]).flatten()",
    )


def connections() -> str:
    """The parameters of C3 with the table of 1998, and with every map reading every one."""
    return _program(
        "import torch",
        "from torch import nn",
        "",
        "table = [",
        *("    " + " ".join(f"{list(read)}," for read in C3_TABLE[start : start + 4])
          for start in range(0, 16, 4)),
        "]  # which S2 maps each C3 map reads",
        "",
        "as_in_1998 = nn.ModuleList([nn.Conv2d(len(read), 1, kernel_size=5) for read in table])",
        "today = nn.Conv2d(6, 16, kernel_size=5)",
        "output = torch.tensor([",
        "    sum(weights.numel() for weights in layer.parameters())",
        "    for layer in (as_in_1998, today)",
        "])",
    )  # fmt: skip


def output(vector: NDArray[np.floating], logits: NDArray[np.floating]) -> str:
    """Distances to the ten codes, and the softmax of ten logits; a row each.

    Shapes: vector (84,), logits (10,)
    """
    return _program(
        *TORCH,
        "f6 = torch.tensor([",
        *(f"    {', '.join(f'{value:.3f}' for value in row)}," for row in vector.reshape(12, 7)),
        "])",
        f'pictures = """{DIGITS}"""  # one digit beside the other',
        "words = pictures.split()",
        "codes = torch.tensor([",
        '    [1.0 if pixel == "#" else -1.0 for pixel in "".join(words[digit::10])]',
        "    for digit in range(10)",
        "])  # (10, 84)",
        f"logits = torch.tensor([{', '.join(f'{value:.3f}' for value in logits)}])",
        "",
        "as_in_1998 = (f6 - codes).square().sum(dim=1)  # the smallest wins",
        "today = logits.softmax(dim=0)  # the largest wins",
        "output = torch.stack([as_in_1998, today])",
    )


def optimiser(rate_1998: float, mu: float, rate_today: float) -> str:
    """One step of both optimisers on two weights: the same gradient, but one lies where the loss bends little."""
    return _program(
        *TORCH,
        "weights = torch.nn.Parameter(torch.tensor([0.5, 0.5]))",
        "gradient = torch.tensor([0.1, 0.1])",
        "curvature = torch.tensor([2.0, 0.02])  # second derivatives of the loss",
        "",
        f"rates = {rate_1998:g} / ({mu:g} + curvature)  # one for each weight",
        "as_in_1998 = weights.detach() - rates * gradient",
        "",
        f"adamw = torch.optim.AdamW([weights], lr={rate_today:g}, betas=(0.9, 0.99), weight_decay=0)",
        "weights.grad = gradient",
        "adamw.step()",
        "output = torch.stack([as_in_1998, weights.detach()])",
    )


def distortions(digit: Digit, found: Distortion) -> str:
    """A digit scaled, squeezed, sheared and shifted: the first one on the screen."""
    return _program(
        *FUNCTIONAL,
        'ink = bytearray.fromhex("""',
        *(f"    {row.tobytes().hex()}" for row in digit),
        '""")  # one line a row',
        "image = torch.frombuffer(ink, dtype=torch.uint8).reshape(1, 1, 28, 28).float()",
        "",
        f"scale, squeeze, shear = {found.scale:.5f}, {found.squeeze:.5f}, {found.shear:.5f}",
        f"right, down = {found.right:.5f}, {found.down:.5f}  # pixels",
        "forward = torch.tensor([",
        "    [scale * squeeze, scale * squeeze * shear, right],",
        "    [0, scale / squeeze, down],",
        "    [0, 0, 1],",
        "])",
        "back = forward.inverse()[None, :2]  # from the result to its source, in pixels",
        "back[..., 2] *= 2 / 28  # torch measures a picture from -1 to 1",
        "grid = F.affine_grid(back, [1, 1, 28, 28], align_corners=False)",
        "output = F.grid_sample(image, grid, align_corners=False)[0, 0]",
    )


def _program(*lines: str) -> str:
    return "\n".join([*lines, *END])


def _nested(values: NDArray[np.floating]) -> str:
    return "[" + ", ".join("[" + ", ".join(f"{value:.4f}" for value in row) + "]" for row in values) + "]"
