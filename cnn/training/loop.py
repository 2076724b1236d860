"""Training: a generator that yields after every batch."""

from collections.abc import Generator
from dataclasses import dataclass
from threading import Lock
from time import perf_counter
from typing import Protocol

import torch
from torch import Tensor, nn

from cnn.architectures.modules import Network
from cnn.training.batches import batches, curvature_sample
from cnn.training.config import TrainingConfig
from cnn.training.fast_pooling import FastMaxPool2d
from cnn.training.losses import loss_of
from cnn.training.schedules import factor
from cnn.training.sdlm import SAMPLE, DiagonalLevenbergMarquardt
from cnn.training.threads import one_thread

MOMENTUM = 0.9
BETAS = (0.9, 0.99)  # a shorter memory of the squares than torch's 0.999 suits runs of a thousand steps

_GLOBAL_SEED = Lock()  # a network starts from torch's global random numbers, which all jobs of a process share


@dataclass(frozen=True, eq=False)
class TrainingStep:
    """What was reached after one batch. `network` is the one being trained, not a copy: look at it before going on."""

    step: int  # batches so far
    steps: int  # batches in the whole run
    samples: int  # images seen so far, each as often as it was seen
    epoch: float  # passes so far
    loss: float  # mean over this batch, before its update
    accuracy: float  # of the same batch, before its update
    learning_rate: float
    seconds: float  # spent in training; time between steps, a pause say, does not count
    network: Network


def train(config: TrainingConfig) -> Generator[TrainingStep, None, None]:
    """Train a fresh network, yielding after every batch. Knows no screen; stops at `.close()`."""
    if not isinstance(config, TrainingConfig):
        raise ValueError(f"config is a {type(config).__name__}; it must be a TrainingConfig")
    return _steps(config)


def warm_up() -> None:
    """Train one step, so that MNIST and all that torch imports on its first use (two seconds) are there in time."""
    next(train(TrainingConfig(batch_size=1)))


def _steps(config: TrainingConfig) -> Generator[TrainingStep, None, None]:
    one_thread()
    clock = perf_counter()
    seconds, samples = 0.0, 0
    network = fresh_network(config)
    learner = learner_for(config, network)
    for step, batch in enumerate(batches(config)):
        if batch.opens_epoch:
            learner.open_epoch(batch.epoch)
        rate = config.learning_rate * factor(config.schedule, step / config.steps)
        images, labels = network.prepare(torch.from_numpy(batch.images)), torch.from_numpy(batch.labels)
        outcome = learner.learn(step, images, labels, rate)
        samples += len(labels)
        seconds += perf_counter() - clock
        yield TrainingStep(
            step=step + 1,
            steps=config.steps,
            samples=samples,
            epoch=(step + 1) / config.steps_per_epoch,
            loss=outcome.loss,
            accuracy=outcome.accuracy,
            learning_rate=rate,
            seconds=seconds,
            network=network,
        )
        clock = perf_counter()


def fresh_network(config: TrainingConfig) -> Network:
    """The network of a run before its first step; the same seed gives the same weights."""
    with _GLOBAL_SEED, torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = config.architecture.build(fast=True)
    if config.initialisation == "zero":
        with torch.no_grad():
            for weights in network.parameters():
                weights.zero_()
    for parent in list(network.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.Dropout):
                setattr(parent, name, SeededDropout(child.p))
            elif isinstance(child, nn.MaxPool2d):  # all of LeNet-5's are 2x2
                setattr(parent, name, FastMaxPool2d())
    return network


class SeededDropout(nn.Dropout):
    """Dropout from a random stream of its own: torch's is shared by all jobs of a process."""

    def __init__(self, p: float):
        super().__init__(p)
        self.generator = torch.Generator()

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return input
        kept = torch.rand(input.shape, generator=self.generator) >= self.p
        return input * kept / (1 - self.p)


# ------------------------------------------------------------------------------------------------- how a batch is used


@dataclass(frozen=True)
class Outcome:
    """Mean loss and accuracy of a batch, before its update."""

    loss: float
    accuracy: float


class Learner(Protocol):
    """Changes a network by one batch at a time."""

    def open_epoch(self, epoch: int) -> None: ...

    def learn(self, step: int, images: Tensor, labels: Tensor, rate: float) -> Outcome: ...


def learner_for(config: TrainingConfig, network: Network) -> Learner:
    return CurvatureLearner(config, network) if config.optimiser == "sdlm" else GradientLearner(config, network)


class GradientLearner:
    """Automatic differentiation and one of torch's optimisers."""

    def __init__(self, config: TrainingConfig, network: Network):
        self.config, self.network = config, network
        self.optimiser = make_optimiser(config, network)
        self.dropouts = [module for module in network.modules() if isinstance(module, SeededDropout)]

    def open_epoch(self, epoch: int) -> None:
        pass

    def learn(self, step: int, images: Tensor, labels: Tensor, rate: float) -> Outcome:
        for index, dropout in enumerate(self.dropouts):
            dropout.generator.manual_seed((self.config.seed << 32) + (step << 4) + index)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.network.train()
        logits = self.network(images)
        loss = loss_of(self.config.loss, logits, labels, self.config.rubbish)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        return Outcome(loss.item(), accuracy_of(logits.detach(), labels))


def make_optimiser(config: TrainingConfig, network: Network) -> torch.optim.Optimizer:
    """AdamW without weight decay, or stochastic gradient descent with or without momentum."""
    if config.optimiser == "adamw":
        return torch.optim.AdamW(network.parameters(), config.learning_rate, BETAS, weight_decay=0, fused=True)
    momentum = MOMENTUM if config.optimiser == "momentum" else 0.0
    return torch.optim.SGD(network.parameters(), config.learning_rate, momentum)


class CurvatureLearner:
    """The optimiser of 1998, which looks at the curvature before each pass."""

    def __init__(self, config: TrainingConfig, network: Network):
        self.config, self.network = config, network
        self.optimiser = DiagonalLevenbergMarquardt(network, config.loss, config.rubbish)

    def open_epoch(self, epoch: int) -> None:
        images, labels = curvature_sample(self.config, epoch, SAMPLE)
        self.optimiser.estimate(self.network.prepare(torch.from_numpy(images)), torch.from_numpy(labels))

    def learn(self, step: int, images: Tensor, labels: Tensor, rate: float) -> Outcome:
        losses, distances = self.optimiser.step(images, labels, rate)
        return Outcome(losses.mean().item(), accuracy_of(-distances, labels))


def accuracy_of(logits: Tensor, labels: Tensor) -> float:
    return (logits.argmax(dim=1) == labels).float().mean().item()
