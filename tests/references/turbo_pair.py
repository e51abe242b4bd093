"""Two recursive systematic codes side by side, decoded in turn by their soft decoders, in plain NumPy."""

from typing import Any

import numpy as np
from capgap.codes import BCJRDecoder, Code, Constituent, ConvolutionalCode, Decoder, DecodeResult


class PairCode(Code):
    """The first one's coded bits, then the parity bits of the second, of interleaved bits; some punctured.

    ``period`` 2 sends parity bits in turn of the one and of the other: rate 1/2 but for the tails.
    """

    def __init__(self, generators: Any, feedback: Any, k: int, period: int = 1, seed: int = 0) -> None:
        self.parts = [
            ConvolutionalCode(generators=generators, feedback=feedback, k=k, termination=ending)
            for ending in ("zero", "truncated")
        ]
        self.order = np.random.default_rng(seed).permutation(k)
        first = np.ones(self.parts[0].n, np.bool_)
        first[1 : 2 * k : 2] = np.arange(k) % period == 0
        self.kept = np.flatnonzero(first)
        self.parity = 2 * np.flatnonzero(np.arange(k) % period == period - 1) + 1
        super().__init__(n=len(self.kept) + len(self.parity), k=k)

    def encode(self, bits: Any) -> Any:
        one, two = self.parts[0].encode(bits), self.parts[1].encode(bits[:, self.order])
        return np.hstack([one[:, self.kept], two[:, self.parity]])


class PairDecoder(Decoder):
    """Goes through both in turn; ``iterations`` of them, each counted."""

    code: PairCode

    def __init__(self, code: PairCode, *, iterations: int = 4, algorithm: Any = "log-map") -> None:
        super().__init__(code)
        self.counted_iterations = iterations
        self.decoders = [BCJRDecoder(part, algorithm=algorithm) for part in code.parts]

    def constituents(self) -> tuple[Constituent, ...]:
        code, k = self.code, self.code.k
        positions = [np.full(part.n, -1) for part in code.parts]
        positions[0][code.kept] = np.arange(len(code.kept))
        systematic = positions[0][: 2 * k : 2]
        positions[1][: 2 * k : 2] = systematic[code.order]
        positions[1][code.parity] = len(code.kept) + np.arange(len(code.parity))
        orders = np.arange(k), code.order
        return tuple(
            Constituent(decoder, own, order, systematic[order])
            for decoder, own, order in zip(self.decoders, positions, orders, strict=True)
        )

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        given = self.check_llr(llr).T
        both, told = self.constituents(), np.zeros((len(given), self.code.k), np.float32)
        after = []
        for _ in range(self.counted_iterations):
            first = both[0].extrinsic(given, told)
            told = both[1].extrinsic(given, first)
            whole = first + told + given[:, both[0].received]
            after.append((whole < 0).astype(np.uint8))
        ok, spent = np.ones(len(given), np.bool_), np.full(len(given), len(after), np.int32)
        return DecodeResult(after[-1], ok, spent, after_iterations=tuple(after)).one_or_all(llr)
