"""How good a network is: the share of images that it classifies correctly."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from cnn.architectures.modules import Network
from cnn.training.threads import one_thread

BATCH = 100  # small enough for the cache: a quarter faster than batches of 200 or more


@torch.inference_mode()
def logits_of(network: Network, images: NDArray[np.uint8]) -> Iterator[torch.Tensor]:
    """The logits, batch by batch; the network is in evaluation mode while it computes them, and then as before.

    Shapes: images uint8 (n, h, w) -> (at most 100, classes) each
    """
    for start in range(0, len(images), BATCH):
        training = network.training
        network.eval()
        try:
            logits = network(network.prepare(images[start : start + BATCH]))
        finally:
            network.train(training)
        yield logits


def predict(network: Network, images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The class with the largest logit, for each image.

    Shapes: images uint8 (n, h, w) -> (n,)
    """
    one_thread()
    parts = [logits.argmax(dim=1).cpu().numpy() for logits in logits_of(network, images)]
    return np.concatenate(parts)


def evaluate(network: nn.Module, images: NDArray[np.uint8], labels: ArrayLike) -> float:
    """The share of images that are classified correctly, from 0 to 1.

    Shapes: images uint8 (n, h, w), labels (n,)
    """
    if not isinstance(network, Network):
        raise ValueError(f"network is a {type(network).__name__}; it must be one that an architecture has built")
    images, labels = np.asarray(images), np.asarray(labels)
    if images.ndim != 3 or images.dtype != np.uint8 or not len(images):
        raise ValueError(f"images is {images.dtype} {images.shape}; it must be uint8 (n, h, w), with n at least 1")
    if labels.shape != images.shape[:1]:
        raise ValueError(f"labels has shape {labels.shape}; it must have one label for each of {len(images)} images")
    return float((predict(network, images) == labels).mean())
