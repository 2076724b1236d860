"""Lines of digits are cut, read and rejected as they were written; the floors are a little under what was measured."""

import numpy as np
import pytest
import torch

from cnn.architectures import ARCHITECTURES
from cnn.datasets import mnist
from cnn.envelope.cuts import cuts, parts
from cnn.envelope.pieces import MOST_PIECES, components, join, labelled
from cnn.envelope.reading import believed, read, rejections
from cnn.envelope.segmentation import FORMS, MOST_DIGITS, segment
from cnn.envelope.writing import write

RUBBISH = {"lenet5_modern": None, "lenet5": 10.0}


@pytest.mark.parametrize("form", ["zip", "amount"])
@pytest.mark.parametrize("key", RUBBISH)
def test_most_lines_are_read_as_written(key, form):
    network = ARCHITECTURES[key].trained()
    lines = [write(form, seed, 4) for seed in range(20)]
    right = [read(network, line.ink, form, RUBBISH[key]).text == line.text for line in lines]
    assert np.mean(right) >= 0.85


def test_empty_paper_has_no_digits():
    assert read(ARCHITECTURES["lenet5_modern"].trained(), np.zeros((76, 320), np.uint8), "zip", None).text == ""


@pytest.mark.parametrize("key", RUBBISH)
def test_rejection_is_a_count(key):
    torch.set_num_threads(1)
    images, labels = mnist("test")
    chances = believed(ARCHITECTURES[key].trained(), images[:2000], RUBBISH[key])
    sure, right = chances.max(1), chances.argmax(1) == labels[:2000]
    thresholds = (0.0, 0.5, 0.9, 0.99)
    for threshold, point in zip(thresholds, rejections(sure, right, thresholds), strict=True):
        kept = sure >= threshold
        assert point.rejected == pytest.approx(1 - kept.mean())
        assert point.errors == pytest.approx((~right[kept]).mean())


# ------------------------------------------------------------------------------------------------------------- pieces


def flooded(mask: np.ndarray) -> list[frozenset]:
    """The components of a mask, each by spreading from one of its pixels."""
    left, found = {(int(row), int(column)) for row, column in np.argwhere(mask)}, []
    while left:
        piece, edge = set(), [left.pop()]
        while edge:
            row, column = edge.pop()
            piece.add((row, column))
            beside = {(row + r, column + c) for r in (-1, 0, 1) for c in (-1, 0, 1)} & left
            left -= beside
            edge += beside
        found.append(frozenset(piece))
    return found


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5, 1.0])
def test_components_are_those_that_spreading_finds(share):
    mask = np.random.default_rng(8).random((23, 31)) < share
    labels = labelled(mask)
    assert np.array_equal(labels > 0, mask)
    numbered = [
        frozenset(map(tuple, np.argwhere(labels == label).tolist())) for label in range(1, int(labels.max()) + 1)
    ]
    assert set(numbered) == set(flooded(mask)) and len(numbered) == len(flooded(mask))


def bars(*places: tuple[int, int, int, int]) -> np.ndarray:
    """Full rectangles (top, bottom, left, right) on a line's paper."""
    ink = np.zeros((76, 320), np.uint8)
    for top, bottom, left, right in places:
        ink[top:bottom, left:right] = 255
    return ink


def test_pieces_stand_where_they_were_found_and_join_again():
    ink = bars((10, 50, 100, 110), (20, 30, 40, 45))
    one, other = components(ink)
    assert (one.left, one.right, other.top, other.bottom) == (40, 45, 10, 50)
    both = join([one, other])
    np.testing.assert_array_equal(both.ink, ink[10:50, 40:110])


def test_a_cut_goes_through_the_thin_part():
    """Two blocks with a bridge of three pixels between them."""
    (piece,) = components(bars((10, 50, 100, 130), (29, 32, 130, 140), (10, 50, 140, 170)))
    best = min(cuts(piece, 40), key=lambda cut: cut.ink)
    assert 30 <= best.column <= 40 and best.ink == 3
    left, right = (part for part, _ in parts(piece, [best]))
    assert left.ink.sum() + right.ink.sum() == piece.ink.sum()
    assert 30 <= left.width <= 40 and 30 <= right.width <= 40


def always(images: np.ndarray) -> np.ndarray:
    """A score that takes everything for a digit."""
    return np.zeros(len(images))


FIVE = [(10, 50, left, left + 24) for left in (40, 80, 120, 160, 200)]


def test_five_bars_are_five_digits_and_a_speck_is_none():
    line = segment(bars(*FIVE, (20, 23, 260, 263)), "zip", always)
    assert [piece.left for piece in line.digits] == [40, 80, 120, 160, 200]
    assert line.images.shape == (5, 28, 28)


def test_a_low_speck_is_the_point_of_an_amount_alone():
    ink = bars(*FIVE[:3], (44, 50, 150, 156), *FIVE[3:])
    line = segment(ink, "amount", always)
    assert line.before_point == 3 and line.written([1, 2, 3, 4, 5]) == "123.45"
    assert segment(ink, "zip", always).written([1, 2, 3, 4, 5]) == "12345"


@pytest.mark.parametrize("form", FORMS)
def test_noise_and_a_black_line_are_bounded(form):
    noise = np.random.default_rng(3).integers(0, 256, (76, 320)).astype(np.uint8)
    for ink in (noise, np.full((76, 320), 255, np.uint8)):
        assert len(segment(ink, form, always).digits) <= MOST_DIGITS
    assert len(components((np.indices((76, 320)).sum(axis=0) % 4 == 0).astype(np.uint8) * 255)) <= MOST_PIECES


def test_a_form_that_is_none_is_refused():
    with pytest.raises(ValueError, match="form"):
        segment(bars(*FIVE), "letter", always)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_known(form):
    """The same seed, the same line; each digit where it is said to be."""
    line, again = write(form, 7), write(form, 7)
    np.testing.assert_array_equal(line.ink, again.ink)
    assert line.text == again.text != write(form, 8).text
    assert len(line.digits) == len(line.text.replace(".", ""))
    for piece in line.digits:
        assert (line.ink[piece.top : piece.bottom, piece.left : piece.right] >= piece.ink).all()


def test_rejections_by_hand():
    """Whoever is as sure as the threshold asks is kept."""
    points = rejections([0.9, 0.6, 0.3, 0.8], [True, False, True, True], (0.0, 0.6, 0.7, 1.0))
    assert [(point.rejected, point.errors) for point in points] == [(0, 1 / 4), (1 / 4, 1 / 3), (1 / 2, 0), (1, 0)]
    with pytest.raises(ValueError, match="confidences"):
        rejections([0.5], [True, False], (0.5,))
