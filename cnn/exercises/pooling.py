"""Questions of the pooling lesson."""

from random import Random
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnn.arithmetic import output_size
from cnn.exercises.question import Number, Question, distinct, plain, shown
from cnn.operations import avg_pool2d, max_pool2d
from cnn.perturbation import Comparison, compare

Pooling = Literal["max", "average"]


def pooled_value_question(dice: Random) -> Question | None:
    """Which number stands in the marked cell of the pooled map?"""
    pooling: Pooling = dice.choice(("max", "average"))
    window = 2 if pooling == "average" else dice.choice((2, 3))  # quarters are typed more easily than ninths
    stride = dice.randint(1, window)
    size = window + dice.randint(1, 3)
    image = np.array([[dice.randint(0, 40) for _ in range(size)] for _ in range(size)], float)
    side = output_size(size, window, stride)
    row, column = dice.randrange(side), dice.randrange(side)

    def cell(pooled: NDArray[np.floating], row: int = row, column: int = column) -> Number | None:
        inside = row < pooled.shape[1] and column < pooled.shape[2]
        return plain(pooled[0, row, column]) if inside else None

    largest, average = max_pool2d(image[None], window, stride), avg_pool2d(image[None], window, stride)
    right, other = (largest, average) if pooling == "max" else (average, largest)
    pool = max_pool2d if pooling == "max" else avg_pool2d
    answer = cell(right)
    assert answer is not None
    slips: dict[str, Number | None] = {
        "other_pooling": cell(other),
        "top_left": cell(max_pool2d(image[None], 1, stride)),
        "ignored_stride": cell(pool(image[None], window, 1)),
        "stride_as_window": cell(pool(image[None], window)),
        "summed": cell(average * window**2),
        "smallest": cell(-max_pool2d(-image[None], window, stride)),
        "swapped_axes": cell(right, column, row),
    }
    given = {"pooling": pooling, "window": window, "stride": stride, "row": row, "column": column}
    kept = distinct(answer, slips)
    if "other_pooling" not in kept:
        return None
    return Question("pooled_value", given, answer, kept, {"image": shown(image)})


def pooled_size_question(dice: Random) -> Question | None:
    """How many rows and columns does the pooled map have, rounded down or up?"""
    size, window, stride = dice.randint(6, 32), dice.randint(2, 4), dice.randint(2, 4)
    padding, ceil_mode = dice.randint(0, window // 2), dice.random() < 0.5
    answer = output_size(size, window, stride, padding, ceil_mode=ceil_mode)
    exact = (output_size(size, window, 1, padding) - 1) / stride + 1
    if exact.is_integer():  # floor or ceil would not matter
        return None
    slips: dict[str, Number | None] = {
        "other_rounding": output_size(size, window, stride, padding, ceil_mode=not ceil_mode),
        "kept_last_window": int(exact) + 1 if ceil_mode else None,  # it would start in the padding, and does not count
        "forgot_rounding": exact,
        "forgot_padding": output_size(size, window, stride, ceil_mode=ceil_mode),
        "forgot_plus_one": answer - 1,
        "stride_as_window": output_size(size, window, window, padding, ceil_mode=ceil_mode),
    }
    given = {"size": size, "window": window, "stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    return Question("pooled_size", given, answer, distinct(answer, slips))


REASONS = (
    "absorbed_neighbour",  # outputs of the convolution change, but one that does not is the maximum of each window
    "absorbed_unchanged",  # no output of the convolution changes: the pixel meets zero weights only
    "noticed_larger",  # a larger output than any in its window comes up
    "noticed_lost",  # the only largest output of a window is lost
    "noticed_average",  # an average feels every one of its outputs
)
_KERNELS = (
    ((1, -1),),
    ((-1, 1),),
    ((1,), (-1,)),
    ((1, -1), (1, -1)),
    ((0, 1, -1),),
    ((1, -1), (0, 0)),
)


def absorbed_question(dice: Random) -> Question:
    """One pixel changes: does the pooled map, and why?"""
    answer = dice.choice(REASONS)
    while True:  # ends soon: the rarest reason, a lost maximum, is one draw in 23
        pooling: Pooling = "average" if answer == "noticed_average" else dice.choice(("max", "max", "max", "average"))
        image, kernel = _small_scene(dice), np.array(dice.choice(_KERNELS), float)
        row, column = _pixel(dice, image)
        value = dice.choice([new for new in (0, 1, 2) if new != image[row, column]])
        window = dice.choice((2, 2, 3))
        stride = dice.randint(1, window)
        if reason(image, kernel, (row, column), value, pooling, window, stride) == answer:
            break
    given = {
        "row": row,
        "column": column,
        "old": plain(image[row, column]),
        "new": value,
        "pooling": pooling,
        "window": window,
        "stride": stride,
    }
    slips = {choice: choice for choice in REASONS if choice != answer}
    return Question("absorbed", given, answer, slips, {"image": shown(image), "kernel": shown(kernel)}, REASONS)


def _small_scene(dice: Random) -> NDArray[np.float64]:
    """The lecture's ones with a column of zeros, a step from dark to light, or a few spots on dark."""
    height, width = dice.randint(4, 5), dice.randint(5, 6)
    image = np.ones((height, width))
    style = dice.choice(("column", "step", "spots", "spots"))
    if style == "column":
        image[:, dice.randrange(width)] = 0
    elif style == "step":
        image[:, : dice.randint(1, width - 1)] = 0
    else:
        image[:] = [[dice.random() < 0.2 for _ in range(width)] for _ in range(height)]
    return image


def _pixel(dice: Random, image: NDArray[np.float64]) -> tuple[int, int]:
    """Any pixel, or as often one of the rarer value: of the dark column, of the spots."""
    anywhere = [(row, column) for row in range(image.shape[0]) for column in range(image.shape[1])]
    rarer = [pixel for pixel in anywhere if image[pixel] == (image.mean() < 0.5)]
    return dice.choice(rarer if rarer and dice.random() < 0.5 else anywhere)


def reason(
    image: NDArray[np.float64],
    kernel: NDArray[np.float64],
    pixel: tuple[int, int],
    value: float,
    pooling: Pooling,
    window: int,
    stride: int,
) -> str | None:
    """Why the pooled map notices the changed pixel or does not, one of REASONS; None where two reasons mix.

    Shapes: image (h, w), kernel (k_h, k_w)
    """
    after = image.copy()
    after[pixel] = value
    change = compare(image, after, kernel, pooling, window, stride)
    if not change.changed_convolution.any():
        return "absorbed_unchanged"
    if pooling == "average":
        return None if change.absorbed else "noticed_average"  # absorbed: two changes that cancel out
    if change.absorbed:
        return "absorbed_neighbour" if _neighbours_stand_in(change, window, stride) else None
    rises = (change.changed_pooled & (change.pooled_after > change.pooled)).any()
    falls = (change.changed_pooled & (change.pooled_after < change.pooled)).any()
    if rises and falls:
        return None
    return "noticed_larger" if rises else "noticed_lost"


def _neighbours_stand_in(change: Comparison, window: int, stride: int) -> bool:
    """Whether each changed output lies in a window, and each window's maximum is an output that did not change."""
    changed = change.changed_convolution
    others = np.where(changed, -np.inf, change.convolution)
    rows, columns = ((count - 1) * stride + window for count in change.pooled.shape)  # beyond, no window looks
    all_seen = changed[:rows, :columns].sum() == changed.sum()
    return bool(all_seen and np.array_equal(max_pool2d(others[None], window, stride)[0], change.pooled))


def average_as_kernel_question(dice: Random) -> Question:
    """Which weight, everywhere in the kernel, makes a convolution the same as average pooling?"""
    rows = dice.randint(2, 5)
    columns = rows if dice.random() < 0.6 else dice.randint(2, 5)
    single_one = np.zeros((1, rows, columns))
    single_one[0, 0, 0] = 1
    answer = plain(avg_pool2d(single_one, (rows, columns))[0, 0, 0])  # what one pixel contributes
    slips: dict[str, Number | None] = {
        "one_over_side": 1 / rows,
        "one_over_sum_of_sides": 1 / (rows + columns),
        "forgot_division": 1,
        "area": rows * columns,
    }
    return Question("average_as_kernel", {"rows": rows, "columns": columns}, answer, distinct(answer, slips))


KINDS = {
    "pooled_value": pooled_value_question,
    "pooled_size": pooled_size_question,
    "absorbed": absorbed_question,
    "average_as_kernel": average_as_kernel_question,
}
