"""The published numbers, typed a second time from the sources, and what the records refuse."""

import pytest

from cnn.architectures import ARCHITECTURES
from cnn.timeline import history

# Top-5 test error in percent, year: (winner, second).
ILSVRC = {
    2010: (28.19, 33.65),
    2011: (25.77, 31.01),
    2012: (15.315, 26.172),
    2013: (11.197, 12.953),
    2014: (6.656, 7.325),
    2015: (3.567, 3.581),
    2016: (2.991, 3.031),
    2017: (2.251, 2.481),
}
FACTS = {
    "hubel_wiesel": {"year": 1959, "work_begun": 1958, "simple_and_complex": 1962},
    "neocognitron": {"year": 1980, "patterns": 5, "most_patterns": 10},
    "lenet": {"year": 1998, "mnist": 0.95, "mnist_distorted": 0.8, "zip_parameters": 9760, "zip_error": 5.0},
    "alexnet": {"year": 2012, "one": 18.2, "five": 16.4, "seven": 15.3, "top1_2010": 37.5, "training": (5, 6)},
    "vgg": {"year": 2014, "submission": 7.3, "two": 6.8, "single_test": 7.0, "single": 7.1, "training": (2, 3)},
    "googlenet": {"year": 2014, "submission": 6.67, "one_crop": 10.07, "ten_crops": 9.15, "most_crops": 7.89},
    "resnet": {"year": 2015, "submission": 3.57, "single": 4.49, "cifar_1202": 7.93, "cifar_110": 6.43},
    "densenet": {"year": 2017, "one_crop_top1_121": 25.0, "one_crop_top5_121": 7.71, "one_crop_top5_201": 6.34},
    "senet": {"year": 2017, "submission": 2.251, "single": 4.47, "single_large": 3.79, "se_top5": 6.62},
}
TORCHVISION_TOP5 = {"alexnet": 79.066, "vgg16": 90.382, "googlenet": 89.53, "resnet50": 92.862, "densenet121": 91.972}


def test_challenge():
    assert {year: (first.value, second.value) for year, first, second in history.winners()} == ILSVRC


@pytest.mark.parametrize("stop", FACTS)
def test_facts(stop):
    records = history.stops()[stop].records
    assert {name: records[name].value for name in FACTS[stop]} == FACTS[stop]


def test_torchvision_documents():
    for key, accuracy in TORCHVISION_TOP5.items():
        record = history.torchvision_error(key)
        assert record and record.value == accuracy and record.error == pytest.approx(100 - accuracy)
    assert history.torchvision_error("senet154") is None


def test_torchvision_says_the_same():
    from torchvision.models import get_model_weights

    for record in history.documented().values():
        metrics = get_model_weights(record.network)["IMAGENET1K_V1"].meta["_metrics"]["ImageNet-1K"]
        assert record.value == metrics["acc@1" if record.quantity == "top1_accuracy" else "acc@5"], record.name


def test_one_network_with_the_fewest_crops():
    found = {key: history.single_network_error(key) for key in ("resnet152", "senet154", "vgg16")}
    assert {key: record and record.value for key, record in found.items()} == {
        "resnet152": 6.7, "senet154": 4.47, "vgg16": None,
    }  # fmt: skip


def test_every_network_has_one_stop_and_every_stop_its_people():
    networks = [key for stop in history.stops().values() for key in stop.networks]
    assert sorted(networks) == sorted(ARCHITECTURES)
    for stop in history.stops().values():
        assert all(stop.records[name].value for name in history.ABOUT)


def test_no_record_is_unverified_and_all_are_cited():
    for stop in history.stops().values():
        for record in stop.records.values():
            assert record.citation and record.grade in ("verified", "secondary")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"citation": " "}, "citation"),
        ({"grade": "sure"}, "grade"),
        ({"quantity": "beauty"}, "quantity"),
        ({"network": "resnet51"}, "network"),
        ({"value": 101}, "0 to 100"),
    ],
)
def test_a_wrong_record_is_refused(changed, sentence):
    right = {"quantity": "top5_error", "value": 3.5, "citation": "a paper", "grade": "verified"}
    history.Record("right", **right)
    with pytest.raises(ValueError, match=sentence):
        history.Record("wrong", **(right | changed))


def test_written():
    facts = history.stops()["alexnet"].facts
    assert (facts["seven"], facts["seven_members"], facts["training"], facts["year"]) == ("15.3 %", "7", "5–6", "2012")
    assert history.stops()["lenet"].facts["zip_parameters"] == "9,760"


def test_single_network_error():
    record = history.single_network_error("googlenet")
    assert record and record.value == 10.07  # one crop, not ten or 144
    assert history.single_network_error("neocognitron") is None
