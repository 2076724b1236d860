"""Measure how well digits, lines and photographs are read: `python -m cnn.envelope` (about six minutes).

Writes assets/weights/envelope.json, for the weights that are there.
"""

import json

from cnn.architectures import ARCHITECTURES
from cnn.envelope.measured import FILE
from cnn.envelope.measuring import measure
from cnn.lenet.eras import RECIPES


def main() -> None:
    from cnn.training.threads import one_thread

    one_thread()
    figures = {
        recipe.network: measure(ARCHITECTURES[recipe.network].trained(), recipe.rubbish if era == "1998" else None)
        for era, recipe in RECIPES.items()
    }
    FILE.write_text(json.dumps(figures) + "\n", encoding="utf-8")
    for network, known in figures.items():
        print(network, {gap: len(seeds) for gap, seeds in known["misread"]["zip"].items()})


if __name__ == "__main__":
    main()
