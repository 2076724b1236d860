"""The named kernels do what their names say."""

import numpy as np
import pytest

from cnn.kernels import BREAK_IT, KERNELS, LENET_C1, flip, kernel
from cnn.operations import conv2d

RAMP = np.add.outer(10.0 * np.arange(6), np.arange(6.0))  # brightens by 1 to the right and by 10 downwards


def slid(image, weights):
    return conv2d(image[None], np.asarray(weights)[None, None])[0]


def test_keys_and_order():
    assert [named.key for named in KERNELS] == [
        "lecture", "identity", "box_blur", "gaussian", "sharpen", "sobel_x", "sobel_y", "laplacian", "emboss",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="key is 'blur'"):
        kernel("blur")


def test_lecture_row():
    np.testing.assert_array_equal(slid(np.array([[1.0, 1, 1, 0, 1, 1]]), kernel("lecture")), [[0, 0, 1, -1, 0]])


def test_weights_are_exact():
    assert (kernel("box_blur") == 1 / 9).all()
    np.testing.assert_array_equal(kernel("gaussian") * 16, [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


@pytest.mark.parametrize("key", ["identity", "box_blur", "gaussian", "sharpen", "emboss"])
def test_keeps_brightness(key):
    assert kernel(key).sum() == pytest.approx(1)


@pytest.mark.parametrize("key", ["lecture", "sobel_x", "sobel_y", "laplacian"])
def test_answers_only_to_change(key):
    assert kernel(key).sum() == 0


def test_on_a_ramp():
    np.testing.assert_allclose(slid(RAMP, kernel("sobel_x")), 8)  # 2 pixels apart, weights 1 + 2 + 1
    np.testing.assert_allclose(slid(RAMP, kernel("sobel_y")), 80)
    np.testing.assert_allclose(slid(RAMP, kernel("laplacian")), 0)
    for key in ("identity", "box_blur", "gaussian", "sharpen"):
        np.testing.assert_allclose(slid(RAMP, kernel(key)), RAMP[1:-1, 1:-1])


def test_a_caller_cannot_change_a_named_kernel():
    kernel("identity")[:] = 7
    assert kernel("identity").sum() == 1


def test_flip():
    np.testing.assert_array_equal(flip([[1, 2, 3], [4, 5, 6]]), [[6, 5, 4], [3, 2, 1]])
    weights = np.arange(12.0).reshape(2, 1, 2, 3)
    np.testing.assert_array_equal(flip(weights)[1, 0], flip(weights[1, 0]))
    np.testing.assert_array_equal(flip(flip(weights)), weights)


def test_lenet_c1():
    assert LENET_C1.shape == (6, 1, 5, 5)  # the lecture's C1
    assert not LENET_C1.flags.writeable
    np.testing.assert_allclose(LENET_C1.sum(axis=(1, 2, 3)), 0, atol=1e-12)
    assert len({weights.tobytes() for weights in LENET_C1}) == 6
    np.testing.assert_array_equal(LENET_C1, np.round(LENET_C1, 2))


def test_lenet_c1_finds_its_own_direction():
    """Each kernel answers more strongly to its own edge or bar than to the one across."""
    stripe = np.zeros((9, 9))
    stripe[:, 4] = 1
    step = (np.arange(9) > 4) * np.ones((9, 1))
    diagonal_step = np.fliplr(np.tri(9)) - np.fliplr(np.eye(9))
    edge_0, edge_45, edge_90, edge_135, bar_0, bar_90 = LENET_C1[:, 0]

    def strength(weights, image):
        return np.abs(slid(image, weights)).max()

    assert strength(edge_0, step) > 3 * strength(edge_90, step)
    assert strength(edge_90, step.T) > 3 * strength(edge_0, step.T)
    assert strength(edge_45, diagonal_step) > 3 * strength(edge_135, diagonal_step)
    assert strength(edge_135, np.fliplr(diagonal_step)) > 3 * strength(edge_45, np.fliplr(diagonal_step))
    assert strength(bar_0, stripe) > 3 * strength(bar_90, stripe)


def test_break_it():
    by_key = {preset.key: preset for preset in BREAK_IT}
    assert len(by_key) == len(BREAK_IT)
    too_far, too_padded, too_deep = by_key.values()
    assert too_far.stride > too_far.kernel_size and too_far.sizes == (8, 3)
    assert too_padded.padding >= too_padded.kernel_size and too_padded.sizes == (5, 9)
    assert too_deep.layers == 10
    assert too_deep.sizes == (16, 14, 12, 10, 8, 6, 4, 2)  # the eighth layer's 3 x 3 does not fit 2 x 2
