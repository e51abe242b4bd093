"""What is hard to believe in simulated rates: more often a defect than a discovery."""

from collections.abc import Iterator, Sequence

from ...channels import converse_rate, least_ber
from ...codes import HardDecoder, UncodedCode
from ..engine.point import Point
from ..link.link import Link, OperatingPoint

#: A rate counts as beyond a bound only this many half-widths of its 95 % interval past it, some five
#: standard deviations, so that no sweep of thousands of points is doubted by chance.
MARGIN = 2.6


def doubts(points: Sequence[Point]) -> Iterator[str]:
    """One sentence for each point of a link that has frames and cannot be right.

    That is: a bit-error rate above one half; one below what the converse of the coding theorem
    allows at the channel's capacity C, R <= C / (1 - H(BER)) (MacKay, 2003, section 10.4); or
    uncoded transmission off its closed form.
    """
    for point in points:
        link, at = point.experiment, point.at
        if not (point.tally.frames and isinstance(link, Link) and isinstance(at, OperatingPoint)):
            continue
        row = point.row()
        low = row.ber - MARGIN * (row.ber - row.ber_low)
        high = row.ber + MARGIN * (row.ber_high - row.ber)
        where = f"{row.curve}: the BER of {row.ber:.3g} at {row.parameter} = {row.value:g}"
        uncoded = isinstance(link.code, UncodedCode) and isinstance(link.decoder, HardDecoder)
        exact = at.channel.uncoded_ber(row.parameter, row.value) if uncoded else None
        capacity = max(at.capacity, 0.0)
        # Frames that are sent again take more uses, and feedback adds nothing to the capacity.
        rate = row.bits_per_use if row.harq_rates is None else row.harq_rates.bits_per_use
        if low > 0.5:
            yield f"{where} is above one half: are bits or LLRs inverted?"
        elif exact is not None and not low <= exact <= high:
            yield f"{where} is off the closed form of uncoded transmission, {exact:.3g}"
        elif high < 0.5 and capacity < rate and converse_rate(capacity, high) < rate:
            least = least_ber(capacity, rate)
            yield (
                f"{where} lies beyond the Shannon limit: at this capacity, no code of rate "
                f"{rate:.3g} has less than {least:.3g}"
            )
