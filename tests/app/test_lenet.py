"""The LeNet-5 lesson's opened network and its weights, whatever the address asks for."""

import re

import pytest

from cnn import datasets, digits, lessons, text
from cnn.architectures import ARCHITECTURES
from cnn.lenet import dissection
from tests.app.test_lessons import HOSTILE, complaints, open_lesson, says

LESSON = lessons.lesson("lenet")
NETWORKS = {"today": "lenet5_modern", "as_1998": "lenet5"}


def opened(language: str = "en", **parameters: str):
    app = open_lesson(LESSON, language, {name.replace("__", "."): value for name, value in parameters.items()})
    assert complaints(app) == []
    return app


def looks_at_the_first(app) -> bool:
    return "##### C3[3] (4, 5)" in says(app)


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("layer", ["C1", "S2", "C3", "S4", "C5", "F6", "OUTPUT"])
def test_every_layers_unit_is_explained(language, network, layer):
    """The value in the formula is the layer's own."""
    app = opened(language, lenet__network=network, lenet__unit=f"{layer},3,0,0")
    found = dissection.activities(ARCHITECTURES[NETWORKS[network]], datasets.mnist("test")[0][35])
    value = next(
        dissection.as_maps(each.sums if layer == "OUTPUT" else each.values)[3, 0, 0]
        for each in found
        if each.label == layer
    )
    assert f"\\mathbf{{ {value:.3f} }}".replace("-0.000", "0.000") in says(app).replace("-0.000", "0.000")


@pytest.mark.parametrize("network", NETWORKS)
def test_units_in_a_row_have_no_rows_on_the_way_back(network):
    said = says(opened("en", lenet__network=network, lenet__unit="OUTPUT,3,0,0"))
    assert "F6: 84 units ← C5: 120 units ← S4: 16 maps, rows 0–4, columns 0–4 ←" in said


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("layer", ["C1", "S2", "C3", "S4", "C5", "F6", "OUTPUT"])
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_layers_weights_open(language, network, layer):
    app = opened(language, lenet__section="weights", lenet__network=network, lenet__layer=layer, lenet__column="3")
    parameters = next(row.parameters for row in ARCHITECTURES[NETWORKS[network]].rows() if row.label == layer)
    if parameters:
        assert f"##### {layer} " in says(app)
        assert f"{parameters:,}" in says(app)
    else:  # pooling without weights, or codes that are fixed
        assert f"##### {layer if (network, layer) == ('as_1998', 'OUTPUT') else 'C3'} " in says(app)


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value[:12]))
def test_no_value_is_an_exception(value):
    app = opened(digit=value, lenet__unit=value, lenet__map=value, lenet__network=value)
    assert looks_at_the_first(app)
    opened(lenet__section="weights", lenet__layer=value, lenet__column=value, lenet__first_unit=value)


@pytest.mark.parametrize(
    "unit", ["C3,16,0,0", "C3,0,10,0", "INPUT,0,0,0", "C9,0,0,0", "F6,0,1,0", "C3,-1,0,0", "C3,0,0"]
)
def test_a_unit_that_is_not_there_is_the_first(unit):
    assert looks_at_the_first(opened(lenet__unit=unit))


def test_a_digit_of_ones_own_is_in_the_address():
    """What the address holds is what the program in the code card reads."""
    own = digits.shaded(digits.centred(datasets.mnist("test")[0][61]))
    app = opened(digit=f"~{digits.to_text(own)}")
    (code,) = (element.value for element in app.code if "fromhex" in element.value)
    ink = re.search(r'fromhex\("""\n(.*?)\n"""', code, re.S)
    assert ink and bytes.fromhex(ink.group(1)) == own.tobytes()
