"""What the training board is told: a run, a capture and a judgement as plain data, in the learner's words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn.datasets import mnist
from cnn.digits import Digit
from cnn.figures.grey import encoded, grey
from cnn.training import TrainingConfig
from cnn.training.capture import Capture, Judgement, Mistake
from cnn.training.jobs import Snapshot
from cnn.training.runs import REASONS, Curve
from cnn.ui.frame import Page
from cnn.ui.shapes import shape_text

Part = dict[str, Any]
Parts = dict[str, Part | list[Part]]

MOST_POINTS = 240  # of a curve, about one a pixel and a half
PLACES = 9  # for mistakes
MAPS = ("C1", "S2", "C3", "S4")
LOWEST_NORM, HIGHEST_NORM = -5, 2  # powers of ten, the ends of the bars


def of_run(page: Page, run: Snapshot, digit: Digit, blank: Capture) -> Parts:
    """Everything about a run; `blank` stands in until there is a capture."""
    capture = run.capture or blank
    return {
        "progress": progress(page, run),
        **curves(page, run.curve, run.steps),
        **pictures(page, capture, digit),
        "layers": layers(page, capture),
        "judgement": judgement(page, run.judgement),
    }


def before(page: Page, config: TrainingConfig, digit: Digit, capture: Capture, judged: Judgement | None) -> Parts:
    """The untrained network, before the first press."""
    waiting = page.label("training.untrained" if judged else "training.loading")
    facts = [page.label("training.step", step="0", steps=f"{config.steps:,}")]
    return {
        "progress": {"state": waiting, "facts": facts, "share": 0, "label": page.label("training.progress")},
        **curves(page, NOTHING, config.steps),
        **pictures(page, capture, digit),
        "layers": layers(page, capture),
        "judgement": judgement(page, judged),
    }


# ------------------------------------------------------------------------------------------------- progress and curves


def progress(page: Page, run: Snapshot) -> Part:
    """How far a run is, how fast, and how long it will take; at its end, the test set."""
    facts = [
        page.label("training.step", step=f"{run.step:,}", steps=f"{run.steps:,}"),
        page.label("training.samples", samples=f"{run.samples:,}"),
        page.label("training.speed", speed=f"{run.samples_per_second:,.0f}"),
    ]
    if run.state == "running" and run.seconds_left is not None:
        facts.append(page.label("training.left", seconds=f"{run.seconds_left:,.0f}"))
    if run.state == "finished":
        facts.append(page.label("training.took", seconds=f"{run.seconds:,.1f}"))
    if run.test_accuracy is not None:
        facts.append(page.label("training.test", accuracy=f"{run.test_accuracy:.2%}"))
    if run.message:
        facts.append(reason(page, run.message))
    state = page.label(f"training.states.{run.state}")
    return {"state": state, "facts": facts, "share": run.step / run.steps, "label": page.label("training.progress")}


def reason(page: Page, message: str) -> str:
    """Why a run is in its state: one of our reasons, or what the exception said."""
    return page.label(f"training.reasons.{message}") if message in REASONS else message


NOTHING = Curve(*(np.array([], kind) for kind in (np.int64, float, float, np.int64, float)))


def curves(page: Page, curve: Curve, steps: int) -> dict[str, Part]:
    """Loss and accuracy over the steps."""
    training = page.label("training.training")
    loss = [_series(training, "training", curve.steps, curve.losses)]
    accuracy = [
        _series(training, "training", curve.steps, curve.accuracies),
        _series(page.label("training.validation"), "validation", curve.validation_steps, curve.validation_accuracies),
    ]
    drawn = {"loss": (loss, True), "accuracy": (accuracy, False)}
    return {
        name: {
            "name": page.label(f"training.{name}"),
            "described": _described(page, name, series),
            "x_name": page.label("training.steps"),
            "steps": steps,
            "log": log,
            "series": series,
        }
        for name, (series, log) in drawn.items()
    }


def _series(name: str, tone: str, x: NDArray[np.int64], y: NDArray[np.float64]) -> Part:
    """At most MOST_POINTS of the points, the last one among them; what is no number is left out."""
    kept = np.flatnonzero(np.isfinite(y))
    if len(kept) > MOST_POINTS:
        kept = kept[np.linspace(0, len(kept) - 1, MOST_POINTS).round().astype(int)]
    return {"name": name, "tone": tone, "x": x[kept].tolist(), "y": y[kept].round(5).tolist()}


def _described(page: Page, name: str, series: Sequence[Part]) -> str:
    ends = [f"{one['name']} {one['y'][-1]:.3g}" for one in series if one["y"]]
    return ": ".join([page.label(f"training.{name}"), ", ".join(ends) or "–"])


# ------------------------------------------------------------------------------------------------------------- pictures


def pictures(page: Page, capture: Capture, digit: Digit) -> dict[str, Part]:
    """Kernels with their gradients, the digit with its probabilities, and its maps."""
    gradients = _strip(page.label("training.gradients"), "kernel", capture.kernel_gradients[:, 0], signed=True)
    kernels = _strip(page.label("training.weights"), "kernel", capture.kernels[:, 0], signed=True)
    maps = [
        _strip(label, "output", values, signed=bool((values < 0).any()))
        for label, values in capture.maps.items()
        if label in MAPS
    ]
    return {
        "kernels": {
            "name": page.label("training.kernels"),
            "note": page.label("training.signed"),
            "rows": [kernels, gradients],
        },
        "digit": {
            "name": page.label("training.digit"),
            "pixels": encoded(digit),
            "chances": [chance(label, share) for label, share in enumerate(probabilities(capture))],
        },
        "maps": {"name": page.label("training.maps"), "rows": maps},
    }


def probabilities(capture: Capture) -> NDArray[np.floating]:
    """Ten numbers, zeros where nothing was computed or the network diverged."""
    return np.nan_to_num(capture.probabilities) if len(capture.probabilities) else np.zeros(10)


def chance(label: int, share: float) -> Part:
    return {"label": str(label), "share": float(share), "words": f"{share:.1%}" if share < 0.9995 else "100%"}


def _strip(label: str, role: str, values: NDArray[np.floating], signed: bool) -> Part:
    """One row of equally large pictures. values (count, height, width)"""
    count, height, width = values.shape
    pixels = encoded(grey(values, signed))
    shape = shape_text(values.shape)
    return {"label": label, "shape": shape, "role": role, "count": count, "height": height, "width": width} | {
        "pixels": pixels
    }


# -------------------------------------------------------------------------------------------------- layers and mistakes


def layers(page: Page, capture: Capture) -> list[Part]:
    """Gradient norm and dead units of each layer."""
    norms = [
        {"label": label, "share": _power(norm), "words": f"{norm:.2g}"}
        for label, norm in capture.gradient_norms.items()
    ]
    dead = [{"label": label, "share": share, "words": f"{share:.0%}"} for label, share in capture.dead_units.items()]
    return [
        {"name": page.label("training.norms"), "note": page.label("training.logarithmic"), "bars": norms},
        {"name": page.label("training.dead"), "note": page.label("training.dead_note"), "bars": dead},
    ]


def _power(norm: float) -> float:
    """Where a norm stands between the ends of the bars, on a logarithmic scale."""
    power = np.log10(max(norm, 10.0**LOWEST_NORM)) if np.isfinite(norm) else HIGHEST_NORM
    return float(min(max((power - LOWEST_NORM) / (HIGHEST_NORM - LOWEST_NORM), 0), 1))


def judgement(page: Page, judged: Judgement | None) -> Part:
    """What is taken for what, and the surest mistakes."""
    counts = judged.confusion if judged else np.zeros((10, 10), int)
    mistakes = judged.mistakes[:PLACES] if judged else ()
    right = f"{judged.accuracy:.1%}" if judged else "–"
    return {
        "confusion": {
            "name": page.label("training.confusion"),
            "note": page.label("training.confusion_note", digits=f"{int(counts.sum()):,}", accuracy=right),
            "described": page.label("training.confusion_note", digits=f"{int(counts.sum()):,}", accuracy=right),
            "counts": counts.tolist(),
        },
        "mistakes": {
            "name": page.label("training.mistakes"),
            "note": page.label("training.mistakes_note"),
            "places": PLACES,
            "digits": [_mistake(page, mistake) for mistake in mistakes],
        },
    }


def _mistake(page: Page, mistake: Mistake) -> Mapping[str, str]:
    numbers = {"true": mistake.true, "predicted": mistake.predicted, "share": f"{mistake.probability:.0%}"}
    return {
        "pixels": encoded(mnist("train")[0][mistake.index]),
        "words": f"{mistake.true} → {mistake.predicted}",
        "described": page.label("training.mistake", **numbers),
    }
