"""The named layers of the channels section."""

import numpy as np
import pytest
import torch

from cnn.named_layers import LAYERS, fitted, named_layer


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.key)
def test_weight_is_one_that_torch_takes(layer):
    image = torch.zeros(1, layer.in_channels, 9, 9, dtype=torch.float64)
    output = torch.nn.functional.conv2d(image, torch.from_numpy(layer.weight.copy()), groups=layer.groups)
    assert output.shape[1] == len(layer.weight)


def test_brightness_weights_add_up_to_one():
    assert named_layer("grey").weight.sum() == pytest.approx(1)


def test_lenet_c1_has_the_papers_shape():
    assert named_layer("lenet_c1").weight.shape == (6, 1, 5, 5)


def test_fitted_in_its_own_shape_is_the_weight():
    for layer in LAYERS:
        out_channels, in_channels, side, _ = layer.weight.shape
        np.testing.assert_array_equal(fitted(layer.weight, out_channels, in_channels, side), layer.weight)


def test_fitted_frames_and_cuts_around_the_middle():
    weight = np.arange(9.0).reshape(1, 1, 3, 3)
    assert fitted(weight, 1, 1, 1).tolist() == [[[[4.0]]]]
    wide = fitted(weight, 2, 3, 5)
    assert wide.shape == (2, 3, 5, 5)
    np.testing.assert_array_equal(wide[1, 2, 1:4, 1:4], weight[0, 0])
    assert wide.sum() == 6 * weight.sum()
