"""1998 and today: what changed layer by layer, what it costs, and how the network of 1998 learned."""

import streamlit as st

from cnn.figures import theme
from cnn.lenet import eras
from cnn.ui import cards, controls
from cnn.ui.frame import Page
from cnn.ui.gallery import gallery
from cnn.ui.lessons.lenet import changes_shown, counts
from cnn.ui.lessons.lenet.held_digit import held_digit


@st.fragment
def then_and_now(page: Page) -> None:
    """One change with both sides, and the table of layers of the chosen side."""
    board, side = st.columns([2.3, 1], gap="large")
    with side, controls.panel(page, "then_and_now") as panel:
        change = panel.choice("change", tuple(eras.CHANGES), next(iter(eras.CHANGES)))
        era: eras.Era = panel.choice("shown_era", tuple(eras.ERAS), "1998")  # type: ignore[assignment]
    shown = changes_shown.CHANGES[change](page, held_digit(), theme.palette(st.context.theme.type))
    with side:
        page.text(f"change_{change}", **shown.numbers)
    with board:
        for column, (side_era, exhibits) in zip(st.columns(2, gap="medium"), shown.sides.items(), strict=True):
            with column:
                st.markdown(f"##### {page.label(f'options.{side_era}')}")
                st.caption(page.label(f"eras.{change}_{side_era}"))
                st.html(gallery(exhibits))
        st.markdown(f"##### {page.label('eras.counts', era=page.label(f'options.{era}'))}")
        st.html(counts.table(page, era, eras.CHANGES[change]))
        st.caption(page.label(f"eras.counts_{era}"))
    cards.cards(page, lambda: page.text(f"formula_{change}", **shown.numbers), shown.code)
    page.note_address()
