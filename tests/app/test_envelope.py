"""The envelope: what is read, rejected and counted, whatever the address asks for."""

import re

import numpy as np
import pytest

from cnn import ink_text, lessons
from cnn.architectures import ARCHITECTURES
from cnn.envelope.measured import measured
from cnn.envelope.reading import read
from cnn.envelope.segmentation import FORMS, Form
from cnn.envelope.writing import write
from cnn.text import LANGUAGES
from cnn.ui.lessons.lenet.held_line import BITS, FIRST
from tests.app.test_lessons import HOSTILE, complaints, open_lesson, says

LENET = lessons.lesson("lenet")
NETWORKS = {"today": ("lenet5_modern", None), "as_1998": ("lenet5", 10.0)}


def opened(language: str = "en", **parameters: str):
    address = {f"lenet.{name}": value for name, value in parameters.items()}
    app = open_lesson(LENET, language, {"lenet.section": "envelope", **address})
    assert complaints(app) == []
    return app


def headline(app) -> str:
    """The reading, as it stands above the digits."""
    (found,) = re.findall(r"^### ([\d?.…]+)$", says(app), re.MULTILINE)
    return found


def expected(form: Form, seed: int, network: str, threshold: float) -> str:
    key, rubbish = NETWORKS[network]
    found = read(ARCHITECTURES[key].trained(), write(form, seed).ink, form, rubbish)
    labels = ["?" if each.confidence < threshold else each.label for each in found.readings]
    return found.line.written(labels)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("form", FORMS)
def test_a_line_is_read_as_the_network_reads_it(form, network, language):
    app = opened(language, form=form, network=network)
    assert headline(app) == expected(form, FIRST[form], network, 0.9)
    assert f"**{write(form, FIRST[form]).text}**" in says(app)


def test_what_is_below_the_threshold_goes_to_a_person():
    app = opened()
    assert headline(app) == "1299?"
    assert "1 of 5 digits is read with a confidence below 90%" in says(app)
    app.session_state["lenet.reject_below"] = 50
    app.run()
    assert headline(app) == "12990" and "an error that nobody notices" in says(app)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("threshold", [0, 50, 90, 99])
def test_the_trade_is_the_measured_one(network, threshold):
    known = measured(NETWORKS[network][0])
    said = says(opened(network=network, reject_below=str(threshold)))
    point = known.rejection(threshold)
    assert f"**{100 * point.rejected:.2f}%** go to a person, **{100 * point.errors:.2f}%** of the rest" in said
    assert f"{known.wrong[threshold]} }}" in said  # the formula's numerator


def test_the_formula_multiplies_what_the_pictures_show():
    app = opened()
    (line,) = re.findall(r"\$([\d.\\cdot ]+) = \\mathbf\{ ([\d.]+) \}\$", says(app))
    factors = [float(each) for each in line[0].split(" \\cdot ".strip())]
    assert len(factors) == 5
    assert np.prod(factors) == pytest.approx(float(line[1]), abs=5e-4)


def test_another_sample_and_another_gap():
    app = opened(zip="7")
    first = headline(app)
    app.button(key="lenet.zip.another").click().run()
    assert app.query_params["lenet.zip"] in ("8", ["8"])
    assert f"**{write('zip', 8).text}**" in says(app) and headline(app) != first
    app = opened(zip="8", gap="-3")
    known = measured("lenet5_modern")
    assert f"{known.right('zip', -3):.1%} are read right" in says(app)
    found = read(ARCHITECTURES["lenet5_modern"].trained(), write("zip", 8, -3).ink, "zip", None)
    assert headline(app).count("?") == len(found.rejected(0.9))


def test_each_form_keeps_its_own_line():
    app = opened(zip="7", amount="11")
    assert f"**{write('zip', 7).text}**" in says(app)
    app.session_state["lenet.form"] = "amount"
    app.run()
    assert f"**{write('amount', 11).text}**" in says(app)
    assert app.query_params["lenet.zip"] in ("7", ["7"]) and app.query_params["lenet.amount"] in ("11", ["11"])


def test_a_line_of_ones_own_is_in_the_address():
    """What the address holds is what is read and what the program is given; a known sample is no longer claimed."""
    own = ink_text.shaded(write("zip", 12).ink, BITS)
    app = opened(zip=f"~{ink_text.to_text(own, BITS)}")
    assert headline(app) == write("zip", 12).text and "Written is" not in says(app)
    found = read(ARCHITECTURES["lenet5_modern"].trained(), own, "zip", None)
    (code,) = (element.value for element in app.code if "bytes.fromhex" in element.value)
    rows = re.search(r'fromhex\("""\n(.*?)\n"""', code, re.S)
    assert rows and bytes.fromhex(rows.group(1)) == found.line.images.transpose(1, 0, 2).tobytes()


def test_a_made_photograph_is_read_and_shown():
    app = opened(zip="3", reject_below="0")
    app.button(key="lenet.zip.make").click().run()
    assert complaints(app) == []
    assert headline(app) == write("zip", 3).text and "Written is" not in says(app)
    assert len(app.image) == 1
    app.button(key="lenet.zip.another").click().run()
    assert len(app.image) == 0 and f"**{write('zip', 4).text}**" in says(app)


def test_an_empty_line_says_what_to_do():
    empty = ink_text.to_text(np.zeros((76, 320), np.uint8), BITS)
    assert headline(opened(zip=f"~{empty}")) == "1299?"  # an address never opens with that


@pytest.mark.parametrize(
    "value", [*HOSTILE, "~", "~AAAA", f"~{'A' * 4000}", "99999", "-1"], ids=lambda v: ascii(v[:12])
)
def test_no_value_is_an_exception(value):
    opened(zip=value, amount=value, form=value, network=value, reject_below=value, gap=value)
    opened(form="amount", amount=value)
