"""What layers are called, and networks as dots."""

from typing import Any

from cnn import text
from cnn.architectures import ARCHITECTURES
from cnn.figures import theme
from cnn.figures.layer_names import details, plain, title
from cnn.figures.scatter import AxisLook, Dot, scatter
from cnn.timeline import anatomy

WORDS = text.labels("en")["diagram"]


def traces(figure) -> list[Any]:
    return list(figure.data)


def named(key: str, path: str) -> list[tuple[str, list[str]]]:
    node = anatomy.find(ARCHITECTURES[key], path)
    assert node
    return [(title(step, WORDS), details(step, WORDS)) for step in anatomy.steps(node.children)]


def test_layers_have_their_sizes_and_what_belongs_to_them_below():
    assert named("resnet50", "features.conv2_x.block1.body") == [
        ("conv 1 × 1, 64", ["conv1 · BN · ReLU"]),
        ("conv 3 × 3, 64", ["conv2 · BN · ReLU"]),
        ("conv 1 × 1, 256", ["conv3 · BN"]),
    ]
    assert named("alexnet", "features")[1][0] == "max pool 3 × 3"
    assert any("2 groups" in line for _, lines in named("alexnet", "features") for line in lines)


def test_what_repeats_is_one_name():
    assert ("block2 – block3", ["residual block × 2"]) in named("resnet50", "features.conv2_x")
    assert ("conv5_x", ["residual block × 3"]) in named("resnet50", "features")


def test_every_leaf_of_every_network_has_a_name_in_both_languages():
    for language in text.LANGUAGES:
        words = text.labels(language)["diagram"]
        for network in ARCHITECTURES.values():
            assert all(plain(leaf, words) for node in network.tree for leaf in node.leaves())


def test_a_trace_for_each_family_and_rings_for_other_versions():
    dots = [Dot(2, 7, "34", "ResNet", "b"), Dot(1, 8, "18", "ResNet", "a"), Dot(3, 9, "AlexNet", "AlexNet", "c", True)]
    figure = scatter(dots, AxisLook("MACs", True), AxisLook("error", False), theme.DARK)
    resnet, alexnet = traces(figure)
    assert (resnet.name, list(resnet.x), list(resnet.text)) == ("ResNet", [1, 2], ["18", "34"])
    assert list(resnet.marker.symbol) == ["circle", "circle"] and list(alexnet.marker.symbol) == ["square-open"]
    layout: Any = figure.layout
    assert layout.xaxis.type == "log" and layout.yaxis.type != "log"
    assert list(layout.xaxis.tickvals) == [1, 2, 5]


def test_an_axis_over_many_powers_of_ten_has_no_ticks_between():
    dots = [Dot(x, 1, str(x), "one", "") for x in (29_472, 143_667_240)]
    axis: Any = scatter(dots, AxisLook("", True), AxisLook("", False), theme.LIGHT).layout
    assert list(axis.xaxis.tickvals) == [1e4, 1e5, 1e6, 1e7, 1e8]


def test_dots_on_one_another_share_a_name():
    look = AxisLook("", False)
    column = [Dot(2014, y, name, "VGG", "") for y, name in ((133, "11"), (144, "19"), (900, "big"))]
    vgg, other = traces(scatter([*column, Dot(1980, 0, "first", "Neocognitron", "")], look, look, theme.LIGHT))
    assert list(vgg.text) == ["11, 19", "", "big"] and vgg.textposition == "middle left"
    assert list(other.text) == ["first"] and other.textposition == "top center"
