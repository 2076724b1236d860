"""Make the files of assets/weights: `python -m cnn.training NAME [--seed N]`.

pooling          LeNet-5 with five poolings, for accuracy under shift (about a minute)
lenet5_modern    today's LeNet-5, as the app ships it (about four minutes)
perceptron       a multilayer perceptron of the same size, by the same recipe (about two minutes)
defaults         measures the default recipe, five seeds, and half a pass of it (about two minutes)
lenet5           the network of 1998, twenty passes as in 1998, distorted digits (about ten minutes)
lenet5_plain     the same with the 60,000 digits as they are
specimens        short runs with one setting changed, for the questions of the training lesson (about five minutes)

Seed 1 of the two of 1998 is shipped; of seeds 2 and 3 the curves are kept.
"""

import argparse
from pathlib import Path


def main() -> None:
    from cnn.architecture import WEIGHTS
    from cnn.training.shipping import MAKERS

    parser = argparse.ArgumentParser(
        prog="python -m cnn.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=MAKERS)
    parser.add_argument("--seed", type=int, help="another than the shipped one")
    parser.add_argument("--folder", type=Path, default=WEIGHTS, help="where to write; assets/weights by default")
    arguments = parser.parse_args()
    MAKERS[arguments.name](arguments.folder, arguments.seed)


if __name__ == "__main__":
    main()
