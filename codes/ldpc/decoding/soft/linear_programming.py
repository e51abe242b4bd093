"""Linear programming decoding, with inequalities that are added as they are violated.

J. Feldman, M. J. Wainwright and D. R. Karger, "Using linear programming to decode binary linear codes", 2005;
the adaptive choice of inequalities, M. H. Taghavi and P. H. Siegel, "Adaptive methods for linear programming
decoding", 2008. The linear programmes are solved by HiGHS, through SciPy.
"""

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import scipy.sparse

from .....vectors.groups import GroupInput, packed, ungrouped
from ....code import Code
from ....decoder import Decoder, GroupResult
from ....examples import Examples
from ....linear import LinearCode
from ....tie_breaking import BitStream

#: Most edges of a graph: a frame of so many takes some seconds.
MAX_EDGES = 20_000
#: What counts as a violation of an inequality, and as not a whole number.
VIOLATED, FRACTION = 1e-6, 1e-6
#: LLRs of so much, or more, are certain.
CERTAIN = 4096.0

Floats = npt.NDArray[np.float64]


class LinearProgrammingDecoder(Decoder):
    """Minimises the cost over the fundamental polytope: an integral minimum is maximum likelihood, certified.

    The polytope has, for each check and each odd set of its bits, the inequality that these are not all 1
    with the others all 0. A linear programme begins with none of them, and takes up those that its solution
    violates, at most one a check each time, until there are none.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph``, of up to 20,000 edges, is used.

    Notes
    -----
    A frame is ``ok`` where the minimum is integral: then no codeword is more likely (another may be as
    likely), which is its certificate. Else each bit is decided by which of 0 and 1 is nearer, and is in
    general no codeword. The counter ``rounds`` is how many linear programmes were solved, ``inequalities``
    how many inequalities the last of them had. LLRs of 4096 or more count as certain.

    A frame of a (1008, 504) code takes some 50 ms to half a second.

    Raises
    ------
    ValueError
        If the code is not linear or is too large.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> decoder = LinearProgrammingDecoder(HammingCode(r=3))
    >>> bool(decoder.decode([-0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]).ok)
    True
    """

    counts_ml_errors = True
    counts_failures = True
    counters = ("rounds", "inequalities")
    examples: ClassVar[Examples] = ({"code": {"type": "hamming", "r": 3}},)

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        self._linear, graph = code, code.tanner_graph
        self._checks = np.split(graph.edge_variable, graph.check_start[1:-1])

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes whose graph has up to 20,000 edges."""
        if not isinstance(code, LinearCode):
            return f"lp decodes linear codes, not {code!r}"
        if not code.checks_known and (code.n - code.k) * code.n > 64 * MAX_EDGES:
            return f"lp takes sparse checks, which are not known of {code!r}: use osd"
        edges = code.tanner_graph.edges
        if edges > MAX_EDGES:
            return (
                f"lp takes graphs of up to {MAX_EDGES} edges, and that of {code!r} has {edges}: use admm-lp, "
                f"which approaches the same minimum, or bp"
            )
        return None

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        frames, n = given.frames, self._linear.n
        llr = ungrouped(given.soft().astype(np.float32, copy=False), frames).T.astype(np.float64)
        bits, ok = np.zeros((frames, n), np.uint8), np.zeros(frames, np.bool_)
        rounds, used = np.zeros(frames, np.int32), np.zeros(frames, np.int32)
        for frame in range(frames):
            x, rounds[frame], used[frame] = self._minimum(llr[frame])
            bits[frame] = x > 0.5
            ok[frame] = np.abs(x - bits[frame]).max() < FRACTION
        counters = {"rounds": rounds, "inequalities": used}
        return GroupResult(self._linear.information_words(packed(bits)), ok, counters=counters)

    def _minimum(self, llr: Floats) -> tuple[Floats, int, int]:
        """The minimum of a frame, how many linear programmes it took, and the inequalities of the last."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # which every start would wait for

        llr = np.clip(llr, -CERTAIN, CERTAIN)
        x = (llr < 0).astype(np.float64)  # the minimum over the cube
        # Certain bits are no matter of costs, beside which others would be lost.
        certain = np.abs(llr) == CERTAIN
        bounds = Bounds(np.where(certain, x, 0.0), np.where(certain, x, 1.0))
        largest = float(np.abs(llr[~certain]).max(initial=0.0))
        cost = np.where(certain, 0.0, llr) / (largest or 1.0)
        rows: list[npt.NDArray[np.int32]] = []
        signs: list[Floats] = []
        rounds = 0
        while found := self._violated(x):
            for variables, plus in found:
                rows.append(variables)
                signs.append(np.where(plus, 1.0, -1.0))
            start = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
            limits = np.array([(sign > 0).sum() - 1.0 for sign in signs])
            matrix = scipy.sparse.csr_array(
                (np.concatenate(signs), np.concatenate(rows), start), shape=(len(rows), len(cost))
            )
            rounds += 1
            solved: Any = milp(cost, constraints=LinearConstraint(matrix, -np.inf, limits), bounds=bounds)
            if solved.x is None and certain.any():  # certain bits contradict each other
                bounds, cost, certain = Bounds(0.0, 1.0), llr / CERTAIN, np.zeros_like(certain)
                solved = milp(cost, constraints=LinearConstraint(matrix, -np.inf, limits), bounds=bounds)
            if solved.x is None:
                break
            x = solved.x
        return x, rounds, len(rows)

    def _violated(self, x: Floats) -> list[tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]]:
        """For each check that is violated, its bits and those of them that count as 1.

        There is at most one violated inequality of a check: these are the bits above 1/2, and if they are an
        even number, the one nearest to 1/2 changes sides (Taghavi and Siegel, theorem 1).
        """
        found = []
        for variables in self._checks:
            own = x[variables]
            if len(own) == 0:
                continue
            plus = own > 0.5
            if plus.sum() % 2 == 0:
                plus[np.abs(own - 0.5).argmin()] ^= True
            if (1 - own[plus]).sum() + own[~plus].sum() < 1 - VIOLATED:
                found.append((variables, plus))
        return found
