"""Functions that only kernels call, their callees: compiled with the kernels, and not by themselves.

Numba optimises all that it compiles, makes machine code of it and wraps that for calls from Python: each
function that a kernel calls, and then the kernel with all of them again, which took half of the time from a
cold cache. A callee is linked into its callers as it is, and optimised there. With a Numba that cannot be
made to do so callees are what it makes of them: results are the same, and kernels take longer to compile.
"""

from numba import njit

try:
    from .callee_linking_kernels import CalleeCompiler, uncallable
except Exception:  # what Numba has inside may be elsewhere in another version, or be something else

    def uncallable(compiled):
        return compiled

    _COMPILER = {}
else:
    _COMPILER = {"pipeline_class": CalleeCompiler}

#: How callees are compiled, for ``overload``; inlined ones become code of their callers, as short ones and
#: those of vectors should.
CALLEE = {"nogil": True, "error_model": "numpy", **_COMPILER}
INLINED = {**CALLEE, "forceinline": True}


def callee(function):
    """A function that only kernels call."""
    return uncallable(njit(**CALLEE)(function))


def inlined(function):
    """A callee that becomes code of its callers."""
    return uncallable(njit(**INLINED)(function))
