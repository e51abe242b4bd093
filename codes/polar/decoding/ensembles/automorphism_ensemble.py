"""Automorphism ensemble decoding, by successive cancellation where a code is polar."""

from typing import ClassVar

from ....code import Code
from ....decoder import Decoder
from ....examples import Examples
from ....ldpc.belief_propagation import BeliefPropagationDecoder
from ....universal.trials.automorphism_ensemble import EnsembleDecoder
from ...polar import PolarCode
from ..parameters import BoxPlus, Precision
from ..successive_cancellation import SCDecoder


class AutomorphismDecoder(EnsembleDecoder):
    """Decodes each frame several times, in other orders of its bits, and takes the likeliest codeword.

    The orders are automorphisms of the code: permutations under which its words stay its words. They are
    drawn at random, the first is the order of the code itself.

    Parameters
    ----------
    code
        A linear code with automorphisms that are known: cyclic codes, such as BCH and Golay codes, also
        extended by a parity bit; Reed-Muller codes; polar codes that are decreasing monomial codes.
    ensemble
        How often each frame is decoded, 1 to 1024; a long code has room for fewer.
    decoder
        The decoder of each order: any of the code. Polar codes have ``sc`` by default, others ``bp``.
    box_plus, precision, llr_scale
        Of the decoder ``sc``, where no other is named.
    seed
        The automorphisms are drawn with it; from 0 on.

    Notes
    -----
    Of a cyclic code the automorphisms are i -> 2^j i + s modulo n, of a quadratic residue code i -> r i + s
    with any square r. Those of a polar code are affine maps of the positions' bits, found from the
    information positions; of a Reed-Muller code all invertible ones. ``sc`` decides the same with a part of
    them, lower triangular maps and an exchange of the first two variables, and is given one of each class
    that it tells apart. Maximum likelihood decides the same in all orders, and ``osd`` but for equal
    reliabilities, so an ensemble of these gains nothing.

    All words that are found are compared, encoded anew where the decoder does not declare them right. A frame
    is ``ok`` if it declared the likeliest one right in some order. Iterations, and what else is counted, are
    those of all orders together.

    Raises
    ------
    ValueError
        If no automorphisms of the code are known, or fewer than ``ensemble``, or a parameter is outside its
        range.

    Examples
    --------
    >>> decoder = AutomorphismDecoder(PolarCode(information=[3, 5, 6, 7], n=8), ensemble=4)
    >>> decoder.decode([-2.0, -3.0, 1.0, -2.5, 3.0, 2.0, 4.0, 1.5]).bits
    array([1, 0, 0, 0], dtype=uint8)
    """

    examples: ClassVar[Examples] = (
        {"code": {"type": "polar", "n": 32, "k": 16, "construction": "reed-muller"}},
        {
            "code": {"type": "polar", "n": 16, "k": 5, "construction": "reed-muller", "systematic": True},
            "ensemble": 3,
            "precision": "int8",
        },
        {"code": {"type": "bch", "n": 15, "k": 7}, "ensemble": 4, "decoder": {"type": "bp", "iterations": 5}},
    )

    def __init__(
        self,
        code: Code,
        *,
        ensemble: int = 8,
        decoder: Decoder | None = None,
        box_plus: BoxPlus | None = None,
        precision: Precision = "float32",
        llr_scale: float | None = None,
        seed: int = 0,
    ) -> None:
        reason = self.refusal(code)
        if reason is not None:
            raise ValueError(reason)
        if decoder is None and isinstance(code, PolarCode):
            decoder = SCDecoder(code, box_plus=box_plus, precision=precision, llr_scale=llr_scale)
        else:
            given = {"box_plus": box_plus, "precision": precision != "float32", "llr_scale": llr_scale}
            for name, value in given.items():
                if value:
                    raise ValueError(f"{name} belongs to sc, of polar codes: name it in decoder")
            decoder = decoder or BeliefPropagationDecoder(code)
        super().__init__(code, decoder=decoder, ensemble=ensemble, seed=seed)
