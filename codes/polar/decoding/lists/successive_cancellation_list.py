"""Successive cancellation list decoding of polar codes.

I. Tal and A. Vardy, "List decoding of polar codes", 2015; A. Balatsoukas-Stimming, M. Bastani Parizi and
A. Burg, "LLR-based successive cancellation list decoding of polar codes", 2015; with a check to choose by,
K. Niu and K. Chen, "CRC-aided decoding of polar codes", 2012.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from .....vectors.group_kernels import GROUP
from .....vectors.groups import GroupInput, Reads, Soft, Words, all_erased, frame_flags, packed_flags
from .....vectors.llr_grid import on_grid
from .....vectors.operations.vector_type_kernels import LANES_FLOAT32
from .....vectors.whole_numbers import whole_number
from ....code import Code
from ....decoder import Check, Decoder, GroupResult
from ....examples import Examples
from ....tie_breaking import BitStream
from ...polar import PolarCode
from ..parameters import PRUNED, BoxPlus, Precision, Pruned, checked_precision, checked_prune, not_polar
from ..preferred import preferred_word
from ..program import Leaf, node_program
from ..successive_cancellation import SCDecoder
from .adaptive_list import first_that_passes
from .lane_list import LaneListDecoder
from .list_fork_kernels import PRESENT
from .list_kernels import decode_lists, gather_paths
from .pending_sums import PendingSums

#: Most paths; most positions of all paths of a frame, which take 16 bytes each.
MAX_LIST, MAX_POSITIONS = 1024, 1 << 24
#: Positions of paths of 64 frames that are kept at once: a bit each.
_KEPT = 1 << 28


@dataclass(frozen=True, eq=False)
class Paths:
    """All paths of groups of 64 frames.

    Attributes
    ----------
    masks
        uint64 (groups, n, list): codewords, bits of all paths of a frame beside each other.
    order
        int64 (groups, 64, list): the paths of each frame, from the best on.
    metrics
        float32 (groups, 64, list): their metrics, in that order, above those of the best by what they are
        less likely; infinite where there are no more paths.
    """

    masks: Words
    order: npt.NDArray[np.int64]
    metrics: npt.NDArray[np.float32]


class ListSearch:
    """The paths of a polar code's list, by the exact metric or by min-sum. Immutable.

    Parameters
    ----------
    code
        A polar code.
    size
        Paths, a power of two.
    box_plus
        ``exact`` or ``min-sum``.
    each_bit
        Whether there is to be a choice of paths at each information bit, as shifts need it.
    prune
        As of ``SCLDecoder``.
    """

    def __init__(
        self,
        code: PolarCode,
        size: int,
        box_plus: BoxPlus,
        *,
        each_bit: bool = False,
        prune: Mapping[Pruned, int] = MappingProxyType({}),
    ) -> None:
        self.code, self.size, self.box_plus = code, size, box_plus
        # Several forks in a node find by min-sum what bit by bit would be found; exactly they do not.
        leaves: list[Leaf] = ["repetition"]
        if box_plus == "min-sum" and not each_bit:
            leaves += ["rate-1", "parity"]
        program = node_program(code, leaves=leaves, lists=True)
        sums = PendingSums.of(code, program)
        word, _ = preferred_word(code)
        #: uint64 (n): the codeword that ties prefer, all ones for a 1.
        self.preferred: Words = np.uint64(0) - word.astype(np.uint64)
        signs = (word.astype(np.uint32) << np.uint32(31)).view(np.int32)
        added = sums.added.ravel() if sums.words else np.zeros(1, np.int32)
        self._tables = (
            signs,
            program.operations,
            np.array(code.kernels, np.int64),
            sums.words,
            sums.slot,
            added,
            sums.information,
            _lanes(size),
            size,
            np.array([prune.get(name, 0) for name in PRUNED], np.int64),
        )

    def find(
        self,
        llr: Soft,
        frames: int,
        position: npt.NDArray[np.int64] | None = None,
        scores: npt.NDArray[np.float32] | None = None,
    ) -> Paths:
        """The paths of LLRs, float32 (groups, n, 64), of so many frames; shifted, see ``decode_lists``."""
        groups, n, size = len(llr), self.code.n, self.size
        masks = np.zeros((groups, n, 4 * size), np.uint16)
        metrics = np.zeros((groups, GROUP * size), np.float32)
        exact = True if self.box_plus == "exact" else None
        decode_lists(llr, frames, *self._tables, masks, metrics, exact, position, scores)
        by_frame = metrics.reshape(groups, GROUP, size)
        order = np.argsort(by_frame, axis=2, kind="stable")
        by_frame = np.take_along_axis(by_frame, order, axis=2)
        by_frame[by_frame >= PRESENT] = np.inf
        return Paths(masks.view(np.uint64), order, by_frame)

    def words(self, paths: Paths, rank: int, groups: npt.NDArray[np.int64], open_: Words) -> Words:
        """Information bits of the path of a rank, uint64 (groups, k), in the frames of some groups."""
        words = np.empty((len(groups), self.code.n), np.uint64)
        path = np.ascontiguousarray(paths.order[groups, :, rank])
        gather_paths(paths.masks, groups, path, open_, words)
        words ^= self.preferred
        return self.code.information_words(words)


class SCLDecoder(Decoder):
    """Successive cancellation with the best paths kept, of which a check may choose one.

    Paths fork at every information bit, and the best are kept. Of a polar code inside a cyclic redundancy
    check it decides for the best path that passes; where none does, and without a check, for the best of all.

    Parameters
    ----------
    code
        A polar code: with any kernels, systematic or not, with dynamic frozen bits as PAC codes have.
    list
        How many paths: a power of two up to 1024. Paths times n are at most 2^24.
    box_plus
        ``exact``, with the exact path metric, minus the logarithm of the path's probability; or ``min-sum``,
        an approximation of both. Left out it is exact in float32 and min-sum in int8.
    precision
        Of LLRs: ``float32``, or ``int8``, fixed point with ``llr_scale`` steps to one unit of the LLR, whose
        sums saturate at -128 and 127: for lists of 2 to 64, kernels of size 2 and no dynamic frozen bits.
    llr_scale
        For int8, above 0; 4 if left out, which loses less than 0.005 dB.
    prune
        For min-sum in float32: of how many of its bits a path may fork in a node of rate 1 (``rate-1``) or of
        a single parity check (``parity``), those that it trusts least; an approximation that is faster. The
        list is exact with one bit less than it has paths, and with as many (S. A. Hashemi, C. Condo and W. J.
        Gross, "Fast and flexible successive-cancellation list decoders for polar codes", 2017). All bits,
        if left out.
    adaptive
        For a code inside a check: decode without a list first, and with a list of 2, 4, ... up to ``list``
        only the frames in which the check has failed so far.

    Notes
    -----
    Frozen and repeated nodes are decided as a whole, which is what deciding them bit by bit is; by min-sum so
    are nodes of rate 1 and of single parity checks.

    Ties are decided for a fixed codeword that looks random, so that the all-zero word is not favoured. A
    frame is ``ok`` if not all of it is erased and, without a check, its two best paths are not equally
    likely; with a check, if one of its paths passes.

    Raises
    ------
    ValueError
        If the code is no polar code, or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import PolarCode
    >>> code = PolarCode(information=[3, 5, 6, 7], n=8)
    >>> SCLDecoder(code, list=4).decode([-4.0, -4.0, 1.0, -4.0, 4.0, 4.0, 4.0, 4.0]).bits
    array([1, 0, 0, 0], dtype=uint8)
    """

    counts_ml_errors = True
    examples: ClassVar[Examples] = (
        {},
        {"list": 2, "box_plus": "min-sum"},
        {"code": {"type": "polar", "n": 32, "k": 16, "construction": "reed-muller", "convolution": 133}},
        {
            "code": {
                "type": "crc",
                "polynomial": 3,
                "bits": 4,
                "code": {"type": "polar", "n": 32, "k": 16},
            },
            "list": 32,
            "box_plus": "min-sum",
        },
        {"list": 4, "precision": "int8"},
        {
            "code": {
                "type": "crc",
                "polynomial": 3,
                "bits": 4,
                "code": {"type": "polar", "n": 32, "k": 16},
            },
            "list": 4,
            "precision": "int8",
            "adaptive": True,
        },
    )

    code: PolarCode

    def __init__(
        self,
        code: Code,
        *,
        list: int = 8,
        box_plus: BoxPlus | None = None,
        precision: Precision = "float32",
        llr_scale: float | None = None,
        prune: dict[Pruned, int] | None = None,
        adaptive: bool = False,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, PolarCode)
        #: The parameters of these names; ``llr_scale`` is None for float32.
        self.box_plus, self.llr_scale = checked_precision(box_plus, precision, llr_scale)
        self.prune = checked_prune(prune, self.box_plus, precision)
        self.list, self.precision, self.adaptive = list_size(code, list), precision, adaptive
        self._lanes: LaneListDecoder | None = None
        if precision == "int8":
            reason = LaneListDecoder.refusal(code)
            if reason is not None:
                raise ValueError(reason)
            self._lanes = LaneListDecoder(code, list=self.list, llr_scale=llr_scale)
        if adaptive:
            self.lacks = "adaptive takes a check that tells wrong frames: put the code into a crc code"
        self._check: Check | None = None

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes polar codes."""
        return not_polar("scl", code)

    def with_check(self, check: Check) -> "SCLDecoder":
        """The same decoder that decides for the best path that passes the check."""
        made = copy.copy(self)
        made._check, made.lacks = check, None
        vars(made).pop("_stages", None)
        if made._lanes is not None:
            made._lanes = made._lanes.with_check(check)
        return made

    @property
    def reads(self) -> Reads:
        """LLRs of the precision."""
        return Reads() if self.llr_scale is None else Reads("soft", "int8", self.llr_scale)

    @cached_property
    def _search(self) -> ListSearch:
        return ListSearch(self.code, self.list, self.box_plus, prune=self.prune)

    @cached_property
    def _stages(self) -> tuple[Decoder, ...]:
        """Of an adaptive decoder: no list, and lists of twice as many paths each."""
        assert self._check is not None
        shared: dict[str, Any] = {
            "box_plus": self.box_plus,
            "precision": self.precision,
            "llr_scale": self.llr_scale,
        }
        sizes = [1 << i for i in range(1, self.list.bit_length())]
        lists = [
            SCLDecoder(self.code, list=size, prune=self.prune, **shared).with_check(self._check)
            for size in sizes
        ]
        return (SCDecoder(self.code, **shared), *lists)

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        if self.adaptive:
            if self._check is None:
                raise ValueError(self.lacks)
            return first_that_passes(self._stages, self._check, given)
        if self._lanes is not None:
            return self._lanes.decode_groups(given)
        llr = given.soft()
        bits = np.empty((len(llr), self.code.k), np.uint64)
        ok = np.empty(len(llr), np.uint64)
        step = max(1, _KEPT // (GROUP * self.code.n * self.list))
        for first in range(0, len(llr), step):
            part = slice(first, first + step)
            frames = min(given.frames - GROUP * first, GROUP * step)
            bits[part], ok[part] = self._decide(llr[part], frames)
        return GroupResult(bits, frame_flags(ok, given.frames) & ~all_erased(given))

    def _decide(self, llr: Soft, frames: int) -> tuple[Words, Words]:
        """Information bits, uint64 (groups, k), and whether nothing makes them doubtful, uint64 (groups)."""
        search = self._search
        placed = on_grid(llr, any_level=True, alone=True) if self.box_plus == "min-sum" else llr
        paths = search.find(placed, frames)
        groups, every = np.arange(len(llr)), np.full(len(llr), ~np.uint64(0), np.uint64)
        bits = search.words(paths, 0, groups, every)
        if self._check is None:
            if self.list == 1:
                return bits, every
            return bits, ~packed_flags(paths.metrics[:, :, 1] <= paths.metrics[:, :, 0])
        open_ = ~self._check.accepts(bits)
        for rank in range(1, self.list):
            there = open_ & packed_flags(np.isfinite(paths.metrics[:, :, rank]))
            at = np.flatnonzero(there)
            if len(at) == 0:
                break
            found = search.words(paths, rank, at, there[at])
            taken = self._check.accepts(found) & there[at]
            bits[at] ^= (bits[at] ^ found) & taken[:, None]
            open_[at] &= ~taken
        return bits, ~open_


def list_size(code: PolarCode, size: int) -> int:
    """The number of paths, if a list of a code may have it. Raises ValueError."""
    size = whole_number(size, "list")
    if not 1 <= size <= MAX_LIST or size & (size - 1):
        raise ValueError(f"list must be a power of two up to {MAX_LIST}, got {size}")
    if size * code.n > MAX_POSITIONS:
        raise ValueError(f"list must be at most {MAX_POSITIONS // code.n} for n = {code.n}, got {size}")
    return size


def _lanes(size: int) -> npt.NDArray[np.int32]:
    """The constant lanes of ``list_fork_kernels`` and ``list_kernels``, int32 (23, 16)."""
    own = np.arange(LANES_FLOAT32)
    paths = min(size, LANES_FLOAT32)
    rows = [own, own % paths]
    rows += [own ^ distance for distance in (1, 2, 4, 8)]
    rows += [own - own % paths + other % paths for other in range(LANES_FLOAT32)]
    rows.append(own // paths if size < LANES_FLOAT32 else np.zeros_like(own))
    return np.array(rows, np.int32)
