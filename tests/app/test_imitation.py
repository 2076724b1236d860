"""A press trains both imitations, and the page says how it ended."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_press_trains_both(language):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.run().switch_page("pages/pooling.py")
    app.query_params["lang"], app.query_params["pooling.section"] = language, "as_convolution"
    app.run()
    app.button("pooling.imitation.train").click().run()
    assert not app.exception
    (verdict,) = [written.value for written in app.markdown if "< 0.000001" in written.value]
    reached, best = map(float, re.findall(r"\*\*(0\.\d+)\*\*", verdict))
    assert best == 0.1265 and best < reached < 0.127
    app.button("pooling.imitation.train").click().run()  # another start
    assert app.query_params["pooling.imitation"] in ("2", ["2"])
