"""MNIST and the sample photographs, read from `assets/` and checked."""

import gzip
import hashlib
import zlib
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnn.photographs import decode

ASSETS = Path(__file__).resolve().parent.parent / "assets"

MNIST_MEAN = 0.1307  # of the training images, with pixels in [0, 1]
MNIST_STANDARD_DEVIATION = 0.3081


class DatasetError(ValueError):
    """A file of `assets/` is missing or damaged; `.file` says which, `.reason` is "missing" or "damaged"."""

    def __init__(self, file: Path, reason: str) -> None:
        self.file, self.reason = file, reason
        shown = file.relative_to(ASSETS.parent) if file.is_relative_to(ASSETS.parent) else file
        super().__init__(f"{shown} is {reason}; get it back with: git checkout -- {shown}")


class _Idx(NamedTuple):
    """One of MNIST's four files: big-endian sizes after a 4-byte magic number, then the bytes themselves."""

    name: str
    md5: str  # of the unpacked file
    shape: tuple[int, ...]


_MNIST = {
    "train": (
        _Idx("train-images-idx3-ubyte.gz", "6bbc9ace898e44ae57da46a324031adb", (60_000, 28, 28)),
        _Idx("train-labels-idx1-ubyte.gz", "a25bea736e30d166cdddb491f175f624", (60_000,)),
    ),
    "test": (
        _Idx("t10k-images-idx3-ubyte.gz", "2646ac647ad5339dbf082846283269ea", (10_000, 28, 28)),
        _Idx("t10k-labels-idx1-ubyte.gz", "27ae3e4e09519cfbb04c329615203637", (10_000,)),
    ),
}
_PHOTOGRAPH_FILES = {  # name, MD5
    "chelsea": ("chelsea.png", "0f1b4a59504988622035d850dc0555ac"),
    "coffee": ("coffee.png", "f24210802e8d0690e0c1c2302f907cc4"),
    "rocket": ("rocket.jpg", "511130d2072cc744a1fa5015bc23557a"),
}
PHOTOGRAPHS = tuple(_PHOTOGRAPH_FILES)

_FIRST_LOAD = Lock()  # `cache` alone would let two sessions that ask at once keep a copy each


def mnist(split: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the images and labels of `split`, "train" or "test": the same read-only arrays on every call.

    Shapes: images (60_000, 28, 28) and labels (60_000,) for "train"; 10_000 of each for "test".
    Paper: LeCun, Bottou, Bengio & Haffner 1998, section III.A
    """
    if split not in _MNIST:
        raise ValueError(f"split is {split!r}; it must be one of {tuple(_MNIST)}")
    with _FIRST_LOAD:
        return _mnist(split)


def photograph(key: str) -> NDArray[np.uint8]:
    """Return the sample photograph `key`, one of PHOTOGRAPHS, as a read-only array.

    Shapes: -> (h, w, 3)
    """
    if key not in PHOTOGRAPHS:
        raise ValueError(f"key is {key!r}; it must be one of {PHOTOGRAPHS}")
    with _FIRST_LOAD:
        return _photograph(key)


@cache
def _mnist(split: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    images, labels = _MNIST[split]
    return _read_idx(images), _read_idx(labels)


def _read_idx(idx: _Idx) -> NDArray[np.uint8]:
    file = ASSETS / "mnist" / idx.name
    try:
        unpacked = gzip.decompress(_read(file))
    except (EOFError, OSError, zlib.error) as error:
        raise DatasetError(file, "damaged") from error
    _check(file, unpacked, idx.md5)
    header = 4 + 4 * len(idx.shape)
    return np.frombuffer(unpacked, np.uint8, offset=header).reshape(idx.shape)


@cache
def _photograph(key: str) -> NDArray[np.uint8]:
    name, md5 = _PHOTOGRAPH_FILES[key]
    file = ASSETS / "images" / name
    data = _read(file)
    _check(file, data, md5)
    image = decode(data)
    image.flags.writeable = False
    return image


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DatasetError(file, "missing") from error


def _check(file: Path, data: bytes, md5: str) -> None:
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != md5:
        raise DatasetError(file, "damaged")
