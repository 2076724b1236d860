"""A stand-in for the servers that weights are fetched from: on this machine, and as unreliable as a test wants it."""

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cnn.pretrained.catalogue import WeightsFile
from tests.running import ROOT


@dataclass
class Offered:
    """What the server does when it is asked for a file."""

    body: bytes = b""
    status: int = 200
    promised: int | None = None  # the length that it announces, where that is another; -1: none
    gate: threading.Event | None = None  # half of the file, and the rest once this is set
    redirect: str = ""


@dataclass
class StandIn:
    """The server: `files` by name, to be changed at any time; `asked`, the names that were asked for."""

    address: str
    files: dict[str, Offered] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def offer(self, body: bytes, stem: str = "small", **behaviour) -> WeightsFile:
        """Offer a file under the name that its hash gives it."""
        name = named(stem, body)
        self.files[name] = Offered(body, **behaviour)
        return WeightsFile(f"{self.address}/{name}", len(body))

    def offer_file(self, path: Path) -> WeightsFile:
        """Offer a file of the disk."""
        return self.offer(path.read_bytes(), path.stem)


def named(stem: str, body: bytes) -> str:
    """A file's name as PyTorch gives it: resnet18-f37072fd.pth"""
    return f"{stem}-{hashlib.sha256(body).hexdigest()[:8]}.pth"


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Start it on a free port, and stop it at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rsplit("/", 1)[-1]
            standing.asked.append(name)
            self._give(standing.files.get(name, Offered(status=404)))

        def _give(self, offered: Offered) -> None:
            length = len(offered.body) if offered.promised is None else offered.promised
            self.send_response(302 if offered.redirect else offered.status)
            if offered.redirect:
                self.send_header("Location", offered.redirect)
            if length >= 0:
                self.send_header("Content-Length", str(length))
            self.end_headers()
            half = len(offered.body) // 2 if offered.gate else len(offered.body)
            try:
                self.wfile.write(offered.body[:half])
                if offered.gate:
                    offered.gate.wait(60)
                    self.wfile.write(offered.body[half:])
            except OSError:
                pass  # the one who asked has hung up

        def log_message(self, *_) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    standing = StandIn(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield standing
    finally:
        for offered in standing.files.values():
            if offered.gate:
                offered.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()


STARTED = '''"""Read by Python as it starts the app: some networks' files are the stand-in's."""

from cnn.pretrained import catalogue

real, given = catalogue.weights_file, {given!r}
catalogue.weights_file = lambda key: catalogue.WeightsFile(*given[key]) if key in given else real(key)
'''


def environment(folder: Path, files: Mapping[str, WeightsFile]) -> dict[str, str]:
    """What a server of the app is started with, so that it takes these files for the networks' own."""
    given = {key: (file.address, file.bytes) for key, file in files.items()}
    (folder / "sitecustomize.py").write_text(STARTED.format(given=given), encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}
