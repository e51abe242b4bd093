"""The baseline of speeds on this machine: NumPy's normal samples."""

import math
import time

import numpy as np

#: Samples that the baseline makes at a time, and how often.
SAMPLES, TIMES = 1 << 18, 10


def numpy_normal_ns() -> float:
    """The baseline: nanoseconds in which NumPy makes a normal sample in float32, at best."""
    generator = np.random.Generator(np.random.SFC64(1))
    samples = np.empty(SAMPLES, np.float32)
    best = math.inf
    for _ in range(TIMES):
        begin = time.perf_counter()
        generator.standard_normal(dtype=np.float32, out=samples)
        best = min(best, time.perf_counter() - begin)
    return best / SAMPLES * 1e9
