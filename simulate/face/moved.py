"""Modules under the names that they had in version 0.1.0, for plug-ins that were written then."""

import importlib
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

#: Names that plug-ins are likely to have, and what is imported for them, both within capgap.
MOVED = {
    "channels.awgn": "channels.models.awgn",
    "channels.bec": "channels.models.bec",
    "channels.bsc": "channels.models.bsc",
    "channels.channel": "channels.models.channel",
    "channels.constellations": "channels.modulation.constellations",
    "codes.decoders": "codes",
    "codes.decoders.decoder": "codes.decoder",
    "codes.gf2": "codes.binary.gf2",
    "codes.hamming": "codes.elementary.hamming",
    "codes.repetition": "codes.elementary.repetition",
    "codes.single_parity_check": "codes.elementary.single_parity_check",
    "codes.tanner_graph": "codes.binary.tanner_graph",
    "codes.uncoded": "codes.elementary.uncoded",
}


class MovedModules(MetaPathFinder, Loader):
    """Finds a module that has moved where it is now, and warns of that."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A specification of the module under its old name; None for any other."""
        package, _, name = fullname.partition(".")
        return ModuleSpec(fullname, self) if package == "capgap" and name in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """An empty module at first, as Python makes it."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Put the module under its new name in the empty one's place."""
        new = f"capgap.{MOVED[module.__name__.partition('.')[2]]}"
        warnings.warn(f"{module.__name__} is {new} now", DeprecationWarning, stacklevel=2)
        sys.modules[module.__name__] = importlib.import_module(new)


def find_moved_modules() -> None:
    """Let Python find modules under their old names too, before folders that are left of them."""
    if not any(isinstance(finder, MovedModules) for finder in sys.meta_path):
        sys.meta_path.insert(0, MovedModules())
