"""A part of a network as a drawing, derived from its layers: boxes, arrows with shapes, shortcuts, gates, branches.

Data flows from top to bottom. Each function below draws one thing with its own origin and says where its line goes in
and out (`axis`), so that things can be set into one another. Words come from outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from cnn.architecture import Node
from cnn.figures import strokes, svg
from cnn.figures.layer_names import details, title
from cnn.figures.strokes import SIZE, SMALL, Drawing
from cnn.figures.theme import Palette
from cnn.timeline.anatomy import POOLING, Step, steps

EDGE = 26  # length of an arrow
LINE = 15  # of a second line in a box
GAP = 16  # between branches
RIM = 2  # around the drawing, for strokes that are half outside
SHORTCUT = 34  # from the body to the shortcut's line
MOST_DENSE, SHOWN_DENSE = 6, 4  # layers of a dense block that are all drawn; drawn before the dots where there are more


@dataclass(frozen=True)
class Style:
    """What is the same in the whole drawing."""

    words: Mapping[str, str]
    palette: Palette
    costs: bool = False  # parameters and MACs beside each box
    opens: bool = False  # a box that holds layers can be pressed


def block_diagram(
    nodes: Sequence[Node], words: Mapping[str, str], palette: Palette, *, costs: bool = False, opens: bool = False
) -> str:
    """Layers in a row as an SVG. A single block is drawn with its inside; others are closed boxes.

    costs: write parameters and MACs beside the boxes. opens: mark boxes with `data-path`: a press can open them.
    """
    style = Style(words, palette, costs, opens)
    alone = steps(nodes)
    body = _inside(nodes[0], style) if len(alone) == 1 and nodes[0].children else _chain(alone, style, nodes)
    shape_in, shape_out = nodes[0].input_shape, nodes[-1].shape
    ends = max(strokes.length(strokes.sizes(shape_in), SMALL), strokes.length(strokes.sizes(shape_out), SMALL)) / 2 + 4
    axis = max(body.axis, ends)
    width = axis + max(body.width - body.axis, ends)
    top, bottom = 18 + EDGE, 18 + EDGE
    parts = [
        strokes.text(axis, 9, strokes.sizes(shape_in), palette.input, SMALL, bold=True),
        strokes.arrow(axis, 18, EDGE, palette),
        strokes.placed(body, axis - body.axis, top),
        strokes.arrow(axis, top + body.height, EDGE, palette),
        strokes.text(axis, top + body.height + EDGE + 9, strokes.sizes(shape_out), palette.output, SMALL, bold=True),
    ]
    inner = Drawing(width, top + body.height + bottom, axis, "".join(parts))
    return svg.document(round(width + 2 * RIM), round(inner.height), [strokes.placed(inner, RIM, 0)])


# ------------------------------------------------------------------------------------------------------------- in a row


def _chain(boxes: Sequence[Step], style: Style, nodes: Sequence[Node]) -> Drawing:
    """Boxes one below the other, the shape on the arrow wherever it has changed."""
    drawings = [_step(step, style) for step in boxes]
    axis = max((drawing.axis for drawing in drawings), default=20)
    right = max((drawing.width - drawing.axis for drawing in drawings), default=20)
    parts, top, shape = [], 0.0, nodes[0].input_shape if nodes else ()
    for index, drawing in enumerate(drawings):
        if index:
            parts.append(strokes.arrow(axis, top, EDGE, style.palette))
            before = boxes[index - 1].nodes[-1].shape
            if before != shape:
                words = strokes.sizes(before)
                parts.append(
                    strokes.text(axis + 8, top + EDGE / 2 - 1, words, style.palette.faint, SMALL, anchor="start")
                )
                right = max(right, 8 + strokes.length(words, SMALL))
                shape = before
            top += EDGE
        parts.append(strokes.placed(drawing, axis - drawing.axis, top))
        top += drawing.height
    return Drawing(axis + right, top, axis, "".join(parts))


def _step(step: Step, style: Style) -> Drawing:
    main = step.main
    if main.kind == "squeeze_excite" and not style.opens:
        return _gated(main, style)
    return _box(step, style)


def _inside(node: Node, style: Style) -> Drawing:
    """A layer with what is in it."""
    drawers = {
        "residual": _residual,
        "branches": _branches,
        "dense_block": _dense_block,
        "squeeze_excite": _gated,
    }
    if node.kind in drawers:
        return drawers[node.kind](node, style)
    return _chain(steps(node.children), style, node.children)


def _box(step: Step, style: Style) -> Drawing:
    """One box: its name, below it what belongs to it, beside it what it costs."""
    main, palette = step.main, style.palette
    name, below = title(step, style.words), details(step, style.words)
    opens = style.opens and bool(main.children)
    width = max(strokes.length(name, SIZE) + 26 * opens, *(strokes.length(line, SMALL) for line in below), 74) + 22
    height = 24 + LINE * len(below) + 6 * bool(below)
    stroke, soft = _tone(main, palette)
    fill = svg.mixed(soft, palette.cell, 0.35)
    middle = width / 2
    parts = []
    if step.repeated:
        parts.append(strokes.rect(5, 5, width, height, fill, stroke))
    parts.append(strokes.rect(0, 0, width, height, fill, stroke))
    parts.append(strokes.text(middle, 13 if below else height / 2, name, palette.ink, SIZE, bold=True))
    parts += [
        strokes.text(middle, 29 + LINE * row, words, palette.faint if soft == palette.cell else palette.ink, SMALL)
        for row, words in enumerate(below)
    ]
    if opens:
        parts.append(strokes.text(width - 11, 11, "+", stroke, SIZE, bold=True))
    tip = f"<title>{escape(_tip(step, style.words))}</title>"
    drawn = f"<g{_press(main, name) if opens else ''}>{tip}{''.join(parts)}</g>"
    beside = 0.0
    if style.costs:
        beside, words = _costs(step, width + 12, height / 2, style)
        drawn += words
    return Drawing(width + beside, height + 5 * step.repeated, middle, drawn)


def _press(node: Node, name: str) -> str:
    """What tells a script that a press opens this box."""
    return f' data-path="{escape(".".join(node.path))}" data-name="{escape(name)}"'


def _costs(step: Step, left: float, middle: float, style: Style) -> tuple[float, str]:
    lines = [
        style.words["parameters"].format(number=f"{step.parameters:,}"),
        style.words["macs"].format(number=f"{step.macs:,}"),
    ]
    lines = [line for line, number in zip(lines, (step.parameters, step.macs), strict=True) if number]
    drawn = [
        strokes.text(left, middle + 14 * (row - (len(lines) - 1) / 2), line, style.palette.faint, SMALL, anchor="start")
        for row, line in enumerate(lines)
    ]
    return 12 + max((strokes.length(line, SMALL) for line in lines), default=0), "".join(drawn)


def _tip(step: Step, words: Mapping[str, str]) -> str:
    main = step.main
    lines = [
        f"{title(step, words)}: {strokes.sizes(main.input_shape)} → {strokes.sizes(step.nodes[-1].shape)}",
        words["parameters"].format(number=f"{step.parameters:,}"),
        words["macs"].format(number=f"{step.macs:,}"),
    ]
    return "\n".join([*lines, *([words["field"].format(number=main.receptive_field)] if main.receptive_field else [])])


# ------------------------------------------------------------------------------------------------- what is not in a row


def _residual(node: Node, style: Style) -> Drawing:
    """activation(body(x) + shortcut(x)): the shortcut on the left, the sum below."""
    body_node, shortcut_node, activation = node.children
    body = _chain(steps(body_node.children), style, body_node.children)
    palette = style.palette
    if shortcut_node.children:
        shortcut = _chain(steps(shortcut_node.children), style, shortcut_node.children)
    else:
        width = strokes.length(style.words["identity"], SMALL) + 8
        label = strokes.text(width - 8, 0, style.words["identity"], palette.input, SMALL, anchor="end")
        shortcut = Drawing(width, 0, width, label)
    axis = shortcut.width + SHORTCUT + body.axis
    split, joined = 10, 10 + 8 + body.height + EDGE
    left = shortcut.axis
    middle = split + (joined - split) / 2
    name = style.words[activation.kind]
    width = strokes.length(name, SMALL) + 20
    parts = [
        strokes.path(f"M{axis:g} 0V{split + 8}", palette.faint),
        strokes.path(f"M{axis:g} {split}H{left:g}V{joined + 11:g}H{axis - 15:g}", palette.input, 2.5),
        strokes.head(axis - 11, joined + 11, palette.input, "right"),
        strokes.placed(shortcut, 0, middle - shortcut.height / 2),
        strokes.placed(body, axis - body.axis, split + 8),
        strokes.arrow(axis, split + 8 + body.height, EDGE, palette),
        strokes.joint(axis, joined + 11, "+", palette.input, palette),
        strokes.arrow(axis, joined + 22, 16, palette),
        strokes.rect(axis - width / 2, joined + 38, width, 22, palette.cell, palette.faint),
        strokes.text(axis, joined + 49, name, palette.ink, SMALL),
    ]
    right = max(body.width - body.axis, width / 2)
    return Drawing(axis + right, joined + 60, axis, "".join(parts))


def _gated(node: Node, style: Style) -> Drawing:
    """Maps times the gate that is computed from them: the gate on the right, the product below."""
    (gate_node,) = node.children
    palette = style.palette
    gate = _chain(steps(gate_node.children), style, gate_node.children)
    axis = 16.0
    right = axis + 30 + gate.axis
    product = 10 + gate.height + 24
    parts = [
        strokes.path(f"M{axis:g} 0V{product:g}", palette.faint),
        strokes.path(f"M{axis:g} 6H{right:g}V10", palette.changed, 2),
        strokes.placed(gate, axis + 30, 10),
        strokes.path(f"M{right:g} {10 + gate.height:g}V{product + 11:g}H{axis + 15:g}", palette.changed, 2),
        strokes.head(axis + 11, product + 11, palette.changed, "left"),
        strokes.joint(axis, product + 11, "×", palette.changed, palette),
    ]
    return Drawing(axis + 30 + gate.width, product + 22, axis, "".join(parts))


def _branches(node: Node, style: Style) -> Drawing:
    """Branches side by side on the same input, concatenated below."""
    palette = style.palette
    branches = [_chain(steps(branch.children), style, branch.children) for branch in node.children]
    tallest = max(branch.height for branch in branches)
    width = sum(branch.width for branch in branches) + GAP * (len(branches) - 1)
    axis, top, bottom = width / 2, 12 + 16, 12 + 16 + tallest + 18
    parts, left, places = [], 0.0, []
    for branch in branches:
        place = left + branch.axis
        places.append(place)
        parts += [
            strokes.arrow(place, 12, 16, palette),
            strokes.placed(branch, left, top),
            strokes.path(f"M{place:g} {top + branch.height:g}V{bottom:g}", palette.faint),
        ]
        left += branch.width + GAP
    words = style.words["concatenate"].format(
        sum=" + ".join(str(branch.shape[0]) for branch in node.children), maps=node.shape[0]
    )
    wide = max(width, strokes.length(words, SMALL) + 20)
    parts += [
        strokes.path(f"M{axis:g} 0V12M{min(places):g} 12H{max(places):g}", palette.faint),
        strokes.rect(
            axis - wide / 2, bottom, wide, 26, svg.mixed(palette.output_soft, palette.cell, 0.35), palette.output
        ),
        strokes.text(axis, bottom + 13, words, palette.ink, SMALL, bold=True),
    ]
    inner = Drawing(width, bottom + 26, axis, "".join(parts))
    return (
        inner if wide <= width else Drawing(wide, inner.height, wide / 2, strokes.placed(inner, (wide - width) / 2, 0))
    )


def _dense_block(node: Node, style: Style) -> Drawing:
    """Each layer reads the maps of all before it: an arc from each to every later one."""
    palette, layers = style.palette, node.children
    shown = list(layers) if len(layers) <= MOST_DENSE else [*layers[:SHOWN_DENSE], layers[-1]]
    boxes = [_dense_layer(layer, style) for layer in shown]
    widest, height, gap = max(box.width for box in boxes), boxes[0].height, 34
    arcs = 30 + 12 * len(shown)
    axis = arcs + widest / 2
    places = [index * (height + gap) for index in range(len(shown))]
    parts = []
    for index, (layer, box, top) in enumerate(zip(shown, boxes, places, strict=True)):
        missing = index and layer is not layers[index]
        if index:
            parts.append(strokes.arrow(axis, top - gap, gap, palette))
            given = style.words["dots"] if missing else strokes.sizes(layer.input_shape)
            parts.append(strokes.text(axis + 8, top - gap / 2, given, palette.faint, SMALL, anchor="start"))
        parts.append(strokes.placed(box, axis - box.axis, top))
        for earlier in range(index):
            reach = 10 + 12 * (index - earlier)
            start, end = places[earlier] - 8 if earlier else -4, top + height / 2
            parts.append(
                f'<path d="M{axis:g} {start:g}H{arcs - reach + 10:g}Q{arcs - reach:g} {start:g} {arcs - reach:g} '
                f'{start + 10:g}V{end - 10:g}Q{arcs - reach:g} {end:g} {arcs - reach + 10:g} {end:g}H{arcs:g}" '
                f'fill="none" stroke="{palette.input}" stroke-width="1.3" opacity="0.75"/>'
            )
    bottom = places[-1] + height
    words = style.words["concatenate"].format(
        sum=f"{node.input_shape[0]} + {len(layers)} × {layers[0].shape[0]}", maps=node.shape[0]
    )
    wide = strokes.length(words, SMALL) + 20
    parts += [
        strokes.arrow(axis, bottom, 18, palette),
        strokes.rect(
            axis - wide / 2, bottom + 18, wide, 26, svg.mixed(palette.output_soft, palette.cell, 0.35), palette.output
        ),
        strokes.text(axis, bottom + 31, words, palette.ink, SMALL, bold=True),
    ]
    inner = Drawing(arcs + max(widest, widest / 2 + wide / 2), bottom + 44, axis, "".join(parts))
    return Drawing(
        inner.width, inner.height + 8, axis, strokes.path(f"M{axis:g} 0V8", palette.faint) + strokes.placed(inner, 0, 8)
    )


def _dense_layer(layer: Node, style: Style) -> Drawing:
    """One layer of a dense block as one box."""
    palette = style.palette
    inside = [title(step, style.words) for step in steps(layer.children) if step.main.kind == "convolution"]
    lines = [f"{style.words['batch_norm']} · {style.words['relu']} · {name}" for name in inside]
    name = style.words["dense_layer"].format(number=layer.label.removeprefix("layer"), maps=layer.shape[0])
    width = max(strokes.length(name, SIZE), *(strokes.length(line, SMALL) for line in lines)) + 22
    height = 28 + LINE * len(lines)
    fill = svg.mixed(palette.kernel_soft, palette.cell, 0.35)
    parts = [
        strokes.rect(0, 0, width, height, fill, palette.kernel),
        strokes.text(width / 2, 13, name, palette.ink, SIZE, bold=True),
    ]
    parts += [strokes.text(width / 2, 29 + LINE * row, line, palette.ink, SMALL) for row, line in enumerate(lines)]
    return Drawing(width, height, width / 2, f"<g{_press(layer, name) if style.opens else ''}>{''.join(parts)}</g>")


def _tone(node: Node, palette: Palette) -> tuple[str, str]:
    """Frame and soft tone: what learns, what pools, what gates, and the rest."""
    if node.kind == "squeeze_excite":
        return palette.changed, palette.changed_soft
    if node.children or node.layer.has_weights:
        return palette.kernel, palette.kernel_soft
    if node.kind in POOLING or node.kind == "global_average_pooling":
        return palette.output, palette.output_soft
    return palette.faint, palette.cell
