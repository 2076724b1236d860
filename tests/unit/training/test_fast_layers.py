"""Fast layers against torch's: values, gradients, ties; where a run uses them, and that its curve stays the same."""

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnn.architectures import ARCHITECTURES
from cnn.architectures.modules import Network
from cnn.training import TrainingConfig, train
from cnn.training.fast_layers import FastConvolutionMaxPool2d, FastMaxPool2d, placements
from cnn.training.loop import fresh_network

LAYOUTS = [torch.contiguous_format, torch.channels_last]


def with_gradient(pool: nn.Module, maps: Tensor, top: Tensor) -> tuple[Tensor, Tensor]:
    given = maps.clone().requires_grad_()
    pooled = pool(given)
    pooled.backward(top)
    assert given.grad is not None
    return pooled.detach(), given.grad


@pytest.mark.parametrize("levels", [2, 3, 1_000_000])  # few levels: many ties
@pytest.mark.parametrize("shape", [(4, 6, 28, 28), (3, 2, 6, 10), (1, 1, 2, 2)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_pooling_equals_torch_exactly(shape, levels, layout):
    generator = torch.Generator().manual_seed(levels)
    maps = torch.randint(levels, shape, generator=generator).float().contiguous(memory_format=layout)
    top = torch.randn(F.max_pool2d(maps, 2).shape, generator=generator)
    for found, expected in zip(
        with_gradient(FastMaxPool2d(), maps, top), with_gradient(nn.MaxPool2d(2), maps, top), strict=True
    ):
        torch.testing.assert_close(found, expected, rtol=0, atol=0)


def test_the_upper_left_one_wins_a_tie():
    _, gradient = with_gradient(FastMaxPool2d(), torch.tensor([[[[1.0, 2.0], [2.0, 2.0]]]]), torch.ones(1, 1, 1, 1))
    assert gradient.tolist() == [[[[0, 1], [0, 0]]]]


def test_odd_sizes_drop_the_last_row():
    maps = torch.arange(15.0).view(1, 1, 3, 5)
    torch.testing.assert_close(FastMaxPool2d()(maps), F.max_pool2d(maps, 2))


def test_placements_by_hand():
    placed = torch.tensor([1.0, 2, 3, 4]) @ placements(2)
    assert placed.view(2, 2, 3, 3).tolist() == [
        [[[1, 2, 0], [3, 4, 0], [0, 0, 0]], [[0, 1, 2], [0, 3, 4], [0, 0, 0]]],
        [[[0, 0, 0], [1, 2, 0], [3, 4, 0]], [[0, 0, 0], [0, 1, 2], [0, 3, 4]]],
    ]


@pytest.mark.parametrize(("size", "k"), [(32, 5), (6, 3), (5, 2), (2, 1)])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_convolution_and_pooling_against_torch_in_float64(size, k, layout):
    torch.manual_seed(size)
    convolution = nn.Conv2d(1, 6, k).double()
    images = torch.randn(9, 1, size, size).double().contiguous(memory_format=layout)
    images[:3] = 0.25  # as on empty paper, all four values are equal
    fast, parameters = FastConvolutionMaxPool2d(convolution), tuple(convolution.parameters())
    expected = F.max_pool2d(convolution(images), 2)
    top = torch.randn_like(expected)
    torch.testing.assert_close(fast(images), expected)
    assert fast(images).shape == expected.shape
    for found, wanted in zip(
        torch.autograd.grad(fast(images), parameters, top), torch.autograd.grad(expected, parameters, top), strict=True
    ):
        torch.testing.assert_close(found, wanted)


def test_the_first_use_may_be_without_gradients():
    placements.cache_clear()
    layer = FastConvolutionMaxPool2d(nn.Conv2d(1, 2, 3))
    with torch.inference_mode():
        layer(torch.zeros(1, 1, 6, 6))
    layer(torch.zeros(1, 1, 6, 6)).sum().backward()
    assert layer.weight.grad is not None


# -------------------------------------------------------------------------------------------------- where they are used


def fast_layers(config: TrainingConfig) -> list[str]:
    network = fresh_network(config)
    return [name for name, layer in network.named_modules() if type(layer) in (FastMaxPool2d, FastConvolutionMaxPool2d)]


def test_a_run_uses_them_where_they_are_the_same():
    assert fast_layers(TrainingConfig()) == ["features.C1", "features.S4"]
    assert fast_layers(TrainingConfig(pooling="average")) == []
    assert fast_layers(TrainingConfig(network="lenet5", learning_rate=1e-3)) == []


@pytest.mark.parametrize(
    ("convolution", "size"),
    [
        (nn.Conv2d(3, 6, 5), 32),
        (nn.Conv2d(1, 6, 5, stride=2), 32),
        (nn.Conv2d(1, 6, 5, padding=1), 32),
        (nn.Conv2d(1, 6, 5, dilation=2), 32),
        (nn.Conv2d(1, 6, 5), 31),
        (nn.Conv2d(1, 6, 5, bias=False), 32),
    ],
    ids=["channels", "stride", "padding", "dilation", "odd", "no bias"],
)
def test_no_other_convolution_is_taken(convolution, size):
    assert not FastConvolutionMaxPool2d.fits(convolution, size)
    assert FastConvolutionMaxPool2d.fits(nn.Conv2d(1, 6, 5), 32)


def test_a_run_loads_into_the_plain_network_and_starts_as_it():
    config = TrainingConfig(seed=3)
    fast, plain = fresh_network(config), ARCHITECTURES["lenet5_modern"].build()
    plain.load_state_dict(fast.state_dict())
    assert list(plain.state_dict()) == list(fast.state_dict())


def test_the_curve_is_that_of_torchs_own_layers(monkeypatch):
    """In float64, for Adam blows up what two orders of a sum round apart: in float32 to a hundredth within 20 steps."""
    config = replace(TrainingConfig(), share=0.02, epochs=2)

    def in_float64(config: TrainingConfig) -> Network:
        network = fresh_network(config).double()
        prepare = network.prepare
        monkeypatch.setattr(network, "prepare", lambda images: prepare(images).double())
        return network

    monkeypatch.setattr("cnn.training.loop.fresh_network", in_float64)
    fast = [step.loss for step in train(config)]
    monkeypatch.setattr("cnn.training.loop.use_fast_layers", lambda features, size: None)
    assert [step.loss for step in train(config)] == pytest.approx(fast, rel=1e-9)
