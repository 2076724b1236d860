"""What can be done with one kept run: take it along, share its settings, continue it, delete it."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from cnn.training import export, link
from cnn.training.runs import CONTINUABLE, RunSummary, Store
from cnn.ui.frame import Page
from cnn.ui.lessons.training import looks, settings, shelf, visitors


def take_along(page: Page, runs: Sequence[RunSummary]) -> None:
    """Pick a run; its files, its link, its buttons."""
    run = shelf.pick(page, visitors.TAKEN, page.label("training.runs.run"), runs)
    _buttons(page, run)
    st.markdown(f"###### {page.label('training.runs.take')}")
    _files(page, visitors.own_jobs().store, run)
    st.markdown(f"###### {page.label('training.runs.link')}")
    st.code(address(st.context.url or "", run), language=None, wrap_lines=True)
    used = visitors.own_jobs().store.bytes_used() / 1e6
    st.caption(page.label("training.runs.used", count=len(runs), size=f"{used:,.1f}"))


def address(page_url: str, run: RunSummary) -> str:
    """Whoever opens this finds the run's settings, seed included, ready to start."""
    return f"{page_url.split('?')[0]}?{urlencode({settings.SETTINGS: link.to_text(run.config)})}"


def _buttons(page: Page, run: RunSummary) -> None:
    jobs = visitors.own_jobs()

    def go_on() -> None:
        jobs.continue_run(run.id)
        shelf.to_stage(page, run.id)

    with st.container(horizontal=True, gap="small"):
        show = page.label("training.runs.show")
        pressed = st.button(show, key="training.show", on_click=shelf.to_stage, args=(page, run.id))
        if run.state in CONTINUABLE:
            pressed |= st.button(page.label("training.runs.continue"), key="training.go_on_with", on_click=go_on)
        with st.popover(page.label("training.runs.delete"), key=f"training.delete.{run.id}"):
            st.markdown(page.label("training.runs.delete_sure"))
            st.button(page.label("training.runs.delete_now"), key="training.delete", on_click=_delete, args=(run.id,))
    if pressed:
        st.rerun()


def _delete(id: str) -> None:
    visitors.own_jobs().delete(id)
    visitors.forget(id)


def _files(page: Page, store: Store, run: RunSummary) -> None:
    """Made when they are asked for."""
    steps = store.checkpoints(run.id)

    def network():
        return store.network_at(run.id, steps[-1])

    _file(page, "curve", lambda: export.curve_csv(store.curve(run.id)), "csv", "text/csv")
    _file(page, "script", lambda: export.script(run.config), "py", "text/x-python")
    if steps and looks.ready():
        _file(page, "weights", lambda: export.weights(network()), "safetensors", "application/octet-stream")
        channels, height, width = run.config.architecture.input_shape
        _file(
            page, "onnx", lambda: export.onnx(network(), (channels, height, width)), "onnx", "application/octet-stream"
        )


def _file(page: Page, name: str, made: Callable[[], str | bytes], ending: str, kind: str) -> None:
    st.download_button(
        page.label(f"training.runs.{name}"),
        made,
        file_name=f"lenet5.{ending}",
        mime=kind,
        key=f"training.file.{name}",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
