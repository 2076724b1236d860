"""The scenes of the perturbation lab: each one says absorbed or not, and is it (facts: brute force in torch)."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnn import kernels, patterns
from cnn.scenes import SCENES, Scene, changed_image

IMAGE = patterns.pattern("zero_column", (6, 6))


def pooled(image: np.ndarray, scene: Scene) -> torch.Tensor:
    """Convolution and pooling in torch."""
    maps = F.conv2d(torch.tensor(image)[None, None], torch.tensor(kernels.kernel("lecture"))[None, None])
    pool = F.avg_pool2d if scene.pooling == "average" else F.max_pool2d
    return pool(maps, scene.window, scene.stride)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.key)
def test_only_the_lectures_example_is_absorbed(scene):
    other = changed_image(IMAGE, scene.change, scene.pixel, scene.value)
    assert not np.array_equal(other, IMAGE)
    absorbed = torch.allclose(pooled(other, scene), pooled(IMAGE, scene))
    assert absorbed == (scene.key == "absorbed")


def test_two_rows_change_two_pixels():
    other = changed_image(IMAGE, "two_rows", (2, 3), 1.0)
    assert np.argwhere(other != IMAGE).tolist() == [[2, 3], [3, 3]]


def test_shift_moves_the_zero_column():
    assert changed_image(IMAGE, "shift", (0, 0), 0.0).tolist() == [[1, 1, 1, 1, 0, 1]] * 6


def test_noise_changes_every_maximum_of_the_lecture_s_setting():
    scene = Scene("noise", change="noise")
    other = changed_image(IMAGE, "noise", (0, 0), 0.0)
    assert not torch.isclose(pooled(other, scene), pooled(IMAGE, scene)).any()


def test_the_last_row_has_no_row_below():
    other = changed_image(IMAGE, "two_rows", (5, 3), 1.0)
    assert np.argwhere(other != IMAGE).tolist() == [[5, 3]]
