"""Whether all messages of an encoder's frames have different codewords, by linear algebra on its states.

J. L. Massey and M. K. Sain, "Inverses of linear sequential circuits", 1968, for the spaces of states: here
those that messages reach of which nothing was sent but zeros.
"""

import numpy as np
import numpy.typing as npt

from ..encoding.encoder import Encoder
from .state_spaces import Basis, columns, combined, echelon


def is_one_to_one(encoder: Encoder, sent: npt.NDArray[np.bool_], period: int) -> bool:
    """Whether different messages have different codewords.

    Parameters
    ----------
    encoder
        The encoder.
    sent
        bool (all steps, n0): which outputs are sent.
    period
        After how many steps that begins anew, but for the tail.

    Examples
    --------
    >>> from capgap.codes import ConvolutionalCode
    >>> encoder = ConvolutionalCode(generators=[5, 7], k=3, termination="truncated").encoder
    >>> sent = np.ones((3, 2), bool)
    >>> is_one_to_one(encoder, sent, 1)
    True
    >>> sent[2] = False  # the last bit changes nothing before
    >>> is_one_to_one(encoder, sent, 3)
    False
    """
    circuit = encoder.circuit
    memory, inputs = circuit.memory, circuit.inputs
    circular = encoder.termination == "tail-biting"
    effects, low = columns(circuit), (1 << memory) - 1
    places = 1 << np.arange(circuit.outputs)
    kept = (sent[: min(period, encoder.steps)] @ places).tolist()

    def end(element: int, step_kept: int, state_and_input: int) -> int:
        """The state in which a step ends, above it that of the frame's begin, above that what is sent."""
        effect = combined(effects, state_and_input)
        return (effect >> memory & step_kept) << 2 * memory | element & low << memory | effect & low

    def after(space: Basis, step_kept: int) -> Basis | None:
        """The space after a step; None if of two messages that differ there all is the same."""
        ends = [end(each, step_kept, each & low) for each in space]
        ends += [end(0, step_kept, 1 << memory + i) for i in range(inputs)]
        found = echelon(ends)
        return None if len(found) < len(ends) else [each for each in found if each >> 2 * memory == 0]

    space: Basis | None = [1 << i | 1 << memory + i for i in range(memory)] if circular else []
    made: dict[tuple[tuple[int, ...], int], Basis | None] = {}
    begun: dict[tuple[int, ...], int] = {}
    step = 0
    while step < encoder.steps:
        assert space is not None
        where = tuple(space)
        if step % period == 0:
            # From here on it goes as it went: whole rounds are left out.
            round_ = step - begun.get(where, step)
            if round_:
                step += (encoder.steps - step) // round_ * round_
                begun = {}
                continue
            begun.setdefault(where, step)
        place = where, kept[step % period]
        if place not in made:
            made[place] = after(space, place[1])
        space = made[place]
        if space is None:
            return False
        step += 1
    assert space is not None
    if circular:
        left = [each >> memory ^ each & low for each in space]
    else:
        kept_of_tail = (sent[encoder.steps :] @ places).tolist()
        left = [_tail_of(encoder, effects, kept_of_tail, each) for each in space]
    return len(echelon(left)) == len(space)


def _tail_of(encoder: Encoder, effects: list[int], kept: list[int], state: int) -> int:
    """What the tail of a state sends, as the bits of a number; 0 where there is no tail."""
    memory, inputs = encoder.circuit.memory, encoder.circuit.inputs
    if not encoder.tail_steps:
        return 0
    bits = np.array([state >> i & 1 for i in range(memory)], np.uint8)
    given = (encoder.tail_inputs @ bits % 2).reshape(-1, inputs) @ (1 << np.arange(inputs))
    told = 0
    for tail_kept, u in zip(kept, given.tolist(), strict=True):
        effect = combined(effects, state | u << memory)
        state = effect & (1 << memory) - 1
        told = told << encoder.circuit.outputs | effect >> memory & tail_kept
    return told
