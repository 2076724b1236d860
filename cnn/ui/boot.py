"""What happens once per process: heavy imports, torch's threads, the garbage collector."""

import gc
import importlib
import threading

import streamlit as st


def freeze_collector() -> None:
    """Move everything that lives now out of the garbage collector's sight.

    Streamlit runs `gc.collect(2)` after every script run. With torch loaded that walks some 600,000 objects, costs
    about 200 ms and holds up every session; what was frozen is not walked again.
    """
    gc.collect()
    gc.freeze()


@st.cache_resource(show_spinner=False)
def start() -> None:
    """Import what every page shares, and freeze it."""
    for module in ("numpy", "pandas", "PIL.Image", "jinja2"):
        importlib.import_module(module)
    freeze_collector()


def _load_torch() -> None:
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)  # two intra-op threads on busy cores are many times slower than one
    freeze_collector()


@st.cache_resource(show_spinner=False)
def load_torch_in_background() -> threading.Thread:
    """Start importing torch while the learner looks at the first picture. `.join()` waits for it."""
    thread = threading.Thread(target=_load_torch, name="load torch", daemon=True)
    thread.start()
    return thread
