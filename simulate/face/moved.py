"""Modules under the names that they had in version 0.1.0, for plug-ins that were written then."""

import importlib
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

#: Old names and new ones, both within capgap.
MOVED = {
    "channels.awgn": "channels.models.awgn",
    "channels.bandwidth": "channels.capacity.bandwidth",
    "channels.bec": "channels.models.discrete.bec",
    "channels.bsc": "channels.models.discrete.bsc",
    "channels.channel": "channels.models.channel",
    "channels.constellations": "channels.modulation.constellation.constellations",
    "channels.converse": "channels.capacity.converse",
    "channels.differential_entropy": "channels.information.differential_entropy",
    "channels.discrete_capacity": "channels.information.discrete_capacity",
    "channels.measured_information": "channels.information.measured_information",
    "codes.alist": "codes.matrix_files.alist",
    "codes.columns": "codes.matching.positions",
    "codes.decoders": "codes",
    "codes.decoders.belief_propagation": "codes.ldpc.belief_propagation",
    "codes.decoders.decoder": "codes.decoder",
    "codes.decoders.hard": "codes.elementary.hard",
    "codes.decoders.llr_grid": "vectors.llr_grid",
    "codes.decoders.majority": "codes.elementary.majority",
    "codes.decoders.maximum_likelihood": "codes.universal.trellis_decoding.maximum_likelihood",
    "codes.decoders.syndrome": "codes.universal.syndrome",
    "codes.gallager": "codes.ldpc.gallager",
    "codes.gf2": "codes.binary.gf2",
    "codes.hamming": "codes.elementary.hamming",
    "codes.matlab_files": "codes.matrix_files.matlab",
    "codes.matrix_formats": "codes.matrix_files.formats",
    "codes.matrix_market": "codes.matrix_files.matrix_market",
    "codes.neal_files": "codes.matrix_files.neal",
    "codes.numpy_files": "codes.matrix_files.numpy_files",
    "codes.quasi_cyclic": "codes.matrix_files.quasi_cyclic",
    "codes.repetition": "codes.elementary.repetition",
    "codes.single_parity_check": "codes.elementary.single_parity_check",
    "codes.sparse_encoder": "codes.binary.sparse_encoder",
    "codes.standards": "codes.ldpc.standards",
    "codes.standards.choices": "codes.parameters.choices",
    "codes.standards.dvb_s2": "codes.ldpc.standards.dvb",
    "codes.standards.ethernet": "codes.ldpc.standards.ethernet",
    "codes.standards.wifi": "codes.ldpc.standards.wifi",
    "codes.standards.wimax": "codes.ldpc.standards.wimax",
    "codes.tanner_graph": "codes.binary.tanner_graph",
    "codes.text_matrix": "codes.matrix_files.text",
    "codes.uncoded": "codes.elementary.uncoded",
    "codes.xor_program": "codes.binary.xor_program",
}


class MovedWarning(FutureWarning):
    """A module is imported under a name that it had in an earlier version."""


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
        """Put the module under its new name in the empty one's place, and warn."""
        old = module.__name__
        new = importlib.import_module(f"capgap.{MOVED[old.partition('.')[2]]}")
        public = ".".join(new.__name__.split(".")[:2])
        warnings.warn(
            f"{old} is {new.__name__} now; import from {public} what is there", MovedWarning, stacklevel=2
        )
        if hasattr(new, "__path__"):  # a package's files must not be found under a second name
            names = getattr(new, "__all__", None) or [name for name in vars(new) if not name.startswith("_")]
            module.__dict__.update({name: getattr(new, name) for name in names}, __path__=[])
        else:
            sys.modules[old] = new


def find_moved_modules() -> None:
    """Let Python find modules under their old names too, before folders that are left of them."""
    if not any(isinstance(finder, MovedModules) for finder in sys.meta_path):
        sys.meta_path.insert(0, MovedModules())
