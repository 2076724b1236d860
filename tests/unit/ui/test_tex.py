"""Numbers as TeX writes them."""

import pytest

from cnn.ui.tex import scientific


@pytest.mark.parametrize(
    ("number", "digits", "written"),
    [
        (0, 3, "0"),
        (0.5, 3, "0.5"),
        (0.001713, 4, "0.001713"),
        (0.00006, 3, "6\\cdot 10^{-5}"),
        (5.4331e-05, 4, "5.433\\cdot 10^{-5}"),
        (-5.4331e-05, 2, "-5.4\\cdot 10^{-5}"),
        (12.3456, 3, "12.3"),
    ],
)
def test_scientific(number, digits, written):
    assert scientific(number, digits) == written
