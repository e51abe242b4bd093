"""``scale: optimal`` of min-sum: the factor with the best threshold over the curve's channel."""

from collections.abc import Mapping
from typing import Any

from ...channels.models.model import ChannelModel
from ...codes import Code

OPTIMAL = "optimal"


def optimal_scale(decoder: Mapping[str, Any], code: Code, channel: ChannelModel) -> float:
    """The factor of a decoder's data, by density evolution of the code's degrees, or of its protograph.

    It is the number that a configuration beside results has. Raises ValueError where thresholds are not
    known, or the decoder is not bp with min-sum.
    """
    # Every start would wait for them.
    from ...bounds.ensembles.thresholds import best_scale
    from ..theory.ensembles import ensemble_of_code

    if decoder.get("type") != "bp" or decoder.get("algorithm") != "min-sum":
        raise ValueError("it belongs to bp with algorithm: min-sum")
    offset = decoder.get("offset", 0)
    if not isinstance(offset, int | float):
        raise ValueError("it needs one offset for all messages")
    scale, _ = best_scale(ensemble_of_code(code), channel, offset=float(offset))
    return scale
