"""Encoders of turbo codes, bit by bit, as the standards describe them."""

from collections.abc import Sequence

Bits = list[int]


def recursive(bits: Sequence[int], forward: Sequence[str], feedback: str, *, tail: bool) -> list[Bits]:
    """Outputs of each step, the input first, from state zero; with the steps that lead back to it if asked.

    Polynomials are digits 0 and 1, the first one for the current bit.
    """
    register = [0] * (len(feedback) - 1)
    out = []
    for step in range(len(bits) + (len(register) if tail else 0)):
        back = sum(bit for bit, tap in zip(register, feedback[1:], strict=True) if tap == "1") % 2
        u = bits[step] if step < len(bits) else back
        newest = [(u + back) % 2, *register]
        parity = [
            sum(bit for bit, tap in zip(newest, each, strict=True) if tap == "1") % 2 for each in forward
        ]
        out.append([u, *parity])
        register = newest[:-1]
    assert not tail or not any(register)
    return out


def lte(bits: Sequence[int], f1: int, f2: int) -> list[Bits]:
    """The streams d0, d1 and d2 of 3GPP TS 36.212, 5.1.3.2, each of K + 4 bits."""
    k = len(bits)
    first = recursive(bits, ["1101"], "1011", tail=True)
    behind = [bits[(f1 * i + f2 * i * i) % k] for i in range(k)]
    second = recursive(behind, ["1101"], "1011", tail=True)
    x, z = ([step[j] for step in first] for j in range(2))
    x2, z2 = ([step[j] for step in second] for j in range(2))
    return [
        [*x[:k], x[k], z[k + 1], x2[k], z2[k + 1]],
        [*z[:k], z[k], x[k + 2], z2[k], x2[k + 2]],
        [*z2[:k], x[k + 1], z[k + 2], x2[k + 1], z2[k + 2]],
    ]


def duo_binary(couples: Sequence[Sequence[int]], standard: str, start: int) -> tuple[list[Bits], int]:
    """Y and W of each couple A, B, and the last state, by the encoders of DVB-RCS and DVB-RCS2.

    A state is the number with the first register as its most significant bit.
    """
    memory = {"dvb-rcs": 3, "dvb-rcs2": 4}[standard]
    s = [start >> memory - 1 - i & 1 for i in range(memory)]
    out = []
    for a, b in couples:
        if standard == "dvb-rcs":  # 1 + D + D^3; Y 1 + D^2 + D^3, W 1 + D^3; B at 1, D and D^2
            newest = a ^ b ^ s[0] ^ s[2]
            out.append([newest ^ s[1] ^ s[2], newest ^ s[2]])
            s = [newest, s[0] ^ b, s[1] ^ b]
        else:  # 1 + D^3 + D^4; Y 1 + D + D^2 + D^4, W 1 + D^2 + D^3 + D^4; B at 1, D and D^3
            newest = a ^ b ^ s[2] ^ s[3]
            out.append([newest ^ s[0] ^ s[1] ^ s[3], newest ^ s[1] ^ s[2] ^ s[3]])
            s = [newest, s[0] ^ b, s[1], s[2] ^ b]
    return out, int("".join(map(str, s)), 2)


def circular(couples: Sequence[Sequence[int]], standard: str) -> list[Bits]:
    """Y and W of each couple, from the one state in which the frame ends too."""
    found = []
    for start in range(8 if standard == "dvb-rcs" else 16):
        out, end = duo_binary(couples, standard, start)
        if end == start:
            found.append(out)
    assert len(found) == 1
    return found[0]
