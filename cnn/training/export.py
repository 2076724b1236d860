"""What a learner can take along: the curve, the weights, the network as ONNX, the script that repeats the run."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from cnn.training.records import Curve
from cnn.training.script import script

if TYPE_CHECKING:
    from cnn.architectures.modules import Network

__all__ = ["curve_csv", "onnx", "script", "weights"]


def curve_csv(curve: Curve) -> bytes:
    """One line a step that has a point, with an empty field for what was not measured there."""
    training = {
        step: (loss, accuracy) for step, loss, accuracy in zip(curve.steps, curve.losses, curve.accuracies, strict=True)
    }
    validation = dict(zip(curve.validation_steps, curve.validation_accuracies, strict=True))
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["step", "loss", "accuracy", "validation_accuracy"])
    for step in sorted(training.keys() | validation.keys()):
        lines.writerow([step, *training.get(step, ("", "")), validation.get(step, "")])
    return text.getvalue().encode()


def weights(network: Network) -> bytes:
    """All numbers of the network in single precision, as safetensors."""
    from safetensors.torch import save

    return save({name: values.detach().contiguous() for name, values in network.state_dict().items()})


def onnx(network: Network, input_shape: tuple[int, int, int]) -> bytes:
    """The network as an ONNX file for any number of images; it reads what `Network.prepare` makes of them."""
    from cnn.training.onnx_file import onnx_file

    return onnx_file(network, input_shape)
