"""The contract of codes, decoders and channels, as tests on anybody's class that answer in words."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydantic

from ..channels import Channel, Stream
from ..channels.measured_information import fitted_llr_information, llr_capacity
from ..codes import Code, Decoder, DecodeResult, GroupDecoder, LinearCode
from ..codes.decoders.group_kernels import GROUP
from . import registry
from .config_messages import constructor_words, in_words
from .errors import InputError, nearest, shown
from .failures import FAILURES, told
from .registry import Entry
from .yaml_file import document_of, parse_value

FRAMES = 70  # more than one group of lanes, and not a multiple of it
#: Coded bits of a frame that is sent over a channel, and frames over which its LLRs are looked at.
LENGTH, MANY_FRAMES = 37, 4096
#: LLRs are tested in so many bins for each sign; and the probability with which true ones are found wrong.
BINS, SIGNIFICANCE = 12, 1e-6
#: Standard errors, and bits, by which a capacity may be off that of the samples: far less likely than that.
MARGIN, ROUNDING = 6.0, 1e-5
#: Codes on which a decoder is tried when none is given.
SAMPLES: tuple[dict[str, Any], ...] = (
    {"type": "uncoded", "k": 5},
    {"type": "repetition", "n": 6, "k": 2},
    {"type": "spc", "n": 5},
    {"type": "hamming", "r": 3},
    {"type": "hamming", "r": 4, "extended": True, "shorten": 2},
    {"type": "ldpc", "n": 24, "k": 12, "column_weight": 3},
)


def check(name: str, parameters: Sequence[str] | Mapping[str, Any] = ()) -> list[str]:
    """Test that a registered code, decoder or channel keeps the contract.

    Parameters
    ----------
    name
        A registered name.
    parameters
        Its parameters by name, or as texts ``key=value`` with values in YAML, such as ``r=3``; for a decoder
        ``code.type=hamming`` and ``code.r=3`` choose the code it is tried on.

    Returns
    -------
    list of str
        What is wrong, in words; empty if the contract is kept.

    Raises
    ------
    InputError
        If there is no such name or it cannot be built with these parameters.
    """
    given: dict[str, Any] = document_of(parameters).data if isinstance(parameters, Mapping) else {}
    for text in () if isinstance(parameters, Mapping) else parameters:
        key, equals, value = text.partition("=")
        if not equals:
            raise InputError(f"{text}: write a parameter as KEY=VALUE")
        given[key] = parse_value(value, text)
    for known, test in (
        (registry.codes, _check_code),
        (registry.decoders, _check_decoder),
        (registry.channels, _check_channel),
    ):
        if name in known.names():
            entry: Any = known.get(name)
            try:
                return test(entry, given)
            except InputError:
                raise
            except FAILURES as error:  # what the single tests did not expect to fail
                return [f"a test fails: {told(error)}"]
    names = [*registry.codes.names(), *registry.decoders.names(), *registry.channels.names()]
    near = nearest(name, names) or " Your own is registered by a plug-in, --plugin FILE."
    raise InputError(f"nothing is registered as '{name}' in this version.{near} Known: {', '.join(names)}")


def check_code(code: Code) -> list[str]:
    """What is wrong with a code, and with its default decoder on it."""
    problem = registry.unusable("code", code)
    if problem:
        return [f"it {problem}"]
    found = _Findings()
    bits = Stream(1, FRAMES, point="contract").bits(code.k)
    word = found.attempt("encode", lambda: code.encode(bits.copy(order="F")))
    if word is FAILED:
        return found.problems
    if not found.array("encode", word, np.uint8, (FRAMES, code.n)):
        return found.problems
    found.expect(bool((word <= 1).all()), "encode should return only 0 and 1")
    before, kept = bits.copy(), word.copy()
    again = code.encode(bits)
    found.expect(np.array_equal(bits, before), "encode should leave its argument as it is")
    found.expect(np.array_equal(again, kept), "encode should give the same codeword each time")
    code.encode(1 - bits)
    if not found.expect(np.array_equal(word, kept), f"encode {NEW_ARRAYS}"):
        return found.problems
    found.expect(
        np.array_equal(code.encode(np.ascontiguousarray(bits)), word),
        "encode should not depend on how the array lies in memory",
    )
    alone = found.attempt(
        "encode of one frame", lambda: np.vstack([code.encode(bits[i : i + 1]) for i in range(5)])
    )
    found.expect(
        alone is FAILED or np.array_equal(alone, word[:5]), "encode should treat each frame by itself"
    )
    empty = found.attempt("encode of no frames", lambda: code.encode(bits[:0]))
    found.expect(
        empty is FAILED or np.shape(empty) == (0, code.n), "encode of no frames should have shape (0, n)"
    )
    if isinstance(code, LinearCode):
        other = Stream(2, FRAMES, point="contract").bits(code.k)
        found.expect(
            np.array_equal(code.encode(bits ^ other), word ^ code.encode(other)), "encode should be linear"
        )
        found.expect(not code.syndrome(word).any(), "codewords should have syndrome 0")
    name = getattr(code, "default_decoder", None)
    if not isinstance(name, str) or name not in registry.decoders.names():
        found.problems.append(f"default_decoder should name a registered decoder, is {name!r}")
        return found.problems
    decoder = found.attempt(f"its default decoder {name}", lambda: registry.decoders.get(name).make(code))
    if decoder is not FAILED:
        found.problems += check_decoder(decoder, code)
    return found.problems


def check_decoder(decoder: Decoder, code: Code) -> list[str]:
    """What is wrong with a decoder on a code."""
    problem = registry.unusable("decoder", decoder)
    if problem:
        return [f"it {problem}"]
    found = _Findings()
    stream = Stream(3, FRAMES, point="contract")
    bits = stream.bits(code.k)
    clean = np.asfortranarray(10 * (1 - 2 * code.encode(bits).astype(np.float32)))
    result = found.attempt("decode", lambda: decoder.decode(clean))
    if result is FAILED or not found.result(result, FRAMES, code.k):
        return found.problems
    found.expect(np.array_equal(result.bits, bits), "decode should invert encode without noise")
    found.expect(bool(result.ok.all()), "ok should be True without noise")
    noisy = np.asfortranarray(clean * np.float32(0.2) + np.float32(2) * stream.normal(code.n))
    before = noisy.copy()
    result = decoder.decode(noisy)
    found.expect(np.array_equal(noisy, before), "decode should leave its argument as it is")
    noisy = before
    first = DecodeResult(result.bits.copy(), result.ok.copy(), result.iterations.copy())
    decoder.decode(-noisy)
    same = all(np.array_equal(getattr(result, name), getattr(first, name)) for name in RESULT)
    if not found.expect(same, f"decode {NEW_ARRAYS}"):
        return found.problems
    if "stream" in inspect.signature(decoder.decode).parameters:
        erased = np.where(noisy > 1, noisy, np.float32(0))

        def toss(first: int, last: int) -> DecodeResult:
            return decoder.decode(erased[first:last], Stream(6, last - first, first=first, point="contract"))

        both = found.attempt("decode with a stream", lambda: (toss(0, FRAMES), toss(7, 9)))
        found.expect(
            both is FAILED or np.array_equal(both[0].bits[7:9], both[1].bits),
            "decode should toss each frame's coins with that frame's bits of the stream",
        )
    if isinstance(decoder, GroupDecoder) and isinstance(code, LinearCode) and code.systematic:
        groups = decoder.grouped(decoder.check_llr(noisy))
        outcome = found.attempt("decode_groups", lambda: decoder.decode_groups(groups, FRAMES))
        if outcome is not FAILED:
            found.groups(outcome, len(groups), first)
    order = np.arange(FRAMES)[::-1]
    variants: dict[str, Callable[[], tuple[DecodeResult, npt.NDArray[Any]]]] = {
        "decode should give the same result each time": lambda: (decoder.decode(noisy), np.arange(FRAMES)),
        "decode should not depend on how the array lies in memory": lambda: (
            decoder.decode(np.ascontiguousarray(noisy)),
            np.arange(FRAMES),
        ),
        "what a frame decodes to should not depend on its neighbours": lambda: (
            decoder.decode(noisy[order]),
            order,
        ),
        "what a frame decodes to should not depend on how many there are": lambda: (
            decoder.decode(noisy[5:6]),
            np.array([5]),
        ),
        "decode should take a batch of no frames": lambda: (decoder.decode(noisy[:0]), np.arange(0)),
    }
    for text, variant in variants.items():
        outcome = found.attempt(text, variant)
        if outcome is not FAILED and found.result(outcome[0], len(outcome[1]), code.k):
            same = all(
                np.array_equal(getattr(outcome[0], name), getattr(first, name)[outcome[1]]) for name in RESULT
            )
            found.expect(same, text)
    return list(dict.fromkeys(found.problems))


def check_channel(channel: Channel) -> list[str]:
    """What is wrong with a channel at its operating point."""
    found = _Findings()
    n = LENGTH
    word = Stream(4, FRAMES, point="contract").bits(n)

    def send(first: int, last: int) -> npt.NDArray[Any]:
        return channel.transmit(word[first:last], Stream(5, last - first, first=first, point="contract"))

    before = word.copy()
    received = found.attempt("transmit", lambda: send(0, FRAMES))
    if received is FAILED:
        return found.problems
    if not isinstance(received, np.ndarray) or received.shape[:1] != (FRAMES,):
        found.problems.append("transmit should return an array with one row a frame")
        return found.problems
    found.expect(np.array_equal(word, before), "transmit should leave its argument as it is")
    found.expect(
        np.array_equal(send(0, FRAMES), received), "transmit should draw all randomness from the stream"
    )
    found.expect(np.array_equal(send(9, 11), received[9:11]), "transmit should treat each frame by itself")
    llr = found.attempt("llr", lambda: channel.llr(received))
    if llr is FAILED or not found.array("llr", llr, np.float32, (FRAMES, n)):
        return found.problems
    if not found.expect(bool(np.isfinite(llr).all()), "llr should be finite, with certainty clipped"):
        return found.problems
    agreement = float((llr * (1 - 2.0 * word)).sum())
    found.expect(agreement >= 0, "llr should be positive for bit 0 and negative for bit 1")
    found.expect(
        np.array_equal(channel.llr(received[9:11]), llr[9:11]), "llr should treat each frame by itself"
    )
    capacity = found.attempt("capacity", lambda: channel.capacity())
    good = isinstance(capacity, int | float) and 0 <= capacity < np.inf
    found.expect(capacity is FAILED or good, f"capacity should not be {shown(capacity)}")
    if found.expect(channel.capacity() == capacity, "capacity should be the same each time") and good:
        found.problems += _check_numbers(channel, received.shape == word.shape)
    return found.problems


def _check_numbers(channel: Channel, bit_a_use: bool) -> list[str]:
    """What is wrong with the values of LLRs, and then of the capacity, on many random bits."""
    stream = Stream(7, MANY_FRAMES, point="contract")
    bits = stream.bits(LENGTH)
    llr = channel.llr(channel.transmit(bits, stream)).astype(np.float64)
    problem = untrue_llrs(llr, bits)
    if problem or not bit_a_use:
        return [problem] if problem else []
    measured = llr_capacity(llr)
    margin = MARGIN * measured.standard_error + ROUNDING
    carried = f"the channel's LLRs carry {measured.value:.4g} +- {measured.standard_error:.1g}"
    doubt = "one of the two is wrong"
    capacity = float(channel.capacity())
    if capacity < measured.value - margin:
        return [f"capacity is {capacity:.4g} bits a use, but {carried}: {doubt}"]
    binary: float | None = None
    if "signal" in inspect.signature(channel.capacity).parameters:
        binary = float(channel.capacity(signal="bpsk"))  # type: ignore[call-arg]
    elif channel.esno_db is None:  # the bits themselves are the input, with no other signal to choose
        binary = capacity
    if binary is not None and abs(binary - measured.value) > margin:
        return [f"capacity with single bits as input is {binary:.4g} bits a use, but {carried}: {doubt}"]
    return []


def untrue_llrs(llr: npt.NDArray[np.float64], bits: npt.NDArray[np.uint8]) -> str:
    """In words, that LLRs are not ln P(bit = 0) / P(bit = 1) of equiprobable bits; "" if they may be.

    True ones of magnitude L are on the wrong side with probability 1 / (1 + e^L). That is tested for each
    sign in bins of equal counts, and at 0, by two-sided exact binomial tests at the mean of these
    probabilities: where they differ, the number of wrong ones varies even less (Hoeffding, "On the
    distribution of the number of successes in independent trials", 1956). All tests together find true LLRs
    wrong with probability ``SIGNIFICANCE`` at most, if bits are received independently of each other.

    ``llr`` and ``bits`` are of one shape.
    """
    from scipy.special import expit
    from scipy.stats import binomtest

    found: list[tuple[float, str]] = []
    for sign in (0, 1, -1):
        of_sign = np.sign(llr) == sign
        size, wrong = abs(llr[of_sign]), (bits if sign >= 0 else 1 - bits)[of_sign]
        if not size.size:
            continue
        order = np.sort(size)
        edges = np.unique(order[np.arange(1, BINS) * len(order) // BINS])
        place = np.searchsorted(edges, size, side="right")
        for inside in (place == i for i in range(len(edges) + 1)):
            count = int(inside.sum())
            if not count:
                continue
            share = float(expit(-size[inside]).mean())
            chance = float(binomtest(int(wrong[inside].sum()), count, share).pvalue)
            low, high = (sign * edge for edge in (size[inside].min(), size[inside].max()))
            which = f"of LLRs from {low:.3g} to {high:.3g}" if high != low else f"of LLRs of {low:.3g}"
            found.append(
                (
                    chance,
                    f"{which} a share of {share:.3g} should be wrong, and {wrong[inside].mean():.3g} are",
                )
            )
    chance, words = min(found)
    if chance >= SIGNIFICANCE / (2 * BINS + 1):
        return ""
    scale = fitted_llr_information(llr, bits).scale
    return f"llr should be ln P(0) / P(1): {words}; {scale:.3g} times as large ones would fit best"


class _Failed:
    """What stands for the value of an action that failed."""


FAILED = _Failed()
NEW_ARRAYS = "should return new arrays, not ones that its next call overwrites"
RESULT = ("bits", "ok", "iterations")


class _Findings:
    def __init__(self) -> None:
        self.problems: list[str] = []

    def expect(self, holds: bool, problem: str) -> bool:
        if not holds:
            self.problems.append(problem)
        return holds

    def attempt(self, what: str, action: Callable[[], Any]) -> Any:
        """The action's value, or FAILED with the failure recorded."""
        try:
            return action()
        except FAILURES as error:
            self.problems.append(f"{what} fails: {told(error)}")
            return FAILED

    def array(self, what: str, value: Any, dtype: Any, shape: tuple[int, ...]) -> bool:
        if not isinstance(value, np.ndarray):
            return self.expect(False, f"{what} should return a NumPy array, not {type(value).__name__}")
        good = self.expect(
            value.dtype == dtype, f"{what} should have dtype {np.dtype(dtype)}, has {value.dtype}"
        )
        return (
            self.expect(value.shape == shape, f"{what} should have shape {shape}, has {value.shape}") and good
        )

    def result(self, value: Any, frames: int, k: int) -> bool:
        if not isinstance(value, DecodeResult):
            return self.expect(False, f"decode should return a DecodeResult, not {type(value).__name__}")
        good = [
            self.array("decode's bits", value.bits, np.uint8, (frames, k)),
            self.array("decode's ok", value.ok, np.bool_, (frames,)),
            self.array("decode's iterations", value.iterations, np.int32, (frames,)),
        ]
        return (
            all(good)
            and self.expect(bool((value.bits <= 1).all()), "decode's bits should be only 0 and 1")
            and self.expect(bool((value.iterations >= 0).all()), "decode's iterations should be 0 or more")
        )

    def groups(self, value: Any, groups: int, expected: DecodeResult) -> None:
        if not isinstance(value, tuple) or len(value) != 4:
            self.problems.append(
                "decode_groups should return decisions, ok, iterations, and whether any is 2"
            )
            return
        frames, k = expected.bits.shape
        decisions, ok, iterations, undecided = value
        good = [
            self.array("decode_groups' decisions", decisions, np.uint8, (groups, k, GROUP)),
            self.array("decode_groups' ok", ok, np.bool_, (frames,)),
            self.array("decode_groups' iterations", iterations, np.int32, (frames,)),
        ]
        if all(good):
            bits = decisions.transpose(0, 2, 1).reshape(-1, k)[:frames]
            same = ((bits == expected.bits) | (bits == 2)).all() and np.array_equal(ok, expected.ok)
            self.expect(bool(same), "decode_groups should decode as decode does")
            self.expect(
                bool(undecided) == bool((bits == 2).any()), "decode_groups should say whether any is 2"
            )


def _build(entry: Entry[Any], given: dict[str, Any], **supplied: Any) -> Any:
    try:
        model = entry.model.model_validate(given, context={"folder": Path()})
        parameters = {name: getattr(model, name) for name in entry.parameters}
        return entry.make(**supplied, **parameters)
    except InputError:
        raise
    except FAILURES as error:
        if isinstance(error, pydantic.ValidationError):
            detail = error.errors()[0]
            problem = in_words(detail, tuple(detail["loc"][:1]), entry.model, entry.definitions)
        else:
            problem = constructor_words(error)
        needed = ", ".join(entry.parameters) or "none"
        raise InputError(
            f"{entry.name} cannot be built: {problem}. Parameters are given as --with KEY=VALUE: {needed}"
        ) from None


def _check_code(entry: Entry[Code], given: dict[str, Any]) -> list[str]:
    return check_code(_build(entry, given))


def _check_decoder(entry: Entry[Decoder], given: dict[str, Any]) -> list[str]:
    prefix = "code."
    code_given = {key.removeprefix(prefix): value for key, value in given.items() if key.startswith(prefix)}
    own = {key: value for key, value in given.items() if not key.startswith("code.")}
    samples = [code_given] if code_given else list(SAMPLES)
    problems: list[str] = []
    tried = 0
    for sample in samples:
        data = dict(sample)
        code = _build(registry.codes.get(str(data.pop("type", ""))), data)
        refusal = getattr(entry.make, "refusal", lambda code: None)(code)
        if refusal is not None:
            if code_given:
                raise InputError(refusal)
            continue
        tried += 1
        problems += [f"on {code!r}: {text}" for text in check_decoder(_build(entry, own, code=code), code)]
    if not tried:
        raise InputError(
            f"{entry.name} takes none of the sample codes: "
            "give one, as in --with code.type=hamming --with code.r=3"
        )
    return problems


def _check_channel(entry: Entry[Channel], given: dict[str, Any]) -> list[str]:
    chosen = [name for name in entry.sweepable if name in given]
    if len(chosen) > 1:
        raise InputError(f"{entry.name} takes one of {' or '.join(entry.sweepable)}")
    own = {key: value for key, value in given.items() if key not in chosen}
    # A tenth lies within the range of every probability and every ratio in decibels.
    parameter, value = (chosen[0], given[chosen[0]]) if chosen else (entry.sweepable[0], 0.1)
    rate = {"rate": 0.5} if entry.takes_rate else {}
    return check_channel(_build(entry, own, **{parameter: value}, **rate))
