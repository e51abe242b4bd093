"""A trellis as a Numba type: its branches are known when a kernel is compiled, and become straight code.

Metrics of all states are a tuple of vectors, which LLVM keeps in registers. Metrics are costs; a step adds to
those of a branch the cost of its input, and p[j] for each parity bit j that is 1. With one input u is the
cost of a 1; with several u[i - 1] is that of the input i, as many as there are beside 0.
"""

from collections import namedtuple

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import NativeValue, intrinsic, models, register_model, unbox

from ....vectors.operations.exponential_kernels import least_and_more
from ....vectors.operations.vector_type_kernels import WORD, Vector, broadcast, call, constant, is_float


class TrellisType(types.Type):
    """The Numba type of a trellis: another one for each trellis.

    ``branches`` are tuples (from, to, input, parity bits), inputs numbers from 0; ``parities`` is the number
    of parity bits. With ``exact`` the cost of several ways is not the least, but that of their sum.
    """

    def __init__(self, states, parities, branches, exact):
        self.states, self.parities, self.branches, self.exact = states, parities, branches, exact
        super().__init__(name=f"trellis({states}, {parities}, {branches}, {exact})")

    @property
    def inputs(self):
        """How many inputs there are beside 0."""
        return max(branch[2] for branch in self.branches)


register_model(TrellisType)(models.OpaqueModel)


class KernelTrellis:
    """A trellis as an argument of kernels."""

    def __init__(self, states, parities, branches, *, exact=False):
        self._numba_type_ = TrellisType(states, parities, tuple(branches), exact)

    @property
    def states(self):
        """Number of states."""
        return self._numba_type_.states

    @property
    def parities(self):
        """Number of parity bits of a step."""
        return self._numba_type_.parities


@unbox(TrellisType)
def _unbox(kind, value, context):
    return NativeValue(context.context.get_dummy_value())


#: A trellis while code is made for it; ``either`` makes that of the cost of either of two events.
_Made = namedtuple("_Made", ("states", "parities", "branches", "either"))


def _either(context, exact):
    if not exact:
        return _minimum

    def either(builder, a, b):
        kind = Vector(types.float32, a.type.count)
        return context.compile_internal(builder, least_and_more.py_func, kind(kind, kind), (a, b))

    return either


def _least(trellis, builder, values):
    """The cost of any of several events, by pairs, pairs of pairs, and so on."""
    values = list(values)
    while len(values) > 1:
        pairs = zip(values[::2], values[1::2], strict=False)
        left = values[len(values) & ~1 :]
        values = [trellis.either(builder, a, b) for a, b in pairs] + left
    return values[0]


def _minimum(builder, a, b):
    if isinstance(a.type.element, ir.FloatType):
        return builder.select(builder.fcmp_ordered("<", a, b), a, b)
    return call(builder, "smin", a.type, [a, b])


def _sum(builder, a, b):
    return builder.fadd(a, b) if isinstance(a.type.element, ir.FloatType) else builder.add(a, b)


def _difference(builder, a, b):
    return builder.fsub(a, b) if isinstance(a.type.element, ir.FloatType) else builder.sub(a, b)


def _operation(result):
    """An intrinsic whose first argument is a trellis, from a function that makes its code.

    That one takes the trellis, the builder and values, tuples as lists. ``result`` gives the type of the
    result from the types of the arguments; of a tuple, the code gives a list.
    """

    def made(generate):
        def define(typingctx, trellis, *kinds):
            if not isinstance(trellis, TrellisType):
                return None
            target = result(trellis, *kinds)

            def codegen(context, builder, signature, arguments):
                values = [
                    cgutils.unpack_tuple(builder, value) if isinstance(kind, types.UniTuple) else value
                    for value, kind in zip(arguments[1:], kinds, strict=True)
                ]
                either = _either(context, trellis.exact)
                code = _Made(trellis.states, trellis.parities, trellis.branches, either)
                value = generate(code, builder, *values)
                if target == types.void:
                    return context.get_dummy_value()
                return context.make_tuple(builder, target, value) if isinstance(value, list) else value

            return target(trellis, *kinds), codegen

        define.__wrapped__ = generate  # Numba counts the arguments of this, of which there are as many
        return intrinsic(define)

    return made


def _same_state(trellis, state, *_):
    return state


def _costs(trellis, builder, input_cost, parity_costs):
    """The costs of all pairs of input and parity bits that the trellis has; None for no cost."""
    found = {}
    for _, _, u, bits in trellis.branches:
        if (u, bits) in found:
            continue
        parts = [parity_costs[j] for j in range(trellis.parities) if bits >> j & 1]
        if u and input_cost is not None:
            parts.insert(0, input_cost[u - 1] if isinstance(input_cost, list) else input_cost)
        total = None
        for part in parts:
            total = part if total is None else _sum(builder, total, part)
        found[u, bits] = total
    return found


def _step(trellis, builder, old, input_cost, parity_costs, source, target):
    costs = _costs(trellis, builder, input_cost, parity_costs)
    ways = [[] for _ in range(trellis.states)]
    for branch in trellis.branches:
        cost = costs[branch[2:]]
        metric = old[branch[source]]
        ways[branch[target]].append(metric if cost is None else _sum(builder, metric, cost))
    return [_least(trellis, builder, each) for each in ways]


@_operation(_same_state)
def forward(trellis, builder, state, u, p):
    """Metrics after a step from those before it."""
    return _step(trellis, builder, state, u, p, 0, 1)


@_operation(_same_state)
def backward(trellis, builder, state, u, p):
    """Metrics before a step from those after it."""
    return _step(trellis, builder, state, u, p, 1, 0)


@_operation(_same_state)
def relative(trellis, builder, state):
    """The same metrics less that of state 0."""
    return [_difference(builder, each, state[0]) for each in state]


@_operation(lambda trellis, zero, other: types.UniTuple(zero, trellis.states))
def state_of(trellis, builder, zero, other):
    """The metric ``zero`` for state 0, and ``other`` for all others."""
    return [zero] + [other] * (trellis.states - 1)


def _rows(trellis, builder, pointer, row, machine):
    base = builder.bitcast(pointer, machine.as_pointer())
    first = builder.mul(row, ir.Constant(row.type, trellis.states))
    return [builder.gep(base, [builder.add(first, ir.Constant(row.type, s))]) for s in range(trellis.states)]


@_operation(lambda *_: types.void)
def put_state(trellis, builder, pointer, row, state):
    """Write the metrics of all states to memory, at ``row`` of as many vectors as there are states."""
    for place, metric in zip(_rows(trellis, builder, pointer, row, state[0].type), state, strict=True):
        builder.store(metric, place, align=64)


@_operation(lambda trellis, pointer, row, zero: types.UniTuple(zero, trellis.states))
def get_state(trellis, builder, pointer, row, zero):
    """Metrics from memory, of the type of ``zero``."""
    return [builder.load(place, align=64) for place in _rows(trellis, builder, pointer, row, zero.type)]


def _extrinsics(trellis, builder, pointer, row, beta, p):
    """For each input but 0 its cost less that of 0, without their own costs."""
    alpha = [builder.load(place, align=64) for place in _rows(trellis, builder, pointer, row, beta[0].type)]
    costs, ways = _costs(trellis, builder, None, p), {}
    for source, target, u, bits in trellis.branches:
        ways.setdefault((u, bits), []).append(_sum(builder, alpha[source], beta[target]))
    found = {}
    for (u, bits), each in ways.items():
        best, cost = _least(trellis, builder, each), costs[u, bits]
        found.setdefault(u, []).append(best if cost is None else _sum(builder, best, cost))
    least = {u: _least(trellis, builder, each) for u, each in found.items()}
    return [_difference(builder, least[u], least[0]) for u in range(1, len(least))]


@_operation(lambda trellis, pointer, row, beta, p: beta.dtype)
def extrinsic(trellis, builder, pointer, row, beta, p):
    """The LLR of a step's only input without its own cost.

    From the metrics before the step, in memory, and those after it.
    """
    return _extrinsics(trellis, builder, pointer, row, beta, p)[0]


@_operation(lambda trellis, pointer, row, beta, p: types.UniTuple(beta.dtype, trellis.inputs))
def extrinsics(trellis, builder, pointer, row, beta, p):
    """The same of all inputs but 0, against 0."""
    return _extrinsics(trellis, builder, pointer, row, beta, p)


@_operation(lambda trellis, pointer, rows, step, lane, zero: types.UniTuple(zero, trellis.parities))
def parity_costs(trellis, builder, pointer, rows, step, lane, zero):
    """LLRs of a step's parity bits, in ``rows`` of 64 lanes, from a lane on, as vectors such as ``zero``."""
    found = []
    first = builder.mul(step, ir.Constant(step.type, trellis.parities))
    for j in range(trellis.parities):
        index = builder.gep(rows, [builder.add(first, ir.Constant(step.type, j))])
        row = builder.sext(builder.load(index), step.type)
        place = builder.add(builder.shl(row, ir.Constant(step.type, 6)), lane)
        narrow = ir.VectorType(pointer.type.pointee, zero.type.count)
        value = builder.load(builder.bitcast(builder.gep(pointer, [place]), narrow.as_pointer()), align=1)
        found.append(value if narrow == zero.type else builder.sext(value, zero.type))
    return found


@intrinsic
def put_narrow(typingctx, pointer, first, vector, limit):
    """Write a vector, clipped to a magnitude of ``limit``, from element ``first`` of narrower ones on."""

    def codegen(context, builder, signature, arguments):
        data, at, value, most = arguments
        narrow = ir.VectorType(context.get_value_type(pointer.dtype), vector.lanes)
        high = broadcast(builder, most, value.type)
        low = _difference(builder, ir.Constant(value.type, None), high)
        value = _minimum(builder, value, high)
        if is_float(vector):
            value = builder.select(builder.fcmp_ordered("<", value, low), low, value)
        else:
            value = call(builder, "smax", value.type, [value, low])
        address = builder.bitcast(builder.gep(data, [at]), narrow.as_pointer())
        builder.store(value if narrow == value.type else builder.trunc(value, narrow), address, align=1)
        return context.get_dummy_value()

    fits = isinstance(pointer, types.CPointer) and isinstance(vector, Vector)
    return (types.void(pointer, types.intp, vector, vector.dtype), codegen) if fits else None


@intrinsic
def put_mask(typingctx, pointer, word, lane, mask):
    """Write a mask to the bits of a uint64 from bit ``lane`` on, which is a multiple of the mask's lanes."""

    def codegen(context, builder, signature, arguments):
        data, at, first, value = arguments
        bits = ir.IntType(mask.lanes)
        base = builder.bitcast(data, bits.as_pointer())
        per_word = ir.Constant(at.type, 64 // mask.lanes)
        index = builder.add(builder.mul(at, per_word), builder.sdiv(first, ir.Constant(at.type, mask.lanes)))
        builder.store(builder.bitcast(value, bits), builder.gep(base, [index]), align=1)
        return context.get_dummy_value()

    fits = pointer == types.CPointer(types.uint64) and isinstance(mask, Vector)
    return (types.void(pointer, types.intp, types.intp, mask), codegen) if fits else None


#: Scales of integers are in steps of 1 / 2^14, and LLRs of int32 that are scaled at most this.
SCALE_BITS, MOST_SCALED = 14, (1 << 16) - 1


@intrinsic
def scaled_by(typingctx, e, factor, rounding):
    """LLRs times a scale: of float32 the product with ``factor``; of integers rounded, halves up.

    ``factor`` is then 2^14 times the scale. In int16, with LLRs below 2^13, the result is
    floor((4 e + rounding) factor / 2^16), with ``rounding`` 2^15 / factor as a whole number; in int32, with
    LLRs clipped to 2^16 - 1, it is floor((e factor + rounding) / 2^14), with ``rounding`` 2^13.
    """

    def codegen(context, builder, signature, arguments):
        value, scale, more = arguments
        if is_float(e):
            return builder.fmul(value, scale)
        if e.dtype == types.int32:
            most = constant(value.type, MOST_SCALED)
            low = call(builder, "smax", value.type, [value, constant(value.type, -MOST_SCALED)])
            product = builder.mul(call(builder, "smin", value.type, [low, most]), scale)
            return builder.ashr(builder.add(product, more), constant(value.type, SCALE_BITS))
        wide = ir.VectorType(WORD, e.lanes)
        value = builder.add(builder.shl(value, constant(value.type, 2)), more)
        product = builder.mul(builder.sext(value, wide), builder.sext(scale, wide))
        return builder.trunc(builder.ashr(product, constant(wide, 16)), value.type)

    return (e(e, e, e), codegen) if isinstance(e, Vector) and e == factor == rounding else None
