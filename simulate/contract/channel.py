"""The contract of channels."""

import inspect
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Channel, Stream
from ...channels.information.measured_information import fitted_llr_information, llr_capacity
from ..errors import shown
from .findings import FAILED, FRAMES, Findings

#: Coded bits of a frame that is sent over a channel, and frames over which its LLRs are looked at.
LENGTH, MANY_FRAMES = 37, 4096
#: LLRs are tested in so many bins for each sign; and the probability with which true ones are found wrong.
BINS, SIGNIFICANCE = 12, 1e-6
#: Standard errors, and bits, by which a capacity may be off that of the samples: far less likely than that.
MARGIN, ROUNDING = 6.0, 1e-5


def check_channel(channel: Channel) -> list[str]:
    """What is wrong with a channel at its operating point."""
    found = Findings()
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
