"""Enumeration of codewords, and the shortest path through a trellis, for groups of 64 frames."""

import numpy as np

from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import bits_of, equal, load, pointer_to, splat

i8, u64 = np.int8, np.uint64


@kernel
def best_message(llr, generator, first, bits, unique):
    """``bits``, uint64 (groups, k): the message whose codeword has the least sum of LLRs at its ones.

    ``llr`` is float32 (groups, n, 64). Messages are tried in the order of the Gray code from ``first``, so
    that each differs from the one before in one bit; the first of equals wins, and ``unique``, uint64
    (groups), tells if it had none. Sums are in float64, where equal LLRs add up without rounding and ties are
    ties.
    """
    k, n = generator.shape
    word = np.empty(n, np.uint8)
    best, message = np.empty(GROUP, np.float64), np.empty(GROUP, np.int64)
    metric, tied = np.empty(GROUP, np.float64), np.empty(GROUP, np.bool_)
    for group in range(llr.shape[0]):
        word[:] = 0
        for i in range(k):
            if first >> i & 1:
                word ^= generator[i]
        gray = first
        best[:] = np.inf
        tied[:] = False
        for step in range(1 << k):
            if step:
                change = 0
                while not step >> change & 1:
                    change += 1
                word ^= generator[change]
                gray ^= 1 << change
            metric[:] = 0
            for j in range(n):
                if word[j]:
                    row = llr[group, j]
                    for lane in range(GROUP):
                        metric[lane] += row[lane]
            for lane in range(GROUP):
                better = metric[lane] < best[lane]
                tied[lane] = (tied[lane] or metric[lane] == best[lane]) and not better
                best[lane] = metric[lane] if better else best[lane]
                message[lane] = gray if better else message[lane]
        alone = u64(0)
        for lane in range(GROUP):
            alone |= u64(not tied[lane]) << u64(lane)
        unique[group] = alone
        for i in range(k):
            ones = u64(0)
            for lane in range(GROUP):
                ones |= u64(message[lane] >> i & 1) << u64(lane)
            bits[group, i] = ones


@kernel
def best_path(llr, columns, checks, preferred, words, unique):
    """``words``, uint64 (groups, n): the codewords with the least sums of LLRs at their ones, by a trellis.

    ``llr`` is float32 (groups, n, 64). A state is a syndrome of the positions so far, a number of ``checks``
    bits; position j with a 1 adds ``columns[j]`` to it (Wolf, 1978). Of equal paths into a state the one
    whose last bit is that of ``preferred``, uint8 (n), is kept, and so among equal codewords the one that has
    it in the last position in which they differ. ``unique``, uint64 (groups), tells if there is no other.
    Sums are in float64, as above, and in the order of positions.
    """
    groups, n, _ = llr.shape
    states = 1 << checks
    metric, following = np.empty((states, GROUP), np.float64), np.empty((states, GROUP), np.float64)
    ones, same = np.empty((n, states), np.uint64), np.empty(GROUP, np.int8)
    tied, ties = np.empty(states, np.uint64), np.empty(states, np.uint64)
    lanes, lanes_before = np.empty(states, np.uint64), np.empty(states, np.uint64)
    for group in range(groups):
        metric[:] = np.inf
        metric[0] = 0.0
        tied[:] = u64(0)
        for j in range(n):
            row, first = llr[group, j], preferred[j] == 0
            for state in range(states):
                zero, one, new = metric[state], metric[state ^ columns[j]], following[state]
                for lane in range(GROUP):
                    with_one = one[lane] + np.float64(row[lane])
                    new[lane] = min(zero[lane], with_one)
                    lower = np.int8(with_one < zero[lane])
                    same[lane] = lower | (np.int8(with_one == zero[lane]) << np.int8(1))
                found = load(pointer_to(same), 0)
                better, alike = bits_of(equal(found, splat(i8(1)))), bits_of(equal(found, splat(i8(2))))
                taken = better if first else better | alike
                ones[j, state] = taken
                ties[state] = (tied[state ^ columns[j]] & taken) | (tied[state] & ~taken) | alike
            metric, following = following, metric
            tied, ties = ties, tied
        unique[group] = ~tied[0]
        lanes[:] = u64(0)
        lanes[0] = ~u64(0)
        for j in range(n - 1, -1, -1):
            lanes_before[:] = u64(0)
            word = u64(0)
            for state in range(states):
                taken = lanes[state] & ones[j, state]
                word |= taken
                lanes_before[state ^ columns[j]] |= taken
                lanes_before[state] |= lanes[state] & ~taken
            words[group, j] = word
            lanes, lanes_before = lanes_before, lanes


@kernel
def best_word(llr, words, tie_bits, message, unique):
    """``message``, int64 (groups, 64): the row of ``words``, uint8 (2^k, n), with the least sum of LLRs.

    The sum is that of the LLRs at the row's ones, float64 as above. Among equals it is the row whose
    exclusive or with the frame's ``tie_bits``, int64 (groups, 64), is the least; ``unique``, bool (groups,
    64), tells if there is no other.
    """
    count, n = words.shape
    best, metric = np.empty(GROUP, np.float64), np.empty(GROUP, np.float64)
    for group in range(llr.shape[0]):
        toss, chosen, alone = tie_bits[group], message[group], unique[group]
        best[:] = np.inf
        for i in range(count):
            metric[:] = 0
            for j in range(n):
                if words[i, j]:
                    row = llr[group, j]
                    for lane in range(GROUP):
                        metric[lane] += row[lane]
            for lane in range(GROUP):
                better, tied = metric[lane] < best[lane], metric[lane] == best[lane]
                alone[lane] = better or (alone[lane] and not tied)
                if better or (tied and i ^ toss[lane] < chosen[lane] ^ toss[lane]):
                    chosen[lane] = i
                best[lane] = metric[lane] if better else best[lane]
