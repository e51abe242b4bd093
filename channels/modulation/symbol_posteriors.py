"""A-posteriori probabilities of the points of a constellation, point by point."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ..models.observation import Observation
from .modulation import Modulation


def symbol_log_posteriors(
    modulation: Modulation, observation: Observation, prior: npt.ArrayLike | None = None
) -> npt.NDArray[np.float64]:
    """ln P(point | what is received), float64 (frames, uses, M), in the order of ``constellation.points``.

    Parameters
    ----------
    modulation
        What sent the samples.
    observation
        Samples (frames, uses), with gains if there are any.
    prior
        LLRs of the coded bits that are known beforehand, (frames, uses log2 M); None if nothing is.

    Examples
    --------
    >>> from capgap.channels import BPSK
    >>> seen = Observation(np.array([[0.5]], np.float32), 0.5)
    >>> np.exp(symbol_log_posteriors(BPSK(), seen)).round(3).tolist()
    [[[0.881, 0.119]]]
    """
    constellation, samples = modulation.constellation, np.asarray(observation.samples)
    turns = np.array([1, 1j, -1, -1j])[modulation.quarter_turns * np.arange(samples.shape[1]) % 4]
    gains: Any = 1.0 if observation.gains is None else observation.gains.astype(np.float64)[..., None]
    offset = (samples * turns.conj())[..., None] - gains * constellation.points
    metric = -(abs(offset) ** 2) / (2 * observation.noise_variance)
    if prior is not None:
        known = np.asarray(prior, np.float64).reshape(*samples.shape, -1)
        metric += known @ (0.5 - constellation.label_bits.T)
    found: npt.NDArray[np.float64] = metric - np.logaddexp.reduce(metric, axis=-1, keepdims=True)
    return found
