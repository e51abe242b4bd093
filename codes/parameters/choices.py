"""Finding one code of a standard, in words where there is none."""

from collections.abc import Sequence


def check_choices(
    standard: str,
    n: int | None,
    rate: str | None,
    lengths: Sequence[int],
    rates: Sequence[str],
    *,
    name: str = "n",
) -> tuple[int, str]:
    """The length and the rate of a code; either may be left out where the standard has only one.

    ``name`` is that of the length, for messages. Raises ValueError, naming what there is, if a value that is
    needed is missing or is not there.
    """
    n = lengths[0] if n is None and len(lengths) == 1 else n
    if n is None or n not in lengths:
        steps = (
            f"{lengths[0]} to {lengths[-1]} in steps of {lengths[1] - lengths[0]}"
            if isinstance(lengths, range)
            else ""
        )
        raise ValueError(f"{name} must be {steps or _listed(lengths)} for {standard}, {_got(n)}")
    return int(n), check_rate(standard, rate, rates)


def check_rate(standard: str, rate: str | None, rates: Sequence[str]) -> str:
    """The rate of a code, which may be left out where the standard has only one; raises ValueError."""
    rate = rates[0] if rate is None and len(rates) == 1 else rate
    if rate is not None and not isinstance(rate, str):
        raise ValueError(f"rate must be {_listed(rates)}, as text, for {standard}, got {rate!r}")
    variants = (
        [] if rate is None else [known for known in rates if known[-1].isalpha() and known[:-1] == rate]
    )
    if variants:
        raise ValueError(
            f"rate must be {_listed(variants)} for {standard}, which has two codes of rate {rate}"
        )
    if rate is None or rate not in rates:
        raise ValueError(f"rate must be {_listed(rates)} for {standard}, {_got(rate)}")
    return rate


def _listed(values: Sequence[int] | Sequence[str]) -> str:
    *first, last = map(str, values)
    return f"{', '.join(first)} or {last}" if first else last


def _got(value: object) -> str:
    return "but is missing" if value is None else f"got {value!r}"
