"""A stage's state as PyTorch code that a learner can paste into a file and run.

Each function returns the whole text of a program. It leaves the result in `output` and prints it; nothing that PyTorch
does by default is written out.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn.arithmetic import IntOrPair, whole_pair
from cnn.operations import PaddingMode
from cnn.perturbation import Pooling

WIDTH = 88  # of a line; longer calls get one argument a line
LARGEST_DIVISOR = 256  # weights that are whole after multiplying by at most this are written as a division


def convolution(
    image: ArrayLike,
    kernel: ArrayLike,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    padding_mode: PaddingMode = "zeros",
    bias: float = 0.0,
    flipped: bool = False,
) -> str:
    """Write one kernel sliding over one channel; `flipped` turns the kernel first: a mathematician's convolution.

    Shapes: image (h, w), kernel (k_h, k_w)
    """
    pads = padding_mode != "zeros" and whole_pair("padding", padding, 0) != (0, 0)
    arguments = [
        "padded" if pads else "image[None]",
        "kernel[None, None]",
        *(["bias"] if bias else []),
        *_setting("stride", stride, 1),
        *_setting("padding", 0 if pads else padding, 0),
        *_setting("dilation", dilation, 1),
    ]
    return _program(
        "import torch",
        "import torch.nn.functional as F",
        "",
        _tensor("image", image),
        _tensor("kernel", kernel),
        *(["kernel = kernel.flip(0, 1)"] if flipped else []),
        *([_tensor("bias", [bias])] if bias else []),
        "",
        *([_padded(padding, padding_mode)] if pads else []),
        _call("output = F.conv2d", arguments, "[0]"),
    )


def channels(
    image: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> str:
    """Write a layer of several kernels over several channels, with its 4-D weight and its number of parameters.

    Shapes: image (c_in, h, w), weight (c_out, c_in // groups, k_h, k_w), bias (c_out,)
    """
    out_channels, group_channels, *kernel_size = np.shape(weight)
    arguments = [
        str(group_channels * groups),
        str(out_channels),
        f"kernel_size={_int_or_pair(kernel_size)}",
        *_setting("stride", stride, 1),
        *_setting("padding", padding, 0),
        *_setting("dilation", dilation, 1),
        *([f"groups={groups}"] if groups != 1 else []),
        *(["bias=False"] if bias is None else []),
        *([f'padding_mode="{padding_mode}"'] if padding_mode != "zeros" else []),
    ]
    return _program(
        "import torch",
        "from torch import nn",
        "",
        _tensor("image", image),
        _tensor("weight", weight),
        *([_tensor("bias", bias)] if bias is not None else []),
        "",
        _call("layer = nn.Conv2d", arguments),
        "layer.weight = nn.Parameter(weight)",
        *(["layer.bias = nn.Parameter(bias)"] if bias is not None else []),
        "with torch.no_grad():",
        "    output = layer(image)",
        "",
        "print(layer.weight.shape)",
        "print(sum(parameter.numel() for parameter in layer.parameters()))",
    )


def transposed_convolution(
    image: ArrayLike,
    kernel: ArrayLike,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    bias: float = 0.0,
) -> str:
    """Write one kernel stamped onto the output by every pixel of one channel.

    Shapes: image (h, w), kernel (k_h, k_w)
    """
    arguments = [
        "image[None]",
        "kernel[None, None]",
        *(["bias"] if bias else []),
        *_setting("stride", stride, 1),
        *_setting("padding", padding, 0),
        *_setting("output_padding", output_padding, 0),
        *_setting("dilation", dilation, 1),
    ]
    return _program(
        "import torch",
        "import torch.nn.functional as F",
        "",
        _tensor("image", image),
        _tensor("kernel", kernel),
        *([_tensor("bias", [bias])] if bias else []),
        "",
        _call("output = F.conv_transpose2d", arguments, "[0]"),
    )


def pooling(
    image: ArrayLike,
    kind: Literal["max", "average"],
    window: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> str:
    """Write max or average pooling of one channel.

    Shapes: image (h, w)
    """
    if kind not in ("max", "average"):
        raise ValueError(f'kind is {kind!r}; it must be "max" or "average"')
    arguments = [
        "image[None]",
        f"kernel_size={_int_or_pair(window)}",
        *_setting("stride", window if stride is None else stride, window),
        *_setting("padding", padding, 0),
        *(["ceil_mode=True"] if ceil_mode else []),
        *(["count_include_pad=False"] if kind == "average" and not count_include_pad else []),
    ]
    function = "F.max_pool2d" if kind == "max" else "F.avg_pool2d"
    return _program(
        "import torch",
        "import torch.nn.functional as F",
        "",
        _tensor("image", image),
        "",
        _call(f"output = {function}", arguments, "[0]"),
    )


def perturbation(
    image: ArrayLike,
    other: ArrayLike,
    kernel: ArrayLike,
    pooling: Pooling,
    window: IntOrPair,
    stride: IntOrPair,
    relu: bool = False,
    seed: int = 0,
) -> str:
    """Write two images on their way through convolution and pooling; `output` is where the pooled maps differ.

    One changed pixel is written as such, any other change as the whole image. Shapes: images (h, w), kernel (k_h, k_w)
    """
    before, after = np.asarray(image), np.asarray(other)
    places = np.argwhere(before != after)
    if len(places) == 1:
        row, column = places[0].tolist()
        value = _number_texts(after[row : row + 1, column : column + 1])[0, 0]
        changed = ["other = image.clone()", f"other[{row}, {column}] = {value}"]
    else:
        changed = [_tensor("other", after)]
    pool = {
        "max": f"F.max_pool2d({{}}, {_int_or_pair(window)}, stride={_int_or_pair(stride)})",
        "average": f"F.avg_pool2d({{}}, {_int_or_pair(window)}, stride={_int_or_pair(stride)})",
        "subsample": f"{{}}[..., ::{_int_or_pair(stride)}, ::{_int_or_pair(stride)}]",
        "strided convolution": f"F.conv2d({{}}, weight, stride={_int_or_pair(stride)})",
        "none": "{}",
    }[pooling]
    maps = "F.conv2d(image[None, None], kernel[None, None])"
    maps = f"F.relu({maps})" if relu else maps
    weight = np.random.default_rng(seed).normal(size=whole_pair("window", window, 1))
    return _program(
        "import torch",
        "import torch.nn.functional as F",
        "",
        _tensor("image", before),
        *changed,
        _tensor("kernel", kernel),
        *([_tensor("weight", weight[None, None])] if pooling == "strided convolution" else []),
        "",
        "def pooled(image):",
        f"    maps = {maps}",
        f"    return {pool.format('maps')}[0, 0]",
        "",
        "output = ~torch.isclose(pooled(other), pooled(image))  # what pooling noticed",
    )


def shift(image: ArrayLike, fill: float, kernel: ArrayLike, window: int, stride: int) -> str:
    """Write how far the maps of an image and of the same moved right by one pixel are apart, before and after pooling.

    Shapes: image (h, w), kernel (k_h, k_w)
    """
    return _program(
        "import torch",
        "import torch.nn.functional as F",
        "",
        _tensor("image", image),
        f"other = torch.full_like(image, {fill:g})",
        "other[:, 1:] = image[:, :-1]  # one pixel to the right",
        _tensor("kernel", kernel),
        "",
        "def before_pooling(image):",
        "    return F.relu(F.conv2d(image[None, None], kernel[None, None]))",
        "",
        "def after_pooling(image):",
        f"    return F.max_pool2d(before_pooling(image), {window}, stride={stride})",
        "",
        "def distance(maps):",
        "    return (maps(other) - maps(image)).norm() / maps(image).norm()",
        "",
        "output = torch.stack([distance(before_pooling), distance(after_pooling)])",
    )


def average_as_convolution(image: ArrayLike, window: int, stride: int) -> str:
    """Write average pooling as a convolution, and max pooling as a kernel for each window.

    Shapes: image (h, w)
    """
    return _program(
        "import torch",
        "import torch.nn.functional as F",
        "",
        _tensor("image", image),
        f"kernel = torch.full(({window}, {window}), 1 / {window**2})",
        f"output = {_strided('F.conv2d(image[None], kernel[None, None]', stride, 1)}[0]",
        f"average = {_strided(f'F.avg_pool2d(image[None], {window}', stride, window)}[0]",
        "print((output - average).abs().max())",
        "",
        "# max pooling: a 1 at each window's winner",
        f"windows = image.unfold(0, {window}, {stride}).unfold(1, {window}, {stride}).flatten(2)",
        f"kernels = F.one_hot(windows.argmax(-1), {window**2})",
        "print((windows * kernels).sum(-1))",
        "",
    )


def halvings(shape: Sequence[int], weights: ArrayLike) -> str:
    """Write four ways to halve an image of that shape, with the output shape and the parameters of each.

    Shapes: shape is (c, h, w), weights (2, 2)
    """
    channels, height, width = shape
    return "\n".join(
        [
            "import torch",
            "from torch import nn",
            "",
            f"image = torch.rand({channels}, {height}, {width})  # as large as the photograph",
            _tensor("weights", weights),
            f"convolution = nn.Conv2d({channels}, {channels}, 2, stride=2, groups={channels}, bias=False)",
            f"convolution.weight = nn.Parameter(weights.expand({channels}, 1, 2, 2))",
            "",
            "for layer in (nn.MaxPool2d(2), nn.AvgPool2d(2), convolution):",
            "    output = layer(image)",
            "    print(output.shape, sum(p.numel() for p in layer.parameters()))",
            "",
            f"output = image[:, ::2, ::2][:, :{height // 2}, :{width // 2}]  # subsampling",
            "print(output.shape, 0)",
            "",
        ]
    )


def shrinking(shape: Sequence[int], factors: Sequence[int], kind: Literal["max", "average"], units: int) -> str:
    """Write an image on its way down: values, bytes, and the parameters of a fully connected layer that follows.

    The layer is on PyTorch's "meta" device: it has a shape, and takes no memory. Shapes: shape is (c, h, w)
    """
    function = "F.max_pool2d" if kind == "max" else "F.avg_pool2d"
    return "\n".join(
        [
            "import torch",
            "import torch.nn.functional as F",
            "from torch import nn",
            "",
            f"image = torch.rand({', '.join(map(str, shape))})  # as large as the photograph",
            f"for factor in {tuple(factors)}:",
            f"    output = {function}(image, factor)",
            "    values = output.numel()",
            f'    layer = nn.Linear(values, {units}, device="meta")',
            "    parameters = sum(p.numel() for p in layer.parameters())",
            "    print(tuple(output.shape), values, output.nbytes, parameters)",
            "",
        ]
    )


# ----------------------------------------------------------------------------------------------------------- statements


def _program(*lines: str) -> str:
    return "\n".join([*lines, "print(output.shape)", "print(output)", ""])


def _padded(padding: IntOrPair, padding_mode: PaddingMode) -> str:
    rows, columns = whole_pair("padding", padding, 0)
    return f'padded = F.pad(image[None], ({columns}, {columns}, {rows}, {rows}), mode="{padding_mode}")'


def _call(function: str, arguments: list[str], after: str = "") -> str:
    line = f"{function}({', '.join(arguments)}){after}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"{function}(", *(f"    {argument}," for argument in arguments), f"){after}"])


def _strided(call: str, stride: int, default: int) -> str:
    """Close a call, naming the stride where it is not the default."""
    return f"{call})" if stride == default else f"{call}, stride={stride})"


def _setting(name: str, value: IntOrPair, default: IntOrPair) -> list[str]:
    """The keyword argument, or nothing where the value is the default."""
    if whole_pair(name, value, 0) == whole_pair(name, default, 0):
        return []
    return [f"{name}={_int_or_pair(value)}"]


def _int_or_pair(value: IntOrPair) -> str:
    rows, columns = whole_pair("value", value, 0)
    return str(rows) if rows == columns else f"({rows}, {columns})"


# -------------------------------------------------------------------------------------------------------------- tensors


def _tensor(name: str, values: ArrayLike) -> str:
    """`name = torch.tensor(...)` in float32, with its shape as a comment where it is not a single row.

    Whole numbers are written as such and made float; ninths and sixteenths as whole numbers divided by 9 and 16, each
    kernel of a layer by its own.
    """
    array = np.asarray(values, np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds {array[~np.isfinite(array)][0]}; every value must be finite")
    cells, after = _cells(array)
    text = f"{name} = torch.tensor({_nested(cells)}){after}"
    return text if array.ndim == 1 else f"{text}  # {array.shape}"


def _cells(array: NDArray[np.float64]) -> tuple[NDArray[np.str_], str]:
    """The numbers as texts, and what has to follow the tensor of them to make it float32 with these values."""
    texts = _number_texts(array)
    decimals = max(len(text.partition(".")[2]) for text in texts.flat)
    if decimals == 0:
        return texts, ".float()"
    if decimals <= 3:
        return texts, ""
    divisors = [_divisor(part) for part in (array if array.ndim == 4 else [array])]
    if None in divisors:
        return texts, ""
    by_kernel = np.array(divisors, float).reshape(-1, *[1] * (array.ndim - 1))
    after = f" / {divisors[0]}" if len(set(divisors)) == 1 else f" / torch.tensor({divisors}).view(-1, 1, 1, 1)"
    return _number_texts(np.round(array * by_kernel)), after


def _divisor(array: NDArray[np.float64]) -> int | None:
    """The smallest number by which the values are whole numbers divided; None where there is no such small one."""
    for divisor in range(1, LARGEST_DIVISOR + 1):
        if np.allclose(array * divisor, np.round(array * divisor), rtol=0, atol=1e-6):
            return divisor
    return None


def _number_texts(array: NDArray[np.float64]) -> NDArray[np.str_]:
    """Each number to the seven digits that float32 has, or fewer; numbers of one column equally wide."""
    numbers = array.astype(np.float32) + np.float32(0)  # no -0.0
    flat = [np.format_float_positional(value, precision=7, fractional=False, trim="-") for value in numbers.flat]
    texts = np.array(flat).reshape(array.shape)
    return np.char.rjust(texts, np.char.str_len(texts).max(axis=tuple(range(array.ndim - 1))))


def _nested(cells: NDArray[np.str_]) -> str:
    """Nested lists: a single row on the same line, otherwise each item on lines of its own."""
    if cells.size == cells.shape[-1]:
        return _rows(cells, indent=0)
    items = "\n".join(f"    {_rows(item, indent=4)}," for item in cells)
    return f"[\n{items}\n]"


def _rows(cells: NDArray[np.str_], indent: int) -> str:
    """The way torch prints a tensor: one row a line, each under the one before."""
    if cells.ndim == 1:
        return f"[{', '.join(cells)}]"
    separator = ",\n" + " " * (indent + 1)
    return f"[{separator.join(_rows(item, indent + 1) for item in cells)}]"
