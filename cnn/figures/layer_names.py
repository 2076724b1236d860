"""What a layer is called in a drawing and in a table: "conv 3 × 3, 64", and below it "stride 2 · BN · ReLU"."""

from collections.abc import Mapping

from cnn.architecture import Node
from cnn.layers import CCells, Conv, Dense, Pool, SCells, SparseConv, SubSampling
from cnn.timeline.anatomy import BLOCKS, Step


def title(step: Step, words: Mapping[str, str]) -> str:
    """The name in a box."""
    main = step.main
    if step.repeated:
        last = step.nodes[-1].label
        return f"{main.label} – {last}"
    return _composite(main, words) if main.children else plain(main, words)


def _composite(node: Node, words: Mapping[str, str]) -> str:
    return words[node.kind] if node.label in ("", node.kind) else node.label


def plain(node: Node, words: Mapping[str, str]) -> str:
    """A layer without layers in it."""
    layer, name = node.layer, words[node.kind]
    match layer:
        case Conv():
            return f"{name} {layer.kernel_size} × {layer.kernel_size}, {layer.out_channels}"
        case SparseConv():
            return f"{name} {layer.kernel_size} × {layer.kernel_size}, {len(layer.table)}"
        case SCells():
            return f"{name} {layer.kernel_size} × {layer.kernel_size}, {layer.planes}"
        case Dense():
            return f"{name}, {layer.out_features}"
        case Pool() | CCells():
            return f"{name} {layer.kernel_size} × {layer.kernel_size}"
        case SubSampling():
            return f"{name} {layer.size} × {layer.size}"
    return name


def details(step: Step, words: Mapping[str, str]) -> list[str]:
    """The small lines below the name, none of them long."""
    main = step.main
    if step.repeated:
        return [f"{words[main.kind]} × {len(step.nodes)}"]
    if main.children:
        return [_inside(main, words)]
    notes = [main.label] if main.label else []
    notes += _settings(main, words)
    notes += [words[node.kind] for node in step.nodes if node is not main]
    return [" · ".join(notes)] if notes else []


def _settings(node: Node, words: Mapping[str, str]) -> list[str]:
    layer = node.layer
    stride = getattr(layer, "stride", 1)
    if isinstance(layer, SubSampling):
        stride = layer.size
    found = [words["stride"].format(number=stride)] if stride > 1 else []
    groups = getattr(layer, "groups", 1)
    return found + ([words["groups"].format(number=groups)] if groups > 1 else [])


def _inside(node: Node, words: Mapping[str, str]) -> str:
    """What a closed box holds: "residual block × 3", "conv × 2"."""
    if node.kind == "dense_block":
        return words["dense_layers"].format(number=len(node.children))
    if node.kind not in ("stack", "stage"):
        return words[node.kind]
    blocks = [child for child in node.children if child.kind in BLOCKS]
    if blocks:
        return f"{words[blocks[0].kind]} × {len(blocks)}"
    inside = [leaf for child in node.children for leaf in child.leaves() if leaf.layer.has_weights]
    return f"{words[inside[0].kind]} × {len(inside)}"
