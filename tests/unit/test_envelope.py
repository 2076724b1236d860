"""Lines of digits are cut, read and rejected as they were written; the floors are a little under what was measured."""

import numpy as np
import pytest
import torch

from cnn.architectures import ARCHITECTURES
from cnn.datasets import mnist
from cnn.envelope.reading import believed, read, rejections
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
