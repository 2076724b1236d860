"""The maps of `cnn.lenet.explanations` as a program: the slope at each pixel, the fall behind one square of paper."""

import numpy as np
from numpy.typing import NDArray

IMPORTS = {
    "lenet_today": "from cnn.architectures.lenet import LENET5_MODERN as network",
    "lenet_1998": "from cnn.architectures.lenet import LENET5 as network",
    "perceptron": "from cnn.architectures.perceptron import PERCEPTRON as network",
}


def gradient_and_occlusion(name: str, digit: NDArray[np.uint8], label: int, size: int, place: tuple[int, int]) -> str:
    """Runs beside the project, whose trained network it reads; leaves largest slope and fall in `output`.

    Shapes: digit (28, 28)
    """
    row, column = place
    above = (size - 1) // 2
    rows, columns = (f"{max(at - above, 0)}:{at + size // 2 + 1}" for at in (row, column))
    return "\n".join(
        [
            "import torch",
            IMPORTS[name],
            "",
            'digit = torch.tensor(list(bytes.fromhex("""',
            *(f"    {line.tobytes().hex()}" for line in digit),
            '""")), dtype=torch.uint8).view(1, 28, 28)  # one line a row',
            "trained = network.trained()",
            "",
            "image = trained.prepare(digit).requires_grad_()",
            f"trained(image)[0, {label}].backward()",
            "slopes = image.grad / network.preparation.deviation[0]",
            "edge = (image.shape[2] - 28) // 2  # paper around the digit",
            "slopes = slopes[0, 0, edge : edge + 28, edge : edge + 28]",
            "",
            "covered = digit.clone()",
            f"covered[0, {rows}, {columns}] = 0  # paper",
            "both = trained(trained.prepare(torch.cat([digit, covered])))",
            f"fall = both[0, {label}] - both[1, {label}]",
            "output = torch.stack([slopes.abs().max(), fall]).detach()",
            "print(output.shape)",
            "print(output)",
            "",
        ]
    )
