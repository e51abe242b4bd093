"""LDPC codes of standards: every matrix against known facts and other copies."""

import hashlib
import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import LDPCCode, TannerGraph, read_alist
from capgap.codes.binary import gf2
from capgap.codes.ldpc import by_name, by_standard, standards
from capgap.codes.ldpc.standards import parity_check, wifi, wimax

WIMAX_RATES = wimax.RATES[:-1]  # without 5/6-68
WIMAX = [(n, rate) for n in wimax.LENGTHS for rate in WIMAX_RATES]
WIFI = [(n, rate) for n in wifi.LENGTHS for rate in wifi.RATES]

# Number of block columns of each weight, and of block rows, as counted in the tables of the standards.
WIMAX_DEGREES = {
    "1/2": ({2: 11, 3: 8, 6: 5}, {6: 8, 7: 4}),
    "2/3A": ({2: 7, 3: 12, 6: 5}, {10: 8}),
    "2/3B": ({2: 7, 3: 1, 4: 16}, {10: 7, 11: 1}),
    "3/4A": ({2: 5, 3: 1, 4: 18}, {14: 5, 15: 1}),
    "3/4B": ({2: 5, 3: 12, 6: 7}, {14: 2, 15: 4}),
    "5/6": ({2: 3, 3: 10, 4: 11}, {20: 4}),
}
WIFI_DEGREES = {
    (648, "1/2"): ({2: 11, 3: 10, 12: 3}, {7: 8, 8: 4}),
    (648, "2/3"): ({2: 7, 3: 8, 4: 5, 6: 1, 8: 3}, {11: 8}),
    (648, "3/4"): ({2: 5, 3: 8, 4: 6, 6: 5}, {14: 2, 15: 4}),
    (648, "5/6"): ({2: 3, 3: 2, 4: 19}, {22: 4}),
    (1296, "1/2"): ({2: 11, 3: 9, 4: 1, 11: 3}, {7: 10, 8: 2}),
    (1296, "2/3"): ({2: 7, 3: 12, 7: 2, 8: 3}, {11: 8}),
    (1296, "3/4"): ({2: 5, 3: 12, 6: 7}, {14: 2, 15: 4}),
    (1296, "5/6"): ({2: 3, 3: 5, 4: 16}, {21: 3, 22: 1}),
    (1944, "1/2"): ({2: 11, 3: 9, 4: 1, 11: 3}, {7: 10, 8: 2}),
    (1944, "2/3"): ({2: 7, 3: 12, 6: 1, 8: 4}, {11: 8}),
    (1944, "3/4"): ({2: 5, 3: 13, 6: 6}, {14: 5, 15: 1}),
    (1944, "5/6"): ({2: 3, 3: 11, 4: 10}, {19: 1, 20: 3}),
}

# Cycles of length 4 for each block that begins one; codes that are not here have none.
WIMAX_4_CYCLES = {
    "2/3A": {672: 4, 864: 1},
    "1/2": {672: 1},
    "3/4A": dict(
        zip(wimax.LENGTHS, [10, 9, 11, 10, 6, 6, 5, 8, 5, 4, 4, 5, 3, 3, 2, 3, 3, 4, 3], strict=True)
    ),
    "5/6": {576: 2, 672: 2, 768: 1, 864: 1, 960: 1, 1056: 1, 1152: 1, 1248: 1, 1344: 1, 1440: 1},
}
WIFI_4_CYCLES = {(648, "3/4"): 2, (1296, "2/3"): 2, (1944, "2/3"): 1}

# The start of the digest of all matrices of a standard. The matrices that these were taken from were
# found equal, entry by entry, to ones from another source.
DIGESTS = {
    "wimax": "b0d94f9dabd9a9a6",
    "wifi": "9df5a871d8b84817",
    "10gbase-t": "3f4a5381cf29f474",
}

# Check bits, by the generator matrix of annex 55A, of the words whose bit i is bit w of the number i.
ETHERNET_CHECK_BITS = [
    "09f2dd165b7fe84a25fd967a3dcb75970d83e4aaee74f05402ee80e21b4eca9ab4f0d2e19a402d790c",
    "162cae2acefa4766fbb3eb7cfcaa23f7d7efd77be178a2628160e4e012fe22e20bfa3d93102f2d87c3",
    "01f2a16ac093decba87a9da6fd02a1040cec3e83f72f93b4d5122ce176620d84dc6269f2b383080205",
    "037303871ad56aebf62e1a491935f6918482b681721a8af1a668675b0d7b9c94b1d8f84c361b53c4fa",
    "0dfe643f01f4919c18ff57717546ca57ac146223c87c92567f2866e9b7d63f66cb81a8ddaf7f431cdb",
    "141cbe4c92376765af311c2283e1acb63931850edfe794f805eb5817a7262cd9ce5cab4ab473713e8d",
    "1bf5dbe4e66452de826f833bf549ea3ca6e2d46b15c0671433980cdd4286056b873a17cac66346d568",
    "0ca3c6ff1fb971dfe6e7b062baac8265f59d728f8c8fcbffc722ffcd60e58f4e0338be4cc2523b67c8",
    "150c40a356be94395dba31bfc9ecbd60cd0039721db2c1d8d1e0be68eaa1eea861bfeed34101de4e7f",
    "0caabda9d6eedef2d2fa6e3cddbab832e9f0cd57a6a7feb118ed4d5dc68e2e081bccdeb6fc18205d6c",
    "0fd7fb2de75f5b99cf069f1a18d93e1c87a172cdca6ecdd8fcfa6e726881561f72c2bb3264fdcb89c5",
]


def entries(matrix: Any) -> list[tuple[int, int]]:
    rows, columns = matrix.nonzero()
    return sorted(zip(rows.tolist(), columns.tolist(), strict=True))


def digest(matrices: Iterable[Any]) -> str:
    total = hashlib.sha256()
    for matrix in matrices:
        total.update(np.array(entries(matrix), "<i4").tobytes())
    return total.hexdigest()[:16]


def cycles_of_length_4(matrix: Any) -> int:
    """Pairs of rows that share s ones close s (s - 1) / 2 of them."""
    shared = (matrix.astype(np.int32) @ matrix.T.astype(np.int32)).tocoo()
    count = shared.data[shared.row < shared.col]
    return int((count * (count - 1) // 2).sum())


def counts(degrees: npt.NDArray[Any], block: int = 1) -> dict[int, int]:
    values, times = np.unique(degrees, return_counts=True)
    assert (times % block == 0).all()
    return dict(zip(values.tolist(), (times // block).tolist(), strict=True))


def assert_is_quasi_cyclic_code(
    standard: str, n: int, rate: str, degrees: tuple[dict[int, int], dict[int, int]], cycles: int
) -> None:
    matrix, z = parity_check(standard, n, rate), n // 24
    top, bottom = (int(part.rstrip("AB")) for part in rate.split("/"))
    k = n * top // bottom
    assert matrix.shape == (n - k, n)
    assert matrix.dtype == np.uint8
    assert gf2.rank(matrix.toarray()) == n - k
    graph = TannerGraph.from_matrix(matrix)
    assert (counts(graph.variable_degrees, z), counts(graph.check_degrees, z)) == degrees
    assert cycles_of_length_4(matrix) == cycles * z
    assert graph.girth() == (4 if cycles else 6)
    # Block columns from the second parity one on form a double diagonal of unshifted blocks.
    dense = matrix.toarray()[:, k + z :]
    rows = np.arange(n - k - z)
    assert (dense[rows, rows] == 1).all()
    assert (dense[rows + z, rows] == 1).all()
    assert dense.sum() == 2 * len(rows)


@pytest.mark.parametrize(
    "n", [pytest.param(n, marks=[pytest.mark.slow] if i % 3 else []) for i, n in enumerate(wimax.LENGTHS)]
)
def test_wimax(n: int) -> None:
    for rate in WIMAX_RATES:
        cycles = WIMAX_4_CYCLES.get(rate, {}).get(n, 0)
        assert_is_quasi_cyclic_code("wimax", n, rate, WIMAX_DEGREES[rate], cycles)


def test_the_variant_of_wimax() -> None:
    """One block of rate 5/6 has another shift, floor(68 z / 96), and there are no cycles of length 4."""
    for n in wimax.LENGTHS:
        usual, variant, z = parity_check("wimax", n, "5/6"), parity_check("wimax", n, "5/6-68"), n // 24
        changed = (usual != variant).tocoo()
        assert changed.row.min() >= 3 * z
        assert changed.col.max() < z
        assert variant[[3 * z], :z].nonzero()[1].tolist() == [68 * z // 96]
        assert cycles_of_length_4(variant) == 0


@pytest.mark.parametrize(("n", "rate"), WIFI)
def test_wifi(n: int, rate: str) -> None:
    cycles = WIFI_4_CYCLES.get((n, rate), 0)
    assert_is_quasi_cyclic_code("wifi", n, rate, WIFI_DEGREES[n, rate], cycles)


def test_ethernet() -> None:
    matrix = parity_check("10gbase-t")
    dense = matrix.toarray()
    assert matrix.shape == (384, 2048)
    assert (gf2.rank(dense), gf2.rank(dense[:, 1723:])) == (325, 325)
    graph = TannerGraph.from_matrix(matrix)
    assert (counts(graph.variable_degrees), counts(graph.check_degrees)) == ({6: 2048}, {32: 384})
    assert cycles_of_length_4(matrix) == 0
    assert graph.girth() == 6


def test_ethernet_code_words() -> None:
    """The order of the columns: the first 1723 bits are the information, and these are their check bits."""
    code = LDPCCode.from_standard("10gbase-t")
    assert (code.n, code.k) == (2048, 1723)
    np.testing.assert_array_equal(code.information_set, np.arange(1723))
    information = (np.arange(1723) >> np.arange(len(ETHERNET_CHECK_BITS))[:, None] & 1).astype(np.uint8)
    found = code.encode(information)[:, 1723:].tolist()
    assert ["".join(map(str, word)) for word in found] == [
        f"{int(bits, 16):0325b}" for bits in ETHERNET_CHECK_BITS
    ]


def test_no_entry_has_changed() -> None:
    assert digest(parity_check("wimax", n, rate) for n, rate in WIMAX) == DIGESTS["wimax"]
    assert digest(parity_check("wifi", n, rate) for n, rate in WIFI) == DIGESTS["wifi"]
    assert digest([parity_check("10gbase-t")]) == DIGESTS["10gbase-t"]


def test_another_copy_of_wimax(shared: Path) -> None:
    """That copy shifts to the left, and so has the bits of each block in the opposite order."""
    copy = read_alist(shared / "alist" / "WIMAX_288_576.alist")

    def opposite(size: int) -> npt.NDArray[np.int64]:
        index = np.arange(size)
        return index // 24 * 24 + -index % 24

    ours = parity_check("wimax", 576, "1/2")[opposite(288)][:, opposite(576)]
    assert entries(ours) == entries(copy)


def test_another_copy_of_wran(shared: Path) -> None:
    copy = read_alist(shared / "alist" / "WRAN_360_480.alist")
    assert entries(parity_check("wran")) == entries(copy)
    assert (LDPCCode.from_standard("wran").k, gf2.rank(copy.toarray())) == (360, 120)


@pytest.mark.parametrize(
    ("standard", "n", "rate", "k"),
    [("wimax", 576, "2/3A", 384), ("wimax", 960, "5/6", 800), ("wifi", 648, "3/4", 486)],
)
def test_codes_of_standards(standard: Any, n: int, rate: Any, k: int) -> None:
    code = LDPCCode.from_standard(standard, n, rate)
    assert (code.n, code.k, code.default_decoder) == (n, k, "bp")
    np.testing.assert_array_equal(code.information_set, np.arange(k))
    named = by_name.ldpc(standard=standard, n=n, rate=rate)
    assert isinstance(named, LDPCCode)
    np.testing.assert_array_equal(named.parity_check_matrix, code.parity_check_matrix)
    bits = np.random.default_rng(1).integers(0, 2, (20, k), np.uint8)
    assert not code.syndrome(code.encode(bits)).any()
    assert by_name.ldpc(standard=standard, n=n, rate=rate, puncture=[0]).n == n - 1


def test_the_only_code_of_a_standard_needs_no_more_words() -> None:
    for standard, n, rate in [("10gbase-t", 2048, "1723/2048"), ("dvb-s2", 64800, "1/2")]:
        given = parity_check(standard, n, rate)
        assert entries(given) == entries(parity_check(standard))


def test_configurations_know_all_standards() -> None:
    assert get_args(by_name.Standard) == tuple(by_standard.STANDARDS)
    assert set(standards.NAMES) <= set(by_standard.STANDARDS)
    for name, make in by_standard.STANDARDS.items():
        own = set(inspect.signature(make).parameters)
        assert own <= set(inspect.signature(by_name.ldpc).parameters), name


@pytest.mark.parametrize(
    ("standard", "n", "rate", "message"),
    [
        (
            "umts",
            40,
            "1/3",
            "standard must be wimax, wifi, 10gbase-t, wran, wigig, ccsds-tc, dvb-s2, dvb-s2x or dvb-t2, got 'umts'",
        ),
        ("wimax", None, "1/2", "n must be 576 to 2304 in steps of 96 for wimax, but is missing"),
        ("wimax", 600, "1/2", "n must be 576 to 2304 in steps of 96 for wimax, got 600"),
        (
            "wimax",
            576,
            None,
            "rate must be 1/2, 2/3A, 2/3B, 3/4A, 3/4B, 5/6 or 5/6-68 for wimax, but is missing",
        ),
        ("wimax", 576, "2/3", "rate must be 2/3A or 2/3B for wimax, which has two codes of rate 2/3"),
        ("wimax", 576, "3/4", "rate must be 3/4A or 3/4B for wimax, which has two codes of rate 3/4"),
        ("wimax", 576, "7/8", "rate must be 1/2, 2/3A, 2/3B, 3/4A, 3/4B, 5/6 or 5/6-68 for wimax, got '7/8'"),
        (
            "wimax",
            576,
            0.5,
            "rate must be 1/2, 2/3A, 2/3B, 3/4A, 3/4B, 5/6 or 5/6-68, as text, for wimax, got 0.5",
        ),
        ("wifi", 576, "1/2", "n must be 648, 1296 or 1944 for wifi, got 576"),
        ("wifi", 648, "2/3A", "rate must be 1/2, 2/3, 3/4 or 5/6 for wifi, got '2/3A'"),
        ("10gbase-t", 2047, None, "n must be 2048 for 10gbase-t, got 2047"),
        ("10gbase-t", None, "5/6", "rate must be 1723/2048 for 10gbase-t, got '5/6'"),
    ],
)
def test_refuses_what_no_standard_has(standard: str, n: int | None, rate: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parity_check(standard, n, rate)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n": 576, "rate": "1/2"}, "rate belongs to a standard or a construction, which is not named"),
        ({"rate": "1/2"}, "takes one of parity_check, alist, qc, standard, construction, or n with k and"),
        (
            {"standard": "wifi", "n": 648, "rate": "1/2", "k": 324},
            "k is no parameter of wifi, which has n and rate",
        ),
        ({"standard": "wifi", "n": 648, "rate": "1/2", "qc": Path("x")}, "takes one of"),
        ({"standard": "wifi", "n": 648, "rate": "1/2", "seed": 1}, "seed is no parameter of wifi"),
        ({"standard": "wifi", "rate": "1/2"}, "n must be 648, 1296 or 1944 for wifi, but is missing"),
    ],
)
def test_by_name_refuses(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        by_name.ldpc(**given)
