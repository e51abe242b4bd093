"""Belief propagation that is run anew for each number of iterations, to count errors after each."""

from dataclasses import replace

from capgap.codes import BeliefPropagationDecoder, Code, Decoder, GroupResult
from capgap.codes.tie_breaking import BitStream
from capgap.vectors.groups import GroupInput


class CountingDecoder(Decoder):
    """Decodes by sum-product, with the decisions after each of ``iterations`` iterations."""

    def __init__(self, code: Code, *, iterations: int = 4) -> None:
        super().__init__(code)
        self.decoders = [
            BeliefPropagationDecoder(code, iterations=i, schedule="layered") for i in range(1, iterations + 1)
        ]
        self.counted_iterations = iterations

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        results = [decoder.decode_groups(given) for decoder in self.decoders]
        return replace(results[-1], after_iterations=tuple(result.bits for result in results))
