"""The kernels' tables against the built network and the paper's Table I; its programs against the files."""

import numpy as np
import pytest

from cnn.architectures import ARCHITECTURES
from cnn.architectures.lenet import C3_TABLE, CODES
from cnn.lenet import program
from cnn.lenet.kernel_table import kernel_table, layers, units

KEYS = ("lenet5", "lenet5_modern")


def test_which_layers_have_weights():
    assert layers(ARCHITECTURES["lenet5"]) == ("C1", "S2", "C3", "S4", "C5", "F6", "OUTPUT")
    assert layers(ARCHITECTURES["lenet5_modern"]) == ("C1", "C3", "C5", "F6", "OUTPUT")


def test_c3_reads_what_table_1_says():
    table = kernel_table(ARCHITECTURES["lenet5"], "C3")
    assert [tuple(np.flatnonzero(reads)) for reads in table.reads] == [tuple(sorted(sources)) for sources in C3_TABLE]
    assert table.reads.sum() == 60
    assert (table.reads == table.kernels.any(axis=(2, 3))).all()
    assert kernel_table(ARCHITECTURES["lenet5_modern"], "C3").reads.all()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("label", ["C1", "C3", "C5", "F6"])
def test_kernels_are_the_built_networks(key, label):
    module = getattr(ARCHITECTURES[key].trained(), "features" if label in ("C1", "C3") else "classifier")
    weight, bias = (getattr(getattr(module, label), name).detach().numpy() for name in ("weight", "bias"))
    last = units(ARCHITECTURES[key], label) - 1
    for first in (0, last if last > 15 else 0):
        table = kernel_table(ARCHITECTURES[key], label, first)
        columns = list(table.columns)
        assert table.shape == weight.shape
        np.testing.assert_array_equal(
            table.kernels.reshape(len(columns), -1), weight[columns].reshape(len(columns), -1)
        )
        np.testing.assert_array_equal(table.biases, bias[columns])


def test_subsampling_reads_its_own_map_with_one_coefficient():
    table, network = kernel_table(ARCHITECTURES["lenet5"], "S2"), ARCHITECTURES["lenet5"].trained()
    assert (table.reads == np.eye(6, dtype=bool)).all()
    for at, coefficient in enumerate(network.get_parameter("features.S2.coefficient").tolist()):
        assert (table.kernels[at, at] == np.float32(coefficient)).all()
    assert table.shape == (6,)


def test_the_codes_are_the_output():
    table = kernel_table(ARCHITECTURES["lenet5"], "OUTPUT")
    np.testing.assert_array_equal(table.kernels.reshape(10, 84), CODES)
    assert table.rows == () and not table.biases.any()


def test_a_column_that_is_not_there():
    with pytest.raises(ValueError, match="first is 120"):
        kernel_table(ARCHITECTURES["lenet5"], "C5", 120)


@pytest.mark.parametrize("key", KEYS)
def test_the_program_prints_the_kernels(key, capsys):
    """`output` is the chosen column of the table, and the tensors listed add up to the network's parameters."""
    architecture = ARCHITECTURES[key]
    for label in layers(architecture):
        table, column = kernel_table(architecture, label), 3
        namespace: dict = {}
        exec(program.weights(key, label, column), namespace)
        expected = table.kernels[column][table.reads[column]] if label != "S2" and label != "S4" else None
        if expected is None:
            assert namespace["output"].item() == pytest.approx(table.kernels[column, column, 0, 0])
        else:
            chosen = namespace["output"].float().numpy()
            order = np.argsort(C3_TABLE[column]) if (key, label) == ("lenet5", "C3") else slice(None)
            chosen = chosen[order] if (key, label) == ("lenet5", "C3") else chosen
            np.testing.assert_array_equal(chosen.ravel(), expected.ravel())
        assert f"together {architecture.parameters}\n" in capsys.readouterr().out
