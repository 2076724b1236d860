"""What can be taken home from the timeline."""

from pathlib import Path

import pytest

from cnn.text import label
from tests.browser.conftest import Visit


@pytest.mark.parametrize(
    ("name", "file", "begins"),
    [
        ("svg", "lenet5.svg", "<svg"),
        ("csv", "lenet5.csv", "layer,"),
        ("code", "lenet5.py", "import"),
        ("summary", "lenet5.txt", "C1"),
    ],
)
def test_a_press_makes_the_file(name, file, begins, visit: Visit):
    page = visit("timeline", **{"timeline.section": "whole", "timeline.network": "lenet5"})
    with page.expect_download() as download:
        page.get_by_role("button", name=label("en", f"whole.{name}")).click()
    assert download.value.suggested_filename == file
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert begins in text[:400] and len(text) > 300
