"""Memory of the process: a pass's arrays should be there for the next one, and nothing else stay behind."""

import ctypes
import gc
import sys
from functools import cache
from typing import Any

from ...vectors.compiling.compiler_memory import drop_copies, free_pass_managers
from ...vectors.kernel_cache import AFTER_COMPILING

#: Parameters of glibc's mallopt (malloc.h), and what they are set to, in bytes. The first is the largest
#: value that it takes; the second bounds what a worker may hold beyond what it uses.
M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -3, -1
MMAP_THRESHOLD, TRIM_THRESHOLD = 1 << 25, 1 << 28


@cache
def settle_memory() -> None:
    """Set up the memory of a process that is ours: that of the command line, and of a cluster's worker."""
    keep_freed_memory()
    free_pass_managers()
    AFTER_COMPILING.append(_after_compiling)


def _after_compiling(library: Any) -> None:
    """Give back what it took to compile a kernel, before the next one takes as much beside it."""
    drop_copies(library)
    gc.collect()  # Numba's own form of a function refers to itself
    give_back_freed_memory()


@cache
def keep_freed_memory() -> bool:
    """Let the C library keep freed arrays for reuse; whether it could be told to.

    By default glibc hands arrays of a megabyte back to the system as soon as they are freed, and gets
    them again, page by page and cleared, in the next pass. With a cheap link that takes longer than all
    kernels together. Applies to the whole process; other C libraries are left as they are. The command
    line and the workers of a cluster do it; in a program of your own it is yours to do, before ``run``.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is None:
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD) and mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD))


def give_back_freed_memory() -> bool:
    """Give back to the system what is free now; whether the C library could be told to.

    The next curve has arrays of other sizes, for which what the last one left is in pieces. A program that
    has not asked to keep freed memory loses nothing by it.
    """
    trim = _of_glibc("malloc_trim")
    return trim is not None and bool(trim(0))


def _of_glibc(name: str) -> Any:
    """A function of glibc; None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return None
