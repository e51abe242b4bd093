"""Which codes, decoders and links an EXIT chart can be made of."""

import numpy as np
import numpy.typing as npt

from ....channels import AWGN, BEC, BSC
from ....codes import (
    BeliefPropagationDecoder,
    Code,
    CompositeDecoder,
    Constituent,
    Decoder,
    DematchingDecoder,
    HasConstituents,
    LinearCode,
    RateMatchedCode,
)
from ...link.iterative_receiver import iterates
from ...link.link import Link

NEEDED = (
    "exit needs a curve whose decoder is bp and whose code is linear and has checks, over bsc, bec or awgn "
    "and without a modulation; or one whose decoder has two constituents, as that of a turbo code; or an "
    "iterative receiver"
)


def tanner_code(code: Code) -> tuple[LinearCode, npt.NDArray[np.bool_]]:
    """The code whose Tanner graph belief propagation runs on, and which of its n bits are sent, bool (n).

    That is the code itself, or the mother code of a punctured one. Raises ValueError for other codes.
    """
    if isinstance(code, LinearCode) and not isinstance(code, RateMatchedCode):
        return code, np.ones(code.n, np.bool_)
    if not isinstance(code, RateMatchedCode) or not isinstance(code.inner, LinearCode):
        raise ValueError(f"code must be linear, to have a Tanner graph, got {code!r}")
    if len(code.known) or len(np.unique(code.sent)) < code.n or isinstance(code.inner, RateMatchedCode):
        raise ValueError(
            f"code may be punctured for an EXIT chart, but not shortened or repeated, got {code!r}"
        )
    sent = np.zeros(code.inner.n, np.bool_)
    sent[code.sent] = True
    return code.inner, sent


def propagation(decoder: Decoder) -> BeliefPropagationDecoder | None:
    """The belief propagation that a decoder is, or that decodes the mother code; None if there is none."""
    inner = decoder.inner if isinstance(decoder, DematchingDecoder) else decoder
    return inner if isinstance(inner, BeliefPropagationDecoder) else None


def has_known_messages(bp: BeliefPropagationDecoder) -> bool:
    """Whether the messages of a decoder are those of sum-product or min-sum, in all iterations alike."""
    one = not any(isinstance(each, list | tuple | dict) for each in (bp.scale, bp.offset))
    return bp.algorithm in ("sum-product", "min-sum") and not bp.damping and one


def constituents_of(decoder: Decoder) -> tuple[Constituent, ...]:
    """The two constituents of a decoder, or of that inside a composite one; () if it has not two of them."""
    while isinstance(decoder, CompositeDecoder):
        decoder = decoder.inner
    found = decoder.constituents() if isinstance(decoder, HasConstituents) else ()
    return found if len(found) == 2 else ()


def has_exit_chart(link: Link) -> bool:
    """Whether an EXIT chart can be made of a link."""
    return no_exit_chart(link) is None


def no_exit_chart(link: Link) -> str | None:
    """Why no EXIT chart can be made of a link, in words; None if one can."""
    if constituents_of(link.decoder) or iterates(link.receiver):
        return None
    bp = propagation(link.decoder)
    if bp is None:
        return f"its decoder {no_constituents(link.decoder)}"
    if not has_known_messages(bp):
        return "charts of bp are of sum-product and min-sum, with one scale and offset and without damping"
    # What is derived from these channels may be anything.
    if link.modulation is not None or link.channel.make not in (AWGN, BEC, BSC):
        return "charts of bp are known over bsc, bec and awgn, without a modulation"
    try:
        return None if tanner_code(link.code)[0].tanner_graph.edges > 0 else "its code has no checks"
    except ValueError as error:
        return str(error)


def no_constituents(decoder: Decoder) -> str:
    """Why a decoder has not two constituents whose exchange a chart shows: words that follow its name."""
    while isinstance(decoder, CompositeDecoder):
        decoder = decoder.inner
    if isinstance(decoder, HasConstituents):
        return (
            "has constituents that exchange LLRs of pairs of bits, as those of duo-binary codes do, and a "
            "chart follows LLRs of single bits"
        )
    return "is neither bp nor made of two constituents that exchange extrinsic LLRs"
