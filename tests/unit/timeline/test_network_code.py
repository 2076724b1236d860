"""Every network's program runs by itself, and is the network: the same parameters, the same numbers."""

import contextlib
import io

import pytest
import torch

from cnn.architectures import ARCHITECTURES
from cnn.timeline import network_code, network_summary

torch.set_num_threads(1)


@pytest.mark.parametrize("key", ARCHITECTURES)
def test_program_is_the_network(key):
    network, names, printed = ARCHITECTURES[key], {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(network_code.program(network), key, "exec"), names)
    count, shape = printed.getvalue().splitlines()
    assert int(count) == network.parameters
    assert shape == str((1, *network.tree[-1].shape))
    written, built = names["network"], network.build().eval()
    ours, theirs = written.state_dict(), built.state_dict()
    assert [tuple(each.shape) for each in ours.values()] == [tuple(each.shape) for each in theirs.values()]
    written.load_state_dict(dict(zip(ours, theirs.values(), strict=True)), assign=True)
    images = torch.rand(1, *network.input_shape, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = built(images)
        torch.testing.assert_close(written(images), expected, rtol=1e-4, atol=1e-4 * float(expected.abs().max() + 1))


@pytest.mark.parametrize("key", ARCHITECTURES)
def test_summary_and_table_add_up(key):
    network = ARCHITECTURES[key]
    lines = network_summary.summary(network).splitlines()
    assert f"Total params: {network.parameters:,}" in lines
    counted = [line.split()[-1].replace(",", "") for line in lines if "─" in line]
    assert sum(int(count) for count in counted if count != "--") == network.parameters
    for detail in ("rows", "leaves"):
        head, *rows = (line.split(",") for line in network_summary.table(network, detail).splitlines())
        assert len(rows) == len(network_summary.rows(network, detail))
        for cost in ("parameters", "macs"):
            assert sum(int(row[head.index(cost)]) for row in rows) == getattr(network, cost)


def test_summary_names_layers_as_torch_does():
    lines = network_summary.summary(ARCHITECTURES["resnet18"]).splitlines()
    assert lines[3].split() == ["ResNet-18", "[1,", "1000]", "--"]
    assert lines[5].split()[-1] == "9,408" and "Conv2d (conv1): 2-1" in lines[5]
