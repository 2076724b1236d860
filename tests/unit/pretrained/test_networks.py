"""Networks filled from files, photographs prepared and classified: against torchvision, timm and sums of our own."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import torchvision
from PIL import Image

from cnn import datasets
from cnn.architectures import ARCHITECTURES
from cnn.pretrained import cache, catalogue, networks, programs
from cnn.pretrained.catalogue import NETWORKS, PACKAGED, WeightsFile
from cnn.pretrained.classifying import SHOWN, classify, likeliest, multiply_accumulates
from cnn.pretrained.networks import WeightsError
from cnn.timeline import history
from tests import fake_weights
from tests.stand_in import named

torch.set_num_threads(1)

FETCHED = tuple(key for key in NETWORKS if key != PACKAGED)
ODD = (np.arange(61 * 40 * 3) % 251).astype(np.uint8).reshape(61, 40, 3)  # smaller than any network wants it
CAT = datasets.photograph("chelsea")


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PUDDLE_DATA", str(tmp_path))


@pytest.fixture(scope="module")
def packaged() -> torch.nn.Module:
    return networks.network(PACKAGED)


def theirs(key: str) -> torch.nn.Module:
    """The library's own network as it makes it for training, still without numbers."""
    name = NETWORKS[key].name
    options = {"init_weights": False, "transform_input": True} if key == "googlenet" else {}
    with torch.device("meta"):
        if NETWORKS[key].library == "timm":
            return networks.timm().create_model(name)
        return getattr(torchvision.models, name)(**options)


def put(key: str, body: bytes, monkeypatch) -> Path:
    """Put a file where the network's would be, with a name that fits its hash."""
    file = WeightsFile(f"https://example.org/{named(NETWORKS[key].name, body)}", len(body))
    monkeypatch.setattr(networks, "weights_file", lambda asked: {key: file}[asked])
    cache.folder().mkdir(exist_ok=True)
    cache.kept(file).write_bytes(body)
    return cache.kept(file)


# ------------------------------------------------------------------------------------------------------------ catalogue


def test_every_family_of_the_line_has_weights():
    on_the_line = {key for key, network in ARCHITECTURES.items() if network.input_shape[0] == 3}
    families = {"alexnet", "vgg16", "googlenet", "resnet50", "densenet121", "se_resnet50", "senet154"}
    assert families <= set(FETCHED) <= on_the_line


def parameters(key: str) -> int:
    """As the network's own spec has them."""
    architecture = NETWORKS[key].architecture
    assert architecture is not None
    return architecture.parameters


@pytest.mark.parametrize("key", FETCHED)
def test_the_architecture_is_that_of_the_weights(key):
    with torch.device("meta"):
        empty = networks._empty(NETWORKS[key])
    assert parameters(key) == sum(each.numel() for each in empty.parameters())


@pytest.mark.parametrize("key", FETCHED)
def test_addresses_are_safe_and_carry_a_hash(key):
    file = catalogue.weights_file(key)
    assert re.match(r"https://(download\.pytorch\.org/models|github\.com/\w+/[\w-]+/releases/download)/", file.address)
    assert len(file.digest) == 8
    assert (
        4 * parameters(key) <= 1.001 * file.bytes < 4 * (parameters(key) + 7_000_000)
    )  # GoogLeNet's has its training heads


def test_another_server_can_stand_in(monkeypatch):
    monkeypatch.setenv("PUDDLE_WEIGHTS", "http://127.0.0.1:9/mirror/")
    assert catalogue.weights_file("resnet18").address == "http://127.0.0.1:9/mirror/resnet18-f37072fd.pth"
    name = catalogue.weights_file("senet154").name
    assert catalogue.weights_file("senet154").address == f"http://127.0.0.1:9/mirror/{name}"


@pytest.mark.parametrize("key", ["lenet5", PACKAGED, ""])
def test_nothing_else_is_fetched(key):
    with pytest.raises(ValueError, match="must be one of"):
        catalogue.weights_file(key)


def test_the_classes():
    assert len(catalogue.classes()) == 1000
    assert {"missile", "projectile", "space shuttle"} < set(catalogue.classes())
    assert not any("rocket" in name for name in catalogue.classes())


@pytest.mark.parametrize("key", [key for key in FETCHED if NETWORKS[key].library == "torchvision"])
def test_the_error_on_the_card_is_that_of_the_weights(key):
    metrics = torchvision.models.get_model_weights(NETWORKS[key].name)["IMAGENET1K_V1"].meta["_metrics"]
    record = history.torchvision_error(key)
    assert record is not None and record.value == metrics["ImageNet-1K"]["acc@5"]


# ---------------------------------------------------------------------------------------------------------- preparation


@pytest.mark.parametrize("photograph", [*map(datasets.photograph, datasets.PHOTOGRAPHS), ODD, ODD.transpose(1, 0, 2)])
@pytest.mark.parametrize("key", ["resnet50", "alexnet", "se_resnet50", "senet154", PACKAGED])
def test_a_photograph_is_prepared_as_the_library_does_it(key, photograph):
    name = NETWORKS[key].name
    if NETWORKS[key].library == "torchvision":
        transform = torchvision.models.get_model_weights(name)["IMAGENET1K_V1"].transforms()
    else:
        data = networks.timm().data
        settings = networks.timm().models.get_pretrained_cfg(name).to_dict()
        transform = data.create_transform(**data.resolve_data_config(pretrained_cfg=settings))
    expected = transform(Image.fromarray(np.ascontiguousarray(photograph)))[None].numpy()
    given = catalogue.preparation(key)
    found = given.normalised(given.cut(np.ascontiguousarray(photograph)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    assert given.cut(np.ascontiguousarray(photograph)).shape == (given.side, given.side, 3)


# ------------------------------------------------------------------------------------------------------------- networks


def prepared(key: str) -> np.ndarray:
    given = catalogue.preparation(key)
    return given.normalised(given.cut(CAT))


def calibrated(network: torch.nn.Module, images: torch.Tensor) -> dict[str, torch.Tensor]:
    """Normalisations take the statistics of one photograph, so that it reaches the end of a random network."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None  # of nothing but what it sees now
            module.reset_running_stats()
    with torch.no_grad():
        network.train()(images)
    return network.eval().state_dict()


@pytest.mark.parametrize(
    ("key", "legacy"), [("resnet18", False), ("googlenet", False), ("densenet121", True), ("se_resnet50", False)]
)
def test_a_network_from_its_file_is_the_librarys(key, legacy, monkeypatch):
    """GoogLeNet's file has the heads of its training, DenseNet's the names and the form of 2017."""
    direct = theirs(key)
    weights = fake_weights.state(direct, seed=7)
    direct.load_state_dict(weights, assign=True)
    weights = calibrated(direct, images := torch.from_numpy(prepared(key)))
    if key == "densenet121":
        weights = {re.sub(r"(norm|conv)([12])(\.\w+)$", r"\1.\2\3", name): value for name, value in weights.items()}
        weights = {name: value for name, value in weights.items() if "num_batches_tracked" not in name}
        assert "features.denseblock1.denselayer1.norm.1.weight" in weights
    put(key, fake_weights.file(weights, legacy), monkeypatch)
    network = networks.network(key)
    assert not network.training and not any(each.requires_grad for each in network.parameters())
    with torch.inference_mode():
        torch.testing.assert_close(network(images), direct(images), rtol=1e-4, atol=1e-4)
        expected = direct(images)[0].softmax(dim=0)
    assert expected.max() > 2 / len(expected)  # it tells classes apart
    reading = classify(network, prepared(key))
    assert [guess.index for guess in reading.guesses] == expected.topk(SHOWN).indices.tolist()
    np.testing.assert_allclose([guess.probability for guess in reading.guesses], expected.topk(SHOWN).values, rtol=1e-4)


def test_a_damaged_file_is_told(monkeypatch):
    path = put("resnet18", b"whole", monkeypatch)
    path.write_bytes(b"half")
    with pytest.raises(WeightsError) as raised:
        networks.network("resnet18")
    assert (raised.value.reason, raised.value.file) == ("damaged", path.name)


class Harmful:
    """What a file of weights must never be able to do."""

    def __reduce__(self):
        return (Path.touch, (Path("harm"),))


@pytest.mark.parametrize(
    "content", [{"fc.weight": torch.ones(3)}, {"fc.weight": Harmful()}, [1, 2], {"fc.weight": "words"}]
)
def test_a_file_with_something_else_is_told_and_not_run(content, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    put("resnet18", fake_weights.file(content), monkeypatch)
    with pytest.raises(WeightsError) as raised:
        networks.network("resnet18")
    assert raised.value.reason == "not_its_weights"
    assert not (tmp_path / "harm").exists()


# --------------------------------------------------------------------------------------------------------- the packaged


def lite0_by_hand(x: torch.Tensor) -> torch.Tensor:
    """EfficientNet-Lite0 straight from the names in the package's file: MobileNet's inverted bottlenecks, ReLU6.

    Padding is TensorFlow's: as much as makes the output ceil(size / stride), the odd pixel at the end.
    """
    state = torch.load(networks.packaged_file(), weights_only=True)
    halving = (1, 3, 5, 11)  # the blocks with stride 2

    def conv(x, name, stride=1, groups=1):
        weight = state[f"{name}.weight"]
        missing = max((-(-x.shape[-1] // stride) - 1) * stride + weight.shape[-1] - x.shape[-1], 0)
        x = F.pad(x, [missing // 2, missing - missing // 2] * 2)
        return F.conv2d(x, weight, stride=stride, groups=groups)

    def norm(x, name):
        given = (state[f"{name}.{each}"] for each in ("running_mean", "running_var", "weight", "bias"))
        return F.batch_norm(x, *given, eps=1e-3)

    x = F.relu6(norm(conv(x, "_conv_stem", stride=2), "_bn0"))
    for number in range(16):
        block, given = f"_blocks.{number}", x
        if f"{block}._expand_conv.weight" in state:
            x = F.relu6(norm(conv(x, f"{block}._expand_conv"), f"{block}._bn0"))
        stride = 2 if number in halving else 1
        x = conv(x, f"{block}._depthwise_conv", stride, groups=x.shape[1])
        x = norm(conv(F.relu6(norm(x, f"{block}._bn1")), f"{block}._project_conv"), f"{block}._bn2")
        x = x + given if x.shape == given.shape else x
    x = F.relu6(norm(conv(x, "_conv_head"), "_bn1"))
    return F.linear(x.mean(dim=(2, 3)), state["_fc.weight"], state["_fc.bias"])


@pytest.mark.parametrize("name", datasets.PHOTOGRAPHS)
def test_the_packaged_network_is_the_one_in_its_file(packaged, name):
    given = catalogue.preparation(PACKAGED)
    images = torch.from_numpy(given.normalised(given.cut(datasets.photograph(name))))
    with torch.inference_mode():
        torch.testing.assert_close(packaged(images), lite0_by_hand(images), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("chelsea", {"tabby", "tiger cat", "Egyptian cat"}), ("coffee", {"espresso", "cup"}), ("rocket", {"missile"})],
)
def test_it_knows_the_samples(packaged, name, expected):
    given = catalogue.preparation(PACKAGED)
    reading = classify(packaged, given.normalised(given.cut(datasets.photograph(name))))
    assert expected <= {guess.name for guess in reading.guesses}
    assert reading.seconds > 0


def test_multiply_accumulates_are_those_of_the_spec():
    """Counted on a network and derived from its layers: the same."""
    network = torchvision.models.resnet18().eval()
    assert multiply_accumulates(network, 224) == ARCHITECTURES["resnet18"].macs


# ---------------------------------------------------------------------------------------------------------- classifying


def test_likeliest_by_hand():
    logits = np.full(1000, -np.inf)
    logits[[10, 20, 30]] = np.log([1, 6, 3])
    first, second, third, *_ = likeliest(logits)
    assert [first.index, second.index, third.index] == [20, 30, 10]
    np.testing.assert_allclose([first.probability, second.probability, third.probability], [0.6, 0.3, 0.1])
    assert first.name == catalogue.classes()[20]


# ------------------------------------------------------------------------------------------------------------- programs


def run(keys: tuple[str, ...], folder: Path) -> list[str]:
    """What the programs print, one after the other: importing torch takes longest."""
    Image.fromarray(CAT).save(folder / "photograph.png")
    command = [sys.executable, "-W", "ignore", "-c", "\n".join(map(programs.program, keys))]
    environment = {"TORCH_HOME": str(folder), "PATH": "", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def printed(reading) -> list[str]:
    return [f"{guess.probability:.4f} {guess.name}" for guess in reading.guesses]


def test_programs_print_what_the_cards_show(packaged, tmp_path, monkeypatch):
    """They find their files where PyTorch keeps them, and fetch nothing."""
    shown, keys = printed(classify(packaged, prepared(PACKAGED))), ("resnet18", "se_resnet50")
    kept = tmp_path / "hub" / "checkpoints"
    kept.mkdir(parents=True)
    for key in keys:
        body = fake_weights.file(fake_weights.state(theirs(key), seed=3))
        (kept / catalogue.weights_file(key).name).write_bytes(body)
        put(key, body, monkeypatch)
        shown += printed(classify(networks.network(key), prepared(key)))
    assert run((PACKAGED, *keys), tmp_path) == shown


@pytest.mark.parametrize("key", NETWORKS)
def test_every_program_names_its_network(key):
    program = programs.program(key)
    compile(program, key, "exec")
    assert f'"{NETWORKS[key].name}"' in program


def test_no_program_for_others():
    with pytest.raises(ValueError, match="must be one of"):
        programs.program("lenet5")
