"""Whatever a learner uploads becomes upright RGB pixels or a PhotographError with a reason."""

import random
import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from cnn import photographs
from cnn.photographs import (
    MAX_BYTES,
    MAX_PIXELS,
    REASONS,
    PhotographError,
    decode,
    encode_for_screen,
    luminance,
    square_patch,
)

repeatable = settings(max_examples=200, deadline=None, derandomize=True)


def encoded(image, kind, **options):
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def scene(mode="RGB", size=(48, 32)):
    """Red left upper quarter, blue right lower quarter, grey elsewhere: upright or not is seen at a glance."""
    image = Image.new("RGB", size, (128, 128, 128))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill=(220, 20, 20))
    draw.rectangle((size[0] // 2, size[1] // 2, *size), fill=(20, 20, 220))
    return image.convert(mode)


def refused(data):
    with pytest.raises(PhotographError) as error:
        decode(data)
    assert error.value.reason in REASONS
    assert all(isinstance(number, int) for number in error.value.details.values())
    return error.value


def png(width, height, *chunks):
    """A PNG put together by hand; `chunks` are (name, data) pairs after the header (8-bit RGB)."""
    header = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    parts = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (header, *chunks, (b"IEND", b""))
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def exif(orientation, order="<"):
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return b"Exif\0\0" + head + struct.pack(order + "HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)


VALID = {
    "png": encoded(scene(), "PNG"),
    "jpeg": encoded(scene(), "JPEG", quality=95, subsampling=0),
    "progressive": encoded(scene(), "JPEG", quality=95, subsampling=0, progressive=True),
    "webp": encoded(scene(), "WEBP", quality=95),
    "lossless webp": encoded(scene(), "WEBP", lossless=True),
    "webp with alpha": encoded(scene("RGBA"), "WEBP", quality=95),
    "two pictures": encoded(scene(), "MPO", save_all=True, append_images=[scene("L")], quality=95, subsampling=0),
}


@pytest.mark.parametrize("name", VALID)
def test_formats(name):
    image = decode(VALID[name])
    assert image.shape == (32, 48, 3) and image.dtype == np.uint8
    np.testing.assert_allclose(image[4, 4], (220, 20, 20), atol=20)
    np.testing.assert_allclose(image[-4, -4], (20, 20, 220), atol=20)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(9))
def test_orientation(kind, orientation, order):
    """The eight stored forms of one scene all come out upright; 0 is not in the standard and means nothing."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    upright = scene()
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    image = decode(encoded(stored, kind, exif=exif(orientation, order), quality=95))
    assert image.shape == (32, 48, 3)
    np.testing.assert_allclose(image[4, 4], (220, 20, 20), atol=40)
    np.testing.assert_allclose(image[-4, -4], (20, 20, 220), atol=40)


@pytest.mark.parametrize(
    "damaged",
    [b"Exif\0\0", b"Exif\0\0II*\0", b"Exif\0\0II*\0\xff\xff\xff\xff", exif(6)[:-6], b"Exif\0\0junk" * 9, exif(77),
     exif(1)[:16] + struct.pack("<HHIII", 0x0112, 2, 0xFFFFFFF0, 8, 0)],
)  # fmt: skip
def test_damaged_exif_is_ignored(damaged):
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        assert decode(encoded(scene(), "JPEG", exif=damaged)).shape[2] == 3
    assert not leaked


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparency_over_white(kind):
    image = Image.new("RGBA", (20, 20), (200, 0, 0, 0))
    image.paste((200, 0, 0, 255), (10, 0, 20, 20))
    pixels = decode(encoded(image, kind, lossless=True))
    np.testing.assert_array_equal(pixels[5, 5], (255, 255, 255))
    np.testing.assert_array_equal(pixels[5, 15], (200, 0, 0))


def test_half_transparent_is_blended():
    pixels = decode(encoded(Image.new("LA", (20, 20), (0, 128)), "PNG"))
    assert set(pixels.ravel()) == {127}


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGBA"])
def test_png_modes(mode):
    pixels = decode(encoded(scene("L").convert("RGBA").convert(mode), "PNG"))
    assert pixels.shape == (32, 48, 3)
    assert (pixels[..., 0] == pixels[..., 2]).all() or mode == "P"
    assert pixels[20, 10].mean() > pixels[4, 4].mean() or mode == "1"


@pytest.mark.parametrize("transparency", [0, bytes([0, 128, 255])])
def test_palette_with_transparency(transparency):
    image = Image.new("P", (20, 20), 0)
    image.putpalette([10, 10, 10, 20, 20, 20, 30, 30, 30])
    pixels = decode(encoded(image, "PNG", transparency=transparency))
    assert set(pixels.ravel()) == {255}


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_transparent_colour(mode):
    image = Image.new(mode, (20, 20), 7 if mode == "L" else (7, 7, 7))
    pixels = decode(encoded(image, "PNG", transparency=7 if mode == "L" else (7, 7, 7)))
    assert set(pixels.ravel()) == {255}


def test_16_bit_grey():
    ramp = np.arange(256, dtype=np.uint16).repeat(16).reshape(64, 64) * 257  # 0, 257, ... 65535
    pixels = decode(encoded(Image.fromarray(ramp), "PNG"))
    np.testing.assert_array_equal(pixels[..., 1], ramp >> 8)


def test_16_bit_colour():
    rows = b"".join(b"\0" + struct.pack(">HHH", 65535, 32896, 0) * 16 for _ in range(16))
    data = png(16, 16, (b"IDAT", zlib.compress(rows))).replace(
        struct.pack(">IIB", 16, 16, 8), struct.pack(">IIB", 16, 16, 16)
    )
    header = data[12:29]
    data = data[:29] + struct.pack(">I", zlib.crc32(header)) + data[33:]
    np.testing.assert_array_equal(decode(data)[3, 3], (255, 128, 0))


def test_cmyk():
    pixels = decode(encoded(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "JPEG", quality=95))
    np.testing.assert_allclose(pixels[9, 9], (255, 0, 0), atol=8)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_first_frame_of_an_animation(kind):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "lime", "blue")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, lossless=True)
    np.testing.assert_array_equal(decode(data)[9, 9], (255, 0, 0))


def test_a_broken_animation_is_a_still_and_says_nothing():
    pixels = (b"IDAT", zlib.compress((b"\0" + b"\x40" * 48) * 16))
    data = png(16, 16, (b"acTL", b"\0\0\0\0\0\0\0\0"), pixels)
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        assert set(decode(data).ravel()) == {0x40}
    assert not leaked


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1024, 700), (700, 1024)),
        ((2000, 1000), (512, 1024)),
        ((1000, 3000), (1024, 341)),
        ((1025, 1025), (1024, 1024)),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_longest_side(size, expected, kind):
    image = decode(encoded(scene(size=size), kind))
    assert image.shape == (*expected, 3)
    np.testing.assert_allclose(image[9, 9], (220, 20, 20), atol=12)


# ------------------------------------------------------------------------------------------------------------- refusals


def test_too_many_bytes():
    assert len(VALID["png"] + bytes(MAX_BYTES)) > MAX_BYTES
    error = refused(VALID["png"] + bytes(MAX_BYTES))
    assert error.reason == "too_many_bytes"
    assert error.details == {"bytes": MAX_BYTES + len(VALID["png"]), "limit": MAX_BYTES}


def webp(chunk, body):
    return b"RIFF" + struct.pack("<I", 12 + len(body)) + b"WEBP" + chunk + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    "data",
    [
        png(50_000, 50_000, (b"IDAT", zlib.compress(b""))),
        png(4001, 4000, (b"IDAT", b"")),
        VALID["jpeg"].replace(struct.pack(">HH", 32, 48), struct.pack(">HH", 65_500, 65_500), 1),
        webp(b"VP8X", bytes(4) + (16_382).to_bytes(3, "little") * 2 + bytes(30)),
        webp(b"VP8L", b"\x2f" + (0x3FFF | 0x3FFF << 14).to_bytes(4, "little") + bytes(30)),
        webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 16_383, 16_383) + bytes(30)),
    ],
    ids=["png bomb", "png just above", "jpeg", "webp canvas", "webp lossless", "webp lossy"],
)
def test_too_many_pixels_is_seen_in_the_header(data, monkeypatch):
    def never(*_):
        raise AssertionError("pixels were decoded")

    monkeypatch.setattr(photographs, "_upright_rgb", never)
    error = refused(data)
    assert error.reason == "too_many_pixels"
    assert error.details["pixels"] == error.details["width"] * error.details["height"] > error.details["limit"]


def test_exactly_16_megapixels_are_taken():
    assert MAX_PIXELS == 4000 * 4000
    assert decode(encoded(Image.new("L", (4000, 4000), 77), "JPEG")).shape == (1024, 1024, 3)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "JPEG2000", "AVIF"])
def test_other_formats(kind):
    assert refused(encoded(scene(), kind)).reason == "unsupported_format"


@pytest.mark.parametrize("data", [b"", b"\0", b"hello", b"<html>", b"RIFF\0\0\0\0WAVE", bytes(5000), b"PK\3\4"])
def test_not_an_image(data):
    assert refused(data).reason == "not_an_image"


@pytest.mark.parametrize("size", [(15, 100), (100, 15), (2, 2), (8000, 100)])
def test_too_small(size):
    """8000 x 100 would be 1024 x 13."""
    error = refused(encoded(scene(size=size), "PNG"))
    assert error.reason == "too_small"
    assert (error.details["width"], error.details["height"]) == size


def test_thousands_of_scans_are_refused_at_once():
    data = VALID["progressive"]
    last_scan = data[data.rindex(b"\xff\xda") : -2]
    assert refused(data[:-2] + last_scan * 10_000 + data[-2:]).reason == "damaged"


@pytest.mark.parametrize("name", [name for name in VALID if name != "two pictures"])
def test_truncated(name):
    """Cut anywhere before the checksums and the end marker, nothing is shown; a later cut loses no pixel."""
    data = VALID[name]
    for length in range(1, len(data) - 24, 3):
        assert refused(data[:length]).reason in {"damaged", "not_an_image"}
    for length in range(len(data) - 24, len(data)):
        only_photographs_or_refusals(data[:length])


@pytest.mark.parametrize("name", VALID)
def test_the_signature_alone(name):
    assert refused(VALID[name][:16]).reason == "damaged"
    assert refused(VALID[name][:16] + bytes(1000)).reason == "damaged"


def test_sessions_at_once_leave_the_warning_filters_alone():
    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        assert {image.shape for image in pool.map(decode, list(VALID.values()) * 20)} == {(32, 48, 3)}
    assert list(warnings.filters) == before


def only_photographs_or_refusals(data):
    with warnings.catch_warnings(record=True) as leaked:
        warnings.simplefilter("always")
        try:
            image = decode(data)
        except PhotographError as error:
            assert error.reason in REASONS
        else:
            assert image.dtype == np.uint8 and image.ndim == 3 and image.shape[2] == 3 and max(image.shape) <= 1024
    assert not leaked


@repeatable
@given(st.binary(max_size=300), st.sampled_from([b"", *(data[:16] for data in VALID.values())]))
def test_fuzz_random_bytes(tail, signature):
    only_photographs_or_refusals(signature + tail)


@pytest.mark.parametrize("name", [*VALID, "exif"])
def test_fuzz_changed_bytes(name):
    whole = VALID.get(name) or encoded(scene(), "JPEG", exif=exif(6))
    dice = random.Random(name)
    for _ in range(250):
        data = bytearray(whole)
        for _ in range(dice.choice((1, 1, 2, 8, 40))):
            data[dice.randrange(len(data))] = dice.randrange(256)
        only_photographs_or_refusals(bytes(data))


# --------------------------------------------------------------------------------------------------- pixels for a stage


@pytest.mark.parametrize("shape", [(32, 48, 3), (32, 48)])
def test_encode_for_screen(shape):
    image = np.add.outer(np.arange(32), np.arange(48)).astype(np.uint8) * 2
    image = image if len(shape) == 2 else np.stack([image, image[::-1], 255 - image], axis=2)
    shown = np.asarray(Image.open(BytesIO(encode_for_screen(image))))
    assert shown.shape == shape
    assert np.abs(shown.astype(int) - image).max() <= 12


@pytest.mark.parametrize("image", [np.zeros((4, 4)), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4), np.uint8)])
def test_encode_for_screen_refuses(image):
    with pytest.raises(ValueError, match="image is"):
        encode_for_screen(image)


def test_square_patch():
    image = np.arange(30).reshape(5, 6)
    np.testing.assert_array_equal(square_patch(image, 1, 2, 2), [[8, 9], [14, 15]])
    np.testing.assert_array_equal(square_patch(image, 99, 99, 2), [[22, 23], [28, 29]])
    np.testing.assert_array_equal(square_patch(image, -9, -9, 2), [[0, 1], [6, 7]])
    assert square_patch(np.zeros((5, 6, 3)), 0, 3, 5).shape == (5, 5, 3)
    for size in (0, 6):
        with pytest.raises(ValueError, match=f"size is {size}"):
            square_patch(image, 0, 0, size)


def test_luminance():
    image = np.array([[[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)
    np.testing.assert_allclose(luminance(image), [[255, 0, 76.245, 149.685, 29.07]], rtol=1e-6)
    pillow = np.asarray(Image.fromarray(image).convert("L"))
    np.testing.assert_allclose(luminance(image), pillow, atol=1)
