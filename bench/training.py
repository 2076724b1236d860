"""Training on one core, in CPU seconds: `python -m bench.training`; `--help` says how to ask for a part of it.

Throughput is set against the same network in the pipeline of pytorch/examples `mnist`, written anew here: a Dataset
that turns each image into a Pillow picture, ToTensor and Normalize on each, a DataLoader that stacks them (no workers:
one core for both), and Adadelta. The two take turns, so that a busy moment of the machine hits both; what counts is the
ratio. On a machine with other work, watching looks dearer than it is: it is paid by the second, training by the image.
"""

import argparse
import os
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

from bench import watching
from cnn.architectures.lenet import lenet5_variant
from cnn.datasets import mnist
from cnn.training import TrainingConfig, evaluate, train
from cnn.training.recipes import DEFAULT, LENET5_1998, QUICK

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


def throughput_of_today() -> None:
    """Our loop against the examples' pipeline, at each batch size."""
    loops = {
        f"{name}, batch {size}": loop
        for size in (64, 256)
        for name, loop in (("pytorch/examples", examples(size)), ("puddle", puddle(TrainingConfig(batch_size=size))))
    }
    loops["puddle, batch 64, no shifts"] = puddle(TrainingConfig(shift=0))
    found = compare(loops)
    title = f"images per CPU second, {ROUNDS} rounds in turns (least / median / most, median of the paired ratios)"
    report(f"{title}; aim x2.0 at batch 64, x2.6 at batch 256", found, "pytorch/examples, batch 64")
    report(
        "against the same batch size",
        {name: values for name, values in found.items() if name.endswith("256")},
        "pytorch/examples, batch 256",
    )


def throughput_of_1998() -> None:
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


def watched() -> None:
    """The loop with everything live on screen, and how soon the first point is there."""
    found, presses = watching.measure()
    report("images per CPU second; aim x0.90", found, "the bare loop")
    print(f"first point {median(presses):.0f} ms after the press, median of {len(presses)}; aim 1000")


def recipes(seeds: int) -> None:
    """The default recipe and a quarter of it: accuracy on the test set, and the CPU seconds of the training."""
    for name, config, aim in (("quick", QUICK, "98 % in 3.5 s"), ("default", DEFAULT, "99 % in 14 s")):
        found = [trained(replace(config, seed=seed)) for seed in range(seeds)]
        accuracies, seconds = zip(*found, strict=True)
        print(
            f"{name}: {median(accuracies):.2%} ({min(accuracies):.2%} to {max(accuracies):.2%}) in "
            f"{median(seconds):.1f} CPU seconds, medians of {seeds} seeds; aim {aim}"
        )


def trained(config: TrainingConfig) -> tuple[float, float]:
    """Accuracy on the test set, and CPU seconds, those of the test left out."""
    start = process_time()
    *_, last = train(config)
    seconds = process_time() - start
    return evaluate(last.network, *mnist("test")), seconds


PARTS = ("throughput", "1998", "watching", "recipes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=PARTS, help="all of them, unless named")
    parser.add_argument("--seeds", type=int, default=5, help="of the recipes")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; one thread")
    measure = {
        "throughput": throughput_of_today,
        "1998": throughput_of_1998,
        "watching": watched,
        "recipes": lambda: recipes(asked.seeds),
    }
    for part in asked.parts:
        measure[part]()


if __name__ == "__main__":
    main()
