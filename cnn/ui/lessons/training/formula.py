"""The formula card: the loss and the update, with the numbers of the run on the stage."""

from math import log

from streamlit.delta_generator import DeltaGenerator

from cnn.text import grouped
from cnn.training import TrainingConfig
from cnn.training.config import CLASSES
from cnn.training.jobs import Snapshot
from cnn.training.schedules import factor_after, rate_after
from cnn.ui.frame import Page
from cnn.ui.tex import scientific


def write(page: Page, place: DeltaGenerator, config: TrainingConfig, run: Snapshot | None) -> None:
    """Fill the card's place; the same lines at every step, so that nothing moves."""
    step = min(run.step if run else 0, config.steps - 1)
    losses = run.curve.losses.tolist() if run else []
    place.markdown(
        page.sentence(
            "formula",
            loss=config.loss,
            optimiser=config.optimiser,
            rubbish=f"{config.rubbish:g}",
            value=f"{losses[-1]:.4g}" if losses else "",
            chance=f"{log(CLASSES):.3f}",
            images=grouped(config.images),
            batch=config.batch_size,
            per_pass=grouped(config.steps_per_epoch),
            exact=config.steps == config.steps_per_epoch * config.epochs,
            epochs=f"{config.epochs:g}",
            steps=grouped(config.steps),
            step=grouped(step + 1),
            largest=scientific(config.learning_rate),
            rate=scientific(rate_after(config, step)),
            factor=f"{factor_after(config, step):.3g}",
        )
    )
