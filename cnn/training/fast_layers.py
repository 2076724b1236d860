"""The slow layers of LeNet-5 faster, for training: torch's own functions and gradients; a step takes a quarter less.

torch looks for the place of each maximum while it pools, value by value; here comparisons of whole maps do it. And its
convolution is slow where there is one input channel: with it, a third of a step is C1. Here C1 and S2 are one layer:
the four windows behind one pooled value lie within a window that is a pixel larger, so one matrix product over those, a
quarter as many, gives all four values, and pooling compares four blocks of its result.
"""

from functools import cache
from itertools import pairwise
from typing import NamedTuple, TypeGuard

import torch
from torch import Tensor, nn


def use_fast_layers(features: nn.Sequential, size: int) -> None:
    """Let these layers do the work in LeNet-5's first half, on images of so many pixels; the parameters stay."""
    for (name, layer), (next_name, follower) in pairwise(list(features.named_children())):
        if isinstance(follower, nn.MaxPool2d) and FastConvolutionMaxPool2d.fits(layer, size):
            setattr(features, name, FastConvolutionMaxPool2d(layer))
            setattr(features, next_name, nn.Identity())
    use_fast_pooling(features)


def use_fast_pooling(features: nn.Sequential) -> None:
    """The same where each layer's own maps are wanted, C1's too."""
    for name, layer in list(features.named_children()):
        if isinstance(layer, nn.MaxPool2d):
            setattr(features, name, FastMaxPool2d())  # all of LeNet-5's are 2x2


# -------------------------------------------------------------------------------------------------- the largest of four


class Winners(NamedTuple):
    """Who was the largest of four: 1 where the first won, else 0. Numbers, because a product of truths takes longer."""

    of_columns: Tensor  # (2, ...): of the left and the right one, in the upper row and in the lower
    of_rows: Tensor  # (...): of the upper winner and the lower one


def largest(fours: Tensor) -> Tensor:
    """(2, 2, ...) -> (...), rows and columns of each four in front."""
    return torch.maximum(*torch.maximum(*fours.unbind(1)))


def contest(fours: Tensor) -> tuple[Tensor, Winners]:
    """The same, and who won. The left and the upper one win a tie, as in torch."""
    left, right = fours.unbind(1)
    upper, lower = torch.maximum(left, right)
    return torch.maximum(upper, lower), Winners(_wins(left, right), _wins(upper, lower))


def _wins(first: Tensor, second: Tensor) -> Tensor:
    return torch.ge(first, second, out=torch.empty(first.shape, dtype=first.dtype))


def give_to_the_largest(top: Tensor, winners: Winners, fours: Tensor) -> None:
    """The way back: write `top` into each winner's place in `fours`, and 0 into the other three."""
    upper = top * winners.of_rows
    for won, left_wins, (left, right) in zip((upper, top - upper), winners.of_columns, fours, strict=True):
        torch.mul(won, left_wins, out=left)
        torch.sub(won, left, out=right)


# ---------------------------------------------------------------------------------------------------------- max pooling


def fours_of(maps: Tensor) -> Tensor:
    """A view: (n, c, h, w) -> (2, 2, n, c, h / 2, w / 2)"""
    n, c, h, w = maps.shape
    return maps.view(n, c, h // 2, 2, w // 2, 2).permute(3, 5, 0, 1, 2, 4)


class MaxPool(torch.autograd.Function):
    """(n, c, h, w) -> (n, c, h / 2, w / 2)"""

    @staticmethod
    def forward(ctx, maps: Tensor) -> Tensor:
        pooled, winners = contest(fours_of(maps).contiguous())
        ctx.save_for_backward(*winners)
        ctx.shape = maps.shape
        return pooled

    @staticmethod
    def backward(ctx, *by_pooled: Tensor) -> Tensor:
        by_maps = torch.empty(ctx.shape, dtype=by_pooled[0].dtype)
        give_to_the_largest(by_pooled[0], Winners(*ctx.saved_tensors), fours_of(by_maps))
        return by_maps


class FastMaxPool2d(nn.MaxPool2d):
    """Max pooling of 2x2 with stride 2. (n, c, h, w) -> (n, c, h / 2, w / 2), rounded down"""

    def __init__(self) -> None:
        super().__init__(kernel_size=2, stride=2)

    def forward(self, input: Tensor) -> Tensor:
        if input.shape[2] % 2 or input.shape[3] % 2:
            return nn.functional.max_pool2d(input, 2, 2)
        if torch.is_grad_enabled():
            return MaxPool.apply(input.contiguous())  # type: ignore[return-value]
        return largest(fours_of(input.contiguous()))


# ------------------------------------------------------------------------------------------- convolution, then pooling


def convolve_fours(image: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """(n, 1, h, w) -> (2, 2, out, n, (h - k + 1) / 2, (w - k + 1) / 2), and the windows behind it.

    Inside, maps come first and samples second, as in `cnn.training.propagation`.
    """
    out, _, k, _ = weight.shape
    windows = image[:, 0].unfold(1, k + 1, 2).unfold(2, k + 1, 2)  # (n, h', w', k + 1, k + 1)
    shape = windows.shape[:3]
    windows = windows.permute(3, 4, 0, 1, 2).reshape((k + 1) ** 2, -1)  # ((k + 1)^2, n * h' * w')
    kernels = torch.mm(weight.view(out, -1), placements(k, weight.dtype)).view(4 * out, -1)
    return torch.mm(kernels, windows).view(out, 2, 2, *shape).movedim(0, 2), windows


class ConvolutionMaxPool(torch.autograd.Function):
    """(n, 1, h, w) -> (n, out, (h - k + 1) / 2, (w - k + 1) / 2), without a bias. The image gets no derivative."""

    @staticmethod
    def forward(ctx, image: Tensor, weight: Tensor) -> Tensor:
        values, windows = convolve_fours(image, weight)
        pooled, winners = contest(values)  # (out, n, h', w')
        ctx.save_for_backward(windows, *winners)
        ctx.shape = weight.shape
        return pooled.transpose(0, 1)

    @staticmethod
    def backward(ctx, *by_pooled: Tensor) -> tuple[None, Tensor]:
        windows, *winners = ctx.saved_tensors
        out, _, k, _ = ctx.shape
        top = by_pooled[0].transpose(0, 1).contiguous()
        by_values = torch.empty(out, 2, 2, *top.shape[1:], dtype=top.dtype)
        give_to_the_largest(top, Winners(*winners), by_values.movedim(0, 2))
        by_kernels = torch.mm(by_values.view(4 * out, -1), windows.T)
        return None, torch.mm(by_kernels.view(out, -1), placements(k, top.dtype).T).view(ctx.shape)


@cache
def placements(k: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Puts a kernel into each of the four corners of a square a pixel larger. (k * k, 4 * (k + 1) * (k + 1))

    12 -> 120 012 000 000
    34    340 034 120 012
          000 000 340 034
    """
    placed = torch.zeros(k * k, 2, 2, k + 1, k + 1, dtype=dtype)
    pixels = torch.eye(k * k, dtype=dtype).view(k * k, k, k)
    for row in (0, 1):
        for column in (0, 1):
            placed[:, row, column, row : row + k, column : column + k] = pixels
    return placed.view(k * k, -1)


class FastConvolutionMaxPool2d(nn.Conv2d):
    """The first convolution and the max pooling behind it, with the weights of the former."""

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__(1, convolution.out_channels, convolution.kernel_size[0], device="meta")
        self.weight, self.bias = convolution.weight, convolution.bias

    @staticmethod
    def fits(layer: nn.Module, size: int) -> TypeGuard[nn.Conv2d]:
        """Whether it reads one channel, pixel by pixel and without a border, and pooling will leave no row over."""
        if not isinstance(layer, nn.Conv2d) or layer.bias is None or layer.in_channels > 1:
            return False
        plain = (layer.stride, layer.padding, layer.dilation) == ((1, 1), (0, 0), (1, 1))
        return plain and (size - layer.kernel_size[0]) % 2 == 1

    def forward(self, input: Tensor) -> Tensor:
        if torch.is_grad_enabled():
            pooled: Tensor = ConvolutionMaxPool.apply(input, self.weight)  # type: ignore[assignment]
        else:
            pooled = largest(convolve_fours(input, self.weight)[0]).transpose(0, 1)
        assert self.bias is not None
        return pooled + self.bias[:, None, None]
