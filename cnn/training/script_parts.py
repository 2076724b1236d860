"""The text of the script that `cnn.training.script` writes, with its gaps."""

HEAD = '''"""{name}: {images:,} digits, {epochs:g} passes, seed {seed}.

Usage: python lenet5.py FOLDER    FOLDER holds MNIST's four .gz files
"""

import gzip
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from math import cos, pi, sqrt
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeGuard

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

torch.set_num_threads(1)
SEED, IMAGES, BATCH, STEPS = {seed}, {images}, {batch_size}, {steps}
'''
DATA = '''
# ---------------------------------------------------------------- the digits


def read(name, skipped):
    file = gzip.open(Path(sys.argv[1]) / name)
    return np.frombuffer(file.read(), np.uint8, offset=skipped).copy()


def stream(purpose, epoch=0):
    """Random numbers of their own for the subset, the order, the movement."""
    return np.random.default_rng((SEED, purpose, epoch))


def prepared(pixels):
    """uint8 (n, {size}, {size}) -> float (n, 1, {size}, {size})"""
    pixels = torch.from_numpy(pixels)[:, None].float()
    return (pixels - torch.tensor({mean}) * 255) / (torch.tensor({deviation}) * 255)


images = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
labels = read("train-labels-idx1-ubyte.gz", 8).astype(np.int64)
chosen = np.sort(stream(0).permutation({available})[:IMAGES])


def moved(pictures, generator):
    """In the middle of {size} x {size} pixels, {how}."""
    shifts = generator.integers(-{shift}, {shift}, (len(pictures), 2), endpoint=True)
{move}
'''
SHIFT = """    reach = {reach}
    padded = np.pad(pictures, [(0, 0), (reach, reach), (reach, reach)])
    return np.stack([
        picture[{shift} - down : {shift} - down + {size}, {shift} - right : {shift} - right + {size}]
        for picture, (down, right) in zip(padded, shifts)
    ])"""
DISTORT = "    return distort(pictures, draw_distortions(len(pictures), generator), {size})"
PLAIN_START = """
torch.manual_seed(SEED)
with torch.no_grad():
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            taps = layer.weight[0, 0].numel()
            inputs, outputs = layer.weight.shape[1] * taps, layer.weight.shape[0] * taps
            bound = {bound}
            layer.weight.uniform_(-bound, bound)
            layer.bias.{bias}
"""
BOUNDS = {
    "fan_in": "1 / sqrt(inputs)",
    "he": "sqrt(6 / inputs)",
    "xavier": "sqrt(6 / (inputs + outputs))",
    "1998": "2.4 / inputs",
}
FASTER = """
# ---------------------------------------------------------------- max pooling, and C1 with it, made faster
# Left out, the same curve but for rounding, which grows: after some hundred steps no two losses are alike any more.


{source}


use_fast_layers(features, {size})
"""
SCHEDULES = {
    "constant": "    return 1.0",
    "step": "    return 1.0 if done < 0.5 else 0.1 if done < 0.75 else 0.01",
    "1998": "    passes = [1.0] * 2 + [0.4] * 3 + [0.2] * 3 + [0.1] * 4 + [0.02] * 8\n"
    "    return passes[int(done * 20 + 1e-9)]",
    "one-cycle": "    if done < 0.3:\n"
    "        return 1 - 0.9 * (1 + cos(pi * done / 0.3)) / 2\n"
    "    return 0.001 + 0.999 * (1 + cos(pi * (done - 0.3) / 0.7)) / 2",
}
OPTIMISERS = {
    "adamw": "torch.optim.AdamW(network.parameters(), betas=(0.9, 0.99), weight_decay=0, fused=True)",
    "momentum": "torch.optim.SGD(network.parameters(), momentum=0.9)",
    "sgd": "torch.optim.SGD(network.parameters())",
    "sdlm": 'DiagonalLevenbergMarquardt(network, "{loss}", {rubbish})',
}
LOSSES = {
    "cross-entropy": "    return F.cross_entropy(logits, labels)",
    "mse": "    return -logits.gather(1, labels[:, None]).mean()",
    "map": "    rubbish = logits.new_full((len(logits), 1), -{rubbish})\n"
    "    right = logits.gather(1, labels[:, None])[:, 0]\n"
    "    return (torch.cat([logits, rubbish], 1).logsumexp(1) - right).mean()",
}
LOOP = """
# ---------------------------------------------------------------- training


def factor(done):
    \"\"\"Of the learning rate, when the part `done` of the run lies behind.\"\"\"
{schedule}


def loss_of(logits, labels):
{loss}


optimiser = {optimiser}
step = epoch = 0
print("step,loss,accuracy")
while step < STEPS:
    order = {order}
    generator = stream(2, epoch)
    pictures, classes = moved(images[order], generator), torch.from_numpy(labels[order]){estimate}
    for first in range(0, len(order), BATCH):
        if step == STEPS:
            break
        x, y = prepared(pictures[first : first + BATCH]), classes[first : first + BATCH]
        rate = {rate} * factor(step / STEPS)
{learn}
        step += 1
        print(f"{{step}},{{loss}},{{accuracy}}", flush=True)
    epoch += 1

network.eval()
tests = read("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
border = ({size} - 28) // 2
tests = np.pad(tests, [(0, 0), (border, border), (border, border)])
answers = torch.from_numpy(read("t10k-labels-idx1-ubyte.gz", 8))
with torch.no_grad():
    read_as = torch.cat([network(prepared(part)).argmax(1) for part in np.split(tests, 100)])
print(f"test set: {{(read_as == answers).float().mean():.2%}}")
"""
LEARN = """        optimiser.param_groups[0]["lr"] = rate
        optimiser.zero_grad()
{dropout}        loss = accuracy = 0.0
        for part, right in zip(x.split({parts}), y.split({parts})):
            logits = network(part)
            share = len(part) / len(x)
            loss_here = loss_of(logits, right) * share
            loss_here.backward()
            loss += loss_here.item()
            accuracy += (logits.argmax(1) == right).float().mean().item() * share
        optimiser.step()"""
DROPOUT = """        dropouts = [layer for layer in network.modules() if isinstance(layer, SeededDropout)]
        for index, layer in enumerate(dropouts):
            layer.generator.manual_seed((SEED << 32) + (step << 4) + index)
"""
ESTIMATE = """
    generator = stream(3, epoch)
    sample = generator.choice(chosen, min(500, IMAGES), replace=False)
    optimiser.estimate(prepared(moved(images[sample], generator)), torch.from_numpy(labels[sample]))"""
