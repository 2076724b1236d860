"""Questions of the convolution lesson."""

import math
from random import Random

import numpy as np

from cnn.arithmetic import convolution_parameters, output_size, transposed_output_size
from cnn.exercises.question import Number, Question, distinct, plain, shown
from cnn.kernels import flip
from cnn.operations import conv2d


def output_size_question(dice: Random) -> Question:
    """How many rows and columns does the output have?"""
    size, kernel_size = dice.randint(10, 32), dice.randint(2, 5)
    stride, padding, dilation = dice.choice((1, 2, 2, 3)), dice.randint(0, 2), dice.choice((1, 1, 2))
    answer = output_size(size, kernel_size, stride, padding, dilation)
    exact = (output_size(size, kernel_size, 1, padding, dilation) - 1) / stride + 1
    slips: dict[str, Number | None] = {
        "forgot_padding": output_size(size, kernel_size, stride, 0, dilation),
        "one_padding": output_size(size + padding, kernel_size, stride, 0, dilation),
        "forgot_plus_one": answer - 1,
        "forgot_floor": exact,
        "rounded_up": math.ceil(exact),
        "forgot_dilation": output_size(size, kernel_size, stride, padding),
        "forgot_stride": output_size(size, kernel_size, 1, padding, dilation),
    }
    given = {"size": size, "kernel_size": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
    return Question("output_size", given, answer, distinct(answer, slips))


def cell_value_question(dice: Random) -> Question | None:
    """Which number stands in the marked cell of the output?"""
    kernel_size, stride, padding = dice.choice((2, 3)), dice.choice((1, 1, 2)), dice.choice((0, 0, 1))
    bias = dice.choice((-3, -2, -1, 1, 2, 3))
    size = kernel_size + 2
    image = np.array([[dice.randint(0, 5) for _ in range(size)] for _ in range(size)], float)
    kernel = np.array([[dice.randint(-2, 2) for _ in range(kernel_size)] for _ in range(kernel_size)], float)
    output_side = output_size(size, kernel_size, stride, padding)
    row, column = dice.randrange(output_side), dice.randrange(output_side)

    def cell(row: int, column: int, kernel=kernel, bias=bias, stride=stride, padding=padding) -> Number | None:
        output = conv2d(image[None], kernel[None, None], [bias], stride, padding)[0]
        inside = row < output.shape[0] and column < output.shape[1]
        return plain(output[row, column]) if inside else None

    answer = cell(row, column)
    assert answer is not None
    slips = distinct(
        answer,
        {
            "flipped_kernel": cell(row, column, kernel=flip(kernel)),
            "forgot_bias": cell(row, column, bias=0),
            "ignored_stride": cell(row, column, stride=1),
            "ignored_padding": cell(row, column, padding=0),
            "swapped_axes": cell(column, row),
            "ignored_signs": cell(row, column, kernel=np.abs(kernel)),
            "summed_window": cell(row, column, kernel=np.ones_like(kernel)),
        },
    )
    given = {"row": row, "column": column, "stride": stride, "padding": padding, "bias": bias}
    if "flipped_kernel" not in slips or "forgot_bias" not in slips:
        return None
    return Question("cell_value", given, answer, slips, {"image": shown(image), "kernel": shown(kernel)})


def parameters_question(dice: Random) -> Question:
    """How many trainable numbers does the layer have? (The image's size is given too, and does not matter.)"""
    in_channels, out_channels = dice.choice((1, 2, 3, 6, 8, 16)), dice.choice((4, 6, 8, 10, 16, 32))
    kernel_size, size = dice.choice((2, 3, 5, 7)), dice.choice((16, 28, 32, 64))
    bias = dice.random() < 0.75
    answer = convolution_parameters(in_channels, out_channels, kernel_size, bias=bias)
    weights = convolution_parameters(in_channels, out_channels, kernel_size, bias=False)
    slips: dict[str, Number | None] = {
        "forgot_bias": weights,
        "added_bias": convolution_parameters(in_channels, out_channels, kernel_size),
        "one_bias": weights + 1 if bias else None,
        "bias_per_slice": weights + in_channels * out_channels if bias else None,
        "forgot_in_channels": convolution_parameters(1, out_channels, kernel_size, bias=bias),
        "one_kernel": convolution_parameters(in_channels, 1, kernel_size, bias=bias),
        "kernel_side": convolution_parameters(in_channels, out_channels, (kernel_size, 1), bias=bias),
        "counted_outputs": out_channels * output_size(size, kernel_size) ** 2,
    }
    given = {
        "in_channels": in_channels,
        "out_channels": out_channels,
        "kernel_size": kernel_size,
        "bias": bias,
        "size": size,
    }
    return Question("parameters", given, answer, distinct(answer, slips))


def transposed_size_question(dice: Random) -> Question:
    """How many rows and columns does a transposed convolution's output have?"""
    size, kernel_size, stride = dice.randint(3, 14), dice.randint(2, 5), dice.choice((1, 2, 2, 3))
    padding = dice.randint(0, min(2, kernel_size - 1))
    output_padding = dice.choice((0, 0, 1)) if stride > 1 else 0
    answer = transposed_output_size(size, kernel_size, stride, padding, output_padding=output_padding)
    fits = kernel_size <= size + 2 * padding
    slips: dict[str, Number | None] = {
        "as_convolution": output_size(size, kernel_size, stride, padding) if fits else None,
        "forgot_padding": transposed_output_size(size, kernel_size, stride, output_padding=output_padding),
        "one_padding": answer + padding,
        "added_padding": answer + 4 * padding,
        "forgot_minus_one": transposed_output_size(size + 1, kernel_size, stride, padding, 1, output_padding),
        "forgot_output_padding": transposed_output_size(size, kernel_size, stride, padding),
        "only_multiplied": size * stride,
    }
    given = {
        "size": size,
        "kernel_size": kernel_size,
        "stride": stride,
        "padding": padding,
        "output_padding": output_padding,
    }
    return Question("transposed_size", given, answer, distinct(answer, slips))


KINDS = {
    "output_size": output_size_question,
    "cell_value": cell_value_question,
    "parameters": parameters_question,
    "transposed_size": transposed_size_question,
}
