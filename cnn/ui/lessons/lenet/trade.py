"""The trade of errors for rejections over the test set: what the threshold of the envelope is worth."""

import streamlit as st

from cnn.envelope.measured import THRESHOLDS, Measured, measured
from cnn.figures import rejection, theme
from cnn.figures.rejection import Curve
from cnn.ui.frame import Page
from cnn.ui.gallery import drawn, gallery
from cnn.ui.lessons.lenet.opened import NETWORKS

NOTED = (0, 50, 90, 99)  # hundredths: points of the curve that carry their number


def trade(page: Page, network: str, threshold: int) -> None:
    """Both networks' curves, the threshold's point, and what it says."""
    st.markdown(f"##### {page.label('envelope.trade')}")
    left, right = st.columns([1.3, 1], gap="large", vertical_alignment="center")
    with left:
        st.html(gallery([drawn(_drawing(page, network, threshold), "", _described(page, network, threshold))]))
    with right:
        others = {f"other_{key}": value for key, value in numbers(_other(network), threshold).items()}
        page.text("envelope_trade", year_1998=network == "as_1998", **numbers(network, threshold), **others)


def figures(network: str) -> Measured:
    """What was measured of the network, by its name among the lesson's options."""
    return measured(NETWORKS[network])


def numbers(network: str, threshold: int) -> dict[str, object]:
    """What the threshold does to the test set, and what none would."""
    known = figures(network)
    point, start = known.rejection(threshold), known.rejection(0)
    rejected, wrong = known.rejected[threshold], known.wrong[threshold]
    return {
        "threshold": f"{threshold / 100:.2f}",
        "digits": known.digits,
        "rejected": rejected,
        "wrong": wrong,
        "kept": known.digits - rejected,
        "rejected_share": f"{100 * point.rejected:.2f}",
        "wrong_share": f"{100 * point.errors:.2f}",
        "wrong_unrejected": f"{100 * start.errors:.2f}",
    }


def _described(page: Page, network: str, threshold: int) -> str:
    said = numbers(network, threshold)
    share = {"rejected": said["rejected_share"], "errors": said["wrong_share"], "threshold": said["threshold"]}
    return page.label("envelope.trade_described", name=page.label(f"options.{network}"), **share)


def _other(network: str) -> str:
    return next(name for name in NETWORKS if name != network)


def _drawing(page: Page, network: str, threshold: int) -> str:
    chosen, other = (_curve(page, name) for name in (network, _other(network)))
    names = (page.label("envelope.rejected"), page.label("envelope.errors"))
    noted = [chosen.points[at] for at in NOTED]
    palette = theme.palette(st.context.theme.type)
    return rejection.rejection(chosen, other, chosen.points[threshold], noted, names, palette)


def _curve(page: Page, network: str) -> Curve:
    known = figures(network)
    return Curve(page.label(f"options.{network}"), [known.rejection(at) for at in range(len(THRESHOLDS))])
