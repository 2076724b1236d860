"""The planar affine distortions of 1998: translation, scaling, squeezing and shearing, drawn anew each time.

Paper: LeCun et al. 1998, section III-B. It names the kinds and not the ranges: the ranges are ours.
"""

import numpy as np
from numpy.typing import NDArray

TRANSLATION = 2.0  # pixels, along either axis
SCALING = 0.15  # the picture grows by exp(s), |s| <= SCALING
SQUEEZING = 0.10  # it is exp(q) times wider and as much lower, |q| <= SQUEEZING
SHEARING = 0.20  # a row is moved sideways by k times its height over the middle, |k| <= SHEARING


def draw_distortions(count: int, generator: np.random.Generator) -> NDArray[np.float32]:
    """Random distortions as matrices: from a point (x, y, 1) of the result, in pixels from its middle, to its source.

    With z = exp(s), q = exp(q), x' = z q (x + k y) + t_x and y' = z / q y + t_y; the matrix is the inverse of this map.
    Shapes: -> (count, 2, 3)
    """
    scale, squeeze = (np.exp(generator.uniform(-reach, reach, count)) for reach in (SCALING, SQUEEZING))
    shear = generator.uniform(-SHEARING, SHEARING, count)
    shift_x, shift_y = generator.uniform(-TRANSLATION, TRANSLATION, (2, count))
    forward = np.zeros((count, 3, 3))
    forward[:, 0] = np.stack([scale * squeeze, scale * squeeze * shear, shift_x], axis=1)
    forward[:, 1] = np.stack([np.zeros(count), scale / squeeze, shift_y], axis=1)
    forward[:, 2, 2] = 1
    return np.linalg.inv(forward)[:, :2].astype(np.float32)


def distort(images: NDArray[np.uint8], matrices: NDArray[np.float32], size: int) -> NDArray[np.uint8]:
    """Each image through its own distortion, bilinear, into the middle of a black square.

    Shapes: images (n, h, h), matrices (n, 2, 3) -> (n, size, size)
    """
    import torch
    import torch.nn.functional as F

    height = images.shape[1]
    # affine_grid measures from -1 to 1 across the result, grid_sample across the source: their half sizes are units.
    linear = matrices[:, :, :2] * (size / height)
    grid = F.affine_grid(
        torch.from_numpy(np.concatenate([linear, matrices[:, :, 2:] * (2 / height)], axis=2)),
        [len(images), 1, size, size],
        align_corners=False,
    )
    pixels = torch.from_numpy(images.astype(np.float32))[:, None]  # (n, 1, h, h)
    moved = F.grid_sample(pixels, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return moved[:, 0].round_().to(torch.uint8).numpy()  # (n, size, size)
