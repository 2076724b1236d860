"""The question card: predict, then reveal. A wrong answer is told what went wrong; the answer shows only on request."""

from collections.abc import Sequence

import streamlit as st

from cnn import exercises, text
from cnn.exercises import Question
from cnn.figures import numbered, small_curves, svg, theme
from cnn.ui import memory, state
from cnn.ui.frame import Page

MOST_SEEDS = 9999
MARKED = {"absorbed": "image"}  # kinds whose (row, column) is a cell of a grid that is shown


@st.fragment
def attempt(page: Page, kinds: Sequence[str]) -> None:
    """Ask a question of one of these kinds; the kind and the numbers' seed are in the address."""
    kind = _kind(page, kinds)
    seed_key = f"{page.key}.{kind}"
    seed = state.number(seed_key, 1, MOST_SEEDS, 1)
    question = exercises.question(page.key, kind, seed)
    st.markdown(_sentence(page, f"ask_{kind}", **question.given))
    _grids(page, question)
    _curves(page, question)
    _answer(page, question, f"{page.key}.attempt.{kind}.{seed}")
    st.button(
        page.label("attempt.next"),
        icon=":material/refresh:",
        key=f"{page.key}.{kind}.next",
        on_click=lambda: state.set_number(seed_key, seed % MOST_SEEDS + 1, 1),
    )
    page.note_address()


def _kind(page: Page, kinds: Sequence[str]) -> str:
    key = f"{page.key}.kind.{kinds[0]}"
    if len(kinds) == 1:
        return kinds[0]
    if st.session_state.get(key) not in kinds:
        st.session_state[key] = kinds[0]
    return st.pills(
        page.label("attempt.kind"),
        kinds,
        format_func=lambda kind: page.label(f"attempt.kinds.{kind}"),
        key=key,
        required=True,
        label_visibility="collapsed",
    )  # type: ignore[return-value]


def _sentence(page: Page, block: str, **numbers: object) -> str:
    return text.block("exercises", page.language, block, **numbers)


def _grids(page: Page, question: Question) -> None:
    if not question.grids:
        return
    palette = theme.palette(st.context.theme.type)
    soft = {"image": palette.input_soft, "kernel": palette.kernel_soft}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        for name, grid in question.grids.items():
            marked = [(question.given["row"], question.given["column"])] if MARKED.get(question.kind) == name else []
            drawing = numbered.numbered(grid, soft[name], palette, marked)  # type: ignore[arg-type]
            described = "; ".join(" ".join(map(str, row)) for row in grid)
            st.html(
                f'<figure style="margin:0"><figcaption style="font-size:.8rem">{page.label(f"attempt.grids.{name}")}'
                f'</figcaption><img alt="{described}" src="{svg.data_url(drawing)}" style="max-width:100%"></figure>',
                width="content",
            )


def _curves(page: Page, question: Question) -> None:
    """Real curves to be read; the numbers for a screen reader."""
    if not question.curves:
        return
    named = {page.label(f"attempt.curves.{name}"): shares for name, shares in question.curves.items()}
    drawing = small_curves.small_curves(named, page.label("attempt.over"), theme.palette(st.context.theme.type))
    described = "; ".join(f"{name}: {' '.join(f'{share:.0%}' for share in shares)}" for name, shares in named.items())
    st.html(f'<img alt="{described}" src="{svg.data_url(drawing)}" style="width:100%;max-width:26rem">')


def _answer(page: Page, question: Question, key: str) -> None:
    """The answer's form, and what is said to it."""
    with st.form(f"{key}.form", border=False):
        given = _input(page, question, key)
        pressed = st.form_submit_button(page.label("attempt.check"))
    if pressed:
        st.session_state[f"{key}.verdict"] = _verdict(question, given)
    verdict = st.session_state.get(f"{key}.verdict")
    if verdict == "right":
        _count(page, question, key)
        st.success(_sentence(page, "right", answer=_shown(page, question)))
    elif verdict:
        st.warning(
            _sentence(page, verdict if verdict in ("unreadable", "unknown") else f"slip_{verdict}", **question.given)
        )
        if st.button(page.label("attempt.reveal"), key=f"{key}.reveal"):
            st.info(_sentence(page, "revealed", answer=_shown(page, question)))


def _input(page: Page, question: Question, key: str) -> str | None:
    label = page.label("attempt.answer")
    if question.choices:
        return st.radio(
            label,
            question.choices,
            index=None,
            format_func=lambda choice: page.label(f"choices.{choice}"),
            key=f"{key}.choice",
            label_visibility="collapsed",
        )
    return st.text_input(label, key=f"{key}.text", max_chars=40, placeholder=label, label_visibility="collapsed")


def _verdict(question: Question, given: str | None) -> str:
    """ "right", a slip's name, "unknown", or "unreadable" where no number was given."""
    if question.choices:
        return question.diagnose(given) if given else "unreadable"
    try:
        return question.diagnose(exercises.parse(given or ""))
    except ValueError:
        return "unreadable"


def _shown(page: Page, question: Question) -> str:
    if question.choices:
        return page.label(f"choices.{question.answer}")
    return f"{question.answer:,.4g}" if isinstance(question.answer, float) else f"{question.answer:,}"


def _count(page: Page, question: Question, key: str) -> None:
    """Each right answer counts once."""
    if not st.session_state.get(f"{key}.counted"):
        st.session_state[f"{key}.counted"] = True
        answered = memory.progress().answered
        name = f"{page.key}.{question.kind}"
        answered[name] = answered.get(name, 0) + 1
