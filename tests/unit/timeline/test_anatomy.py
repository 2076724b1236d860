"""Looking into networks, and what is drawn of them."""

import xml.etree.ElementTree as ET

import pytest

from cnn import text
from cnn.architectures import ARCHITECTURES
from cnn.figures import network_costs, theme
from cnn.figures.block_diagram import block_diagram
from cnn.timeline import anatomy, comparisons, line, versions

WORDS = text.labels("en")["diagram"]


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("vgg16", ["convolution", "relu"] * 3 + ["max_pooling"]),
        ("googlenet", ["branches"]),
        ("resnet50", ["residual"]),
        ("densenet121", ["dense_block"]),
        ("neocognitron", ["s_cells", "c_cells"]),
    ],
)
def test_signature_block(key, kinds):
    assert [node.kind for node in anatomy.signature_block(ARCHITECTURES[key])] == kinds


@pytest.mark.parametrize(
    "key", [key for key in ARCHITECTURES if key.startswith(("vgg", "res", "dense", "google", "se"))]
)
def test_five_halvings(key):
    assert [size.pixels for size in anatomy.sizes(ARCHITECTURES[key])] == [224, 112, 56, 28, 14, 7]


def test_find():
    network = ARCHITECTURES["resnet50"]
    found = anatomy.find(network, "features.conv2_x.block1")
    assert found and found.kind == "residual" and found.shape == (256, 56, 56)
    for wrong in ("", ".", "features.conv9_x", "features..", "x" * 1000):
        assert anatomy.find(network, wrong) is None


@pytest.mark.parametrize("key", ARCHITECTURES)
def test_every_part_is_drawn(key):
    """Whole and opened, each drawing is sound SVG, and each box that opens leads to layers."""
    network = ARCHITECTURES[key]
    parts = [node for node in anatomy.descendants(network.tree) if node.children]
    for nodes in (network.tree, *((part,) for part in parts[:40])):
        root = ET.fromstring(block_diagram(nodes, WORDS, theme.LIGHT, costs=True, opens=True))
        for box in root.iter():
            if path := box.get("data-path"):
                found = anatomy.find(network, path)
                assert found and found.children


def test_residual_block_says_its_shapes():
    drawing = block_diagram(anatomy.signature_block(ARCHITECTURES["resnet50"]), WORDS, theme.LIGHT)
    assert drawing.count("256 × 56 × 56") >= 2 and "64 × 56 × 56" in drawing and "identity: x" in drawing


def test_costs_are_drawn():
    shares = ARCHITECTURES["vgg16"].shares()
    drawing = network_costs.shares(shares, text.labels("en")["measures"], theme.DARK)
    assert "74.3 %" in drawing  # fc6: 102,764,544 of 138,357,544 parameters
    assert "224" in network_costs.shrinking(anatomy.sizes(ARCHITECTURES["vgg16"]), theme.LIGHT)


def test_places_on_the_line():
    columns = line.columns()
    assert [column.key for column in columns][:3] == ["hubel_wiesel", "neocognitron", "lenet"]
    assert [column.place for column in columns] == sorted(column.place for column in columns)
    assert line.place(2013) - line.place(2012) == 1
    assert line.radius(ARCHITECTURES["vgg19"].parameters) == line.LARGEST
    assert len({dot.key for column in columns for dot in column.dots}) == len(ARCHITECTURES) + 1


def test_points_have_their_sources():
    for x in comparisons.AXES:
        for point in comparisons.points(x, "torchvision_error"):
            assert point.y.record and point.y.record.citation
            assert point.y.other_version == (point.key in ("alexnet", "googlenet"))
    assert {point.key for point in comparisons.points("macs", "parameters")} == set(ARCHITECTURES)


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_difference_is_told(language):
    for key, network in ARCHITECTURES.items():
        kind = versions.difference(key)
        assert bool(kind) == bool(network.differs)
        assert not kind or f"differs_{kind}" in text.blocks("timeline", language)
    resnet, alexnet = versions.other_version("resnet50"), versions.other_version("alexnet")
    assert resnet and alexnet
    assert (resnet.receptive_field, alexnet.parameters) == (
        483,
        61_100_840,
    )
