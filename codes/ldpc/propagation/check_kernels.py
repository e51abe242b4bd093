"""What checks take from variables and send to them, whatever their rule is."""

from collections import namedtuple

import numpy as np
from numba import types
from numba.extending import overload

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.vector_kernels import (
    INLINED,
    change,
    common_bits,
    load,
    saturating_add,
    saturating_subtract,
    store,
)

f32 = np.float32

#: Pointers to rows of lanes: values of variables; their next values and the LLRs received, which flooding
#: alone has; messages from checks, one an edge; space for one check; what checks last took from an edge, if
#: the rule asks for that. Then the part of the last message that stays in a new one, or None.
State = namedtuple("State", ("value", "total", "channel", "message", "room", "before", "damping"))
#: The Tanner graph: edges of check c are ``start[c]`` to ``start[c + 1] - 1``, at ``variable[edge]``.
Graph = namedtuple("Graph", ("variables", "checks", "start", "variable"))


@inlined
def extrinsic(state, graph, edge, keep):
    """A check's input on an edge: the variable's value less the message that it last got from here.

    ``keep`` wipes the bits of the message in lanes that are new.
    """
    last = common_bits(load(state.message, edge), keep)
    return saturating_subtract(load(state.value, graph.variable[edge]), last)


def damped(new, state, edge, keep):
    """A message, or its mean with the last one on its edge, which has the weight of the damping."""
    raise NotImplementedError("for kernels alone")


@overload(damped, jit_options=INLINED)
def _damped(new, state, edge, keep):
    if isinstance(state.types[-1], types.NoneType):
        return lambda new, state, edge, keep: new

    def call(new, state, edge, keep):
        last = common_bits(load(state.message, edge), keep)
        return last * state.damping + new * (f32(1.0) - state.damping)

    return call


@inlined
def send_to_variable(state, graph, flooding, keep, edge, given, new):
    """Keep a check's message, and add it to its variable's value, or in flooding to its next value.

    ``given`` is the check's input on the edge. Where a value saturates, what is kept is as much of the
    message as it took up: to take off more later could turn the sign.
    """
    variable = graph.variable[edge]
    new = damped(new, state, edge, keep)
    if flooding is not None:
        store(state.message, edge, new)
        store(state.total, variable, saturating_add(load(state.total, variable), new))
    else:
        updated = saturating_add(given, new)
        store(state.message, edge, change(new, given, updated))
        store(state.value, variable, updated)
