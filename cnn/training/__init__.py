"""Training of LeNet-5, as a generator that knows no screen.

config          what a run is: TrainingConfig
batches         which images, in which order, moved how: from the seed alone
schedules       the learning rate over a run
loop            train: one TrainingStep a batch
fast_layers     the slow layers of LeNet-5, faster
losses          cross-entropy, and equations 8 and 9 of 1998
sdlm            the optimiser of 1998: stochastic diagonal Levenberg-Marquardt
propagation     its way forward and back through the network, for first and second derivatives
distortions     the affine distortions of 1998
evaluation      evaluate: accuracy; predictions
recipes         the named settings behind the shipped weights
weights         reads and writes assets/weights
results         what was measured of those runs
shipping        makes the files there: `python -m cnn.training`
threads         one torch thread for each job
jobs            runs in threads: started, paused, stopped, continued; `job` is one of them, `room` the places for them
moments, track  when a run is looked at, and the curve that grows
capture         what is looked at: kernels, gradients, maps, mistakes
runs            the runs on disk; `records` is what is known of one, `tables` the SQLite file, `checkpoints` the weights
export          what can be taken along: CSV, safetensors, ONNX (`onnx_file`), a PyTorch script (`script`, its text
                in `script_parts`)
link            a run's settings as text for an address; choices, presets and ablation: what a learner may ask for
specimens       real runs for the questions
shift_tolerance accuracy under shift, and one changed pixel in the first layer of a trained network

torch is loaded on the first use of `train`, `TrainingStep` or `evaluate`, not on import.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cnn.training.config import TrainingConfig

if TYPE_CHECKING:
    from cnn.training.evaluation import evaluate
    from cnn.training.loop import TrainingStep, train, warm_up

__all__ = ["TrainingConfig", "TrainingStep", "evaluate", "train", "warm_up"]

_WITH_TORCH = {"train": "loop", "TrainingStep": "loop", "warm_up": "loop", "evaluate": "evaluation"}


def __getattr__(name: str) -> Any:
    if name not in _WITH_TORCH:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WITH_TORCH[name]}"), name)
