"""Code blocks of a transport block of 5G NR: 3GPP TS 38.212, 5.2.2, 6.2 and 7.2."""

from dataclasses import dataclass

from .base_graphs import INFORMATION, LIFTING_SIZES, BaseGraph

#: Longest code block of base graph 1 and 2, and check bits of a code block where there are several.
LONGEST, BLOCK_CHECKS = {1: 8448, 2: 3840}, 24
#: Payload up to which the transport block has 16 check bits; longer ones have 24.
MOST_SHORT_CHECK = 3824


@dataclass(frozen=True)
class Segmentation:
    """How a transport block is cut.

    Attributes
    ----------
    base_graph
        1 or 2.
    checks
        Check bits of the transport block, 16 or 24.
    count
        C: code blocks.
    length
        K': bits of a code block, its own check bits among them, without filler bits.
    lifting_size
        Z_c.
    """

    base_graph: BaseGraph
    checks: int
    count: int
    length: int
    lifting_size: int

    @property
    def padded(self) -> int:
        """K: bits of a code block with filler bits."""
        return INFORMATION[self.base_graph] * self.lifting_size

    def __str__(self) -> str:
        blocks = "a code block" if self.count == 1 else f"{self.count} code blocks"
        return f"{blocks} of {self.length} bits with checks"


def base_graph_of(a: int, e: int) -> BaseGraph:
    """The base graph of a payload of A = a bits at the rate a / e (7.2.2)."""
    if a <= 292 or (a <= 3824 and 100 * a <= 67 * e) or 4 * a <= e:
        return 2
    return 1


def segmentation(a: int, base_graph: BaseGraph) -> Segmentation:
    """The code blocks of a payload of A = a bits.

    Raises ValueError, with the nearest sizes that do, if check bits and payload are not as many in all code
    blocks, which the sizes that TS 38.214 allows always are.
    """
    checks, b, count = _blocks(a, base_graph)
    if b % count:
        below, above = a, a
        while _uneven(below, base_graph):
            below -= 1
        while _uneven(above, base_graph):
            above += 1
        raise ValueError(
            f"k = {a} and {checks} check bits do not part into {count} code blocks of the same size; the "
            f"nearest k are {below} and {above}"
        )
    length = b // count + (BLOCK_CHECKS if count > 1 else 0)
    columns = _information_columns(b, base_graph)
    size = next(z for z in LIFTING_SIZES if columns * z >= length)
    return Segmentation(base_graph, checks, count, length, size)


def _blocks(a: int, base_graph: BaseGraph) -> tuple[int, int, int]:
    """Check bits of the transport block, B, and C."""
    checks = 16 if a <= MOST_SHORT_CHECK else 24
    b, longest = a + checks, LONGEST[base_graph]
    return checks, b, 1 if b <= longest else -(-b // (longest - BLOCK_CHECKS))


def _uneven(a: int, base_graph: BaseGraph) -> int:
    _, b, count = _blocks(a, base_graph)
    return b % count


def _information_columns(b: int, base_graph: BaseGraph) -> int:
    """K_b: columns that the information is to fill; of base graph 2 the others are filler bits."""
    if base_graph == 1:
        return INFORMATION[1]
    return next((columns for above, columns in ((640, 10), (560, 9), (192, 8)) if b > above), 6)
