"""Forms for groups that overwrite what they are given or returned, and values that are none."""

from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BPSK, BSC, QPSK, Observation, Stream
from capgap.codes import Code, CRCCode, Decoder, GroupResult, HammingCode, decoder_of
from capgap.simulate import InputError, run
from capgap.simulate.link.receiver import is_ours
from capgap.simulate.registry import registry
from capgap.vectors.groups import HARD, SOFT, GroupInput, Reads

pytestmark = pytest.mark.usefixtures("clean_registry", "plain_figures")


class Plain(Code):
    """Sends its bits three times."""

    default_decoder = "first"

    def __init__(self) -> None:
        super().__init__(n=6, k=2)
        self.buffer = np.zeros((4096, 6), np.uint64)

    def encode_words(self, bits: Any) -> Any:
        return np.concatenate([bits] * 3, axis=1)


class Reusing(Plain):
    """Returns one array."""

    def encode_words(self, bits: Any) -> Any:
        self.buffer[: len(bits)] = np.concatenate([bits] * 3, axis=1)
        return self.buffer[: len(bits)]


class Spoiling(Plain):
    """Changes what it is given."""

    def encode_words(self, bits: Any) -> Any:
        words = np.concatenate([bits] * 3, axis=1)
        bits ^= bits[:, ::-1].copy()
        return words


class Turned(Plain):
    """Returns an array in another order of memory."""

    def encode_words(self, bits: Any) -> Any:
        return np.asfortranarray(np.concatenate([bits] * 3, axis=1))


class First(Decoder):
    """Takes the first two bits."""

    reads = HARD

    def decode_groups(self, given: GroupInput, stream: Any = None) -> GroupResult:
        assert given.hard is not None
        return GroupResult(given.hard[:, :2].copy(), np.ones(given.frames, np.bool_))


class Kept(First):
    """Returns one array."""

    kept = np.zeros((4096, 2), np.uint64)

    def decode_groups(self, given: GroupInput, stream: Any = None) -> GroupResult:
        result = super().decode_groups(given, stream)
        self.kept[: len(result.bits)] = result.bits
        return GroupResult(self.kept[: len(result.bits)], result.ok)


class Flipped(BSC):
    """Returns one array."""

    kept = np.zeros((4096, 6), np.uint64)

    def observe(self, words: Any, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        given = super().observe(words, stream, reads)
        if given.hard is None:
            return given
        self.kept[: len(given.hard)] = given.hard
        return GroupInput(given.frames, hard=self.kept[: len(given.hard)])


class Mapped(BPSK):
    """Returns one array."""

    kept = np.zeros((4096, 6, 64), np.float32)

    def map_words(self, words: Any) -> Any:
        self.kept[: len(words)] = super().map_words(words)
        return self.kept[: len(words)]

    def demap(self, observation: Observation, reads: Reads = SOFT, prior: Any = None) -> GroupInput:
        return super().demap(observation, reads, prior)


def simulated(code: Any = Plain, decoder: Any = First, channel: Any = BSC, modulation: Any = None) -> Any:
    registry.register_code("own")(code)
    registry.register_decoder("first")(decoder)
    registry.register_channel("kept")(channel)
    curve: dict[str, Any] = {"label": "A", "code": {"type": "own"}}
    data: dict[str, Any] = {"name": "a", "channel": {"type": "kept", "f": [0.1]}, "curves": [curve]}
    if modulation is not None:
        registry.register_modulation("mapped")(modulation)
        data |= {"channel": {"type": "awgn", "esno_db": [1.0]}, "modulation": "mapped"}
    return run({**data, "stop": {"frames": 500}}, save=False).rows[0]


def test_what_is_right_runs() -> None:
    row = simulated()
    assert (row.frames, row.frame_errors > 50) == (500, True)


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ({"code": Reusing}, "the array of encode_words is overwritten by its next call"),
        ({"code": Spoiling}, "encode_words changes the bits it is given"),
        ({"code": Turned}, "encode_words should be C-contiguous"),
        ({"decoder": Kept}, "the array of decode_groups' bits is overwritten by its next call"),
        ({"channel": Flipped}, "the array of observe's hard is overwritten by its next call"),
        ({"modulation": Mapped}, "the array of map_words is overwritten by its next call"),
    ],
)
def test_arrays_that_are_used_again_are_found(stages: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=f"A: {words}"):
        simulated(**stages)


def test_attributes_of_other_types_are_named() -> None:
    for name, value, words in (
        ("reads", "hard", r"reads of Odd should be SOFT, HARD or Reads\(\.\.\.\), got 'hard'"),
        ("counters", "flips", "counters of Odd should be a tuple of names, got 'flips'"),
        ("counters", None, "counters of Odd should be a tuple of names, got None"),
        ("counters", ("weight",), "results have a column weight"),
    ):
        with pytest.raises(InputError, match=words):
            simulated(decoder=type("Odd", (First,), {name: value}))


def test_parts_of_somebodys_are_rehearsed_too() -> None:
    code = Plain()
    checked = CRCCode(code, bits=1, polynomial=1)
    assert is_ours(BSC(f=0.1), None, HammingCode(r=3), QPSK().over(AWGN(esno_db=1.0)))
    assert is_ours(CRCCode(HammingCode(r=3), bits=1, polynomial=1))
    for stage in (Mapped().over(AWGN(esno_db=1.0)), code, checked, decoder_of(checked, First)):
        assert not is_ours(stage)
