"""Hard decisions. Arrays are lane-major, shape (m, frames), C-contiguous, where not in groups."""

import numpy as np

from ..vectors.group_kernels import GROUP
from ..vectors.kernel_cache import kernel


@kernel
def all_finite(llr):
    """Whether no element, float32, is NaN or infinite."""
    bits = llr.view(np.int32)
    greatest = np.int32(0)
    for i in range(bits.shape[0]):
        row = bits[i]
        for lane in range(row.size):  # without the sign, the order of floats is that of their bits
            greatest = max(greatest, row[lane] & np.int32(0x7FFFFFFF))
    return greatest < np.int32(0x7F800000)


@kernel
def decide(llr, out):
    """``out`` = 1 where llr < 0, 0 where llr > 0, else 2; uint8. Returns whether any is 2."""
    undecided = np.uint8(0)
    for i in range(llr.shape[0]):
        row, bits = llr[i], out[i]
        for lane in range(row.size):
            x = row[lane]
            bit = np.uint8(1) if x < 0 else (np.uint8(2) if x == 0 else np.uint8(0))
            bits[lane] = bit
            undecided |= bit
    return undecided > 1


@kernel
def put_tie_bits(decisions, tie_bits):
    """Replace each 2 in ``decisions`` by the tie-breaking bit in its place; both uint8."""
    for i in range(decisions.shape[0]):
        bits, row = decisions[i], tie_bits[i]
        for lane in range(row.size):
            bits[lane] = row[lane] if bits[lane] > 1 else bits[lane]


@kernel
def decide_repetitions(llr, k, votes, out, without_ties):
    """Decisions on the sums of positions i, i + k, i + 2 k, ...; 2 for a tie.

    ``llr`` is float32 (groups, n, 64), of which only the signs count if ``votes``; ``out`` is uint8
    (groups, k, 64), and ``without_ties``, bool (64 groups), receives whether no decision of a frame is 2. The
    sums are float64: equal LLRs add up without rounding, so that a tie of votes is a tie.
    """
    total, open_ = np.empty(GROUP, np.float64), np.empty(GROUP, np.uint8)
    for group in range(llr.shape[0]):
        open_[:] = np.uint8(0)
        for i in range(k):
            for lane in range(GROUP):
                total[lane] = 0.0
            for j in range(i, llr.shape[1], k):
                row = llr[group, j]
                if votes:
                    for lane in range(GROUP):
                        total[lane] += np.float64(np.int32(row[lane] > 0) - np.int32(row[lane] < 0))
                else:
                    for lane in range(GROUP):
                        total[lane] += np.float64(row[lane])
            bits = out[group, i]
            for lane in range(GROUP):
                bits[lane] = np.uint8(total[lane] < 0) | (np.uint8(total[lane] == 0) << np.uint8(1))
                open_[lane] |= bits[lane]
        for lane in range(GROUP):
            without_ties[group * GROUP + lane] = open_[lane] < 2
