"""What the timeline lesson costs without a browser: `python -m bench.timeline`."""

import sys
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import process_time

from cnn import text
from cnn.architectures import ARCHITECTURES
from cnn.figures import theme
from cnn.figures.block_diagram import block_diagram
from cnn.timeline import network_summary

ROUNDS = 9


def milliseconds(act: Callable[[], object]) -> float:
    """CPU time, the median of some rounds: what else runs on the machine is not counted."""
    times = []
    for _ in range(ROUNDS):
        start = process_time()
        act()
        times.append(1000 * (process_time() - start))
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
        f"SENet-154, spec -> diagram, table, counts: {spent:.0f} CPU-ms (aim 100); "
        f"torch loaded: {'torch' in sys.modules}"
    )
    import torch

    torch.set_num_threads(1)
    ARCHITECTURES["lenet5"].build()
    for key, network in ARCHITECTURES.items():
        start = process_time()
        network.build()
        print(f"{key}.build(): {process_time() - start:.2f} CPU-s (aim 2)")


if __name__ == "__main__":
    main()
