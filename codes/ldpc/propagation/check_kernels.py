"""What checks take from variables and send to them, whatever their rule is."""

from collections import namedtuple

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.vector_kernels import (
    change,
    common_bits,
    load,
    saturating_add,
    saturating_subtract,
    store,
)

#: Pointers to rows of lanes: values of variables; their next values and the LLRs received, which flooding
#: alone has; messages from checks, one an edge; and space for one check.
State = namedtuple("State", ("value", "total", "channel", "message", "room"))
#: The Tanner graph: edges of check c are ``start[c]`` to ``start[c + 1] - 1``, at ``variable[edge]``.
Graph = namedtuple("Graph", ("variables", "checks", "start", "variable"))


@inlined
def extrinsic(state, graph, edge, keep):
    """A check's input on an edge: the variable's value less the message that it last got from here.

    ``keep`` wipes the bits of the message in lanes that are new.
    """
    last = common_bits(load(state.message, edge), keep)
    return saturating_subtract(load(state.value, graph.variable[edge]), last)


@inlined
def send_to_variable(state, graph, flooding, edge, given, new):
    """Keep a check's message, and add it to its variable's value, or in flooding to its next value.

    ``given`` is the check's input on the edge. Where a value saturates, what is kept is as much of the
    message as it took up: to take off more later could turn the sign.
    """
    variable = graph.variable[edge]
    if flooding is not None:
        store(state.message, edge, new)
        store(state.total, variable, saturating_add(load(state.total, variable), new))
    else:
        updated = saturating_add(given, new)
        store(state.message, edge, change(new, given, updated))
        store(state.value, variable, updated)
