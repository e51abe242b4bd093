# The public names and their homes, written once: ``__init__.py`` imports each when it is first used.

from .analysis.comparison import Comparison
from .analysis.frame_replay import Replay, replay
from .bench.measure import benchmark
from .bench.measured import Benchmark
from .commands.results.compare import compare
from .configuration.config import Config
from .configuration.load import load_config
from .configuration.schema import configuration_schema
from .contract.check import check
from .engine.malloc import keep_freed_memory
from .errors import InputError
from .figures import plot
from .registry.plugins import load_plugin
from .registry.registry import register_channel, register_code, register_decoder, register_modulation
from .reports.html_report import report
from .results.crossings import Crossing
from .results.rows import Results, Row, load_results
from .running.runner import merge, run
from .theory.code_rates.exact_rates import BoundedDistance, bounded_distance, exact_rates
from .theory.code_rates.rates import Rates
from .theory.code_rates.tangential_sphere import tangential_sphere_bound
from .theory.code_rates.union_bounds import union_bound
from .theory.exit.exit_chart import ExitChart
from .theory.exit.exit_curves import ExitCurves, exit_curves
from .theory.exit.exit_trajectory import ExitTrajectory, exit_trajectory
from .theory.limits import Limit, limit_at_value, limit_of_rate

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
    "register_modulation",
    "replay",
    "report",
    "run",
    "tangential_sphere_bound",
    "union_bound",
]
