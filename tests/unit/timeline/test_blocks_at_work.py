"""The blocks at work against the torch modules of the same specs, and the program that is shown."""

import contextlib
import io

import numpy as np
import pytest
import torch
from PIL import Image

from cnn import datasets
from cnn.figures import theme
from cnn.figures.block_maps import Mark, block_maps
from cnn.text import labels
from cnn.timeline import block_snippets, blocks_at_work
from cnn.timeline.blocks_at_work import BLOCKS, CHANNELS, SIDE, Trace

torch.set_num_threads(1)
EVERY = pytest.mark.parametrize("key", BLOCKS)


def traced(key: str, seed: int = 1, photograph: str = "chelsea") -> Trace:
    maps = blocks_at_work.input_maps(datasets.photograph(photograph))
    return blocks_at_work.run(BLOCKS[key], maps, blocks_at_work.random_weights(BLOCKS[key], seed))


def traces(trace: Trace):
    yield trace
    for child in trace.inside:
        yield from traces(child)


@EVERY
@pytest.mark.parametrize("seed", [1, 7])
def test_every_edge_is_torchs(key, seed):
    built = BLOCKS[key].build().eval()
    state = built.state_dict()
    for name, weight in blocks_at_work.random_weights(BLOCKS[key], seed).items():
        state[name].copy_(torch.from_numpy(weight))
    seen: dict[str, np.ndarray] = {}
    for name, module in built.named_modules():
        module.register_forward_hook(lambda _, __, output, name=name: seen.__setitem__(name, output[0].clone().numpy()))
    trace = traced(key, seed)
    with torch.inference_mode():
        built.features(torch.from_numpy(trace.given)[None])
    compared = 0
    for each in traces(trace):
        np.testing.assert_allclose(each.output, seen[".".join(each.node.path)], rtol=1e-4, atol=1e-5)
        assert each.output.shape == each.node.shape
        compared += 1
    assert compared >= 5


def test_three_blocks_share_two_convolutions():
    plain, residual, rescaled = (traced(key) for key in ("plain", "residual", "squeeze_excite"))
    body = residual.child("body").output
    np.testing.assert_array_equal(plain.inside[-1].given, body)
    np.testing.assert_array_equal(rescaled.child("body").child("rescale").given, body)


def test_gates_move_with_the_photograph():
    gates = [blocks_at_work.gates(traced("squeeze_excite", photograph=key)) for key in datasets.PHOTOGRAPHS]
    assert all(((gate > 0) & (gate < 1)).all() for gate in gates)
    assert np.abs(gates[0] - gates[-1]).max() > 0.01


@EVERY
def test_a_number_taken_apart_gives_itself(key):
    trace = traced(key)
    for index in range(len(trace.output)):
        found = blocks_at_work.worked(trace, index, 20, 30)
        assert found.output == float(trace.output[index, 20, 30])
        if found.convolved is not None:
            whole = found.convolved * (1 if found.gate is None else found.gate) + (found.shortcut or 0)
            assert max(whole, 0) == pytest.approx(found.output, abs=1e-6)
        else:
            source = trace.given if found.source == "input" else trace.child(found.source).output
            assert source[found.number - 1, 20, 30] == found.output
    with pytest.raises(ValueError, match=f"index is {len(trace.output)}; it must be from 0"):
        blocks_at_work.worked(trace, len(trace.output), 0, 0)


@EVERY
def test_the_program_prints_the_number_on_the_screen(key, tmp_path, monkeypatch):
    Image.fromarray(datasets.photograph("coffee")).save(tmp_path / "photograph.png")
    monkeypatch.chdir(tmp_path)
    namespace, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block_snippets.block(key, 3, Mark(2, 11, 40)), "snippet", "exec"), namespace)
    expected = traced(key, 3, "coffee").output
    np.testing.assert_allclose(namespace["output"][0].numpy(), expected, rtol=1e-3, atol=1e-4)
    assert f"tensor({namespace['output'][0, 2, 11, 40]:.4f})" in printed.getvalue()


def test_a_program_that_does_not_exist():
    with pytest.raises(ValueError, match="key is 'capsule'"):
        block_snippets.block("capsule", 1, Mark(0, 0, 0))


@EVERY
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_map_is_drawn(key, language):
    trace = traced(key)
    drawn = block_maps(trace, labels(language)["block_maps"], theme.palette("dark"), 1.0, Mark(0, 3, 4))
    assert drawn.startswith("<svg") and drawn.count("<image") >= len(trace.given) + len(trace.output)


@pytest.mark.parametrize("shape", [(16, 16, 3), (16, 300, 3), (300, 17, 3)])
def test_any_photograph_becomes_the_input(shape):
    maps = blocks_at_work.input_maps(np.full(shape, 51, np.uint8))
    assert maps.shape == (CHANNELS, SIDE, SIDE) and maps.dtype == np.float32
    np.testing.assert_allclose(maps[:3], 0.2, atol=1e-6)
    np.testing.assert_allclose(maps[3:], 0, atol=1e-5)


@pytest.mark.parametrize(("key", "counts"), [("inception", [2, 2, 1, 1]), ("dense", [6, 2, 2, 2]), ("residual", [])])
def test_sources_are_what_is_concatenated(key, counts):
    trace = traced(key, 1)
    assert [count for _, count in blocks_at_work.sources(trace)] == counts
    assert not counts or sum(counts) == len(trace.output)
