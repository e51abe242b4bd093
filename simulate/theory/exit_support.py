"""Which links an EXIT chart can be made of."""

from ...channels import AWGN, BEC, BSC
from ...codes import BeliefPropagationDecoder, LinearCode
from ..link.link import Link

REFUSAL = "exit needs a curve whose decoder is bp and whose code has checks, over bsc, bec or awgn"


def has_exit_chart(link: Link) -> bool:
    """Whether an EXIT chart can be made of a link."""
    return (
        isinstance(link.decoder, BeliefPropagationDecoder)
        and isinstance(link.code, LinearCode)
        and link.channel.make in (AWGN, BEC, BSC)  # what is derived from these may be anything
        and link.code.tanner_graph.edges > 0
    )
