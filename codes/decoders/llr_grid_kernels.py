"""Which frames have LLRs of few magnitudes only, and these put on a common grid."""

import math

import numpy as np
from numba import njit

from ...vectors.kernel_cache import kernel

#: Most magnitudes that are few, 0 not counted: those of a quantiser of 6 bits.
FEW = 32
#: Largest fraction of the least magnitude, and largest multiple of it, at which a common unit is looked for.
FRACTION, MULTIPLE = 16, 1024
#: How far float32 LLRs may be from a multiple of the unit, relative to their size: a few roundings.
TOLERANCE = 2.0**-21
#: Significant bits of the largest magnitude on a grid; and of the unit or of the least magnitude, at least.
BITS, LEAST_BITS = 12, 8
#: Most significant bits of the largest magnitude on a grid: beyond, the sums would not be exact.
MOST_BITS = 20
#: Frames that are looked at side by side, and positions between two looks at how many magnitudes there are.
TILE, LOOK = 64, 8

u64 = np.uint64


@njit(nogil=True, error_model="numpy")
def _ones(x):
    """How many bits of a uint64 are set."""
    x = x - ((x >> u64(1)) & u64(0x5555555555555555))
    x = (x & u64(0x3333333333333333)) + ((x >> u64(2)) & u64(0x3333333333333333))
    x = (x + (x >> u64(4))) & u64(0x0F0F0F0F0F0F0F0F)
    return (x * u64(0x0101010101010101)) >> u64(56)


@njit(nogil=True, error_model="numpy")
def _may_be_few(rows, most, seen):
    """Whether any of the frames, rows (n, frames) of at most 64, may have ``most`` magnitudes or fewer.

    ``seen``, uint64 (frames), receives a bit for each value of a hash of six bits that occurs: more than
    ``most`` of them are more magnitudes than that. Where it is so of all frames, they are not read on.
    """
    n, frames = rows.shape
    seen[:] = u64(0)
    for j in range(n):
        row = rows[j]
        for lane in range(frames):
            bits = row[lane] & np.uint32(0x7FFFFFFF)
            seen[lane] |= u64(1) << u64((bits * np.uint32(0x9E3779B1)) >> np.uint32(26))
        if j >= most and (j - most) % LOOK == 0:
            fewest = u64(64)
            for lane in range(frames):
                fewest = min(fewest, _ones(seen[lane]))
            if fewest > u64(most + 1):  # one of them may be 0
                return False
    return True


@njit(nogil=True, error_model="numpy")
def _levels(column, most, levels):
    """How many magnitudes other than 0 there are, in ``levels`` in ascending order; -1 if above ``most``."""
    count, last = 0, np.float32(0.0)
    for j in range(column.size):
        size = abs(column[j])
        if size == last or size == np.float32(0.0):
            continue
        last = size
        place = 0
        while place < count and levels[place] < size:
            place += 1
        if place < count and levels[place] == size:
            continue
        if count == most:
            return -1
        for i in range(count, place, -1):
            levels[i] = levels[i - 1]
        levels[place] = size
        count += 1
    return count


@njit(nogil=True, error_model="numpy")
def _common_unit(levels, count):
    """What all levels are whole multiples of, to the rounding of float32; 0 if there is no such thing."""
    least, largest = np.float64(levels[0]), np.float64(levels[count - 1])
    for fraction in range(1, FRACTION + 1):
        unit = least / fraction
        if largest > MULTIPLE * unit:
            return 0.0
        fits = True
        for i in range(count):
            ratio = np.float64(levels[i]) / unit
            fits &= abs(ratio - np.rint(ratio)) <= TOLERANCE * ratio
        if fits:
            return largest / np.rint(largest / unit)
    return 0.0


@njit(nogil=True, error_model="numpy")
def _step(levels, count, steps, any_level):
    """The unit of a frame's levels, and what to put in its place; 0 for the second to leave the frame."""
    unit = _common_unit(levels, count)
    largest = np.float64(levels[count - 1])
    if steps > 0.0:
        whole = np.rint(unit * steps)
        fits = whole >= 1.0 and whole * np.rint(largest / unit) <= 127.0 if unit > 0.0 else False
        return unit, whole / steps if fits else 0.0
    exponent = math.frexp(largest)[1]
    if unit > 0.0:
        own = math.frexp(unit)[1]
        step = math.ldexp(1.0, min(exponent - BITS, own - LEAST_BITS))
        return unit, np.rint(unit / step) * step
    finest = min(exponent - BITS, math.frexp(np.float64(levels[0]))[1] - LEAST_BITS)
    step = math.ldexp(1.0, finest)
    return step, step if any_level and exponent - finest <= MOST_BITS else 0.0


@kernel
def put_on_grid(llr, steps, any_level, alone, out):
    """Put the frames of few magnitudes among ``llr``, float32 (groups, n, frames), on grids of their own.

    Parameters as for ``on_grid``, with 0 for no steps. Frames of one magnitude only are left as they are
    unless ``alone``. ``out`` receives the groups in which something changes; returns which, bool (groups).
    """
    groups, n, frames = llr.shape
    changed = np.zeros(groups, np.bool_)
    most = min(FEW, n // 2)
    if most == 0:
        return changed
    seen, levels = np.empty(TILE, np.uint64), np.empty(FEW, np.float32)
    bits = llr.view(np.uint32)
    for group in range(groups):
        for start in range(0, frames, TILE):
            end = min(start + TILE, frames)
            if not _may_be_few(bits[group, :, start:end], most, seen[: end - start]):
                continue
            for lane in range(start, end):
                if _ones(seen[lane - start]) > u64(most + 1):
                    continue
                count = _levels(llr[group, :, lane], most, levels)
                if count < 1 or (count == 1 and not alone):
                    continue
                unit, step = _step(levels, count, steps, any_level)
                if step == 0.0:
                    continue
                if not changed[group]:
                    changed[group] = True
                    out[group] = llr[group]
                for j in range(n):
                    x = np.float64(llr[group, j, lane])
                    size = min(np.rint(abs(x) / unit) * step, 3.4028234663852886e38)
                    out[group, j, lane] = np.float32(math.copysign(size, x))
    return changed
