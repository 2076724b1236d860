"""Numbers as TeX writes them."""


def scientific(number: float, digits: int = 3) -> str:
    """0.00006 -> 6\\cdot 10^{-5}; from a thousandth on plainly, and so is zero."""
    if number == 0 or abs(number) >= 1e-3:
        return f"{number:.{digits}g}"
    mantissa, power = f"{number:.{digits - 1}e}".split("e")
    return f"{float(mantissa):g}\\cdot 10^{{{int(power)}}}"
