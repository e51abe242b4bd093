"""Samples, and what comes of them out of a channel."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.batches import lanes_of
from ...vectors.groups import Lanes

Samples = npt.NDArray[np.float32] | npt.NDArray[np.complex64]


@dataclass(frozen=True, eq=False)
class Observation:
    """What comes out of a channel of samples.

    Attributes
    ----------
    samples
        float32 or complex64 (frames, uses); in groups float32 (groups, real dimensions, 64), the real and the
        imaginary part of a sample one after the other.
    noise_variance
        Of the Gaussian noise in each real dimension, N0 / 2.
    frames
        The frames that count; None for all.
    n
        Coded bits of a frame, where the last sample carries more than belong to it; None where it does not.
    gains
        Factors of the samples that the receiver knows, real, float32 (frames, uses), of the phase of which
        the samples are freed; in groups one for each real dimension. None where there are none.
    """

    samples: npt.NDArray[Any]
    noise_variance: float
    frames: int | None = None
    n: int | None = None
    gains: npt.NDArray[Any] | None = None


def real_lanes(samples: npt.NDArray[Any]) -> Lanes:
    """Samples (frames, uses) as real dimensions, float32 (dimensions, frames), C-contiguous."""
    if not np.iscomplexobj(samples):
        return lanes_of(samples, np.float32)
    lanes = np.empty((2 * samples.shape[1], len(samples)), np.float32)
    lanes[::2], lanes[1::2] = samples.real.T, samples.imag.T
    return lanes


def from_real_lanes(lanes: Lanes, dimensions: int) -> Samples:
    """Samples (frames, uses) of real dimensions, float32 (dimensions, frames)."""
    if dimensions == 1:
        return lanes.T
    samples = np.empty((lanes.shape[1], len(lanes) // 2), np.complex64)
    samples.real, samples.imag = lanes[::2].T, lanes[1::2].T
    return samples
