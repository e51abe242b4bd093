"""Channels of a matrix, and how the outputs of all channels with binary input are drawn."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import (
    BEC,
    BSC,
    BinaryAsymmetric,
    Channel,
    DiscreteMemoryless,
    Stream,
    ZChannel,
    binary_input_capacity,
    blahut_arimoto,
    channel_information,
)
from capgap.channels.models.model import ChannelModel
from capgap.channels.parameter import EPSILON
from capgap.simulate import InputError, run
from capgap.vectors.groups import HARD, SOFT, packed
from scipy.stats import binomtest

#: With outputs that never occur, at both ends too.
MATRICES = (
    [[0.0, 0.6, 0.25, 0.0, 0.1, 0.05, 0.0], [0.0, 0.02, 0.1, 0.0, 0.28, 0.6, 0.0]],
    [[1.0, 0.0], [0.25, 0.75]],
    [[1e-9, 1 - 1e-9, 0.0], [0.0, 0.5, 0.5]],
    [[1.0], [1.0]],
)


def drawn(law: npt.NDArray[np.float64], word: npt.NDArray[Any], stream: Stream) -> npt.NDArray[np.int64]:
    """The outputs, by the definition: the first whose sum of probabilities is above a number of 64 bits."""
    frames, n = word.shape
    words = stream.words(2 * n).astype(np.uint64)
    uniform = (words[:, ::2] << np.uint64(32)) | words[:, 1::2]
    outputs = np.empty(word.shape, np.int64)
    for frame in range(frames):
        for i in range(n):
            row = law[word[frame, i]]
            above = [k for k, end in enumerate(np.cumsum(row)) if int(uniform[frame, i]) < int(end * 2**64)]
            outputs[frame, i] = above[0] if above else np.flatnonzero(row)[-1]
    return outputs


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("epsilon", [0.0, 0.3, 1.0])
def test_outputs_are_drawn_by_their_law(matrix: list[list[float]], epsilon: float) -> None:
    channel = DiscreteMemoryless(matrix=matrix, epsilon=epsilon)
    word = Stream(1, 70).bits(13)
    received = channel.transmit(word, Stream(2, 70))
    assert np.array_equal(received, drawn(channel.transition, word, Stream(2, 70)))
    assert channel.transition[word, received].all()  # nothing that cannot occur
    for reads in (SOFT, HARD):
        observed = channel.observe(packed(word), Stream(2, 70), reads).lanes().T
        llr = channel.llr(received)
        assert np.array_equal(observed, llr if reads is SOFT else np.sign(llr))


def test_shares_of_outputs() -> None:
    """Exact binomial tests, significance 1e-6 each."""
    channel = DiscreteMemoryless(matrix=MATRICES[0], epsilon=0.2)
    word = Stream(3, 1000).bits(61)
    received = channel.transmit(word, Stream(4, 1000))
    for bit in (0, 1):
        for output, probability in enumerate(channel.transition[bit]):
            found = int((received[word == bit] == output).sum())
            assert binomtest(found, int((word == bit).sum()), probability).pvalue > 1e-6


def test_llrs() -> None:
    channel = DiscreteMemoryless(matrix=[[0.6, 0.4, 0.0, 0.0], [0.2, 0.3, 0.5, 0.0]], epsilon=0.5)
    expected = [math.log(3), math.log(4 / 3), -1000, 0, 0]
    assert channel.llr(range(5)).tolist() == pytest.approx(expected)
    assert channel.llr([[0, 4], [2, 1]]).shape == (2, 2)
    for wrong in ([5], [-1], [0.5]):
        with pytest.raises(ValueError, match="received must hold numbers of outputs, whole ones from 0 to 4"):
            channel.llr(wrong)


def test_capacities() -> None:
    """Those of channels with closed forms, and Blahut and Arimoto's."""
    same: tuple[tuple[Channel, list[list[float]]], ...] = (
        (BSC(f=0.11), [[0.89, 0.11], [0.11, 0.89]]),
        (BEC(epsilon=0.3), [[0.7, 0.3, 0], [0, 0.3, 0.7]]),
        (ZChannel(p=0.2), [[1, 0], [0.2, 0.8]]),
        (BinaryAsymmetric(p01=0.1, p10=0.3), [[0.9, 0.1], [0.3, 0.7]]),
    )
    for known, matrix in same:
        channel = DiscreteMemoryless(matrix=matrix, epsilon=0.0)
        assert channel.capacity() == pytest.approx(known.capacity(), abs=1e-13)
        assert channel.modulated_ber() == pytest.approx(
            known.modulated_ber() or {"BSC": 0.11, "BEC": 0.15}[type(known).__name__]
        )
    rng = np.random.default_rng(1)
    for outputs in (2, 3, 17, 300):
        law = rng.dirichlet(np.full(outputs, 0.3), 2)
        channel = DiscreteMemoryless(matrix=law.tolist(), epsilon=0.25)
        found = blahut_arimoto(law, gap=1e-11, max_iterations=3000)
        assert found.gap < 1e-10
        assert found.lower - 1e-13 <= channel.capacity() / 0.75 <= found.upper + 1e-13
        fair = channel.capacity("modulation")
        assert fair == pytest.approx(0.75 * channel_information([0.5, 0.5], law), abs=1e-12)
        assert 0.94 * channel.capacity() <= fair <= channel.capacity() + 1e-12
    with pytest.raises(ValueError, match="signal must be gaussian or modulation here"):
        channel.capacity("bpsk")


def test_limit() -> None:
    """As many outputs may be lost as leave the rate: 1 - R / C."""
    law = [[0.6, 0.3, 0.1], [0.05, 0.25, 0.7]]
    model = ChannelModel(DiscreteMemoryless, EPSILON, {"matrix": law})
    found = model.limit(0.2)
    assert found == pytest.approx(1 - 0.2 / binary_input_capacity(law), abs=1e-10)
    assert model.limit(0.9) is None


def test_capacity_of_rows_that_are_nearly_the_same() -> None:
    """About d^2 / (2 ln 2) of a BSC with f = (1 - d) / 2: a sum of entropies would have lost it."""
    d = 1e-7
    assert binary_input_capacity([[0.5 + d / 2, 0.5 - d / 2], [0.5 - d / 2, 0.5 + d / 2]]) == pytest.approx(
        d * d / (2 * math.log(2)), rel=1e-6
    )
    assert binary_input_capacity([[0.3, 0.7], [0.3, 0.7]]) == 0
    with pytest.raises(ValueError, match="transition must have 2 rows, got 3"):
        binary_input_capacity(np.eye(3))


@pytest.mark.parametrize(
    ("matrix", "epsilon", "problem"),
    [
        ([[0.5, 0.5]], 0.1, "matrix must have 2 rows"),
        ([[0.5, 0.4], [0.5, 0.5]], 0.1, "matrix must have rows that sum to 1, got 0.9 in row 0"),
        ([[0.5, 0.5], [1.5, -0.5]], 0.1, "matrix must not be negative"),
        ([[0.5, 0.5], [1.0]], 0.1, "matrix must be an array of probabilities: its rows differ in length"),
        ([[0.5, 0.5], [0.1, 0.9]], 1.1, "epsilon, the erasure probability, must lie in"),
        ([[1 / 4096] * 4096] * 2, 0.1, "matrix must have at most 4095 columns"),
    ],
)
def test_what_is_no_channel(matrix: Any, epsilon: float, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        DiscreteMemoryless(matrix=matrix, epsilon=epsilon)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0.5 0.5\n", "a matrix has two rows, of a 0 and of a 1, got 1"),
        ("1 0\n\n1 0 0\n", "3: this row has 3 numbers, the first one 2"),
        ("1 0\n1 0\n1 0\n", "3: a matrix has two rows"),
        ("1 zero\n1 0\n", "1: expected a number, found 'zero'"),
        ("1 0.5\n0 1\n", "matrix must have rows that sum to 1"),
    ],
)
def test_files(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "law.txt"
    file.write_text("# P(output | bit)\n0.9, 0.1\n\n0.2 , 0.8  # of a 1\n")
    assert DiscreteMemoryless(matrix=file, epsilon=0).transition.tolist() == [[0.9, 0.1, 0], [0.2, 0.8, 0]]
    file.write_text(text)
    with pytest.raises(ValueError, match=problem):
        DiscreteMemoryless(matrix=file, epsilon=0)


def test_repetition_over_a_matrix_errs_as_it_must(tmp_path: Path) -> None:
    """ML of two repetitions errs by the lesser of the products. Significance 1e-6."""
    law = np.array([[0.6, 0.3, 0.1], [0.05, 0.25, 0.7]])
    (tmp_path / "law.txt").write_text("\n".join(" ".join(map(str, row)) for row in law))
    config = {
        "name": "dmc",
        "channel": {"type": "dmc", "matrix": tmp_path / "law.txt", "epsilon": 0.0},
        "curves": [{"label": "a", "code": {"type": "repetition", "n": 2}, "decoder": "ml"}],
        "stop": {"frames": 20_000},
        "seed": 1,
    }
    (row,) = run(config, save=False)
    both = [np.multiply.outer(each, each) for each in law]
    assert binomtest(row.tally.frame_errors, row.tally.frames, np.minimum(*both).sum() / 2).pvalue > 1e-6
    with pytest.raises(InputError, match="matrix must have 2 rows"):
        run({**config, "channel": {"type": "dmc", "matrix": [[1.0]], "epsilon": 0.1}}, save=False)
