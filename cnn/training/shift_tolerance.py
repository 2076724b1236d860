"""What pooling does in a trained network: accuracy on shifted digits, and one changed pixel in the first layer."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from cnn.architectures.modules import Network
from cnn.arithmetic import whole_number
from cnn.training.batches import place
from cnn.training.evaluation import evaluate
from cnn.training.threads import one_thread

DIRECTIONS = ((-1, 0), (1, 0), (0, -1), (0, 1))  # up, down, left, right
SHIFTS = (0, 1, 2, 3, 4)
PIXEL = 255  # white


@dataclass(frozen=True)
class ShiftAccuracy:
    """The share of images classified correctly after a shift, as the mean over the four directions."""

    shift: int  # pixels
    accuracy: float
    done: int  # evaluations so far, and in all
    evaluations: int


def shift_accuracies(
    network: Network, images: NDArray[np.uint8], labels: ArrayLike, shifts: Sequence[int] = SHIFTS
) -> Iterator[ShiftAccuracy]:
    """Evaluate on images moved by each number of pixels, one result a shift; black comes in, what goes out is lost.

    Shapes: images uint8 (n, h, w), labels (n,)
    """
    for shift in shifts:
        whole_number("shift", shift, 0, min(images.shape[1:]) - 1)
    directions = [DIRECTIONS if shift else DIRECTIONS[:1] for shift in shifts]  # unmoved once, not four times
    evaluations, done = sum(map(len, directions)), 0
    for shift, ways in zip(shifts, directions, strict=True):
        accuracies = [evaluate(network, shifted(images, down * shift, right * shift), labels) for down, right in ways]
        done += len(ways)
        yield ShiftAccuracy(shift, float(np.mean(accuracies)), done, evaluations)


def accuracy_under_shift(
    network: Network, images: NDArray[np.uint8], labels: ArrayLike, shifts: Sequence[int] = SHIFTS
) -> list[float]:
    """The accuracy after each shift; see `shift_accuracies`."""
    return [result.accuracy for result in shift_accuracies(network, images, labels, shifts)]


def shifted(images: NDArray[np.uint8], down: int, right: int) -> NDArray[np.uint8]:
    """All images moved by so many pixels, black coming in.

    Shapes: (n, h, h) -> (n, h, h)
    """
    return place(images, images.shape[1], np.full((len(images), 2), (down, right)))


# ----------------------------------------------------------------------------------------- one pixel in the first layer


@dataclass(frozen=True)
class FirstLayerPerturbation:
    """What one changed pixel does to the first maps of a network, and what pooling leaves of it.

    Equal means `numpy.isclose` with its defaults; a relative change is |after - before| / |before| over all maps.
    """

    cases: int  # images times pixels
    touched: float  # pooled units, on average, whose window holds a value that changed
    unchanged: float  # the share of these that stay equal
    convolution_change: float  # mean relative change before pooling, after the activation
    pooled_change: float  # and behind it
    whole_map_unchanged: float  # share of the cases in which no pooled value changed


@torch.inference_mode()
def first_layer_perturbation(
    network: Network, images: NDArray[np.uint8], count: int = 50, change: float = 0.25, seed: int = 0
) -> FirstLayerPerturbation:
    """Change `count` random pixels of each image, one at a time, by `change` (1 is from black to white).

    A pixel moves away from the end of its range that it is nearer to, so that it stays between black and white.
    Shapes: images uint8 (n, h, w)
    """
    whole_number("count", count, 1)
    if not 0 < change <= 0.5:
        raise ValueError(
            f"change is {change!r}; it must be above 0 and at most 0.5, so that each pixel has room for it"
        )
    one_thread()
    generator = np.random.default_rng(whole_number("seed", seed, 0))
    first = FirstLayer.of(deepcopy(network).double())
    cases = [case for image in images for case in first.cases(image, count, change, generator)]
    touched, same, before, behind = np.array(cases).T
    return FirstLayerPerturbation(
        cases=len(cases),
        touched=float(touched.mean()),
        unchanged=float(same.sum() / touched.sum()),
        convolution_change=float(before.mean()),
        pooled_change=float(behind.mean()),
        whole_map_unchanged=float((same == touched).mean()),
    )


@dataclass(frozen=True, eq=False)
class FirstLayer:
    """C1 with its activation, and what pools it."""

    network: Network  # in double precision
    convolution: nn.Module
    activation: nn.Module
    pooling: nn.Module  # the identity where nothing pools

    @classmethod
    def of(cls, network: Network) -> "FirstLayer":
        """Read off the names: C1 and S2 are labels of the paper, an activation is what stands before or behind S2."""
        layers = dict(network.features.named_children())
        activation = next(layer for layer in layers.values() if isinstance(layer, nn.ReLU | nn.Tanh))
        return cls(network, layers["C1"], activation, layers.get("S2", nn.Identity()))

    def cases(
        self, image: NDArray[np.uint8], count: int, change: float, generator: np.random.Generator
    ) -> list[tuple[int, int, float, float]]:
        """(units touched, of these unchanged, relative change before pooling, behind it) for each changed pixel."""
        pixels = generator.choice(image.size, count, replace=False)
        moved = np.repeat(image.reshape(1, -1).astype(np.float64), count + 1, axis=0)  # the last one is the original
        steps = np.where(image.ravel()[pixels] < PIXEL / 2, 1, -1) * change * PIXEL
        moved[np.arange(count), pixels] += steps
        maps = self.maps(moved.reshape(-1, *image.shape))
        pooled = self.pooling(maps)
        changed = ~np.isclose(maps[:-1].numpy(), maps[-1:].numpy())
        differs = ~np.isclose(pooled[:-1].numpy(), pooled[-1:].numpy())
        touched = self.windows_with(torch.from_numpy(changed), pooled.shape[2]).numpy()
        return [
            (int(seen.sum()), int((seen & ~different).sum()), relative(maps, index), relative(pooled, index))
            for index, (seen, different) in enumerate(zip(touched, differs, strict=True))
        ]

    def maps(self, images: NDArray[np.float64]) -> Tensor:
        """(n, h, w) with pixels from 0 to 255, parts of a level allowed -> (n, 6, 28, 28), behind the activation."""
        mean, deviation = self.network.preparation.mean[0] * 255, self.network.preparation.deviation[0] * 255
        margin = (self.network.input_shape[1] - images.shape[1]) // 2
        planes = F.pad(torch.from_numpy(images)[:, None], [margin] * 4)  # black
        return self.activation(self.convolution((planes - mean) / deviation))

    def windows_with(self, changed: Tensor, size: int) -> Tensor:
        """Which pooled units have a changed value in their window. (n, c, h, w) -> (n, c, size, size)"""
        window = changed.shape[2] // size  # 2, or 1 where nothing pools
        return F.max_pool2d(changed.double(), window).bool()


def relative(maps: Tensor, index: int) -> float:
    """|after - before| / |before|, the original being the last."""
    return float((maps[index] - maps[-1]).norm() / maps[-1].norm())
