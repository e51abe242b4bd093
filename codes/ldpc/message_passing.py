"""Message passing on a Tanner graph in NumPy, with rules of one's own for checks and variables."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.group_kernels import MESSAGE_MAX
from ...vectors.groups import GroupInput, Reads, packed, ungrouped
from ...vectors.llr_grid import on_grid
from ...vectors.whole_numbers import whole_number
from ..code import Code
from ..decoder import Decoder, GroupResult
from ..linear import LinearCode
from ..tie_breaking import BitStream, break_ties

Messages = npt.NDArray[np.float32]
#: Numbers that are worked on at a time, so that they stay in the cache.
TOGETHER = 1 << 17


def by_degree(owner: npt.NDArray[Any], owners: int) -> list[tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
    """For each degree above 0: the checks, or variables, of it, (m), and their edges, (m, degree)."""
    degrees = np.bincount(owner, minlength=owners)
    order, start = np.argsort(owner, kind="stable"), np.cumsum(degrees) - degrees
    return [
        (of := np.flatnonzero(degrees == degree), order[start[of][:, None] + np.arange(degree)])
        for degree in np.unique(degrees[degrees > 0]).tolist()
    ]


class MessagePassingDecoder(Decoder):
    """Iterative decoding by rules that a class of your own defines, all checks and then all variables.

    Derive from it and define ``check_messages``, ``variable_messages`` or both. As they are here, they are
    those of min-sum. A frame ends when its decisions are a codeword and no variable has a value of 0. It
    takes some 30 ns an edge and iteration, a hundred times what ``bp`` in int8 does.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    iterations
        The most iterations, from 1 to 100,000.

    Raises
    ------
    ValueError
        If the code is not linear or iterations are outside their range, and at the first frame if a rule
        returns messages of another shape.

    Examples
    --------
    >>> import numpy as np
    >>> from capgap.codes import HammingCode
    >>> class Halved(MessagePassingDecoder):
    ...     def check_messages(self, inputs, iteration):
    ...         return np.float32(0.5) * super().check_messages(inputs, iteration)
    >>> Halved(HammingCode(r=3)).decode([1, 1, 1, 1, -0.5, 1, 1]).ok
    True
    """

    def __init__(self, code: Code, *, iterations: int = 50) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        self._iterations = whole_number(iterations, "iterations")
        if not 1 <= self._iterations <= 100_000:
            raise ValueError(f"iterations must lie in 1 to 100000, got {iterations}")
        self._linear, graph = code, code.tanner_graph
        check = np.repeat(np.arange(graph.checks), np.diff(graph.check_start))
        self._checks = by_degree(check, graph.checks)
        self._variables = by_degree(graph.edge_variable, graph.variables)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes."""
        return None if isinstance(code, LinearCode) else f"{cls.__name__} decodes linear codes, not {code!r}"

    @property
    def reads(self) -> Reads:
        """LLRs in float32 up to a magnitude of 16384."""
        return Reads(limit=float(MESSAGE_MAX))

    def check_messages(self, inputs: Messages, iteration: int) -> Messages:
        """What checks of one degree send, float32 (checks, degree, frames).

        ``inputs``, of the same shape, are the messages that they got, LLRs; ``iteration`` is 1, 2, ... What
        a frame gets may depend on that frame alone. Messages are clipped to a magnitude of 16384.
        """
        size, sign = np.abs(inputs), np.where(inputs < 0, np.float32(-1), np.float32(1))
        first = np.argmin(size, axis=1, keepdims=True)
        least = np.take_along_axis(size, first, axis=1)
        np.put_along_axis(size, first, np.float32(MESSAGE_MAX), axis=1)
        found = np.broadcast_to(least, inputs.shape).copy()
        np.put_along_axis(found, first, size.min(axis=1, keepdims=True), axis=1)
        return np.asarray(found * sign * sign.prod(axis=1, keepdims=True), np.float32)

    def variable_messages(self, llr: Messages, inputs: Messages, iteration: int) -> Messages:
        """What variables of one degree send to their checks, float32 (variables, degree, frames).

        ``inputs``, of the same shape, are the messages that they got, and ``llr`` what was received,
        (variables, frames).
        """
        return self.values(llr, inputs)[:, None] - inputs

    def values(self, llr: Messages, inputs: Messages) -> Messages:
        """The LLRs of variables of one degree, (variables, frames), whose signs are the decisions."""
        total = llr.copy()
        for place in range(inputs.shape[1]):  # one after the other: NumPy's sums have no fixed order
            total += inputs[:, place]
        return total

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        llr = ungrouped(on_grid(given.soft(), any_level=True, alone=True), given.frames)
        value, spent, ok = llr.copy(), np.zeros(given.frames, np.int32), np.zeros(given.frames, np.bool_)
        together = max(1, TOGETHER // max(1, self._linear.tanner_graph.edges))
        for first in range(0, given.frames, together):
            part = slice(first, min(first + together, given.frames))
            self._decode(llr[:, part], value[:, part], spent[part], ok[part])
        positions, code = np.arange(self._linear.n), self._linear
        bits = packed((value < 0).astype(np.uint8).T)
        break_ties(bits, packed((value == 0).astype(np.uint8).T), positions, given.frames, stream)
        return GroupResult(code.information_words(bits), ok, spent)

    def _decode(
        self, llr: Messages, value: Messages, spent: npt.NDArray[np.int32], ok: npt.NDArray[np.bool_]
    ) -> None:
        """Decode some frames: their last values, iterations and whether they are codewords, in place."""
        ok[:] = self._settled(value)
        running = np.flatnonzero(~ok)
        given = llr[:, running]
        to_checks = given[self._linear.tanner_graph.edge_variable]
        for iteration in range(1, self._iterations + 1):
            if not len(running):
                break
            to_variables, newest = np.zeros_like(to_checks), given.copy()
            for _, edges in self._checks:
                sent = self.check_messages(to_checks[edges], iteration)
                self._expect("check_messages", sent, to_checks[edges].shape)
                to_variables[edges] = np.clip(sent, -MESSAGE_MAX, MESSAGE_MAX)
            for variables, edges in self._variables:
                received, own = to_variables[edges], given[variables]
                newest[variables] = self.values(own, received)
                sent = self.variable_messages(own, received, iteration)
                self._expect("variable_messages", sent, received.shape)
                to_checks[edges] = sent
            value[:, running], spent[running], done = newest, iteration, self._settled(newest)
            ok[running] = done
            running, given, to_checks = running[~done], given[:, ~done], to_checks[:, ~done]

    def _settled(self, value: Messages) -> npt.NDArray[np.bool_]:
        """Which frames of values, (variables, frames), are at a codeword with every variable decided."""
        negative, graph = value < 0, self._linear.tanner_graph
        broken = np.zeros(value.shape[1], np.bool_)
        for _, edges in self._checks:
            broken |= np.logical_xor.reduce(negative[graph.edge_variable[edges]], axis=1).any(axis=0)
        return np.asarray(~broken & (value != 0).all(axis=0))

    def _expect(self, name: str, sent: Any, shape: tuple[int, ...]) -> None:
        if not isinstance(sent, np.ndarray) or sent.shape != shape or sent.dtype.kind != "f":
            found = f"{sent.dtype} {sent.shape}" if isinstance(sent, np.ndarray) else type(sent).__name__
            raise ValueError(f"{name} of {type(self).__name__} must return floats {shape}, got {found}")
