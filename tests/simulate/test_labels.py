"""Names of families of curves."""

import pytest
from capgap.simulate.labels import family_name


@pytest.mark.parametrize(
    ("group", "labels", "name"),
    [
        ("Hamming", ["Hamming, r = 3"], "Hamming"),
        ("CRC of {code.polynomial}", ["CRC of 24a", "CRC of 16-nr"], "CRC of 24a, 16-nr"),
        ("CRC of {code.polynomial}", ["CRC of 24a (one/a)", "CRC of 24a (two/a)"], "CRC of 24a"),
        ("{code.n} by {decoder.type} {x}", ["3 by ml {x}", "5 by ml {x}"], "3, 5 by ml {x}"),
        ("n = {code.n}", [f"n = {n}" for n in range(3, 10)], "n = 3 ... 9"),
        ("CRC of {code.polynomial}", ["another"], "CRC of"),
        ("{code.n}", ["another", ""], "another"),
        ("{code.n}", [], "{code.n}"),
        ("{brackets} stay", ["{brackets} stay"], "{brackets} stay"),
    ],
)
def test_fields_are_filled_with_the_values_of_the_curves(group: str, labels: list[str], name: str) -> None:
    assert family_name(group, labels) == name
