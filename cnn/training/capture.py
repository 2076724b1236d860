"""What is looked at while a network trains: its first kernels, its gradients, its maps of a digit, its mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnn.datasets import mnist
from cnn.training.batches import training_indices
from cnn.training.config import CLASSES, TrainingConfig

if TYPE_CHECKING:
    from torch import Tensor

    from cnn.architectures.modules import Network

Array = NDArray[np.float32]

BATCH = 100  # training images by which units are found dead
SATURATED = 0.95  # of the largest value that the activation can have
LIMITS = {"relu": 0.0, "tanh": 1.0, "scaled_tanh": 1.7159}  # the kinds of activation, and that largest value
MISTAKES = 12


@dataclass(frozen=True, eq=False)
class Capture:
    """The network at one step. A unit is one number of a dense layer, or a whole map, whose places share a kernel."""

    step: int
    kernels: Array  # (6, 1, 5, 5), of C1
    kernel_gradients: Array  # the same shape: the mean over the last batch
    gradient_norms: dict[str, float]  # by layer label, the first layer first
    dead_units: dict[str, float]  # share of the units that are zero (ReLU) or saturated (tanh) for a whole batch
    maps: dict[str, Array]  # of the watched digit, behind the activation: label -> (c, h, w); empty without a digit
    probabilities: Array  # (10,), of the watched digit; empty without one


class Mistake(NamedTuple):
    """A digit that was read wrongly."""

    index: int  # its place in mnist("train")
    true: int
    predicted: int
    probability: float  # given to the predicted class


@dataclass(frozen=True, eq=False)
class Judgement:
    """How the network does on validation images."""

    step: int
    accuracy: float
    confusion: NDArray[np.int64]  # (10, 10) counts, [true, predicted]
    mistakes: tuple[Mistake, ...]  # the surest first, at most 12


# --------------------------------------------------------------------------------------------------- at one step


class Observer:
    """Looks into a network, in training or not, in the order of the paper: activation first, pooling behind it."""

    def __init__(self, config: TrainingConfig, network: Network):
        from cnn.training.fast_layers import use_fast_pooling
        from cnn.training.loop import plain_network

        self.rows = config.architecture.rows()
        self.network = plain_network(config)
        use_fast_pooling(self.network.features)
        # The same numbers, not a copy of them; only the order of the layers is another.
        self.network.load_state_dict(network.state_dict(), assign=True)
        self.sample = training_sample(config)

    def capture(self, step: int, gradients: Mapping[str, Tensor], digit: NDArray[np.uint8] | None) -> Capture:
        """`gradients` by the name of each parameter.

        Shapes: digit uint8 (28, 28)
        """
        import torch

        with torch.no_grad():
            weight = self.network.get_parameter("features.C1.weight").detach()
            images = self.sample[0] if digit is None else np.concatenate([self.sample[0], digit[None]])
            outputs = self._outputs(images)
            seen = slice(len(self.sample[0]), None)
            return Capture(
                step=step,
                kernels=weight.numpy().copy(),
                kernel_gradients=_array(gradients.get("features.C1.weight"), weight),
                gradient_norms=gradient_norms(gradients),
                dead_units={
                    row.label: dead_share(outputs[row.path][: len(self.sample[0])], kind)
                    for row in self.rows
                    if (kind := _activation(row.nodes))
                },
                maps={row.label: outputs[row.path][seen][0].numpy().copy() for row in self.rows if _is_map(row, digit)},
                probabilities=outputs["logits"][seen].softmax(1).flatten().numpy().copy(),
            )

    def _outputs(self, images: NDArray[np.uint8]) -> dict[str, Tensor]:
        """What each layer of the paper gives, its activation included, by the layer's path; and the "logits"."""
        values = self.network.prepare(images)
        ends = {".".join(node.path): row.path for row in self.rows for node in row.nodes if node.kind in LIMITS}
        outputs: dict[str, Tensor] = {}
        for half in ("features", "classifier"):
            for name, layer in self.network.get_submodule(half).named_children():
                values = layer(values)
                path = f"{half}.{name}"
                outputs[ends.get(path, path)] = values
        return outputs | {"logits": values}


def look(config: TrainingConfig, network: Network, step: int, digit: NDArray[np.uint8] | None = None) -> Capture:
    """A network of a checkpoint as it was then; the gradients are those of a batch of training images.

    Shapes: digit uint8 (28, 28)
    """
    import torch

    from cnn.training.loop import gradients_of
    from cnn.training.threads import one_thread

    one_thread()
    observer = Observer(config, network)
    images, labels = observer.sample
    with torch.enable_grad():
        gradients = gradients_of(config, observer.network, images, labels)
    return observer.capture(step, gradients, digit)


def training_sample(config: TrainingConfig) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """A batch of the images that the run learns from, spread evenly over them and unmoved."""
    indices = training_indices(config)
    chosen = indices[np.linspace(0, len(indices) - 1, min(BATCH, len(indices))).astype(np.int64)]
    images, labels = mnist("train")
    return images[chosen], labels[chosen].astype(np.int64)


def gradient_norms(gradients: Mapping[str, Tensor]) -> dict[str, float]:
    """The length of the gradient by all parameters of each layer: "features.C1.weight" belongs to C1."""
    squares: dict[str, float] = {}
    for name, gradient in gradients.items():
        label = name.split(".")[1]
        squares[label] = squares.get(label, 0.0) + gradient.double().square().sum().item()
    return {label: square**0.5 for label, square in squares.items()}


def dead_share(outputs: Tensor, kind: str) -> float:
    """The share of units that are zero behind a ReLU, or within 5 % of the limit of a tanh, for all samples.

    Shapes: (n, units), or (n, maps, h, w), where a map counts as one unit
    """
    of_a_unit = [0, *range(2, outputs.ndim)]  # all axes but that of the units
    dead = outputs.amax(of_a_unit) == 0 if kind == "relu" else outputs.abs().amin(of_a_unit) > SATURATED * LIMITS[kind]
    return dead.float().mean().item()


def _activation(nodes) -> str:
    """The kind of a row's activation, or ""."""
    return next((node.kind for node in nodes if node.kind in LIMITS), "")


def _is_map(row, digit: NDArray[np.uint8] | None) -> bool:
    return digit is not None and row.part == "features"


def _array(gradient: Tensor | None, weight: Tensor) -> Array:
    """A copy; zeros where there is no gradient yet."""
    return np.zeros(tuple(weight.shape), np.float32) if gradient is None else gradient.numpy().copy()


# ------------------------------------------------------------------------------------------------- on many images


def judge(
    network: Network,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    step: int,
    first: int = 0,
    rest: Callable[[], object] = lambda: None,
) -> Judgement:
    """Count what is read as what; `first` is the place of the first image in mnist("train").

    `rest` is called between batches and may wait or raise.
    Shapes: images uint8 (n, h, w), labels (n,)
    """
    import torch

    from cnn.training.evaluation import logits_of

    parts = []
    for logits in logits_of(network, images):
        parts.append(logits.softmax(1))
        rest()
    probabilities, predicted = (found.numpy() for found in torch.cat(parts).nan_to_num().max(1))
    confusion = np.zeros((CLASSES, CLASSES), np.int64)
    np.add.at(confusion, (labels, predicted), 1)
    wrong = np.flatnonzero(predicted != labels)
    surest = wrong[np.argsort(-probabilities[wrong], kind="stable")][:MISTAKES]
    return Judgement(
        step=step,
        accuracy=float(np.trace(confusion) / len(labels)),
        confusion=confusion,
        mistakes=tuple(
            Mistake(first + int(i), int(labels[i]), int(predicted[i]), float(probabilities[i])) for i in surest
        ),
    )
