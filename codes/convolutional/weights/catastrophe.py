"""Whether puncturing makes an encoder catastrophic, by linear algebra on its states.

J. L. Massey and M. K. Sain, "Inverses of linear sequential circuits", 1968: an encoder is catastrophic where
its state diagram has a circle of branches of weight 0 with a 1 among their information bits. Where all these
are 0 as well, as recursive encoders may have it, it is called semi-catastrophic.

The states through which paths of weight 0 lead that neither begin nor end are a space at each step of the
pattern; there is such a circle wherever a space has more than the zero state, or a branch with an input goes
from one to the next. Spaces are bases of numbers whose bits are the elements.
"""

from ...code import Bits
from ..encoding.circuit import Circuit
from .state_spaces import Basis, columns, combined, echelon, reduced


def is_catastrophic(circuit: Circuit, pattern: Bits) -> bool:
    """Whether messages that differ in any number of bits may have codewords that differ in few.

    Parameters
    ----------
    circuit
        The encoder.
    pattern
        uint8 (n0, period): 1 where an output is sent, over and over.
    """
    memory, inputs = circuit.memory, circuit.inputs
    kept = [sum(int(bit) << i for i, bit in enumerate(column)) for column in pattern.T]
    # Of each memory element, then of each input: the outputs above the state that follows.
    effects = columns(circuit)
    period, low = len(kept), (1 << memory) - 1

    def sent(effect: int, step: int) -> int:
        return (effect >> memory & kept[step]) << memory | effect & low

    def moved(space: Basis, step: int) -> Basis:
        """The states that branches of weight 0 reach from a space."""
        ends = [combined(effects, state) for state in space] + effects[memory:]
        return [each for each in echelon([sent(end, step) for end in ends]) if each <= low]

    def branches(space: Basis, following: Basis, step: int) -> Basis:
        """Branches of weight 0 from a space to the next, inputs above states."""
        width, pairs = memory + inputs, [*space, *(1 << memory + i for i in range(inputs))]
        ends = [reduced(sent(combined(effects, pair), step), following) for pair in pairs]
        tagged = [end << width | pair for end, pair in zip(ends, pairs, strict=True)]
        return [each for each in echelon(tagged) if each < 1 << width]

    # First what can be reached; then of that, from which it goes on.
    spaces: list[Basis] = [[1 << i for i in range(memory)]] * period
    for _ in range(memory + 1):
        before = len(spaces[0])
        for step in range(period):
            spaces[(step + 1) % period] = moved(spaces[step], step)
        if len(spaces[0]) == before:
            break
    while True:
        sizes = [len(space) for space in spaces]
        found: list[Basis] = [[]] * period
        for step in reversed(range(period)):
            found[step] = branches(spaces[step], spaces[(step + 1) % period], step)
            spaces[step] = echelon([pair & low for pair in found[step] if pair & low])
        if [len(space) for space in spaces] == sizes:
            return any(pair >> memory for pairs in found for pair in pairs)
