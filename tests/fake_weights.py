"""Random weights in files of the real form: as large as the largest layer, as all layers share one store of numbers."""

import io

import torch
from torch import nn

SPREAD = 0.03  # of the weights, so that signals neither die out nor overflow


def state(network: nn.Module, seed: int) -> dict[str, torch.Tensor]:
    """Random weights for a network, which may be on the meta device: shapes are all that counts."""
    shapes = {name: value.shape for name, value in network.state_dict().items()}
    largest = max(shape.numel() for shape in shapes.values())
    store = SPREAD * torch.randn(largest, generator=torch.Generator().manual_seed(seed))
    return {name: _values(name, store[: shape.numel()].view(shape)) for name, shape in shapes.items()}


def _values(name: str, noise: torch.Tensor) -> torch.Tensor:
    """Normalisations keep the scale of what comes in, near enough, and never divide by less than nothing."""
    if name.endswith("num_batches_tracked"):
        return torch.tensor(0)
    if noise.dim() > 1:
        return noise
    return 1 + noise.abs() if name.endswith(("weight", "running_var")) else noise.clone()


def file(weights: dict[str, torch.Tensor], legacy: bool = False) -> bytes:
    """The bytes of a .pth file; legacy: in the form before PyTorch 1.6, in which the oldest ones still are."""
    buffer = io.BytesIO()
    torch.save(weights, buffer, _use_new_zipfile_serialization=not legacy)
    return buffer.getvalue()
