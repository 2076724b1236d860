"""The training digits that lie nearest to the learner's in the 84 numbers of F6."""

import numpy as np
import streamlit as st

from cnn import datasets
from cnn.figures import heat, theme
from cnn.lenet import neighbours as core
from cnn.lenet.neighbours import Gathering
from cnn.ui import boot
from cnn.ui.digit import Digit
from cnn.ui.frame import Page
from cnn.ui.gallery import Exhibit, gallery
from cnn.ui.lessons.lenet.networks import NETWORKS, trained

COUNT = 10
POLL = 0.4  # seconds
ABREAST = 5
ENLARGED = 4
PICTURE = 28 * ENLARGED  # pixels, at most
NOTHING_YET = "…"


@st.cache_resource(show_spinner=False)
def _gathering(name: str) -> Gathering:
    """The vectors of all training digits: once a process, for everybody."""
    boot.load_torch_in_background().join()
    return Gathering(NETWORKS[name], datasets.mnist("train")[0])


def neighbours(page: Page, name: str, image: Digit) -> None:
    """Ten of them; while they are looked for, how far the search is."""
    gathering = _gathering(name)
    st.markdown(f"##### {page.label('why_neighbours.title')}")
    if gathering.over:
        _shown(page, name, image, gathering)
    else:
        st.fragment(_waiting, run_every=POLL)(page, gathering)


def _waiting(page: Page, gathering: Gathering) -> None:
    """A bar, below as much room as the digits will take; once all is there the page is drawn anew."""
    if gathering.over:
        st.rerun()
    paper = heat.ink_url(np.zeros((28, 28), np.uint8), theme.palette(st.context.theme.type), ENLARGED)
    blank = Exhibit(paper, NOTHING_YET, (PICTURE, PICTURE), notes=[NOTHING_YET])
    st.html(gallery([blank] * COUNT, abreast=ABREAST))
    st.progress(gathering.done, page.label("why_neighbours.waiting", share=f"{gathering.done:.0%}"))


def _shown(page: Page, name: str, image: Digit, gathering: Gathering) -> None:
    if gathering.vectors is None:
        st.error(page.label("why_neighbours.failed", reason=str(gathering.failure)))
        return
    images, labels = datasets.mnist("train")
    vector = core.features(trained(name), image[None])[0]
    found = core.nearest(gathering.vectors, vector, COUNT)
    palette = theme.palette(st.context.theme.type)
    exhibits = [
        Exhibit(
            heat.ink_url(images[each.index], palette, ENLARGED),
            str(labels[each.index]),
            (PICTURE, PICTURE),
            page.label("why_neighbours.described", label=labels[each.index], distance=f"{each.distance:.2f}"),
            notes=[f"{each.distance:.2f}"],
        )
        for each in found
    ]
    st.html(gallery(exhibits, abreast=ABREAST))
    of_class = [int(labels[each.index]) for each in found]
    most = max(set(of_class), key=of_class.count)
    page.text("neighbours", count=COUNT, same=of_class.count(most), label=most, images=f"{len(images):,}")
