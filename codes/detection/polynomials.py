"""Generator polynomials of cyclic redundancy checks, as they are written.

A number stands for the coefficients without the leading one, most significant first: 0x1021 of 16 bits is
x^16 + x^12 + x^5 + 1. Standards often have the register begin with ones, turn the order of bits round, or
invert the check bits. None of this changes which errors are found; here the register begins with zeros.
"""

import difflib
import re

from ...vectors.whole_numbers import whole_number
from ..code import MAX_N

#: Name: bits, polynomial.
POLYNOMIALS: dict[str, tuple[int, int]] = {
    # 3GPP TS 38.212, 5G NR, section 5.1; a, b and 16 also TS 36.212, LTE, section 5.1.1. Some programs have
    # 0x1023 for that of 16 bits, which the standard does not have.
    "24a": (24, 0x864CFB),
    "24b": (24, 0x800063),
    "24c": (24, 0xB2B117),
    "16-nr": (16, 0x1021),
    "11-nr": (11, 0x621),
    "6-nr": (6, 0x21),
    # 3GPP TS 36.212, LTE, section 5.1.1.
    "8-lte": (8, 0x9B),
    # 3GPP TS 25.212, UMTS, section 4.2.1.1.
    "12-umts": (12, 0x80F),
    # ITU-T V.41; also ITU-T X.25, ETSI EN 300 401 (DAB), annex E, CCSDS 132.0-B (telemetry frames).
    "16-ccitt": (16, 0x1021),
    "16-ccsds": (16, 0x1021),
    "16-dab": (16, 0x1021),
    # CCSDS 211.2-B (Proximity-1, coding and synchronization).
    "32-ccsds": (32, 0x00A00805),
    # ETSI EN 302 307-1, DVB-S2, section 5.1.4: (x^5 + x^4 + x^3 + x^2 + 1) (x^2 + x + 1) (x + 1).
    "8-dvb-s2": (8, 0xD5),
    # IEEE 802.3 (Ethernet), clause 3.2.9; also ETSI EN 300 468 (DVB service information), annex B.
    "32-ieee": (32, 0x04C11DB7),
    "32-dvb": (32, 0x04C11DB7),
    # RFC 3720 (iSCSI), section 12.1; Castagnoli, Braeuer and Herrmann, 1993.
    "32c": (32, 0x1EDC6F41),
    # ITU-T I.432.1 (ATM), header error control.
    "8-atm": (8, 0x07),
    # ITU-T G.704, for 2048 and for 1544 kbit/s.
    "4-g704": (4, 0x3),
    "6-g704": (6, 0x03),
    # ISO 11898-1 (CAN and CAN FD).
    "15-can": (15, 0x4599),
    "17-can": (17, 0x1685B),
    "21-can": (21, 0x102899),
    # USB 2.0, section 8.3.5.
    "5-usb": (5, 0x05),
    "16-usb": (16, 0x8005),
    # Bluetooth Core Specification, volume 6 (low energy), part B, section 3.1.1.
    "24-bluetooth": (24, 0x00065B),
    # ECMA-182, annex B.
    "64-ecma": (64, 0x42F0E1EBA9EA3693),
}


def polynomial_of(polynomial: int | str, bits: int | None = None) -> tuple[int, int]:
    """The degree of a polynomial, and its coefficients without the leading one as a number.

    Parameters
    ----------
    polynomial
        A name of ``POLYNOMIALS``, or a number, also as text, "0x1021".
    bits
        The degree; by default that of the named one, or the least multiple of 8 that holds the number.

    Raises
    ------
    ValueError
        If there is no such name, the constant term is missing, or the number has more bits.

    Examples
    --------
    >>> polynomial_of("11-nr"), polynomial_of(0x04C11DB7)[0]
    ((11, 1569), 32)
    """
    if bits is not None:
        bits = whole_number(bits, "bits")
        if not 1 <= bits <= MAX_N:
            raise ValueError(f"bits, the degree of the polynomial, must lie in 1 to {MAX_N}, got {bits}")
    if isinstance(polynomial, str):
        named = POLYNOMIALS.get(polynomial.strip().lower())
        if named is not None:
            if bits not in (None, named[0]):
                raise ValueError(f"bits: {polynomial} has {named[0]} bits, not {bits}: leave bits out")
            return named
        if not re.fullmatch(r"\s*0x[0-9a-f]+\s*", polynomial, re.ASCII | re.IGNORECASE):
            near = difflib.get_close_matches(polynomial.strip().lower(), POLYNOMIALS, n=1, cutoff=0.7)
            supposed = f". Did you mean '{near[0]}'?" if near else ""
            raise ValueError(
                f"polynomial must be a number, such as 0x1021, or one of {', '.join(POLYNOMIALS)}; "
                f"got {polynomial!r:.60}{supposed}"
            )
        polynomial = int(polynomial, 16)
    polynomial = whole_number(polynomial, "polynomial")
    if polynomial < 1:
        raise ValueError(f"polynomial must be above 0, got {polynomial}")
    length = polynomial.bit_length()
    text = _hexadecimal(polynomial, length)
    if polynomial % 2 == 0:
        whole = (polynomial << 1 | 1) ^ (1 << length)
        raise ValueError(
            f"polynomial {text} has no constant term, which every one of a CRC has. In "
            "Koopman's notation, which leaves out the constant term in place of the leading one, it is "
            f"{_hexadecimal(whole, length)} with bits: {length}"
        )
    if bits is None:
        bits = -(-length // 8) * 8
    if length == bits + 1:
        raise ValueError(
            f"polynomial {text} has {length} bits, not {bits}: write it without the leading "
            f"term, {_hexadecimal(polynomial ^ (1 << bits), bits)}"
        )
    if length > bits:
        raise ValueError(f"polynomial {text} has {length} bits, not {bits}")
    return bits, polynomial


def _hexadecimal(number: int, bits: int) -> str:
    return f"0x{number:0{-(-bits // 4)}X}"
