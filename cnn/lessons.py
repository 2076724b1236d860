"""The lessons, in the order in which they are taught. A new lesson is one line here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """One lesson: `key` names its page (pages/<key>.py), its text and its labels."""

    key: str
    sections: tuple[str, ...]  # the tabs, in order

    @property
    def page(self) -> str:
        return f"pages/{self.key}.py"


LESSONS = (
    Lesson("convolution", ("numbers", "photograph", "channels", "dimensions", "transposed")),
    Lesson(
        "pooling", ("numbers", "perturb", "puddles", "absorption", "shift", "as_convolution", "stride_instead", "roles")
    ),
    Lesson("lenet", ("opened", "weights", "then_and_now", "why", "envelope")),
    Lesson("training", ("watch", "compare", "time", "ablation")),
    Lesson("timeline", ("line", "whole", "blocks", "real_weights", "charts", "neocognitron")),
)


def lesson(key: str) -> Lesson:
    """The lesson of that key; KeyError where there is none."""
    return {lesson.key: lesson for lesson in LESSONS}[key]
