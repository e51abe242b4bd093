"""The turbo codes of DVB's return channels by satellite, with two bits a step and without tails.

ETSI EN 301 790, 8.5.5, for DVB-RCS, with 8 states; ETSI EN 301 545-2, for DVB-RCS2, with 16 states.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from ...convolutional.encoding.circuit import Circuit, Numbers, read_only_numbers
from ...convolutional.encoding.encoder import Encoder
from ...linear import read_only
from ...matrix_files.text import read_integers, read_lines
from ...parameters.choices import check_choices
from ..interleavers import almost_regular
from ..turbo import TurboCode, mother_bits

#: Which steps' Y and W are sent, of both encoders alike, for each rate of DVB-RCS.
RCS_RATES = {
    "1/3": ("1", "1"),
    "2/5": ("11", "10"),
    "1/2": ("1", "0"),
    "2/3": ("10", "0"),
    "3/4": ("100", "0"),
    "4/5": ("1000", "0"),
    "6/7": ("100000", "0"),
}
#: The same of DVB-RCS2, whose patterns of rates from 3/4 on are spread wider.
RCS2_RATES = RCS_RATES | {
    "3/4": ("101000", "0"),
    "6/7": ("100010000000", "0"),
    "5/6": ("10001000100010000000", "0"),
    "7/8": ("1000100000001000000010000000", "0"),
}


def dvb_rcs_code(k: int, rate: str) -> TurboCode:
    """The code of DVB-RCS of k information bits, twice a number of couples in ``dvb-rcs.txt``.

    All couples A, B come first, then Y of both encoders, couple by couple, then W: the natural order of
    the standard. Raises ValueError if there is no such code.
    """
    rows = table("dvb-rcs.txt")
    k, rate = check_choices("dvb-rcs", k, rate, [2 * n for n in rows], tuple(RCS_RATES), name="k")
    n = k // 2
    p0, p1, p2, p3 = rows[n]
    order = almost_regular(n, p=p0, q=[0, n // 2 + p1, p2, n // 2 + p3], start=1)
    circuit = duo_binary_circuit([1, 0, 1], [1, 1, 1], [1, 0, 1, 1], [1, 0, 0, 1])
    return _circular(circuit, order, *RCS_RATES[rate])


def dvb_rcs2_code(k: int, rate: str) -> TurboCode:
    """The code of DVB-RCS2 of k information bits, twice a number of couples in ``dvb-rcs2.txt``.

    Couples, Y and W as in ``dvb_rcs_code``. Any rate goes with any size, as the standard lets waveforms be
    defined. Raises ValueError if there is no such code.
    """
    rows = table("dvb-rcs2.txt")
    k, rate = check_choices("dvb-rcs2", k, rate, [2 * n for n in rows], tuple(RCS2_RATES), name="k")
    n = k // 2
    p, q0, q1, q2, q3 = rows[n]
    shifts = [0, 4 * q1, 4 * q0 * p + 4 * q2, 4 * q0 * p + 4 * q3]
    circuit = duo_binary_circuit([0, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0, 1], [1, 0, 1, 1, 1])
    return _circular(circuit, almost_regular(n, p=p, q=shifts, start=3), *RCS2_RATES[rate])


def duo_binary_circuit(
    feedback: Sequence[int], second: Sequence[int], y: Sequence[int], w: Sequence[int]
) -> Circuit:
    """A systematic circuit of two inputs A and B and outputs A, B, Y and W.

    Memory element i receives element i - 1, the first one the sum of A and of the elements that ``feedback``
    marks; those that ``second`` marks receive B too. Y and W are sums of what the first element receives and
    of the elements, as marked.
    """
    memory = len(feedback)
    A = np.eye(memory, k=-1, dtype=np.uint8)
    A[0] = feedback
    B = np.zeros((memory, 2), np.uint8)
    B[0, 0] = 1
    B[:, 1] = second
    C, D = np.zeros((4, memory), np.uint8), np.zeros((4, 2), np.uint8)
    D[[0, 1], [0, 1]] = 1
    for row, (newest, *others) in enumerate((y, w), 2):
        C[row], D[row] = np.array(others) ^ newest * A[0], newest * B[0]
    return Circuit(read_only(A), read_only(B), read_only(C), read_only(D))


def bits_of_couples(order: Numbers) -> Numbers:
    """The permutation of bits that one of couples is, where those with even numbers change A and B."""
    flipped = (order % 2 == 0).astype(np.int64)
    return read_only_numbers(np.stack([2 * order + flipped, 2 * order + 1 - flipped], axis=1).ravel())


def _circular(circuit: Circuit, order: Numbers, y: str, w: str) -> TurboCode:
    n = len(order)
    encoders = (Encoder(circuit, n, "tail-biting"), Encoder(circuit, n, "tail-biting"))
    both = np.stack(mother_bits(encoders))
    sent = [both[0, :, :2].ravel()]
    for output, row in enumerate((y, w), 2):
        kept = np.resize(np.array(list(row)) == "1", n)
        sent.append(both[:, kept, output].T.ravel())
    return TurboCode(encoders, bits_of_couples(order), sent=np.concatenate(sent))


@cache
def table(name: str) -> dict[int, list[int]]:
    """The parameters of the permutation for each number of couples."""
    path = Path(__file__).with_name(name)
    rows = (read_integers(path, number, words) for number, words in read_lines(path))
    return {couples: parameters for couples, *parameters in rows}
