"""The card of a stop: who, when and where; the idea; its block, drawn; its networks in numbers; what holds."""

from html import escape

import streamlit as st

from cnn.architectures import ARCHITECTURES
from cnn.figures import theme
from cnn.figures.block_diagram import block_diagram
from cnn.figures.layer_names import plain
from cnn.timeline import history
from cnn.timeline.anatomy import ATTACHED, signature_block
from cnn.timeline.versions import difference, other_version
from cnn.ui.frame import Page
from cnn.ui.lessons.timeline import choice
from cnn.ui.lessons.timeline.drawings import figure
from cnn.ui.lessons.timeline.numbers import family
from cnn.ui.lessons.timeline.records import records

HOLDS = "timeline_holds"
STYLE = f"""<style>.st-key-{HOLDS} {{
  background: color-mix(in srgb, currentColor 5%, transparent);
  border-inline-start: 3px solid color-mix(in srgb, currentColor 35%, transparent);
  border-radius: 0 .5rem .5rem 0; padding: .8rem 1rem; }}
.st-key-{HOLDS} p {{ font-size: .925rem; }}</style>"""


def card(page: Page, key: str) -> None:
    """Everything about one stop, with `key`, one of its networks, in front."""
    stop = choice.stop(key)
    st.html(STYLE + heading(page, stop, key))
    left, right = st.columns([1.12, 1], gap="large")
    with left:
        st.markdown(_story(page, stop))
        if stop.networks:
            st.html(family(page, stop, key))
        with st.container(key=HOLDS):
            st.markdown(_holds(page, stop, key))
    with right:
        if stop.networks:
            st.html(block(page, key))
    with st.expander(page.label("timeline.published"), icon=":material/menu_book:"):
        st.html(records(page, stop))


def heading(page: Page, stop: history.Stop, key: str) -> str:
    """Name and year, then people, paper and institution."""
    about = " · ".join(escape(stop.facts[name]) for name in ("people", "paper", "institution"))
    return (
        f'<div><h3 style="margin:0;padding:0;font-size:1.5rem">{escape(_plain_name(page, key))} '
        f'<span style="font-weight:400;opacity:.7">{stop.year}</span></h3>'
        f'<div style="font-size:.875rem;opacity:.75;margin-top:.2rem">{about}</div></div>'
    )


def _plain_name(page: Page, key: str) -> str:
    """The name without a year in brackets: the year stands beside it."""
    return choice.name(page, key).removesuffix(f" ({choice.stop(key).year})")


def story_part(page: Page, part: str, stop: history.Stop) -> str:
    """The block `<part>_<stop>` of the lesson's text, with the facts of the stop."""
    return page.sentence(f"{part}_{stop.key}", facts=stop.facts, networks=ARCHITECTURES, challenge=history.challenge())


def _story(page: Page, stop: history.Stop) -> str:
    idea = story_part(page, "idea", stop)
    rest = [
        f"**{page.label(f'timeline.{name}')}**  \n{story_part(page, part, stop)}"
        for name, part in (("problem", "problem"), ("taken", "took"))
    ]
    return "\n\n".join([idea, *rest])


def _holds(page: Page, stop: history.Stop, key: str) -> str:
    """Where legend says otherwise; and where the network here is another than the paper's."""
    lines = [f"**{page.label('timeline.holds')}** {story_part(page, 'holds', stop)}"]
    if key in ARCHITECTURES and (kind := difference(key)):
        told = page.sentence(f"differs_{kind}", network=ARCHITECTURES[key], other=other_version(key), facts=stop.facts)
        lines.append(told)
    return "\n\n".join(lines)


def block(page: Page, key: str) -> str:
    """The block that the network is known for."""
    drawing = block_diagram(
        signature_block(ARCHITECTURES[key]), page.labels("diagram"), theme.palette(st.context.theme.type)
    )
    return figure(drawing, page.label("timeline.block_of", name=choice.name(page, key)), _described(page, key))


def _described(page: Page, key: str) -> str:
    """The block in words: "conv 1 × 1, 64; conv 3 × 3, 64; conv 1 × 1, 256; squeeze and excite"."""
    words = page.labels("diagram")
    leaves = (leaf for node in signature_block(ARCHITECTURES[key]) for leaf in node.leaves())
    return "; ".join(plain(leaf, words) for leaf in leaves if leaf.kind not in ATTACHED)
