"""LDPC codes of DVB: every matrix against what is known of it.

The tables were found equal, address by address, to those of two programs with copies of their own, and the 21 of
DVB-S2 to a third one's.
"""

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import LDPCCode, by_name
from capgap.codes.ldpc.standards import dvb, parity_check

# k; degrees of the information bits, each with how many groups of 360 have it; least and largest degree of the
# checks; cycles of length 4, divided by 360, the symmetry of the matrix.
FACTS: dict[tuple[str, int, str], tuple[int, str, int, int, int]] = {
    ("dvb-s2", 64800, "1/4"): (16200, "3x30 12x15", 3, 4, 0),
    ("dvb-s2", 64800, "1/3"): (21600, "3x40 12x20", 4, 5, 0),
    ("dvb-s2", 64800, "2/5"): (25920, "3x48 12x24", 5, 6, 0),
    ("dvb-s2", 64800, "1/2"): (32400, "3x54 8x36", 6, 7, 0),
    ("dvb-s2", 64800, "3/5"): (38880, "3x72 12x36", 10, 11, 0),
    ("dvb-s2", 64800, "2/3"): (43200, "3x108 13x12", 9, 10, 0),
    ("dvb-s2", 64800, "3/4"): (48600, "3x120 12x15", 13, 14, 0),
    ("dvb-s2", 64800, "4/5"): (51840, "3x126 11x18", 17, 18, 0),
    ("dvb-s2", 64800, "5/6"): (54000, "3x135 13x15", 21, 22, 0),
    ("dvb-s2", 64800, "8/9"): (57600, "3x140 4x20", 26, 27, 0),
    ("dvb-s2", 64800, "9/10"): (58320, "3x144 4x18", 29, 30, 0),
    ("dvb-s2", 16200, "1/4"): (3240, "3x5 12x4", 3, 4, 0),
    ("dvb-s2", 16200, "1/3"): (5400, "3x10 12x5", 4, 5, 0),
    ("dvb-s2", 16200, "2/5"): (6480, "3x12 12x6", 5, 6, 0),
    ("dvb-s2", 16200, "1/2"): (7200, "3x15 8x5", 4, 7, 0),
    ("dvb-s2", 16200, "3/5"): (9720, "3x18 12x9", 10, 11, 0),
    ("dvb-s2", 16200, "2/3"): (10800, "3x27 13x3", 9, 10, 0),
    ("dvb-s2", 16200, "3/4"): (11880, "3x32 12x1", 9, 13, 0),
    ("dvb-s2", 16200, "4/5"): (12600, "3x35", 11, 13, 0),
    ("dvb-s2", 16200, "5/6"): (13320, "3x36 13x1", 15, 19, 0),
    ("dvb-s2", 16200, "8/9"): (14400, "3x35 4x5", 26, 27, 0),
    ("dvb-s2x", 64800, "2/9"): (14400, "3x20 11x20", 3, 4, 0),
    ("dvb-s2x", 64800, "13/45"): (18720, "3x28 12x24", 4, 5, 0),
    ("dvb-s2x", 64800, "9/20"): (29160, "3x45 4x9 12x27", 6, 7, 1),
    ("dvb-s2x", 64800, "90/180"): (32400, "3x65 6x5 9x5 16x5 18x10", 6, 8, 0),
    ("dvb-s2x", 64800, "96/180"): (34560, "3x61 4x15 12x5 14x5 20x10", 7, 9, 0),
    ("dvb-s2x", 64800, "11/20"): (35640, "3x72 13x27", 8, 9, 4),
    ("dvb-s2x", 64800, "100/180"): (36000, "3x75 8x5 10x5 15x5 16x10", 7, 9, 0),
    ("dvb-s2x", 64800, "26/45"): (37440, "3x72 12x24 13x8", 9, 10, 0),
    ("dvb-s2x", 64800, "104/180"): (37440, "3x69 4x10 7x5 14x10 18x10", 8, 10, 0),
    ("dvb-s2x", 64800, "18/30"): (38880, "3x70 4x19 19x19", 10, 11, 0),
    ("dvb-s2x", 64800, "28/45"): (40320, "3x84 7x4 11x24", 9, 10, 2),
    ("dvb-s2x", 64800, "23/36"): (41400, "3x90 6x5 11x20", 9, 10, 1),
    ("dvb-s2x", 64800, "116/180"): (41760, "3x81 4x10 10x10 12x5 18x10", 10, 12, 0),
    ("dvb-s2x", 64800, "20/30"): (43200, "3x95 4x2 16x23", 12, 14, 0),
    ("dvb-s2x", 64800, "124/180"): (44640, "3x99 12x5 13x10 16x10", 12, 14, 0),
    ("dvb-s2x", 64800, "25/36"): (45000, "3x95 9x5 11x25", 12, 13, 1),
    ("dvb-s2x", 64800, "128/180"): (46080, "3x93 4x10 12x15 15x10", 13, 15, 0),
    ("dvb-s2x", 64800, "13/18"): (46800, "3x100 10x30", 13, 14, 2),
    ("dvb-s2x", 64800, "22/30"): (47520, "3x102 4x7 15x23", 15, 17, 0),
    ("dvb-s2x", 64800, "132/180"): (47520, "3x97 4x10 12x15 15x10", 14, 16, 0),
    ("dvb-s2x", 64800, "135/180"): (48600, "3x100 4x10 11x15 14x10", 15, 17, 0),
    ("dvb-s2x", 64800, "7/9"): (50400, "3x100 5x20 12x20", 17, 18, 3),
    ("dvb-s2x", 64800, "140/180"): (50400, "3x85 4x30 12x15 15x10", 18, 20, 0),
    ("dvb-s2x", 64800, "154/180"): (55440, "3x124 5x5 12x15 13x10", 28, 30, 0),
    ("dvb-s2x", 32400, "1/5"): (6480, "3x9 13x9", 3, 4, 0),
    ("dvb-s2x", 32400, "11/45"): (7920, "3x12 10x10", 3, 4, 0),
    ("dvb-s2x", 32400, "1/3"): (10800, "3x20 12x10", 4, 5, 0),
    ("dvb-s2x", 16200, "11/45"): (3960, "3x6 10x5", 3, 4, 0),
    ("dvb-s2x", 16200, "4/15"): (4320, "3x3 4x6 21x3", 4, 5, 0),
    ("dvb-s2x", 16200, "14/45"): (5040, "3x8 9x1 12x5", 4, 5, 0),
    ("dvb-s2x", 16200, "7/15"): (7560, "3x9 4x8 24x4", 8, 9, 0),
    ("dvb-s2x", 16200, "8/15"): (8640, "3x14 4x5 21x5", 9, 10, 0),
    ("dvb-s2x", 16200, "26/45"): (9360, "3x18 12x6 13x2", 9, 10, 0),
    ("dvb-s2x", 16200, "32/45"): (11520, "3x26 5x1 12x5", 12, 13, 0),
}
# What DVB-T2 has of its own.
FACTS |= {
    ("dvb-t2", 64800, "2/3"): (43200, "3x108 13x12", 9, 10, 0),
    ("dvb-t2", 16200, "3/5"): (9720, "3x22 12x5", 8, 9, 0),
}
#: The start of the digest of all addresses in this order.
DIGEST = "92cba1ba23fada84"


def assert_is_as_known(matrix: Any, n: int, facts: tuple[int, str, int, int, int]) -> None:
    k, profile, least, largest, cycles = facts
    checks = n - k
    assert matrix.shape == (checks, n)
    assert matrix.dtype == np.uint8
    assert (matrix.data == 1).all()  # no address twice
    weights = np.bincount(matrix.indices, minlength=n)
    values, times = np.unique(weights[:k:360], return_counts=True)
    assert " ".join(f"{value}x{count}" for value, count in zip(values, times, strict=True)) == profile
    assert (weights[:k] == np.repeat(weights[:k:360], 360)).all()
    degrees = np.diff(matrix.indptr)
    assert (degrees.min(), degrees.max()) == (least, largest)
    parity = matrix.tocsc()[:, k:].tocoo()  # a staircase: full rank
    assert set(zip(parity.row.tolist(), parity.col.tolist(), strict=True)) == {
        *((i, i) for i in range(checks)),
        *((i + 1, i) for i in range(checks - 1)),
    }
    # Pairs of rows that share s ones close s (s - 1) / 2 cycles of length 4.
    shared = (matrix.astype(np.int32) @ matrix.T.astype(np.int32)).tocoo()
    count = shared.data[shared.row < shared.col]
    assert int((count * (count - 1) // 2).sum()) == 360 * cycles


def first_of_groups(matrix: Any, k: int) -> npt.NDArray[np.int32]:
    """The addresses in the tables, ascending in each line."""
    columns = matrix.tocsc()[:, :k:360]
    columns.sort_indices()
    return np.asarray(columns.indices, "<i4")


@pytest.mark.cpu_seconds(6)
def test_every_matrix() -> None:
    total = hashlib.sha256()
    for (standard, n, rate), facts in FACTS.items():
        matrix = parity_check(standard, n, rate)
        assert_is_as_known(matrix, n, facts)
        total.update(first_of_groups(matrix, facts[0]).tobytes())
    assert total.hexdigest()[:16] == DIGEST


def test_every_code_is_named() -> None:
    named = {(name, n, rate) for name, of in dvb.RATES.items() for n, rates in of.items() for rate in rates}
    assert len(named) == 70
    own = {key for key in named if key[0] != "dvb-t2" or key in FACTS}
    assert own == set(FACTS)


def test_dvb_t2_has_codes_of_dvb_s2() -> None:
    for n, rates in dvb.RATES["dvb-t2"].items():
        for rate in rates:
            ours, theirs = parity_check("dvb-t2", n, rate), parity_check("dvb-s2", n, rate)
            same = ours.shape == theirs.shape and (ours != theirs).nnz == 0
            assert same == (("dvb-t2", n, rate) not in FACTS)


def test_the_first_line_of_a_table() -> None:
    """EN 302 307-1, table B.4, rate 1/2: bit 0 enters these sums, and bit 1 those 90 later."""
    first = [54, 2534, 8597, 9318, 10219, 14392, 26909, 27561]
    columns = parity_check("dvb-s2").tocsc()[:, :2].toarray()
    assert np.flatnonzero(columns[:, 0]).tolist() == first
    assert np.flatnonzero(columns[:, 1]).tolist() == [address + 90 for address in first]


@pytest.mark.parametrize(("n", "rate", "k"), [(16200, "4/5", 12600), (64800, "9/10", 58320)])
def test_codes(n: int, rate: str, k: int) -> None:
    code = by_name.ldpc(standard="dvb-s2", n=n, rate=rate)
    assert isinstance(code, LDPCCode)
    assert (code.n, code.k, code.default_decoder) == (n, k, "bp")
    np.testing.assert_array_equal(code.information_set, np.arange(k))
    bits = np.random.default_rng(1).integers(0, 2, (3, k), np.uint8)
    assert not code.syndrome(code.encode(bits)).any()


@pytest.mark.parametrize(
    ("standard", "n", "rate", "message"),
    [
        ("dvb-s2", 16200, None, "rate must be 1/4, .*, 5/6 or 8/9 for dvb-s2, but is missing"),
        ("dvb-s2", 16200, "9/10", "rate must be 1/4, .*, 5/6 or 8/9 for dvb-s2, got '9/10'"),
        ("dvb-s2", 32400, "1/3", "n must be 64800 or 16200 for dvb-s2, got 32400"),
        ("dvb-s2", None, "3/4", "n must be 64800 or 16200 for dvb-s2, but is missing"),
        ("dvb-s2x", 32400, "1/2", "rate must be 1/5, 11/45 or 1/3 for dvb-s2x, got '1/2'"),
        ("dvb-t2", 64800, "8/9", "rate must be 1/2, .* or 5/6 for dvb-t2, got '8/9'"),
        ("dvb-t2", 64800, "1", "rate must be 1/2, .* or 5/6 for dvb-t2, got '1'"),
    ],
)
def test_refuses_what_there_is_not(standard: str, n: int | None, rate: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        parity_check(standard, n, rate)
