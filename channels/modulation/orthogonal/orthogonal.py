"""Orthogonal modulation: frequency-shift keying and pulse-position modulation."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, get_args

import numpy as np
import numpy.typing as npt

from ....vectors.groups import Words
from ...models.channel import Signal
from ..constellation.constellations import as_order
from ..constellation.signals import SignalSet
from ..modulation import Detection
from ..point_modulation import Demapper, LabelModulation, filled
from .orthogonal_information import (
    Phase,
    bit_error_rate_of_slots,
    orthogonal_capacity,
    orthogonal_limit_esno,
    orthogonal_symbol_error_rate,
)
from .orthogonal_kernels import demap_slots, map_slots

#: Most orthogonal signals.
MOST_SIGNALS = 64


class OrthogonalSignals(SignalSet):
    """M signals, each with its energy in a slot of its own, a frequency or a time.

    Parameters
    ----------
    order
        M, a power of two. The label of a signal is the number of its slot: other labels make no difference,
        since all signals are as far from each other.

    Examples
    --------
    >>> OrthogonalSignals(2).vectors.real.tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    def __init__(self, order: int) -> None:
        super().__init__(order, range(order), f"{order} orthogonal signals")

    @property
    def vectors(self) -> npt.NDArray[np.complex128]:
        """The samples of each signal: complex128, shape (M, M)."""
        return np.eye(self.order, dtype=np.complex128)

    @property
    def slots(self) -> int:
        """M."""
        return self.order

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Slots:
    """Maps and demaps orthogonal signals.

    Parameters
    ----------
    bits
        log2 M.
    width
        Real dimensions of a slot: 1, or 2 where its phase is not known.
    """

    def __init__(self, bits: int, width: Literal[1, 2]) -> None:
        self._bits, self._width = bits, width

    def map(self, words: Words, samples: npt.NDArray[np.float32]) -> None:
        """Fill samples, float32 (groups, symbols x M x width, 64), from packed bits."""
        map_slots(words, self._bits, self._width, samples)

    def demap(self, samples: Any, gains: Any, prior: Any, law: Any, steps: Any, out: Any) -> None:
        """Fill ``out`` with LLRs; arguments are those of ``plane_kernels.demap_points``."""
        gains, prior = filled(gains, 1, samples), filled(prior, 0, out)
        demap_slots(samples, gains, prior, self._bits, self._width, law, steps, out)


class Orthogonal(LabelModulation):
    """Orthogonal signals, as of frequency-shift keying (FSK) or pulse-position modulation (PPM).

    A symbol has M slots, frequencies or times, one of which carries all of its energy. Es is that of a
    symbol. Over fading channels all slots of a symbol have the same gain.

    Parameters
    ----------
    order
        M, the number of signals: a power of two from 2 to 64.
    detection
        ``coherent``: the receiver knows the phase, and a slot is one real dimension. ``non-coherent``: it
        does not, in any symbol, and a slot is one complex sample; with a phase that is uniform, LLRs are
        those of ln I0(2 g |y| / N0). Errors do not depend on the phase, which is sent as 0 therefore.
    demapper
        ``exact``: LLRs are those of the sums of probabilities. ``max-log``: of the largest ones.

    Raises
    ------
    ValueError
        If a parameter is none of these.

    Examples
    --------
    >>> Orthogonal(order=4).map([1, 0]).tolist()
    [0.0, 0.0, 1.0, 0.0]
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"order": 4},
        {"order": 8, "detection": "non-coherent"},
        {"order": 2, "detection": "non-coherent", "demapper": "max-log"},
    )

    def __init__(self, *, order: int, detection: Phase = "coherent", demapper: Demapper = "exact") -> None:
        if detection not in get_args(Phase):
            raise ValueError(f"detection must be coherent or non-coherent, got {detection!r}")
        self.detection: Detection = detection
        self._phase: Phase = detection
        signals = OrthogonalSignals(as_order(order, MOST_SIGNALS))
        width: Literal[1, 2] = 1 if detection == "coherent" else 2
        super().__init__(signals, demapper, Slots(signals.order.bit_length() - 1, width))

    def capacity(self, esno: float, signal: Signal = "modulation") -> float:
        """What it carries over AWGN at Es/N0 (a ratio) in bits a symbol; see ``orthogonal_capacity``."""
        return orthogonal_capacity(self.signals.order, esno, phase=self._phase, signal=signal)

    def limit_esno(self, rate: float, signal: Signal = "modulation") -> float:
        """The least Es/N0 (a ratio) at which ``rate``, below log2 M, does not exceed ``capacity``."""
        return orthogonal_limit_esno(self.signals.order, rate, phase=self._phase, signal=signal)

    def uncoded_ser(self, esno: float) -> float:
        """The probability that another slot than the one that was sent has the largest metric, over AWGN."""
        return orthogonal_symbol_error_rate(self.signals.order, esno, self._phase)

    def uncoded_ber(self, esno: float) -> float | None:
        """The probability that a bit's LLR has the wrong sign, over AWGN.

        Of max-log LLRs, which decide for the slot with the largest metric, and of two signals; of exact ones
        of more it is not known.
        """
        order = self.signals.order
        if self._exact and order > 2:
            return None
        return bit_error_rate_of_slots(order, self.uncoded_ser(esno))
