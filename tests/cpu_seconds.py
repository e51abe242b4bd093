"""The processor time of each test: the run ends with a list of the costliest ones.

Wall time says how busy the machine is, processor time what a test costs. What Numba compiles meanwhile is left out:
it is kept for the next run. What a test's own processes spend is counted, and shown apart; they compile nothing
unless the kernels are missing.
"""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Generator
from typing import Any

import pytest
from numba.core import event

#: A test that takes more seconds is named at the end.
TOLD = 3.0
#: The environment variable that holds the seconds above which the run fails. Tests marked slow may take more.
MOST = "CAPGAP_MOST_SECONDS"

_NAME = "cpu seconds"


def _most() -> float:
    return float(os.environ.get(MOST, "inf"))


def _allowed(item: pytest.Item) -> float:
    """The seconds that a test may take whatever the limit is."""
    own = item.get_closest_marker("cpu_seconds")
    if item.get_closest_marker("slow"):
        return float("inf")
    return float(own.args[0]) if own else 0.0


def _of_children() -> float:
    try:
        import resource
    except ImportError:  # not on Windows
        return 0.0
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class _Compiling(event.Listener):  # type: ignore[misc]
    """Adds up what the threads of this process spend in the compiler."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._thread = threading.local()

    def on_start(self, event: Any) -> None:
        depth = getattr(self._thread, "depth", 0)
        if depth == 0:
            self._thread.begun = time.thread_time()
        self._thread.depth = depth + 1

    def on_end(self, event: Any) -> None:
        self._thread.depth -= 1
        if self._thread.depth == 0:
            self.seconds += time.thread_time() - self._thread.begun


class CpuSeconds:
    """The plugin: measures where tests run, and adds up and reports where the terminal is."""

    def __init__(self) -> None:
        self._compiling = _Compiling()
        event.register("numba:compile", self._compiling)
        self._last = self._now()
        self._allowed: dict[str, float] = {}
        self._spent: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])

    def _now(self) -> tuple[float, float, float]:
        compiling = self._compiling.seconds
        return time.process_time() - compiling, _of_children(), compiling

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, Any, Any]:
        """Begin with a test."""
        self._last = self._now()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Write into each report what has been spent since the one before."""
        report: Any = yield
        now = self._now()
        spent = [round(new - old, 4) for new, old in zip(now, self._last, strict=True)]
        report.user_properties.append((_NAME, [*spent, _allowed(item)]))
        self._last = now
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up, in the controller also what the workers have sent."""
        for name, spent in report.user_properties:
            if name == _NAME and isinstance(spent, list):
                *seconds, self._allowed[report.nodeid] = spent  # which xdist still has to send
                total = self._spent[report.nodeid]
                total[:] = [a + b for a, b in zip(total, seconds, strict=True)]

    def over(self, limit: float) -> list[tuple[float, float, str]]:
        """Tests that took more than so many seconds, or than they are allowed: all seconds, those in other processes, and the name."""
        costs = ((own + others, others, name) for name, (own, others, _) in self._spent.items())
        return sorted((cost for cost in costs if cost[0] > max(limit, self._allowed[cost[2]])), reverse=True)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail where a limit is set and a test exceeds it."""
        if not hasattr(session.config, "workerinput") and session.exitstatus == 0 and self.over(_most()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Name the costliest tests."""
        if not self._spent:
            return
        own, others, compiling = (sum(spent) for spent in zip(*self._spent.values(), strict=True))
        terminalreporter.section("processor time")
        terminalreporter.line(
            f"{own:.0f} s in tests, {others:.0f} s in processes that they start, {compiling:.0f} s in the compiler"
        )
        most = _most()
        for seconds, in_others, name in self.over(min(TOLD, most)):
            where = f" ({in_others:.1f} s in processes)" if in_others >= 0.1 else ""
            limit = f", more than {most:g} s" if seconds > most else ""
            terminalreporter.line(f"{seconds:6.1f} s  {name}{where}{limit}")
