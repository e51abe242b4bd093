"""List decoding of polar codes in int8 against a plain list decoder, and what has to hold between lists."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import CRCCode, LinearCRCCode, PolarCode
from capgap.codes.decoder import decoder_of
from capgap.codes.polar.decoding.lists.lane_list import LaneListDecoder, check_columns
from capgap.codes.polar.decoding.lists.successive_cancellation_list import SCLDecoder
from capgap.codes.polar.decoding.preferred import preferred_word
from capgap.codes.polar.decoding.successive_cancellation import SCDecoder
from capgap.vectors.groups import GroupInput, packed, unpacked

from tests.codes.polar.samples import unmatched
from tests.lazy import but_slow
from tests.references.polar_lane_lists import ListReference

Array = npt.NDArray[Any]


def code_of(n: int, k: int, seed: int = 0, systematic: bool = False) -> PolarCode:
    """A code whose positions follow the weights of rows, more or less: nodes of all kinds."""
    generator = np.random.default_rng([n, k, seed])
    rows = np.arange(n)
    order = np.bitwise_count(rows) + 1.5 * generator.random(n) + 2 * rows / n
    return PolarCode(information=np.sort(np.argsort(-order, kind="stable")[:k]), n=n, systematic=systematic)


def received(code: Any, frames: int, seed: int, size: float = 20, spread: float = 18) -> tuple[Array, Array]:
    """Information bits and noisy LLRs in steps of int8, (frames, k) and (frames, n)."""
    generator = np.random.default_rng(seed)
    bits = generator.integers(0, 2, (frames, code.k), np.uint8)
    llr = size * (1.0 - 2.0 * code.encode(bits)) + spread * generator.standard_normal((frames, code.n))
    return bits, np.clip(np.rint(llr), -127, 127).astype(np.int8)


def decoded(decoder: Any, llr: Array) -> tuple[Array, Array]:
    """Information bits and ``ok`` of int8 LLRs, (frames, n)."""
    groups = -(-len(llr) // 64)
    lanes = np.zeros((64 * groups, llr.shape[1]), np.int8)
    lanes[: len(llr)] = llr
    given = np.ascontiguousarray(lanes.reshape(groups, 64, -1).transpose(0, 2, 1))
    result = decoder.decode_groups(GroupInput(len(llr), llr=given))
    return unpacked(result.bits, len(llr)), result.ok


def listed(code: PolarCode, llr: Array, size: int, rows: int = 9) -> tuple[Array, Array, Array]:
    """Information bits of all paths by the reference, (frames, L, k); metrics; where ties may decide."""
    reference = ListReference(code.frozen, size, rows)
    word = preferred_word(code)[0]
    words, metrics = reference.decode(llr.astype(int) * (1 - 2 * word.astype(int)))
    bits = code.information_bits((words ^ word).reshape(-1, code.n)).reshape(*words.shape[:2], code.k)
    return bits, metrics, reference.tied


@pytest.mark.parametrize("size", but_slow([2, 4, 8, 16, 32, 64], [2, 8]))
def test_the_best_path_is_that_of_a_plain_list(size: int) -> None:
    """To the bit, where no tie decides; and ``ok`` says whether the best is the only one of its metric."""
    certain = 0
    for n, k in ((2, 1), (4, 2), (8, 4), (16, 8), (32, 16), (32, 20), (64, 30)):
        code = code_of(n, k, size, systematic=n == 32)
        _, llr = received(code, 96, n)
        bits, ok = decoded(LaneListDecoder(code, list=size), llr)
        expected, metrics, tied = listed(code, llr, size)
        single = metrics[:, 0] < metrics[:, 1]
        sure = ~tied & single
        np.testing.assert_array_equal(bits[sure], expected[sure, 0])
        np.testing.assert_array_equal(ok[~tied], single[~tied])
        certain += int(np.count_nonzero(sure))
    assert certain > 300


@pytest.mark.parametrize(("n", "k"), [(256, 255), (512, 511), (128, 120), (64, 64), (64, 1)])
def test_large_nodes(n: int, k: int) -> None:
    """Of many blocks of rows: parity checks, also of more than 256 rows, rate 1, and repetition."""
    code = PolarCode(information=np.arange(n - k, n), n=n)
    _, llr = received(code, 64, k, spread=25)
    bits, _ = decoded(LaneListDecoder(code, list=4), llr)
    expected, metrics, tied = listed(code, llr, 4)
    sure = ~tied & (metrics[:, 0] < metrics[:, 1])
    np.testing.assert_array_equal(bits[sure], expected[sure, 0])


@pytest.mark.parametrize("size", but_slow([2, 8, 32], [2, 8]))
@pytest.mark.parametrize("systematic", [False, True])
def test_the_best_path_that_passes_is_chosen(size: int, systematic: bool) -> None:
    inner = code_of(32, 18, systematic=systematic)
    code = LinearCRCCode(inner, bits=5, polynomial=0x15)
    _, llr = received(code, 300, size, size=40, spread=36)
    decoder = code.decoder_around(LaneListDecoder(inner, list=size))
    bits, ok = decoded(decoder, llr)
    paths, metrics, tied = listed(inner, llr, size)
    accepted = code.accepts(packed(paths.reshape(-1, inner.k)))
    passes = unpacked(accepted[:, None], paths.shape[0] * size).reshape(-1, size) == 1
    chosen = np.where(passes.any(axis=1), passes.argmax(axis=1), 0)
    rows = np.arange(len(llr))
    alone = (metrics == metrics[rows, chosen][:, None]).sum(axis=1) == 1
    sure = ~tied & alone
    assert sure.sum() > 40
    np.testing.assert_array_equal(bits[sure], paths[rows, chosen, : code.k][sure])
    np.testing.assert_array_equal(ok[~tied], passes.any(axis=1)[~tied])


@pytest.mark.parametrize("systematic", [False, True])
@pytest.mark.parametrize(("bits", "polynomial"), [(3, 0x3), (11, 0x621), (16, 0x1021)])
def test_columns_of_checks(bits: int, polynomial: int, systematic: bool) -> None:
    """The check of a codeword is the sum of the columns where it is 1."""
    inner = code_of(64, 40, systematic=systematic)
    check = CRCCode(inner, bits=bits, polynomial=polynomial)
    message = np.random.default_rng(bits).integers(0, 2, (70, 40), np.uint8)
    columns = np.unpackbits(check_columns(inner, check), axis=1)[:, :bits]
    sums = unpacked(check.syndromes(packed(message)), 70)
    np.testing.assert_array_equal(inner.encode(message) @ columns.astype(int) % 2, sums)


def adaptive_code() -> tuple[PolarCode, LinearCRCCode]:
    inner = unmatched(n=128, k=72)
    return inner, LinearCRCCode(inner, bits=8, polynomial=0x9B)


def test_adaptive_is_the_first_list_that_passes() -> None:
    inner, code = adaptive_code()
    _, llr = received(code, 1000, 1, size=8, spread=6)
    adaptive = SCLDecoder(inner, list=8, precision="int8", adaptive=True)
    found, ok = decoded(code.decoder_around(adaptive), llr)
    expected, passed = decoded(code.decoder_around(SCDecoder(inner, precision="int8")), llr)
    stages = [np.count_nonzero(passed)]
    for size in (2, 4, 8):
        lists = SCLDecoder(inner, list=size, precision="int8")
        bits, sure = decoded(code.decoder_around(lists), llr)
        expected = np.where(passed[:, None], expected, bits)
        passed |= sure
        stages.append(np.count_nonzero(passed))
    assert len(set(stages)) == 4  # each stage found some
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(ok, passed)


def test_adaptive_in_floats() -> None:
    """The same with LLRs in float32 and the exact metric."""
    inner, code = adaptive_code()
    llr = received(code, 200, 1, size=8, spread=6)[1].astype(np.float32) / 4
    found = code.decoder_around(SCLDecoder(inner, list=4, adaptive=True)).decode(llr)
    stages = [SCDecoder(inner), SCLDecoder(inner, list=2), SCLDecoder(inner, list=4)]
    results = [code.decoder_around(stage).decode(llr) for stage in stages]
    first = np.where(results[0].ok, 0, np.where(results[1].ok, 1, 2))
    assert len(np.unique(first)) == 3
    bits = np.stack([result.bits for result in results])
    np.testing.assert_array_equal(found.bits, bits[first, np.arange(200)])
    np.testing.assert_array_equal(found.ok, np.any([result.ok for result in results], axis=0))


@pytest.mark.parametrize("adaptive", [False, True])
def test_a_frame_depends_on_itself_alone(adaptive: bool) -> None:
    inner, code = adaptive_code()
    _, llr = received(code, 150, 2, size=8, spread=6)
    decoder = code.decoder_around(SCLDecoder(inner, list=8, precision="int8", adaptive=adaptive))
    bits, ok = decoded(decoder, llr)
    order = np.random.default_rng(3).permutation(150)
    other, other_ok = decoded(decoder, llr[order])
    np.testing.assert_array_equal(other, bits[order])
    np.testing.assert_array_equal(other_ok, ok[order])
    for i in (0, 77, 149):
        np.testing.assert_array_equal(decoded(decoder, llr[i : i + 1])[0][0], bits[i])


def test_longer_lists_err_less() -> None:
    """Over the same noise: a longer list may lose single frames alone."""
    inner, code = adaptive_code()
    sent, llr = received(code, 3000, 4, size=8, spread=6)
    wrong = []
    for size in (2, 4, 8, 16, 32, 64):
        bits, _ = decoded(code.decoder_around(LaneListDecoder(inner, list=size)), llr)
        wrong.append((bits != sent).any(axis=1))
    for shorter, longer in pairwise(wrong):
        lost, won = np.count_nonzero(longer & ~shorter), np.count_nonzero(shorter & ~longer)
        assert lost < 3 + won / 2
    assert wrong[-1].sum() < wrong[0].sum() / 2


def fingerprint(size: int) -> str:
    """Decisions of a list of a size, as text: for other CPUs."""
    inner, code = adaptive_code()
    _, llr = received(code, 100, 5, size=8, spread=6)
    decoder = SCLDecoder(inner, list=size, precision="int8", adaptive=size == 4)
    return str(np.packbits(decoded(code.decoder_around(decoder), llr)[0]).tobytes().hex())


@pytest.mark.slow  # compiles all kernels anew
@pytest.mark.parametrize("size", [4, 8, 64])
def test_a_plain_cpu_decides_the_same(size: int, on_a_plain_cpu: Callable[..., str]) -> None:
    script = f"from tests.codes.polar.test_lane_lists import fingerprint; print(fingerprint({size}))"
    assert on_a_plain_cpu(script).strip() == fingerprint(size)


def test_what_is_not_taken() -> None:
    inner = code_of(8, 4)
    with pytest.raises(ValueError, match="list must be a power of two from 2 to 64 in int8, got 128"):
        SCLDecoder(inner, list=128, precision="int8")
    with pytest.raises(ValueError, match="no dynamic frozen bits"):
        SCLDecoder(unmatched(n=32, k=16, convolution=133), precision="int8")
    with pytest.raises(ValueError, match="kernels of size 2"):
        SCLDecoder(PolarCode(information=[1, 2], kernels=(3,)), precision="int8")
    with pytest.raises(ValueError, match=r"llr_scale must lie in \(0, 127\], got 0"):
        SCLDecoder(inner, precision="int8", llr_scale=0)
    with pytest.raises(ValueError, match="box_plus: exact takes float32"):
        SCLDecoder(inner, precision="int8", box_plus="exact")
    with pytest.raises(ValueError, match="adaptive takes a check"):
        decoder_of(inner, SCLDecoder, adaptive=True)
    with pytest.raises(ValueError, match="adaptive takes a check"):
        decoded(SCLDecoder(inner, precision="int8", adaptive=True), received(inner, 1, 0)[1])
