"""Questions of the timeline lesson."""

import math
from random import Random

from cnn.architectures.resnet import EXPANSION, bottleneck
from cnn.arithmetic import convolution_parameters
from cnn.exercises.question import Number, Question, distinct, plain
from cnn.timeline import history

BLOCKS = ("block_vgg", "block_googlenet", "block_resnet", "block_densenet", "block_senet")
CHANGES = {  # what was new, and in which network
    "change_lenet": "LeNet-5",
    "change_alexnet": "AlexNet",
    "change_vgg": "VGG",
    "change_googlenet": "GoogLeNet",
    "change_resnet": "ResNet",
    "change_densenet": "DenseNet",
    "change_senet": "SENet",
}


def which_block_question(dice: Random) -> Question:
    """A block is told as what is computed: whose is it?"""
    answer = dice.choice(BLOCKS)
    slips = {block: block for block in BLOCKS if block != answer}
    return Question(
        "which_block",
        {"told": answer.removeprefix("block_")},
        answer,
        slips,
        choices=tuple(dice.sample(BLOCKS, len(BLOCKS))),
    )


def what_changed_question(dice: Random) -> Question:
    """What was new in a network, against those before it?"""
    answer = dice.choice(tuple(CHANGES))
    slips = {change: change for change in CHANGES if change != answer}
    given = {"network": CHANGES[answer], "year": history.stops()[answer.removeprefix("change_")].year}
    return Question("what_changed", given, answer, slips, choices=tuple(dice.sample(tuple(CHANGES), len(CHANGES))))


def block_parameters_question(dice: Random) -> Question:
    """How many parameters has a bottleneck with an identity shortcut?"""
    width = 8 * dice.randint(2, 32)
    channels = EXPANSION * width
    one, three = (convolution_parameters(width, width, size, 1, False) for size in (1, 3))
    down, up = (convolution_parameters(*pair, 1, 1, False) for pair in ((channels, width), (width, channels)))
    answer = bottleneck("block", channels, width, 1).parameters((channels, 8, 8))
    norms = answer - (down + three + up)
    slips: dict[str, Number | None] = {
        "forgot_normalisation": answer - norms,
        "kernel_side_once": answer - three + 3 * one,
        "all_kernels_three": answer + 8 * (down + up),
        "counted_projection": answer + convolution_parameters(channels, channels, 1, 1, False),
        "counted_biases": answer + 2 * width + channels,
    }
    return Question("block_parameters", {"channels": channels, "width": width}, answer, distinct(answer, slips))


def halvings_question(dice: Random) -> Question:
    """What size is left after some halvings?"""
    halvings = dice.randint(3, 6)
    answer = dice.randint(3, 12)
    size = answer * 2**halvings
    slips: dict[str, Number | None] = {
        "divided_by_double": size / (2 * halvings),
        "one_halving_less": 2 * answer,
        "one_halving_more": answer / 2,
        "quartered": size / 4**halvings,
    }
    return Question("halvings", {"size": size, "halvings": halvings}, answer, distinct(answer, slips))


def top5_error_question(dice: Random) -> Question:
    """Right in the first place so often, in places two to five so often: what is the top-5 error?"""
    photographs = 100 * dice.randint(1, 5)
    missed = dice.randint(4, 24) * photographs // 100
    later = dice.randint(6, 24) * photographs // 100
    first = photographs - missed - later

    def percent(count: int) -> float:
        return 100 * count / photographs

    answer = percent(missed)
    slips: dict[str, Number | None] = {
        "top1_instead": percent(photographs - first),
        "accuracy_instead": percent(first + later),
        "first_place_left_out": percent(photographs - later),
        "counted_not_percent": missed,
    }
    given = {"photographs": photographs, "first": first, "later": later}
    return Question("top5_error", given, answer, distinct(answer, slips))


def logit_ratio_question(dice: Random) -> Question:
    """How many times as likely is one class as another, by their logits?"""
    difference = dice.randint(5, 30) / 10
    lower = dice.randint(20, 80) / 10
    higher = round(lower + difference, 1)
    answer = round(math.exp(difference), 2)
    slips: dict[str, Number | None] = {
        "divided_logits": higher / lower,
        "difference_itself": difference,
        "other_way_round": math.exp(-difference),
        "two_to_the_power": 2**difference,
    }
    return Question("logit_ratio", {"higher": higher, "lower": lower}, answer, distinct(answer, slips))


def dense_maps_question(dice: Random) -> Question:
    """How many maps leave a dense block?"""
    given, layers, growth = dice.randint(4, 64), dice.randint(3, 12), dice.randint(4, 32)
    answer = given + layers * growth
    slips: dict[str, Number | None] = {
        "given_left_out": layers * growth,
        "last_layer_reads": answer - growth,
        "one_layer_alone": given + growth,
        "added_not_concatenated": given,
    }
    return Question("dense_maps", {"maps": given, "layers": layers, "growth": growth}, answer, distinct(answer, slips))


def layer_macs_question(dice: Random) -> Question:
    """How many multiply-accumulates has a convolution, for one picture?"""
    in_channels, out_channels = dice.randint(3, 32), dice.randint(3, 64)
    size, side = dice.choice((3, 5)), dice.choice((7, 14, 28, 56))
    weights = convolution_parameters(in_channels, out_channels, size, 1, False)
    answer = weights * side**2
    slips: dict[str, Number | None] = {
        "each_weight_once": weights,
        "one_row_of_places": weights * side,
        "counted_operations": 2 * answer,
        "one_input_map": answer // in_channels,
        "one_weight_a_kernel": answer // size**2,
    }
    given = {"in_channels": in_channels, "out_channels": out_channels, "size": size, "side": side}
    return Question("layer_macs", given, answer, distinct(answer, slips))


def s_cell_question(dice: Random) -> Question:
    """What does an S-cell of the Neocognitron answer?"""
    selectivity = dice.choice((1.5, 3, 4))
    inhibition = dice.choice((0.25, 0.5, 1, 1.5, 3))
    ratio = dice.choice((0.4, 0.6, 0.8, 1.2, 1.4, 1.6, 2))
    excitation = round(ratio * (1 + inhibition) - 1, 3)
    if excitation < 0:  # a sum of what excites is none
        ratio, excitation = 1 / (1 + inhibition), 0
    driven = selectivity * (ratio - 1)
    answer = plain(round(max(driven, 0), 4))
    slips: dict[str, Number | None] = {
        "forgot_rectifier": driven if driven < 0 else None,
        "size_without_sign": -driven if driven < 0 else None,
        "one_left_in": selectivity * ratio,
        "forgot_selectivity": max(ratio - 1, 0),
        "subtracted_inhibition": selectivity * max(excitation - inhibition, 0),
    }
    given = {"selectivity": selectivity, "excitation": excitation, "inhibition": inhibition}
    return Question("s_cell", given, answer, distinct(answer, slips))


KINDS = {
    "which_block": which_block_question,
    "what_changed": what_changed_question,
    "block_parameters": block_parameters_question,
    "halvings": halvings_question,
    "top5_error": top5_error_question,
    "logit_ratio": logit_ratio_question,
    "dense_maps": dense_maps_question,
    "layer_macs": layer_macs_question,
    "s_cell": s_cell_question,
}
