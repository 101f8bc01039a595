"""The titles of axes: units in all common notations, and names of any length and script."""

import pytest

from gdbook import Points
from gdbook.charts.units import (
    clean,
    column_title,
    loss_title,
    names_in_words,
    shortened,
    slope_title,
    slope_unit,
    squared,
    text_width,
    unit,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("time (s)", "s"),
        ("time(s)", "s"),
        ("time [s] ", "s"),
        ("\u6642\u9593\uff08\u5c0f\u65f6\uff09", "\u5c0f\u65f6"),
        ("mass \u3010kg\u3011", "kg"),
        ("CO2 (ppm)", "ppm"),
        ("conc (CO\u2082 (ppm))", "ppm"),
        ("heat (J/(kg K))", "J/(kg K)"),
        ("heat [J / (kg K)]", "J / (kg K)"),
        ("flux (W (m K)\u207b\u00b9)", "W (m K)\u207b\u00b9"),
        ("t ((s))", "s"),
        ("speed (km/h) (mean)", "km/h"),
        ("speed (mean) (km/h)", "km/h"),
        ("speed [km/h], mean", "km/h"),
        ("volume (ft\u00b3)", "ft\u00b3"),
        ("T (\u00b0C)", "\u00b0C"),
        ("share (%)", "%"),
        ("price ($)", "$"),
        ("price (US$)", "US$"),
        ("rate (1/s)", "1/s"),
        ("momentum (kg\u00b7m/s)", "kg\u00b7m/s"),
        ("speed (m s-1)", "m s-1"),
        ("angle (\u2032)", "\u2032"),
        ("velocity (1000 km/s)", "1000 km/s"),
        ("x", ""),
        ("", ""),
        ("x ()", ""),
        ("population (2020)", ""),
        ("score (mean)", ""),
        ("ratio (1)", ""),
        ("a) b", ""),
        ("time (s", ""),
        ("time [s)", ""),
        ("(s) time", ""),
    ],
)
def test_a_unit_is_found_in_brackets_at_the_end(name, expected):
    assert unit(name) == expected


@pytest.mark.parametrize(
    ("y_unit", "expected"),
    [
        ("m", "m\u00b2"),
        ("ppm", "ppm\u00b2"),
        ("\u00b5m", "\u00b5m\u00b2"),
        ("\u5c0f\u65f6", "\u5c0f\u65f6\u00b2"),
        ("m\u00b2", "(m\u00b2)\u00b2"),
        ("ft\u00b3", "(ft\u00b3)\u00b2"),
        ("km2", "(km2)\u00b2"),
        ("\u00b0C", "(\u00b0C)\u00b2"),
        ("%", "(%)\u00b2"),
        ("1/s", "(1/s)\u00b2"),
        ("m s-1", "(m s-1)\u00b2"),
        ("", ""),
    ],
)
def test_only_letters_are_squared_without_brackets(y_unit, expected):
    assert squared(y_unit) == expected


@pytest.mark.parametrize(
    ("x_unit", "y_unit", "expected"),
    [
        ("h", "km", "km per h"),
        ("s", "m/s", "m/s per s"),
        ("km/h", "m", "m per (km/h)"),
        ("kg\u00b7m", "J", "J per (kg\u00b7m)"),
        ("births per woman", "y", "y per (births per woman)"),
        ("\u00b0C", "per 100,000", "(per 100,000) per \u00b0C"),
        ("", "m", ""),
        ("s", "", ""),
    ],
)
def test_a_slope_has_an_unambiguous_unit(x_unit, y_unit, expected):
    assert slope_unit(x_unit, y_unit) == expected


LONG = "Fertility rate, total, as reported by the statistical office of each country (births)"


@pytest.mark.parametrize(
    "name",
    [LONG, "W" * 200 + " [m]", "\u6c17\u6e29" * 60 + "\uff08\u00b0C\uff09", "\U0001f680" * 90,
     "x (" + "very long unit " * 9 + ")"],
)  # fmt: skip
@pytest.mark.parametrize("pixels", [190, 264])
def test_a_long_name_is_truncated_to_its_panel(name, pixels):
    title = column_title(name, pixels)
    assert text_width(title) <= pixels + 0.01
    assert text_width(title) > 0.7 * pixels
    assert "\u2026" in title
    if len(unit(name)) < 20:
        assert unit(title) == unit(name)


def test_long_units_are_truncated_in_the_titles_of_slope_and_loss():
    points = Points([1, 2], [2, 3], "x (births per woman and year)", f"y ({'long ' * 20})")
    for title in (slope_title(points, 190), loss_title(points, 190)):
        assert text_width(title) <= 190.01


def test_short_names_are_kept_and_the_text_alternative_has_full_names():
    assert column_title("distance (Mpc)", 190) == "distance (Mpc)"
    points = Points([1, 2], [2, 3], LONG, "two\n\tlines (m)")
    assert names_in_words(points) == f"The data: two lines (m) against {LONG}."
    assert shortened("abc", 100) == "abc"


def test_control_characters_are_removed():
    assert clean("a\x00b\x1b\ud800 \n\t c") == "ab c"
