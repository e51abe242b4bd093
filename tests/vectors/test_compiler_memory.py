"""Compiling leaves no more behind than it has to, and what is compiled stays usable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Kernels that share a function, each compiled after the copies of the one before it were dropped.
BEGIN = """
import ctypes, gc
from numba import njit
from capgap.vectors.compiling.callee_kernels import callee
from capgap.simulate.engine.malloc import settle_memory
from capgap.vectors.kernel_cache import kernel

class Allocated(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]

def allocated():
    gc.collect()
    mallinfo = ctypes.CDLL(None).mallinfo2
    mallinfo.restype = Allocated
    return mallinfo().uordblks / 1e6

@njit(nogil=True, error_model="numpy")
def inner(x):
    return 3 * x

@callee
def added(x, y):
    return x + y

settle_memory()
kernels = []
"""
ONE = """
@kernel
def outer_{i}(x):
    return added(inner(x), {i})
kernels.append(outer_{i})
"""
USED = """
found = [kernels[0](1), kernels[1](1)]
before = allocated()
found += [each(1) for each in kernels[2:]]
print(allocated() - before)
assert found == [3 + i for i in range(10)]
assert [each(2) for each in kernels] == [6 + i for i in range(10)]
assert [each(2.5) for each in kernels[:2]] == [7.5, 8.5]
"""


def test_compiling_leaves_little_behind(tmp_path: Path) -> None:
    """Eight small kernels: 6 MB are left where the pass managers are, and less than 1 MB otherwise."""
    if not (sys.platform.startswith("linux") and hasattr(__import__("ctypes").CDLL(None), "mallinfo2")):
        pytest.skip("the C library does not tell what is allocated")
    file = tmp_path / "kernels.py"
    file.write_text(BEGIN + "".join(ONE.format(i=i) for i in range(10)) + USED)
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    ran = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, env=environment)
    assert ran.returncode == 0, ran.stderr
    assert float(ran.stdout) < 3
