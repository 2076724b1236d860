"""Questions of the LeNet lesson: shapes, parameters with and without a table, the cut, connections; whole lines."""

from dataclasses import replace
from math import prod
from random import Random

from cnn.architecture import Architecture
from cnn.architectures.lenet import lenet5_variant
from cnn.arithmetic import convolution_parameters, output_size
from cnn.exercises.question import Number, Question, distinct
from cnn.layers import Conv, Pool, ReLU, SparseConv, SubSampling


def layer_shape_question(dice: Random) -> Question:
    """How many numbers does one layer of a LeNet with other sizes hold?"""
    size, kernel_size = dice.choice((28, 32, 36, 40, 44)), dice.choice((3, 5))
    channels = (dice.choice((4, 6, 8)), dice.choice((10, 12, 16)))
    layer = dice.choice(("C1", "S2", "C3", "S4"))
    shapes = dict(_front(size, kernel_size, channels).shapes())
    answer = prod(shapes[layer])
    maps, side, _ = shapes[layer]
    order = ("C1", "S2", "C3", "S4")
    before = shapes[order[order.index(layer) - 1]] if layer != "C1" else (1, size, size)
    padded = dict(_front(size + kernel_size - 1, kernel_size, channels).shapes())
    slips: dict[str, Number | None] = {
        "one_map": side**2,
        "layer_before": prod(before),
        "kept_size": maps * before[1] ** 2,
        "forgot_squared": maps * side,
        "padded_input": prod(padded[layer]) if layer in ("C1", "S2") else None,
        "pooled_by_one": maps * output_size(before[1], 2) ** 2 if layer in ("S2", "S4") else None,
        "forgot_plus_one": maps * (before[1] - kernel_size) ** 2 if layer in ("C1", "C3") else None,
    }
    given = {"size": size, "kernel_size": kernel_size, "first": channels[0], "second": channels[1], "layer": layer}
    return Question("layer_shape", given, answer, distinct(answer, slips))


def _front(size: int, kernel_size: int, channels: tuple[int, int]) -> Architecture:
    """The four feature layers of LeNet-5 with these sizes."""
    first, second = channels
    return replace(
        lenet5_variant(),
        input_shape=(1, size, size),
        features=(
            Conv("C1", first, kernel_size=kernel_size),
            ReLU(),
            Pool("S2", "max", kernel_size=2, stride=2),
            Conv("C3", second, kernel_size=kernel_size),
            ReLU(),
            Pool("S4", "max", kernel_size=2, stride=2),
        ),
        classifier=(),
    )


def c3_parameters_question(dice: Random) -> Question:
    """How many parameters has C3 with a table of connections, or where every map reads every one?"""
    kernel_size, sources = dice.choice((3, 5)), 6
    counts = {3: dice.choice((4, 6)), 4: dice.choice((6, 9)), 6: dice.choice((1, 2))}
    maps, sparse = sum(counts.values()), dice.random() < 0.7
    table = tuple(tuple(range(read)) for read, many in counts.items() for _ in range(many))
    by_table = SparseConv("C3", table, kernel_size).parameters((sources, 14, 14))
    dense = convolution_parameters(sources, maps, kernel_size)
    answer = by_table if sparse else dense
    one_each = sum(convolution_parameters(1, 1, kernel_size, bias=False) for _ in table)
    pairs = sum(map(len, table))
    slips: dict[str, Number | None] = {
        "other_wiring": dense if sparse else by_table,
        "forgot_bias": answer - maps,
        "one_bias": answer - maps + 1,
        "bias_per_slice": (pairs if sparse else sources * maps) * (kernel_size**2 + 1),
        "forgot_in_channels": one_each + maps,
        "kernel_side": (pairs if sparse else sources * maps) * kernel_size + maps,
    }
    given = {
        "kernel_size": kernel_size, "sources": sources, "maps": maps, "sparse": sparse,
        "threes": counts[3], "fours": counts[4], "sixes": counts[6],
    }  # fmt: skip
    return Question("c3_parameters", given, answer, distinct(answer, slips))


def cut_question(dice: Random) -> Question:
    """Where is the cut: how many numbers go from `features` to `classifier` in a LeNet with other sizes?"""
    size, channels = dice.choice((28, 32, 36, 40, 44)), (dice.choice((4, 6, 8)), dice.choice((10, 12, 16, 20)))
    units = (dice.choice((100, 120, 150)), dice.choice((60, 84)))
    network = _front(size, 5, channels)
    shapes = dict(network.shapes())
    answer = prod(network.halves[0].shape)
    slips: dict[str, Number | None] = {
        "cut_before_s4": prod(shapes["C3"]),
        "cut_after_c5": units[0],
        "cut_after_f6": units[1],
        "cut_at_output": 10,
        "one_map": prod(shapes["S4"][1:]),
        "maps_alone": channels[1],
    }
    given = {
        "size": size, "first": channels[0], "second": channels[1], "fifth": units[0], "sixth": units[1],
    }  # fmt: skip
    return Question("cut", given, answer, distinct(answer, slips))


def connections_question(dice: Random) -> Question:
    """How many connections has a layer, and how does that differ from its parameters?"""
    size, maps, kernel_size = dice.choice((16, 20, 28, 32)), dice.choice((2, 4, 6, 8)), dice.choice((3, 5))
    sub_sampling = dice.random() < 0.4
    layer = SubSampling("S2") if sub_sampling else Conv("C1", maps, kernel_size)
    shape = (maps if sub_sampling else 1, size, size)
    answer = layer.connections(shape)
    outputs = prod(layer.output_shape(shape))
    per_unit = 4 if sub_sampling else kernel_size**2
    slips: dict[str, Number | None] = {
        "counted_parameters": layer.parameters(shape),
        "forgot_bias_link": answer - outputs,
        "one_map_of_links": answer / maps,
        "input_pixels": prod(shape[1:]) * (per_unit + 1) * maps,
        "outputs_alone": outputs,
        "inputs_per_unit": per_unit + 1,
    }
    given = {"sub_sampling": sub_sampling, "maps": maps, "size": size, "kernel_size": kernel_size}
    return Question("connections", given, answer, distinct(answer, slips))


def line_right_question(dice: Random) -> Question:
    """How likely is a whole line right, where each digit is with the same probability?"""
    digits, percent = dice.choice((3, 4, 5, 6)), dice.choice((90, 92, 94, 95, 96, 97, 98, 99))
    share = percent / 100
    answer = round(100 * share**digits, 2)
    slips: dict[str, Number | None] = {
        "one_digit_alone": percent,
        "subtracted_errors": 100 - digits * (100 - percent),
        "at_least_one_wrong": round(100 - 100 * share**digits, 2),
        "one_factor_missing": round(100 * share ** (digits - 1), 2),
        "all_wrong": round(100 * (1 - share) ** digits, 2),
        "as_a_share": round(share**digits, 4),
    }
    return Question("line_right", {"digits": digits, "percent": percent}, answer, distinct(answer, slips))


def rejection_question(dice: Random) -> Question:
    """How many percent of the digits that a threshold keeps are wrong?"""
    threshold = dice.choice((60, 70, 80, 90))
    sure = [dice.randint(threshold + 1, 99) for _ in range(dice.randint(4, 6))]
    unsure = [dice.randint(35, threshold - 1) for _ in range(dice.randint(2, 4))]
    wrong_kept, wrong_rejected = dice.choice((1, 2)), dice.randint(1, len(unsure))
    read = [(percent, at >= wrong_kept) for at, percent in enumerate([*sure, threshold])]
    read += [(percent, at >= wrong_rejected) for at, percent in enumerate(unsure)]
    dice.shuffle(read)
    kept, total = len(sure) + 1, len(read)
    answer = round(100 * wrong_kept / kept, 2)
    slips: dict[str, Number | None] = {
        "wrong_of_all": round(100 * wrong_kept / total, 2),
        "nothing_rejected": round(100 * (wrong_kept + wrong_rejected) / total, 2),
        "share_rejected": round(100 * len(unsure) / total, 2),
        "threshold_rejected_too": round(100 * wrong_kept / len(sure), 2),
        "wrong_of_the_rejected": round(100 * wrong_rejected / len(unsure), 2),
        "share_right": round(100 - answer, 2),
        "counted_only": wrong_kept,
    }
    given = {"threshold": threshold, "readings": ", ".join(f"{share} {'✓' if right else '✗'}" for share, right in read)}
    return Question("rejection", given, answer, distinct(answer, slips))


KINDS = {
    "layer_shape": layer_shape_question,
    "c3_parameters": c3_parameters_question,
    "cut": cut_question,
    "connections": connections_question,
    "line_right": line_right_question,
    "rejection": rejection_question,
}
