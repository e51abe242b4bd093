"""Kernels of belief propagation in float32, one frame a lane.

Arrays are lane-major. The innermost loops run over a constant number of lanes, which the compiler
turns into full-width vector code; a lane's arithmetic never involves another lane. No fast-math and
no fused multiply-add: decisions are the same on every CPU.
"""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

#: Frames that are decoded side by side.
LANES = 64
SUM_PRODUCT, MIN_SUM = 0, 1
FLOODING, LAYERED = 0, 1

f32, i32 = np.float32, np.int32

#: Largest magnitude of a message from a check and of a received LLR: keeps the sums finite through any
#: number of iterations, while float32 still resolves 0.01 beside the sum of ten of the largest.
MESSAGE_MAX = f32(16384.0)


@intrinsic
def exponent_shift(typingctx, x, k):
    """The product x 2^-k, by subtracting k from the exponent field; for results that are normal numbers."""

    def codegen(context, builder, signature, args):
        bits = builder.bitcast(args[0], ir.IntType(32))
        bits = builder.sub(bits, builder.shl(args[1], ir.Constant(ir.IntType(32), 23)))
        return builder.bitcast(bits, ir.FloatType())

    return types.float32(types.float32, types.int32), codegen


@intrinsic
def copysign(typingctx, size, sign):
    """|size| with the sign of ``sign``."""

    def codegen(context, builder, signature, args):
        kind = ir.FloatType()
        function = builder.module.declare_intrinsic(
            "llvm.copysign", [kind], ir.FunctionType(kind, [kind, kind])
        )
        return builder.call(function, args)

    return types.float32(types.float32, types.float32), codegen


@njit(nogil=True, error_model="numpy", inline="always")
def log1p_exp_minus(x):
    """ln(1 + exp(-x)) for x >= 0, to an absolute error of 4e-7.

    exp(-x) = 2^-k exp(r) with r in [0, ln 2]; then ln(1 + e) = 2 artanh(e / (2 + e)). Both functions
    are near-minimax polynomials (interpolation at Chebyshev nodes, each error below 1.2e-7).
    """
    y = min(x * f32(1.4426950408889634), f32(24.0))
    k = i32(y) + i32(1)
    r = (f32(k) - y) * f32(0.6931471805599453)
    p = f32(0.0387704931) + r * f32(0.0118357632)
    p = f32(0.167736337) + r * p
    p = f32(0.499823719) + r * p
    p = f32(1.00001049) + r * p
    p = f32(0.999999881) + r * p
    e = exponent_shift(p, k)
    z = e / (f32(2.0) + e)
    w = z * z
    s = f32(0.39593187) + w * f32(0.342036188)
    s = f32(0.666758478) + w * s
    s = f32(1.99999964) + w * s
    return z * s


@njit(nogil=True, error_model="numpy", inline="always")
def boxplus(a, b):
    """2 artanh(tanh(a / 2) tanh(b / 2)), to an absolute error of 1e-6 plus rounding; 0 if either is 0.

    Absolute: where both magnitudes are below 1e-3 not even the sign can be relied on.
    """
    least = copysign(min(abs(a), abs(b)), a) * copysign(f32(1.0), b)
    return least + (log1p_exp_minus(abs(a + b)) - log1p_exp_minus(abs(a - b)))


@njit(nogil=True, error_model="numpy", cache=True)
def boxplus_rows(a, b, out):
    """``out`` = boxplus(a, b), float32 (LANES)."""
    for lane in range(LANES):
        out[lane] = boxplus(a[lane], b[lane])


@njit(nogil=True, error_model="numpy", cache=True)
def update_check_sum_product(inputs, outputs, backward, degree):
    """Outputs of a check: each the boxplus of all inputs but its own; float32 (degree, LANES).

    Forward-backward: outputs[i] = (inputs[0] + ... + inputs[i - 1]) + (inputs[i + 1] + ...), with
    boxplus for +. ``backward`` is room of the same shape.
    """
    if degree == 1:  # nothing to add up: the check alone says 0
        outputs[0, :] = MESSAGE_MAX
        return
    backward[degree - 1, :] = inputs[degree - 1]
    for i in range(degree - 2, 0, -1):
        boxplus_rows(inputs[i], backward[i + 1], backward[i])
    outputs[0, :] = backward[1]
    forward = backward[0]
    forward[:] = inputs[0]
    for i in range(1, degree - 1):
        boxplus_rows(forward, backward[i + 1], outputs[i])
        boxplus_rows(forward, inputs[i], backward[1])
        forward[:] = backward[1]
    outputs[degree - 1, :] = forward


@njit(nogil=True, error_model="numpy", cache=True)
def update_check_min_sum(inputs, outputs, rows, degree, scale, offset):
    """Outputs of a check: the least magnitude among the other inputs, with the product of their signs.

    The magnitude is scaled, the offset taken off, and what is below 0 becomes 0; float32
    (degree, LANES). ``rows`` is room for three rows.
    """
    least, second, sign = rows[0], rows[1], rows[2]
    least[:], second[:], sign[:] = MESSAGE_MAX, MESSAGE_MAX, f32(1.0)
    for i in range(degree):
        row = inputs[i]
        for lane in range(LANES):
            x = row[lane]
            size = abs(x)
            second[lane] = min(second[lane], max(size, least[lane]))
            least[lane] = min(least[lane], size)
            sign[lane] = sign[lane] * copysign(f32(1.0), x)
    for lane in range(LANES):
        least[lane] = least[lane] * scale
    for i in range(degree):
        row, out = inputs[i], outputs[i]
        for lane in range(LANES):
            x = row[lane]
            a, b = least[lane], second[lane] * scale
            size = b if abs(x) * scale == a else a
            out[lane] = copysign(max(size - offset, f32(0.0)), sign[lane] * x)


@njit(nogil=True, error_model="numpy", inline="always")
def _unsettled(value, value_bits, check_start, edge_variable, parity, unsettled):
    """``unsettled`` = whether a lane's hard decisions break a check, or leave a variable at 0; int32."""
    for lane in range(LANES):
        unsettled[lane] = i32(0)
    for check in range(check_start.size - 1):
        for lane in range(LANES):
            parity[lane] = i32(0)
        for edge in range(check_start[check], check_start[check + 1]):
            row = value_bits[edge_variable[edge]]
            for lane in range(LANES):
                parity[lane] ^= row[lane]
        for lane in range(LANES):
            unsettled[lane] |= parity[lane]
    for lane in range(LANES):  # the sign bit holds the parity
        unsettled[lane] = unsettled[lane] < i32(0)
    for variable in range(value.shape[0]):
        x = value[variable]
        for lane in range(LANES):
            unsettled[lane] |= i32(x[lane] == f32(0.0))


@njit(nogil=True, error_model="numpy", cache=True)
def propagate(
    llr,
    transmitted,
    check_start,
    edge_variable,
    algorithm,
    schedule,
    iterations,
    scale,
    offset,
    stop_at_codeword,
    decisions,
    ok,
    spent,
):
    """Decode ``llr``, float32 (n, frames), into ``decisions``, uint8 (variables, frames).

    A decision is 2 where the LLR is exactly 0; returns whether any is. ``ok`` and ``spent``, one a
    frame, receive whether the frame is a codeword and its iterations. A lane that is done keeps its
    values; the group ends with its last lane.
    """
    variables, frames = decisions.shape
    checks, edges = check_start.size - 1, edge_variable.size
    most = 1
    for check in range(checks):
        most = max(most, check_start[check + 1] - check_start[check])
    value = np.empty((variables, LANES), f32)
    value_bits = value.view(np.int32)
    message = np.empty((edges, LANES), f32)
    inputs, outputs = np.empty((most, LANES), f32), np.empty((most, LANES), f32)
    room = np.empty((max(most, 3), LANES), f32)
    flooding = schedule == FLOODING
    channel = np.empty((variables if flooding else 0, LANES), f32)
    total = np.empty((variables if flooding else 0, LANES), f32)
    parity, unsettled = np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    active = np.empty(LANES, np.int32)
    count = np.empty(LANES, np.int32)
    undecided = np.uint8(0)

    for first in range(0, frames, LANES):
        width = min(LANES, frames - first)
        value[:] = f32(0.0)
        if width < LANES:  # lanes without a frame hold the zero word, and are done at once
            value[:, width:] = MESSAGE_MAX
        for i in range(transmitted.size):
            source, row = llr[i, first : first + width], value[transmitted[i]]
            for lane in range(width):
                row[lane] = min(max(source[lane], -MESSAGE_MAX), MESSAGE_MAX)
        if flooding:
            channel[:] = value
        message[:] = f32(0.0)
        count[:] = i32(0)
        _unsettled(value, value_bits, check_start, edge_variable, parity, unsettled)
        remaining = i32(0)
        for lane in range(LANES):
            active[lane] = unsettled[lane] if stop_at_codeword else i32(1)
            remaining += active[lane]

        iteration = 0
        while iteration < iterations and remaining > 0:
            iteration += 1
            if flooding:
                total[:] = channel
            for check in range(checks):
                start = check_start[check]
                degree = check_start[check + 1] - start
                for i in range(degree):
                    source, old, row = value[edge_variable[start + i]], message[start + i], inputs[i]
                    for lane in range(LANES):
                        row[lane] = source[lane] - old[lane]
                if algorithm == MIN_SUM:
                    update_check_min_sum(inputs, outputs, room, degree, scale, offset)
                elif degree > 0:
                    update_check_sum_product(inputs, outputs, room, degree)
                for i in range(degree):
                    new, kept = outputs[i], message[start + i]
                    # Clipped here and not where a variable's sum is formed: the sum must stay that of
                    # its messages, or taking one of them off again could turn its sign.
                    for lane in range(LANES):
                        new[lane] = min(max(new[lane], -MESSAGE_MAX), MESSAGE_MAX)
                        kept[lane] = new[lane]
                    if flooding:
                        row = total[edge_variable[start + i]]
                        for lane in range(LANES):
                            row[lane] = row[lane] + new[lane]
                    else:
                        row, old = value[edge_variable[start + i]], inputs[i]
                        for lane in range(LANES):
                            row[lane] = old[lane] + new[lane] if active[lane] else row[lane]
            if flooding:
                for variable in range(variables):
                    row, new = value[variable], total[variable]
                    for lane in range(LANES):
                        row[lane] = new[lane] if active[lane] else row[lane]
            _unsettled(value, value_bits, check_start, edge_variable, parity, unsettled)
            remaining = i32(0)
            for lane in range(LANES):
                count[lane] += active[lane]
                if stop_at_codeword:
                    active[lane] &= unsettled[lane]
                remaining += active[lane]

        for variable in range(variables):
            row, bits = value[variable], decisions[variable, first : first + width]
            for lane in range(width):
                x = row[lane]
                bit = np.uint8(1) if x < 0 else (np.uint8(2) if x == 0 else np.uint8(0))
                bits[lane] = bit
                undecided |= bit
        for lane in range(width):
            ok[first + lane] = unsettled[lane] == 0
            spent[first + lane] = count[lane]
    return undecided > 1
