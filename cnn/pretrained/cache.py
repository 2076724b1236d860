"""Where fetched weights are kept, and whether a file there is the one that its name says."""

import hashlib
import os
from pathlib import Path

import platformdirs

from cnn.pretrained.catalogue import WeightsFile

AT_ONCE = 1 << 20  # bytes


def folder() -> Path:
    """The user's cache; under PUDDLE_DATA where that is set."""
    chosen = os.environ.get("PUDDLE_DATA")
    return (Path(chosen) if chosen else platformdirs.user_cache_path("puddle", appauthor=False)) / "weights"


def kept(file: WeightsFile) -> Path:
    """Where the file lies once it is fetched."""
    return folder() / file.name


def is_whole(path: Path, file: WeightsFile) -> bool:
    """Whether the file's SHA-256 begins as its name says. 550 MB take about half a second."""
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(AT_ONCE):
            found.update(block)
    return found.hexdigest().startswith(file.digest)
