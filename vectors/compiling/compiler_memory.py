"""Memory that the compiler keeps although it needs it no more."""

from typing import Any

try:
    from llvmlite.binding import newpassmanagers as managers
except ImportError:  # older ones have other managers
    managers = None


def free_pass_managers() -> bool:
    """Let llvmlite free LLVM's pass managers that are no longer used; whether it did not do so by itself.

    Their classes inherit the ``_dispose`` of two, and find first the one that does nothing (llvmlite 0.50).
    Numba makes a manager for each function of each module: to compile the kernels of a sweep left 50 MB and
    more behind. Applies to the whole process, and changes nothing that is compiled.
    """
    if managers is None:
        return False
    shared: Any = getattr(managers.NewPassManager, "_dispose", None)
    found = False
    for kind in (managers.ModulePassManager, managers.FunctionPassManager):
        if shared is not None and kind._dispose is managers.ffi.ObjectRef._dispose:
            kind._dispose = shared
            found = True
    return found


def drop_copies(library: Any) -> None:
    """Of each module of a compiled library, and of those linked into it, keep the one that is linked again.

    Numba keeps two: the other one was made into machine code, which stays where it is.
    """
    found = [library]
    for each in found:
        found += [other for other in each._linking_libraries if other not in found]
        made, linked = each._final_module, each._get_module_for_linking()
        if made is not linked:
            engine = each._codegen._engine._ee
            if made in engine._modules:  # that of a callee is only linked
                engine.remove_module(made)
            each._final_module = linked
