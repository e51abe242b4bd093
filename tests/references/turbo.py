"""Turbo decoding by max-log, half-iteration by half-iteration, on all frames at once."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tests.references.bcjr import max_log

Array = npt.NDArray[Any]


def scaled(e: Array, scale: float, precision: str) -> Array:
    """Extrinsic LLRs times a scale, as ``scaled_by`` of the kernels rounds them."""
    if precision == "float32":
        return np.float64(np.float32(scale)) * e
    factor = round(scale * 2**14)
    if precision == "int16":
        return (np.clip(e, -(2**16) + 1, 2**16 - 1) * factor + 2**13) >> 14
    return ((4 * e + round(2**15 / factor)) * factor) >> 16


def decode(code: Any, llr: Array, scales: Any, precision: str, limit: int, window: int = 0) -> Array:
    """A-posteriori LLRs of the information bits after each half-iteration, (halves, k, frames).

    ``llr`` is (n, frames), of whole numbers for fixed point. Of two encoders with one input that begin at 0.
    """
    frames = llr.shape[1]
    with_zeros = np.vstack([llr, np.zeros((1, frames), llr.dtype)])
    first = code.encoders[0]
    given = with_zeros[code.positions[0][: first.steps, 0]]
    value, found = given.copy(), []
    for half, scale in enumerate(scales):
        encoder, positions = code.encoders[half % 2], code.positions[half % 2]
        order = code.interleaver if half % 2 else np.arange(code.k)
        inputs = np.concatenate([value[order], with_zeros[positions[encoder.steps :, 0]]])[:, None]
        outputs = with_zeros[positions]
        outputs[:, 0] = 0
        posterior = max_log(
            encoder.circuit.trellis,
            inputs,
            outputs,
            encoder.termination == "zero",
            window,
            32,
            encoder.steps,
        )[: encoder.steps]
        e = posterior - value[order]
        in_order = np.empty_like(posterior)
        in_order[order] = posterior
        found.append(in_order)
        value = value.copy()
        value[order] = np.clip(given[order] + scaled(e, scale, precision), -limit, limit)
    return np.array(found)
