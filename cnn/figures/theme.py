"""Every colour of the app. A role keeps its hue everywhere, in light and in dark.

The hues are Okabe and Ito's (https://jfly.uni-koeln.de/color/), which colour-blind readers can tell apart;
a second sign (a corner mark, a dashed frame, hatching) always stands beside the colour.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Palette:
    """The colours of one theme: a strong tone for frames and text, a soft one for the largest value in a cell."""

    input: str
    input_soft: str
    kernel: str
    kernel_soft: str
    output: str
    output_soft: str
    negative_soft: str  # values below zero, whatever their role
    padding: str
    changed: str
    changed_soft: str
    cell: str  # a cell that holds zero
    ink: str  # numbers in cells
    line: str
    faint: str  # captions


LIGHT = Palette(
    input="#0072b2",
    input_soft="#8cc3e8",
    kernel="#a35c00",
    kernel_soft="#f3c26b",
    output="#007a5a",
    output_soft="#84d3ba",
    negative_soft="#f5b183",
    padding="#8a949e",
    changed="#b5145b",
    changed_soft="#f0a3c4",
    cell="#f6f9fb",
    ink="#16202a",
    line="#d3dbe2",
    faint="#5a6772",
)

DARK = Palette(
    input="#62b5ec",
    input_soft="#1b5f8f",
    kernel="#f0ad43",
    kernel_soft="#805210",
    output="#42cda1",
    output_soft="#12694f",
    negative_soft="#8a4a1d",
    padding="#77838e",
    changed="#ff7eb3",
    changed_soft="#86325a",
    cell="#1a222b",
    ink="#eef3f7",
    line="#35414c",
    faint="#a3b0bb",
)


def palette(theme: str | None) -> Palette:
    """The palette of "light" or "dark"; anything else is light."""
    return DARK if theme == "dark" else LIGHT


def variables(theme: str | None) -> dict[str, str]:
    """The palette as CSS variable names, the form in which the components take it."""
    return {f"--{name.replace('_', '-')}": colour for name, colour in asdict(palette(theme)).items()}
