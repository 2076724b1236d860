"""What was measured of the runs behind assets/weights. Read without torch."""

import json
from functools import cache
from typing import Any

from cnn.architecture import WEIGHTS


@cache
def measured() -> dict[str, Any]:
    """What was measured of each shipped file: its settings, its accuracy, how long it took."""
    return _figures("measured.json")


@cache
def curves_1998() -> dict[str, dict[str, dict[str, Any]]]:
    """Recipe -> seed -> "test_error" and "training_error" after each of the twenty passes, and "cpu_seconds".

    The recipes are "lenet5", with distortions, and "lenet5_plain", without; the seeds "1", "2" and "3".
    """
    return _figures("curves_1998.json")


def _figures(name: str) -> dict[str, Any]:
    return json.loads((WEIGHTS / name).read_text(encoding="utf-8"))
