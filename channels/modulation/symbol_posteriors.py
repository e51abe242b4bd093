"""A-posteriori probabilities of the signals of a modulation, symbol by symbol."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ..models.observation import Observation
from .modulation import Modulation

Floats = npt.NDArray[np.float64]


def symbol_log_posteriors(
    modulation: Modulation, observation: Observation, prior: npt.ArrayLike | None = None
) -> Floats:
    """ln P(signal | what is received), float64 (frames, symbols, M), in the order of ``signals.vectors``.

    Of points that is the order of ``constellation.points``. Of differential modulations the signals are turns
    from a sample to the next, each judged by these two alone.

    Parameters
    ----------
    modulation
        What sent the samples.
    observation
        Samples (frames, symbols x slots), with gains if there are any.
    prior
        LLRs of the coded bits that are known beforehand, (frames, symbols log2 M); None if nothing is.

    Examples
    --------
    >>> from capgap.channels import BPSK
    >>> seen = Observation(np.array([[0.5]], np.float32), 0.5)
    >>> np.exp(symbol_log_posteriors(BPSK(), seen)).round(3).tolist()
    [[[0.881, 0.119]]]
    """
    metric = symbol_log_likelihoods(modulation, observation)
    if prior is not None:
        known = np.asarray(prior, np.float64).reshape(*metric.shape[:2], -1)
        metric += known @ (0.5 - modulation.signals.label_bits.T)
    found: Floats = metric - np.logaddexp.reduce(metric, axis=-1, keepdims=True)
    return found


def symbol_log_likelihoods(modulation: Modulation, observation: Observation) -> Floats:
    """ln p(what is received | signal), but for what all signals have in common: float64 (frames, symbols, M).

    Of the coherent -|y - g x|^2 / (2 sigma^2). Where the phase is uniform, the mean of the likelihood over it
    is I0(g |x* y| / sigma^2) exp(-g^2 |x|^2 / (2 sigma^2)), and of two samples that share a phase, y and y'
    with y' turned by x, I0(|g y + g' y' x*| / sigma^2).
    """
    vectors, variance = modulation.signals.vectors, observation.noise_variance
    y: Any = observation.samples.astype(np.complex128)
    gains = np.ones(y.shape) if observation.gains is None else observation.gains.astype(np.float64)
    y = y * symbol_turns(modulation, y.shape[1]).conj()
    if modulation.detection == "differential":
        weighed = (gains * y)[..., None]
        return _log_i0(abs(weighed[:, :-1] + weighed[:, 1:] * vectors[:, 0].conj()) / variance)
    y, gains = (each.reshape(len(y), -1, 1, modulation.slots) for each in (y, gains))
    sent = gains * vectors
    if modulation.detection == "coherent":
        apart: Floats = -(abs(y - sent) ** 2).sum(axis=-1) / (2 * variance)
        return apart
    energy: Floats = (abs(sent) ** 2).sum(axis=-1) / (2 * variance)
    seen: Floats = abs((sent.conj() * y).sum(axis=-1)) / variance
    return _log_i0(seen) - energy


def symbol_turns(modulation: Modulation, symbols: int) -> npt.NDArray[np.complex128]:
    """What the points are multiplied by at each sample of a frame, complex128 (symbols)."""
    return np.array([1, 1j, -1, -1j])[modulation.quarter_turns * np.arange(symbols) % 4]


def _log_i0(x: Floats) -> Floats:
    from scipy.special import ive

    found: Floats = x + np.log(ive(0, x))
    return found
