"""Exchange by couples of bits: against a reference, beside the exchange by bits, and what cannot be."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import TurboCode, TurboDecoder
from capgap.codes.convolutional.encoding.circuit import shift_registers
from capgap.codes.convolutional.encoding.encoder import Encoder
from capgap.codes.turbo.by_name import turbo
from capgap.codes.turbo.interleavers import at_random
from capgap.codes.turbo.standards.dvb import bits_of_couples, duo_binary_circuit

from tests.codes.turbo.test_turbo_decoder import received
from tests.lazy import Lazy
from tests.references.couples import decode


def of_circuits(first: str, second: str) -> TurboCode:
    """8 and 16 states, 41 couples, which change places at random."""
    eight = duo_binary_circuit([1, 0, 1], [1, 1, 1], [1, 0, 1, 1], [1, 0, 0, 1])
    sixteen = duo_binary_circuit([0, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0, 1], [1, 0, 1, 1, 1])
    encoders = Encoder(eight, 41, first), Encoder(sixteen, 41, second)  # type: ignore[arg-type]
    return TurboCode(encoders, bits_of_couples(at_random(41, seed=3)))


def of_standard(standard: Any, k: int, rate: Any = None) -> TurboCode:
    code = turbo(standard=standard, k=k, rate=rate)
    assert isinstance(code, TurboCode)
    return code


CODES: Lazy[TurboCode] = Lazy(
    {
        "dvb-rcs": lambda: of_standard("dvb-rcs", 96, "2/3"),
        "longer than training": lambda: of_standard("dvb-rcs", 424, "6/7"),
        "dvb-rcs2": lambda: of_standard("dvb-rcs2", 112, "1/3"),
        "circles of two kinds": lambda: of_circuits("tail-biting", "tail-biting"),
        "with a tail": lambda: of_circuits("zero", "truncated"),
    }
)


def without_couples() -> TurboCode:
    """Bits, not couples, change places: bits 0 and 1 come to lie in two couples."""
    code = of_standard("dvb-rcs", 96)
    order = code.interleaver.copy()
    order[[1, 2]] = order[[2, 1]]
    return TurboCode(code.encoders, order)


@pytest.mark.parametrize("algorithm", ["max-log", "log-map"])
@CODES.each("code", quick=["dvb-rcs"])
def test_decisions_are_those_of_the_reference(code: TurboCode, algorithm: Any) -> None:
    """LLRs are multiples of 1 / 16 and scales of 1 / 4: max-log rounds nothing, and has the same ties."""
    exact, scale = algorithm == "log-map", [0.5, 0.75, 1, 0.5, 0.75, 1]
    llr = np.rint(16 * received(code, 70, 0, 61)[1]).clip(-512, 512) / 16
    posterior = decode(code, llr.T.astype(float), scale, exact)[1::2]
    decided = np.abs(posterior) > (1e-3 if exact else 0)
    decoder = TurboDecoder(code, iterations=3, algorithm=algorithm, scale=scale, count="iterations")
    result = decoder.decode(llr)
    for iteration in range(3):
        expected, found = posterior[iteration].T < 0, result.after_iterations[iteration]
        np.testing.assert_array_equal(found[decided[iteration].T], expected[decided[iteration].T])
    if not exact:
        np.testing.assert_array_equal(result.ok, decided[-1].all(axis=0))


@pytest.mark.slow  # compiles the exchange of bits
def test_symbols_lose_less_than_bits() -> None:
    """At 1.2 dB of DVB-RCS some 5 % of frames are wrong, and more than 15 % by bits: far beyond chance."""
    code = of_standard("dvb-rcs", 1504, "1/2")
    bits, llr = received(code, 192, 1.2, 62)
    wrong = {}
    for exchange in ("symbols", "bits"):
        decoder = TurboDecoder(
            code,
            algorithm="max-log",
            scale=[0.5] * 4 + [0.85] * 12,
            exchange=exchange,
        )
        wrong[exchange] = np.count_nonzero((decoder.decode(llr).bits != bits).any(axis=1))
    assert 2 * wrong["symbols"] < wrong["bits"]


@pytest.mark.parametrize("algorithm", ["max-log", "log-map"])
def test_frames_that_stop_take_their_metrics_along(algorithm: Any) -> None:
    """What a frame decodes to, and when it stops, is what it does alone."""
    code = CODES["dvb-rcs2"]
    llr = received(code, 200, 1, 63)[1]
    decoder = TurboDecoder(code, iterations=6, algorithm=algorithm, stop="hard-agreement")
    together = decoder.decode(llr)
    assert together.iterations.min() < together.iterations.max()
    for i in range(0, 200, 13):
        alone = decoder.decode(llr[i : i + 1])
        np.testing.assert_array_equal(together.bits[i], alone.bits[0])
        assert (together.iterations[i], together.ok[i]) == (alone.iterations[0], alone.ok[0])


def test_couples_that_are_torn_apart_are_refused() -> None:
    code = without_couples()
    with pytest.raises(
        ValueError, match=r"exchange by symbols needs couples that stay .*: couple 0 .* has bits \d+ and \d+"
    ):
        TurboDecoder(code)
    bits, llr = received(code, 64, 4, 64)
    found = TurboDecoder(code, iterations=4, exchange="bits").decode(llr)
    assert np.count_nonzero((found.bits != bits).any(axis=1)) <= 5


def test_other_encoders_are_refused() -> None:
    """Three bits a step; 32 states."""

    def systematic(inputs: int, memory: int) -> TurboCode:
        rows = [[int(i == j) for j in range(inputs)] + [(2 << memory) - 1] for i in range(inputs)]
        memories = [memory] + [0] * (inputs - 1)
        for row, each in zip(rows, memories, strict=True):
            row[-1] &= (2 << each) - 1
        circuit = shift_registers(rows, memories)
        steps = 12
        encoders = [Encoder(circuit, steps, "zero") for _ in range(2)]
        return TurboCode(encoders, np.arange(steps * inputs))

    with pytest.raises(
        ValueError, match="exchange by symbols is for encoders that take two bits a step each"
    ):
        TurboDecoder(systematic(3, 2))
    with pytest.raises(
        ValueError, match="exchange by symbols is for encoders of up to 16 states, one has 32"
    ):
        TurboDecoder(systematic(2, 5))
    TurboDecoder(systematic(2, 5), exchange="bits")
    with pytest.raises(ValueError, match="exchange must be symbols, bits, got 'words'"):
        TurboDecoder(CODES["dvb-rcs"], exchange="words")  # type: ignore[arg-type]
