"""Ink travels in an address and comes back as it was; nothing else does any harm."""

import base64
import zlib

import numpy as np
import pytest

from cnn import ink_text
from cnn.envelope.writing import HEIGHT, WIDTH, write

SHAPE = (HEIGHT, WIDTH)


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_there_and_back(bits):
    ink = write("zip", 5).ink
    shaded = ink_text.shaded(ink, bits)
    assert len(np.unique(shaded)) <= 2**bits
    assert np.abs(shaded.astype(int) - ink).max() <= 255 / (2**bits - 1) / 2
    text = ink_text.to_text(shaded, bits)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    np.testing.assert_array_equal(ink_text.from_text(text, SHAPE, bits, 4000), shaded)


def test_packing_by_hand():
    """Four shades, two bits each: 0 85 170 255 -> 00 01 10 11."""
    text = ink_text.to_text(np.array([[0, 85, 170, 255]], np.uint8), 2)
    assert zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), -15) == bytes([0b00011011])


def test_pixels_that_do_not_fill_a_byte():
    ink = np.array([[255, 0, 255]], np.uint8)
    np.testing.assert_array_equal(ink_text.from_text(ink_text.to_text(ink, 1), (1, 3), 1, 100), ink)


def bomb(size: int) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.urlsafe_b64encode(deflate.compress(bytes(size)) + deflate.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text", ["", "!", "ä", "AAAA", "A" * 5000, bomb(10), bomb(10_000_000), "数字"], ids=lambda text: ascii(text[:6])
)
def test_everything_else_is_refused(text):
    with pytest.raises(ValueError, match="text"):
        ink_text.from_text(text, SHAPE, 2, 4000)
