"""GF(2^m) on 512 frames at a time, one bit a frame: a field as a Numba type.

A cell is 64 bytes, one bit of each of 512 frames. An element is m cells, cell i the coefficient of alpha^i.
The field is known when a kernel is compiled, and its arithmetic becomes straight code of ANDs and XORs.
Places are numbers of cells behind a pointer to uint32.
"""

from functools import cache

from llvmlite import ir
from numba import types
from numba.extending import NativeValue, intrinsic, models, register_model, unbox

from ...vectors.operations.vector_type_kernels import COMPRESSES, SHUFFLED_BYTES

#: Words of a cell, and those that the CPU's registers take at once.
CELL_WORDS = 8
WORDS = 8 if COMPRESSES else 4 if SHUFFLED_BYTES == 32 else 2
#: Places on either side of the middle one at which roots are looked for with the same coefficients, and
#: values.
ROOT_REACH, VALUE_REACH = 15, 7
ROOT_PLACES, VALUE_PLACES = 2 * ROOT_REACH + 1, 2 * VALUE_REACH + 1

_I64 = ir.IntType(64)


class FieldType(types.Type):
    """The Numba type of a field, and of the element alpha^step by whose powers polynomials are evaluated."""

    def __init__(self, m, polynomial, step):
        self.m, self.polynomial, self.step = m, polynomial, step
        self.order = 2**m - 1
        super().__init__(name=f"field({m}, {polynomial:#x}, {step})")


register_model(FieldType)(models.OpaqueModel)


class KernelField:
    """A field as an argument of kernels: its degree, its primitive polynomial, and a step."""

    def __init__(self, m, polynomial, step=1):
        self._numba_type_ = FieldType(m, polynomial, step)

    def __reduce__(self):
        kind = self._numba_type_
        return KernelField, (kind.m, kind.polynomial, kind.step)


@unbox(FieldType)
def _unbox(kind, value, context):
    return NativeValue(context.context.get_dummy_value())


@intrinsic
def degree_of(typingctx, field):
    """m, the cells of an element."""

    def codegen(context, builder, signature, arguments):
        return ir.Constant(_I64, field.m)

    return types.int64(field), codegen


def _power(field, exponent):
    """alpha^exponent as a number."""
    x = 1
    for _ in range(exponent % field.order):
        x <<= 1
        x ^= field.polynomial if x >> field.m else 0
    return x


@cache
def _sums(m, images):
    """How the linear map that takes alpha^k to ``images[k]`` is made of XORs.

    Pairs of numbers of values, the inputs the first m of these, and then the value that each output is, None
    for 0. The commonest pair is made first (C. Paar, "Optimized arithmetic for Reed-Solomon encoders",
    1997).
    """
    terms = [{k for k in range(m) if images[k] >> bit & 1} for bit in range(m)]
    made = []
    while True:
        pairs = {}
        for term in terms:
            ordered = sorted(term)
            for i, x in enumerate(ordered):
                for y in ordered[i + 1 :]:
                    pairs[x, y] = pairs.get((x, y), 0) + 1
        if not pairs:
            return made, [next(iter(term), None) for term in terms]
        x, y = max(pairs, key=lambda pair: (pairs[pair], pair))
        new = m + len(made)
        made.append((x, y))
        for term in terms:
            if {x, y} <= term:
                term -= {x, y}
                term |= {new}


def linear(field, builder, a, images):
    """The linear map of an element that takes alpha^k to ``images[k]``."""
    made, outputs = _sums(field.m, tuple(images))
    values = list(a)
    for x, y in made:
        values.append(builder.xor(values[x], values[y]))
    zero = ir.Constant(a[0].type, None)
    return [zero if each is None else values[each] for each in outputs]


def times_power(field, builder, a, exponent):
    """a alpha^exponent: by steps of a shift register, or as a linear map where that is shorter."""
    exponent = (exponent + field.order // 2) % field.order - field.order // 2
    images = [_power(field, exponent + k) for k in range(field.m)]
    taps = [e for e in range(1, field.m) if field.polynomial >> e & 1]
    if abs(exponent) * len(taps) > len(_sums(field.m, tuple(images))[0]):
        return linear(field, builder, a, images)
    for _ in range(abs(exponent)):
        if exponent > 0:
            a = [a[-1], *a[:-1]]
            wrapped, places = a[0], taps
        else:
            a = [*a[1:], a[0]]
            wrapped, places = a[-1], [e - 1 for e in taps]
        a = [builder.xor(x, wrapped) if k in places else x for k, x in enumerate(a)]
    return a


def product(field, builder, a, b, total=None):
    """A product of degree 2 m - 2, not reduced, added to ``total``."""
    total = [None] * (2 * field.m - 1) if total is None else list(total)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            term = builder.and_(x, y)
            total[i + j] = term if total[i + j] is None else builder.xor(total[i + j], term)
    return total


def reduced(field, builder, total):
    """A product modulo the polynomial."""
    total = list(total)
    for k in range(len(total) - 1, field.m - 1, -1):
        for e in range(field.m):
            if field.polynomial >> e & 1:
                total[k - field.m + e] = builder.xor(total[k - field.m + e], total[k])
    return total[: field.m]


def power_of_two(field, builder, a, i):
    """a^(2^i)."""
    return linear(field, builder, a, [_power(field, k << i) for k in range(field.m)])


def inverse(field, builder, a):
    """a^(2^m - 2): 0 of 0 (T. Itoh and S. Tsujii, 1988)."""
    # chain: a^(2^j - 1) for j = 1, 2, ..., m - 1 by the binary digits of m - 1
    found, length = a, 1
    for digit in f"{field.m - 1:b}"[1:]:
        moved = power_of_two(field, builder, found, length)
        found, length = reduced(field, builder, product(field, builder, moved, found)), 2 * length
        if digit == "1":
            moved = power_of_two(field, builder, found, 1)
            found, length = reduced(field, builder, product(field, builder, moved, a)), length + 1
    return power_of_two(field, builder, found, 1) if field.m > 1 else a


class Cells:
    """Cells behind a pointer, while code is made: as many words of each as ``words``."""

    def __init__(self, builder, pointer, words=CELL_WORDS):
        self.builder, self.machine = builder, ir.VectorType(_I64, words)
        self.base = builder.bitcast(pointer, _I64.as_pointer())

    def _address(self, place, k):
        first = self.builder.mul(self.builder.add(place, ir.Constant(_I64, k)), ir.Constant(_I64, CELL_WORDS))
        return self.builder.bitcast(self.builder.gep(self.base, [first]), self.machine.as_pointer())

    def read(self, place, count):
        """``count`` cells in a row."""
        return [self.builder.load(self._address(place, k), align=8) for k in range(count)]

    def write(self, place, values):
        """Values, to cells in a row."""
        for k, value in enumerate(values):
            self.builder.store(value, self._address(place, k), align=8)


def straight(body, places):
    """An intrinsic (field, pointer, place, ...) of ``body(field, builder, cells, place, ...)``."""

    def made(typingctx, field, pointer, *where):
        if not isinstance(field, FieldType):
            return None

        def codegen(context, builder, signature, arguments):
            body(field, builder, Cells(builder, arguments[1]), *arguments[2:])
            return context.get_dummy_value()

        return types.void(field, pointer, *[types.int64] * places), codegen

    made.__wrapped__ = _TAKING[places]  # Numba counts the arguments of this
    return intrinsic(made)


def _two(typingctx, field, pointer, a, b):
    pass


def _three(typingctx, field, pointer, a, b, c):
    pass


def _five(typingctx, field, pointer, a, b, c, d, e):
    pass


_TAKING = {2: _two, 3: _three, 5: _five}
