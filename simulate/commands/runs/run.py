"""``capgap run``: simulate configurations."""

import argparse
from pathlib import Path

from ...errors import InputError
from ..shared import Commands, add_plugin, complain, tell_results, whole


def add(commands: Commands) -> None:
    """Add ``capgap run`` and its options."""
    parser = commands.add_parser("run", help="simulate configurations, continuing what is there")
    parser.add_argument("configs", nargs="+", metavar="CONFIG", help="a YAML file")
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="the results folder instead of results/<name>; with several configurations, the folder "
        "in which each gets one of its name",
    )
    parser.add_argument("--workers", type=whole, metavar="N", help="threads (default: all cores)")
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="compute on the workers of a Dask scheduler; local:N starts N processes here",
    )
    parser.add_argument(
        "--shard", metavar="I/N", help="only the I-th of N parts, to be put together by 'capgap merge'"
    )
    parser.add_argument("--seed", type=whole, metavar="S", help="replaces the configuration's seed")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="changes",
        metavar="KEY=VALUE",
        help="replaces a value, as in stop.frame_errors=50 or curves.0.code.r=4",
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Simulate the configurations, one after the other; 130 after Ctrl-C."""
    from ...configuration.load import load_config
    from ...engine.malloc import settle_memory
    from ...running import runner
    from ...running.shards import Shard

    settle_memory()
    # All configurations are checked before the first is run.
    changes = tuple(options.changes)
    configs = [load_config(config, seed=options.seed, changes=changes) for config in options.configs]
    names = [config.name for config in configs]
    repeated = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if repeated is not None:
        raise InputError(f"two configurations have the name '{repeated}' and would share a results folder")
    part = None if options.shard is None else Shard.parse(options.shard)
    for config in configs:
        folder = runner.results_folder(config, part) if options.out is None else Path(options.out)
        if options.out is not None and len(configs) > 1:
            folder /= config.name
        try:
            results = runner.run(
                config,
                out=folder,
                workers=options.workers,
                cluster=options.cluster,
                shard=options.shard,
                quiet=options.quiet,
            )
        except KeyboardInterrupt as error:
            kept = f"what was done is kept in {folder}" if folder.exists() else "nothing was done yet"
            complain(error, f"interrupted; {kept}, the same command goes on")
            return 130
        tell_results(config.name, results)
    return 0
