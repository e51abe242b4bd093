"""``capgap compare``: where two results differ beyond chance, with a figure of both."""

from collections.abc import Sequence
from pathlib import Path

from ..analysis import comparison
from ..analysis.comparison import Comparison
from ..results.rows import Results


def compare(
    a: str | Path | Results,
    b: str | Path | Results,
    *,
    curves: str | Sequence[str] | None = None,
    significance: float = 0.01,
    output: str | Path | None = None,
) -> Comparison:
    """Compare two results, or a result and a reference curve, point by point.

    Parameters
    ----------
    a, b
        A results folder or its ``results.csv``, results as ``run`` returns them, or a reference curve:
        a CSV file with one of the columns ``ebno_db``, ``esno_db``, ``snr_db``, ``f``, ``epsilon``, with
        ``frames`` and ``frame_errors``, and perhaps ``bit_errors``, ``bit_errors_squared`` and ``k``.
        Lines that begin with # are its description, further columns are passed over.
    curves
        The curves to compare, or the one, each as ``LABEL`` or ``LABEL=LABEL_IN_B``. By default those of
        the same label, or the only ones there are.
    significance
        The probability of finding any difference where there is none; 0 < significance < 1.
    output
        A file for the overlay figure; its ending chooses the format.

    Raises
    ------
    InputError
        If something cannot be read, matched or written.

    Notes
    -----
    Points with the same key are the same frames: those are not tested, but must have the same counts.
    The BER is tested where both sides know ``bit_errors_squared`` and have the same k above 1.
    """
    found = comparison.compare(a, b, curves=curves, significance=significance)
    if output is not None:
        from ..figures import draw_comparison

        draw_comparison(found, output)
    return found
