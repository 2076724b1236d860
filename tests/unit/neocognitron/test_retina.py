"""Pictures for the Neocognitron: moved and distorted as said, and texts that come back as they went."""

import numpy as np
import pytest

from cnn.neocognitron.retina import (
    FRAME,
    PAPER,
    PULL,
    SHAPES,
    SIZE,
    Warp,
    between,
    framed,
    from_digit,
    from_ink,
    from_text,
    homography,
    moved,
    to_ink,
    to_text,
)

CHANCE = np.random.default_rng(5)


def test_shapes_stand_in_the_middle():
    for shape in SHAPES:
        rows, columns = np.nonzero(shape)
        assert (rows.min(), rows.max()) == (4, 11) and columns.min() >= 5 and columns.max() <= 10


def test_moved_by_hand():
    image = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(moved(image, 1, -1), [[0, 0, 0], [1, 2, 0], [4, 5, 0]])
    np.testing.assert_array_equal(moved(image, 0, 0), image)


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (1, -2), (-6, 6), (3, 0)])
def test_a_whole_shift_is_a_move(rows, columns):
    np.testing.assert_allclose(Warp(rows, columns).apply(SHAPES[2]), moved(SHAPES[2], rows, columns), atol=1e-9)


def test_half_a_pixel_is_the_mean_of_two():
    image = CHANCE.random((SIZE, SIZE))
    np.testing.assert_allclose(Warp(0, 0.5).apply(image), (image + moved(image, 0, 1)) / 2, atol=1e-9)


def test_homography_takes_corners_to_corners():
    end = FRAME + CHANCE.uniform(-PULL, PULL, (4, 2))
    for start, target in zip(FRAME, end, strict=True):
        row, column, depth = homography(FRAME, end) @ [*start, 1]
        np.testing.assert_allclose([row / depth, column / depth], target)


def test_a_pulled_corner_pulls_the_picture():
    image = np.zeros((SIZE, SIZE))
    image[2:4, 2:4] = 1  # in the top left corner of the frame
    pulled = Warp(pulls=((2, 2), (0, 0), (0, 0), (0, 0))).apply(image)
    assert pulled[2, 2] < 0.1 and pulled[4, 4] > 0.5


@pytest.mark.parametrize("signs", [(1, -1), (-1, 1), (1, 1), (-1, -1)])
def test_no_pull_tears_the_picture(signs):
    """The worst corners stay convex: nothing behind the horizon, no pixel beyond the ink."""
    pulls = [(PULL * signs[(i + j) % 2], PULL * signs[j % 2]) for i, j in zip((0, 0, 1, 1), (0, 1, 1, 0), strict=True)]
    warp = Warp(pulls=tuple(pulls))  # type: ignore[arg-type]
    edges = np.roll(warp.corners, -1, 0) - warp.corners
    turns = edges[:, 0] * np.roll(edges, -1, 0)[:, 1] - edges[:, 1] * np.roll(edges, -1, 0)[:, 0]
    assert (turns < 0).all() or (turns > 0).all()
    result = warp.apply(SHAPES[0])
    assert np.isfinite(result).all() and result.min() >= 0 and result.max() <= 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rows": 7}, "from -6 to 6"),
        ({"rows": float("nan")}, "from -6 to 6"),
        ({"pulls": ((3, 0), (0, 0), (0, 0), (0, 0))}, "four pairs"),
        ({"pulls": ((0, 0),)}, "four pairs"),
    ],
)
def test_wrong_warps(wrong, message):
    with pytest.raises(ValueError, match=message):
        Warp(**wrong)


def test_between_the_pixels_by_hand():
    image = np.zeros((SIZE, SIZE))
    image[0, 0], image[0, 1] = 1, 3
    np.testing.assert_allclose(between(image, np.array([0, 0, -1, -0.5]), np.array([0, 0.25, 0, 1])), [1, 1.5, 0, 1.5])


def test_text_goes_and_comes_back():
    drawn = (CHANCE.random((SIZE, SIZE)) > 0.5).astype(float)
    assert len(to_text(drawn)) == 64
    np.testing.assert_array_equal(from_text(to_text(drawn)), drawn)


@pytest.mark.parametrize("text", ["", "0", "g" * 64, "0" * 63, "0" * 65, "٠" * 64, "0" * 100_000, " " * 64])
def test_wrong_texts(text):
    with pytest.raises(ValueError):
        from_text(text)


def test_digits_and_ink():
    digit = np.zeros((28, 28), np.uint8)
    digit[0:2, 0:2] = 255
    assert from_digit(digit)[1, 1] == 1 and from_digit(digit).sum() == 1
    assert from_digit(digit).shape == (SIZE, SIZE)


def test_ink_counts_where_it_covers_half_a_pixel():
    ink = np.zeros((PAPER, PAPER), np.uint8)
    ink[4:8, 4:6] = 255  # half of pixel (1, 1)
    ink[4:8, 8:9] = 255  # a quarter of pixel (1, 2)
    ink[0:4, 20:24] = 255  # the border stays paper
    expected = np.zeros((SIZE, SIZE))
    expected[1, 1] = 1
    np.testing.assert_array_equal(from_ink(ink), expected)


def test_paper_goes_and_comes_back():
    drawn = framed((CHANCE.random((SIZE, SIZE)) > 0.5).astype(float))
    assert not (drawn[0].any() or drawn[-1].any() or drawn[:, 0].any() or drawn[:, -1].any())
    np.testing.assert_array_equal(from_ink(to_ink(drawn)), drawn)


def test_a_warp_is_ten_numbers():
    warp = Warp(0.5, -3, ((1, -2), (0, 0.25), (0, 0), (-1, 2.5)))
    assert warp.numbers == (0.5, -3, 1, -2, 0, 0.25, 0, 0, -1, 2.5) and Warp.of(warp.numbers) == warp
    for wrong in ([], [0] * 9, [0] * 11, [7] + [0] * 9, [float("nan")] + [0] * 9, [0, 0, 3, *[0] * 7]):
        with pytest.raises(ValueError):
            Warp.of(wrong)
