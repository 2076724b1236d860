"""Training: a generator that yields after every batch."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from threading import Lock
from time import perf_counter
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cnn.architectures.modules import Network
from cnn.training.batches import batches, curvature_sample
from cnn.training.config import TrainingConfig
from cnn.training.fast_layers import use_fast_layers
from cnn.training.losses import loss_of
from cnn.training.schedules import rate_after
from cnn.training.sdlm import SAMPLE, DiagonalLevenbergMarquardt
from cnn.training.threads import one_thread

MOMENTUM = 0.9
BETAS = (0.9, 0.99)  # a shorter memory of the squares than torch's 0.999 suits runs of a thousand steps

PART = 256  # images that pass through the network at once; of a larger batch the gradients are added up, part by part

Rest = Callable[[], float]  # called before each part; may wait, and says for how many seconds, or raise

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
    learner: "Learner"

    def reached(self) -> "Reached":
        """From here a run can go on as if it had never stopped. The numbers are the run's own: write them down now."""
        return Reached(self.step, self.seconds, dict(self.network.state_dict()), self.learner.memory())


@dataclass(frozen=True, eq=False)
class Reached:
    """Where a run stood."""

    step: int
    seconds: float
    weights: dict[str, Tensor]
    memory: dict[str, Tensor]  # the optimiser's


def train(
    config: TrainingConfig, reached: Reached | None = None, rest: Rest | None = None
) -> Generator[TrainingStep, None, None]:
    """Train a network, yielding after every batch: a fresh one, or on from where a run stood.

    Knows no screen; stops at `.close()`, and within a long step where `rest` raises.
    """
    if not isinstance(config, TrainingConfig):
        raise ValueError(f"config is a {type(config).__name__}; it must be a TrainingConfig")
    return _steps(config, reached, Resting(rest))


def warm_up() -> None:
    """Train one step, so that MNIST and all that torch imports on its first use (two seconds) are there in time."""
    next(train(TrainingConfig(batch_size=1)))


class Resting:
    """Calls `rest` and adds up how long it took."""

    def __init__(self, rest: Rest | None):
        self.rest, self.seconds = rest, 0.0

    def __call__(self) -> None:
        if self.rest:
            self.seconds += self.rest()


def _steps(config: TrainingConfig, reached: Reached | None, resting: Resting) -> Generator[TrainingStep, None, None]:
    one_thread()
    clock = perf_counter()
    network = fresh_network(config)
    learner = learner_for(config, network)
    seconds, first = 0.0, 0
    if reached:
        network.load_state_dict(reached.weights)
        learner.recall(reached.memory)
        seconds, first = reached.seconds, reached.step
    samples = config.samples_after(first)
    for step, batch in enumerate(batches(config, first), first):
        resting()
        if batch.opens_epoch:
            learner.open_epoch(batch.epoch)
        rate = rate_after(config, step)
        images, labels = network.prepare(torch.from_numpy(batch.images)), torch.from_numpy(batch.labels)
        outcome = learner.learn(step, images, labels, rate, resting)
        samples += len(labels)
        seconds += perf_counter() - clock - resting.seconds
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
            learner=learner,
        )
        clock, resting.seconds = perf_counter(), 0.0


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
    use_fast_layers(network.features, network.input_shape[1])
    return network


def plain_network(config: TrainingConfig) -> Network:
    """The same network with the layers in the paper's order and torch's own modules, in evaluation mode."""
    with _GLOBAL_SEED, torch.random.fork_rng(devices=[]):
        return config.architecture.build().eval()


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

    def learn(self, step: int, images: Tensor, labels: Tensor, rate: float, resting: Resting) -> Outcome: ...

    def gradients(self) -> dict[str, Tensor]:
        """By the name of each parameter, the mean over the last batch; the learner's own numbers, not a copy."""
        ...

    def memory(self) -> dict[str, Tensor]:
        """What the optimiser remembers of the steps before; its own numbers, not a copy."""
        ...

    def recall(self, memory: dict[str, Tensor]) -> None: ...


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

    def learn(self, step: int, images: Tensor, labels: Tensor, rate: float, resting: Resting) -> Outcome:
        for index, dropout in enumerate(self.dropouts):
            dropout.generator.manual_seed((self.config.seed << 32) + (step << 4) + index)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        if not self.network.training:
            self.network.train()
        self.optimiser.zero_grad()
        outcomes = []
        for part, classes in zip(images.split(PART), labels.split(PART), strict=True):
            resting()
            outcomes.append(self._differentiate(part, classes, len(part) / len(images)))
        self.optimiser.step()
        return Outcome(sum(outcome.loss for outcome in outcomes), sum(outcome.accuracy for outcome in outcomes))

    def _differentiate(self, images: Tensor, labels: Tensor, share: float) -> Outcome:
        """Add the gradients of a part of the batch, and return its share of loss and accuracy."""
        logits = self.network(images)
        loss = loss_of(self.config.loss, logits, labels, self.config.rubbish) * share
        loss.backward()
        return Outcome(loss.item(), accuracy_of(logits.detach(), labels) * share)

    def gradients(self) -> dict[str, Tensor]:
        return {name: weights.grad for name, weights in self.network.named_parameters() if weights.grad is not None}

    def memory(self) -> dict[str, Tensor]:
        return {
            f"{name}/{key}": value
            for name, weights in self.network.named_parameters()
            for key, value in self.optimiser.state.get(weights, {}).items()
            if isinstance(value, Tensor)
        }

    def recall(self, memory: dict[str, Tensor]) -> None:
        parameters = dict(self.network.named_parameters())
        for name, value in memory.items():
            owner, key = name.split("/")
            self.optimiser.state[parameters[owner]][key] = value.clone()


def gradients_of(
    config: TrainingConfig, network: Network, images: NDArray[np.uint8], labels: NDArray[np.int64]
) -> dict[str, Tensor]:
    """The gradient of the run's loss over these images, by the name of each parameter; `network` stays as it is."""
    logits = network(network.prepare(images))
    loss = loss_of(config.loss, logits, torch.from_numpy(labels), config.rubbish)
    names, parameters = zip(*network.named_parameters(), strict=True)
    return dict(zip(names, torch.autograd.grad(loss, parameters), strict=True))


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
        self.names = [name for name, _ in network.named_parameters()]
        self.batch_size = 1

    def open_epoch(self, epoch: int) -> None:
        images, labels = curvature_sample(self.config, epoch, SAMPLE)
        self.optimiser.estimate(self.network.prepare(torch.from_numpy(images)), torch.from_numpy(labels))

    def learn(self, step: int, images: Tensor, labels: Tensor, rate: float, resting: Resting) -> Outcome:
        self.batch_size = len(labels)
        parts = []
        for part, classes in zip(images.split(PART), labels.split(PART), strict=True):
            resting()
            parts.append(self.optimiser.add(part, classes))
        self.optimiser.update(rate)
        losses, distances = (torch.cat(found) for found in zip(*parts, strict=True))
        return Outcome(losses.mean().item(), accuracy_of(-distances, labels))

    def gradients(self) -> dict[str, Tensor]:
        sums = zip(self.names, self.optimiser.gradients, strict=True)
        return {name: total / self.batch_size for name, total in sums}

    def memory(self) -> dict[str, Tensor]:
        return dict(zip(self.names, self.optimiser.curvatures, strict=True))

    def recall(self, memory: dict[str, Tensor]) -> None:
        self.optimiser.curvatures = [memory[name].clone() for name in self.names]


def accuracy_of(logits: Tensor, labels: Tensor) -> float:
    return (logits.argmax(dim=1) == labels).float().mean().item()
