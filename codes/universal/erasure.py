"""Maximum-likelihood decoding over erasures, by linear algebra.

T. Richardson and R. Urbanke, "Modern Coding Theory", 2008, section 3.2; of sparse checks by inactivation: D.
Burshtein and G. Miller, "An efficient maximum-likelihood decoding of LDPC codes over the binary erasure
channel", 2004.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ...vectors.groups import HARD, GroupInput, Words, frame_flags, packed, unpacked
from ..binary import gf2
from ..binary.tanner_graph import TannerGraph
from ..binary.xor_program import ones_of_rows
from ..code import Code
from ..composite import CompositeCode
from ..decoder import Decoder, GroupResult, LinearCheck
from ..examples import Examples
from ..linear import LinearCode
from ..tie_breaking import BitStream, break_ties
from .erasure_kernels import solve_erasures

#: Most entries of a parity-check matrix that is not known as a sparse one.
MAX_ENTRIES = 1 << 24
#: Share of ones from which it is of no use to look for bits that follow from others.
DENSE = 1 / 8
#: So many more unknowns than checks leave a chance of 2^-64 to guess the codeword.
HOPELESS = 64


@dataclass(frozen=True, eq=False)
class Checks:
    """Parity checks on bits, of which some are coded bits.

    Attributes
    ----------
    graph
        The checks; its variables are the bits.
    sent
        int64 (n): which of the bits each coded bit is. Several may be the same one.
    known
        int64: bits that are 0 for sure.
    """

    graph: TannerGraph
    sent: gf2.Indices
    known: gf2.Indices


class ErasureDecoder(Decoder):
    """Solves the parity checks for all bits that follow from those received: maximum likelihood on the BEC.

    First bits that follow from one check each, then, by Gaussian elimination, the few unknowns of which all
    others are sums (inactivation). Of a rate-matched code these are the checks of its mother code, whose bits
    that are not sent are erased; of a code with a CRC also its own.

    Cost: of sparse checks a few steps for each one, and g^3 / 64 for g unknowns that are solved for: a few
    per cent of n beyond the threshold of belief propagation. Of others n (n - k)^2 / 64 at most.

    Where several codewords fit, one of them is taken by coins, each as likely, and the frame is not ``ok``;
    with 64 more unknowns than checks each erased bit is a coin. On other channels than the BEC what was
    received may violate the checks: then it is left as it is, erased bits are coins, and the frame is not
    ``ok``. Nothing is corrected. The counter ``inactivated`` is the number of unknowns that were solved for.

    Parameters
    ----------
    code
        A linear code whose checks are known, or of which they are a matrix of up to 2^24 entries.

    Raises
    ------
    ValueError
        If the code is not linear or is too large.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> decoder = ErasureDecoder(HammingCode(r=3))
    >>> decoder.decode([0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0]).ok
    np.True_
    """

    reads = HARD
    counters = ("inactivated",)
    universal = True
    counts_failures = True
    examples: ClassVar[Examples] = ({},)

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        self._linear, self._checks = code, checks_of(code)
        matrix = graph_matrix(self._checks.graph)
        self._tables = (*ones_of_rows(matrix), *ones_of_rows(matrix.T))
        self._sparse = matrix.nnz < DENSE * matrix.shape[0] * matrix.shape[1]

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes with sparse checks, or a matrix of up to 2^24 entries."""
        if not isinstance(code, LinearCode):
            return f"erasure-ml decodes linear codes, not {code!r}: use ml"
        mother: Code = code
        while isinstance(mother, CompositeCode):
            mother = mother.inner
        assert isinstance(mother, LinearCode)
        if not mother.checks_known and (mother.n - mother.k) * mother.n > MAX_ENTRIES:
            return (
                f"erasure-ml solves the checks, which are not known of {mother!r}: they would be a dense "
                f"matrix of more than 2^24 entries, and a frame take up to "
                f"{mother.n * (mother.n - mother.k) ** 2 / 64:.0e} steps"
            )
        return None

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        assert given.hard is not None
        checks, frames = self._checks, given.frames
        words, erased, wrong = self._spread(given)
        break_ties(words, erased, np.arange(words.shape[1]), frames, stream)
        solved, guessed = np.empty(frames, np.bool_), np.empty(frames, np.int32)
        most = checks.graph.checks + HOPELESS
        solve_erasures(self._tables, words, erased, frames, self._sparse, most, solved, guessed)
        bits = self._linear.information_words(np.take(words, checks.sent, axis=1))
        return GroupResult(bits, solved & ~wrong, counters={"inactivated": guessed})

    def _spread(self, given: GroupInput) -> tuple[Words, Words, npt.NDArray[np.bool_]]:
        """All bits, uint64 (groups, bits), where nothing is known, and frames with a contradiction."""
        assert given.hard is not None
        checks, hard = self._checks, given.hard
        received = ~np.zeros_like(hard) if given.erased is None else ~given.erased
        shape = (len(hard), checks.graph.variables)
        words, known = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
        every: Any = (slice(None), checks.sent)
        np.bitwise_or.at(words, every, hard & received)
        np.bitwise_or.at(known, every, received)
        known[:, checks.known] = ~np.uint64(0)
        # Copies of a bit, or one that is known to be 0, may have been received as 1.
        differ = np.bitwise_or.reduce((words[every] ^ hard) & received, axis=1)
        differ |= np.bitwise_or.reduce(words[:, checks.known], axis=1)
        words[:, checks.known] = 0
        return words, ~known, frame_flags(differ, given.frames)


def graph_matrix(graph: TannerGraph) -> scipy.sparse.csr_array:
    """The parity-check matrix, sparse."""
    data = np.ones(graph.edges, np.uint8)
    shape = (graph.checks, graph.variables)
    return scipy.sparse.csr_array((data, graph.edge_variable, graph.check_start), shape=shape)


def checks_of(code: LinearCode) -> Checks:
    """The checks of a code: of one that is made of another one those of that, and what it adds."""
    inner = getattr(code, "inner", None)
    if isinstance(code, CompositeCode) and isinstance(inner, LinearCode):
        below = checks_of(inner)
        if isinstance(code, LinearCheck):
            if inner.systematic:
                return _with_check(code, inner, below)
        elif hasattr(code, "sent") and hasattr(code, "known"):
            sent, known = cast(gf2.Indices, code.sent), cast(gf2.Indices, code.known)
            return Checks(below.graph, below.sent[sent], np.append(below.known, below.sent[known]))
    return Checks(code.tanner_graph, np.arange(code.n), np.zeros(0, np.int64))


def _with_check(check: LinearCheck, inner: LinearCode, below: Checks) -> Checks:
    """The checks below, and sums of information bits that have to be 0, of a systematic code."""
    sums = unpacked(check.syndromes(packed(np.eye(inner.k, dtype=np.uint8))), inner.k).T
    at, which = np.nonzero(sums)
    own = scipy.sparse.csr_array(
        (np.ones(len(at), np.uint8), (at, below.sent[inner.information_set[which]])),
        shape=(len(sums), below.graph.variables),
    )
    both = scipy.sparse.vstack([graph_matrix(below.graph), own], format="csr")
    return Checks(TannerGraph.from_matrix(both), below.sent, below.known)
