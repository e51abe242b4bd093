"""Interleavers: permutations of information bits, given or by a construction.

A permutation is int32 (k): bit i behind the interleaver is bit ``permutation[i]`` before it. Random ones are
the same on every machine.
"""

import math
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...vectors.whole_numbers import whole_number
from ..convolutional.encoding.circuit import Numbers, read_only_numbers
from ..matrix_files.text import read_integers, read_lines

#: Draws of a whole S-random permutation before it is given up.
ATTEMPTS = 100
#: Up to here, random permutations too may leave all bits beside their neighbours.
MOST_ALIKE = 8
#: Two bits that are neighbours before and behind it are 1 + 1 apart.
LEAST_SPREAD = 2


def interleaver_of(value: Any, k: int, least_spread: int | None = None) -> Numbers:
    """The permutation of k bits that a configuration means.

    Parameters
    ----------
    value
        ``"random"``; a list or an array of numbers; the path of a text file of them; or a mapping with
        ``type`` and parameters: ``random {seed: 0}``, ``s-random {s, seed: 0}``, ``qpp {f1, f2}``,
        ``arp {p, q, start: 0}``, ``block {rows}`` or ``convolutional {branches, delay}``, as the functions
        below.
    k
        Information bits.
    least_spread
        The least ``spread`` that is accepted, at least 2.

    Raises
    ------
    ValueError
        If it is no permutation, with the first index that is wrong; if it leaves all bits beside their
        neighbours; if it spreads less than asked for, with the first index of a bit that comes too near to
        another one; if what is asked for is below 2; or if there is no such construction.
    """
    if isinstance(value, Path):
        if not value.is_file():
            raise ValueError(
                f"interleaver must be {', '.join(CONSTRUCTIONS)}, a list of numbers or a file, and there is "
                f"no file {value.name}"
            )
        given = [number for at, words in read_lines(value) for number in read_integers(value, at, words)]
        made = permutation(given, k)
    elif isinstance(value, str | Mapping):
        made = _constructed({"type": value} if isinstance(value, str) else value, k)
    else:
        made = permutation(value, k)
    if k > MOST_ALIKE and (np.abs(np.diff(made)) == 1).all():
        raise ValueError(
            "interleaver leaves all bits, from index 0 on, beside their neighbours: nothing is interleaved"
        )
    if least_spread is not None:
        least = whole_number(least_spread, "spread")
        if least < LEAST_SPREAD:
            raise ValueError(
                f"spread must be at least {LEAST_SPREAD}, which every interleaver has, got {least}"
            )
        check_spread(made, least)
    return made


def permutation(values: Any, k: int) -> Numbers:
    """A given permutation of k bits, int32 (k); raises ValueError with the first index that is wrong."""
    given = np.asarray(values)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise ValueError("interleaver must be a list of whole numbers")
    if len(given) != k:
        raise ValueError(f"interleaver must have {k} numbers, one for each bit, got {len(given)}")
    first = np.full(k, -1)
    for i, number in enumerate(given.tolist()):
        if not 0 <= number < k:
            raise ValueError(
                f"interleaver is no permutation: index {i} has {number}, and bits go from 0 to {k - 1}"
            )
        if first[number] >= 0:
            raise ValueError(
                f"interleaver is no permutation: index {i} has {number}, as index {first[number]} has"
            )
        first[number] = i
    return read_only_numbers(given)


def at_random(k: int, *, seed: int = 0) -> Numbers:
    """A permutation drawn uniformly."""
    draw = _uniform(seed)
    return read_only_numbers(np.array(_shuffled(k, draw)))


def s_random(k: int, *, s: int | None = None, seed: int = 0) -> Numbers:
    """An S-random permutation: bits at most s apart come to lie more than s apart.

    Each bit is the first of a random order that is far enough from the s before it (S. Dolinar, D. Divsalar,
    "Weight distributions for turbo codes using random and nonrandom permutations", 1995). Without ``s`` it is
    the root of k / 2, rounded down; less if that is not found. Raises ValueError if a given s is not found.
    """
    draw = _uniform(seed)
    if s is not None:
        s = whole_number(s, "s")
        if not 1 <= s < k:
            raise ValueError(f"s must lie in 1 to {k - 1}, got {s}")
    for wanted in [s] if s is not None else range(math.isqrt(k // 2), -1, -1):
        for _ in range(ATTEMPTS):
            found = _s_random(k, wanted, draw)
            if found is not None:
                return found
    raise ValueError(f"s: no permutation of {k} bits was found for {s}; the root of k / 2 mostly succeeds")


def quadratic(k: int, *, f1: int, f2: int) -> Numbers:
    """The quadratic permutation polynomial f1 i + f2 i^2 modulo k.

    J. Sun, O. Y. Takeshita, "Interleavers for turbo codes using permutation polynomials over integer rings",
    2005.
    """
    f1, f2 = whole_number(f1, "f1") % k, whole_number(f2, "f2") % k
    i = np.arange(k, dtype=np.int64)
    return permutation((f1 + f2 * i % k) * i % k, k)


def almost_regular(k: int, *, p: int, q: list[int], start: int = 0) -> Numbers:
    """The almost regular permutation (ARP) p i + q[i mod len(q)] + start modulo k.

    C. Berrou, Y. Saouter, C. Douillard, S. Kerouedan, M. Jezequel, "Designing good permutations for turbo
    codes: towards a single model", 2004.
    """
    if isinstance(q, str) or not hasattr(q, "__len__") or len(q) == 0:
        raise ValueError(f"q must be a list of whole numbers, got {q!r:.40}")
    p, start = whole_number(p, "p") % k, whole_number(start, "start") % k
    shifts = np.array([whole_number(each, "q") % k for each in q], np.int64)
    i = np.arange(k, dtype=np.int64)
    return permutation((p * i + shifts[i % len(shifts)] + start) % k, k)


def block(k: int, *, rows: int) -> Numbers:
    """Written by rows into ``rows`` rows, the last of which may be short, and read by columns."""
    rows = whole_number(rows, "rows")
    if not 1 <= rows <= k:
        raise ValueError(f"rows must lie in 1 to {k}, got {rows}")
    order = np.arange(rows * -(-k // rows)).reshape(rows, -1).T.ravel()
    return read_only_numbers(order[order < k])


def convolutional(k: int, *, branches: int, delay: int) -> Numbers:
    """Forney's: bits go in turn through ``branches`` lines; line i delays each by i ``delay`` of its bits.

    G. D. Forney, "Burst-correcting codes for the classic bursty channel", 1971. Over the k bits of a frame it
    goes round: what the lines hold at its end comes out at its beginning. k is a multiple of ``branches``.
    """
    branches, delay = whole_number(branches, "branches"), whole_number(delay, "delay")
    if not 2 <= branches <= k or k % branches:
        fitting = [b for b in range(2, k + 1) if k % b == 0]
        nearest = min(fitting, key=lambda b: abs(b - branches), default=k)
        raise ValueError(f"branches must divide the {k} bits, such as {nearest}, got {branches}")
    if not delay >= 1:
        raise ValueError(f"delay must be at least 1, got {delay}")
    i = np.arange(k, dtype=np.int64)
    return permutation((i - branches * delay * (i % branches)) % k, k)


def spread(order: Numbers) -> int:
    """The least |i - j| + |order[i] - order[j]| of two bits: half the length of the shortest such cycle.

    S. N. Crozier, "New high-spread high-distance interleavers for turbo-codes", 2000. 2 k for one bit.
    """
    best, distance = 2 * len(order), 1
    while distance < min(best, len(order)):
        best = min(best, distance + int(np.abs(order[distance:] - order[:-distance]).min()))
        distance += 1
    return best


def check_spread(order: Numbers, least: int) -> None:
    """Raise ValueError, with the first index, if two bits come nearer than ``spread`` should be at least."""
    first, other = len(order), 0
    for distance in range(1, min(least - 1, len(order))):
        near = np.flatnonzero(np.abs(order[distance:] - order[:-distance]) + distance < least)
        if len(near) and near[0] < first:
            first, other = int(near[0]), int(near[0]) + distance
    if first < len(order):
        raise ValueError(
            f"interleaver has a short cycle: index {first} has {order[first]} and index {other} has "
            f"{order[other]}, a spread of {other - first + abs(int(order[other]) - int(order[first]))} where "
            f"{least} is asked for"
        )


CONSTRUCTIONS: dict[str, Callable[..., Numbers]] = {
    "random": at_random,
    "s-random": s_random,
    "qpp": quadratic,
    "arp": almost_regular,
    "block": block,
    "convolutional": convolutional,
}


def _constructed(given: Mapping[str, Any], k: int) -> Numbers:
    """The permutation of a construction, given by its name and parameters."""
    name = given.get("type")
    if not isinstance(name, str) or name not in CONSTRUCTIONS:
        raise ValueError(f"interleaver: type must be {', '.join(CONSTRUCTIONS)}, got {name!r}")
    make, parameters = CONSTRUCTIONS[name], {key: each for key, each in given.items() if key != "type"}
    known = dict.fromkeys(make.__kwdefaults__ or {}, False)
    names = make.__code__.co_varnames[1 : 1 + make.__code__.co_kwonlyargcount]
    unknown = [key for key in parameters if key not in names]
    missing = [key for key in names if key not in parameters and key not in known]
    if unknown or missing:
        wrong = f"unknown: {', '.join(map(str, unknown))}" if unknown else f"missing: {', '.join(missing)}"
        raise ValueError(f"interleaver: {name} takes {', '.join(names)}; {wrong}")
    try:
        return make(k, **parameters)
    except ValueError as error:
        text = str(error)
        raise ValueError(text if text.startswith("interleaver") else f"interleaver: {text}") from None


def _uniform(seed: int) -> Callable[[], float]:
    # random.Random.random() is the one generator that Python promises never to change.
    return random.Random(whole_number(seed, "seed")).random


def _shuffled(k: int, draw: Callable[[], float]) -> list[int]:
    order = list(range(k))
    for i in range(k - 1, 0, -1):
        j = int(draw() * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order


def _s_random(k: int, s: int, draw: Callable[[], float]) -> Numbers | None:
    """One attempt; None if at some place nothing is left that is far enough, nor a bit to change places with.

    Where nothing is left, a bit from further ahead comes here, and one that is left goes there.
    """
    left = _shuffled(k, draw)
    order, place = np.empty(k, np.int64), np.full(k, -1)
    near = np.zeros(k + 2 * s, np.int32)  # how many of the last s bits are near to each; s beyond each end
    for i in range(k):
        at = next((at for at, bit in enumerate(left) if not near[bit + s]), None)
        bit = left.pop(at) if at is not None else -1
        for at, other in enumerate(left if bit < 0 else ()):
            taken = place[max(other - s, 0) : other + s + 1]
            allowed = ~near[order[: max(i - s, 0)] + s].astype(bool)
            for j in taken[taken >= 0].tolist():
                allowed[max(j - s, 0) : j + s + 1] = False
            there = np.flatnonzero(allowed)
            if len(there):
                j = there[int(draw() * len(there))]
                bit, order[j] = int(order[j]), left.pop(at)
                place[order[j]] = j
                break
        if bit < 0:
            return None
        order[i], place[bit] = bit, i
        near[bit : bit + 2 * s + 1] += 1
        if i >= s:
            old = order[i - s]
            near[old : old + 2 * s + 1] -= 1
    return read_only_numbers(order)
