"""Photographs that a learner uploads: decoded with care, since anything may come; and pictures for the screen."""

import warnings
from collections.abc import Callable
from io import BytesIO
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

MAX_BYTES = 5_000_000
MAX_PIXELS = 16_000_000
LONGEST_SIDE = 1024  # larger photographs are reduced to this
SHORTEST_SIDE = 16  # after the reduction; less is no photograph to slide a kernel over
MAX_SCANS = 150  # of a JPEG: progressive files have about ten, and each costs a pass over all pixels (16 MP: 7 ms)

_ONE_AT_A_TIME = Lock()  # warning filters belong to the whole process, and so does the memory that decoding needs

REASONS = ("too_many_bytes", "too_many_pixels", "not_an_image", "unsupported_format", "damaged", "too_small")

Photograph = NDArray[np.uint8]  # (h, w, 3)
_Pixels = TypeVar("_Pixels", bound=np.generic)

_READERS: tuple[tuple[Callable[[bytes], bool], type[ImageFile.ImageFile]], ...] = (
    (lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"), PngImageFile),
    (lambda data: data.startswith(b"\xff\xd8\xff"), JpegImageFile),
    (lambda data: data.startswith(b"RIFF") and data[8:12] == b"WEBP", WebPImageFile),
)
_OTHER_FORMATS = (  # where each one's signature stands, and how it begins
    (0, b"GIF8"), (0, b"BM"), (0, b"II*\0"), (0, b"MM\0*"), (0, b"8BPS"), (0, b"\0\0\1\0"), (0, b"\xff\x0a"),
    (0, b"<svg"), (0, b"%PDF-"), (4, b"ftyp"), (4, b"JXL "), (4, b"jP  "),
)  # fmt: skip


class PhotographError(ValueError):
    """A file that is no photograph for this app: `.reason` is one of REASONS, `.details` has numbers for a sentence."""

    def __init__(self, reason: str, **details: int) -> None:
        self.reason, self.details = reason, details
        super().__init__(f"{reason}: " + ", ".join(f"{name} {number}" for name, number in details.items()))


def decode(data: bytes) -> Photograph:
    """Decode a PNG, JPEG or WebP file, turned upright and reduced to 1024 pixels on its longer side.

    The first frame of an animation; transparency over white; grey, palette, 16-bit and CMYK files as RGB. The file's
    contents decide its format, never its name. The declared size is checked before memory is spent on pixels.

    Raises PhotographError, and nothing else, whatever `data` holds.
    Shapes: -> (h, w, 3)
    """
    if len(data) > MAX_BYTES:
        raise PhotographError("too_many_bytes", bytes=len(data), limit=MAX_BYTES)
    reader = _reader(data)
    try:
        # Pillow warns about odd metadata, and about animations that it reads as stills; neither matters here
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if reader is WebPImageFile:
                _check_pixels(*_webp_size(data))  # opening a WebP file already makes its canvas
            elif reader is JpegImageFile and data.count(b"\xff\xda") > MAX_SCANS:
                raise PhotographError("damaged")
            with reader(BytesIO(data)) as image:
                _check_pixels(*image.size)
                return np.array(_upright_rgb(image))
    except PhotographError:
        raise
    except Exception as error:  # Pillow raises a dozen kinds, from SyntaxError to struct.error
        raise PhotographError("damaged") from error


def _reader(data: bytes) -> type[ImageFile.ImageFile]:
    for matches, reader in _READERS:
        if matches(data):
            return reader
    known = any(data[start:].startswith(signature) for start, signature in _OTHER_FORMATS)
    raise PhotographError("unsupported_format" if known else "not_an_image")


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise PhotographError("too_many_pixels", width=width, height=height, pixels=width * height, limit=MAX_PIXELS)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header of a WebP file. Format: https://developers.google.com/speed/webp/docs/riff_container"""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF


def _upright_rgb(image: ImageFile.ImageFile) -> Image.Image:
    size = _reduced(*image.size)
    if min(size) < SHORTEST_SIDE:
        raise PhotographError("too_small", width=image.width, height=image.height, smallest=SHORTEST_SIDE)
    image.draft(None, size)  # a JPEG decodes faster to a half, a quarter or an eighth, never below `size`
    turn = _turn(image)
    rgb = _to_rgb(image).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return rgb if turn is None else rgb.transpose(turn)


def _reduced(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    return round(width * scale), round(height * scale)


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to turn the image upright, from its EXIF orientation; damaged EXIF says nothing."""
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # as many kinds as Pillow's TIFF reader meets
        return None


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey, which convert() would clip to 255
        grey = np.asarray(image).astype(np.int64).clip(0, 65535) >> 8
        return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def encode_for_screen(image: NDArray[np.uint8]) -> bytes:
    """Encode pixels as JPEG for the browser: a picture for the eye; exact numbers travel as numbers.

    Quality 90 without chroma subsampling: 6 ms for 1024 x 1024, against 70 ms as lossless WebP and 95 ms as PNG.

    Shapes: image (h, w, 3) or (h, w)
    """
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or image.shape[2:] not in ((), (3,)) or image.size == 0:
        raise ValueError(f"image is {image.dtype} {image.shape}; it must be uint8 (h, w, 3) or (h, w)")
    buffer = BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=90, subsampling=0)
    return buffer.getvalue()


def square_patch(image: NDArray[_Pixels], row: int, column: int, size: int) -> NDArray[_Pixels]:
    """Return the `size` x `size` pixels from (row, column) on, moved inwards where they would stick out: a view.

    Shapes: image (h, w) or (h, w, c) -> (size, size) or (size, size, c)
    """
    height, width = image.shape[:2]
    if not 1 <= size <= min(height, width):
        raise ValueError(f"size is {size}; it must be from 1 to {min(height, width)}, the shorter side of the image")
    top, left = min(max(row, 0), height - size), min(max(column, 0), width - size)
    return image[top : top + size, left : left + size]


def luminance(image: Photograph) -> NDArray[np.float32]:
    """Return the brightness of each pixel, 0 to 255: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601, as Pillow and OpenCV).

    Shapes: (h, w, 3) -> (h, w)
    """
    return image @ np.array([0.299, 0.587, 0.114], np.float32)
