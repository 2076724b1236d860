"""The files of one run: its weights at some steps, and where it stands, from which it can go on.

    00000860.safetensors   the weights after 860 steps
    standing.safetensors   the newest weights, with all that the optimiser remembers
Each is written beside its place and moved there, so it is whole or the old one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from cnn.architectures.modules import Network
from cnn.training.config import TrainingConfig
from cnn.training.loop import Reached, plain_network
from cnn.training.records import StoreError

STANDING = "standing.safetensors"


@dataclass(frozen=True, eq=False)
class Standing:
    """Where a run stands, with the part of its curve that is not yet a point: sums of loss and accuracy, and steps."""

    reached: Reached
    pending: tuple[float, float, int]


def keep_weights(folder: Path, step: int, weights: Mapping[str, Tensor]) -> None:
    _write(folder / f"{step:08}.safetensors", weights)


def keep_standing(folder: Path, standing: Standing) -> None:
    reached = standing.reached
    tensors = {f"weights|{name}": value for name, value in reached.weights.items()}
    tensors |= {f"memory|{name}": value for name, value in reached.memory.items()}
    numbers = {"step": reached.step, "seconds": reached.seconds, "pending": standing.pending}
    _write(folder / STANDING, tensors, {"numbers": json.dumps(numbers)})


def drop_standing(folder: Path) -> None:
    """A run that has finished needs it no longer."""
    (folder / STANDING).unlink(missing_ok=True)


def steps_in(folder: Path) -> list[int]:
    return sorted(int(file.stem) for file in folder.glob("*.safetensors") if file.stem.isdecimal())


def network_at(config: TrainingConfig, folder: Path, step: int) -> Network:
    file = folder / f"{step:08}.safetensors"
    network = plain_network(config)
    try:
        network.load_state_dict(load_file(file))
    except FileNotFoundError as error:
        raise StoreError(file, "missing") from error
    except (OSError, SafetensorError, RuntimeError) as error:  # the last one: numbers of another network
        raise StoreError(file, "damaged") from error
    return network


def standing_in(config: TrainingConfig, folder: Path) -> Standing | None:
    """None where nothing is kept, or nothing that can be read: the run then starts again, on the same curve."""
    file = folder / STANDING
    try:
        with safe_open(file, framework="pt") as opened:
            numbers = json.loads((opened.metadata() or {})["numbers"])
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
        plain_network(config).load_state_dict(_named(tensors, "weights|"))
        loss, accuracy, steps = numbers["pending"]
        reached = Reached(
            int(numbers["step"]), float(numbers["seconds"]), _named(tensors, "weights|"), _named(tensors, "memory|")
        )
        return Standing(reached, (float(loss), float(accuracy), int(steps)))
    except (OSError, SafetensorError, RuntimeError, ValueError, KeyError, TypeError):
        return None


def _named(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _write(file: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str] | None = None) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".tmp")
    save_file({name: value.detach().contiguous() for name, value in tensors.items()}, beside, metadata)
    beside.replace(file)
