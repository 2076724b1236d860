"""Layer specs: by hand, and against the torch modules they make."""

from math import hypot, prod
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from cnn.architectures import modules
from cnn.layers import (
    BatchNorm,
    Branches,
    CCells,
    ChannelPadding,
    Conv,
    Dense,
    DenseBlock,
    Dropout,
    Flatten,
    GlobalAveragePool,
    Layer,
    LocalResponseNorm,
    Negate,
    Pool,
    RadialBasis,
    ReLU,
    Residual,
    ScaledTanh,
    SCells,
    Sigmoid,
    SparseConv,
    SqueezeExcite,
    Stack,
    SubSampling,
    Tanh,
    activation_after_max_pooling,
    centred_padding,
    names_of,
)

torch.set_num_threads(1)

IMAGE = (4, 9, 12)
TABLE = ((0, 1), (1, 2, 3), (3,))
CODES = ((1, -1, 1), (-1, -1, 1))

LAYERS = [
    (Conv("C", 6, kernel_size=5, stride=2, padding=1), IMAGE),
    (Conv("C", 8, kernel_size=3, padding=2, groups=2, dilation=2, bias=False), IMAGE),
    (SparseConv("C", TABLE, kernel_size=3), IMAGE),
    (Pool("P", "max", kernel_size=3, stride=2), IMAGE),
    (Pool("P", "max", kernel_size=3, stride=2, padding=1), IMAGE),
    (Pool("P", "average", kernel_size=2, stride=2, ceil_mode=True), IMAGE),
    (Pool("P", "subsample", kernel_size=2, stride=2), IMAGE),
    (SubSampling("S"), IMAGE),
    (GlobalAveragePool(), IMAGE),
    (Flatten(), IMAGE),
    (Dense("F", 7), (5,)),
    (RadialBasis("R", CODES), (3,)),
    (Negate(), (3,)),
    (ReLU(), IMAGE),
    (Tanh(), IMAGE),
    (Sigmoid(), IMAGE),
    (ScaledTanh(), IMAGE),
    (BatchNorm(), IMAGE),
    (LocalResponseNorm(), IMAGE),
    (Dropout(), IMAGE),
    (ChannelPadding("pad", 7), IMAGE),
    (Stack("", ()), IMAGE),
    (Branches("B", (Stack("one", (Conv("c", 2, 1),)), Stack("two", (Conv("c", 3, 3, padding=1), ReLU())))), IMAGE),
    (Residual("R", (Conv("c", 4, 3, padding=1), BatchNorm())), IMAGE),
    (Residual("R", (Conv("c", 6, 3, stride=2, padding=1),), projection=(Conv("p", 6, 1, stride=2),)), IMAGE),
    (DenseBlock("D", layers=3, growth=2), IMAGE),
    (SqueezeExcite("SE", reduction=2), IMAGE),
    (SCells("US", planes=3, out_size=7, kernel_size=5, selectivity=4.0, plasticity=1.0), (2, 9, 9)),
    (CCells("UC", out_size=5, kernel_size=3, total=2.0), (3, 9, 9)),
]
IDS = [f"{index}-{layer.kind}" for index, (layer, _) in enumerate(LAYERS)]


def built(layer: Layer, shape: tuple[int, ...], initialisation: str = "fan_in") -> Any:
    torch.manual_seed(0)
    with modules.without_numbers():
        module = layer.module(shape)
    modules.materialise(module, "cpu")
    modules.initialise(module, initialisation)
    return module


@pytest.mark.parametrize(("layer", "shape"), LAYERS, ids=IDS)
def test_spec_and_module_agree(layer, shape):
    module = built(layer, shape)
    assert tuple(module(torch.rand(2, *shape)).shape[1:]) == layer.output_shape(shape)
    assert sum(p.numel() for p in module.parameters() if p.requires_grad) == layer.parameters(shape)


@pytest.mark.parametrize(
    ("layer", "shape"), [row for row in LAYERS if not isinstance(row[0], SparseConv | SCells | CCells)]
)
def test_macs_are_half_of_torchs_flops(layer, shape):
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        built(layer, shape).eval()(torch.rand(1, *shape))
    assert layer.macs(shape) == counter.get_total_flops() / 2


def test_c1_of_lenet_by_hand():
    c1, shape = Conv("C1", 6, kernel_size=5), (1, 32, 32)
    assert c1.output_shape(shape) == (6, 28, 28)
    assert c1.parameters(shape) == 6 * (25 + 1) == 156
    assert c1.macs(shape) == 6 * 28 * 28 * 25
    assert c1.connections(shape) == 6 * 28 * 28 * 26 == 122_304


def test_sparse_convolution_reads_only_its_table():
    layer = SparseConv("C3", TABLE, kernel_size=3)
    assert layer.parameters(IMAGE) == sum(9 * len(sources) + 1 for sources in TABLE)
    module, maps = built(layer, IMAGE), torch.rand(1, *IMAGE)
    expected = torch.zeros(1, 3, 7, 10)
    kernels = iter(module.kernels)
    for out, sources in enumerate(TABLE):
        for source in sources:
            expected[0, out] += torch.conv2d(maps[:, source : source + 1], next(kernels)[None, None])[0, 0]
        expected[0, out] += module.bias[out]
    torch.testing.assert_close(module(maps), expected)
    assert module.weight.shape == (3, 4, 3, 3)
    assert (module.weight[0, 2:] == 0).all()


def test_sparse_convolution_learns():
    module = built(SparseConv("C3", TABLE, kernel_size=3), IMAGE)
    module(torch.rand(1, *IMAGE)).sum().backward()
    assert module.kernels.grad.abs().min() > 0


def test_sub_sampling_by_hand():
    module = built(SubSampling("S2"), (1, 2, 4))
    with torch.no_grad():
        module.coefficient.fill_(0.5)
        module.bias.fill_(3.0)
    maps = torch.tensor([[[[1.0, 2, 5, 5], [3, 4, 5, 5]]]])
    assert module(maps).tolist() == [[[[0.5 * 10 + 3, 0.5 * 20 + 3]]]]


def test_sub_sampling_between_relus_starts_as_the_mean():
    module, maps = built(SubSampling("S2"), (1, 4, 4), "he"), torch.rand(1, 1, 4, 4)
    torch.testing.assert_close(module(maps), torch.nn.functional.avg_pool2d(maps, 2))


def test_subsample_keeps_the_first_value_of_each_window():
    maps = torch.arange(16.0).view(1, 1, 4, 4)
    assert built(Pool("P", "subsample", 2, 2), (1, 4, 4))(maps).tolist() == [[[[0, 2], [8, 10]]]]


def test_scaled_tanh_fixes_one():
    ones = torch.tensor([1.0, -1.0])
    torch.testing.assert_close(ScaledTanh().module((2,))(ones), ones, atol=1e-5, rtol=0)


def test_radial_basis_is_the_squared_distance():
    units = torch.tensor([[1.0, -1.0, 1.0], [0.0, 0.0, 2.0]])
    assert built(RadialBasis("R", CODES), (3,))(units).tolist() == [[0, 4], [3, 3]]


def test_local_response_norm_is_the_papers_formula():
    maps = torch.rand(1, 7, 1, 1) * 100
    a = maps.flatten().double().numpy()
    expected = [a[i] / (2 + 1e-4 * np.sum(a[max(0, i - 2) : i + 3] ** 2)) ** 0.75 for i in range(7)]
    np.testing.assert_allclose(LocalResponseNorm().module((7, 1, 1))(maps).flatten(), expected, rtol=1e-5)


def test_squeeze_excite_rescales_whole_maps():
    module, maps = built(SqueezeExcite("SE", 2), IMAGE), torch.rand(2, *IMAGE)
    scale = module(maps) / maps
    torch.testing.assert_close(scale, scale[:, :, :1, :1].expand_as(scale))
    assert scale.min() > 0 and scale.max() < 1
    assert SqueezeExcite("SE", 16).parameters((256, 7, 7)) == 2 * 256 * 16 + 16 + 256


def test_dense_block_keeps_its_input_and_grows():
    block, maps = DenseBlock("D", layers=3, growth=2), torch.rand(2, *IMAGE)
    torch.testing.assert_close(built(block, IMAGE)(maps)[:, :4], maps)
    assert [child.input_shape[0] for child in block.children(IMAGE)] == [4, 6, 8]


# ------------------------------------------------------------------------------------------------- Neocognitron


def window_sum(cells: np.ndarray, weight: np.ndarray, row: int, column: int, padding: int) -> float:
    """Sum of weight (k, k) times the window around one cell, by its coordinates in the unpadded plane."""
    total = 0.0
    for i, j in np.ndindex(weight.shape):
        y, x = row + i - padding, column + j - padding
        if 0 <= y < cells.shape[0] and 0 <= x < cells.shape[1]:
            total += float(weight[i, j] * cells[y, x])
    return total


def falling(size: int, decay: float) -> np.ndarray:
    middle = (size - 1) / 2
    return np.array([[decay ** hypot(i - middle, j - middle) for j in range(size)] for i in range(size)])


@pytest.mark.parametrize(("size", "out_size"), [(9, 9), (9, 7), (9, 3), (6, 2)])
def test_s_cells_are_the_equation(size, out_size):
    spec = SCells("US", 2, out_size, kernel_size=5, selectivity=1.5, plasticity=1.0)
    module, cells = built(spec, (3, size, size)), torch.rand(1, 3, size, size)
    with torch.no_grad():
        module.excitatory.uniform_(0, 0.3)
        module.inhibitory.uniform_(0, 5)
    got, u, r = module(cells)[0].detach().numpy(), cells[0].numpy().astype(float), 1.5
    a, b = module.excitatory.detach().numpy(), module.inhibitory.detach().numpy()
    c = falling(5, spec.decay) / falling(5, spec.decay).sum() / 3
    padding = centred_padding(size, 5, out_size)
    for k, row, column in np.ndindex(2, out_size, out_size):
        excitation = sum(window_sum(u[s], a[k, s], row, column, padding) for s in range(3))
        v = sum(window_sum(u[s] ** 2, c, row, column, padding) for s in range(3)) ** 0.5
        expected = r * max(0, (1 + excitation) / (1 + 2 * r / (1 + r) * b[k] * v) - 1)
        assert got[k, row, column] == pytest.approx(expected, abs=1e-5)


def test_c_cells_are_the_equation():
    spec = CCells("UC", out_size=5, kernel_size=5, total=6.0)
    module, cells = built(spec, (3, 7, 7)), torch.rand(1, 3, 7, 7)
    got, u = module(cells)[0].numpy(), cells[0].numpy().astype(float)
    d = falling(5, spec.decay) * 6 / falling(5, spec.decay).sum()
    for row, column in np.ndindex(5, 5):
        sums = [window_sum(u[k], d, row, column, padding=1) for k in range(3)]
        for k in range(3):
            x = max(0, (1 + sums[k]) / (1 + sum(sums) / 3) - 1)
            assert got[k, row, column] == pytest.approx(x / (0.5 + x), abs=1e-5)


def test_first_s_cells_prefer_an_orientation_each():
    module = built(SCells("US1", 4, 16, 5, 4.0, 1.0, oriented=True), (1, 16, 16))
    horizontal, vertical = module.excitatory[0, 0], module.excitatory[2, 0]
    assert horizontal[2].sum() > horizontal[:, 2].sum()
    torch.testing.assert_close(vertical, horizontal.T)
    assert (module.excitatory > 0).all() and (module.inhibitory == 0).all()


def test_centred_padding_by_hand():
    assert [centred_padding(*sizes) for sizes in [(16, 5, 16), (16, 5, 10), (10, 5, 8), (6, 5, 2)]] == [2, -1, 1, 0]
    with pytest.raises(ValueError, match="out_size is 9; it must be 8 or 10"):
        centred_padding(16, 5, 9)


# ---------------------------------------------------------------------------------------------- lists and errors


def test_names_follow_the_labels():
    layers = (Flatten(), Conv("Dense Block (1)", 6, 5), ReLU(), Pool("S2", "max", 2, 2), ReLU())
    assert names_of(layers) == ("flatten", "Dense_Block_1", "Dense_Block_1_relu", "S2", "S2_relu")


def test_two_layers_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two layers are called 'C1'"):
        names_of((Conv("C1", 6, 5), Conv("C1", 6, 5)))


def test_activation_moves_behind_max_pooling_only():
    conv, pool, mean = Conv("C", 2, 3), Pool("P", "max", 2, 2), Pool("A", "average", 2, 2)
    assert activation_after_max_pooling((conv, ReLU(), pool, conv, Tanh(), pool)) == (
        *(conv, pool, ReLU()),
        *(conv, pool, Tanh()),
    )
    assert activation_after_max_pooling((conv, ReLU(), mean)) == (conv, ReLU(), mean)


@pytest.mark.parametrize("activation", [ReLU(), Tanh(), Sigmoid(), ScaledTanh()])
def test_every_activation_may_change_places_with_max_pooling(activation):
    maps, pool = torch.randn(2, 3, 8, 8), torch.nn.MaxPool2d(2)
    function = activation.module((3, 8, 8))
    torch.testing.assert_close(pool(function(maps)), function(pool(maps)))


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (Conv("C1", 6, 5), (400,), r"shape is \(400,\); C1 needs three sizes"),
        (Dense("F6", 84), (16, 5, 5), r"shape is \(16, 5, 5\); F6 needs one size"),
        (RadialBasis("OUT", CODES), (84,), r"shape is \(84,\); OUT needs \(3,\)"),
        (ChannelPadding("pad", 3), IMAGE, "channels is 3; it must be at least 4"),
        (Residual("block1", (Conv("c", 5, 1),)), IMAGE, "the body of block1 gives"),
        (Branches("3a", (Stack("a", ()), Stack("b", (Conv("c", 1, 3),)))), IMAGE, "heights and widths must agree"),
        (Conv("C1", 6, 50), IMAGE, "kernel_size is 50"),
    ],
)
def test_what_does_not_fit_is_said(layer, shape, message):
    with pytest.raises(ValueError, match=message):
        layer.output_shape(shape)


def test_unknown_initialisation_is_refused():
    with pytest.raises(ValueError, match="initialisation is 'best'; it must be one of 'he', 'xavier'"):
        modules.initialise(torch.nn.Linear(2, 2), "best")


@pytest.mark.parametrize(
    ("initialisation", "bound", "random_bias"),
    [
        ("he", (6 / 50) ** 0.5, False),
        ("xavier", (6 / (50 + 200)) ** 0.5, False),
        ("fan_in", 50**-0.5, True),
        ("1998", 2.4 / 50, True),
    ],
)
def test_initialisation_fills_its_range(initialisation, bound, random_bias):
    conv = built(Conv("C", 8, kernel_size=5), (2, 9, 9), initialisation)
    assert 0.95 * bound < conv.weight.abs().max() <= bound
    assert (conv.bias.abs().max() > 0) == random_bias


def test_connections_of_pooling_are_its_window():
    assert SubSampling("S2").connections((6, 28, 28)) == 6 * 14 * 14 * (4 + 1) == 5880
    assert Pool("S2", "max", 2, 2).connections((6, 28, 28)) == 6 * 14 * 14 * 4
    assert GlobalAveragePool().connections(IMAGE) == prod(IMAGE)
