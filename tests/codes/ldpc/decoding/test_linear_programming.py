"""Linear programming decoding: its minimum, and what it certifies."""

import itertools

import numpy as np
import pytest
from capgap.channels import BSC, Stream
from capgap.codes import HammingCode, LDPCCode, LinearCode, LinearProgrammingDecoder, regular_matrix
from scipy.optimize import linprog

from tests.codes.samples import Array, send, words_of
from tests.lazy import Lazy

CODES: Lazy[LinearCode] = Lazy(
    {
        "hamming": lambda: HammingCode(r=3),
        "regular": lambda: LDPCCode(regular_matrix(20, 10, 3)),
        "dependent": lambda: LinearCode(
            parity_check=[[1, 1, 0, 1, 1, 0], [0, 1, 1, 0, 1, 0], [1, 0, 1, 1, 0, 0]]
        ),
    }
)


def every_inequality(H: Array) -> tuple[Array, Array]:
    """Of each check, for each odd set of its bits: these, less the others, are at most their number less 1."""
    rows, limits = [], []
    for row in H:
        variables = np.flatnonzero(row)
        for count in range(1, len(variables) + 1, 2):
            for plus in itertools.combinations(variables, count):
                rows.append(np.where(np.isin(np.arange(H.shape[1]), plus), 1, -row.astype(int)))
                limits.append(count - 1)
    return np.array(rows), np.array(limits)


@CODES.each("code")
@pytest.mark.parametrize("channel", ["awgn", "bsc"])
def test_what_is_certified_is_maximum_likelihood(code: LinearCode, channel: str) -> None:
    if channel == "awgn":
        llr = send(code, 1, 60)[1]
    else:
        stream, model = Stream(1, 60), BSC(f=0.08)
        llr = model.llr(model.transmit(code.encode(stream.bits(code.k)), stream))
    result, words = LinearProgrammingDecoder(code).decode(llr), code.encode(words_of(code.k))
    least = (llr.astype(float) @ words.T).min(axis=1)
    own = (llr.astype(float) * code.encode(result.bits)).sum(axis=1)
    np.testing.assert_allclose(own[result.ok], least[result.ok], atol=1e-5)
    assert result.ok.mean() > 0.3
    # The minimum is that over the whole polytope, all of whose inequalities are known here.
    rows, limits = every_inequality(code.parity_check_matrix)
    for frame in range(20):
        whole = linprog(llr[frame].astype(float), rows, limits, bounds=(0, 1)).fun
        x, _, _ = LinearProgrammingDecoder(code)._minimum(llr[frame].astype(float))
        assert abs(llr[frame].astype(float) @ x - whole) < 1e-5
        assert result.ok[frame] == (abs(whole - least[frame]) < 1e-5) or channel == "bsc"


def test_what_is_left_is_no_codeword_and_not_ok() -> None:
    code = LDPCCode.regular(96, 48, 3)
    sent, llr = send(code, 2, 40)
    result = LinearProgrammingDecoder(code).decode(llr)
    assert 0 < result.ok.sum() < 40
    assert (result.counters["rounds"][~result.ok] > 1).all()
    assert (result.counters["inequalities"] < code.tanner_graph.edges * 3).all()
    right = (result.bits == sent).all(axis=1)
    assert right[result.ok].mean() > 0.9


def test_a_code_that_is_too_large() -> None:
    with pytest.raises(ValueError, match=r"lp takes graphs of up to 20000 edges, and that of .* has 30000"):
        LinearProgrammingDecoder(LDPCCode.regular(10_000, 5_000, 3))
