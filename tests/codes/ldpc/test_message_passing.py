"""Message passing by rules of one's own."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import BeliefPropagationDecoder, HammingCode, LDPCCode, MessagePassingDecoder
from capgap.codes.ldpc.message_passing import Messages

from tests.codes.ldpc.samples import ODD_CHECKS, quasi_cyclic_code
from tests.codes.samples import assert_same, random_llrs, send
from tests.references.belief_propagation import sum_product_rule


class Scaled(MessagePassingDecoder):
    """Min-sum with a scale, and sums that it takes itself."""

    def check_messages(self, inputs: Messages, iteration: int) -> Messages:
        return np.float32(0.8) * super().check_messages(inputs, iteration)

    def variable_messages(self, llr: Messages, inputs: Messages, iteration: int) -> Messages:
        return super().variable_messages(llr, inputs, iteration).copy()


class SumProduct(MessagePassingDecoder):
    """Sum-product, check by check."""

    def check_messages(self, inputs: Messages, iteration: int) -> Messages:
        return np.array([sum_product_rule(each) for each in inputs], np.float32)


def test_min_sum_as_it_is() -> None:
    code = quasi_cyclic_code(24)
    llr = send(code, 1.5, 200)[1]
    expected = BeliefPropagationDecoder(code, algorithm="min-sum").decode(llr)
    assert_same(MessagePassingDecoder(code).decode(llr), expected)
    assert 0 < expected.ok.mean() < 1


def test_rules_of_a_class() -> None:
    code = quasi_cyclic_code(24)
    llr = send(code, 1, 150)[1]
    options: dict[str, Any] = {"iterations": 12}
    expected = BeliefPropagationDecoder(code, algorithm="min-sum", scale=0.8, **options).decode(llr)
    assert_same(Scaled(code, **options).decode(llr), expected)
    expected = BeliefPropagationDecoder(code, **options).decode(llr[:64])
    found = SumProduct(code, **options).decode(llr[:64])
    assert (found.bits == expected.bits).all(axis=1).mean() > 0.98


def test_odd_checks_and_ties() -> None:
    code = LDPCCode(ODD_CHECKS)
    for llr in (random_llrs(500, 6, zeros=0.2), np.sign(random_llrs(200, 6)), np.zeros((1, 6))):
        expected = BeliefPropagationDecoder(code, algorithm="min-sum", iterations=5).decode(llr)
        assert_same(MessagePassingDecoder(code, iterations=5).decode(llr), expected)


def test_what_it_refuses() -> None:
    code = HammingCode(r=3)
    with pytest.raises(ValueError, match="iterations must lie in 1 to 100000, got 0"):
        MessagePassingDecoder(code, iterations=0)

    class Wrong(MessagePassingDecoder):
        def check_messages(self, inputs: Messages, iteration: int) -> Messages:
            return inputs[:, :2]

    with pytest.raises(
        ValueError, match=r"check_messages of Wrong must return floats \(3, 4, 1\), got float32"
    ):
        Wrong(code).decode([1, 1, -1, 1, 1, 1, 1])
