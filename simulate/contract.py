"""The contract of codes, decoders and channels, as tests on anybody's class that answer in words."""

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pydantic

from ..channels import Channel, Stream
from ..codes import Code, Decoder, DecodeResult, GroupDecoder, LinearCode
from ..codes.decoders.group_kernels import GROUP
from . import registry
from .config_messages import constructor_words, in_words
from .errors import InputError, nearest
from .registry import Entry
from .yaml_file import parse_value

FRAMES = 70  # more than one group of lanes, and not a multiple of it
#: Codes on which a decoder is tried when none is given.
SAMPLES: tuple[dict[str, Any], ...] = (
    {"type": "uncoded", "k": 5},
    {"type": "repetition", "n": 6, "k": 2},
    {"type": "spc", "n": 5},
    {"type": "hamming", "r": 3},
    {"type": "hamming", "r": 4, "extended": True, "shorten": 2},
    {"type": "ldpc", "n": 24, "k": 12, "column_weight": 3},
)


def check(name: str, parameters: Sequence[str] = ()) -> list[str]:
    """Test that a registered code, decoder or channel keeps the contract.

    Parameters
    ----------
    name
        A registered name.
    parameters
        Its parameters as ``key=value`` with values in YAML, such as ``r=3``; for a decoder
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
    given: dict[str, Any] = {}
    for text in parameters:
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
            except Exception as error:  # what the single tests did not expect to fail
                return [f"a test fails: {type(error).__name__}: {error}"]
    names = [*registry.codes.names(), *registry.decoders.names(), *registry.channels.names()]
    raise InputError(f"nothing is registered as '{name}'.{nearest(name, names)} Known: {', '.join(names)}")


def check_code(code: Code) -> list[str]:
    """What is wrong with a code, and with its default decoder on it."""
    found = _Findings()
    for quantity in ("n", "k"):
        value = getattr(code, quantity)
        whole = isinstance(value, int) and value >= 1
        found.expect(whole, f"{quantity} should be a whole number from 1, is {value!r}")
    bits = Stream(1, FRAMES, point="contract").bits(code.k)
    word = found.attempt("encode", lambda: code.encode(bits.copy(order="F")))
    if word is FAILED:
        return found.problems
    if not found.array("encode", word, np.uint8, (FRAMES, code.n)):
        return found.problems
    found.expect(bool((word <= 1).all()), "encode should return only 0 and 1")
    before = bits.copy()
    again = code.encode(bits)
    found.expect(np.array_equal(bits, before), "encode should leave its argument as it is")
    found.expect(np.array_equal(again, word), "encode should give the same codeword each time")
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
    first = decoder.decode(noisy)
    found.expect(np.array_equal(noisy, before), "decode should leave its argument as it is")
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
                np.array_equal(getattr(outcome[0], name), getattr(first, name)[outcome[1]])
                for name in ("bits", "ok", "iterations")
            )
            found.expect(same, text)
    return list(dict.fromkeys(found.problems))


def check_channel(channel: Channel) -> list[str]:
    """What is wrong with a channel at its operating point."""
    found = _Findings()
    n = 37
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
    found.expect(
        capacity is FAILED or (isinstance(capacity, int | float) and 0 <= capacity < np.inf),
        f"capacity should not be {capacity}",
    )
    return found.problems


class _Failed:
    """What stands for the value of an action that failed."""


FAILED = _Failed()


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
        except Exception as error:
            self.problems.append(f"{what} fails: {type(error).__name__}: {error}")
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
        return all(
            [
                self.array("decode's bits", value.bits, np.uint8, (frames, k)),
                self.array("decode's ok", value.ok, np.bool_, (frames,)),
                self.array("decode's iterations", value.iterations, np.int32, (frames,)),
            ]
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
    except Exception as error:
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
