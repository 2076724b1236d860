"""Networks with real weights on the page: without a network, with files in the cache, and on a server for others.

What is fetched here are random weights, and nothing is asked of anybody.
"""

import html
import time

import pytest
import torch
import torchvision
from streamlit.testing.v1 import AppTest

from cnn import datasets, lessons, text
from cnn.architectures import ARCHITECTURES
from cnn.pretrained import cache, catalogue, networks
from cnn.pretrained.catalogue import PACKAGED, WeightsFile
from cnn.ui import memory
from cnn.ui.lessons.timeline import real_weights_state
from tests import fake_weights
from tests.app.test_lessons import HOSTILE, complaints, open_lesson, says
from tests.stand_in import named

LESSON = lessons.lesson("timeline")
CATS = ("tabby", "tiger cat", "Egyptian cat")


@pytest.fixture(autouse=True)
def at_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("PUDDLE_DATA", str(tmp_path))
    monkeypatch.setattr(memory, "is_local", lambda: True)


@pytest.fixture(autouse=True, scope="module")
def loaded():
    """The first visitor waits for this while looking at the page; here nobody looks."""
    real_weights_state.load_in_background().join()


def opened(language: str = "en", **parameters: str) -> AppTest:
    parameters = {f"timeline.{name}": value for name, value in parameters.items()}
    app = open_lesson(LESSON, language, {"timeline.section": "real_weights", **parameters})
    assert complaints(app) == []
    return app


def shown(app: AppTest) -> str:
    """All words of the cards."""
    return html.unescape("\n".join(each.proto.body for each in app.get("html")))


def fetch_buttons(app: AppTest) -> list[str]:
    return [str(button.key) for button in app.button if str(button.key).startswith("timeline.weights.fetch.")]


@pytest.fixture
def file(monkeypatch) -> WeightsFile:
    """Random weights stand for ResNet-18's; the file is not in the cache yet."""
    with torch.device("meta"):
        empty = torchvision.models.resnet18()
    body = fake_weights.file(fake_weights.state(empty, seed=1))
    file = WeightsFile(f"http://127.0.0.1:9/{named('resnet18', body)}", len(body))
    for module in (catalogue, networks):
        real = module.weights_file
        monkeypatch.setattr(module, "weights_file", lambda key, real=real: file if key == "resnet18" else real(key))
    cache.folder().mkdir()
    (cache.folder() / "given").write_bytes(body)
    return file


def put(file: WeightsFile) -> None:
    (cache.folder() / "given").rename(cache.kept(file))


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_it_is_alive_without_a_network(language):
    app = opened(language)
    assert all(cat in shown(app) for cat in CATS)
    assert fetch_buttons(app) == [f"timeline.weights.fetch.{key}" for key in real_weights_state.DEFAULT[1:]]
    reading = real_weights_state.standing(PACKAGED, datasets.photograph("chelsea")).reading
    assert reading is not None
    first = reading.guesses[0]
    assert f"p_1=e^{{{first.logit:.4f}-{reading.log_sum:.4f}}}" in says(app).replace(" ", "")
    assert f"\\mathbf{{{first.probability:.4f}}}" in says(app).replace(" ", "")


def test_another_photograph_is_another_class():
    app = open_lesson(LESSON, "en", {"timeline.section": "real_weights", "photograph": "coffee"})
    assert "espresso" in shown(app) and not any(cat in shown(app) for cat in CATS)


def test_a_file_in_the_cache_is_used(file):
    put(file)
    app = opened(weights=f"{PACKAGED},resnet18", explained="resnet18")
    assert fetch_buttons(app) == []
    assert shown(app).count(text.label("en", "pretrained.time").split("}")[1]) == 2
    network = ARCHITECTURES["resnet18"]
    assert f"{network.parameters / 1e6:.1f} M" in shown(app) and f"{network.macs / 1e9:.2f} G" in shown(app)
    assert 'get_model("resnet18"' in "".join(code.value for code in app.code)


def test_a_damaged_file_is_told_and_can_be_fetched_again(file):
    put(file)
    cache.kept(file).write_bytes(b"half a file")
    app = opened(weights=f"{PACKAGED},resnet18")
    assert [each.value for each in app.warning] == [text.label("en", "weights_errors.damaged").format(file=file.name)]
    assert fetch_buttons(app) == ["timeline.weights.fetch.resnet18"]


def test_a_press_without_a_network_is_a_sentence(file):
    """Nobody listens on that port. The network that is there goes on."""
    app = opened(weights=f"{PACKAGED},resnet18")
    app.button(key="timeline.weights.fetch.resnet18").click().run()
    until = time.monotonic() + 20
    while (fetch := real_weights_state.fetches().of(file)) is None or fetch.is_live:
        assert time.monotonic() < until
        time.sleep(0.02)
    app.run()
    assert [each.value for each in app.warning] == [
        text.label("en", "fetch_errors.unreachable").format(host="127.0.0.1")
    ]
    assert all(cat in shown(app) for cat in CATS)
    assert sorted(path.name for path in cache.folder().iterdir()) == ["given"]
    real_weights_state.fetches().stop(file)


def test_on_a_server_for_others_only_its_operator_fetches(file, monkeypatch):
    monkeypatch.setattr(memory, "is_local", lambda: False)
    app = opened(weights=f"{PACKAGED},resnet18,resnet50")
    assert fetch_buttons(app) == [] and says(app).count(text.label("en", "pretrained.not_here")) == 2
    put(file)
    app = opened(weights=f"{PACKAGED},resnet18,resnet50")
    assert says(app).count(text.label("en", "pretrained.not_here")) == 1
    monkeypatch.setenv("PUDDLE_FETCH", "1")
    assert fetch_buttons(opened(weights="resnet50")) == ["timeline.weights.fetch.resnet50"]


def test_networks_are_chosen_and_shared_by_link():
    app = opened(weights="vgg19,nonsense,densenet201")
    assert [f"timeline.weights.fetch.{key}" for key in ("vgg19", "densenet201")] == fetch_buttons(app)
    assert app.query_params["timeline.weights"] in ("vgg19,densenet201", ["vgg19,densenet201"])
    assert app.selectbox(key="timeline.explained.widget").value == "vgg19"


@pytest.mark.parametrize("field", ["weights", "explained"])
def test_hostile_addresses(field):
    for value in HOSTILE[::4]:
        assert all(cat in shown(opened(**{field: value})) for cat in CATS)
