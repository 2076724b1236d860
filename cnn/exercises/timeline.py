"""Questions of the timeline lesson."""

from random import Random

from cnn.architectures.resnet import EXPANSION, bottleneck
from cnn.arithmetic import convolution_parameters
from cnn.exercises.question import Number, Question, distinct
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


KINDS = {
    "which_block": which_block_question,
    "what_changed": what_changed_question,
    "block_parameters": block_parameters_question,
    "halvings": halvings_question,
}
