"""The networks against their papers, against torchvision and timm, and against the tables in golden/.

`python -m tests.unit.test_architectures --overwrite` writes the golden tables anew: read the difference before
committing it.
"""

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import torchvision
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from cnn.architecture import Architecture
from cnn.architectures import ARCHITECTURES
from cnn.architectures.alexnet import ALEXNET_2014
from cnn.architectures.googlenet import (
    BATCH_NORM_VERSION,
    GOOGLENET_BATCH_NORM,
    auxiliary_heads,
    build_with_auxiliary_heads,
)
from cnn.architectures.lenet import C3_TABLE, CODES, LENET5, lenet5_variant
from cnn.architectures.resnet import resnet, resnet_cifar

torch.set_num_threads(1)

GOLDEN = Path(__file__).parent / "golden"
MORE = {
    "alexnet_2014": ALEXNET_2014,
    "googlenet_batch_norm": GOOGLENET_BATCH_NORM,
    "resnet50_1x1": resnet(50, "1x1"),
    "se_resnet50_1x1": resnet(50, "1x1", reduction=16),
}
NETWORKS = {**ARCHITECTURES, **MORE}
EVERY = pytest.mark.parametrize("network", ARCHITECTURES.values(), ids=lambda network: network.key)


def test_the_keys_of_the_contract():
    assert list(ARCHITECTURES) == [
        "neocognitron",
        *("lenet5", "lenet5_modern", "alexnet", "vgg11", "vgg13", "vgg16", "vgg19", "googlenet"),
        *("resnet18", "resnet34", "resnet50", "resnet101", "resnet152"),
        *("densenet121", "densenet161", "densenet169", "densenet201", "se_resnet50", "senet154"),
    ]


@EVERY
def test_says_where_it_comes_from(network):
    assert network.name and network.paper and 1980 <= network.year <= 2017


# ---------------------------------------------------------------------------------------------------- published


def test_lenet5_of_1998_row_by_row():
    """LeCun et al. 1998, section II-B: 340,908 connections, but only 60,000 trainable free parameters."""
    assert [(row.label, row.shape, row.parameters, row.connections) for row in LENET5.rows()] == [
        ("C1", (6, 28, 28), 156, 122_304),
        ("S2", (6, 14, 14), 12, 5_880),
        ("C3", (16, 10, 10), 1_516, 151_600),
        ("S4", (16, 5, 5), 32, 2_000),
        ("C5", (120, 1, 1), 48_120, 48_120),
        ("F6", (84,), 10_164, 10_164),
        ("OUTPUT", (10,), 0, 840),
    ]
    assert (LENET5.parameters, LENET5.connections, LENET5.macs) == (60_000, 340_908, 325_680)


def test_table_1_of_1998_feeds_each_map_to_ten():
    assert [sum(source in sources for sources in C3_TABLE) for source in range(6)] == [10] * 6
    assert [len(sources) for sources in C3_TABLE] == [3] * 6 + [4] * 9 + [6]


def test_the_ten_codes_differ_enough():
    """Squared distances between the codes, shared/facts/lenet1998.md section 1: 3 and 8 are the closest pair."""
    distances = {
        (a, b): sum((x - y) ** 2 for x, y in zip(CODES[a], CODES[b], strict=True)) for b in range(10) for a in range(b)
    }
    assert {len(code) for code in CODES} == {84}
    assert min(distances, key=lambda pair: distances[pair]) == (3, 8)
    assert (min(distances.values()), max(distances.values())) == (56, 228)
    assert round(sum(distances.values()) / len(distances), 1) == 146.0


@pytest.mark.parametrize(
    ("pooling", "parameters", "field"),
    [
        ("max", 61_706, 16),
        ("average", 61_706, 16),
        ("strided convolution", 62_896, 16),
        ("subsample", 61_706, 13),
        ("trainable", 61_750, 16),
        ("none", 1_119_626, 9),
    ],
)
@pytest.mark.parametrize("input_size", [28, 32])
def test_lenet5_variants(pooling, parameters, field, input_size):
    network = lenet5_variant(pooling, "tanh", dropout=0.5, input_size=input_size)
    assert (network.parameters, network.receptive_field) == (parameters, field)
    built = network.build()
    images = built.prepare(torch.zeros(2, 28, 28, dtype=torch.uint8))
    assert tuple(built(images).shape) == (2, 10)


def test_lenet5_variants_have_keys_of_their_own():
    networks = [
        lenet5_variant(pooling, activation, dropout, input_size)
        for pooling in ("max", "none")
        for activation in ("relu", "scaled tanh")
        for dropout in (0.0, 0.5)
        for input_size in (28, 32)
    ]
    assert len({network.key for network in networks}) == len(networks)
    assert lenet5_variant() == ARCHITECTURES["lenet5_modern"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"pooling": "median"}, "pooling is 'median'; it must be one of 'max'"),
        ({"activation": "gelu"}, "activation is 'gelu'; it must be one of 'relu'"),
        ({"dropout": 1.0}, "dropout is 1.0; it must be from 0"),
        ({"input_size": 30}, "input_size is 30; it must be 28 or 32"),
    ],
)
def test_lenet5_variants_that_do_not_exist(settings, message):
    with pytest.raises(ValueError, match=message):
        lenet5_variant(**settings)


@pytest.mark.parametrize(
    ("key", "parameters", "gmacs", "depth", "convolutions", "final_map", "stride", "field"),
    [
        # Krizhevsky et al. 2012, section 3: 60 million parameters, eight layers
        ("alexnet", 60_965_224, 0.7244, 8, 5, 6, 32, 195),
        ("alexnet_2014", 61_100_840, 0.7142, 8, 5, 6, 32, 195),
        # Simonyan & Zisserman 2015, table 2: 133, 133, 138, 144 million
        ("vgg11", 132_863_336, 7.609, 11, 8, 7, 32, 150),
        ("vgg13", 133_047_848, 11.308, 13, 10, 7, 32, 156),
        ("vgg16", 138_357_544, 15.470, 16, 13, 7, 32, 212),
        ("vgg19", 143_667_240, 19.632, 19, 16, 7, 32, 268),
        # Szegedy et al. 2015: 22 layers with parameters
        ("googlenet", 6_998_552, 1.583, 22, 57, 7, 32, 715),
        ("googlenet_batch_norm", 6_624_904, 1.498, 22, 57, 7, 32, 379),
        # He et al. 2016, table 1: 1.8, 3.6, 3.8, 7.6, 11.3 billion
        ("resnet18", 11_689_512, 1.814, 18, 20, 7, 32, 435),
        ("resnet34", 21_797_672, 3.664, 34, 36, 7, 32, 899),
        ("resnet50", 25_557_032, 4.089, 50, 53, 7, 32, 427),
        ("resnet50_1x1", 25_557_032, 3.858, 50, 53, 7, 32, 483),
        ("resnet101", 44_549_160, 7.801, 101, 104, 7, 32, 971),
        ("resnet152", 60_192_808, 11.514, 152, 155, 7, 32, 1451),
        # Huang et al. 2017, table 1
        ("densenet121", 7_978_856, 2.834, 121, 120, 7, 32, 2071),
        ("densenet161", 28_681_000, 7.728, 161, 160, 7, 32, 2967),
        ("densenet169", 14_149_480, 3.360, 169, 168, 7, 32, 3351),
        ("densenet201", 20_013_928, 4.291, 201, 200, 7, 32, 3863),
        # Hu et al. 2018, table 2: 3.87 billion for SE-ResNet-50
        ("se_resnet50", 28_088_024, 4.092, 50, 53, 7, 32, 427),
        ("se_resnet50_1x1", 28_088_024, 3.860, 50, 53, 7, 32, 483),
        ("senet154", 115_088_984, 20.688, 154, 157, 7, 32, 1455),
    ],
)
def test_published_and_computed_numbers(key, parameters, gmacs, depth, convolutions, final_map, stride, field):
    network = NETWORKS[key]
    assert network.parameters == parameters
    assert network.macs / 1e9 == pytest.approx(gmacs, abs=6e-4)
    assert network.depth == depth
    assert sum(row.kind == "convolution" for row in network.leaves()) == convolutions
    assert network.halves[0].shape[1:] == (final_map, final_map)
    assert network.stride == stride
    assert network.receptive_field == field


def test_alexnet_has_650_000_neurons():
    """Krizhevsky et al. 2012, abstract; 659,272 with 55 x 55 x 96 in the first layer."""
    layers = [row for row in ARCHITECTURES["alexnet"].rows() if row.parameters]
    assert sum(torch.Size(row.shape).numel() for row in layers) == 659_272


def test_vgg_keeps_nine_tenths_in_the_classifier():
    features, classifier = ARCHITECTURES["vgg16"].shares("part")
    assert features.parameters == 14_714_688
    assert round(classifier.parameters_share, 2) == 0.89
    before_pool5 = ARCHITECTURES["vgg16"].rows()[-5]
    assert (before_pool5.label, before_pool5.receptive_field) == ("conv5_3", 196)


def test_vgg_halves_five_times():
    sizes = [share.shape[1] for share in ARCHITECTURES["vgg16"].shares() if share.part == "features"]
    assert sizes == [112, 56, 28, 14, 7]


def test_googlenet_modules_have_the_outputs_of_table_1():
    """Szegedy et al. 2015, table 1, output sizes."""
    shapes = dict(ARCHITECTURES["googlenet"].shapes())
    channels = [shapes[f"inception_{name}"][0] for name in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")]
    assert channels == [256, 480, 512, 512, 512, 528, 832, 832, 1024]
    assert [shapes[name][1] for name in ("conv1", "pool1", "pool2", "pool3", "pool4")] == [112, 56, 28, 14, 7]


def test_googlenet_with_auxiliary_heads_has_three_outputs():
    network = build_with_auxiliary_heads().eval()
    with torch.inference_mode():
        output = network(torch.randn(1, 3, 224, 224))
    assert {tuple(logits.shape) for logits in vars(output).values()} == {(1, 1000)}
    heads = sum(head.parameters(ARCHITECTURES["googlenet"]) for head in auxiliary_heads())
    assert sum(p.numel() for p in network.parameters()) == 6_998_552 + heads


def test_auxiliary_heads_of_torchvision():
    heads = auxiliary_heads(BATCH_NORM_VERSION)
    total = sum(head.parameters(GOOGLENET_BATCH_NORM) for head in heads)
    assert (total, total + GOOGLENET_BATCH_NORM.parameters) == (6_379_984, 13_004_888)


def test_resnet_from_50_on_says_where_its_stride_is():
    assert "3.86 G multiply-accumulates, receptive field 483" in ARCHITECTURES["resnet50"].differs
    for key in ("resnet101", "resnet152", "se_resnet50"):
        assert "the paper has it on the first 1x1" in ARCHITECTURES[key].differs
    assert ARCHITECTURES["resnet34"].differs == ""


def test_resnet_1202_for_cifar():
    """He et al. 2016, table 6: 0.27 M to 19.4 M parameters."""
    millions = [round(resnet_cifar(depth).parameters / 1e6, 2) for depth in (20, 56, 110, 1202)]
    assert millions == [0.27, 0.85, 1.73, 19.42]
    assert tuple(resnet_cifar(8).build()(torch.rand(2, 3, 32, 32)).shape) == (2, 10)
    with pytest.raises(ValueError, match="depth is 21; it must be 6n"):
        resnet_cifar(21)


@pytest.mark.parametrize(("key", "parameters"), [("se_resnet50", 2_530_992), ("senet154", 6_629_040)])
def test_parameters_of_squeeze_and_excitation(key, parameters):
    """Hu et al. 2018, section 4: about 2.5 million for SE-ResNet-50."""
    gates = [row for row in ARCHITECTURES[key].leaves() if ".gate." in row.path]
    assert sum(row.parameters for row in gates) == parameters


def test_squeeze_and_excitation_is_all_that_se_resnet_adds():
    plain, squeezed = (
        [row.path for row in ARCHITECTURES[key].leaves() if ".squeeze_excite." not in row.path]
        for key in ("resnet50", "se_resnet50")
    )
    assert plain == squeezed


def test_neocognitron_planes_of_1980():
    """Fukushima 1980, section 4: 16x16 - 24 planes of 16, 10, 8, 6, 2, 1."""
    network = ARCHITECTURES["neocognitron"]
    assert [shape for _, shape in network.shapes()] == [(24, size, size) for size in (16, 10, 8, 6, 2, 1)]
    assert isinstance(network.build().classifier, nn.Sequential)
    maps = torch.rand(2, 24, 1, 1)
    assert network.build().classifier(maps) is maps


# ------------------------------------------------------------------------------------------------------- oracle

# Key of ours -> torchvision's constructor and weights.
TORCHVISION = {
    "alexnet_2014": ("alexnet", "AlexNet_Weights"),
    "googlenet_batch_norm": ("googlenet", "GoogLeNet_Weights"),
    **{f"vgg{depth}": (f"vgg{depth}", f"VGG{depth}_Weights") for depth in (11, 13, 16, 19)},
    **{f"resnet{depth}": (f"resnet{depth}", f"ResNet{depth}_Weights") for depth in (18, 34, 50, 101, 152)},
    **{f"densenet{depth}": (f"densenet{depth}", f"DenseNet{depth}_Weights") for depth in (121, 161, 169, 201)},
}


@pytest.mark.parametrize("key", TORCHVISION)
def test_parameters_and_macs_are_torchvisions(key):
    """The numbers that torchvision documents with its weights; its GFLOPS are MACs, rounded."""
    documented = getattr(torchvision.models, TORCHVISION[key][1]).IMAGENET1K_V1.meta
    assert NETWORKS[key].parameters == documented["num_params"]
    assert NETWORKS[key].macs / 1e9 == pytest.approx(documented["_ops"], abs=6e-4)


@pytest.mark.parametrize("key", [key for key in ARCHITECTURES if key not in ("neocognitron", "lenet5")])
def test_macs_are_half_of_torchs_flops(key):
    """The two left out run as convolutions that compute more than the links that exist."""
    built = NETWORKS[key].build(device="meta").eval()
    with FlopCounterMode(display=False) as counter:
        built(torch.empty(1, *NETWORKS[key].input_shape, device="meta"))
    assert NETWORKS[key].macs == counter.get_total_flops() / 2


def filled(make: Callable[[], nn.Module]) -> nn.Module:
    """A foreign network with random weights and running statistics, made without its own slow start."""
    torch.manual_seed(0)
    with torch.device("meta"):
        network = make()
    network.to_empty(device="cpu")
    for name, tensor in network.state_dict().items():
        if tensor.is_floating_point():
            is_variance = name.endswith("running_var") or (tensor.ndim == 1 and name.endswith("weight"))
            bound = (6 / tensor[0].numel()) ** 0.5 if tensor.ndim > 1 else 0.1
            tensor.uniform_(0.5, 1.5) if is_variance else tensor.uniform_(-bound, bound)
    return network.eval()


def with_weights_of(network: Architecture, foreign: nn.Module) -> nn.Module:
    """Our network on the very tensors of a foreign one, taken in order; a 1x1 convolution may serve as dense layer."""
    ours = network.build(device="meta")
    slots = ours.state_dict()
    tensors = foreign.state_dict().values()
    copied = {name: tensor.view(slots[name].shape) for name, tensor in zip(slots, tensors, strict=True)}
    ours.load_state_dict(copied, assign=True)
    return ours.eval()


def layer_outputs(network: nn.Module, run: Callable[[], object]) -> list[Tensor]:
    """What each convolution, normalisation and dense layer gives, in the order of the weights."""
    outputs: dict[nn.Module, Tensor] = {}
    layers = [module for module in network.modules() if isinstance(module, nn.Conv2d | nn.BatchNorm2d | nn.Linear)]
    hooks = [
        layer.register_forward_hook(lambda module, _, output: outputs.__setitem__(module, output.flatten(1).clone()))
        for layer in layers
    ]
    with torch.inference_mode():
        run()
    for hook in hooks:
        hook.remove()
    return [outputs[layer] for layer in layers]


def assert_equal_layer_by_layer(ours: list[Tensor], theirs: list[Tensor]) -> None:
    assert len(ours) == len(theirs) > 0
    for index, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        assert mine.shape == other.shape, f"layer {index}"
        error = (mine - other).abs().max() / other.abs().max()
        assert error <= 1e-4, f"layer {index} differs by {error:.1e} of its largest value"


@pytest.mark.parametrize("key", ["resnet18", "resnet50", "densenet121", "googlenet_batch_norm"])
def test_equal_to_torchvision_layer_by_layer(key):
    options = {"aux_logits": False, "init_weights": False} if "googlenet" in key else {}
    theirs = filled(lambda: getattr(torchvision.models, TORCHVISION[key][0])(**options))
    ours = with_weights_of(NETWORKS[key], theirs)
    images = torch.randn(2, 3, 64, 64)
    assert_equal_layer_by_layer(
        layer_outputs(ours, lambda: ours(images)), layer_outputs(theirs, lambda: theirs(images))
    )


@pytest.mark.parametrize("key", ["vgg16", "alexnet_2014"])
def test_equal_to_torchvision_half_by_half(key):
    """Features on a small picture, classifier on maps of the full size."""
    theirs = filled(getattr(torchvision.models, TORCHVISION[key][0]))
    ours = with_weights_of(NETWORKS[key], theirs)
    images, maps = torch.randn(1, 3, 64, 64), torch.rand(1, *NETWORKS[key].halves[0].shape)

    def run(network: Any, rows: Tensor) -> Callable[[], object]:
        return lambda: (network.features(images), network.classifier(rows))

    assert_equal_layer_by_layer(
        layer_outputs(ours, run(ours, maps)), layer_outputs(theirs, run(theirs, maps.flatten(1)))
    )


@pytest.fixture(scope="module")
def timm():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, at import
        return pytest.importorskip("timm")


@pytest.mark.parametrize(("key", "name"), [("se_resnet50", "seresnet50"), ("senet154", "legacy_senet154")])
def test_equal_to_timm_layer_by_layer(timm, key, name):
    """timm squeezes with 1x1 convolutions, ours with dense layers: the same sums."""
    theirs = filled(lambda: timm.create_model(name))
    ours = with_weights_of(NETWORKS[key], theirs)
    images = torch.randn(1, 3, 64, 64)
    assert_equal_layer_by_layer(
        layer_outputs(ours, lambda: ours(images)), layer_outputs(theirs, lambda: theirs(images))
    )


@pytest.mark.parametrize(
    ("key", "name"),
    [("se_resnet50", "seresnet50"), ("se_resnet50_1x1", "legacy_seresnet50"), ("senet154", "legacy_senet154")],
)
def test_parameters_and_macs_are_timms(timm, key, name):
    with torch.device("meta"):
        theirs = timm.create_model(name).eval()
    with FlopCounterMode(display=False) as counter:
        theirs(torch.empty(1, 3, 224, 224, device="meta"))
    assert NETWORKS[key].parameters == sum(p.numel() for p in theirs.parameters())
    assert NETWORKS[key].macs == counter.get_total_flops() / 2


# ------------------------------------------------------------------------------------------------------- golden


@pytest.mark.parametrize("key", NETWORKS)
def test_tables_are_the_golden_ones(key):
    assert NETWORKS[key].summary() == (GOLDEN / f"{key}.txt").read_text()


def overwrite() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for key, network in NETWORKS.items():
        (GOLDEN / f"{key}.txt").write_text(network.summary())


if __name__ == "__main__":
    if sys.argv[1:] != ["--overwrite"]:
        sys.exit("usage: python -m tests.unit.test_architectures --overwrite")
    overwrite()
