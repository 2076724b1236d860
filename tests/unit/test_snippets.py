"""Every snippet runs as it stands, prints what it says, and computes what the stage shows."""

import contextlib
import io
import random

import numpy as np
import pytest
import torch

from cnn import downsampling, perturbation, snippets
from cnn.arithmetic import convolution_parameters, transposed_output_size
from cnn.kernels import BREAK_IT, KERNELS, LENET_C1, flip
from cnn.operations import PaddingMode, avg_pool2d, conv2d, conv_transpose2d, max_pool2d

torch.set_num_threads(1)

PADDING_MODES: tuple[PaddingMode, ...] = ("zeros", "reflect", "replicate", "circular")

LECTURE_IMAGE = np.ones((6, 6))
LECTURE_IMAGE[:, 3] = 0


def run(snippet):
    """Execute a snippet in a namespace of its own; return its output tensor and what it printed."""
    namespace, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(snippet, "snippet", "exec"), namespace)
    output = namespace["output"]
    assert output.dtype == torch.float32
    assert printed.getvalue().endswith(f"{output.shape}\n{output}\n")
    assert max(map(len, snippet.splitlines())) <= snippets.WIDTH or "tensor([\n" in snippet
    return output.numpy(), printed.getvalue()


def assert_same(output, expected):
    assert output.shape == expected.shape
    np.testing.assert_allclose(output, expected, rtol=1e-4, atol=1e-4 * max(1, np.abs(expected).max()))


def numbers(dice, *shape):
    """Whole numbers, typed decimals, simple fractions or any floats."""
    style = dice.randrange(4)
    count = int(np.prod(shape))
    if style == 0:
        values = [dice.randint(-9, 255) for _ in range(count)]
    elif style == 1:
        values = [dice.randint(-300, 300) / 100 for _ in range(count)]
    elif style == 2:
        values = [dice.randint(-20, 20) / 7 for _ in range(count)]
    else:
        values = [dice.gauss(0, 1) for _ in range(count)]
    return np.array(values, float).reshape(shape)


def pair(dice, low, high):
    return dice.choice([dice.randint(low, high), (dice.randint(low, high), dice.randint(low, high))])


def both(value):
    return value if isinstance(value, tuple) else (value, value)


def largest_padding(image, mode):
    return {"reflect": min(image.shape[-2:]) - 1, "circular": min(image.shape[-2:])}.get(mode, 3)


# ---------------------------------------------------------------------------------------------------------- convolution


def test_lecture_snippet_word_for_word():
    image = LECTURE_IMAGE[:2]
    assert snippets.convolution(image, [[1, -1]], stride=2, padding=(0, 1), bias=0.5, flipped=True) == (
        "import torch\n"
        "import torch.nn.functional as F\n"
        "\n"
        "image = torch.tensor([\n"
        "    [1, 1, 1, 0, 1, 1],\n"
        "    [1, 1, 1, 0, 1, 1],\n"
        "]).float()  # (2, 6)\n"
        "kernel = torch.tensor([[1, -1]]).float()  # (1, 2)\n"
        "kernel = kernel.flip(0, 1)\n"
        "bias = torch.tensor([0.5])\n"
        "\n"
        "output = F.conv2d(image[None], kernel[None, None], bias, stride=2, padding=(0, 1))[0]\n"
        "print(output.shape)\n"
        "print(output)\n"
    )


@pytest.mark.parametrize("named", KERNELS, ids=lambda named: named.key)
@pytest.mark.parametrize("flipped", [False, True])
def test_every_named_kernel(named, flipped):
    weights = np.array(named.values)
    output, _ = run(snippets.convolution(LECTURE_IMAGE, weights, flipped=flipped))
    assert_same(output, conv2d(LECTURE_IMAGE[None], (flip(weights) if flipped else weights)[None, None])[0])


@pytest.mark.parametrize("preset", BREAK_IT, ids=lambda preset: preset.key)
def test_break_it(preset):
    image = np.arange(float(preset.size**2)).reshape(preset.size, -1)
    weights = np.ones((preset.kernel_size, preset.kernel_size))
    output, _ = run(snippets.convolution(image, weights, preset.stride, preset.padding))
    assert output.shape == (preset.sizes[1], preset.sizes[1])
    assert_same(output, conv2d(image[None], weights[None, None], stride=preset.stride, padding=preset.padding)[0])


def test_fractions_are_written_as_such():
    assert "]) / 9  # (3, 3)" in snippets.convolution(LECTURE_IMAGE, np.full((3, 3), 1 / 9))
    assert "[2, 4, 2]" in snippets.convolution(LECTURE_IMAGE, np.array(KERNELS[3].values))
    assert "[0.25, -1]]) " in snippets.convolution(LECTURE_IMAGE, [[0.25, -1]])


def test_almost_whole_numbers_stay_float():
    output, _ = run(snippets.convolution([[0.9999999999, 2, 3]], [[1.0000000001]], bias=1e-12))
    assert_same(output, np.array([[1.0, 2, 3]]))


@pytest.mark.parametrize("seed", range(200))
def test_convolution(seed):
    dice = random.Random(seed)
    image = numbers(dice, dice.randint(3, 9), dice.randint(3, 9))
    mode = dice.choice(PADDING_MODES)
    padding = pair(dice, 0, min(3, largest_padding(image, mode)))
    room = [size + 2 * edge for size, edge in zip(image.shape, both(padding), strict=True)]
    kernel = numbers(dice, *(dice.randint(1, min(4, size)) for size in room))
    dilation = tuple(
        dice.randint(1, min(3, (size - 1) // (reach - 1))) if reach > 1 else 1
        for size, reach in zip(room, kernel.shape, strict=True)
    )
    stride, bias, flipped = pair(dice, 1, 4), dice.choice([0.0, 1.0, -0.25, 1 / 3]), dice.random() < 0.3
    output, _ = run(snippets.convolution(image, kernel, stride, padding, dilation, mode, bias, flipped))
    slid = flip(kernel) if flipped else kernel
    expected = conv2d(image[None], slid[None, None], [bias], stride, padding, dilation, padding_mode=mode)
    assert_same(output, expected[0])


# ------------------------------------------------------------------------------------------------------------- channels


def test_lenet_c1():
    image = np.random.default_rng(0).random((1, 8, 8))
    output, printed = run(snippets.channels(image, LENET_C1, np.zeros(6)))
    assert printed.startswith("torch.Size([6, 1, 5, 5])\n156\n")  # LeCun et al. 1998: C1 has 156 trainable parameters
    assert_same(output, conv2d(image, LENET_C1))


@pytest.mark.parametrize("seed", range(150))
def test_channels(seed):
    dice = random.Random(seed)
    groups = dice.choice([1, 1, 2, 3])
    in_channels, out_channels = groups * dice.randint(1, 2), groups * dice.randint(1, 2)
    image = numbers(dice, in_channels, dice.randint(5, 7), dice.randint(5, 7))
    weight = numbers(dice, out_channels, in_channels // groups, dice.randint(1, 3), dice.randint(1, 3))
    bias = numbers(dice, out_channels) if dice.random() < 0.6 else None
    stride, padding, dilation = pair(dice, 1, 3), pair(dice, 0, 2), pair(dice, 1, 2)
    mode = dice.choice(PADDING_MODES)
    output, printed = run(snippets.channels(image, weight, bias, stride, padding, dilation, groups, mode))
    assert_same(output, conv2d(image, weight, bias, stride, padding, dilation, groups, mode))
    parameters = convolution_parameters(in_channels, out_channels, weight.shape[2:], groups, bias is not None)
    assert printed.startswith(f"torch.Size({list(weight.shape)})\n{parameters}\n")


# ----------------------------------------------------------------------------------------------- transposed and pooling


@pytest.mark.parametrize("seed", range(150))
def test_transposed_convolution(seed):
    dice = random.Random(seed)
    image = numbers(dice, dice.randint(2, 6), dice.randint(2, 6))
    kernel = numbers(dice, dice.randint(1, 4), dice.randint(1, 4))
    stride, dilation = pair(dice, 1, 3), pair(dice, 1, 2)
    output_padding = tuple(dice.randint(0, max(s, d) - 1) for s, d in zip(both(stride), both(dilation), strict=True))
    sizes = map(transposed_output_size, image.shape, kernel.shape, both(stride), (0, 0), both(dilation), output_padding)
    padding = tuple(dice.randint(0, min(2, (size - 1) // 2)) for size in sizes)
    bias = dice.choice([0.0, 2.0, -0.5])
    output, _ = run(snippets.transposed_convolution(image, kernel, stride, padding, output_padding, dilation, bias))
    expected = conv_transpose2d(image[None], kernel[None, None], [bias], stride, padding, output_padding, dilation)
    assert_same(output, expected[0])


def test_lecture_pooling():
    image = [[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]]
    assert run(snippets.pooling(image, "max", 2))[0].tolist() == [[100, 184], [12, 45]]
    assert run(snippets.pooling(image, "average", 2))[0].tolist() == [[36, 80], [12, 15]]
    assert "stride" not in snippets.pooling(image, "max", 2, stride=2)


@pytest.mark.parametrize("seed", range(150))
def test_pooling(seed):
    dice = random.Random(seed)
    image = numbers(dice, dice.randint(4, 9), dice.randint(4, 9))
    window = pair(dice, 1, 4)
    stride = dice.choice([None, pair(dice, 1, 4)])
    padding = tuple(dice.randint(0, size // 2) for size in both(window))
    ceil_mode, count_include_pad = dice.random() < 0.5, dice.random() < 0.7
    if dice.random() < 0.5:
        output, _ = run(snippets.pooling(image, "max", window, stride, padding, ceil_mode))
        expected = max_pool2d(image[None], window, stride, padding, ceil_mode)
    else:
        output, _ = run(snippets.pooling(image, "average", window, stride, padding, ceil_mode, count_include_pad))
        expected = avg_pool2d(image[None], window, stride, padding, ceil_mode, count_include_pad)
    assert_same(output, expected[0])


# ------------------------------------------------------------------------------------- pooling seen in other ways


def printed_by(snippet):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(snippet, "snippet", "exec"), {})
    assert max(map(len, snippet.splitlines())) <= snippets.WIDTH or "tensor([\n" in snippet
    return printed.getvalue()


@pytest.mark.parametrize(("window", "stride"), [(2, 2), (2, 1), (3, 1), (4, 4), (3, 2)])
def test_average_as_convolution(window, stride):
    image = np.array([[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]])
    output, printed = run(snippets.average_as_convolution(image, window, stride))
    assert_same(output, avg_pool2d(image[None], window, stride)[0])
    assert float(printed.split("tensor(")[1].split(")")[0]) < 1e-4
    assert str(torch.tensor(max_pool2d(image[None], window, stride)[0]).float()) in printed


@pytest.mark.parametrize(("shape", "weights"), [((3, 10, 16), [[0.25, 0.25]] * 2), ((3, 7, 9), [[0.1, 0.123456]] * 2)])
def test_halvings(shape, weights):
    lines = printed_by(snippets.halvings(shape, weights)).splitlines()
    size = f"torch.Size([3, {shape[1] // 2}, {shape[2] // 2}])"
    parameters = convolution_parameters(3, 3, 2, groups=3, bias=False)
    assert lines == [f"{size} 0", f"{size} 0", f"{size} {parameters}", f"{size} 0"]


@pytest.mark.parametrize("kind", ["max", "average"])
def test_shrinking(kind):
    images = np.zeros((3, 30, 45), np.float32)
    steps = downsampling.levels(images, kind)
    printed = printed_by(snippets.shrinking(images.shape, [level.factor for level in steps], kind, 128))
    assert printed.splitlines() == [
        f"{level.images.shape} {level.images.size} {level.memory} {level.dense_parameters(128)}" for level in steps
    ]


# ------------------------------------------------------------------------------------------------------------- refusals


def test_refusals():
    with pytest.raises(ValueError, match="image holds nan"):
        snippets.convolution([[np.nan]], [[1]])
    with pytest.raises(ValueError, match="kind is 'min'"):
        snippets.pooling([[1]], "min", 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="stride is"):
        snippets.convolution([[1]], [[1]], stride=1.5)  # type: ignore[arg-type]


def test_each_kernel_of_a_layer_has_its_own_divisor():
    sobel, blur = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.full((3, 3), 1 / 9)
    weight = np.stack([sobel, blur])[:, None]
    snippet = snippets.channels(np.arange(25.0).reshape(1, 5, 5), weight)
    assert "/ torch.tensor([1, 9]).view(-1, 1, 1, 1)" in snippet and "-9" not in snippet
    assert_same(run(snippet)[0], conv2d(np.arange(25.0).reshape(1, 5, 5), weight))


@pytest.mark.parametrize("fill", [0, 0.5])
@pytest.mark.parametrize(("window", "stride"), [(2, 1), (2, 2), (3, 2), (4, 4)])
def test_shift_says_what_the_curve_shows(window, stride, fill):
    generator = np.random.default_rng(window)
    image, kernel = generator.integers(0, 5, (12, 11)).astype(float), np.array([[1.0, -1], [0.5, 0]])
    output, _ = run(snippets.shift(image, fill, kernel, window, stride))
    point = perturbation.shift_curve(image, kernel, "max", window, stride, [1], fill=fill, relu=True)[0]
    assert_same(output, np.array([point.convolution, point.pooled]))


@pytest.mark.parametrize("pooling", perturbation.POOLINGS)
@pytest.mark.parametrize("seed", range(25))
def test_perturbation_says_what_the_lab_shows(pooling, seed):
    """`output` is where the pooled maps differ, for one changed pixel and for a change everywhere."""
    rng = np.random.default_rng(seed)
    image, kernel = rng.integers(0, 3, (6, 6)).astype(float), rng.integers(-1, 2, rng.integers(1, 4, 2)).astype(float)
    other = image.copy()
    other[tuple(rng.integers(0, 6, 2))] += 0.5
    if seed % 2:
        other = image + rng.integers(0, 2, image.shape)
    window, stride, relu = tuple(rng.integers(1, 4, 2).tolist()), int(rng.integers(1, 4)), bool(rng.integers(0, 2))
    looks = {"none": ((1, 1), 1), "subsample": ((1, 1), stride)}.get(pooling, (window, stride))
    expected = perturbation.compare(image, other, kernel, pooling, window, stride, relu=relu).changed_pooled
    namespace: dict = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(snippets.perturbation(image, other, kernel, pooling, *looks, relu), namespace)
    np.testing.assert_array_equal(namespace["output"].numpy(), expected)
