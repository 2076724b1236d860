"""Drawings and colours."""

import re
from dataclasses import asdict
from xml.etree import ElementTree

import numpy as np
import pytest

from cnn import kernels, lessons
from cnn.figures import home_pictures, numbered, pictures, svg, theme

PALETTES = (theme.LIGHT, theme.DARK)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""

    def luminance(colour: str) -> float:
        channels = np.array(list(bytes.fromhex(colour[1:]))) / 255
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES)
def test_numbers_are_readable_on_every_tone(palette):
    for soft in ("input_soft", "kernel_soft", "output_soft", "negative_soft", "cell"):
        assert contrast(palette.ink, getattr(palette, soft)) >= 4.5, soft


@pytest.mark.parametrize("palette", PALETTES)
def test_names_are_readable_on_the_page(palette):
    page = "#ffffff" if palette is theme.LIGHT else "#10161c"
    for name in ("input", "kernel", "output", "changed", "faint"):
        assert contrast(getattr(palette, name), page) >= 4.5, name


@pytest.mark.parametrize("palette", PALETTES)
def test_roles_have_colours_of_their_own(palette):
    assert len(set(asdict(palette).values())) == len(asdict(palette))


def test_colours_live_in_one_place():
    assert theme.variables("dark")["--input-soft"] == theme.DARK.input_soft
    assert theme.palette(None) is theme.LIGHT


def test_mixed():
    assert svg.mixed("#ff0000", "#000000", 0.5) == "#800000"


@pytest.mark.parametrize("palette", PALETTES)
def test_kernel_pictures_are_svg_with_a_cell_per_weight(palette):
    for named in kernels.KERNELS:
        drawing = ElementTree.fromstring(svg.kernel(np.array(named.values), palette))
        assert len(drawing) == np.array(named.values).size


def test_every_lesson_has_a_home_picture():
    assert set(home_pictures.PICTURES) == {lesson.key for lesson in lessons.LESSONS}
    for draw in home_pictures.PICTURES.values():
        ElementTree.fromstring(draw(theme.LIGHT))


def test_numbered_grid_shows_its_numbers_and_marks():
    drawing = numbered.numbered(((1, -2), (0.5, 3)), theme.LIGHT.input_soft, theme.LIGHT, [(1, 0)])
    assert re.findall(r">([^<]+)</text>", drawing) == ["1", "−2", "0.5", "3"]
    assert drawing.count(theme.LIGHT.changed) == 1


def test_visible_cuts_or_centres():
    result = np.array([[[-10.0, 100.0, 300.0]]])
    assert pictures.visible(result, signed=False)[0, :, 0].tolist() == [0, 100, 255]
    assert pictures.visible(result, signed=True)[0, :, 0].tolist() == [123, 178, 255]


@pytest.mark.parametrize(
    ("key", "signed"),
    [
        ("sobel_x", True),
        ("laplacian", True),
        ("lecture", True),
        ("identity", False),
        ("sharpen", False),
        ("emboss", False),
    ],
)
def test_edge_detectors_are_signed(key, signed):
    assert pictures.is_signed(kernels.kernel(key)) is signed
