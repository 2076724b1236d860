"""A network as data: what is derived from a small one by hand, and from every one in the list."""

import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from cnn import architecture as architecture_module
from cnn.architecture import Architecture, Preparation
from cnn.architectures import ARCHITECTURES, _by_key
from cnn.layers import (
    BatchNorm,
    Branches,
    Conv,
    Dense,
    Flatten,
    GlobalAveragePool,
    Pool,
    ReLU,
    Residual,
    SqueezeExcite,
    Stack,
    Stage,
)

torch.set_num_threads(1)

EVERY = pytest.mark.parametrize("network", ARCHITECTURES.values(), ids=lambda network: network.key)

TINY = Architecture(
    key="tiny",
    name="Tiny",
    year=2026,
    paper="none",
    differs="",
    input_shape=(3, 16, 16),
    features=(
        Conv("conv1", 4, kernel_size=3, padding=1, bias=False),  # (4, 16, 16), sees 3
        BatchNorm(),
        ReLU(),
        Stage(
            "middle",
            (
                Pool("pool1", "max", kernel_size=2, stride=2),  # (4, 8, 8), sees 4
                Branches(
                    "branches",  # (5, 8, 8), sees 4 + 4 * 2 = 12 by the longer branch
                    (
                        Stack("short", (Conv("one", 2, kernel_size=1),)),
                        Stack("long", (Conv("one", 1, kernel_size=1), Conv("five", 3, kernel_size=5, padding=2))),
                    ),
                ),
                ReLU(),
            ),
        ),
        Residual("block", (Conv("three", 5, 3, padding=1), SqueezeExcite("se", 5))),  # (5, 8, 8), sees 12 + 2 * 2 = 16
    ),
    classifier=(GlobalAveragePool(), Flatten(), Dense("fc", 10), ReLU()),
    preparation=Preparation(16, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
)


def test_rows_of_the_tiny_network():
    assert TINY.shapes() == [
        ("conv1", (4, 16, 16)),
        ("pool1", (4, 8, 8)),
        ("branches", (5, 8, 8)),
        ("block", (5, 8, 8)),
        ("fc", (10,)),
    ]
    assert [row.receptive_field for row in TINY.rows()] == [3, 4, 12, 16, None]
    assert [row.depth for row in TINY.rows()] == [1, 1, 3, 4, 5]
    assert [row.stage for row in TINY.rows()] == ["conv1", "middle", "middle", "block", "fc"]
    assert [row.part for row in TINY.rows()] == ["features"] * 4 + ["classifier"]


def test_costs_of_the_tiny_network():
    branches = (4 * 2 + 2) + (4 * 1 + 1) + (25 * 3 + 3)
    block = (5 * 9 * 5 + 5) + (5 * 1 + 1) + (1 * 5 + 5)
    assert [row.parameters for row in TINY.rows()] == [4 * 27 + 8, 0, branches, block, 5 * 10 + 10]
    assert TINY.macs == 256 * 108 + 64 * (8 + 4 + 75) + 64 * 225 + 5 + 5 + 50
    assert TINY.parameters == sum(row.parameters for row in TINY.rows())


def test_receptive_field_stride_and_depth_of_the_tiny_network():
    assert (TINY.receptive_field, TINY.stride, TINY.depth) == (16, 2, 5)


def test_a_squeeze_path_sees_everything_but_does_not_count():
    leaves = {row.path: row for row in TINY.leaves()}
    assert leaves["features.block.body.se.gate.reduce"].receptive_field is None
    assert leaves["features.block.activation"].receptive_field == 16
    assert leaves["features.block.activation"].depth == 4


def test_shares_add_up():
    assert [share.label for share in TINY.shares()] == ["conv1", "middle", "block", "fc"]
    for by in ("stage", "part"):
        shares = TINY.shares(by)
        assert sum(share.parameters_share for share in shares) == pytest.approx(1)
        assert sum(share.macs for share in shares) == TINY.macs
    assert TINY.shares("part")[1].parameters == 60


def test_gradient_reaches_exactly_the_receptive_field():
    """One unit of the last maps, without squeeze path and dead ReLUs; max pooling picks other pixels each time."""
    network = replace(TINY, features=(*TINY.features[:-1], Residual("block", (Conv("three", 5, 3, padding=1),))))
    built = network.build().eval()
    for parameter in built.parameters():
        parameter.data.abs_()
    seen = torch.zeros(40, dtype=torch.bool)
    for _ in range(30):
        image = torch.rand(1, 3, 40, 40, requires_grad=True)
        built.features(image)[0, :, 10, 10].sum().backward()
        assert image.grad is not None
        seen |= (image.grad[0].sum(dim=(0, 1)) != 0).cpu()
    assert int(seen.sum()) == network.receptive_field == 16


def test_a_layer_beside_a_stage_must_be_in_it():
    stray = replace(TINY, features=(*TINY.features[:4], ReLU()), classifier=())
    with pytest.raises(ValueError, match="middle_relu stands beside stage 'middle'"):
        stray.rows()


def test_summary_has_a_line_a_row_and_a_total():
    lines = TINY.summary().splitlines()
    assert len(lines) == 2 + len(TINY.rows()) + 1
    assert lines[-1].split() == ["total", f"{TINY.parameters:,}", f"{TINY.macs:,}", "16"]


def test_two_networks_under_one_key_are_refused():
    with pytest.raises(ValueError, match="two networks are called tiny"):
        _by_key((TINY, replace(TINY, name="Other")))


def test_the_list_is_read_only():
    with pytest.raises(TypeError):
        ARCHITECTURES["tiny"] = TINY  # type: ignore[index]


# ------------------------------------------------------------------------------------------- every network


@EVERY
def test_built_network_is_its_spec(network):
    built = network.build(device="meta")
    assert sum(p.numel() for p in built.parameters() if p.requires_grad) == network.parameters
    for row in (*network.rows(), *network.leaves()):
        built.get_submodule(row.path)
    for costs in ("parameters", "macs", "connections"):
        total = getattr(network, costs)
        assert sum(getattr(row, costs) for row in network.rows()) == total
        assert sum(getattr(row, costs) for row in network.leaves()) == total


@EVERY
def test_maps_have_the_shapes_of_the_table(network):
    """Every leaf, so every row, gives what its spec says; without numbers, so without time."""
    built = network.build(device="meta").eval()
    shapes = {}
    hooks = [
        built.get_submodule(row.path).register_forward_hook(
            lambda module, inputs, output, path=row.path: shapes.__setitem__(path, tuple(output.shape[1:]))
        )
        for row in (*network.rows(), *network.leaves())
    ]
    built(torch.empty(1, *network.input_shape, device="meta"))
    for hook in hooks:
        hook.remove()
    assert shapes == {row.path: row.shape for row in (*network.rows(), *network.leaves())}


def test_everything_but_building_works_without_torch():
    script = """
import sys
from cnn.architectures import ARCHITECTURES
for network in ARCHITECTURES.values():
    network.summary(), network.leaves(), network.shares(), network.connections, network.depth, network.differs
assert "torch" not in sys.modules and "streamlit" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_senet_is_derived_in_a_tenth_of_a_second():
    fastest = float("inf")
    for _ in range(5):
        network = replace(ARCHITECTURES["senet154"])  # nothing cached
        start = time.process_time()
        assert network.summary() and network.leaves() and network.shares()
        fastest = min(fastest, time.process_time() - start)
    assert fastest <= 0.1


# ---------------------------------------------------------------------------------------- building and weights


def test_the_seed_decides_the_weights():
    def weights(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        return torch.cat([p.flatten() for p in ARCHITECTURES["lenet5"].build().parameters()])

    assert torch.equal(weights(3), weights(3))
    assert not torch.equal(weights(3), weights(4))


@pytest.mark.parametrize("key", ["neocognitron", "lenet5", "lenet5_modern", "resnet18", "googlenet"])
def test_a_built_network_reads_pictures(key):
    network = ARCHITECTURES[key].build().eval()
    digits = network.prepare(np.random.default_rng(0).integers(0, 256, (2, 28, 28), dtype=np.uint8))
    photographs = network.prepare(torch.randint(0, 256, (2, 40, 56, 3), dtype=torch.uint8))
    for images in (digits, photographs):
        assert images.dtype == torch.float32
        assert tuple(images.shape) == (2, *ARCHITECTURES[key].input_shape)
    with torch.inference_mode():
        assert torch.isfinite(network(photographs)).all()
        assert torch.equal(network(digits), network.classifier(network.features(digits)))


def test_the_largest_network_is_built_in_two_seconds():
    seconds = float("inf")
    for _ in range(3):
        start = time.process_time()
        network = ARCHITECTURES["vgg19"].build()
        seconds = min(seconds, time.process_time() - start)
        if seconds <= 2:
            break
    assert seconds <= 2
    assert network.get_parameter("classifier.fc6.weight")[:100].detach().std().item() == pytest.approx(
        (2 / 25088) ** 0.5, rel=0.01
    )


def test_fast_is_the_same_function_with_the_same_names():
    torch.manual_seed(0)
    network = ARCHITECTURES["lenet5_modern"]
    plain, fast = network.build(), network.build(fast=True)
    fast.load_state_dict(plain.state_dict())
    images = torch.randn(3, 1, 32, 32)
    torch.testing.assert_close(fast(images), plain(images))
    assert [type(module).__name__ for module in fast.features] == ["Conv2d", "MaxPool2d", "ReLU"] * 2


def test_trained_without_weights_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(architecture_module, "WEIGHTS", tmp_path)
    with pytest.raises(ValueError, match="no trained weights are shipped for 'vgg16'"):
        ARCHITECTURES["vgg16"].trained()


@pytest.mark.parametrize("key", ["lenet5", "lenet5_modern"])
def test_trained_loads_what_is_shipped(monkeypatch, tmp_path, key):
    from safetensors.torch import save_file

    monkeypatch.setattr(architecture_module, "WEIGHTS", tmp_path)
    network, images = ARCHITECTURES[key].build().eval(), torch.randn(2, 1, 32, 32)
    save_file(network.state_dict(), tmp_path / f"{key}.safetensors")
    torch.testing.assert_close(ARCHITECTURES[key].trained()(images), network(images))
    assert (tmp_path / f"{key}.safetensors").stat().st_size < 300_000


# ------------------------------------------------------------------------------------------------ preparation


def test_digits_of_1998_lie_between_minus_0_1_and_1_175():
    digits = np.zeros((1, 28, 28), np.uint8)
    digits[0, 0, 0] = 255
    image = ARCHITECTURES["lenet5"].build().prepare(digits)[0, 0]
    assert image[2, 2] == pytest.approx(1.175)
    image[2, 2] = -0.1
    torch.testing.assert_close(image, torch.full((32, 32), -0.1))


def test_todays_digits_have_mean_0_and_deviation_1():
    digits = np.full((1, 28, 28), 33, np.uint8)  # 33 / 255 is 0.1294
    image = ARCHITECTURES["lenet5_modern"].build().prepare(digits)[0, 0]
    torch.testing.assert_close(image[2:30, 2:30], torch.full((28, 28), (33 / 255 - 0.1307) / 0.3081))
    torch.testing.assert_close(image[0], torch.full((32,), -0.1307 / 0.3081))


def test_photographs_are_normalised_by_channel():
    network = replace(ARCHITECTURES["resnet18"], features=(Conv("c", 1, 1),), classifier=()).build()
    photograph = np.zeros((1, 224, 224, 3), np.uint8)
    photograph[..., 0] = 255
    red, green, blue = network.prepare(photograph)[0, :, 100, 100].tolist()
    assert (red, green, blue) == pytest.approx(((1 - 0.485) / 0.229, -0.456 / 0.224, -0.406 / 0.225))


def test_the_middle_of_a_wide_photograph_is_taken():
    network = ARCHITECTURES["neocognitron"].build()
    wide = np.zeros((1, 16, 48), np.uint8)
    wide[:, :, 16:32] = 255
    torch.testing.assert_close(network.prepare(wide), torch.ones(1, 1, 16, 16))


def test_read_only_pictures_are_read():
    digits = np.zeros((2, 28, 28), np.uint8)
    digits.flags.writeable = False
    assert ARCHITECTURES["lenet5"].build().prepare(digits).shape == (2, 1, 32, 32)


@pytest.mark.parametrize(
    "images", [np.zeros((28, 28), np.uint8), np.zeros((1, 28, 28)), np.zeros((1, 3, 28, 28), np.uint8)]
)
def test_what_is_no_batch_of_pictures_is_refused(images):
    with pytest.raises(ValueError, match="images is torch.*; it must be uint8 of shape"):
        ARCHITECTURES["lenet5"].build().prepare(images)
