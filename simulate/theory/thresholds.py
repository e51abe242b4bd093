"""The thresholds of curves: of the ensemble of a code, with its decoder, over its channel."""

from collections.abc import Hashable
from typing import cast

from ...bounds.ensembles.degrees import Ensemble
from ...bounds.ensembles.scaling import Scaling, scaling
from ...bounds.ensembles.thresholds import Algorithm, Threshold, algorithms_of, threshold
from ...channels import BEC
from ...codes import CheckedDecoder, Decoder, DematchingDecoder, SegmentedDecoder
from ...codes.algebraic.outer_bch import OuterBCHDecoder
from ..link.link import Link
from ..registry import registry
from .ensembles import ensemble_of_code
from .exit.exit_support import propagation

#: A line in a figure is right to 0.005 dB, and the grid of LLRs as coarse as that allows.
TOLERANCE, STEP = 5e-3, 0.1
#: Decoders beside bp, by the algorithm whose threshold is theirs.
OTHERS: dict[str, Algorithm] = {
    "peeling": "sum-product",
    "erasure-ml": "maximum-likelihood",
    "gallager-a": "gallager-a",
    "gallager-b": "gallager-b",
    "gallager-e": "gallager-e",
}
#: The thresholds that were computed in this process, which figures of a run ask for again and again.
_KNOWN: dict[Hashable, Threshold | ValueError] = {}


def link_threshold(link: Link) -> float:
    """Where on a link's parameter the threshold of its code and decoder is, to 0.005 dB.

    Eb/N0 is counted with the code's own rate. Raises ValueError, saying why, where none is known.
    """
    model = link.channel
    algorithm, given = _algorithm(link.decoder)
    if link.modulation is not None:
        raise ValueError("thresholds are known of bits that are sent without a modulation")
    ensemble = ensemble_of_code(link.code)
    if model.make is BEC and algorithm == "min-sum":
        algorithm, given = "sum-product", (1.0, 0.0)  # of erasures they make the same
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


def link_scaling(link: Link) -> Scaling:
    """The scaling law of a link's code with iterative decoding over the BEC.

    Raises ValueError, saying why, where none is known.
    """
    if link.channel.make is not BEC or link.modulation is not None:
        raise ValueError("finite-length scaling is known over bec")
    if _algorithm(link.decoder)[0] not in ("sum-product", "min-sum"):
        raise ValueError("finite-length scaling is known of bp and peeling")
    ensemble = ensemble_of_code(link.code)
    if not isinstance(ensemble, Ensemble):
        raise ValueError("finite-length scaling is known of random codes, and this one is made of circulants")
    return scaling(ensemble)


def _algorithm(decoder: Decoder) -> tuple[Algorithm, tuple[float, float]]:
    """The algorithm of a decoder on a Tanner graph, with the factor and offset of its messages."""
    while isinstance(decoder, CheckedDecoder | OuterBCHDecoder | SegmentedDecoder):
        decoder = decoder.inner
    found = propagation(decoder)
    if found is None:
        inner = decoder.inner if isinstance(decoder, DematchingDecoder) else decoder
        known = registry.decoders.names()
        for name, algorithm in OTHERS.items():
            if name in known and type(inner) is registry.decoders.get(name).make:
                return algorithm, (1.0, 0.0)
        there = ["bp", *(name for name in OTHERS if name in known)]
        raise ValueError(f"thresholds are known of {', '.join(there)}")
    scale, offset = found.scale, found.offset
    if not (isinstance(scale, int | float) and isinstance(offset, int | float)):
        raise ValueError("thresholds are known of one factor and one offset for all messages")
    if found.algorithm == "min-sum":
        return "min-sum", (scale, offset)
    return cast(Algorithm, found.algorithm), (1.0, 0.0)
