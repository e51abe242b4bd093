"""The turbo codes of deep space: CCSDS 131.0-B-2, section 6."""

import numpy as np

from ...convolutional.encoding.circuit import Numbers
from ...convolutional.encoding.encoder import Encoder
from ...parameters.choices import check_choices
from ..interleavers import permutation
from ..recursive import recursive_circuit
from ..turbo import TurboCode, mother_bits

#: Information bits: 223 octets of an interleaving depth of 1, 2, 4 and 5.
SIZES = (1784, 3568, 7136, 8920)
#: G0 of both encoders, 10011, and G1 to G3: 11011, 10101, 11111.
_FEEDBACK, _FORWARD = "23", {1: "33", 2: "25", 3: "37"}
#: For each rate what is sent in a step, or in one of two: encoder a or b, and its output.
_SENT = {
    "1/2": (("0a", "1a"), ("0a", "1b")),
    "1/3": (("0a", "1a", "1b"),),
    "1/4": (("0a", "2a", "3a", "1b"),),
    "1/6": (("0a", "1a", "2a", "3a", "1b", "3b"),),
}
RATES = tuple(_SENT)
_PRIMES = (31, 37, 43, 47, 53, 59, 61, 67)


def ccsds_code(k: int, rate: str) -> TurboCode:
    """The code of k information bits, of n = (k + 4) / rate bits, in the order of the note on figure 6-2.

    It ends with four steps of tail, of which the same outputs are sent as of others: the second encoder's
    tail bits are not. Raises ValueError if there is no such code.
    """
    k, rate = check_choices("ccsds", k, rate, SIZES, RATES, name="k")
    steps = _SENT[rate]
    outputs = {each for step in steps for each in step}
    forward = [[j for j in _FORWARD if f"{j}{letter}" in outputs] for letter in "ab"]
    circuits = [recursive_circuit([_FORWARD[j] for j in each], _FEEDBACK) for each in forward]
    first, second = (Encoder(circuit, k, "zero") for circuit in circuits)
    one, two = mother_bits((first, second))
    where = {"0a": one[:, 0]}
    where |= {f"{j}a": one[:, 1 + i] for i, j in enumerate(forward[0])}
    where |= {f"{j}b": two[:, 1 + i] for i, j in enumerate(forward[1])}
    sent = [where[each][t] for t in range(first.all_steps) for each in steps[t % len(steps)]]
    return TurboCode((first, second), interleaver(k), sent=np.array(sent))


def interleaver(k: int) -> Numbers:
    """The permutation (6.3), int32 (k), for k = 8 k2.

    With s from 1 on it is 2 (t + c k1 / 2 + 1) - m for the bit that comes at place s.
    """
    k1, k2 = 8, k // 8
    s = np.arange(k)  # the standard's s - 1
    m, i = s % 2, s // (2 * k2)
    j = s // 2 - i * k2
    t = (19 * i + 1) % (k1 // 2)
    c = (np.array(_PRIMES)[t % 8] * j + 21 * m) % k2
    return permutation(2 * (t + c * k1 // 2 + 1) - m - 1, k)
