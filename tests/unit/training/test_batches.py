"""Which images are seen, in which order, moved how."""

from dataclasses import replace

import numpy as np
import pytest

from cnn.datasets import mnist
from cnn.training import TrainingConfig
from cnn.training.batches import (
    batches,
    curvature_sample,
    epoch_order,
    place,
    training_indices,
    validation_split,
)
from cnn.training.distortions import SCALING, SHEARING, SQUEEZING, TRANSLATION, distort, draw_distortions

SMALL = TrainingConfig(share=0.03, epochs=2, batch_size=64, shift=0)  # 1,650 images: 25 batches of 64 and one of 50


def drawn(config, **arguments):
    return list(batches(config, **arguments))


def test_each_pass_shows_each_image_once():
    images, labels = mnist("train")
    shown = drawn(SMALL)
    assert len(shown) == SMALL.steps == 52
    chosen = images[training_indices(SMALL)]
    for epoch in range(2):
        of_epoch = [batch for batch in shown if batch.epoch == epoch]
        assert [len(batch.labels) for batch in of_epoch] == [64] * 25 + [50]
        assert [batch.opens_epoch for batch in of_epoch] == [True] + [False] * 25
        seen = np.concatenate([batch.images for batch in of_epoch])
        assert sorted(picture.tobytes() for picture in seen[:, 2:30, 2:30]) == sorted(p.tobytes() for p in chosen)
        assert not seen[:, :2].any() and not seen[:, 30:].any() and not seen[:, :, :2].any()
        order = epoch_order(SMALL, epoch)
        np.testing.assert_array_equal(np.concatenate([batch.labels for batch in of_epoch]), labels[order])
        np.testing.assert_array_equal(seen[:, 2:30, 2:30], images[order])


def test_order_changes_with_pass_and_seed():
    assert not np.array_equal(epoch_order(SMALL, 0), epoch_order(SMALL, 1))
    assert not np.array_equal(epoch_order(SMALL, 0), epoch_order(replace(SMALL, seed=1), 0))
    np.testing.assert_array_equal(epoch_order(SMALL, 0), epoch_order(replace(SMALL, shift=2), 0))


def test_no_shuffling_sorts_by_class():
    shown = drawn(replace(SMALL, shuffle=False, epochs=1))
    assert (np.diff(np.concatenate([batch.labels for batch in shown])) >= 0).all()


def test_validation_is_never_trained_on():
    assert training_indices(TrainingConfig()).tolist() == list(range(55_000))
    assert training_indices(TrainingConfig(validation=0)).tolist() == list(range(60_000))
    assert training_indices(SMALL).max() < 55_000 and len(set(training_indices(SMALL))) == 1650
    images, labels = validation_split(TrainingConfig())
    np.testing.assert_array_equal(images, mnist("train")[0][55_000:])
    np.testing.assert_array_equal(labels, mnist("train")[1][55_000:])


@pytest.mark.parametrize("config", [SMALL, replace(SMALL, shift=2), replace(SMALL, distortions=True)])
@pytest.mark.parametrize("first_step", [0, 1, 26, 30])
def test_a_run_can_start_in_the_middle(config, first_step):
    whole, rest = drawn(config), drawn(config, first_step=first_step)
    assert len(rest) == len(whole) - first_step
    for expected, found in zip(whole[first_step:], rest, strict=True):
        np.testing.assert_array_equal(found.images, expected.images)
        np.testing.assert_array_equal(found.labels, expected.labels)
        assert (found.epoch, found.opens_epoch) == (expected.epoch, expected.opens_epoch)


def test_place_by_hand():
    """1 2 / 3 4 in a square of four: down 1 and left 1."""
    image = np.array([[[1, 2], [3, 4]]], np.uint8)
    expected = [[0, 0, 0, 0], [0, 0, 0, 0], [1, 2, 0, 0], [3, 4, 0, 0]]
    np.testing.assert_array_equal(place(image, 4, np.array([[1, -1]]))[0], expected)
    np.testing.assert_array_equal(place(image, 2, np.array([[0, 1]]))[0], [[0, 1], [0, 3]])


def test_shifts_against_roll():
    images = mnist("train")[0][:200]
    shifts = np.random.default_rng(0).integers(-2, 3, (200, 2))
    for image, (down, right), found in zip(images, shifts, place(images, 32, shifts), strict=True):
        np.testing.assert_array_equal(found, np.roll(np.pad(image, 2), (down, right), (0, 1)))


def test_every_shift_occurs_equally_often():
    config = TrainingConfig(share=0.2, epochs=1, shift=1)  # 11,000 images
    order, plain = epoch_order(config, 0), mnist("train")[0]
    counts = np.zeros((3, 3), int)
    first = 0
    for batch in batches(config):
        for found, index in zip(batch.images, order[first : first + len(batch.labels)], strict=True):
            padded = np.pad(plain[index], 2)
            fits = [
                (down, right)
                for down in (-1, 0, 1)
                for right in (-1, 0, 1)
                if np.array_equal(np.roll(padded, (down, right), (0, 1)), found)
            ]
            assert len(fits) == 1
            counts[fits[0][0] + 1, fits[0][1] + 1] += 1
        first += len(batch.labels)
        if first > 3_000:
            break
    assert counts.min() > 0.8 * counts.mean() and counts.max() < 1.2 * counts.mean()


# ---------------------------------------------------------------------------------------------------------- distortions


def test_distort_moves_as_place_does():
    """Source = (x - 3, y + 2): three to the right, two up."""
    images = mnist("train")[0][:50]
    matrices = np.tile(np.array([[1, 0, -3], [0, 1, 2]], np.float32), (50, 1, 1))
    np.testing.assert_array_equal(distort(images, matrices, 32), place(images, 32, np.tile([-2, 3], (50, 1))))


def test_distort_by_hand():
    """Half the size about the middle: each result pixel is the mean of the four that fall on it."""
    image = np.arange(16, dtype=np.uint8).reshape(1, 4, 4) * 10
    found = distort(image, np.array([[[2, 0, 0], [0, 2, 0]]], np.float32), 4)[0]
    np.testing.assert_array_equal(found[1:3, 1:3], [[25, 45], [105, 125]])
    assert not found[0].any() and not found[:, 3].any()


def test_drawn_distortions_are_the_documented_map():
    """matrix(x', y') = (x, y) where x' = z q (x + k y) + t_x, y' = z / q y + t_y, with all numbers in their ranges."""
    matrices = draw_distortions(2_000, np.random.default_rng(1)).astype(np.float64)
    square = np.concatenate([matrices, np.tile([[[0, 0, 1]]], (2_000, 1, 1))], axis=1)
    forward = np.linalg.inv(square)
    a, b, tx = forward[:, 0].T
    c, d, ty = forward[:, 1].T
    assert np.abs(c).max() < 1e-6
    drawn_values = {
        "scale": (np.log(a * d) / 2, SCALING),
        "squeeze": (np.log(a / d) / 2, SQUEEZING),
        "shear": (b / a, SHEARING),
        "x": (tx, TRANSLATION),
        "y": (ty, TRANSLATION),
    }
    for name, (values, reach) in drawn_values.items():
        assert np.abs(values).max() <= reach * (1 + 1e-4), name
        assert values.max() > 0.98 * reach and values.min() < -0.98 * reach, name
        assert abs(values.mean()) < 0.06 * reach, name


def test_curvature_sample_comes_from_the_training_images():
    config = TrainingConfig(share=0.01, shift=0)
    images, labels = curvature_sample(config, 0, 500)
    known = {image.tobytes() for image in mnist("train")[0][training_indices(config)]}
    assert images.shape == (500, 32, 32) and labels.shape == (500,)
    assert {np.ascontiguousarray(image[2:30, 2:30]).tobytes() for image in images} <= known
    assert not np.array_equal(images, curvature_sample(config, 1, 500)[0])
