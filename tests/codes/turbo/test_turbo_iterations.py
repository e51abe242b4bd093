"""What a turbo decoder tells of its iterations: decisions after each, and its constituents."""

from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, Stream
from capgap.codes import Code, TurboDecoder, UncodedCode, by_name, decoder_of
from capgap.codes.convolutional.encoder_code import EncoderCode
from capgap.vectors.groups import GroupInput

from tests.lazy import Lazy

CODES: Lazy[Code] = Lazy(
    {
        "lte": lambda: by_name.turbo(standard="lte", k=104),
        "duo-binary": lambda: by_name.turbo(standard="dvb-rcs", k=96, rate="1/2"),
        "checked": lambda: by_name.crc(code=by_name.turbo(standard="lte", k=104), polynomial="8-lte"),
    }
)
ITERATIONS, FRAMES = 5, 150


def received(code: Code) -> Any:
    """LLRs of random frames, (frames, n), many of which fail."""
    esno_db = -4.0 if code.rate < 0.4 else -1.5
    stream = Stream(1, FRAMES, point="turbo iterations")
    channel = AWGN(esno_db=esno_db)
    return channel.llr(channel.transmit(code.encode(stream.bits(code.k)), stream))


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("lte", {"algorithm": "log-map"}),
        ("lte", {"algorithm": "max-log", "scale": 0.75, "precision": "int8"}),
        ("lte", {"algorithm": "max-log", "scale": 0.75, "precision": "int16", "stop": "hard-agreement"}),
        ("duo-binary", {"algorithm": "max-log", "scale": 0.75, "stop": "hard-agreement"}),
        ("checked", {"algorithm": "max-log", "scale": 0.75, "precision": "int8", "stop": "crc"}),
    ],
)
def test_decisions_after_each_iteration(name: str, parameters: dict[str, Any]) -> None:
    """They are those of a decoder with as many, and the result is that of one that does not count."""
    code = CODES[name]
    llr = received(code)
    counting = decoder_of(code, TurboDecoder, iterations=ITERATIONS, count="iterations", **parameters)
    assert counting.counted_iterations == ITERATIONS
    result = counting.decode(llr)
    assert len(result.after_iterations) == ITERATIONS
    for i, bits in enumerate(result.after_iterations, 1):
        expected = decoder_of(code, TurboDecoder, iterations=i, **parameters).decode(llr)
        np.testing.assert_array_equal(bits, expected.bits)
    for field in ("bits", "ok", "iterations"):
        np.testing.assert_array_equal(getattr(result, field), getattr(expected, field))
    assert (result.after_iterations[0] != result.bits).any(axis=1).sum() > 20
    if "stop" in parameters:
        assert len(np.unique(result.iterations)) > 2


def test_ties_of_the_last_iteration_are_those_without_counting() -> None:
    """Coins are tossed for it first; all is erased, so that every bit is one."""
    code = CODES["lte"]
    nothing = np.zeros((70, code.n), np.float32)
    plain = TurboDecoder(code, iterations=2)
    counting = TurboDecoder(code, iterations=2, count="iterations")
    one, other = (each.decode(nothing, Stream(1, 70, point="ties")) for each in (plain, counting))
    np.testing.assert_array_equal(one.bits, other.bits)
    assert 0.4 < other.after_iterations[0].mean() < 0.6


def test_constituents_in_turn_decode_as_the_decoder() -> None:
    """By log-MAP, with a scale for each half-iteration."""
    code = CODES["lte"]
    llr = received(code)
    scales = [0.6, 0.7, 0.8, 0.9, 1.0, 1.0]
    decoder = TurboDecoder(code, iterations=3, scale=scales, count="iterations")
    both = decoder.constituents()
    given = decoder.check_llr(llr).T
    told = np.zeros((FRAMES, code.k), np.float32)
    systematic = np.where(both[0].received >= 0, given[:, both[0].received], 0)
    for i, bits in enumerate(decoder.decode(llr).after_iterations):
        first = both[0].extrinsic(given, told, i)
        # The last extrinsic values are not scaled before they decide.
        told = both[1].extrinsic(given, first, i)
        whole = systematic + first + told / np.float32(scales[2 * i + 1])
        np.testing.assert_array_equal(whole < 0, bits)


def test_where_symbols_are_exchanged_there_are_no_constituents_of_bits() -> None:
    assert TurboDecoder(CODES["duo-binary"]).constituents() == ()


def test_the_code_of_an_encoder_is_what_it_puts_out() -> None:
    for name in ("lte", "duo-binary"):
        whole: Any = CODES[name]
        encoder = whole.encoders[0]
        code = EncoderCode(encoder)
        bits = np.random.default_rng(1).integers(0, 2, (5, code.k)).astype(np.uint8)
        word = code.encode(bits)
        assert code.systematic
        np.testing.assert_array_equal(word[:, code.information_set], bits)
        sent = whole.positions[0].ravel()
        np.testing.assert_array_equal(word[:, sent >= 0], whole.encode(bits)[:, sent[sent >= 0]])
        assert code.default_decoder == "bcjr"


def test_what_cannot_be_counted_is_refused() -> None:
    code = CODES["lte"]
    with pytest.raises(ValueError, match=r"^count must be iterations, or left out, got 'all'"):
        TurboDecoder(code, count="all")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^count iterations takes at most 100, and there are 101"):
        TurboDecoder(code, iterations=101, count="iterations")
    assert TurboDecoder(code).counted_iterations == 0
    assert (
        TurboDecoder(code)
        .decode_groups(GroupInput.of_lanes(np.ones((code.n, 1), np.float32)))
        .after_iterations
        == ()
    )
    with pytest.raises(ValueError, match="turbo decodes turbo codes"):
        TurboDecoder(UncodedCode(k=4), count="iterations")
