"""A channel model: a channel with all of its parameters but the one that is swept.

At a value of that parameter it is a ``Channel``. Limits are the model's, since they depend on what is fixed.
"""

import inspect
import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from ..numerics import root
from ..parameter import Parameter, parameter_named, parameters_of
from .channel import Channel, Signal

#: Positions, in dB or what stands for it, that a search for a limit goes away from its start at most.
FURTHEST = 128.0


def takes_rate(make: Callable[..., Channel]) -> bool:
    """Whether a channel wants to know the information bits a channel use, as one with an Eb/N0 does."""
    return "rate" in inspect.signature(make).parameters


def tells_energy(make: Callable[..., Channel]) -> bool:
    """Whether one of a channel's parameters is a ratio of energies, such as Es/N0."""
    named = map(parameter_named, inspect.signature(make).parameters)
    return any(each.esno_shift or each.complex for each in (*parameters_of(make), *named))


class MakesChannel(Protocol):
    """A modulation: placed before a channel of samples, it makes that a channel of bits."""

    @property
    def dimensions(self) -> int:
        """Real dimensions of a sample."""

    @property
    def bits_per_symbol(self) -> int:
        """Coded bits of a sample."""

    def over(self, channel: Channel) -> Channel:
        """The channel of bits."""


@dataclass(frozen=True, eq=False)
class ChannelModel:
    """A channel and its fixed parameters, over one parameter.

    Attributes
    ----------
    make
        The channel's class, or a function that returns a channel.
    parameter
        The parameter that is swept.
    fixed
        The other arguments.
    rate
        Information bits a channel use, to which Eb/N0 refers; None where it is not known.
    modulation
        What makes samples of bits for it; None where it is sent bits.

    Examples
    --------
    >>> from capgap.channels import BSC
    >>> from capgap.channels.parameter import F
    >>> round(ChannelModel(BSC, F).limit(0.5), 4)
    0.11
    """

    make: Callable[..., Channel]
    parameter: Parameter
    fixed: Mapping[str, Any] = field(default_factory=dict)
    rate: float | None = None
    modulation: "MakesChannel | None" = None
    _searched: dict[Any, float | None] = field(default_factory=dict, repr=False)

    def at(self, value: float) -> Channel:
        """The channel at a value of the parameter; raises what its constructor raises, or ValueError."""
        if self.refusal:
            raise ValueError(self.refusal)
        channel = self.make(**self._given, **{self.parameter.name: value})
        return channel if self.modulation is None else self.modulation.over(channel)

    @property
    def dimensions(self) -> int:
        """Real dimensions of a channel use."""
        return 1 if self.modulation is None else self.modulation.dimensions

    @cached_property
    def refusal(self) -> str:
        """Why the modulation's samples cannot be sent, in words; "" if they can.

        What a ratio of energies allows depends on the dimensions: a channel that has one must be told them.
        """
        known = inspect.signature(self.make).parameters
        if self.dimensions == 1 or "dimensions" in known or not tells_energy(self.make):
            return ""
        return (
            f"the channel {getattr(self.make, '__name__', self.make)} is not told that samples have "
            f"{self.dimensions} real dimensions, on which its SNR and capacity depend: let its constructor "
            "take the keyword dimensions, 1 by default"
        )

    @cached_property
    def _given(self) -> dict[str, Any]:
        """All arguments of the constructor but the parameter."""
        told: dict[str, Any] = {"rate": self.rate} if self.rate is not None else {}
        told |= {"dimensions": self.dimensions} if self.dimensions != 1 else {}
        known = inspect.signature(self.make).parameters
        return {**self.fixed, **{name: value for name, value in told.items() if name in known}}

    def over(self, name: str) -> "ChannelModel | None":
        """The same channel over another of its parameters; None if it has none of that name to sweep."""
        if name == self.parameter.name:
            return self
        if name in self.fixed:
            return None
        found = next((each for each in parameters_of(self.make) if each.name == name), None)
        return None if found is None else replace(self, parameter=found.of(self.dimensions))

    def capacity(self, value: float, signal: Signal = "gaussian") -> float:
        """Capacity in bits a channel use at a value; of ``signal``, where the channel tells inputs apart."""
        channel = self.at(value)
        if signal != "gaussian" and self.tells_signals:
            return float(channel.capacity(signal=signal))  # type: ignore[call-arg]
        return float(channel.capacity())

    @cached_property
    def tells_signals(self) -> bool:
        """Whether the capacity is one of several inputs, of which ``signal`` names one."""
        if self.modulation is not None:
            return True
        return "signal" in inspect.signature(getattr(self.make, "capacity", Channel.capacity)).parameters

    @cached_property
    def set_apart(self) -> dict[str, Any]:
        """The fixed parameters that have other values than the constructor gives them by itself."""
        known = inspect.signature(self.make).parameters
        return {
            name: value
            for name, value in self.fixed.items()
            if name not in known or value != known[name].default
        }

    def limit(self, rate: float | None = None, signal: Signal = "gaussian") -> float | None:
        """The value at which a rate meets the capacity of ``signal``; None where there is none.

        The class is asked where it can know: its class method does not know of parameters that are fixed.
        Otherwise the value is searched for on ``capacity``, where that tells ``signal`` apart.

        Parameters
        ----------
        rate
            Information bits a channel use; by default that of the model.
        signal
            The input whose capacity is meant, where the channel's input may be continuous.
        """
        rate = self.rate if rate is None else rate
        if rate is None:
            return None
        if self.answers("limit"):
            return self.make.limit(self.parameter.name, rate, signal)  # type: ignore[attr-defined,no-any-return]
        if signal != "gaussian" and not self.tells_signals:
            return None
        known = (self.parameter.name, self.rate, rate, signal)
        if known not in self._searched:
            self._searched[known] = self._search(rate, signal)
        return self._searched[known]

    def uncoded_ber(self, value: float) -> float | None:
        """The exact bit-error probability of uncoded transmission at a value; None if unknown."""
        if self.answers("uncoded_ber"):
            return self.make.uncoded_ber(self.parameter.name, value)  # type: ignore[attr-defined,no-any-return]
        bits = 1 if self.modulation is None else self.modulation.bits_per_symbol
        try:  # without a code the same Eb/N0 is a higher Es/N0, which may be out of range
            uncoded = replace(self, rate=float(bits)).at(value)
        except ValueError:
            return None
        return uncoded.modulated_ber()

    def answers(self, name: str) -> bool:
        """Whether the class, or a function that stands for one, has a method of its own that can know."""
        if self.set_apart or self.modulation is not None:
            return False
        found = inspect.getattr_static(self.make, name, None)
        return found is not None and found is not vars(Channel)[name]

    def _search(self, rate: float, signal: Signal) -> float | None:
        """From the middle of the range towards the rate, in steps that double, until the capacity passes it.

        None where the capacity turns before, is none, or cannot be had.
        """

        def excess(position: float) -> float | None:
            value = self.parameter.value_at(position)
            if not self.parameter.allows(value):
                return None
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found = self.capacity(value, signal) - rate
            except Exception:  # whatever anybody's channel raises beyond what it takes
                return None
            return found if math.isfinite(found) else None

        start = self._middle()
        first = None if start is None else excess(start)
        if start is None or first is None or rate <= 0:
            return None
        if first == 0:
            return self.parameter.value_at(start)
        for way in (1, -1):
            near, at_near, step = start, first, 1.0
            while abs(near - start) < FURTHEST:
                far = near + way * step
                at_far = excess(far)
                if at_far is None:
                    # The range may end between the two: on to its end in smaller steps.
                    step /= 2
                    if step < 1e-3:
                        break
                    continue
                if at_near * at_far < 0:
                    return self._between(excess, *sorted((near, far)))
                if abs(at_far) >= abs(at_near):
                    break  # away from the rate, or no further
                near, at_near, step = far, at_far, 2 * step
        return None

    def _middle(self) -> float | None:
        """The position at which a search begins: 0 dB, 0.1, or the middle of a range without these."""
        usual = 0.0 if self.parameter.decibels else 0.1
        if not self.parameter.allows(usual):
            low, high = self.parameter.range
            ends = [end for end in (low, high) if math.isfinite(end)]
            usual = sum(ends) / len(ends) if len(ends) == 2 else low + 1 if math.isfinite(low) else high - 1
        return self.parameter.position(usual) if self.parameter.decibels or usual > 0 else None

    def _between(self, excess: Callable[[float], float | None], low: float, high: float) -> float:
        """The value at the zero between two positions on whose sides the excess has other signs."""
        rising = (excess(high) or 0.0) > 0

        def increasing(position: float) -> float:
            found = excess(position) or 0.0
            return found if rising else -found

        return self.parameter.value_at(root(increasing, low, high))
