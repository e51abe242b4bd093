"""How the C library treats memory that is freed: a pass's arrays should be there for the next one."""

import ctypes
import sys
from functools import cache

#: Parameters of glibc's mallopt (malloc.h), and what they are set to, in bytes. The first is the largest
#: value that it takes; the second bounds what a worker may hold beyond what it uses.
M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -3, -1
MMAP_THRESHOLD, TRIM_THRESHOLD = 1 << 25, 1 << 28


@cache
def keep_freed_memory() -> bool:
    """Let the C library keep freed arrays for reuse; whether it could be told to.

    By default glibc hands arrays of a megabyte back to the system as soon as they are freed, and gets
    them again, page by page and cleared, in the next pass. With a cheap link that takes longer than all
    kernels together. Applies to the whole process; other C libraries are left as they are. The command
    line and the workers of a cluster do it; in a program of your own it is yours to do, before ``run``.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD) and mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD))
