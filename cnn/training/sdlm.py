"""The optimiser of 1998: stochastic diagonal Levenberg-Marquardt.

Before each pass the second derivative h_k of the loss by each weight w_k is estimated on some samples; during the pass
each weight has a learning rate of its own:
    w_k -= rate / (mu + h_k) * dE/dw_k
Weights shared by many connections have a large h_k and move in small steps.

The second derivatives are those of the Gauss-Newton approximation, and only the diagonal is kept. With both, they obey
back-propagation with every weight, every input and every slope squared, so one routine gives the gradients (power 1)
and the second derivatives (power 2): see `cnn.training.propagation`.
Paper: LeCun et al. 1998, appendix C.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from cnn.architectures.modules import Network, RadialBasisOutput
from cnn.training.propagation import Propagation

MU = 0.02  # keeps the rate finite where the loss is flat; the paper's
SAMPLE = 500  # images behind an estimate; the paper's


class LossAtF6(NamedTuple):
    """The loss of each sample, with its derivatives by the output x of F6."""

    losses: Tensor  # (n,)
    distances: Tensor  # (n, classes), y_i = sum_j (x_j - w_ij)^2
    gradient: Tensor  # (n, 84), dE/dx_j
    curvature: Tensor  # (n, 84), d2E/dx_j^2, exact


def loss_at_f6(units: Tensor, codes: Tensor, labels: Tensor, loss: str, rubbish: float = 10.0) -> LossAtF6:
    """Equation 8 ("mse") or 9 ("map") and what back-propagation starts with.

    With e_ij = 2 (x_j - w_ij), Z = exp(-j) + sum_i exp(-y_i), p_i = exp(-y_i) / Z and p_r = exp(-j) / Z:
    mse   dE/dx_j = e_Dj;                   d2E/dx_j^2 = 2
    map   dE/dx_j = e_Dj - sum_i p_i e_ij;  d2E/dx_j^2 = 2 p_r + sum_i p_i e_ij^2 - (sum_i p_i e_ij)^2
    Shapes: units (n, 84), codes (10, 84), labels (n,)
    """
    distances = (units[:, None] - codes).square().sum(2)  # (n, 10)
    right = distances.gather(1, labels[:, None])[:, 0]
    towards_right = 2 * (units - codes[labels])  # e_D, (n, 84)
    if loss == "mse":
        return LossAtF6(right, distances, towards_right, torch.full_like(units, 2))
    exponents = torch.cat([-distances, distances.new_full((len(units), 1), -rubbish)], dim=1)
    probabilities = exponents.softmax(dim=1)
    classes, nothing = probabilities[:, :-1], probabilities[:, -1:]  # p_i, p_r
    some, mean_code = 1 - nothing, classes @ codes  # sum_i p_i, sum_i p_i w_ij
    pull = 2 * (some * units - mean_code)  # sum_i p_i e_ij
    squares = 4 * (some * units.square() - 2 * units * mean_code + classes @ codes.square())  # sum_i p_i e_ij^2
    return LossAtF6(
        right + exponents.logsumexp(dim=1),
        distances,
        towards_right - pull,
        (2 * nothing + squares - pull.square()).clamp_(min=0),
    )


class DiagonalLevenbergMarquardt:
    """Trains the network of 1998 with the loss "mse" or "map"."""

    def __init__(self, network: Network, loss: str, rubbish: float = 10.0):
        self.propagation = Propagation(network)
        self.codes = next(module.codes for module in network.modules() if isinstance(module, RadialBasisOutput))
        self.loss, self.rubbish = loss, rubbish
        self.parameters: list[Tensor] = list(network.parameters())
        self.curvatures = [torch.zeros_like(weights) for weights in self.parameters]  # h_k
        self.gradients: list[Tensor] = []  # of the last step, summed over its samples
        self._complete = True  # whether the gradients have been used

    @property
    def curvatures(self) -> list[Tensor]:
        """h_k, in the shapes of the parameters."""
        return self._curvatures

    @curvatures.setter
    def curvatures(self, found: list[Tensor]) -> None:
        self._curvatures = found
        self._damped = [curvature + MU for curvature in found]  # mu + h_k

    @torch.no_grad()
    def estimate(self, images: Tensor, labels: Tensor) -> None:
        """Set h_k to its mean over these samples.

        Shapes: images (n, 1, 32, 32), labels (n,)
        """
        at_f6 = loss_at_f6(self.propagation.forward(images), self.codes, labels, self.loss, self.rubbish)
        found = self.propagation.backward(at_f6.curvature, power=2)
        self.curvatures = [found[weights] / len(images) for weights in self.parameters]

    @torch.no_grad()
    def add(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Add the samples' gradients up for the next update; -> losses (n,), distances (n, 10).

        Shapes: images (n, 1, 32, 32), labels (n,)
        """
        at_f6 = loss_at_f6(self.propagation.forward(images), self.codes, labels, self.loss, self.rubbish)
        found = self.propagation.backward(at_f6.gradient, power=1)
        gradients = [found[weights] for weights in self.parameters]
        if self._complete:
            self.gradients, self._complete = gradients, False
        else:
            torch._foreach_add_(self.gradients, gradients)  # pyright: ignore[reportPrivateImportUsage]
        return at_f6.losses, at_f6.distances

    @torch.no_grad()
    def update(self, rate: float) -> None:
        """Change the weights by the SUM of the gradients that were added since the last time."""
        # the private name is what torch's own optimisers use: all tensors in one call
        torch._foreach_addcdiv_(self.parameters, self.gradients, self._damped, value=-rate)  # pyright: ignore[reportPrivateImportUsage]
        self._complete = True

    def step(self, images: Tensor, labels: Tensor, rate: float) -> tuple[Tensor, Tensor]:
        """`add` and `update`; -> losses (n,), distances (n, 10) before the change."""
        found = self.add(images, labels)
        self.update(rate)
        return found
