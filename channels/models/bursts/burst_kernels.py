"""The states of a channel with two of them, packed: uint64 (groups, n), a bit for each of 64 frames."""

from ....vectors.kernel_cache import kernel


@kernel
def run_states(first, enter, leave, states):
    """``states`` from those at the first position, uint64 (groups, 1).

    A bit of ``enter`` takes a 0 to 1 before its position, one of ``leave`` a 1 to 0; those of the first
    position are not used.
    """
    groups, n = states.shape
    for group in range(groups):
        state = first[group, 0]
        for i in range(n):
            if i > 0:
                state = (state & ~leave[group, i]) | (~state & enter[group, i])
            states[group, i] = state
