"""Gains that are sums of sinusoids, on groups of 64 frames, shape (groups, real dimensions, 64)."""

import numpy as np

from ....vectors.group_kernels import PARTS
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import as_int, load, pointer_to, splat, square_root, store
from ...streams.stream_kernels import load_states, next_word, normal_pair, store_states

f32 = np.float32


@kernel
def fade_by_sinusoids(state, law, dimensions, within, ahead, scale, room, samples, gains):
    """Draw ``gains``, float32, of which each lasts for ``dimensions`` real ones, and multiply ``samples``.

    ``law`` is (sight, scatter, squares): the square of a gain is (sight + scatter x)^2 and the squares of
    ``squares`` - 1 more scatter x, where each x is ``scale`` times a sum over sinusoids: ``within`` and
    ``ahead`` are those of ``sinusoids.Sinusoids``, and each has two normals, for its cosine and its sine,
    drawn as a pair, one x after the other. ``room``, float32 (4 sinusoids, 16), is to work in.
    """
    groups, size, _ = samples.shape
    stride, count, _ = within.shape
    sight, scatter, squares = law
    vectors, uses = groups * PARTS, size // dimensions
    states, sent, factors, waves = pointer_to(state), pointer_to(samples), pointer_to(gains), pointer_to(room)
    part_scale = scatter * scale
    for group in range(groups):
        for part in range(PARTS):
            j = group * PARTS + part
            a, b, c, d = load_states(states, vectors, j)
            base = group * size
            for drawn in range(squares):
                offset = splat(sight if drawn == 0 else f32(0.0))
                for i in range(count):
                    u, a, b, c, d = next_word(a, b, c, d)
                    v, a, b, c, d = next_word(a, b, c, d)
                    x, y = normal_pair(as_int(u), as_int(v))
                    store(waves, 2 * i, x)
                    store(waves, 2 * i + 1, y)
                for first in range(0, uses, stride):
                    turn = ahead[first // stride]
                    for i in range(count):
                        x, y = load(waves, 2 * i), load(waves, 2 * i + 1)
                        cosine, sine = splat(turn[i, 0]), splat(turn[i, 1])
                        store(waves, 2 * (count + i), x * cosine + y * sine)
                        store(waves, 2 * (count + i) + 1, y * cosine - x * sine)
                    for k in range(0, min(stride, uses - first), 4):
                        w, x, y, z = splat(f32(0.0)), splat(f32(0.0)), splat(f32(0.0)), splat(f32(0.0))
                        for i in range(count):
                            p, q = load(waves, 2 * (count + i)), load(waves, 2 * (count + i) + 1)
                            w = w + (p * splat(within[k, i, 0]) + q * splat(within[k, i, 1]))
                            x = x + (p * splat(within[k + 1, i, 0]) + q * splat(within[k + 1, i, 1]))
                            y = y + (p * splat(within[k + 2, i, 0]) + q * splat(within[k + 2, i, 1]))
                            z = z + (p * splat(within[k + 3, i, 0]) + q * splat(within[k + 3, i, 1]))
                        for m in range(min(4, uses - first - k)):
                            found = w if m == 0 else x if m == 1 else y if m == 2 else z
                            found = offset + part_scale * found
                            at = (base + (first + k + m) * dimensions) * PARTS + part
                            energy = found * found
                            store(factors, at, energy if drawn == 0 else load(factors, at) + energy)
            for i in range(0, size, dimensions):
                gain = square_root(load(factors, (base + i) * PARTS + part))
                for m in range(dimensions):
                    at = (base + i + m) * PARTS + part
                    store(factors, at, gain)
                    store(sent, at, gain * load(sent, at))
            store_states(states, vectors, j, a, b, c, d)
