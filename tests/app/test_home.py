"""The home page is light: it loads neither torch nor more of Plotly than Streamlit itself does."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPEN_HOME = """
import json, sys
from streamlit.testing.v1 import AppTest

def heavy():
    return {name for name in sys.modules if name.partition(".")[0] in ("torch", "torchvision", "timm", "plotly")}

before = heavy()
app = AppTest.from_file(sys.argv[1], default_timeout=120).run()
assert app.title and not app.exception
print(json.dumps([sorted(before), sorted(heavy() - before)]))
"""


def test_home_loads_neither_torch_nor_plotly():
    run = subprocess.run(
        [sys.executable, "-c", OPEN_HOME, str(ROOT / "app.py")], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    by_streamlit, by_home = json.loads(run.stdout.splitlines()[-1])
    assert by_home == []
    assert {name.partition(".")[0] for name in by_streamlit} <= {"plotly"}
