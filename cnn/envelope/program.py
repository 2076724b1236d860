"""The digits of a line read by a program: each one's label and confidence, and that of the whole line."""

import numpy as np
from numpy.typing import NDArray

from cnn.lenet.explanation_code import IMPORTS


def program(name: str, images: NDArray[np.uint8], rubbish: float | None) -> str:
    """Runs beside the project, whose trained network it reads; leaves labels and confidences in `output`.

    The digits stand side by side, as on the line; with `rubbish`, an eleventh class at that distance is "no digit".
    Shapes: images (n, 28, 28)
    """
    rows = images.transpose(1, 0, 2).reshape(28, -1)  # (n, 28, 28) -> (28, n * 28)
    classes = "logits" if rubbish is None else f"torch.cat([logits, torch.full((len(digits), 1), -{rubbish})], dim=1)"
    said = "" if rubbish is None else "  # a class more: no digit"
    return "\n".join(
        [
            "import torch",
            IMPORTS[name],
            "",
            'line = torch.tensor(list(bytes.fromhex("""',
            *(f"    {row.tobytes().hex()}" for row in rows),
            '""")), dtype=torch.uint8)  # one line a row of all digits',
            f"digits = line.view(28, {len(images)}, 28).transpose(0, 1)  # ({len(images)}, 28, 28)",
            "trained = network.trained()",
            "",
            "with torch.no_grad():",
            "    logits = trained(trained.prepare(digits.contiguous()))",
            f"    shares = {classes}.softmax(dim=1)[:, :10]{said}",
            "confidences, labels = shares.max(dim=1)",
            "for label, confidence in zip(labels.tolist(), confidences.tolist()):",
            '    print(label, f"{confidence:.4f}")',
            'print("all right:", f"{confidences.prod().item():.4f}")',
            "output = torch.stack([labels.float(), confidences])",
            "",
        ]
    )
