"""Reed-Solomon codes of published standards.

CCSDS 131.0-B, section on Reed-Solomon coding: (255, 223) and (255, 239), roots alpha^(11 j), depths 1 to 5
and 8, shortened by virtual fill, symbols in the dual basis; generator and basis as in P. Karn's libfec. ETSI
EN 300 421, section 4.4.2: (204, 188). IEEE 802.3, clause 91.5.2.7: (528, 514) and (544, 514) over GF(2^10),
the coefficients of table 91-1 as in programs for 100GBASE-KP4. ISO/IEC 18004, table 9: QR codes, the same in
the tables of the QR Code generator library of Project Nayuki and of thonky.com.
"""

from collections.abc import Mapping

from .reed_solomon import ReedSolomonCode

#: The field polynomial of each standard, the first root, and the codes (n, k) that it has, the usual first.
_CODES: Mapping[str, tuple[int, int, tuple[tuple[int, int], ...]]] = {
    "dvb": (0x11D, 0, ((204, 188),)),
    "ieee-802.3-kp4": (0x409, 0, ((544, 514),)),
    "ieee-802.3-kr4": (0x409, 0, ((528, 514),)),
}
#: Other names of these.
_ALIASES = {"kp4": "ieee-802.3-kp4", "kr4": "ieee-802.3-kr4"}
NAMES = ("ccsds", *_CODES, *_ALIASES, "qr-code")

#: Depths of interleaving that CCSDS has.
CCSDS_DEPTHS = (1, 2, 3, 4, 5, 8)
#: Symbols determined by roots, and the first of these, of CCSDS's codes.
CCSDS_ROOTS = {32: 112, 16: 120}

#: Of QR codes, versions 1 to 40 at each level: symbols of a block that correct, and blocks.
QR_CHECKS = {
    "L": "7 10 15 20 26 18 20 24 30 18 20 24 26 30 22 24 28 30 28 28 28 28 30 30 26 28" + 14 * " 30",
    "M": "10 16 26 18 24 16 18 22 22 26 30 22 22 24 24 28 28 26 26 26 26" + 19 * " 28",
    "Q": "13 22 18 26 18 24 18 22 20 24 28 26 24 20 30 24 28 28 26 30 28 30 30 30 30 28" + 14 * " 30",
    "H": "17 28 22 16 22 28 26 26 24 28 24 28 22 24 24 30 28 28 26 28 30 24" + 18 * " 30",
}
QR_BLOCKS = {
    "L": "1 1 1 1 1 2 2 2 2 4 4 4 4 4 6 6 6 6 7 8 8 9 9 10 12 12 12 13 14 15 16 17 18 19 19 20 21 22 24 25",
    "M": "1 1 1 2 2 4 4 4 5 5 5 8 9 9 10 10 11 13 14 16 17 17 18 20 21 23 25 26 28 29 31 33 35 37 38 40 43 "
    "45 47 49",
    "Q": "1 1 2 2 4 4 6 6 8 8 8 10 12 16 12 17 16 18 21 20 23 23 25 27 29 34 34 35 38 40 43 45 48 51 53 56 "
    "59 62 65 68",
    "H": "1 1 2 4 4 4 5 6 8 8 11 11 16 16 18 16 19 21 25 25 25 34 30 32 35 37 40 42 45 48 51 54 57 60 63 66 "
    "70 74 77 81",
}


def standard_code(
    standard: str,
    *,
    n: int | None = None,
    k: int | None = None,
    depth: int = 1,
    dual_basis: bool | None = None,
    version: int | None = None,
    level: str | None = None,
) -> ReedSolomonCode:
    """The code of a standard.

    Parameters
    ----------
    standard
        ``ccsds``, ``dvb``, ``ieee-802.3-kp4`` (``kp4``), ``ieee-802.3-kr4`` (``kr4``) or ``qr-code``.
    n, k
        Symbols, where a standard has several codes: of CCSDS n - k is 32 or 16, and n at most 255.
    depth
        Words that are interleaved: 1, 2, 3, 4, 5 or 8 for CCSDS.
    dual_basis
        Whether symbols of CCSDS's codes are in the dual basis, as the standard has it and unless False.
    version, level
        Of a QR code: 1 to 40, and L, M, Q or H. The code is that of one block, the shorter one if a symbol
        has blocks of two lengths.

    Raises
    ------
    ValueError
        If there is no such standard, or it has no such code.
    """
    if standard not in NAMES:
        raise ValueError(f"standard must be {', '.join(NAMES[:-1])} or {NAMES[-1]}, got {standard!r}")
    if standard == "qr-code":
        n, k = _qr_block(version, level, n, k)
        return ReedSolomonCode(n=n, k=k, symbol_bits=8, first_root=0, depth=depth)
    for name, value in (("version", version), ("level", level)):
        if value is not None:
            raise ValueError(f"{name} belongs to qr-code, and not to {standard}")
    if standard == "ccsds":
        return _ccsds(n, k, depth, dual_basis is not False)
    if dual_basis:
        raise ValueError(f"dual_basis belongs to ccsds, and not to {standard}")
    polynomial, first_root, known = _CODES[_ALIASES.get(standard, standard)]
    fitting = [code for code in known if n in (None, code[0]) and k in (None, code[1])]
    if not fitting:
        raise ValueError(f"{'k' if n is None else 'n'} must be that of {known[0]} for {standard}")
    n, k = fitting[0]
    return ReedSolomonCode(n=n, k=k, first_root=first_root, polynomial=polynomial, depth=depth)


def _ccsds(n: int | None, k: int | None, depth: int, dual_basis: bool) -> ReedSolomonCode:
    if depth not in CCSDS_DEPTHS:
        raise ValueError(f"depth must be {', '.join(map(str, CCSDS_DEPTHS))} for ccsds, got {depth}")
    if k is None:
        k = 223 if n is None else n - 32
    n = 255 if n is None else n
    if n - k not in CCSDS_ROOTS or n > 255 or k < 1:
        raise ValueError(
            f"k must be n - 32 or n - 16 for ccsds, and n at most 255, as in (255, 223) and (255, 239); got "
            f"n = {n}, k = {k}"
        )
    return ReedSolomonCode(
        n=n,
        k=k,
        symbol_bits=8,
        first_root=CCSDS_ROOTS[n - k],
        spacing=11,
        polynomial=0x187,
        depth=depth,
        dual_basis=dual_basis,
    )


def _qr_block(version: int | None, level: str | None, n: int | None, k: int | None) -> tuple[int, int]:
    """Length and dimension of the (shorter) block."""
    if version is None or version not in range(1, 41):
        got = "but is missing" if version is None else f"got {version}"
        raise ValueError(f"version must lie in 1 to 40 for qr-code, {got}")
    if level not in QR_CHECKS:
        got = "but is missing" if level is None else f"got {level!r}"
        raise ValueError(f"level must be L, M, Q or H for qr-code, {got}")
    blocks = int(QR_BLOCKS[level].split()[version - 1])
    length = _qr_symbols(version) // blocks
    found = length, length - int(QR_CHECKS[level].split()[version - 1])
    for name, value, own in (("n", n, found[0]), ("k", k, found[1])):
        if value not in (None, own):
            raise ValueError(f"{name} is {own} for qr-code, version {version}, level {level}, got {value}")
    return found


def _qr_symbols(version: int) -> int:
    """Bytes of a QR code: its modules less those of patterns and of what is told of its format."""
    modules = (16 * version + 128) * version + 64
    if version >= 2:
        patterns = version // 7 + 2
        modules -= (25 * patterns - 10) * patterns - 55
    return (modules - (36 if version >= 7 else 0)) // 8
