"""Ink as text for the address bar: a few shades, packed and deflated.

Two shades, four or sixteen: 1, 2 or 4 bits a pixel. Read with care, for anybody may have written it.
"""

import base64
import binascii
import zlib

import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.uint8]  # (h, w), ink 255 on paper 0
RAW = -15  # deflate without a header


def shaded(ink: Ink, bits: int) -> Ink:
    """The ink in 2^bits shades of grey: what survives the address, so that both say the same.

    Shapes: (h, w) -> (h, w)
    """
    return (_steps(ink, bits) * (255 // (2**bits - 1))).astype(np.uint8)


def to_text(ink: Ink, bits: int) -> str:
    """Write ink of 2^bits shades in the characters that an address takes.

    Shapes: ink (h, w)
    """
    each = np.unpackbits(_steps(ink, bits).reshape(-1, 1), axis=1)[:, -bits:]  # (h * w, bits)
    deflate = zlib.compressobj(9, zlib.DEFLATED, RAW)
    packed = deflate.compress(np.packbits(each).tobytes()) + deflate.flush()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def from_text(text: str, shape: tuple[int, int], bits: int, longest: int) -> Ink:
    """Read what `to_text` wrote: ValueError for everything else, whatever it would unpack to.

    longest: characters. Shapes: -> (h, w), `shape`
    """
    if len(text) > longest or not text.isascii():
        raise ValueError(f"text has {len(text)} characters; at most {longest} ASCII ones may be")
    size = -(-shape[0] * shape[1] * bits // 8)  # bytes
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        packed = zlib.decompressobj(RAW).decompress(data, size + 1)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("text is no ink written by to_text") from error
    if len(packed) != size:
        raise ValueError(f"text unpacks to another size than {size} bytes")
    each = np.unpackbits(np.frombuffer(packed, np.uint8), count=shape[0] * shape[1] * bits).reshape(-1, bits)
    steps = each @ (1 << np.arange(bits)[::-1])
    return (steps * (255 // (2**bits - 1))).reshape(shape).astype(np.uint8)


def _steps(ink: Ink, bits: int) -> NDArray[np.uint8]:
    return np.rint(ink / (255 / (2**bits - 1))).astype(np.uint8)
