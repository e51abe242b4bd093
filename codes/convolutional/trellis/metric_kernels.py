"""Metrics of trellises: costs, minus logarithms of probabilities, as vectors."""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ....vectors.vector_kernels import Vector


@intrinsic
def widened(typingctx, pointer, first, like):
    """As many numbers from number ``first`` on as a vector has lanes, as a vector of the type of ``like``.

    Its elements are as wide as those of the pointer, or wider integers.
    """

    def codegen(context, builder, signature, arguments):
        data, at, _ = arguments
        machine = context.get_value_type(like)
        narrow = ir.VectorType(context.get_value_type(pointer.dtype), like.lanes)
        address = builder.bitcast(builder.gep(data, [at]), narrow.as_pointer())
        value = builder.load(address, align=1)
        return value if narrow == machine else builder.sext(value, machine)

    fits = isinstance(pointer, types.CPointer) and isinstance(like, Vector)
    return (like(pointer, types.intp, like), codegen) if fits else None
