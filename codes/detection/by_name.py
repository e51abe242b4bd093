"""Cyclic redundancy checks, as configurations name them."""

from ..code import Code
from ..examples import with_examples
from ..linear import LinearCode
from .crc import CRCCode, LinearCRCCode
from .polynomials import polynomial_of


@with_examples(
    {"polynomial": 0x3, "bits": 3, "code": {"type": "hamming", "r": 4}},
    {"polynomial": "16-ccitt", "code": {"type": "uncoded", "k": 40}},
    {"polynomial": 0x7, "bits": 8, "code": {"type": "ldpc", "n": 48, "k": 24, "column_weight": 3}},
    {
        "polynomial": 0x1,
        "bits": 2,
        "code": {"type": "linear", "generator": ["111000011", "011100010", "001110001", "000111010"]},
    },
)
def crc(*, polynomial: int | str, bits: int | None = None, code: Code) -> CRCCode:
    """A cyclic redundancy check (CRC) behind the information bits, both in another code's information bits.

    ``polynomial`` is a name, such as 24a or 16-ccitt, or the coefficients without the leading term, most
    significant first: 0x1021 is x^16 + x^12 + x^5 + 1. ``bits`` is the degree, by default the least multiple
    of 8 that holds the number. k is that of ``code`` less the check bits. The register begins with zeros; the
    first bit is the highest coefficient.
    """
    degree, coefficients = polynomial_of(polynomial, bits)
    make = LinearCRCCode if isinstance(code, LinearCode) else CRCCode
    return make(code, bits=degree, polynomial=coefficients)
