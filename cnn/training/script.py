"""A run as one PyTorch script that stands alone: the same settings, the same seed, the same curve.

What is particular to 1998 (its layers, its optimiser, its distortions) is copied out of this package as it is.
"""

import ast
from functools import cache
from pathlib import Path

from cnn.layers import (
    Conv,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Negate,
    Pool,
    RadialBasis,
    ReLU,
    ScaledTanh,
    SparseConv,
    SubSampling,
    Tanh,
    activation_after_max_pooling,
)
from cnn.training.config import TRAINING_IMAGES, TrainingConfig
from cnn.training.script_parts import (
    BOUNDS,
    DATA,
    DISTORT,
    DROPOUT,
    ESTIMATE,
    FASTER,
    HEAD,
    LEARN,
    LOOP,
    LOSSES,
    OPTIMISERS,
    PLAIN_START,
    SCHEDULES,
    SHIFT,
)

HERE = Path(__file__).parent
MODULES = HERE.parent / "architectures" / "modules.py"
PARTS = 256  # larger batches go through the network in parts: see cnn.training.loop


def script(config: TrainingConfig) -> str:
    """The program. It prints the loss and accuracy of each step, and the accuracy on the test set at the end."""
    architecture = config.architecture
    size = architecture.input_shape[1]
    layers = [*activation_after_max_pooling(architecture.features), *architecture.classifier]
    special = any(isinstance(layer, SubSampling | SparseConv | RadialBasis) for layer in layers)
    head = HEAD.format(
        name=architecture.name,
        images=config.images,
        epochs=config.epochs,
        seed=config.seed,
        batch_size=config.batch_size,
        steps=config.steps,
    )
    move = (DISTORT if config.distortions else SHIFT).format(
        size=size, shift=config.shift, reach=(size - 28) // 2 + config.shift
    )
    data = DATA.format(
        size=size,
        mean=architecture.preparation.mean[0],
        deviation=architecture.preparation.deviation[0],
        available=TRAINING_IMAGES - config.validation,
        how="distorted" if config.distortions else f"moved by up to {config.shift}",
        shift=config.shift,
        move=move,
    )
    return "".join(
        (
            head,
            data,
            _copies(config, layers, special),
            _network(config, special),
            _start(config, special),
            _faster(layers, size),
            _loop(config, size),
        )
    )


# ------------------------------------------------------------------------------------------------------------ pieces


def _network(config: TrainingConfig, special: bool) -> str:
    """Two halves, as everywhere."""
    architecture = config.architecture
    lines = ["", "# ---------------------------------------------------------------- the network", ""]
    if special:
        lines += ["class Network(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    shape = architecture.input_shape
    halves = {}
    for half, layers in (
        ("features", activation_after_max_pooling(architecture.features)),
        ("classifier", architecture.classifier),
    ):
        halves[half] = []
        for layer in layers:
            halves[half].append(f"{_layer(layer, shape)},  # {layer.output_shape(shape)}")
            shape = layer.output_shape(shape)
    indent = "        " if special else ""
    for half, written in halves.items():
        lines.append(f"{indent}{'self.' if special else ''}{half} = nn.Sequential(")
        lines += [f"{indent}    {line}" for line in written] + [f"{indent})"]
    if special:
        lines += ["", "    def forward(self, images):", "        return self.classifier(self.features(images))", ""]
        lines += ["", "network = Network()"]
    else:
        lines.append("network = nn.Sequential(features, classifier)")
    return "\n".join(lines) + "\n"


def _layer(layer: Layer, shape: tuple[int, ...]) -> str:
    """One layer of LeNet-5 in torch; the classes that torch lacks are copied above it."""
    match layer:
        case Conv(out_channels=out, kernel_size=size, stride=stride):
            return f"nn.Conv2d({shape[0]}, {out}, {size}" + (f", stride={stride})" if stride > 1 else ")")
        case SparseConv(kernel_size=size):
            return f"SparseConv2d({shape[0]}, C3_TABLE, {size})"
        case SubSampling(size=size):
            return f"SubSampling2d({shape[0]}, {size})"
        case Pool(method="subsample", kernel_size=size, stride=stride):
            return f"Subsample({size}, {stride})"
        case Pool(method=method):
            return f"nn.{'Max' if method == 'max' else 'Avg'}Pool2d(2)"
        case Dense(out_features=out):
            return f"nn.Linear({shape[0]}, {out})"
        case RadialBasis():
            return "RadialBasisOutput(CODES)"
        case Dropout(probability=p):
            return f"SeededDropout({p})"
        case ReLU() | Tanh() | Flatten() | ScaledTanh() | Negate():
            names = {ReLU: "nn.ReLU", Tanh: "nn.Tanh", Flatten: "nn.Flatten", ScaledTanh: "ScaledTanh1998"}
            return f"{names.get(type(layer), 'Negative')}()"
    raise ValueError(f"layer is a {type(layer).__name__}; the script knows those of LeNet-5")


def _copies(config: TrainingConfig, layers: list[Layer], special: bool) -> str:
    """What is copied out of this package."""
    found: list[str] = []
    if config.distortions:
        names = ("TRANSLATION", "SCALING", "SQUEEZING", "SHEARING", "draw_distortions", "distort")
        found += [source(HERE / "distortions.py", name) for name in names]
    wanted = {ScaledTanh: "ScaledTanh1998", SubSampling: "SubSampling2d", SparseConv: "SparseConv2d"}
    wanted |= {RadialBasis: "RadialBasisOutput", Negate: "Negative"}
    classes = {name for kind, name in wanted.items() if any(isinstance(layer, kind) for layer in layers)}
    if any(isinstance(layer, Pool) and layer.method == "subsample" for layer in layers):
        classes.add("Subsample")
    if special:  # `_groups` and the optimiser of 1998 ask for these by name
        classes |= {"SubSampling2d", "SparseConv2d", "ScaledTanh1998", "RadialBasisOutput"}
        found += [source(MODULES.parent / "lenet.py", name) for name in ("C3_TABLE", "DIGITS", "_codes", "CODES")]
    found += [source(MODULES, name) for name in sorted(classes)]
    if special:
        found += [source(MODULES, name) for name in ("INITIALISATIONS", "RANDOM_BIASES", "_start_uniformly", "_groups")]
    if config.dropout:
        found.append(source(HERE / "loop.py", "SeededDropout"))
    if config.optimiser == "sdlm":
        found.append(_body(HERE / "propagation.py").replace("Network", "nn.Module"))
        found.append(_body(HERE / "sdlm.py").replace("Network", "nn.Module"))
    return "\n\n" + "\n\n\n".join(found) + "\n" if found else ""


def _start(config: TrainingConfig, special: bool) -> str:
    name = config.architecture.initialisation
    if config.initialisation == "zero":
        zero = "\nwith torch.no_grad():\n    for weights in network.parameters():\n        weights.zero_()\n"
        constants = "\nfor layer in network.modules():\n    getattr(layer, 'set_constants', lambda: None)()\n"
        return (constants if special else "") + zero
    if not special:
        bias = "uniform_(-bound, bound)" if name in ("fan_in", "1998") else "zero_()"
        return PLAIN_START.format(bound=BOUNDS[name], bias=bias)
    return f"""
torch.manual_seed(SEED)
for layer in network.modules():
    getattr(layer, "set_constants", lambda: None)()
    if isinstance(layer, (nn.Conv2d, nn.Linear, SparseConv2d, SubSampling2d)):
        _start_uniformly(layer, "{name}")
"""


def _faster(layers: list[Layer], size: int) -> str:
    """The layers by which the app trains, so that the curve is rounded alike to its end."""
    if not any(isinstance(layer, Pool) and layer.method == "max" for layer in layers):
        return ""
    return FASTER.format(source=_body(HERE / "fast_layers.py"), size=size)


def _loop(config: TrainingConfig, size: int) -> str:
    sdlm = config.optimiser == "sdlm"
    order = "stream(1, epoch).permutation(chosen)"
    if not config.shuffle:
        order = 'chosen[np.argsort(labels[chosen], kind="stable")]'
    learn = LEARN.format(parts=PARTS, dropout=DROPOUT if config.dropout else "")
    if sdlm:
        learn = (
            f"        found = [optimiser.add(*part) for part in zip(x.split({PARTS}), y.split({PARTS}))]\n"
            "        optimiser.update(rate)\n"
            "        losses, distances = (torch.cat(parts) for parts in zip(*found))\n"
            "        loss, accuracy = losses.mean().item(), (distances.argmin(1) == y).float().mean().item()"
        )
    return LOOP.format(
        schedule=SCHEDULES[config.schedule],
        loss=LOSSES[config.loss].format(rubbish=config.rubbish),
        optimiser=OPTIMISERS[config.optimiser].format(loss=config.loss, rubbish=config.rubbish),
        order=order,
        estimate=ESTIMATE if sdlm else "",
        rate=config.learning_rate,
        learn=learn,
        size=size,
    )


# ------------------------------------------------------------------------------------------------------- our own source


@cache
def _tree(file: Path) -> tuple[str, ast.Module]:
    text = file.read_text(encoding="utf-8")
    return text, ast.parse(text)


@cache
def source(file: Path, name: str) -> str:
    """The text of one function, class or constant of a file."""
    text, tree = _tree(file)
    for node in tree.body:
        names = [target.id for target in getattr(node, "targets", []) if isinstance(target, ast.Name)]
        if name in (getattr(node, "name", ""), *names):
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
            return "\n".join(text.splitlines()[first - 1 : node.end_lineno])
    raise ValueError(f"name is {name!r}; {file.name} defines no such thing")


@cache
def _body(file: Path) -> str:
    """A file without its docstring and its imports."""
    text, tree = _tree(file)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(text.splitlines()[imports[-1].end_lineno or 0 :]).strip()
