"""Streamlit collects garbage after every script run; what lives for good is out of the collector's sight by then."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
VISIT = """
import gc, json, sys, threading
from streamlit.testing.v1 import AppTest
from cnn import lessons
from cnn.ui import boot

app = AppTest.from_file("app.py", default_timeout=120).run()
torch_at_home = "torch" in sys.modules
boot.load_torch_in_background().join()
for lesson in lessons.LESSONS:
    app.switch_page(lesson.page).run()
    assert not app.exception
    for section in lesson.sections:
        app.query_params[f"{lesson.key}.section"] = section
        app.run()
        assert not app.exception
for thread in threading.enumerate():
    if thread.name.startswith("warm up"):  # what they import is frozen at their end
        thread.join()
del app
gc.collect()
print(json.dumps([torch_at_home, "torch" in sys.modules, gc.get_freeze_count(), len(gc.get_objects())]))
"""


def test_the_warmed_server_has_frozen_its_objects():
    """A count, not a time: with torch, some 600,000 objects would be walked after every run, about 200 ms each time."""
    program = [sys.executable, "-c", VISIT.replace('"app.py"', repr(str(ROOT / "app.py")))]
    run = subprocess.run(program, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    torch_at_home, torch_loaded, frozen, tracked = json.loads(run.stdout.splitlines()[-1])
    assert not torch_at_home and torch_loaded
    assert frozen > 100_000
    assert tracked < 80_000
