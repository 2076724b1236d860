"""MNIST and the sample photographs are what they say, and a damaged file is named."""

import gzip
import hashlib
import shutil

import numpy as np
import pytest

from cnn import datasets
from cnn.datasets import MNIST_MEAN, MNIST_STANDARD_DEVIATION, PHOTOGRAPHS, DatasetError, mnist, photograph


@pytest.fixture
def copied_assets(tmp_path, monkeypatch):
    """A copy of the small asset files that a test may damage; nothing loaded from it stays in the caches."""
    shutil.copytree(datasets.ASSETS / "images", tmp_path / "assets" / "images")
    (tmp_path / "assets" / "mnist").mkdir()
    for file in (datasets.ASSETS / "mnist").glob("t10k-*"):
        shutil.copy(file, tmp_path / "assets" / "mnist")
    monkeypatch.setattr(datasets, "ASSETS", tmp_path / "assets")
    monkeypatch.setattr(datasets, "_mnist", datasets._mnist.__wrapped__)
    monkeypatch.setattr(datasets, "_photograph", datasets._photograph.__wrapped__)
    return tmp_path / "assets"


@pytest.mark.parametrize(
    ("split", "count", "first"), [("train", 60_000, [5, 0, 4, 1, 9]), ("test", 10_000, [7, 2, 1, 0, 4])]
)
def test_mnist_as_published(split, count, first):
    images, labels = mnist(split)
    assert images.shape == (count, 28, 28) and images.dtype == np.uint8
    assert labels.shape == (count,)
    assert labels[:5].tolist() == first
    assert not images.flags.writeable and not labels.flags.writeable
    assert np.bincount(labels).min() > count // 12  # ten digits, about equally many


def test_mnist_mean_and_standard_deviation():
    images, _ = mnist("train")
    levels = sum(
        np.bincount(part.ravel(), minlength=256) for part in np.split(images, 20)
    )  # how many pixels are 0, 1, ...
    grey = np.arange(256) / 255
    mean = np.average(grey, weights=levels)
    assert round(mean, 4) == MNIST_MEAN
    assert round(np.sqrt(np.average((grey - mean) ** 2, weights=levels)), 4) == MNIST_STANDARD_DEVIATION


def test_one_copy_a_process():
    assert mnist("test")[0] is mnist("test")[0]
    assert photograph("chelsea") is photograph("chelsea")


def test_wrong_names():
    with pytest.raises(ValueError, match="split is 'validation'"):
        mnist("validation")
    with pytest.raises(ValueError, match="key is '../secret'"):
        photograph("../secret")


@pytest.mark.parametrize(
    ("key", "shape"), [("chelsea", (300, 451, 3)), ("coffee", (400, 600, 3)), ("rocket", (427, 640, 3))]
)
def test_photographs(key, shape):
    image = photograph(key)
    assert key in PHOTOGRAPHS
    assert image.shape == shape and image.dtype == np.uint8
    assert not image.flags.writeable
    assert image.std() > 20


@pytest.mark.parametrize("name", ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"])
def test_missing_mnist(copied_assets, name):
    (copied_assets / "mnist" / name).unlink()
    with pytest.raises(
        DatasetError, match=f"{name} is missing; get it back with: git checkout -- assets/mnist"
    ) as error:
        mnist("test")
    assert error.value.file.name == name
    assert error.value.reason == "missing"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: b"not a gzip file",
        lambda data: data[:2000] + bytes([data[2000] ^ 1]) + data[2001:],
        lambda data: gzip.compress(b"another file"),
    ],
    ids=["truncated", "empty", "text", "one bit", "another file"],
)
def test_damaged_mnist(copied_assets, damage):
    file = copied_assets / "mnist" / "t10k-labels-idx1-ubyte.gz"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(DatasetError, match="t10k-labels-idx1-ubyte.gz is damaged") as error:
        mnist("test")
    assert error.value.reason == "damaged"


def test_damaged_photograph(copied_assets):
    file = copied_assets / "images" / "coffee.png"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(DatasetError, match="assets/images/coffee.png is damaged"):
        photograph("coffee")
    file.unlink()
    with pytest.raises(DatasetError, match="assets/images/coffee.png is missing"):
        photograph("coffee")


@pytest.mark.parametrize("folder", ["mnist", "images"])
def test_sources_name_every_file(folder):
    sources = (datasets.ASSETS / folder / "SOURCES.md").read_text()
    for file in (datasets.ASSETS / folder).iterdir():
        if file.name == "SOURCES.md":
            continue
        assert f"`{file.name}`" in sources
        if file.suffix == ".svg":  # drawn for this project, and free to change
            continue
        data = file.read_bytes()
        unpacked = gzip.decompress(data) if file.suffix == ".gz" else data
        assert hashlib.md5(unpacked, usedforsecurity=False).hexdigest() in sources
