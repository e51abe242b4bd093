"""The thresholds of curves: of the ensemble of a code, with its decoder, over its channel."""

from collections.abc import Hashable
from typing import cast

from ...bounds.ensembles.thresholds import Algorithm, Threshold, algorithms_of, threshold
from ..link.link import Link
from .ensembles import ensemble_of_code
from .exit_support import propagation

#: A line in a figure is right to 0.005 dB, and the grid of LLRs as coarse as that allows.
TOLERANCE, STEP = 5e-3, 0.1
#: The thresholds that were computed in this process, which figures of a run ask for again and again.
_KNOWN: dict[Hashable, Threshold | ValueError] = {}


def link_threshold(link: Link) -> float:
    """Where on a link's parameter the threshold of its code and decoder is, to 0.005 dB.

    Eb/N0 is counted with the code's own rate. Raises ValueError, saying why, where none is known.
    """
    model = link.channel
    decoder = propagation(link.decoder)
    if decoder is None:
        raise ValueError("thresholds are known of bp")
    if link.modulation is not None:
        raise ValueError("thresholds are known of bits that are sent without a modulation")
    if not all(isinstance(value, int | float) for value in (decoder.scale, decoder.offset)):
        raise ValueError("thresholds are known of one factor and one offset for all messages")
    ensemble = ensemble_of_code(link.code)
    algorithm = cast(Algorithm, decoder.algorithm)
    if model.parameter.name == "epsilon" and model.make.__name__ == "BEC":
        algorithm = "sum-product"  # of erasures all of them make the same
    given = (decoder.scale, decoder.offset) if algorithm == "min-sum" else (1.0, 0.0)
    key = (ensemble.key, algorithm, given, model.make, model.parameter.name, repr(model.fixed))
    if key not in _KNOWN:
        try:
            if algorithm not in algorithms_of(ensemble, model):
                raise ValueError(f"no threshold is known of {algorithm} over this channel")
            scale, offset = given
            _KNOWN[key] = threshold(
                ensemble, model, algorithm, scale=scale, offset=offset, tolerance=TOLERANCE, step=STEP
            )
        except ValueError as error:
            _KNOWN[key] = error
    found = _KNOWN[key]
    if isinstance(found, ValueError):
        raise ValueError(str(found))
    shift = model.parameter.esno_shift
    if shift is None:
        return found.value
    rate = model.rate or link.code.k / link.code.n
    return found.value + shift(ensemble.rate) - shift(rate)
