"""Each question's answer is found again by another way, and each slip is diagnosed."""

import math
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn.envelope.reading import rejections
from cnn.exercises import LEAST_SLIPS, LESSONS, Question, kinds, parse, question
from cnn.exercises.pooling import REASONS
from cnn.exercises.question import TOLERANCE, distinct
from cnn.exercises.training import LOOKS, OUTCOMES, VERDICTS
from cnn.layers import Conv, DenseBlock
from cnn.training.specimens import config_of, specimens

TEXT = Path(__file__).parents[2] / "assets" / "text"

torch.set_num_threads(1)

repeatable = settings(max_examples=200, deadline=None, derandomize=True)
KINDS = [(lesson, kind) for lesson in LESSONS for kind in kinds(lesson)]
SEEDS = range(200)


@cache
def questions(lesson, kind):
    return [question(lesson, kind, seed) for seed in SEEDS]


def tensor(grid):
    return torch.tensor(grid, dtype=torch.float64)[None, None]


# ------------------------------------------------------------------------------------------------------- every question


@pytest.mark.parametrize(("lesson", "kind"), KINDS)
def test_slips_are_told_apart_and_diagnosed(lesson, kind):
    for asked in questions(lesson, kind):
        assert asked.kind == kind
        assert len(asked.slips) >= LEAST_SLIPS
        answers: list[Any] = [asked.answer, *asked.slips.values()]
        if asked.choices:
            assert len(set(answers)) == len(answers) and set(answers) <= set(asked.choices)
        else:
            ordered = sorted(answers)
            assert all(high - low > 2 * TOLERANCE for low, high in zip(ordered, ordered[1:], strict=False))
        assert asked.diagnose(asked.answer) == "right"
        for name, wrong in asked.slips.items():
            assert asked.diagnose(wrong) == name
        assert asked.diagnose("nonsense") == "unknown"
        assert asked.choices or asked.diagnose(123456.5) == "unknown"


@pytest.mark.parametrize(("lesson", "kind"), KINDS)
def test_seed_decides(lesson, kind):
    assert [question(lesson, kind, seed) for seed in range(20)] == [question(lesson, kind, seed) for seed in range(20)]
    assert len({str(question(lesson, kind, seed)) for seed in range(20)}) >= 8


@pytest.mark.parametrize(("lesson", "kind"), KINDS)
def test_every_slip_happens(lesson, kind):
    """No slip is in the code that never reaches a learner."""
    seen = {name for asked in questions(lesson, kind) for name in asked.slips}
    assert seen == SLIPS[kind]


@pytest.mark.parametrize(("lesson", "kind"), KINDS)
def test_plain_numbers_only(lesson, kind):
    for asked in questions(lesson, kind)[:30]:
        values = [asked.answer, *asked.slips.values(), *asked.given.values()]
        values += [cell for grid in asked.grids.values() for row in grid for cell in row]
        assert {type(value) for value in values} <= {int, float, bool, str}


@pytest.mark.parametrize("seed", [-1, 0, 10**30])
def test_any_seed_will_do(seed):
    for lesson, kind in KINDS:
        assert question(lesson, kind, seed).kind == kind


@pytest.mark.parametrize(("lesson", "kind"), KINDS)
def test_drawing_ends_soon(lesson, kind):
    dice = Random(0)
    draws = [LESSONS[lesson][kind](dice) for _ in range(200)]
    assert sum(draw is not None and len(draw.slips) >= LEAST_SLIPS for draw in draws) > len(draws) / 4


def test_wrong_names():
    with pytest.raises(ValueError, match="lesson is 'cooking'"):
        kinds("cooking")
    with pytest.raises(ValueError, match="kind is 'absorbed'"):
        question("convolution", "absorbed", 0)


SLIPS = {
    "output_size": {
        "forgot_padding", "one_padding", "forgot_plus_one", "forgot_floor", "rounded_up", "forgot_dilation",
        "forgot_stride",
    },
    "cell_value": {
        "flipped_kernel", "forgot_bias", "ignored_stride", "ignored_padding", "swapped_axes", "ignored_signs",
        "summed_window",
    },
    "parameters": {
        "forgot_bias", "added_bias", "one_bias", "bias_per_slice", "forgot_in_channels", "one_kernel", "kernel_side",
        "counted_outputs",
    },
    "transposed_size": {
        "as_convolution", "forgot_padding", "one_padding", "added_padding", "forgot_minus_one", "forgot_output_padding",
        "only_multiplied",
    },
    "pooled_value": {
        "other_pooling", "top_left", "ignored_stride", "stride_as_window", "summed", "smallest", "swapped_axes",
    },
    "pooled_size": {
        "other_rounding", "kept_last_window", "forgot_rounding", "forgot_padding", "forgot_plus_one",
        "stride_as_window",
    },
    "absorbed": set(REASONS),
    "read_curve": set(VERDICTS),
    "which_setting": {name for group in LOOKS for name in group},
    "what_if": set(OUTCOMES),
    "which_block": {"block_vgg", "block_googlenet", "block_resnet", "block_densenet", "block_senet"},
    "what_changed": {
        "change_lenet", "change_alexnet", "change_vgg", "change_googlenet", "change_resnet", "change_densenet",
        "change_senet",
    },
    "block_parameters": {
        "forgot_normalisation", "kernel_side_once", "all_kernels_three", "counted_projection", "counted_biases",
    },
    "halvings": {"divided_by_double", "one_halving_less", "one_halving_more", "quartered"},
    "top5_error": {"top1_instead", "accuracy_instead", "first_place_left_out", "counted_not_percent"},
    "dense_maps": {"given_left_out", "last_layer_reads", "one_layer_alone", "added_not_concatenated"},
    "layer_macs": {
        "each_weight_once", "one_row_of_places", "counted_operations", "one_input_map", "one_weight_a_kernel",
    },
    "s_cell": {
        "forgot_rectifier", "size_without_sign", "one_left_in", "forgot_selectivity", "subtracted_inhibition",
    },
    "logit_ratio": {"divided_logits", "difference_itself", "other_way_round", "two_to_the_power"},
    "average_as_kernel": {"one_over_side", "one_over_sum_of_sides", "forgot_division", "area"},
    "layer_shape": {
        "one_map", "layer_before", "kept_size", "forgot_squared", "padded_input", "pooled_by_one", "forgot_plus_one",
    },
    "c3_parameters": {
        "other_wiring", "forgot_bias", "one_bias", "bias_per_slice", "forgot_in_channels", "kernel_side",
    },
    "cut": {"cut_before_s4", "cut_after_c5", "cut_after_f6", "cut_at_output", "one_map", "maps_alone"},
    "connections": {
        "counted_parameters", "forgot_bias_link", "one_map_of_links", "input_pixels", "outputs_alone",
        "inputs_per_unit",
    },
    "line_right": {
        "one_digit_alone", "subtracted_errors", "at_least_one_wrong", "one_factor_missing", "all_wrong", "as_a_share",
    },
    "rejection": {
        "wrong_of_all", "nothing_rejected", "share_rejected", "threshold_rejected_too", "wrong_of_the_rejected",
        "share_right", "counted_only",
    },
}  # fmt: skip


# ---------------------------------------------------------------------------------------------------------- convolution


def test_output_size():
    for asked in questions("convolution", "output_size"):
        n, k, s, p, d = (asked.given[name] for name in ("size", "kernel_size", "stride", "padding", "dilation"))
        output = F.conv2d(torch.zeros(1, 1, n, n), torch.zeros(1, 1, k, k), stride=s, padding=p, dilation=d)
        assert output.shape[2:] == (asked.answer, asked.answer)
        exact = (n + 2 * p - d * (k - 1) - 1) / s + 1
        expected = {
            "forgot_padding": (n - d * (k - 1) - 1) // s + 1,
            "one_padding": (n + p - d * (k - 1) - 1) // s + 1,
            "forgot_plus_one": (n + 2 * p - d * (k - 1) - 1) // s,
            "forgot_floor": exact,
            "rounded_up": math.ceil(exact),
            "forgot_dilation": (n + 2 * p - k) // s + 1,
            "forgot_stride": n + 2 * p - d * (k - 1),
        }
        for name, wrong in asked.slips.items():
            assert wrong == pytest.approx(expected[name]), name


def by_hand(image, kernel, bias, stride, padding, row, column):
    """One output cell, pixel by pixel."""
    total = bias
    for y, weights in enumerate(kernel):
        for x, weight in enumerate(weights):
            down, across = row * stride + y - padding, column * stride + x - padding
            if 0 <= down < len(image) and 0 <= across < len(image[0]):
                total += weight * image[down][across]
    return total


def test_cell_value():
    for asked in questions("convolution", "cell_value"):
        image, kernel = asked.grids["image"], asked.grids["kernel"]
        row, column, stride, padding, bias = (
            asked.given[name] for name in ("row", "column", "stride", "padding", "bias")
        )
        assert asked.answer == by_hand(image, kernel, bias, stride, padding, row, column)
        flipped = [weights[::-1] for weights in kernel[::-1]]
        expected = {
            "flipped_kernel": by_hand(image, flipped, bias, stride, padding, row, column),
            "forgot_bias": asked.answer - bias,
            "ignored_stride": by_hand(image, kernel, bias, 1, padding, row, column),
            "ignored_padding": by_hand(image, kernel, bias, stride, 0, row, column),
            "swapped_axes": by_hand(image, kernel, bias, stride, padding, column, row),
            "ignored_signs": by_hand(image, np.abs(kernel), bias, stride, padding, row, column),
            "summed_window": by_hand(image, np.ones_like(kernel), bias, stride, padding, row, column),
        }
        for name, wrong in asked.slips.items():
            assert wrong == expected[name], name


def test_parameters():
    for asked in questions("convolution", "parameters"):
        c_in, c_out, k, bias = (asked.given[name] for name in ("in_channels", "out_channels", "kernel_size", "bias"))
        layer = torch.nn.Conv2d(c_in, c_out, k, bias=bias)
        assert asked.answer == sum(parameter.numel() for parameter in layer.parameters())
        weights, biases = c_out * c_in * k * k, c_out * bias
        expected = {
            "forgot_bias": weights,
            "added_bias": weights + c_out,
            "one_bias": weights + 1,
            "bias_per_slice": c_out * c_in * (k * k + 1),
            "forgot_in_channels": c_out * k * k + biases,
            "one_kernel": c_in * k * k + bias,
            "kernel_side": c_out * c_in * k + biases,
            "counted_outputs": c_out * (asked.given["size"] - k + 1) ** 2,
        }
        for name, wrong in asked.slips.items():
            assert wrong == expected[name], name


def test_transposed_size():
    for asked in questions("convolution", "transposed_size"):
        n, k, s, p, extra = (
            asked.given[name] for name in ("size", "kernel_size", "stride", "padding", "output_padding")
        )
        output = F.conv_transpose2d(torch.zeros(1, 1, n, n), torch.zeros(1, 1, k, k), None, s, p, extra)
        assert output.shape[2:] == (asked.answer, asked.answer)
        expected = {
            "as_convolution": (n + 2 * p - k) // s + 1,
            "forgot_padding": (n - 1) * s + k + extra,
            "one_padding": (n - 1) * s - p + k + extra,
            "added_padding": (n - 1) * s + 2 * p + k + extra,
            "forgot_minus_one": n * s - 2 * p + k + extra,
            "forgot_output_padding": (n - 1) * s - 2 * p + k,
            "only_multiplied": n * s,
        }
        for name, wrong in asked.slips.items():
            assert wrong == expected[name], name


# -------------------------------------------------------------------------------------------------------------- pooling


def test_pooled_value():
    for asked in questions("pooling", "pooled_value"):
        image = np.array(asked.grids["image"])
        window, stride = asked.given["window"], asked.given["stride"]
        row, column = asked.given["row"], asked.given["column"]

        def covered(row, column, stride, image=image, window=window):
            return image[row * stride : row * stride + window, column * stride : column * stride + window]

        pool, other = (np.max, np.mean) if asked.given["pooling"] == "max" else (np.mean, np.max)
        seen = covered(row, column, stride)
        assert asked.answer == pool(seen)
        torch_pool = F.max_pool2d if asked.given["pooling"] == "max" else F.avg_pool2d
        assert asked.answer == torch_pool(tensor(asked.grids["image"]), window, stride)[0, 0, row, column]
        expected = {
            "other_pooling": other(seen),
            "top_left": seen[0, 0],
            "ignored_stride": pool(covered(row, column, 1)),
            "stride_as_window": pool(beyond) if (beyond := covered(row, column, window)).size else None,
            "summed": seen.sum(),
            "smallest": seen.min(),
            "swapped_axes": pool(covered(column, row, stride)),
        }
        for name, wrong in asked.slips.items():
            assert wrong == pytest.approx(expected[name]), name


def test_pooled_size():
    for asked in questions("pooling", "pooled_size"):
        n, k, s, p, ceil_mode = (asked.given[name] for name in ("size", "window", "stride", "padding", "ceil_mode"))

        def size(n=n, k=k, s=s, p=p, ceil_mode=ceil_mode):
            return F.max_pool2d(torch.zeros(1, 1, n, n), k, s, p, ceil_mode=ceil_mode).shape[2]

        assert asked.answer == size()
        exact = (n + 2 * p - k) / s + 1
        assert not exact.is_integer()
        expected = {
            "other_rounding": size(ceil_mode=not ceil_mode),
            "kept_last_window": math.ceil(exact),
            "forgot_rounding": exact,
            "forgot_padding": size(p=0),
            "forgot_plus_one": size() - 1,
            "stride_as_window": size(s=k),
        }
        for name, wrong in asked.slips.items():
            assert wrong == pytest.approx(expected[name]), name


def test_absorbed():
    """The reason again, window by window, in torch."""
    for asked in questions("pooling", "absorbed"):
        window, stride, average = asked.given["window"], asked.given["stride"], asked.given["pooling"] == "average"
        row, column = asked.given["row"], asked.given["column"]
        image, kernel = tensor(asked.grids["image"]), tensor(asked.grids["kernel"])
        assert image[0, 0, row, column] == asked.given["old"] != asked.given["new"]
        changed_image = image.clone()
        changed_image[0, 0, row, column] = asked.given["new"]
        before, after = (F.conv2d(each, kernel)[0, 0] for each in (image, changed_image))
        windows = [
            (old, new)
            for old, new in zip(
                before.unfold(0, window, stride).unfold(1, window, stride).reshape(-1, window**2),
                after.unfold(0, window, stride).unfold(1, window, stride).reshape(-1, window**2),
                strict=True,
            )
        ]
        touched = [(old, new) for old, new in windows if not torch.equal(old, new)]
        larger = [new.max() > old.max() for old, new in touched]
        smaller = [new.max() < old.max() for old, new in touched]
        if torch.equal(before, after):
            expected = "absorbed_unchanged"
        elif average:
            assert any(old.mean() != new.mean() for old, new in touched)
            expected = "noticed_average"
        elif any(larger):
            assert not any(smaller)
            expected = "noticed_larger"
        elif any(smaller):
            expected = "noticed_lost"
        else:
            assert touched
            for old, new in touched:  # one that has not changed is the maximum, before and after
                assert new[old == new].tolist() and new[old == new].max() == old.max() == new.max()
            expected = "absorbed_neighbour"
        assert asked.answer == expected
        assert asked.choices == REASONS


def test_absorbed_asks_for_each_reason():
    answers = [asked.answer for asked in questions("pooling", "absorbed")]
    assert all(answers.count(reason) > len(SEEDS) / 10 for reason in REASONS)


def test_average_as_kernel():
    for asked in questions("pooling", "average_as_kernel"):
        rows, columns = asked.given["rows"], asked.given["columns"]
        image = torch.arange(100.0, dtype=torch.float64).reshape(1, 1, 10, 10).sqrt()
        kernel = torch.tensor(asked.answer, dtype=torch.float64).expand(1, 1, rows, columns)
        pooled = F.avg_pool2d(image, (rows, columns))
        torch.testing.assert_close(F.conv2d(image, kernel, stride=(rows, columns)), pooled)
        expected = {
            "one_over_side": 1 / rows,
            "one_over_sum_of_sides": 1 / (rows + columns),
            "forgot_division": 1,
            "area": rows * columns,
        }
        for name, wrong in asked.slips.items():
            assert wrong == expected[name], name


# ---------------------------------------------------------------------------------------------------------------- lenet


def lenet_features(size, kernel_size, first, second):
    """The feature layers as torch builds them; -> the output of each, by its name."""
    maps, found = torch.zeros(1, 1, size, size), {}
    layers = {"C1": torch.nn.Conv2d(1, first, kernel_size), "S2": torch.nn.MaxPool2d(2)}
    layers |= {"C3": torch.nn.Conv2d(first, second, kernel_size), "S4": torch.nn.MaxPool2d(2)}
    for name, layer in layers.items():
        maps = found[name] = layer(maps)
    return found


def test_layer_shape_and_cut():
    for asked in questions("lenet", "layer_shape"):
        size, k, first, second = (asked.given[name] for name in ("size", "kernel_size", "first", "second"))
        assert asked.answer == lenet_features(size, k, first, second)[asked.given["layer"]].numel()
    for asked in questions("lenet", "cut"):
        size, first, second = (asked.given[name] for name in ("size", "first", "second"))
        found = lenet_features(size, 5, first, second)
        assert asked.answer == found["S4"].flatten().numel()
        assert asked.slips.get("cut_before_s4", found["C3"].numel()) == found["C3"].numel()


def test_c3_parameters_and_connections():
    for asked in questions("lenet", "c3_parameters"):
        k, maps = asked.given["kernel_size"], asked.given["maps"]
        reads = [3] * asked.given["threes"] + [4] * asked.given["fours"] + [6] * asked.given["sixes"]
        assert len(reads) == maps
        reads = reads if asked.given["sparse"] else [6] * maps
        layers = [torch.nn.Conv2d(read, 1, k) for read in reads]
        assert asked.answer == sum(weights.numel() for layer in layers for weights in layer.parameters())
    for asked in questions("lenet", "connections"):
        size, maps, k = (asked.given[name] for name in ("size", "maps", "kernel_size"))
        units = maps * (size // 2) ** 2 if asked.given["sub_sampling"] else maps * (size - k + 1) ** 2
        assert asked.answer == units * ((4 if asked.given["sub_sampling"] else k * k) + 1)


def test_a_whole_line_right():
    """Every way in which the digits can turn out, and the chance of the one where all are right."""
    for asked in questions("lenet", "line_right"):
        digits, right = asked.given["digits"], Fraction(asked.given["percent"], 100)
        ways = {
            way: math.prod(right if good else 1 - right for good in way)
            for way in product((True, False), repeat=digits)
        }
        assert sum(ways.values()) == 1
        expected = {
            "at_least_one_wrong": sum(chance for way, chance in ways.items() if not all(way)),
            "all_wrong": ways[(False,) * digits],
            "one_factor_missing": sum(chance for way, chance in ways.items() if all(way[1:])),
        }
        assert asked.answer == pytest.approx(100 * float(ways[(True,) * digits]), abs=TOLERANCE)
        for name in expected.keys() & asked.slips.keys():
            assert asked.slips[name] == pytest.approx(100 * float(expected[name]), abs=TOLERANCE), name


def test_errors_among_the_kept():
    """Counted from what the learner reads."""
    for asked in questions("lenet", "rejection"):
        read = [each.split() for each in asked.given["readings"].split(", ")]
        sure, right = [int(share) for share, _ in read], [sign == "✓" for _, sign in read]
        threshold = asked.given["threshold"]
        assert threshold in sure
        (point,) = rejections(sure, right, (threshold,))
        assert asked.answer == pytest.approx(100 * point.errors, abs=TOLERANCE)
        (above,) = rejections(sure, right, (threshold + 0.5,))
        expected = {"share_rejected": point.rejected, "nothing_rejected": 1 - sum(right) / len(right),
                    "threshold_rejected_too": above.errors}  # fmt: skip
        for name in expected.keys() & asked.slips.keys():
            assert asked.slips[name] == pytest.approx(100 * expected[name], abs=TOLERANCE), name


# -------------------------------------------------------------------------------------------------------- typed answers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5), (" 5 ", 5), ("-1", -1), ("−1", -1), ("–1", -1), ("- 1", -1), ("+3", 3), ("0.5", 0.5), ("0,5", 0.5),
        (".5", 0.5), (",5", 0.5), ("-,5", -0.5), ("5.", 5), ("1/3", 1 / 3), ("1 / 3", 1 / 3), ("-1/4", -0.25),
        ("1⁄9", 1 / 9), ("1/-4", -0.25), ("61706", 61706), ("61,706", 61706), ("61 706", 61706),
        ("1,234,567.5", 1234567.5), ("0,125", 0.125), ("1,25", 1.25), ("12,3456", 12.3456), ("007", 7), ("０．５", 0.5),
        ("－１／４", -0.25), ("\u00a05", 5), ("1,5/2", 0.75),
    ],
)  # fmt: skip
def test_parse(text, value):
    assert parse(text) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "/", "1/", "/2", "1/0", "1/0.0", "1/2/3", "nan", "inf", "1e5", "abc", "5 px", "--1", "1.2.3",
     "1,2,3", ",", ".", "0x1", "1_000", "٣", "½", "2²", "1;2", "<b>", "9" * 41, "1" * 100_000, "\x00"],
)  # fmt: skip
def test_parse_refuses(text):
    with pytest.raises(ValueError):
        parse(text)


@repeatable
@given(st.text(max_size=60) | st.text(alphabet="0123456789+-−.,/ ", max_size=41))
def test_parse_any_text(text):
    try:
        value = parse(text)
    except ValueError:
        return
    assert math.isfinite(value)


@repeatable
@given(st.integers(-(10**6), 10**6).map(lambda hundredths: hundredths / 100))
def test_parse_what_python_writes(value):
    assert parse(str(value)) == value
    assert parse(str(value).replace(".", ",")) == pytest.approx(value) or len(str(value).partition(".")[2]) == 3


def test_rounded_answers_are_right():
    third = Question("thirds", {}, 1 / 3, {"half": 0.5, "one": 1})
    assert [third.diagnose(parse(text)) for text in ("1/3", "0.33", "0,333", "0.3", "1/2", "1", "2")] == [
        "right", "right", "right", "unknown", "half", "one", "unknown",
    ]  # fmt: skip
    assert third.diagnose(math.nan) == "unknown"


def test_distinct():
    slips = {"same": 7.004, "none": None, "twin": 3, "other_twin": 3.0, "alone": 9.5}
    assert distinct(7, slips) == {"alone": 9.5}


# ------------------------------------------------------------------------------------------------------------- timeline


def test_top5_error_photograph_by_photograph():
    for asked in questions("timeline", "top5_error"):
        told = asked.given
        places = [1] * told["first"] + [4] * told["later"]
        places += [9] * (told["photographs"] - len(places))
        missed, not_first = (100 * np.mean([place > allowed for place in places]) for allowed in (5, 1))
        assert asked.answer == pytest.approx(missed)
        assert asked.slips.get("top1_instead", not_first) == pytest.approx(not_first)


def test_logit_ratio_by_the_softmax():
    for asked in questions("timeline", "logit_ratio"):
        first, second, _ = torch.tensor([asked.given["higher"], asked.given["lower"], 1.0]).softmax(dim=0).tolist()
        assert asked.answer == pytest.approx(first / second, abs=0.0051)


def test_dense_maps_of_the_spec():
    for asked in questions("timeline", "dense_maps"):
        told = asked.given
        block = DenseBlock("block", told["layers"], told["growth"])
        assert block.output_shape((told["maps"], 8, 8))[0] == asked.answer


def test_layer_macs_of_the_spec():
    for asked in questions("timeline", "layer_macs"):
        told = asked.given
        layer = Conv("C", told["out_channels"], told["size"], padding=told["size"] // 2, bias=False)
        assert layer.macs((told["in_channels"], told["side"], told["side"])) == asked.answer


def test_s_cell_by_its_formula():
    for asked in questions("timeline", "s_cell"):
        told = asked.given
        bracket = (1 + told["excitation"]) / (1 + told["inhibition"]) - 1
        assert asked.answer == pytest.approx(told["selectivity"] * max(bracket, 0), abs=1e-3)
        assert told["excitation"] >= 0


# ------------------------------------------------------------------------------------------------------------- training


def runs_behind(asked):
    """The specimens that a question shows."""
    shown = asked.curves["training"], asked.curves["validation"]
    return [run for run in specimens() if (run.training, run.validation) == shown]


def test_which_setting_was_that_of_the_run():
    for asked in questions("training", "which_setting"):
        assert asked.answer in {run.change for run in runs_behind(asked)}
        groups = [next(at for at, group in enumerate(LOOKS) if choice in group) for choice in asked.choices]
        assert len(set(groups)) == len(groups) == 4


def test_read_curve_by_what_was_done_to_the_run():
    """The changes are known, and what each does to a training; the answer was read off the curves alone."""
    causes = {
        "by_heart": {"few_digits"},
        "creeping": {"rate_too_small", "sgd"},
        "nothing": {"rate_too_large", "zero_start"},
        "forgetting": {"unshuffled"},
    }
    spoiling = set().union(*causes.values())
    for asked in questions("training", "read_curve"):
        changes = {run.change for run in runs_behind(asked)}
        assert changes and (changes <= causes[asked.answer] if asked.answer in causes else not changes & spoiling)


def test_what_if_against_the_ends_of_the_runs():
    ends = {}
    for run in specimens():
        ends.setdefault(run.change, []).append(run.validation[-1])
    for asked in questions("training", "what_if"):
        usual, changed = np.array(ends["base"]), np.array(ends[asked.given["change"]])
        expected = {
            "chance": (changed < 0.12).all(),
            "higher": (changed[:, None] > usual).all(),
            "lower": (changed[:, None] < usual).all() and (changed >= 0.12).any(),
            "same": abs(changed.mean() - usual.mean()) <= np.ptp(usual) + 1e-12,
        }
        assert expected[str(asked.answer)]
        assert asked.given["value"] != asked.given["before"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rates_in_the_words_are_those_of_the_runs(language):
    words = (TEXT / f"exercises.{language}.md").read_text(encoding="utf-8").splitlines()
    for change in ("sgd", "sgd_larger", "momentum"):
        [said] = [line for line in words if line.startswith(f'"{change}": ')]
        assert f" {config_of(change, 1).learning_rate:g}" in said
