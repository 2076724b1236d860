"""Fast max pooling against torch's: values, gradients, ties."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cnn.training import TrainingConfig
from cnn.training.fast_pooling import FastMaxPool2d
from cnn.training.loop import fresh_network


def with_gradient(pool: nn.Module, maps: Tensor, top: Tensor) -> tuple[Tensor, Tensor]:
    given = maps.clone().requires_grad_()
    pooled = pool(given)
    pooled.backward(top)
    assert given.grad is not None
    return pooled.detach(), given.grad


@pytest.mark.parametrize("levels", [2, 3, 1_000_000])  # few levels: many ties
@pytest.mark.parametrize("shape", [(4, 6, 28, 28), (3, 2, 6, 10), (1, 1, 2, 2)])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_equals_torch_exactly(shape, levels, layout):
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


def test_a_run_uses_it_where_it_is_the_same():
    network = fresh_network(TrainingConfig())
    assert [type(layer) for layer in network.features].count(FastMaxPool2d) == 2
    assert FastMaxPool2d not in [type(layer) for layer in fresh_network(TrainingConfig(pooling="average")).features]
