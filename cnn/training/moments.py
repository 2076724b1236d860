"""At which steps a run is looked at and kept: a matter of its settings alone, so that a curve can be repeated."""

from functools import lru_cache

from cnn.training.config import TrainingConfig

POINTS = 2_000  # of a training curve, at most
GLANCE = 1_000  # validation images, the first ones, at most moments
GLANCE_EVERY = 16_000  # images learned from; a glance takes as long as about 300 of them
LEAST_GLANCES = 8  # in a short run
LONG_PASS = 20_000  # images from which on a pass ends with all validation images
CHECKPOINTS, LEAST_CHECKPOINTS = 24, 6
MEMORY = 8_000_000  # bytes of checkpoints a run, about


def ends_point(config: TrainingConfig, step: int) -> bool:
    """Whether a point of the training curve is complete behind this step."""
    return step % -(-config.steps // POINTS) == 0 or step == config.steps


def validation_images(config: TrainingConfig, step: int) -> int:
    """How many validation images are judged behind this step."""
    available = config.validation or GLANCE  # without a split, images that were trained on
    ends_pass = step % config.steps_per_epoch == 0 and config.images >= LONG_PASS
    if step and (step == config.steps or ends_pass):
        return available
    return min(GLANCE, available) if step and step % _interval(config) == 0 else 0


@lru_cache(maxsize=256)
def _interval(config: TrainingConfig) -> int:
    return max(1, min(GLANCE_EVERY // config.batch_size, config.steps // LEAST_GLANCES))


@lru_cache(maxsize=256)
def checkpoint_steps(config: TrainingConfig) -> frozenset[int]:
    """The steps at which the weights are kept, the start and the end among them; dense at first, when most changes."""
    size = 4 * config.architecture.parameters
    count = max(LEAST_CHECKPOINTS, min(CHECKPOINTS, MEMORY // size))
    return frozenset(round(config.steps * (number / (count - 1)) ** 2) for number in range(count))
