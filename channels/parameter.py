"""Channel parameters: what they are called, in which unit and range, and which way is better.

Everything that depends on what a parameter is asks it here: axes, conversions, searches, labels. A channel
names its own in ``parameters``; those that several channels share, or that users know by name, are below.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from .decibels import to_db

#: Where a parameter with an unknown range may lie.
ANYWHERE = (-math.inf, math.inf)


@dataclass(frozen=True)
class Parameter:
    """A channel parameter.

    Attributes
    ----------
    name
        In configurations and results, such as ``esno_db``.
    text, latex
        Its symbol: ``Es/N0``, ``$E_s/N_0$``. By default the name.
    words
        What it is, before the symbol in labels of axes.
    plain
        The symbol in labels of axes in plain text; by default ``text``.
    unit
        ``dB``, or another unit; empty for a number without one.
    range
        The least and the greatest value that it may have, both within.
    better
        1 if a larger value is less noise, -1 if a smaller one is, 0 if that is not known.
    scale
        Of its axes: ``log`` where values spread over decades and are positive.
    definition
        In a few words for messages, where the name does not say it.
    esno_shift
        The decibels from its value to Es/N0, as a function of the information bits a channel use; None for
        what is no ratio of energies.
    per_bit
        Whether the same value is another channel at another rate, as with Eb/N0.
    complex
        The same where samples are complex, if it means something else then.
    """

    name: str
    text: str = ""
    latex: str = ""
    words: str = ""
    plain: str = ""
    unit: str = ""
    range: tuple[float, float] = ANYWHERE
    better: Literal[1, -1, 0] = 0
    scale: Literal["linear", "log"] = "linear"
    definition: str = ""
    esno_shift: Callable[[float], float] | None = None
    per_bit: bool = False
    complex: "Parameter | None" = None

    def __post_init__(self) -> None:
        if self.scale not in ("linear", "log"):
            raise ValueError(f"scale must be linear or log, got {self.scale!r}")
        if self.better not in (1, -1, 0):
            raise ValueError(f"better must be 1, -1 or 0, got {self.better!r}")
        low, high = self.range
        if not low < high:
            raise ValueError(f"range must go from the least value to the greatest, got {self.range}")

    def of(self, dimensions: int) -> "Parameter":
        """The parameter for samples of one or two real dimensions."""
        return self.complex if dimensions == 2 and self.complex is not None else self

    @property
    def noise_falls(self) -> bool:
        """Whether noise falls as values grow: as ``better`` says, or else for decibels."""
        return self.better > 0 or (self.better == 0 and self.decibels)

    @property
    def decibels(self) -> bool:
        """Whether values are in dB."""
        return self.unit == "dB"

    @property
    def symbol(self) -> str:
        """``text``, or the name where there is none."""
        return self.text or self.name

    @property
    def axis_label(self) -> str:
        """The label of a figure's axis, with mathematics between dollars."""
        return self._label(self.latex or self.symbol)

    @property
    def plain_label(self) -> str:
        """The label of an axis in plain text."""
        return self._label(self.plain or self.symbol)

    def _label(self, symbol: str) -> str:
        named = f"{self.words} {symbol}" if self.words else symbol
        return f"{named} ({self.unit})" if self.unit else named

    def shown(self, value: float, digits: str = ".4g") -> str:
        """A value with its unit; what is rounded to 0 has no sign."""
        number = f"{float(value):z{digits}}"
        return f"{number} {self.unit}" if self.unit else number

    def allows(self, value: float) -> bool:
        """Whether a value lies in the range."""
        return self.range[0] <= value <= self.range[1]

    def position(self, value: float) -> float:
        """Where a value is on the line on which searches go: decibels, or 10 log10 of a positive number."""
        return value if self.decibels else math.log(value) / DB

    def value_at(self, position: float) -> float:
        """The value at a position."""
        return position if self.decibels else math.exp(position * DB)


#: A decibel of a ratio, in its natural logarithm.
DB = math.log(10) / 10


def _of_esno(rate: float) -> float:
    return 0.0


def _of_snr(rate: float) -> float:
    return -to_db(2)


EBNO = Parameter(
    "ebno_db",
    "Eb/N0",
    "$E_b/N_0$",
    unit="dB",
    range=(-100.0, 100.0),
    better=1,
    definition="Eb/N0 in dB, with Eb = Es / R",
    esno_shift=to_db,
    per_bit=True,
)
ESNO = Parameter(
    "esno_db",
    "Es/N0",
    "$E_s/N_0$",
    unit="dB",
    range=(-100.0, 100.0),
    better=1,
    definition="Es/N0 in dB",
    esno_shift=_of_esno,
)
SNR_COMPLEX = Parameter(
    "snr_db",
    "SNR",
    "SNR $= E_s/N_0$",
    plain="SNR = Es/N0",
    unit="dB",
    range=(-100.0, 100.0),
    better=1,
    definition="Es/N0 in dB, the same as esno_db, since samples are complex",
    esno_shift=_of_esno,
)
SNR = Parameter(
    "snr_db",
    "SNR",
    r"SNR $= E_s / \sigma^2$",
    plain="SNR = Es/σ²",
    unit="dB",
    range=(-100.0, 100.0),
    better=1,
    definition="Es / sigma^2 in dB, which is 2 Es/N0: 3.01 dB more than esno_db",
    esno_shift=_of_snr,
    complex=SNR_COMPLEX,
)
F = Parameter("f", "f", "$f$", "crossover probability", range=(0.0, 0.5), better=-1, scale="log")
EPSILON = Parameter(
    "epsilon", "ε", r"$\varepsilon$", "erasure probability", range=(0.0, 1.0), better=-1, scale="log"
)

#: The ratios of energies that results have a column for.
ENERGIES = (EBNO.name, ESNO.name)

_KNOWN: dict[str, Parameter] = {each.name: each for each in (EBNO, ESNO, SNR, F, EPSILON)}
#: Those of this package, which keep their meaning whatever other channels name.
STANDARD = tuple(_KNOWN)


def parameter_named(name: str) -> Parameter:
    """The parameter of a name; of one that no channel has described, the name says all that is known."""
    return _KNOWN.get(name) or Parameter(name, unit="dB" if name.endswith("_db") else "")


def parameters_of(channel: Any) -> tuple[Parameter, ...]:
    """The parameters that a channel's class, or a function that makes one, names in ``parameters``.

    They may be ``Parameter`` objects or names; ``definitions``, by name, says what the latter are.
    """
    definitions: Mapping[str, str] = getattr(channel, "definitions", {})
    named = getattr(channel, "parameters", ())
    return tuple(
        each
        if isinstance(each, Parameter)
        else replace(parameter_named(each), definition=definitions.get(each, ""))
        for each in named
    )


def remember(parameters: Any) -> None:
    """Let ``parameter_named`` find the parameters that a class describes."""
    for each in parameters if isinstance(parameters, tuple | list) else ():
        if isinstance(each, Parameter) and each.name not in STANDARD:
            _KNOWN[each.name] = each
