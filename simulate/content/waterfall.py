"""The point of a curve at which a figure that takes one shows it."""

from collections.abc import Sequence

from ..results.rows import Row

#: Most frames that may fail where a curve with several points is shown.
MOST_FER = 0.1


def waterfall(rows: Sequence[Row]) -> Row:
    """The noisiest point at which most frames are decoded, so that their mean tells of each.

    The quietest where there is none.
    """
    decoded = [row for row in rows if row.fer <= MOST_FER]
    return max(decoded, key=lambda row: row.fer) if decoded else min(rows, key=lambda row: row.ber)
