"""Training throughput of `lenet5_modern` on one core: `python -m bench.training`.

Against the same network in the pipeline of pytorch/examples `mnist`, written anew here: a Dataset that turns each image
into a Pillow picture, ToTensor and Normalize on each, a DataLoader that stacks them (no workers: one core for both),
and Adadelta. The two take turns, so that a busy moment of the machine hits both; what counts is the ratio.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from statistics import median
from time import process_time
from typing import Any

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from cnn.architectures.lenet import lenet5_variant
from cnn.datasets import mnist
from cnn.training import TrainingConfig, train
from cnn.training.recipes import LENET5_1998

ROUNDS = 7
IMAGES = 6_400  # a round


class Pictures(Dataset[tuple[Tensor, int]]):
    """MNIST as torchvision gives it: one Pillow picture at a time, through the transforms."""

    def __init__(self) -> None:
        images, labels = mnist("train")
        self.images, self.labels = images, labels
        self.transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        picture: Any = Image.fromarray(self.images[index])
        return self.transform(picture), int(self.labels[index])


def examples(batch_size: int) -> Iterator[int]:
    """The loop of pytorch/examples with LeNet-5 in it, which pads inside C1; yields the images of each batch."""
    network: nn.Module = lenet5_variant(input_size=28).build()
    network.train()
    optimiser = torch.optim.Adadelta(network.parameters(), 1.0)
    while True:
        for images, labels in DataLoader(Pictures(), batch_size, shuffle=True):
            optimiser.zero_grad()
            loss = F.cross_entropy(network(images), labels)
            loss.backward()
            optimiser.step()
            yield len(labels)


def puddle(config: TrainingConfig) -> Iterator[int]:
    """Our loop, shifts included."""
    for step in train(replace(config, epochs=1_000)):
        yield step.samples % config.batch_size or config.batch_size


def throughput(loop: Iterator[int], images: int) -> float:
    """Images per CPU second over the next batches."""
    start, seen = process_time(), 0
    while seen < images:
        seen += next(loop)
    return seen / (process_time() - start)


def compare(loops: dict[str, Iterator[int]], images: int = IMAGES) -> dict[str, list[float]]:
    """Each loop's throughput in each round, all of them taking turns."""
    for loop in loops.values():
        for _ in islice(loop, 10):  # warms up
            pass
    found: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(ROUNDS):
        for name, loop in loops.items():
            found[name].append(throughput(loop, images))
    return found


def report(title: str, found: dict[str, list[float]], base: str, show: Callable[[str], None] = print) -> None:
    show(title)
    for name, values in found.items():
        ratios = [value / other for value, other in zip(values, found[base], strict=True)]
        show(f"  {name:<40}{min(values):8.0f} /{median(values):7.0f} /{max(values):7.0f}   x{median(ratios):.2f}")


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    peer = "pytorch/examples pipeline, batch 64"
    report(
        f"images per CPU second, {ROUNDS} rounds in turns (least / median / most, median of the paired ratios)",
        compare(
            {
                peer: examples(64),
                "puddle, batch 64": puddle(TrainingConfig(batch_size=64)),
                "puddle, batch 64, no shifts": puddle(TrainingConfig(batch_size=64, shift=0)),
                "pytorch/examples pipeline, batch 256": examples(256),
                "puddle, batch 256": puddle(TrainingConfig(batch_size=256)),
            }
        ),
        peer,
    )
    automatic = "1998, batch 16, automatic differentiation"
    report(
        "the network of 1998",
        compare(
            {
                automatic: puddle(replace(LENET5_1998, optimiser="sgd", learning_rate=1e-6)),
                "1998, batch 16, by hand (sdlm)": puddle(LENET5_1998),
                "the same, distorted": puddle(replace(LENET5_1998, distortions=True)),
            },
            IMAGES // 4,
        ),
        automatic,
    )


if __name__ == "__main__":
    main()
