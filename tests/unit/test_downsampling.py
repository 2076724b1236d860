"""Four ways to halve an image, and the way down, against sums written out and against torch."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from cnn import downsampling
from cnn.downsampling import Level, correlation, cost, four_weights, halved, levels, shuffled

torch.set_num_threads(1)

FIGURE = np.array([[[29, 15, 28, 184], [0, 100, 70, 38], [12, 12, 7, 2], [12, 12, 45, 6]]], float)


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("max", [[100, 184], [12, 45]]),
        ("average", [[36, 80], [12, 15]]),
        ("convolution", [[36, 80], [12, 15]]),
        ("subsample", [[29, 28], [12, 7]]),
    ],
)
def test_halved_by_hand(way, expected):
    assert halved(FIGURE, way, four_weights("average"))[0].tolist() == expected


@pytest.mark.parametrize("size", [(7, 10), (8, 5), (2, 2), (3, 3)])
def test_halved_against_torch(size):
    images = np.random.default_rng(3).normal(size=(3, *size)).astype(np.float32)
    weights, tensor = four_weights("random", 5), torch.from_numpy(images)
    kernel = torch.tensor(np.repeat(weights[None, None], 3, axis=0), dtype=torch.float32)
    expected = {
        "max": F.max_pool2d(tensor, 2),
        "average": F.avg_pool2d(tensor, 2),
        "convolution": F.conv2d(tensor, kernel, stride=2, groups=3),
        "subsample": tensor[:, ::2, ::2][:, : size[0] // 2, : size[1] // 2],
    }
    for way in downsampling.WAYS:
        result = halved(images, way, weights)
        assert result.dtype == np.float32 and result.shape == (3, size[0] // 2, size[1] // 2)
        np.testing.assert_allclose(result, expected[way].numpy(), atol=1e-5)


def test_cost():
    assert cost("max", 3, (150, 225)) == downsampling.Cost(reads=405_000, parameters=0, macs=0)
    assert cost("average", 3, (150, 225)).macs == 0
    assert cost("subsample", 3, (150, 225)).reads == 101_250
    layer = torch.nn.Conv2d(3, 3, 2, stride=2, groups=3, bias=False)
    convolution = cost("convolution", 3, (150, 225))
    assert convolution.parameters == sum(parameter.numel() for parameter in layer.parameters()) == 12
    assert convolution.macs == 150 * 225 * 12


def test_four_weights():
    assert four_weights("average").tolist() == [[0.25, 0.25]] * 2
    assert four_weights("edge").sum() == 0
    assert np.array_equal(four_weights("random", 1), four_weights("random", 1))
    assert not np.array_equal(four_weights("random", 1), four_weights("random", 2))
    assert np.abs([four_weights("random", seed) for seed in range(50)]).max() <= 0.5
    with pytest.raises(ValueError, match="name is 'blur'"):
        four_weights("blur")


# ------------------------------------------------------------------------------------------------------- the way down


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_levels(pooling):
    images = np.random.default_rng(4).uniform(0, 255, (3, 40, 66)).astype(np.float32)
    found = levels(images, pooling)
    assert [level.factor for level in found] == [1, 2, 4, 8, 16]  # 40 // 32 = 1 row would have no neighbours
    assert [level.images.shape[1:] for level in found] == [(40, 66), (20, 33), (10, 16), (5, 8), (2, 4)]
    pool = F.max_pool2d if pooling == "max" else F.avg_pool2d
    for level in found:
        expected = pool(torch.from_numpy(images), level.factor).numpy()
        np.testing.assert_allclose(level.images, expected, rtol=1e-5)


def test_level_by_the_numbers():
    level = Level(1, np.zeros((3, 10, 20), np.float32), 0.0)
    assert level.memory == level.images.nbytes == 2400
    layer = torch.nn.Linear(600, 128)
    assert level.dense_parameters(128) == sum(parameter.numel() for parameter in layer.parameters()) == 76_928


def test_correlation_by_hand():
    ramp = np.arange(12.0)[None].repeat(3, axis=0)
    assert correlation(ramp[:1]) == pytest.approx(1)
    checks = np.indices((6, 6)).sum(axis=0) % 2 * 1.0
    assert correlation(checks) == pytest.approx(-1)
    assert correlation(checks, 2) == pytest.approx(1)
    assert np.isnan(correlation(np.ones((4, 4)))) and np.isnan(correlation(np.ones((1, 1))))
    assert np.isnan(correlation(checks, 6))


def test_correlation_against_numpy():
    image = np.random.default_rng(5).normal(size=(9, 11)).cumsum(axis=1)
    pairs = [(image[r, c], image[r, c + 2]) for r in range(9) for c in range(9)]
    pairs += [(image[r, c], image[r + 2, c]) for r in range(7) for c in range(11)]
    assert correlation(image, 2) == pytest.approx(np.corrcoef(np.array(pairs).T)[0, 1])


def test_shuffled_pixels_are_strangers():
    image = np.arange(10_000.0).reshape(100, 100)
    assert correlation(image) > 0.99
    assert abs(correlation(shuffled(image))) < 0.03
    assert np.array_equal(np.sort(shuffled(image), axis=None), np.sort(image, axis=None))
