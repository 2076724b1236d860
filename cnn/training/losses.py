"""The three losses, as functions of the logits: cross-entropy, and the two of 1998.

In "lenet5" the logits are -y, where y_i is the squared distance of F6 to the code of class i and D the right class:
mse   E = y_D                                        (equation 8; without the half)
map   E = y_D + log(exp(-j) + sum_i exp(-y_i))       (equation 9; j stands for a class "rubbish")
Paper: LeCun et al. 1998, section II-C.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def loss_of(name: str, logits: Tensor, labels: Tensor, rubbish: float = 10.0) -> Tensor:
    """The mean loss of a batch.

    Shapes: logits (n, classes), labels (n,) -> ()
    """
    if name == "cross-entropy":
        return F.cross_entropy(logits, labels)
    right = -logits.gather(1, labels[:, None])[:, 0]  # y_D, (n,)
    if name == "mse":
        return right.mean()
    with_rubbish = torch.cat([logits, logits.new_full((len(logits), 1), -rubbish)], dim=1)
    return (right + with_rubbish.logsumexp(dim=1)).mean()
