"""Mutual information of sent bits and received LLRs, measured on samples, with a standard error.

For the LLRs of any simulated channel, demapper or decoder. ten Brink, Kramer and Ashikhmin, "Design of
low-density parity-check codes for modulation and detection", 2004, section II; Hagenauer, "The EXIT
chart", 2004.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .measures import Unit, nats_in

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class InformationEstimate:
    """Mutual information measured on samples, per bit.

    Attributes
    ----------
    value
        The estimate, in the unit asked for. It may fall a little outside [0, 1] by chance, and far
        below 0 where LLRs claim what is not so; minus infinity if one is certain, and wrong.
    standard_error
        Standard deviation of the estimate; infinity where it cannot be told.
    samples
        Number of independent samples: frames, or single LLRs where no frames were given.
    scale
        What the LLRs were multiplied by: 1 unless a scale was fitted.
    """

    value: float
    standard_error: float
    samples: int
    scale: float = 1.0


def llr_information(llr: npt.ArrayLike, bits: npt.ArrayLike, unit: Unit = "bits") -> InformationEstimate:
    """I(B; L) = 1 - E[log2(1 + exp(-(1 - 2 b) L))], measured.

    This is the mutual information if bits are equiprobable and the LLRs are true, L = ln P(b = 0 | y) /
    P(b = 1 | y): those of a matched channel or an exact a-posteriori decoder, symmetric or not. For
    LLRs that are not true it is less than that, and still a rate that a decoder which trusts them can
    reach; ``fitted_llr_information`` and ``binned_information`` ask less of them.

    Parameters
    ----------
    llr
        LLRs, positive for 0: shape (frames, n), or (samples) of single ones. Infinities are allowed.
    bits
        What was sent: 0 and 1, the same shape.
    unit
        ``bits`` or ``nats``.

    Returns
    -------
    InformationEstimate
        The standard error takes frames for independent, and asks nothing of the bits within one.

    Raises
    ------
    ValueError
        If the shapes differ or are none of these, there is no sample, an LLR is NaN, or a bit
        neither 0 nor 1.
    """
    towards = _towards_the_bit(llr, bits)
    mean, error = _mean(_lost(towards))
    nats = nats_in(unit)
    return InformationEstimate((math.log(2) - mean) / nats, error / nats, len(towards))


def llr_information_by_position(
    llr: npt.ArrayLike, bits: npt.ArrayLike, unit: Unit = "bits"
) -> tuple[Array, Array]:
    """The same for each position of the frame by itself: values and standard errors, shape (n) each.

    For positions that differ, such as the bits of a symbol: their sum over the bits of a symbol is the
    information of bit-interleaved coded modulation. ``llr`` and ``bits`` have shape (frames, n); raises
    ValueError as ``llr_information`` does.
    """
    towards = _towards_the_bit(llr, bits)
    if towards.ndim != 2:
        raise ValueError(f"llr must have shape (frames, n), got {towards.shape}")
    each = [_mean(column) for column in _lost(towards).T]
    nats = nats_in(unit)
    values = np.array([(math.log(2) - mean) / nats for mean, _ in each])
    return values, np.array([error / nats for _, error in each])


def fitted_llr_information(
    llr: npt.ArrayLike, bits: npt.ArrayLike, unit: Unit = "bits"
) -> InformationEstimate:
    """The largest of ``llr_information`` over all positive multiples of the LLRs.

    The generalised mutual information: what a decoder can reach that is free to scale the LLRs, such as
    min-sum's, which are too sure of themselves. Kaplan and Shamai (1993); Martinez, Guillen i Fabregas,
    Caire and Willems, "Bit-interleaved coded modulation revisited", 2009. Never below 0; the scale
    that was found is in the result. Fitting it makes the value larger by some standard error squared.
    Arguments and errors are those of ``llr_information``.
    """
    from scipy.optimize import minimize_scalar

    towards = _towards_the_bit(llr, bits)
    nats = nats_in(unit)
    size = abs(towards[np.isfinite(towards) & (towards != 0)])
    if np.isneginf(towards).any() or not size.size:
        # One that is certain and wrong forbids any trust. If all are 0 or certain, no scale matters.
        mean, error = _mean(_lost(np.where(towards == np.inf, towards, 0.0)))
        if np.isneginf(towards).any():
            return InformationEstimate(0.0, 0.0, len(towards), 0.0)
        return InformationEstimate((math.log(2) - mean) / nats, error / nats, len(towards))
    unit_scale = 1 / float(size.mean())
    # The loss is convex in the scale; its logarithm is searched, from hardly any trust to certainty.
    found = minimize_scalar(
        lambda x: float(_lost(towards * (unit_scale * math.exp(x))).mean()),
        bounds=(-30.0, 12.0),
        method="bounded",
        options={"xatol": 1e-9},
    )
    scale = unit_scale * math.exp(float(found.x))
    mean, error = _mean(_lost(towards * scale))
    if mean >= math.log(2):
        return InformationEstimate(0.0, 0.0, len(towards), 0.0)
    return InformationEstimate((math.log(2) - mean) / nats, error / nats, len(towards), scale)


def llr_capacity(llr: npt.ArrayLike, unit: Unit = "bits") -> InformationEstimate:
    """The capacity of a memoryless channel whose input is one bit, from the LLRs of equiprobable bits alone.

    The LLRs must be true, L = ln P(y | b = 0) / P(y | b = 1). Then P(b = 0 | y) = 1 / (1 + e^-L), and the
    mutual information with any other law of the bits is a mean over the same samples; it is maximised over
    P(b = 0), which is 1/2 where the channel is symmetric (Cover and Thomas, 2006, section 7.2). What is
    averaged is the expectation over the bit, so that even rare errors are counted.

    Parameters
    ----------
    llr
        LLRs, positive for 0, finite: shape (frames, n), or (samples) of single ones.
    unit
        ``bits`` or ``nats``.

    Returns
    -------
    InformationEstimate
        Samples are frames, or single LLRs, as for ``llr_information``.

    Raises
    ------
    ValueError
        If there is no sample, the shape is another, or an LLR is not finite.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import expit

    soft = np.asarray(llr)
    soft = _towards_the_bit(soft, np.zeros(soft.shape, np.uint8))
    if not np.isfinite(soft).all():
        raise ValueError("llr must be finite")
    zero, one = 2 * expit(soft), 2 * expit(-soft)  # what a sample counts for b = 0 and for b = 1

    def information(first: float) -> Array:
        """Of each sample, in nats, with P(b = 0) = ``first``."""
        log_first, log_second = math.log(first), math.log1p(-first)
        density: Array = -first * zero * np.logaddexp(log_first, log_second - soft)
        density -= (1 - first) * one * np.logaddexp(log_second, log_first + soft)
        return density

    found = minimize_scalar(
        lambda first: -float(information(first).mean()), bounds=(0.05, 0.95), method="bounded"
    )
    best = max((0.5, float(found.x)), key=lambda first: float(information(first).mean()))
    mean, error = _mean(information(best))
    nats = nats_in(unit)
    return InformationEstimate(mean / nats, error / nats, len(soft))


def binned_information(
    values: npt.ArrayLike, bits: npt.ArrayLike, bins: int = 64, unit: Unit = "bits"
) -> InformationEstimate:
    """I(B; V) of bits and any real values, whatever these mean: their histograms for b = 0 and b = 1.

    The values are put into bins of equal counts (one for each value if there are no more), which can only
    lose information, and the upward bias of counting, (bins - 1) / (2 samples) nats, is taken off (Miller,
    "Note on the bias of information estimates", 1955). It assumes neither symmetry nor truth of the LLRs
    nor equiprobable bits.

    Parameters
    ----------
    values
        Any statistic of what was received: shape (frames, n) or (samples), no NaN.
    bits
        What was sent: 0 and 1, the same shape.
    bins
        The number of bins, at least 2: many lose less, and few need fewer samples (ten a bin at the least).
    unit
        ``bits`` or ``nats``.

    Returns
    -------
    InformationEstimate
        With the standard error of the mean information density over frames.

    Raises
    ------
    ValueError
        As ``llr_information``, and if ``bins`` is below 2.
    """
    if bins < 2:
        raise ValueError(f"bins must be at least 2, got {bins}")
    towards = _towards_the_bit(values, bits)
    sent = np.asarray(bits).astype(np.int64)
    value = np.where(sent == 1, -towards, towards)
    ordered = np.sort(value, axis=None)
    distinct = np.unique(ordered)
    if len(distinct) <= bins:  # hard decisions and the like: a bin for each
        edges = distinct[1:]
    else:
        edges = np.unique(ordered[(np.arange(1, bins) * ordered.size) // bins])
    where = np.searchsorted(edges, value, side="right")
    counts = np.zeros((2, len(edges) + 1))
    np.add.at(counts, (sent, where), 1.0)
    joint = counts / value.size
    product = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    seen = joint > 0
    density = np.log(np.where(seen, joint, 1.0) / np.where(seen, product, 1.0))
    mean, error = _mean(density[sent, where])
    used = int((counts.sum(axis=0) > 0).sum()) - 1
    kinds = int((counts.sum(axis=1) > 0).sum()) - 1
    nats = nats_in(unit)
    return InformationEstimate((mean - used * kinds / (2 * value.size)) / nats, error / nats, len(value))


def _towards_the_bit(llr: npt.ArrayLike, bits: npt.ArrayLike) -> Array:
    """(1 - 2 b) L, float64: positive where the LLR says what was sent."""
    soft, sent = np.asarray(llr), np.asarray(bits)
    if soft.shape != sent.shape or soft.ndim not in (1, 2):
        raise ValueError(
            f"llr and bits must have one shape, (frames, n) or (samples), got {soft.shape} and {sent.shape}"
        )
    if soft.size == 0:
        raise ValueError("llr must hold at least one sample")
    if soft.dtype.kind not in "buif" or np.isnan(soft).any():
        raise ValueError("llr must be numbers and not NaN")
    if not np.isin(sent, (0, 1)).all():
        raise ValueError("bits must hold only 0 and 1")
    soft = soft.astype(np.float64)
    return np.where(sent == 1, -soft, soft)


def _lost(towards: Array) -> Array:
    """ln(1 + e^-x), without overflow; 0 for certainty, infinity for certain error."""
    lost: Array = np.logaddexp(0.0, -towards)
    return lost


def _mean(samples: Array) -> tuple[float, float]:
    """Mean, and its standard error over the first axis."""
    each = samples.mean(axis=1) if samples.ndim == 2 else samples
    mean = float(each.mean())
    if len(each) < 2 or not math.isfinite(mean):
        return mean, math.inf
    return mean, float(each.std(ddof=1)) / math.sqrt(len(each))
