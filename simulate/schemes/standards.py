"""Tables of schemes by the names of the standards."""

from collections.abc import Callable, Mapping
from typing import Any

from ...codes.parameters.tables import made_by_name
from .dvb_s2 import dvb_s2_schemes
from .lte import lte_schemes
from .nr import nr_schemes
from .scheme import Scheme
from .wifi import wifi_schemes

STANDARDS: dict[str, Callable[..., list[Scheme]]] = {
    "nr": nr_schemes,
    "dvb-s2": dvb_s2_schemes,
    "wifi": wifi_schemes,
    "lte": lte_schemes,
}


def schemes_of(standard: str, given: Mapping[str, Any]) -> list[Scheme]:
    """The schemes of a standard, as curves of a configuration, the least efficient first.

    Parameters
    ----------
    standard
        ``nr``, ``dvb-s2``, ``wifi`` or ``lte``.
    given
        What the standard's function takes; and ``only``, the numbers of the schemes wanted, from 0.

    Raises
    ------
    ValueError
        If there is no such standard or number, or a parameter is none of its.

    Examples
    --------
    >>> [scheme["label"] for scheme in schemes_of("wifi", {"only": [0, 11]})]
    ['MCS 0: BPSK 1/2', 'MCS 11: 1024-QAM 5/6']
    """
    only = given.get("only")
    own = {name: value for name, value in given.items() if name != "only"}
    found = made_by_name("standard", STANDARDS, standard, own)
    if only is None:
        return found
    numbers = only if isinstance(only, list) else [only]
    for number in numbers:
        if not (isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(found)):
            raise ValueError(f"only must hold numbers of schemes, 0 to {len(found) - 1}, got {number!r}")
    return [found[number] for number in dict.fromkeys(numbers)]
