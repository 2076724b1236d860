"""Real weights under a learner's hand: a class at once, and a press that fetches from a stand-in of their server."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
import torchvision
from playwright.sync_api import Locator, Page, expect

from cnn.pretrained.catalogue import PACKAGED, WeightsFile
from cnn.pretrained.fetching import megabytes
from tests import fake_weights
from tests.browser.conftest import Visit
from tests.running import Server, serve
from tests.stand_in import StandIn, environment, stand_in

SECTION = {"timeline.section": "real_weights"}
CAT = re.compile("tabby|tiger cat|Egyptian cat")


@pytest.fixture(scope="module")
def weights_server() -> Iterator[StandIn]:
    with stand_in() as standing:
        yield standing


@pytest.fixture(scope="module")
def file(weights_server: StandIn) -> WeightsFile:
    """Random weights for ResNet-18."""
    with torch.device("meta"):
        empty = torchvision.models.resnet18()
    return weights_server.offer(fake_weights.file(fake_weights.state(empty, seed=1)), "resnet18")


@pytest.fixture(scope="module")
def app(weights_server: StandIn, file: WeightsFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, for which the stand-in is the server of weights; of ResNet-18 it has a file, of the others none."""
    folder: Path = tmp_path_factory.mktemp("weights")
    settings = environment(folder, {"resnet18": file})
    with serve(folder, PUDDLE_WEIGHTS=weights_server.address, **settings) as running:
        yield running


def card(page: Page, key: str) -> Locator:
    return page.locator(f'[class*="st-key-timeline-weights-card-{key}"]')


def test_it_is_alive_without_a_press(visit: Visit):
    page = visit("timeline", lang="en", **SECTION)
    expect(card(page, PACKAGED).get_by_text(CAT).first).to_be_visible()
    expect(card(page, PACKAGED).get_by_text(re.compile(r"\d ms a pass"))).to_be_visible()
    expect(card(page, "resnet50").get_by_role("button", name="Fetch (103 MB)")).to_be_visible()
    page.get_by_role("button", name="coffee").click()
    expect(card(page, PACKAGED).get_by_text("espresso")).to_be_visible()


def test_a_press_fetches(visit: Visit, app: Server, weights_server: StandIn, file: WeightsFile):
    """Half of the file, a second visitor, a stop; then all of it, and the classes."""
    gate = weights_server.files[file.name].gate = threading.Event()
    link = {"lang": "en", "timeline.weights": f"{PACKAGED},resnet18", **SECTION}
    page = visit("timeline", at=app, **link)
    card(page, "resnet18").get_by_role("button", name=re.compile("Fetch")).click()
    half = f"{megabytes(file.bytes // 2)} of {megabytes(file.bytes)} MB"
    expect(card(page, "resnet18").get_by_text(half)).to_be_visible()
    other = visit("timeline", at=app, **link)
    expect(card(other, "resnet18").get_by_text(half)).to_be_visible()

    card(other, "resnet18").get_by_role("button", name="Stop").click()
    for each in (page, other):
        expect(card(each, "resnet18").get_by_role("button", name=re.compile("Fetch"))).to_be_visible()
    gate.set()

    weights_server.files[file.name].gate = None
    card(page, "resnet18").get_by_role("button", name=re.compile("Fetch")).click()
    expect(card(page, "resnet18").get_by_text(re.compile(r"\d ms a pass"))).to_be_visible()
    expect(card(page, "resnet18").get_by_role("listitem")).to_have_count(5)
    assert [path.name for path in (app.folder / "weights").glob("*.pth")] == [file.name]


def test_a_file_that_is_not_there_is_a_sentence(visit: Visit, app: Server):
    page = visit("timeline", at=app, lang="en", **{"timeline.weights": f"{PACKAGED},resnet50", **SECTION})
    card(page, "resnet50").get_by_role("button", name=re.compile("Fetch")).click()
    expect(card(page, "resnet50").get_by_text("127.0.0.1 has no file resnet50-0676ba61.pth")).to_be_visible()
    expect(card(page, "resnet50").get_by_role("button", name="Try again (103 MB)")).to_be_visible()
    expect(card(page, PACKAGED).get_by_text(CAT).first).to_be_visible()


def test_networks_are_picked(visit: Visit):
    page = visit("timeline", lang="en", **{"timeline.weights": PACKAGED, **SECTION})
    page.get_by_role("button", name="VGG-16", exact=True).click()
    expect(card(page, "vgg16")).to_be_visible()
    expect(page).to_have_url(re.compile(r"timeline\.weights=efficientnet_lite0(%2C|,)vgg16"))
