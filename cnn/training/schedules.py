"""The learning rate over a run, as a factor of the largest."""

from math import cos, pi

from cnn.training.config import TrainingConfig

WARM_UP = 0.3  # of a one-cycle run
FIRST, LAST = 0.1, 0.001  # where one cycle starts and ends

# Global learning rates of the 20 passes, over the first of them.
# Paper: LeCun et al. 1998, section III-B: 5e-4 twice, 2e-4 three times, 1e-4 three, 5e-5 four, 1e-5 from then on.
PASSES_1998 = (1.0,) * 2 + (0.4,) * 3 + (0.2,) * 3 + (0.1,) * 4 + (0.02,) * 8


def factor(schedule: str, done: float) -> float:
    """The factor when the part `done` of the run lies behind, 0 <= done < 1.

    one-cycle   0.1 -> 1 over the first 30 %, then 1 -> 0.001, both as half a cosine
    step        1, a tenth from the middle on, a hundredth in the last quarter
    1998        the paper's twenty passes, stretched to the length of the run
    """
    if schedule == "one-cycle":
        if done < WARM_UP:
            return _half_cosine(FIRST, 1, done / WARM_UP)
        return _half_cosine(1, LAST, (done - WARM_UP) / (1 - WARM_UP))
    if schedule == "step":
        return 1.0 if done < 0.5 else 0.1 if done < 0.75 else 0.01
    if schedule == "1998":
        return PASSES_1998[int(done * len(PASSES_1998) + 1e-9)]  # 1e-9: 0.15 * 20 is 2.9999999999999996
    return 1.0


def factor_after(config: TrainingConfig, step: int) -> float:
    """The factor in the step that follows `step` others."""
    return factor(config.schedule, step / config.steps)


def rate_after(config: TrainingConfig, step: int) -> float:
    """The learning rate in that step."""
    return config.learning_rate * factor_after(config, step)


def _half_cosine(start: float, end: float, done: float) -> float:
    return end + (start - end) * (1 + cos(pi * done)) / 2
