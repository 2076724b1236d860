"""The envelope, the cheque, and the curve of errors against rejections."""

import re
from xml.etree import ElementTree

import pytest

from cnn.envelope.reading import Rejection
from cnn.figures import stationery, theme
from cnn.figures.rejection import Curve, rejection

PALETTES = (theme.LIGHT, theme.DARK)
FIELD = (76, 320)
ONE = Curve("today", [Rejection(0, 0, 0.01), Rejection(0.5, 0.02, 0.005), Rejection(0.99, 0.1, 0.001)])
OTHER = Curve("1998", [Rejection(0, 0, 0.008), Rejection(0.5, 0.05, 0.002), Rejection(0.99, 0.12, 0.0005)])


@pytest.mark.parametrize("palette", PALETTES)
def test_sheets_leave_the_field_free(palette):
    """It lies inside the sheet, and the name stands above it."""
    for sheet, name in (
        (stationery.envelope(FIELD, "ZIP <code>", palette), "ZIP <code>"),
        (stationery.cheque(FIELD, "Amount", "$", palette), "Amount ($)"),
    ):
        root = ElementTree.fromstring(sheet.drawing)
        assert (float(root.attrib["width"]), float(root.attrib["height"])) == (sheet.width, sheet.height)
        assert sheet.left > 0 and sheet.left + FIELD[1] < sheet.width
        assert sheet.top > 0 and sheet.top + FIELD[0] < sheet.height
        (text,) = (element for element in root.iter() if element.tag.endswith("text"))
        assert text.text == name and float(text.attrib["y"]) < sheet.top
        assert set(re.findall(r"#[0-9a-f]{6}", sheet.drawing)) <= set(vars(palette).values())


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("at", range(3))
def test_the_mark_stands_on_the_curve(palette, at):
    drawing = rejection(ONE, OTHER, ONE.points[at], ONE.points, ("rejected", "wrong"), palette)
    root = ElementTree.fromstring(drawing)
    curves = [element.attrib["points"].split() for element in root.iter() if element.tag.endswith("polyline")]
    assert [len(points) for points in curves] == [3, 3]
    diamond = re.search(r'd="M([\d.]+) ([\d.]+)l7 -7', drawing)
    assert diamond
    assert f"{float(diamond[1]) + 7:.1f},{float(diamond[2]):.1f}" == curves[1][at]  # the chosen one lies on top
    words = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert {"today", "1998", "t = 0.5", "0%", "10%", "1%"} <= set(words)


def test_few_errors_end_at_the_lowest_line():
    """A curve that reaches nought errors, and one that rejects everything, stay inside the drawing."""
    ends = Curve("a", [Rejection(0, 0, 0.3), Rejection(0.9, 1, 0)])
    drawing = rejection(ends, ends, ends.points[1], ends.points, ("x", "y"), theme.LIGHT)
    root = ElementTree.fromstring(drawing)
    for element in root.iter():
        if element.tag.endswith("polyline"):
            for point in element.attrib["points"].split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= float(root.attrib["width"]) and 0 <= y <= float(root.attrib["height"])
