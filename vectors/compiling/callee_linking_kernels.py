"""How Numba is made to link callees into kernels. It takes what Numba does not promise to keep as it is."""

from functools import cache

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


class _LinkingCompiler(CompilerBase):
    """Numba's own compiler but for the last step."""

    def define_pipelines(self):
        manager = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes = [
            (_CalleeLowering if step is NativeLowering else step, text) for step, text in manager.passes
        ]
        manager.passes, manager._finalized = passes, False
        manager.finalize()
        return [manager]


class CalleeCompiler(_LinkingCompiler):
    """The same; Numba's own with all steps where that does not work."""

    def define_pipelines(self):
        if links():
            return super().define_pipelines()
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]


def uncallable(compiled):
    """Keep a callee from being called by Python, where there is nothing to call."""
    add_as_numba_does = compiled.add_overload

    def refuse(*given, **named):
        raise TypeError(f"{compiled.__name__} is called by kernels alone")

    def add_overload(result):
        if isinstance(result.library, _LinkedLibrary):
            compiled.overloads[tuple(result.signature.args)] = result
        else:
            add_as_numba_does(result)

    compiled._compile_for_args, compiled.add_overload = refuse, add_overload
    return compiled


@cache
def links():
    """Whether this Numba can be made to link callees: tried once, where the first one is compiled."""
    try:
        half = uncallable(njit(pipeline_class=_LinkingCompiler)(lambda x: x / 2))
        return njit(lambda x: half(x) + half(x + 1))(3.0) == 3.5
    except Exception:  # whatever another Numba does not have, or does otherwise
        return False
