"""Points of the charts: the number on each axis, and where it stands."""

import pytest

from cnn.architectures import ARCHITECTURES
from cnn.timeline import history
from cnn.timeline.comparisons import AXES, points


def test_computed_numbers_need_no_record():
    found = {point.key: point for point in points("parameters", "depth")}
    assert set(found) == set(ARCHITECTURES)
    assert (found["alexnet"].x.value, found["alexnet"].y.value) == (60_965_224, 8)
    assert all(point.x.record is None and point.y.record is None for point in found.values())


def test_a_year_and_an_error_have_their_record():
    (found,) = [point for point in points("year", "published_error") if point.key == "googlenet"]
    assert (found.x.value, found.y.value, found.stop) == (2014, 10.07, "googlenet")
    assert found.y.record == history.stops()["googlenet"].records["one_crop"]


def test_only_networks_with_both_numbers():
    assert {point.key for point in points("year", "torchvision_error")} == {
        key for key in ARCHITECTURES if history.torchvision_error(key)
    }
    assert "vgg16" not in {point.key for point in points("macs", "published_error")}  # published, but of no one VGG


def test_another_version_is_marked():
    marked = {point.key for point in points("macs", "torchvision_error") if point.y.other_version}
    assert marked == {"alexnet", "googlenet"}


def test_an_unknown_axis_is_refused():
    with pytest.raises(KeyError):
        points("beauty", "depth")
    assert all(key == axis.key for key, axis in AXES.items())
