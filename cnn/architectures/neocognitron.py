"""Neocognitron: layers of S-cells that learn features and C-cells that forgive their position, without supervision.

Paper: Fukushima 1980, Biological Cybernetics 36:193-202. The sizes of the planes are the 1980 paper's; the later
network with 19x19 pixels and ten outputs is another one (1988).
"""

from cnn.architecture import Architecture, Preparation
from cnn.layers import CCells, SCells

PLANES = 24

NEOCOGNITRON = Architecture(
    key="neocognitron",
    name="Neocognitron",
    year=1980,
    paper="Fukushima 1980, Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition "
    "unaffected by shift in position, Biological Cybernetics 36:193-202",
    differs=(
        "Windows are centred with a border of zeros, our reading of the sizes 16-10-8-6-2. "
        "The selectivities r = 4, 3, 1.5 and the strengths 15, 15, 6 of the C-cells are tuned by us (the paper: r = 4, "
        "1.5, 1.5); how fast the fixed weights fall with distance, and the small start, are ours too. "
        "Learning is unsupervised, so there is no classifier: the 24 last cells are the answer."
    ),
    input_shape=(1, 16, 16),
    features=(
        SCells("US1", PLANES, out_size=16, kernel_size=5, selectivity=4.0, plasticity=1.0, oriented=True),
        CCells("UC1", out_size=10, kernel_size=5, total=15.0),  # (24, 16, 16) -> (24, 10, 10)
        SCells("US2", PLANES, out_size=8, kernel_size=5, selectivity=3.0, plasticity=16.0),  # (24, 8, 8)
        CCells("UC2", out_size=6, kernel_size=5, total=15.0),  # (24, 6, 6)
        SCells("US3", PLANES, out_size=2, kernel_size=5, selectivity=1.5, plasticity=16.0),  # (24, 2, 2)
        CCells("UC3", out_size=1, kernel_size=2, total=6.0),  # (24, 1, 1)
    ),
    classifier=(),
    preparation=Preparation(size=16, mean=(0.0,), deviation=(1.0,)),
)
