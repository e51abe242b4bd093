"""Functions that only kernels call, their callees: compiled with the kernels, and not by themselves.

Numba optimises all that it compiles, makes machine code of it and wraps that for calls from Python: each
function that a kernel calls, and then the kernel with all of them again, which took half of the time from a
cold cache. A callee is linked into its callers as it is, and optimised there.
"""

from numba import _dynfunc, njit
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering


class _LinkedLibrary(JITCodeLibrary):
    """Code that others link: neither optimised nor made machine code of."""

    def _optimize_functions(self, ll_module):
        ll_module.data_layout = self._codegen._data_layout

    def finalize(self):
        for library in dict.fromkeys(self._linking_libraries):
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _CalleeLowering(NativeLowering):
    """From typed code to that of a ``_LinkedLibrary``."""

    _name = "callee_lowering"

    def run_pass(self, state):
        state.library = _LinkedLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        flags = state.flags
        flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
        super().run_pass(state)
        made, library = state.cr, state.library
        # Numba knows functions by what Python would call: an address that nothing calls.
        name = made.fndesc.qualname
        entry = _dynfunc.make_function(made.fndesc.lookup_module(), name, name, 1, made.env, (library,))
        state.targetctx.insert_user_function(entry, made.fndesc, [library])
        state.cr = made._replace(cfunc=entry)
        return True


class _CalleeCompiler(CompilerBase):
    """Numba's own compiler but for the last step."""

    def define_pipelines(self):
        manager = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes = [
            (_CalleeLowering if step is NativeLowering else step, text) for step, text in manager.passes
        ]
        manager.passes, manager._finalized = passes, False
        manager.finalize()
        return [manager]


#: How callees are compiled, for ``overload``; inlined ones become code of their callers, as short ones and
#: those of vectors should.
CALLEE = {"nogil": True, "error_model": "numpy", "pipeline_class": _CalleeCompiler}
INLINED = {**CALLEE, "forceinline": True}


def callee(function):
    """A function that only kernels call."""
    return _uncallable(njit(**CALLEE)(function))


def inlined(function):
    """A callee that becomes code of its callers."""
    return _uncallable(njit(**INLINED)(function))


def _uncallable(compiled):
    """Keep a callee from being called by Python, where there is nothing to call."""

    def refuse(*given, **named):
        raise TypeError(f"{compiled.__name__} is called by kernels alone")

    def add_overload(result):
        compiled.overloads[tuple(result.signature.args)] = result

    compiled._compile_for_args, compiled.add_overload = refuse, add_overload
    return compiled
