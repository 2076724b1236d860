"""Each change between 1998 and today: drawings of both sides, the numbers of its text, its program."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from cnn.architectures.lenet import C3_TABLE
from cnn.digits import Digit
from cnn.figures import eras as drawings
from cnn.figures import heat
from cnn.figures.theme import Palette
from cnn.lenet import dissection, era_code, era_digits, eras
from cnn.lenet.era_digits import PICTURES, Pooled
from cnn.ui import boot
from cnn.ui.frame import Page
from cnn.ui.gallery import Exhibit, drawn

EXAMPLES = 6  # distorted digits on the screen


@dataclass(frozen=True)
class Shown:
    """What stands on the screen for one change."""

    sides: Mapping[str, Sequence[Exhibit]]  # by era
    numbers: Mapping[str, object]  # of its text and its formula
    code: str


def activation(page: Page, digit: Digit, palette: Palette) -> Shown:
    names = (page.label("eras.sum"), page.label("eras.curve"), page.label("eras.slope"))
    marked: dict[str, tuple[int, ...]] = {"1998": (-1, 1), "today": ()}
    drawn_by_era = {
        era: drawings.activation(function, marked[era], names, palette)
        for era, function in era_digits.ACTIVATIONS.items()
    }
    sides = {era: [_exhibit(page, drawing, "activation", era)] for era, drawing in drawn_by_era.items()}
    numbers = {
        "flat_1998": f"{era_digits.flat_share('1998', digit):.0%}",
        "flat_today": f"{era_digits.flat_share('today', digit):.0%}",
        "at_one": f"{float(era_digits.ACTIVATIONS['1998'](np.array(1.0))):.4f}",
    }
    return Shown(sides, numbers, era_code.activation())


def sub_sampling(page: Page, digit: Digit, palette: Palette) -> Shown:
    then, now = era_digits.pooled("1998", digit), era_digits.pooled("today", digit)
    steps: dict[str, list[tuple[str, float]]] = {
        "1998": [("Σ", then.sum), ("× c + b", then.squashed_from), ("f", then.value)],
        "today": [("max", now.value)],
    }
    sides = {
        era: [_exhibit(page, drawings.pooled(unit.window, steps[era], palette), "sub_sampling", era)]
        for era, unit in (("1998", then), ("today", now))
    }
    numbers = {**_of_unit("then", then), **_of_unit("now", now)}
    numbers |= {"c": _number(then.coefficient), "b": _number(then.bias), "sum": _number(then.sum)}
    numbers |= {"total": _number(then.squashed_from)}
    return Shown(sides, numbers, era_code.sub_sampling(then, now))


def _of_unit(name: str, unit: Pooled) -> dict[str, object]:
    place = {f"{name}_map": unit.map, f"{name}_row": unit.row, f"{name}_column": unit.column}
    return {
        **place,
        f"{name}_window": ", ".join(map(_number, unit.window.ravel().tolist())),
        f"{name}_value": _number(unit.value),
    }


def connections(page: Page, digit: Digit, palette: Palette) -> Shown:
    names = (page.label("eras.s2_maps"), page.label("eras.c3_maps"))
    tables = {"1998": C3_TABLE, "today": (tuple(range(6)),) * len(C3_TABLE)}
    sides = {
        era: [_exhibit(page, drawings.connections(table, 6, names, palette), "connections", era)]
        for era, table in tables.items()
    }
    lengths = [len(read) for read in C3_TABLE]
    numbers: dict[str, object] = {f"reads_{size}": lengths.count(size) for size in (3, 4, 6)}
    for era in eras.ERAS:
        c3 = next(count for count in eras.counts(era) if count.label == "C3")
        numbers |= {f"parameters_{era}": f"{c3.parameters:,}", f"connections_{era}": f"{c3.connections:,}"}
    numbers |= {"pairs": sum(lengths), "maps": len(lengths)}
    return Shown(sides, numbers, era_code.connections())


def output(page: Page, digit: Digit, palette: Palette) -> Shown:
    vector = era_digits.activity("1998", digit, "F6").values
    distances = era_digits.activity("1998", digit, "OUTPUT").sums
    logits = era_digits.activity("today", digit, "OUTPUT").values
    shares = dissection.probabilities(logits)
    codes = drawings.codes(vector.reshape(12, 7), PICTURES, distances, page.label("eras.f6"), palette)
    notes = [f"{share:.1%}" for share in shares]
    sides = {
        "1998": [_exhibit(page, codes, "output", "1998")],
        "today": [_exhibit(page, drawings.shares(shares.tolist(), notes, palette), "output", "today")],
    }
    best = int(np.argmin(distances))
    numbers = {
        "nearest": best,
        "distance": f"{distances[best]:.1f}",
        "second": f"{np.partition(distances, 1)[1]:.1f}",
        "class_today": int(np.argmax(logits)),
        "share": f"{shares.max():.1%}",
        "logit": f"{logits.max():.2f}",
    }
    return Shown(sides, numbers, era_code.output(vector, logits))


def optimiser(page: Page, digit: Digit, palette: Palette) -> Shown:
    boot.load_torch_in_background().join()
    from cnn.training import sdlm

    names = (page.label("eras.passes"), page.label("eras.rate"))
    sides = {
        era: [_exhibit(page, drawings.rates(*eras.rates(era), names, palette), "optimiser", era)] for era in eras.ERAS
    }
    recipes = eras.RECIPES
    numbers: dict[str, object] = {}
    for era, recipe in recipes.items():
        numbers |= {f"batch_{era}": recipe.batch_size, f"passes_{era}": f"{recipe.epochs:g}"}
        numbers |= {f"rate_{era}": np.format_float_positional(recipe.learning_rate)}
    paper = recipes["1998"].learning_rate * 10
    numbers |= {"paper_rate": np.format_float_positional(paper, precision=6), "mu": sdlm.MU, "sample": sdlm.SAMPLE}
    return Shown(sides, numbers, era_code.optimiser(paper, sdlm.MU, recipes["today"].learning_rate))


def distortions(page: Page, digit: Digit, palette: Palette) -> Shown:
    boot.load_torch_in_background().join()
    from cnn.training import distortions as drawn_anew

    matrices = drawn_anew.draw_distortions(2 * EXAMPLES, np.random.default_rng(1998))
    images = drawn_anew.distort(np.repeat(digit[None], 2 * EXAMPLES, axis=0), matrices, 28)
    sides = {
        era: [
            Exhibit(heat.ink_url(image, palette), "", (72, 72), page.label("eras.distorted", number=number + 1))
            for number, image in enumerate(images[start : start + EXAMPLES])
        ]
        for era, start in (("1998", 0), ("today", EXAMPLES))
    }
    numbers = {
        "pixels": f"{drawn_anew.TRANSLATION:g}",
        "scaling": f"{np.expm1(drawn_anew.SCALING):.0%}",
        "squeezing": f"{np.expm1(drawn_anew.SQUEEZING):.0%}",
        "shearing": f"{drawn_anew.SHEARING:g}",
        "plain": f"{eras.runs('lenet5_plain').last:.2%}",
        "distorted": f"{eras.runs('lenet5').last:.2%}",
    }
    first = era_digits.distortion(matrices[0])
    numbers |= {name: _number(value) for name, value in asdict(first).items()}
    return Shown(sides, numbers, era_code.distortions(digit, first))


CHANGES: Mapping[str, Callable[[Page, Digit, Palette], Shown]] = {
    "activation": activation,
    "sub_sampling": sub_sampling,
    "connections": connections,
    "output": output,
    "optimiser": optimiser,
    "distortions": distortions,
}


def _exhibit(page: Page, drawing: str, change: str, era: str) -> Exhibit:
    return drawn(drawing, "", page.label(f"eras.{change}_{era}"))


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
