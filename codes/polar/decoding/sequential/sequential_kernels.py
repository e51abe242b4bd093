"""Sequential decoding of polar codes: one path of a frame at a time, forward and back.

LLRs of the nodes around a path are kept and made anew where a bit before them has changed. Here rows are
positions, side by side in vectors, and bits masks of int32, all ones for a 1.
"""

from collections import namedtuple

import numpy as np

from .....vectors.compiling.callee_kernels import callee, inlined
from .....vectors.group_kernels import GROUP
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import (
    LANES_FLOAT32,
    as_float,
    as_int,
    keep_alive,
    load,
    pointer_to,
    rows_in,
    shifted,
    space,
    splat,
    store,
)
from ..box_plus_kernels import box_plus
from ..lists.list_kernels import LARGEST
from ..lists.list_node_kernels import more_doubt

f32, i32, i64, u8, u64 = np.float32, np.int32, np.int64, np.uint8, np.uint64

#: ln 2: metrics of Fano are in bits.
LN_2 = f32(0.6931471805599453)

#: A path: ``n``, its logarithm ``top``; int64 (top + 1), the first row of each level, and which node of the
#: level is there, -1 for none; pointers to LLRs and a spare row; int32 (n), the bits u and v, and ``word``,
#: to work with; bool (n) and int64 tables of the code: what is frozen, ``sources`` and ``first_source``.
Path = namedtuple(
    "Path", ("n", "top", "row", "node", "llr", "spare", "u", "v", "word", "frozen", "sources", "first_source")
)


@inlined
def rows_of(top):
    """Where the LLRs of each level begin; and behind them."""
    row = np.zeros(top + 2, np.int64)
    for level in range(top + 1):
        row[level + 1] = row[level] + max(LANES_FLOAT32, 1 << level)
    return row


@inlined
def _receive(path, llr, frame, preferred):
    """The LLRs of a frame, and no bits."""
    for i in range(path.n):
        x = llr[i, frame]
        x = min(max(-x if preferred[i] else x, -LARGEST), LARGEST)
        path.llr[path.row[path.top] + i] = x + f32(0.0)  # no zero is negative
        path.u[i] = path.v[i] = i32(0)
    for level in range(path.top):
        path.node[level] = -1
    path.node[path.top] = 0


@inlined
def _codeword(path, first, h):
    """The codeword of h bits u, in ``word``; as many as fill vectors."""
    for i in range(h):
        path.word[i] = path.u[first + i]
    size = 1
    while size < h:
        for at in range(0, h, 2 * size):
            for i in range(at, at + size):
                path.word[i] ^= path.word[i + size]
        size *= 2


@callee
def llr_at(path, position, exact):
    """The LLR of u at a position, given the bits before it."""
    level = 0
    while path.node[level] != position >> level:
        level += 1
    word = pointer_to(path.word)
    while level:
        level -= 1
        h, node = 1 << level, position >> level
        above, target = shifted(path.llr, path.row[level + 1]), shifted(path.llr, path.row[level])
        if node & 1:
            _codeword(path, (node - 1) * h, h)
        for i in range(0, h, LANES_FLOAT32):
            a, b = load(shifted(above, i), 0), load(shifted(above, h + i), 0)
            if node & 1:
                sign = load(shifted(word, i), 0) & splat(i32(-(2**31)))
                store(shifted(target, i), 0, b + as_float(as_int(a) ^ sign))
            else:
                store(shifted(target, i), 0, box_plus(a, b, exact))
        path.node[level] = node
    return path.llr[path.row[0]]


@inlined
def _changed(path, position):
    """Forget LLRs that depend on the bit at a position."""
    for level in range(path.top):
        if path.node[level] << level > position:
            path.node[level] = -1


@inlined
def _sum_at(path, position):
    """What is added to v at a position."""
    total = i32(0)
    for t in range(path.first_source[position], path.first_source[position + 1]):
        total ^= path.v[path.sources[t]]
    return total


@inlined
def _put(path, position, u):
    """Set a bit of the path."""
    if path.u[position] != u:
        path.u[position] = u
        _changed(path, position)
    path.v[position] = i32(0) if path.frozen[position] else u ^ _sum_at(path, position)


@callee
def costs(path, x, exact):
    """-ln P of a 0 and of a 1, of LLR x, or what min-sum takes for it."""
    vector = splat(x)
    doubt = more_doubt(splat(f32(0.0)), vector, exact)
    store(path.spare, 0, doubt)
    doubtful = path.spare[0]
    return doubtful + max(-x, f32(0.0)), doubtful + max(x, f32(0.0))


@callee
def _finish(path, position, exact):
    """Complete a path by successive cancellation from a position on."""
    for i in range(position, path.n):
        if path.frozen[i]:
            _put(path, i, _sum_at(path, i))
        else:
            _put(path, i, i32(-1) if llr_at(path, i, exact) < f32(0.0) else i32(0))


@inlined
def _give(path, words, frame):
    """The codeword of the path, into packed words."""
    _codeword(path, 0, path.n)
    for i in range(path.n):
        words[i] |= (u64(path.word[i]) & u64(1)) << u64(frame)


@inlined
def _path(llr, frozen, sources, first_source):
    """A path of codewords as long as LLRs, float32 (groups, n, 64), and the memory of its LLRs."""
    n, top = llr.shape[1], 0
    while 1 << top < n:
        top += 1
    row = rows_of(top)
    bits = np.zeros((3, n + LANES_FLOAT32), np.int32)
    memory = space(row[top + 1] // LANES_FLOAT32 + 2)
    spare = rows_in(memory, pointer_to(llr))
    path = Path(
        n,
        row.size - 2,
        row,
        np.zeros(top + 1, np.int64),
        shifted(spare, LANES_FLOAT32),
        spare,
        bits[0],
        bits[1],
        bits[2],
        frozen,
        sources,
        first_source,
    )
    return path, memory


@callee
def _fano(path, bias, delta, most, gains, metric, second, exact):
    """The first path to the end that stays above a threshold, which is lowered in steps of ``delta``.

    Work rows: ``gains``, float64 (n, 2), what the metric gains with either bit; ``metric``, float64 (n + 1),
    before each position; ``second``, bool (n), whether the lesser bit is being tried. Returns how many nodes
    were visited, up to ``most``, and the position that was reached.
    """
    metric[0], threshold = 0.0, 0.0
    position, visits, again = 0, 0, False
    while position < path.n:
        if not again:
            if visits == most:
                break
            visits += 1
            zero, one = costs(path, llr_at(path, position, exact), exact)
            gains[position, 0] = 1.0 - bias[position] - zero / LN_2
            gains[position, 1] = 1.0 - bias[position] - one / LN_2
            second[position] = False
        if path.frozen[position]:
            bit = i64(_sum_at(path, position) != 0)
        else:
            bit = i64(gains[position, 1] > gains[position, 0]) ^ i64(second[position])
        again, after = False, metric[position] + gains[position, bit]
        if after >= threshold:
            _put(path, position, i32(-bit))
            if metric[position] < threshold + delta:  # it is here for the first time
                threshold += delta * np.floor((after - threshold) / delta)
            position += 1
            metric[position] = after
            continue
        while not again:
            if position == 0 or metric[position - 1] < threshold:
                threshold -= delta
                break
            position -= 1
            again = not path.frozen[position] and not second[position]
        if again:
            second[position] = True
    return visits, position


@kernel
def decode_fano(
    llr, frames, preferred, frozen, sources, first_source, bias, delta, most, words, visits, ended, exact
):
    """The Fano algorithm, frame after frame.

    Parameters
    ----------
    llr, frames
        float32 (groups, n, 64), and how many frames count.
    preferred
        bool (n): where LLRs are flipped.
    frozen, sources, first_source
        bool (n), and of ``NodeProgram``.
    bias
        float64 (n), in bits.
    delta, most
        The step of the threshold, in bits, and the most nodes that are visited.
    words, visits, ended
        uint64 (groups, n), 0 before: receives codewords; int32 and bool (frames).
    exact
        None for min-sum.
    """
    n = llr.shape[1]
    path, memory = _path(llr, frozen, sources, first_source)
    gains, metric, second = np.empty((n, 2), np.float64), np.empty(n + 1, np.float64), np.empty(n, np.bool_)
    for frame in range(frames):
        group, lane = frame // GROUP, frame % GROUP
        _receive(path, llr[group], lane, preferred)
        visited, position = _fano(path, bias, delta, most, gains, metric, second, exact)
        visits[frame], ended[frame] = visited, position == n
        _finish(path, position, exact)
        _give(path, words[group], lane)
    keep_alive(memory)
    keep_alive(path.word)


# Stacks


@inlined
def _take(path, bits, length):
    """Make the path that of an entry of the stack: bits u, and v in bit 1."""
    same = 0
    while same < length and (path.u[same] & 1) == (bits[same] & 1):
        same += 1
    if same < length:
        _changed(path, same)
    for i in range(length):
        path.u[i], path.v[i] = -i32(bits[i] & 1), -i32(bits[i] >> 1)


@inlined
def _best_and_place(metric, length):
    """The entry of least metric, of several the longest; and a place: a free one, or the worst entry."""
    best, place = 0, 0
    for s in range(metric.size):
        if metric[s] < metric[best] or (metric[s] == metric[best] and length[s] > length[best]):
            best = s
        if metric[s] > metric[place] or (metric[s] == metric[place] and length[s] < length[place]):
            place = s
    return best, place


@callee
def _stack(path, metric, length, bits, visited, most, exact):
    """The best path to the end, of all that the stack had room for. Returns how many nodes were visited.

    Entries: ``metric``, float32 (size), infinite where there is none, ``length``, int64 (size), and ``bits``,
    uint8 (size, n). ``visited``, int64 (n): how often a path was extended at each position, up to ``most``;
    then shorter paths are dropped.
    """
    for s in range(metric.size):
        metric[s], length[s] = np.inf, -1
    for i in range(path.n):
        visited[i] = 0
    metric[0], length[0], visits = f32(0.0), 0, 0
    while True:
        best, place = _best_and_place(metric, length)
        position, own = length[best], bits[best]
        _take(path, own, position)
        if position == path.n:
            return visits
        visits += 1
        before = metric[best]
        zero, one = costs(path, llr_at(path, position, exact), exact)
        known = _sum_at(path, position) != 0
        length[best] += 1
        if path.frozen[position]:
            metric[best], own[position] = before + (one if known else zero), u8(known)
        else:
            less, more = min(zero, one), max(zero, one)
            bit = one < zero
            if before + more < metric[place] and place != best:
                bits[place, :position] = own[:position]
                bits[place, position] = u8(not bit) + u8(2) * u8((not bit) != known)
                metric[place], length[place] = before + more, position + 1
            metric[best], own[position] = before + less, u8(bit) + u8(2) * u8(bit != known)
        visited[position] += 1
        if visited[position] == most:
            for s in range(metric.size):
                if length[s] <= position:
                    metric[s], length[s] = np.inf, -1


@kernel
def decode_stack(llr, frames, preferred, frozen, sources, first_source, size, most, words, visits, exact):
    """Stack decoding, frame after frame; arguments as of ``decode_fano``.

    ``size`` is that of the stack, ``most`` how often a path may be extended at each position.
    """
    n = llr.shape[1]
    path, memory = _path(llr, frozen, sources, first_source)
    metric, length = np.empty(size, np.float32), np.empty(size, np.int64)
    bits, visited = np.zeros((size, n), np.uint8), np.empty(n, np.int64)
    for frame in range(frames):
        group, lane = frame // GROUP, frame % GROUP
        _receive(path, llr[group], lane, preferred)
        visits[frame] = _stack(path, metric, length, bits, visited, most, exact)
        _give(path, words[group], lane)
    keep_alive(memory)
    keep_alive(path.word)
