"""Time of `cnn.operations` and `cnn.perturbation` on one core: `python -m bench.operations`.

The convolution is timed against torch's on the same picture, the two taking turns, so that a busy moment of the machine
hits both. Some machines set OPENBLAS_CORETYPE, which makes NumPy take the code of an older processor: run it a second
time under `env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE`.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

from collections.abc import Callable
from itertools import product
from statistics import median
from time import perf_counter

import numpy as np
import torch

from cnn.operations import conv2d
from cnn.perturbation import Pooling, absorption_map, perturb

ROUNDS = 15
ABSORPTION_SETTINGS: list[tuple[Pooling, int, int]] = [("max", 2, 1), ("max", 2, 2), ("max", 3, 1), ("average", 3, 1)]


def milliseconds(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Median time of each piece of work, all of them taking turns."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for work, times_of_work in zip(works, times, strict=True):
            start = perf_counter()
            work()
            times_of_work.append((perf_counter() - start) * 1e3)
    return [median(times_of_work[1:]) for times_of_work in times]  # the first round warms up


def time_photograph(kernel_size: int) -> None:
    """A 1024 x 1024 RGB picture, one kernel per channel."""
    generator = np.random.default_rng(0)
    images = generator.random((3, 1024, 1024), dtype=np.float32)
    kernels = generator.random((3, 1, kernel_size, kernel_size), dtype=np.float32)
    pictures, weights, padding = torch.from_numpy(images)[None], torch.from_numpy(kernels), kernel_size // 2

    def in_torch() -> torch.Tensor:
        return torch.conv2d(pictures, weights, padding=padding, groups=3)

    ours, theirs = milliseconds(lambda: conv2d(images, kernels, padding=padding, groups=3), in_torch)
    print(f"conv2d {kernel_size} x {kernel_size} on 3 x 1024 x 1024: {ours:.1f} ms, torch {theirs:.1f} ms")


def time_grid() -> None:
    """What a slider moves: a 6 x 6 image in float64."""
    image, kernel = np.ones((1, 6, 6)), np.ones((1, 1, 3, 3))
    print(f"conv2d 3 x 3 on 6 x 6: {milliseconds(lambda: conv2d(image, kernel, padding=1), rounds=200)[0]:.3f} ms")
    took = milliseconds(lambda: perturb(image[0], kernel[0, 0], (2, 3), 0.0), rounds=200)[0]
    print(f"perturb 3 x 3 on 6 x 6: {took:.3f} ms")


def time_absorption(size: int, kernel_size: int, pooling: Pooling, window: int, stride: int) -> None:
    generator = np.random.default_rng(0)
    image, kernel = generator.random((size, size)), generator.normal(size=(kernel_size, kernel_size))
    took = milliseconds(lambda: absorption_map(image, kernel, pooling, window, stride))[0]
    where = f"{size} x {size}, kernel {kernel_size}, {pooling} {window} x {window} stride {stride}"
    print(f"absorption_map {where}: {took:.1f} ms")


def main() -> None:
    torch.set_num_threads(1)
    print(f"OPENBLAS_CORETYPE={os.environ.get('OPENBLAS_CORETYPE', 'unset')}, medians of {ROUNDS}")
    for kernel_size in (3, 11):
        time_photograph(kernel_size)
    time_grid()
    for size, kernel_size, settings in product((28, 64), (3, 5), ABSORPTION_SETTINGS):
        time_absorption(size, kernel_size, *settings)


if __name__ == "__main__":
    main()
