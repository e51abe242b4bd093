"""Enumeration of codewords. Arrays are lane-major, shape (m, frames), C-contiguous."""

import numpy as np

from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel


@kernel
def best_message(llr, generator, first, bits, unique):
    """``bits``, uint8 (k, frames): the message whose codeword has the least sum of LLRs at its ones.

    Messages are tried in the order of the Gray code from ``first``, so that each differs from the
    one before in one bit; the first of equals wins, and ``unique``, bool (frames), tells if it had
    none. Sums are in float64, where equal LLRs add up without rounding and ties are ties.
    """
    k, n = generator.shape
    word = np.empty(n, np.uint8)
    best, message = np.empty(GROUP, np.float64), np.empty(GROUP, np.int64)
    metric, tied = np.empty(GROUP, np.float64), np.empty(GROUP, np.bool_)
    for start in range(0, llr.shape[1], GROUP):
        width = min(GROUP, llr.shape[1] - start)
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
                    row = llr[j, start : start + width]
                    for lane in range(width):
                        metric[lane] += row[lane]
            for lane in range(width):
                better = metric[lane] < best[lane]
                tied[lane] = (tied[lane] or metric[lane] == best[lane]) and not better
                best[lane] = metric[lane] if better else best[lane]
                message[lane] = gray if better else message[lane]
        for lane in range(width):
            unique[start + lane] = not tied[lane]
        for i in range(k):
            for lane in range(width):
                bits[i, start + lane] = message[lane] >> i & 1


@kernel
def best_word(llr, words, tie_bits, message, unique):
    """``message``, int64 (frames): the row of ``words``, uint8 (2^k, n), of the least sum of LLRs at ones.

    Among equals it is the one whose exclusive or with the frame's ``tie_bits``, int64 (frames), is the least;
    ``unique``, bool (frames), tells if there is no other. Sums are in float64, as above.
    """
    count, n = words.shape
    best, metric = np.empty(GROUP, np.float64), np.empty(GROUP, np.float64)
    for start in range(0, llr.shape[1], GROUP):
        width = min(GROUP, llr.shape[1] - start)
        toss, chosen = tie_bits[start : start + width], message[start : start + width]
        alone = unique[start : start + width]
        best[:] = np.inf
        for i in range(count):
            metric[:] = 0
            for j in range(n):
                if words[i, j]:
                    row = llr[j, start : start + width]
                    for lane in range(width):
                        metric[lane] += row[lane]
            for lane in range(width):
                better, tied = metric[lane] < best[lane], metric[lane] == best[lane]
                alone[lane] = better or (alone[lane] and not tied)
                if better or (tied and i ^ toss[lane] < chosen[lane] ^ toss[lane]):
                    chosen[lane] = i
                best[lane] = metric[lane] if better else best[lane]
