"""Questions of the training lesson, asked of real runs: see `cnn.training.specimens`."""

from collections.abc import Sequence
from dataclasses import asdict
from random import Random

from cnn.exercises.question import Question
from cnn.training.specimens import BASE, CHANGES, SEEDS, Specimen, specimens

VERDICTS = ("learned", "by_heart", "creeping", "nothing", "forgetting")

# Curves that look alike stand together: of each group at most one is offered.
LOOKS = (
    ("base",),
    ("rate_too_large", "zero_start"),
    ("rate_too_small", "sgd"),
    ("unshuffled",),
    ("few_digits",),
    ("batch_1024",),
)
OFFERED = 4

OUTCOMES = ("higher", "same", "lower", "chance")
CHANCE = 0.12  # of ten classes, the most frequent one has a share of 0.11


def verdict(run: Specimen) -> str | None:
    """What a run's curves say, one of VERDICTS; None where they say it less clearly."""
    training, validation = run.training, run.validation
    if min(training[1:-1]) < 0.05:  # below chance: always the class before
        return "forgetting"
    if max(validation) < CHANCE and max(validation) - min(validation) < 0.03:
        return "nothing"
    if validation[-1] < 0.3:
        return "creeping" if validation[-1] > validation[0] + 0.02 else None
    if validation[-1] < 0.92:
        return None
    gap = training[-1] - validation[-1]
    if gap > 0.04:
        return "by_heart"
    return "learned" if abs(gap) < 0.02 and validation[-1] > 0.97 else None


def read_curve_question(dice: Random) -> Question | None:
    """What happened in the run with these two curves?"""
    asked = dice.choice(VERDICTS)  # each as often as the others, however many runs show it
    answers = {run: found for run in specimens() if (found := verdict(run))}
    run = dice.choice([run for run, found in answers.items() if found == asked])
    slips = {other: other for other in VERDICTS if other != asked}
    return Question("read_curve", {}, asked, slips, choices=VERDICTS, curves=_curves(run))


def which_setting_question(dice: Random) -> Question:
    """Which one setting made these two curves?"""
    groups = dice.sample(LOOKS, OFFERED)
    choices = [dice.choice(group) for group in groups]
    answer = choices[0]
    run = _runs(answer)[dice.randrange(len(SEEDS))]
    dice.shuffle(choices)
    slips = {choice: choice for choice in choices if choice != answer}
    return Question("which_setting", {}, answer, slips, choices=tuple(choices), curves=_curves(run))


def what_if_question(dice: Random) -> Question | None:
    """One setting changes: where does the validation accuracy end, in three runs with seeds of their own?"""
    change = dice.choice([change for change in CHANGES if change != "base"])
    answer = outcome(_ends("base"), _ends(change))
    if answer is None:
        return None
    name, value = next(iter(CHANGES[change].items()))
    given = {"change": change, "before": asdict(BASE)[name], "value": value}
    run = _runs("base")[dice.randrange(len(SEEDS))]
    slips = {other: other for other in OUTCOMES if other != answer}
    return Question("what_if", given, answer, slips, choices=OUTCOMES, curves=_curves(run))


def outcome(before: Sequence[float], after: Sequence[float]) -> str | None:
    """How the ends of some runs compare with those of others: apart from them, among them, or at chance.

    None where they overlap only in part.
    """
    if max(after) < CHANCE:
        return "chance"
    if min(after) > max(before):
        return "higher"
    if max(after) < min(before):
        return "lower"
    spread = max(before) - min(before)
    return "same" if abs(sum(after) / len(after) - sum(before) / len(before)) <= spread else None


def _runs(change: str) -> list[Specimen]:
    return [run for run in specimens() if run.change == change]


def _ends(change: str) -> list[float]:
    return [run.validation[-1] for run in _runs(change)]


def _curves(run: Specimen) -> dict[str, tuple[float, ...]]:
    return {"training": run.training, "validation": run.validation}


KINDS = {
    "read_curve": read_curve_question,
    "which_setting": which_setting_question,
    "what_if": what_if_question,
}
