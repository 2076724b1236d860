"""Every network has its link, and no address breaks the lesson."""

import subprocess
import sys

import pytest

from cnn import lessons, text
from cnn.architectures import ARCHITECTURES
from tests.app.test_lessons import HOSTILE, ROOT, complaints, open_lesson, says

LESSON = lessons.lesson("timeline")
OPEN_ALL = """
import sys
from cnn import lessons
from tests.app.test_lessons import complaints, open_lesson

lesson = lessons.lesson("timeline")
for section in lesson.sections:
    if section == "real_weights":  # the one that runs whole networks
        continue
    app = open_lesson(lesson, "en", {"timeline.section": section})
    assert app.title and not complaints(app), section
    print(section, *sorted({"torch", "torchvision", "timm"} & set(sys.modules)))
"""


@pytest.mark.parametrize("key", ARCHITECTURES)
def test_a_network_by_its_link(key):
    network = ARCHITECTURES[key]
    app = open_lesson(LESSON, "en", {"timeline.section": "whole", "timeline.network": key})
    assert complaints(app) == []
    assert f"**{network.parameters:,}**" in says(app)
    app = open_lesson(LESSON, "zh", {"timeline.network": key})
    assert complaints(app) == []
    assert app.query_params.get("timeline.network", "resnet50") in (key, [key])


def test_an_unknown_network_is_told():
    app = open_lesson(LESSON, "en", {"timeline.network": "resnet51"})
    expected = text.label("en", "timeline.unknown_network").format(name="ResNet-50")
    assert [each.value for each in app.info] == [expected]


def test_three_abreast():
    app = open_lesson(LESSON, "en", {"timeline.compare": "vgg16,googlenet"})
    assert complaints(app) == [] and app.multiselect[0].value == ["vgg16", "googlenet"]
    app = open_lesson(LESSON, "en", {"timeline.compare": "vgg16,nonsense,googlenet,alexnet"})
    assert app.multiselect[0].value == ["vgg16", "googlenet"]
    assert [each.value for each in app.info] == [text.label("en", "timeline.unknown_compared")]


@pytest.mark.parametrize("field", ["network", "compare", "inside", "across"])
def test_hostile_addresses(field):
    for value in HOSTILE[::3]:
        section = {"inside": "whole", "across": "charts"}.get(field, "line")
        app = open_lesson(LESSON, "en", {"timeline.section": section, f"timeline.{field}": value})
        assert complaints(app) == [], value[:40]


def test_torch_is_not_needed_but_for_real_weights():
    run = subprocess.run([sys.executable, "-c", OPEN_ALL], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [section for section in LESSON.sections if section != "real_weights"]
