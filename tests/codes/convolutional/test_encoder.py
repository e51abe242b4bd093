"""The encoder of shift registers does what the one of any circuit does."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from capgap.codes.convolutional.encoding.circuit import shift_registers
from capgap.codes.convolutional.encoding.encoder import Encoder
from capgap.codes.convolutional.encoding.encoding_kernels import CHUNK


@pytest.mark.parametrize("termination", ["zero", "tail-biting", "truncated"])
@pytest.mark.parametrize("steps", [1, 5, CHUNK - 1, CHUNK, CHUNK + 2, 3 * CHUNK + 1])
@pytest.mark.parametrize(
    ("generators", "memory", "feedback"),
    [([0b1101101, 0b1001111], 6, 1), ([0b1101, 0b1011], 3, 0b1101), ([0b11, 0, 0b10], 1, 1)],
)
def test_shift_registers(
    generators: list[int], memory: int, feedback: int, steps: int, termination: Any
) -> None:
    circuit = shift_registers([generators], [memory], feedback)
    if termination == "tail-biting" and circuit.circulation(steps) is None:
        steps += 1
    words = np.random.default_rng(steps).integers(0, 1 << 63, (3, steps), np.uint64)
    found, expected = (
        Encoder(each, steps, termination).encode(words) for each in (circuit, replace(circuit, register=None))
    )
    np.testing.assert_array_equal(found, expected)
