"""A learner's digit: centred as MNIST's own are, found in pictures of all kinds, and carried by an address."""

import base64
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cnn import datasets, digits
from cnn.architectures.lenet import LENET5_MODERN
from cnn.lenet.explanations import outputs
from cnn.photographs import PhotographError, decode

SOME = range(0, 10_000, 50)


@pytest.fixture(scope="module")
def images():
    return datasets.mnist("test")[0]


def middle(image: np.ndarray) -> np.ndarray:
    """The centre of mass, counted in pixel numbers: row, column."""
    rows, columns = (image.sum(axis=axis, dtype=np.float64) for axis in (1, 0))
    return np.array([rows @ np.arange(len(rows)), columns @ np.arange(len(columns))]) / rows.sum()


def scan(digit: np.ndarray, ink: float, paper: np.ndarray) -> np.ndarray:
    """A photograph of a digit, five times as large: (28, 28) -> (h, w, 3), in the brightness of `ink` on `paper`."""
    share = np.asarray(Image.fromarray(digit).resize((140, 140), Image.Resampling.BILINEAR)) / 255
    share = np.pad(share, ((30, 50), (60, 20)))  # (220, 220), off the middle
    return np.repeat(np.rint(paper + (ink - paper) * share).astype(np.uint8)[..., None], 3, axis=2)


def found_in(photograph: np.ndarray) -> digits.Digit:
    found = digits.from_photograph(photograph)
    assert found is not None
    return found


def file(array: np.ndarray, kind: str = "PNG") -> bytes:
    buffer = BytesIO()
    Image.fromarray(array).save(buffer, kind)
    return buffer.getvalue()


# ------------------------------------------------------------------------------------------------------------ centred


def test_mnists_own_digits_are_centred_already(images):
    """Box of 20, centre of mass in the middle: what is claimed of MNIST, and what we make of a moved digit."""
    for index in SOME:
        moved = np.zeros((84, 84), np.uint8)
        moved[3:31, 50:78] = images[index]
        found = digits.centred(moved)
        assert np.abs(middle(images[index]) - 14).max() <= 0.75
        assert np.abs(middle(found) - 14).max() <= 0.75


def test_a_digit_that_fills_the_box_comes_back_unchanged(images):
    """Most of MNIST's: the same pixels in the same places."""
    same = []
    for index in SOME:
        image = np.where(images[index] >= digits.FAINT, images[index], 0)
        moved = np.zeros((60, 70), np.uint8)
        moved[7:35, 31:59] = image
        same.append(np.array_equal(digits.centred(moved), image))
    assert np.mean(same) > 0.8


def test_a_bar_by_hand():
    """40 x 4 -> 20 x 2, and the middle of both is between 13 and 14, where half a pixel goes down and right."""
    ink = np.zeros((84, 84), np.uint8)
    ink[20:60, 70:74] = 255
    found = digits.centred(ink)
    rows, columns = (np.flatnonzero(found.any(axis=axis)) for axis in (1, 0))
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (4, 23, 14, 15)
    assert found[4:24, 14:16].min() == 255


@pytest.mark.parametrize("faint", [0, digits.FAINT - 1])
def test_nothing_drawn_stays_nothing(faint):
    assert not digits.centred(np.full((84, 84), faint, np.uint8)).any()


@pytest.mark.parametrize("place", [(0, 0), (83, 83), (41, 0)])
def test_a_dot_anywhere_is_in_the_middle(place):
    ink = np.zeros((84, 84), np.uint8)
    ink[place] = 255
    found = digits.centred(ink)
    assert found.shape == (28, 28) and np.abs(middle(found) - 14).max() <= 0.75


def test_a_long_thin_line_keeps_a_pixel():
    ink = np.zeros((84, 84), np.uint8)
    ink[40, :] = 255
    assert digits.centred(ink).any(axis=1).sum() == 1


# -------------------------------------------------------------------------------------------------------- photographs

LIGHT = {
    "even": np.full((220, 220), 200.0),
    "from_the_side": np.linspace(130, 240, 220) * np.ones((220, 1)),
    "from_above": np.linspace(230, 120, 220)[:, None] * np.ones((1, 220)),
}


@pytest.mark.parametrize("light", LIGHT)
@pytest.mark.parametrize("ink", [30, 255])
def test_a_digit_is_found_in_a_photograph(images, light, ink):
    """Dark on light, and light on dark; under uneven light: LeNet-5 reads it as what it is."""
    paper, some = LIGHT[light] if ink < 100 else LIGHT[light] / 4, list(SOME)
    found = np.stack([found_in(scan(images[index], ink, paper)) for index in some])
    likeness = [
        np.corrcoef(digit.ravel(), images[index].ravel())[0, 1] for digit, index in zip(found, some, strict=True)
    ]
    assert np.median(likeness) > 0.9  # where a faint rim is lost, the box is another: a pixel off
    read = outputs(LENET5_MODERN.trained(), found).argmax(axis=1)
    assert (read == datasets.mnist("test")[1][some]).mean() >= 0.98


@pytest.mark.parametrize("light", LIGHT)
def test_paper_alone_has_no_ink(light):
    paper = np.repeat(LIGHT[light].astype(np.uint8)[..., None], 3, axis=2)
    noise = np.random.default_rng(0).integers(-4, 5, (220, 220, 1))
    assert digits.from_photograph(paper) is None
    assert digits.from_photograph((paper + noise).astype(np.uint8)) is None


def test_one_speck_is_no_ink():
    paper = np.full((220, 220, 3), 220, np.uint8)
    paper[100, 100] = 0
    assert digits.from_photograph(paper) is None


@pytest.mark.parametrize("size", [(16, 16), (16, 1024), (1024, 16)])
def test_odd_sizes_are_read_or_have_no_ink(size):
    picture = np.full((*size, 3), 230, np.uint8)
    assert digits.from_photograph(picture) is None
    picture[4:12, 4:12] = 20
    found = digits.from_photograph(picture)
    assert found is None or found.shape == (28, 28)


def test_a_file_becomes_a_digit(images):
    found = found_in(decode(file(scan(images[35], 30, LIGHT["even"]))))
    assert np.corrcoef(found.ravel(), images[35].ravel())[0, 1] > 0.9


def test_broken_and_huge_files_say_why(images):
    good = file(scan(images[35], 30, LIGHT["even"]))
    with pytest.raises(PhotographError) as broken:
        decode(good[: len(good) // 2])
    assert broken.value.reason == "damaged"
    with pytest.raises(PhotographError) as huge:
        decode(file(np.zeros((8000, 10_000), np.uint8)))  # 80 megapixels in 80 kB
    assert huge.value.reason == "too_many_pixels"
    assert huge.value.details["pixels"] == 80_000_000
    with pytest.raises(PhotographError) as none:
        decode(b"a digit, honestly")
    assert none.value.reason == "not_an_image"


def test_otsu_parts_two_heaps():
    """Against the definition, threshold by threshold."""
    dice = np.random.default_rng(1979)
    values = np.clip(np.concatenate([dice.normal(60, 12, 3000), dice.normal(170, 20, 1000)]), 0, 255).round()
    found = digits.otsu(values)
    between = [
        (values <= t).mean() * (values > t).mean() * (values[values <= t].mean() - values[values > t].mean()) ** 2
        for t in range(int(values.min()), int(values.max()))
    ]
    assert found == int(values.min()) + int(np.argmax(between))


# -------------------------------------------------------------------------------------------------------- the address


def test_a_digit_in_sixteen_shades_survives_the_address(images):
    for index in SOME:
        shaded = digits.shaded(images[index])
        assert np.abs(shaded.astype(int) - images[index]).max() <= digits.STEP / 2
        text = digits.to_text(shaded)
        np.testing.assert_array_equal(digits.from_text(text), shaded)
        assert len(text) < 400 and set(text) <= set("-_") | set(
            map(chr, [*range(48, 58), *range(65, 91), *range(97, 123)])
        )


def test_noise_is_short_enough():
    noise = digits.shaded(np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8))
    assert len(digits.to_text(noise)) <= digits.LONGEST_TEXT
    np.testing.assert_array_equal(digits.from_text(digits.to_text(noise)), noise)


def packed(data: bytes) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.urlsafe_b64encode(deflate.compress(data) + deflate.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    ["", "x", "~", "===", "数字", "a b", "A" * 901, packed(b""), packed(bytes(391)), packed(bytes(393)),
     packed(bytes(500_000)), packed(bytes(392))[:-3]],
    ids=lambda text: ascii(text[:12]),
)  # fmt: skip
def test_nonsense_is_no_digit(text):
    """A bomb among it: half a million zeros in some 700 characters."""
    with pytest.raises(ValueError):
        digits.from_text(text)
