"""Redundancy versions: one codeword of a mother code, sent in parts."""

from collections.abc import Sequence

import numpy as np
import pytest
from capgap.codes import Code, HammingCode, by_name

from tests.codes.samples import random_bits
from tests.lazy import Lazy

CODES: Lazy[Code] = Lazy(
    {
        "nr": lambda: by_name.ldpc(standard="nr", k=60, n=100),
        "nr, two blocks": lambda: by_name.ldpc(standard="nr", k=4000, n=8000, base_graph=2),
        "lte": lambda: by_name.turbo(standard="lte", k=40, n=60),
        "crc": lambda: by_name.crc(polynomial="8-lte", code=by_name.turbo(standard="lte", k=40, n=60)),
    }
)


@CODES.each("code")
def test_versions_follow_each_other(code: Code) -> None:
    """What versions 0, 2 and 3 send is what the codes of each of them send, one after the other."""
    bits = random_bits(3, code.k, seed=5)
    whole = code.transmissions((0, 2, 3))
    alone = code.transmissions((0,)).encode(bits)
    assert (whole.k, whole.n) == (code.k, 3 * code.n)
    assert np.array_equal(alone, code.encode(bits))
    sent = whole.encode(bits)
    assert np.array_equal(sent[:, : code.n], alone)
    assert np.array_equal(sent[:, : 2 * code.n], code.transmissions((0, 2)).encode(bits))
    assert np.array_equal(
        sent[:, code.n :], code.transmissions((0, 2, 3, 0)).encode(bits)[:, code.n : -code.n]
    )


@pytest.mark.parametrize("rv", [2, 3, 1])
def test_a_version_sends_what_the_code_of_it_does(rv: int) -> None:
    code = by_name.ldpc(standard="nr", k=60, n=200)
    bits = random_bits(3, code.k, seed=6)
    alone = by_name.ldpc(standard="nr", k=60, n=200, rv=rv).encode(bits)
    assert np.array_equal(code.transmissions((0, rv)).encode(bits)[:, 200:], alone)


def test_versions_may_be_named() -> None:
    code = by_name.rate_matched(code=HammingCode(r=3), versions=["0:5", [6, 5], [0, "2:4"]])
    word = HammingCode(r=3).encode([1, 0, 1, 1])
    assert np.array_equal(code.encode([1, 0, 1, 1]), word[:5])
    sent = code.transmissions((0, 2, 1, 0)).encode([1, 0, 1, 1])
    assert np.array_equal(sent, word[[0, 1, 2, 3, 4, 0, 2, 3, 6, 5, 0, 1, 2, 3, 4]])


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        ((0, 4), "versions 0, 1, 2, 3: it has no 4"),
        ((), "none in the list"),
        ((1,), "do not tell all messages"),
    ],
)
def test_other_versions_are_refused(versions: Sequence[int], words: str) -> None:
    code = by_name.ldpc(standard="nr", k=300, n=340, base_graph=1)
    with pytest.raises(ValueError, match=words):
        code.transmissions(versions)


def test_codes_without_versions_say_so() -> None:
    with pytest.raises(ValueError, match="no redundancy versions: take nr, lte with n"):
        HammingCode(r=3).transmissions((0,))
    with pytest.raises(ValueError, match="puncture says nothing beside versions"):
        by_name.rate_matched(code=HammingCode(r=3), versions=["0:5"], puncture=[1])
    with pytest.raises(ValueError, match="versions must list"):
        by_name.rate_matched(code=HammingCode(r=3), versions=[])
    words = HammingCode(r=3).encode(np.eye(4, dtype=np.uint8))
    unseen = words[words.sum(axis=1) == 3][0]
    with pytest.raises(ValueError, match="versions: what version 0 sends leaves two codewords"):
        by_name.rate_matched(code=HammingCode(r=3), versions=[np.flatnonzero(unseen == 0).tolist()])
    with pytest.raises(ValueError, match="what version 1 sends leaves 2 bits to send 4"):
        by_name.rate_matched(code=HammingCode(r=3), versions=[":", "0:2"]).transmissions((1,))
    with pytest.raises(ValueError, match="versions names coded bit 7"):
        by_name.rate_matched(code=HammingCode(r=3), versions=["0:5", [7]])
