"""Where things stand on the line."""

import pytest

from cnn.architectures import ARCHITECTURES
from cnn.timeline import history, line


@pytest.mark.parametrize(("year", "place"), [(1957, 0), (1977, 1), (2010, 53 * 0.05), (2012.5, 53 * 0.05 + 2.5)])
def test_place(year, place):
    assert line.place(year) == pytest.approx(place)


def test_every_network_has_one_dot_and_columns_stand_in_order():
    dots = [dot.key for column in line.columns() for dot in column.dots]
    assert sorted(dots) == sorted([*ARCHITECTURES, "hubel_wiesel"])
    places = [column.place for column in line.columns()]
    assert places == sorted(set(places)) and places[-1] < line.place(line.LAST)


def test_a_dot_s_area_is_the_number_of_parameters():
    largest, half = (line.radius(ARCHITECTURES["vgg19"].parameters // share) for share in (1, 2))
    assert largest == line.LARGEST
    assert (largest / half) ** 2 == pytest.approx(2, rel=1e-6)
    assert line.radius(ARCHITECTURES["lenet5"].parameters) == line.SMALLEST


@pytest.mark.parametrize(
    ("key", "number"), [("resnet50", "50"), ("se_resnet50", "50"), ("senet154", "154"), ("lenet5", ""), ("alexnet", "")]
)
def test_number(key, number):
    assert line.number(key) == number


def test_results_are_shares_of_the_field():
    results = {result.year: result for result in line.results()}
    assert list(results) == [year for year, *_ in history.winners()]
    assert results[2012].winner == 15.315 and results[2012].height == pytest.approx(15.315 / line.LARGEST_ERROR)
    assert all(0 < result.height < result.second_height < 1 for result in results.values())


def test_the_years_of_the_stops_are_told_first():
    years = [year for year, *_ in line.ticks()]
    assert years[:4] == ["1959", "1980", "1998", "2012"] and len(set(years)) == len(years)
