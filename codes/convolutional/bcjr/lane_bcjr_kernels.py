"""Max-log decisions of convolutional codes with metrics in registers (see ``half_iteration_kernels``)."""

from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import BYTES, keep_alive, pointer_to, rows_in, shifted, space
from .half_iteration_kernels import Course, Half, Use, decode_half, rooms_in, rows_of_rooms


@kernel
def decide_trellis(
    trellis,
    states,
    llr,
    order,
    rows,
    place,
    steps,
    begins,
    ends,
    window,
    training,
    block,
    far,
    bits,
    undecided,
):
    """Decisions on the inputs of a trellis, from ``llr``, int8, int16 or float32 (groups, n, 64).

    ``order`` and ``rows``, int32 of one and of several a step, tail included, say which rows of ``llr``
    are input and parity bits, and ``place`` which decision each step makes. ``steps`` have information
    bits. ``begins`` and ``ends`` say whether the frame does so at 0. Windows, training and blocks are as
    in ``Course``; ``far`` is an array with the cost of what cannot be, and 0. ``bits`` and ``undecided``
    are uint64 (groups, steps).
    """
    lanes = BYTES // far.itemsize
    memory = space(rows_of_rooms(steps, window, states, lanes))
    rooms = rooms_in(rows_in(memory, pointer_to(far)), steps, window, states, lanes)
    course = Course(steps, order.size, begins, ends, window, training, block - 1, far[0], far[1])
    for group in range(llr.shape[0]):
        received = shifted(pointer_to(llr), group * llr.shape[1] * GROUP)
        half = Half(
            received,
            received,
            received,
            pointer_to(order),
            pointer_to(order),
            pointer_to(rows),
            pointer_to(place),
        )
        words = shifted(pointer_to(bits), group * steps)
        open_ = shifted(pointer_to(undecided), group * steps)
        use = Use(pointer_to(far), pointer_to(far), far[0], False, True, words, open_)
        decode_half(trellis, half, course, use, rooms, lanes)
    keep_alive(memory)
