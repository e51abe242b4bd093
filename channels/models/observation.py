"""Samples, and what comes of them out of a channel."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.batches import lanes_of
from ...vectors.expected import WrongResultError, expect, expect_contiguous
from ...vectors.finite_kernels import all_finite
from ...vectors.groups import GROUP, Lanes, grouped, groups_of, ungrouped
from ..streams.stream import Stream

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
        Coded bits of a frame: the last sample may carry more than belong to it. None for all.
    gains
        Real gains that the receiver knows, y = g x + noise: float32 (frames, uses), in groups one for each
        real dimension. The channel has undone the phase already. None where all are 1.
    gain_variance
        Of the error of the gains in each real dimension: to the noise a sample x adds as much times |x|^2.
    """

    samples: npt.NDArray[Any]
    noise_variance: float
    frames: int | None = None
    n: int | None = None
    gains: npt.NDArray[Any] | None = None
    gain_variance: float = 0.0

    @property
    def counted(self) -> int:
        """The frames that count, of groups."""
        return len(self.samples) * GROUP if self.frames is None else self.frames

    def in_groups(self) -> "Observation":
        """The same in groups of 64 frames."""
        samples, gains = np.atleast_2d(self.samples), None
        if self.gains is not None:
            factors = lanes_of(np.atleast_2d(self.gains), np.float32)
            gains = grouped(np.repeat(factors, 2 if np.iscomplexobj(samples) else 1, axis=0))
        return replace(self, samples=grouped(real_lanes(samples)), frames=len(samples), gains=gains)

    def plain(self, dimensions: int) -> "Observation":
        """The same of groups as arrays (frames, uses), where a sample has 1 or 2 real dimensions."""
        samples = from_real_lanes(ungrouped(self.samples, self.counted), dimensions)
        gains = None if self.gains is None else ungrouped(self.gains, self.counted)[::dimensions].T
        return replace(self, samples=samples, frames=None, gains=gains)


def check_observation(what: str, found: Any, dtype: Any, shape: tuple[int, ...]) -> None:
    """Raise WrongResultError, naming ``what``, unless ``found`` observes samples of this type and shape.

    Gains, if any, are real and one for each sample, or in groups for each real dimension; the noise has a
    finite variance above 0.
    """
    if not isinstance(found, Observation):
        raise WrongResultError(f"{what} should return an Observation, not {type(found).__name__}")
    expect(f"{what}'s samples", found.samples, dtype, shape)
    if found.gains is not None:
        expect(f"{what}'s gains", found.gains, np.float32, shape)
    for name, values in (("samples", found.samples), ("gains", found.gains)):
        if values is not None and not _finite(values):
            raise WrongResultError(f"{what} should give finite {name}: {_first_not_finite(values)}")
    variance = found.noise_variance
    if not (np.ndim(variance) == 0 and np.isrealobj(variance) and 0 < variance < np.inf):
        raise WrongResultError(f"{what}'s noise_variance should be a number above 0, got {variance!r:.40}")
    error = found.gain_variance
    if not (np.ndim(error) == 0 and np.isrealobj(error) and 0 <= error < np.inf):
        raise WrongResultError(f"{what}'s gain_variance should be a number, 0 or above, got {error!r:.40}")


def _finite(values: npt.NDArray[Any]) -> bool:
    if values.ndim == 3 and values.flags.c_contiguous:
        return bool(all_finite(values.reshape(-1, values.shape[2])))
    return bool(np.isfinite(values).all())


def _first_not_finite(values: npt.NDArray[Any]) -> str:
    at = np.argwhere(~np.isfinite(values))[0]
    if values.ndim == 2:
        return f"frame {at[0]}, sample {at[1]}"
    return f"frame {at[0] * GROUP + at[2]}, real dimension {at[1]}"


def check_samples(samples: Any, stream: Stream, dimensions: int) -> None:
    """Raise ValueError unless ``samples`` are groups, float32 (groups, real dimensions, 64), of a stream."""
    uses = samples.shape[1] if isinstance(samples, np.ndarray) and samples.ndim == 3 else 0
    expect_contiguous("samples", samples, np.float32, (groups_of(stream.frames), uses, GROUP))
    if uses % dimensions:
        raise ValueError(f"samples of {dimensions} real dimensions cannot be {uses} of them")


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
