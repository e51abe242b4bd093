"""Which frames have LLRs of few magnitudes only, and these put on a common grid."""

import numpy as np

from .compiling.callee_kernels import callee
from .kernel_cache import kernel
from .vector_kernels import keep_alive, pointer_to, shifted

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
#: The largest float32.
MAX_FLOAT = 3.4028234663852886e38
#: Rows that mostly tell that magnitudes are not few: of as many continuous ones, 64 frames all show more
#: than 33 values of the hash. Frames with one magnitude need no more.
FIRST = 80
#: Frames that are looked at side by side, and positions between two looks at how many magnitudes there are.
TILE, LOOK = 64, 8

u64 = np.uint64
#: The bits of a float32 but for the sign.
SIZE = u64(0x7FFFFFFF)


@callee
def _ones(x):
    """How many bits of a uint64 are set."""
    x = x - ((x >> u64(1)) & u64(0x5555555555555555))
    x = (x & u64(0x3333333333333333)) + ((x >> u64(2)) & u64(0x3333333333333333))
    x = (x + (x >> u64(4))) & u64(0x0F0F0F0F0F0F0F0F)
    return (x * u64(0x0101010101010101)) >> u64(56)


@callee
def _may_be_few(rows, stride, last, most, seen, width):
    """Whether any of so many frames side by side may have ``most`` magnitudes, in the first ``last`` rows.

    ``rows`` is a pointer to the bits of the first one's LLRs, uint32, of which the next stand a ``stride``
    behind. ``seen``, a pointer to a uint64 for each, receives a bit for each value of a hash of six bits that
    occurs: more than ``most`` of them are more magnitudes than that. Where it is so of all frames, they are
    not read on.
    """
    for lane in range(width):
        seen[lane] = u64(0)
    for j in range(last):
        row = shifted(rows, j * stride)
        for lane in range(width):
            size = u64(row[lane]) & SIZE
            seen[lane] |= u64(1) << (((size * u64(0x9E3779B1)) >> u64(26)) & u64(63))
        if j >= most and (j - most) % LOOK == 0:
            fewest = u64(64)
            for lane in range(width):
                fewest = min(fewest, _ones(seen[lane]))
            if fewest > u64(most + 1):  # one of them may be 0
                return False
    return True


@callee
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


@callee
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


@callee
def _step(levels, count, steps, any_level):
    """The unit of a frame's levels, and what to put in its place; 0 for the second to leave the frame."""
    unit = _common_unit(levels, count)
    largest = np.float64(levels[count - 1])
    if steps > 0.0:
        whole = np.rint(unit * steps)
        fits = whole >= 1.0 and whole * np.rint(largest / unit) <= 127.0 if unit > 0.0 else False
        return unit, whole / steps if fits else 0.0
    # The largest power of two within each; logarithms of float32 numbers keep clear of whole ones.
    top, own = np.floor(np.log2(largest)), np.floor(np.log2(unit if unit > 0.0 else np.float64(levels[0])))
    finest = min(top - (BITS - 1), own - (LEAST_BITS - 1))
    step = np.exp2(finest)
    if unit > 0.0:
        return unit, np.rint(unit / step) * step
    return step, step if any_level and top - finest < MOST_BITS else 0.0


@callee
def _extremes(rows, start, low, high):
    """The least magnitude other than 0, or infinity, and the largest, of frames from ``start``; float32."""
    frames = low.size
    for lane in range(frames):
        low[lane], high[lane] = np.float32(np.inf), np.float32(0.0)
    for j in range(rows.shape[0]):
        row = rows[j][start : start + frames]
        for lane in range(frames):
            size = abs(row[lane])
            high[lane] = size if size > high[lane] else high[lane]
            low[lane] = size if size < low[lane] and size > np.float32(0.0) else low[lane]


@callee
def _write(rows, start, unit, step, out):
    """Put frames from ``start`` on their grids: multiples of ``step`` for those of ``unit``, float64.

    A step of 0 leaves a frame as it is.
    """
    frames = unit.size
    for j in range(rows.shape[0]):
        row, target = rows[j][start : start + frames], out[j][start : start + frames]
        for lane in range(frames):
            x = np.float64(row[lane])
            y = np.rint(x / unit[lane]) * step[lane]
            y = MAX_FLOAT if y > MAX_FLOAT else (-MAX_FLOAT if y < -MAX_FLOAT else y)
            target[lane] = np.float32(y if step[lane] > 0.0 else x)


@kernel
def any_few(bits, seen):
    """Whether any frame may have few magnitudes, and not 0 alone, by the ``bits`` of float32 LLRs.

    They are uint32 (groups, n, frames); ``seen`` is room for 64 uint64. Where none may, as on continuous
    channels, nothing else needs to be compiled.
    """
    groups, n, frames = bits.shape
    most = min(FEW, n // 2)
    all_rows, hashes = pointer_to(bits), pointer_to(seen)
    for group in range(groups):
        for start in range(0, frames, TILE):
            width = min(TILE, frames - start)
            rows = shifted(all_rows, group * n * frames + start)
            if not _may_be_few(rows, frames, min(n, FIRST), most, hashes, width):
                continue
            for lane in range(width):
                if _ones(hashes[lane]) > u64(most + 1):
                    continue
                for j in range(n):
                    if u64(rows[j * frames + lane]) & SIZE:
                        return True
    return False


@kernel
def put_on_grid(llr, bits, steps, any_level, alone):
    """Put the frames of few magnitudes among ``llr``, float32 (groups, n, frames), on grids of their own.

    ``bits`` are the same as uint32. Parameters as for ``on_grid``, with 0 for no steps. Frames of one
    magnitude only are left as they are unless ``alone``. Returns whether any frame is concerned, and a copy
    with these changed, or ``llr``.
    """
    groups, n, frames = llr.shape
    out, changed, most = llr, False, min(FEW, n // 2)
    if most == 0:
        return changed, out
    seen, levels = np.empty(TILE, np.uint64), np.empty(FEW, np.float32)
    low, high = np.empty(TILE, np.float32), np.empty(TILE, np.float32)
    unit, step = np.empty(TILE, np.float64), np.empty(TILE, np.float64)
    for group in range(groups):
        for start in range(0, frames, TILE):
            width = min(TILE, frames - start)
            rows = shifted(pointer_to(bits), group * n * frames + start)
            if not _may_be_few(rows, frames, min(n, FIRST), most, pointer_to(seen), width):
                continue
            _extremes(llr[group], start, low[:width], high[:width])
            single = not alone
            for lane in range(width):
                single &= low[lane] >= high[lane]
            if single or (n > FIRST and not _may_be_few(rows, frames, n, most, pointer_to(seen), width)):
                continue
            concerned = False
            for lane in range(width):
                unit[lane], step[lane] = 1.0, 0.0
                if high[lane] == np.float32(0.0) or _ones(seen[lane]) > u64(most + 1):
                    continue
                count, levels[0] = 1, high[lane]
                if low[lane] < high[lane]:
                    count = _levels(llr[group, :, start + lane], most, levels)
                if count > 1 or (count == 1 and alone):
                    unit[lane], step[lane] = _step(levels, count, steps, any_level)
                    concerned |= step[lane] > 0.0
            if concerned:
                if not changed:
                    out, changed = llr.copy(), True
                _write(llr[group], start, unit[:width], step[:width], out[group])
    keep_alive(seen)
    return changed, out
