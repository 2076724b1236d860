"""What the timeline lesson costs without a browser: `python -m bench.timeline`."""

import sys
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter

from cnn import network_summary, text
from cnn.architectures import ARCHITECTURES
from cnn.figures import theme
from cnn.figures.block_diagram import block_diagram

ROUNDS = 9


def milliseconds(act: Callable[[], object]) -> float:
    """The median of some rounds."""
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        act()
        times.append(1000 * (perf_counter() - start))
    return median(times)


def from_nothing(key: str) -> None:
    """Diagram, table and counts of a spec of which nothing has been derived yet."""
    network = replace(ARCHITECTURES[key])
    block_diagram(network.tree, text.labels("en")["diagram"], theme.LIGHT, costs=True, opens=True)
    network_summary.table(network, "leaves")
    assert network.parameters and network.macs and network.receptive_field


def main() -> None:
    spent = milliseconds(lambda: from_nothing("senet154"))
    print(
        f"SENet-154, spec -> diagram, table, counts: {spent:.0f} ms (aim 100); torch loaded: {'torch' in sys.modules}"
    )
    import torch

    torch.set_num_threads(1)
    ARCHITECTURES["lenet5"].build()
    for key, network in ARCHITECTURES.items():
        start = perf_counter()
        network.build()
        print(f"{key}.build(): {perf_counter() - start:.2f} s (aim 2)")


if __name__ == "__main__":
    main()
