"""What the user runs: configuration, engine, results, figures, command line.

Names are imported when first used, so that ``capgap --help`` does not wait for the kernels.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .bench import Benchmark, benchmark
    from .code_bounds import (
        BoundedDistance,
        Rates,
        bounded_distance,
        exact_rates,
        tangential_sphere_bound,
        union_bound,
    )
    from .comparison import Comparison, compare
    from .config import Config, load_config
    from .contract import check
    from .crossings import Crossing
    from .errors import InputError
    from .exit_chart import (
        ExitChart,
        ExitCurves,
        ExitTrajectory,
        exit_curves,
        exit_trajectory,
    )
    from .figures import plot
    from .frame_replay import Replay, replay
    from .html_report import report
    from .limits import Limit, limit_at_value, limit_of_rate
    from .memory import keep_freed_memory
    from .registry import load_plugin, register_channel, register_code, register_decoder
    from .results import Results, Row, load_results
    from .runner import merge, run
    from .schema import configuration_schema

_HOMES = {
    "Benchmark": "bench",
    "BoundedDistance": "code_bounds",
    "Comparison": "comparison",
    "Config": "config",
    "Crossing": "crossings",
    "ExitChart": "exit_chart",
    "ExitCurves": "exit_chart",
    "ExitTrajectory": "exit_chart",
    "InputError": "errors",
    "Limit": "limits",
    "Rates": "code_bounds",
    "Replay": "frame_replay",
    "Results": "results",
    "Row": "results",
    "benchmark": "bench",
    "bounded_distance": "code_bounds",
    "check": "contract",
    "compare": "comparison",
    "configuration_schema": "schema",
    "exact_rates": "code_bounds",
    "exit_curves": "exit_chart",
    "exit_trajectory": "exit_chart",
    "keep_freed_memory": "memory",
    "limit_at_value": "limits",
    "limit_of_rate": "limits",
    "load_config": "config",
    "load_plugin": "registry",
    "load_results": "results",
    "merge": "runner",
    "plot": "figures",
    "register_channel": "registry",
    "register_code": "registry",
    "register_decoder": "registry",
    "replay": "frame_replay",
    "report": "html_report",
    "run": "runner",
    "tangential_sphere_bound": "code_bounds",
    "union_bound": "code_bounds",
}

__all__ = [
    "Benchmark",
    "BoundedDistance",
    "Comparison",
    "Config",
    "Crossing",
    "ExitChart",
    "ExitCurves",
    "ExitTrajectory",
    "InputError",
    "Limit",
    "Rates",
    "Replay",
    "Results",
    "Row",
    "benchmark",
    "bounded_distance",
    "check",
    "compare",
    "configuration_schema",
    "exact_rates",
    "exit_curves",
    "exit_trajectory",
    "keep_freed_memory",
    "limit_at_value",
    "limit_of_rate",
    "load_config",
    "load_plugin",
    "load_results",
    "merge",
    "plot",
    "register_channel",
    "register_code",
    "register_decoder",
    "replay",
    "report",
    "run",
    "tangential_sphere_bound",
    "union_bound",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value
