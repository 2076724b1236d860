"""The figures on the screen are those of the networks that are shipped: some of them are measured again."""

import numpy as np
import pytest
import torch

from cnn.architectures import ARCHITECTURES
from cnn.envelope.measured import THRESHOLDS, measured
from cnn.envelope.measuring import GAPS, LINES, PENS, digits, misread, misread_photographs
from cnn.envelope.reading import believed, rejections
from cnn.envelope.segmentation import FORMS

RUBBISH = {"lenet5_modern": None, "lenet5": 10.0}
torch.set_num_threads(1)


@pytest.fixture(scope="module", params=RUBBISH)
def key(request):
    return request.param


def test_the_file_is_whole(key):
    known = measured(key)
    assert len(known.rejected) == len(known.wrong) == len(THRESHOLDS) == 100
    assert known.lines == LINES and set(known.photographs) == set(PENS)
    assert {form: set(gaps) for form, gaps in known.misread.items()} == {form: set(GAPS) for form in FORMS}


def test_rejections_of_the_test_set(key):
    """Once by the counts of the file, once by `rejections` over the confidences."""
    from cnn.datasets import mnist

    network = ARCHITECTURES[key].trained()
    known, again = measured(key), digits(network, RUBBISH[key])
    assert np.abs(np.array(again["rejected"]) - known.rejected).max() <= 2  # another machine rounds otherwise
    assert np.abs(np.array(again["wrong"]) - known.wrong).max() <= 1
    images, labels = mnist("test")
    chances = believed(network, images, RUBBISH[key])
    points = rejections(chances.max(axis=1), chances.argmax(axis=1) == labels, THRESHOLDS)
    for hundredths in (0, 50, 90, 99):
        assert known.rejection(hundredths).rejected == pytest.approx(points[hundredths].rejected, abs=2e-4)
        assert known.rejection(hundredths).errors == pytest.approx(points[hundredths].errors, abs=2e-4)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("gap", [-4, 4])
def test_lines_that_are_misread(key, form, gap):
    some = range(25)
    again = misread(ARCHITECTURES[key].trained(), RUBBISH[key], form, gap, some)
    known = {seed for seed in measured(key).misread[form][gap] if seed in some}
    assert len(known ^ set(again)) <= 1


@pytest.mark.parametrize("pen", PENS)
def test_photographs_that_are_misread(key, pen):
    some = range(15)
    again = misread_photographs(ARCHITECTURES[key].trained(), RUBBISH[key], PENS[pen], some)
    known = {seed for seed in measured(key).photographs[pen] if seed in some}
    assert len(known ^ set(again)) <= 1


def test_closer_digits_are_read_worse(key):
    known = measured(key)
    assert known.right("zip", -4) < known.right("zip", 0) < known.right("zip", 4)
