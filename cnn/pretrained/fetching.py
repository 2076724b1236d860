"""One file of weights, from its server into a folder: read in pieces, checked by its hash, then moved into place.

What is half there has another name, and is deleted whatever happens: under its own name a file is whole.
"""

import errno
import hashlib
import http.client
import shutil
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

from cnn.pretrained.catalogue import WeightsFile

PATIENCE = 20.0  # seconds without a byte
PIECE = 1 << 16  # bytes between two looks at whether to stop
SPARE = 200_000_000  # bytes that stay free on the disk
ABANDONED = 3600.0  # seconds after which a half file that nobody writes to belongs to a process that died

REASONS = (
    "unreachable", "stalled", "refused", "not_there", "cut_off", "wrong_file", "no_room", "no_folder", "bad_address",
)  # fmt: skip


class FetchError(Exception):
    """Why there is no file: `.reason` is one of REASONS, `.details` has what a sentence about it needs."""

    def __init__(self, reason: str, **details: object) -> None:
        self.reason, self.details = reason, details
        super().__init__(f"{reason}: " + ", ".join(f"{name} {value}" for name, value in details.items()))


class Stopped(Exception):
    """Somebody asked for it."""


def fetch(
    file: WeightsFile,
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    is_stopped: Callable[[], bool] = lambda: False,
    patience: float = PATIENCE,
) -> Path:
    """Fetch the file into the folder -> where it lies.

    progress: is told the bytes so far and in all. patience: seconds without a byte until it gives up.
    Raises FetchError, and nothing else, whatever server, network and disk do; Stopped once `is_stopped` says so.
    Either way nothing half-written stays.
    """
    part = folder / f"{file.name}.{uuid.uuid4().hex}.part"
    try:
        _make_room(file, folder)
        with part.open("xb") as target, closing(_pieces(file, patience)) as pieces:
            found, done = hashlib.sha256(), 0
            for piece, total in pieces:
                if is_stopped():
                    raise Stopped
                target.write(piece)
                found.update(piece)
                done += len(piece)
                progress(done, total or file.bytes)
        if not found.hexdigest().startswith(file.digest):
            raise FetchError("wrong_file", host=_host(file), file=file.name)
        return part.replace(folder / file.name)
    except OSError as error:  # the disk's: the network's have become FetchErrors
        reason = "no_room" if error.errno == errno.ENOSPC else "no_folder"
        raise FetchError(reason, folder=folder, megabytes=megabytes(file.bytes)) from error
    finally:
        _remove(part)


def _make_room(file: WeightsFile, folder: Path) -> None:
    """Make the folder, clear what a process that died left there, and see whether the file fits on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{file.name}.*.part"):
        if time.time() - old.stat().st_mtime > ABANDONED:
            _remove(old)
    if shutil.disk_usage(folder).free < file.bytes + SPARE:
        raise FetchError("no_room", folder=folder, megabytes=megabytes(file.bytes))


def _remove(part: Path) -> None:
    with suppress(OSError):  # a folder that cannot be written to holds no half file either
        part.unlink(missing_ok=True)


def _pieces(file: WeightsFile, patience: float) -> Generator[tuple[bytes, int], None, None]:
    """What the server sends, piece by piece, each with the length that it promised for the whole (0: it did not).

    Whatever the network does is a FetchError.
    """
    received = total = 0
    try:
        with urllib.request.urlopen(_request(file), timeout=patience) as answer:
            total = int(answer.headers.get("Content-Length") or 0)
            while piece := answer.read1(PIECE):
                received += len(piece)
                if received > max(2 * file.bytes, total):
                    raise FetchError("wrong_file", host=_host(file), file=file.name)
                yield piece, total
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        reason = "not_there" if error.code == 404 else "refused"
        raise FetchError(reason, host=_host(file), status=error.code, file=file.name) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _network_failure(file, error, received, total, patience) from error
    if received < total:
        raise _cut_off(file, received, total)


def _request(file: WeightsFile) -> urllib.request.Request:
    if urlsplit(file.address).scheme not in ("http", "https"):
        raise FetchError("bad_address", address=file.address)
    return urllib.request.Request(file.address, headers={"User-Agent": "puddle"})


def _network_failure(file: WeightsFile, error: Exception, received: int, total: int, patience: float) -> FetchError:
    """What a failure of the network means to the one who waits."""
    if isinstance(error, TimeoutError) or isinstance(getattr(error, "reason", None), TimeoutError):
        return FetchError("stalled", host=_host(file), seconds=f"{patience:g}")
    if received:
        return _cut_off(file, received, total)
    if isinstance(error, ValueError | http.client.InvalidURL):
        return FetchError("bad_address", address=file.address)
    return FetchError("unreachable", host=_host(file))


def _cut_off(file: WeightsFile, received: int, total: int) -> FetchError:
    return FetchError("cut_off", host=_host(file), done=megabytes(received), total=megabytes(total or file.bytes))


def _host(file: WeightsFile) -> str:
    return urlsplit(file.address).hostname or file.address


def megabytes(count: int) -> str:
    """Bytes in millions, as people read them: 46.8, 553."""
    return f"{count / 1e6:.1f}" if count < 100e6 else f"{count / 1e6:.0f}"
