"""Reed-Solomon codes, as configurations name them."""

from functools import wraps
from typing import Any, Literal

from ...examples import with_examples
from .reed_solomon import ReedSolomonCode
from .reed_solomon_standards import standard_code

Standard = Literal["ccsds", "dvb", "ieee-802.3-kp4", "ieee-802.3-kr4", "kp4", "kr4", "qr-code"]


@with_examples(
    *ReedSolomonCode.examples,
    {"standard": "ccsds", "n": 37, "depth": 2},
    {"standard": "qr-code", "version": 1, "level": "L"},
)
def reed_solomon(
    *,
    n: int | None = None,
    k: int | None = None,
    standard: Standard | None = None,
    symbol_bits: int | None = None,
    first_root: int | None = None,
    spacing: int | None = None,
    polynomial: int | None = None,
    extended: bool = False,
    depth: int = 1,
    dual_basis: bool | None = None,
    version: int | None = None,
    level: Literal["L", "M", "Q", "H"] | None = None,
) -> ReedSolomonCode:
    """A Reed-Solomon code of n symbols, k of information; or that of a standard.

    n below 2^symbol_bits - 1 is a shortened code. The roots are alpha^(spacing j) for n - k numbers j from
    ``first_root``, 1, on; alpha is a root of ``polynomial``, all terms written. ``extended`` appends a
    symbol. ``depth`` words are interleaved symbol by symbol. ``standard`` names ccsds (k 223 or 239, depth, n
    if shortened, dual_basis unless false), dvb, ieee-802.3-kp4, ieee-802.3-kr4, or qr-code (version, level).
    """
    if standard is not None:
        own = {"symbol_bits": symbol_bits, "first_root": first_root, "spacing": spacing}
        own |= {"polynomial": polynomial, "extended": extended or None}
        for name, value in own.items():
            if value is not None:
                raise ValueError(f"{name} says nothing beside standard, which has its own")
        return standard_code(
            standard, n=n, k=k, depth=depth, dual_basis=dual_basis, version=version, level=level
        )
    for name, given in (("version", version), ("level", level)):
        if given is not None:
            raise ValueError(f"{name} belongs to the standard qr-code, which is not named")
    if n is None or k is None:
        raise ValueError(f"reed-solomon takes n and k, or a standard; missing: {'n' if n is None else 'k'}")
    return ReedSolomonCode(
        n=n,
        k=k,
        symbol_bits=symbol_bits,
        first_root=1 if first_root is None else first_root,
        spacing=1 if spacing is None else spacing,
        polynomial=polynomial,
        extended=extended,
        depth=depth,
        dual_basis=bool(dual_basis),
    )


@with_examples({"n": 7, "k": 3})
@wraps(reed_solomon)
def rs(**parameters: Any) -> ReedSolomonCode:
    """The same by its short name."""
    return reed_solomon(**parameters)
