"""The line of a photograph is found under all that a camera does to it."""

import numpy as np
import pytest
from PIL import Image

from cnn.architectures import ARCHITECTURES
from cnn.envelope.line_image import densest_band, line_from_photograph, paper, slope, stroke_width, turned
from cnn.envelope.photographed import THIN, photographed
from cnn.envelope.reading import read
from cnn.envelope.writing import HEIGHT, WIDTH, write

NETWORK = ARCHITECTURES["lenet5_modern"].trained()
SEEDS = range(20)


def read_of(photograph: np.ndarray) -> str:
    ink = line_from_photograph(photograph)
    assert ink is not None and ink.shape == (HEIGHT, WIDTH)
    return read(NETWORK, ink, "zip", None).text


@pytest.mark.parametrize(("thinner", "least"), [(0, 0.9), (THIN, 0.7)])
def test_most_photographs_are_read(thinner, least):
    """Floors a little under what `python -m cnn.envelope` measured over 200."""
    lines = [(write("zip", seed), seed) for seed in SEEDS]
    right = [read_of(photographed(line.ink, seed, thinner)) == line.text for line, seed in lines]
    assert np.mean(right) >= least


def test_light_ink_on_dark_paper_reads_the_same():
    photograph = photographed(write("zip", 3).ink, 3)
    assert read_of(255 - photograph) == read_of(photograph) == write("zip", 3).text


def test_an_address_above_the_line_is_left_out():
    """Two lines: the one with more ink is read, and nothing of the other."""
    photograph = photographed(write("zip", 3).ink, 3)
    taller = np.concatenate([np.full((200, photograph.shape[1], 3), photograph[:5].mean(), np.uint8), photograph])
    taller[150:160, 300:700] = 40  # an underlined word
    assert read_of(taller) == write("zip", 3).text


@pytest.mark.parametrize("degrees", [-8.0, -3.0, 0.0, 4.5, 9.0])
def test_the_slope_is_found(degrees):
    """A line turned by so many degrees is turned back, give or take what digits of unlike height leave open."""
    ink = np.pad(np.asarray(Image.fromarray(write("zip", 5).ink).resize((640, 152))), 80)
    assert slope(turned(ink, -degrees)) == pytest.approx(degrees, abs=2)


def test_paper_is_what_lies_under_the_ink():
    """A gradient with a few dark strokes: the strokes leave no trace."""
    light = np.linspace(120, 240, 400)[None] * np.ones((200, 1))
    grey = light.copy()
    grey[60:140, 100:380:70] = 20
    grey[60:140, 101:380:70] = 20
    assert np.abs(paper(grey) - light)[20:-20, 30:-30].max() < 12


def test_the_densest_band_by_hand():
    ink = np.zeros((40, 60), np.uint8)
    ink[3:6, 10:20] = 255
    ink[20:30, 5:45] = 255
    band = densest_band(ink)
    assert band is not None and band.shape == (10, 40)
    assert densest_band(np.zeros((10, 10), np.uint8)) is None


def test_the_width_of_a_bar():
    """A long bar is as wide as it is; 6 x 200: 2 * 1200 / 412 = 5.8."""
    ink = np.zeros((220, 40), np.uint8)
    ink[10:210, 10:16] = 255
    assert stroke_width(ink) == pytest.approx(2 * 1200 / 412)


@pytest.mark.parametrize("seed", range(3))
def test_empty_paper_is_no_line(seed):
    noise = 200 + np.random.default_rng(seed).normal(0, 6, (300, 700, 1))
    assert line_from_photograph(np.repeat(np.clip(noise, 0, 255), 3, axis=2).astype(np.uint8)) is None


@pytest.mark.parametrize("shape", [(16, 16, 3), (16, 1024, 3), (1024, 16, 3)])
@pytest.mark.parametrize("kind", ["noise", "black", "half"])
def test_no_picture_is_an_exception(shape, kind):
    picture = {
        "noise": np.random.default_rng(1).integers(0, 256, shape),
        "black": np.zeros(shape),
        "half": np.where(np.arange(shape[1])[None, :, None] < shape[1] // 2, 255, 0) * np.ones(shape),
    }[kind]
    ink = line_from_photograph(picture.astype(np.uint8))
    assert ink is None or ink.shape == (HEIGHT, WIDTH)
