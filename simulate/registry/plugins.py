"""Plug-ins: files and modules that register codes, decoders and channels."""

import contextlib
import hashlib
import importlib
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from ..failures import FAILURES, told, user_modules

#: What was loaded with ``load_plugin``, so that workers elsewhere can be given the same.
loaded_plugins: list[str] = []


def load_plugin(source: str) -> None:
    """Run a file, ``path/to/my_codes.py``, or import a module, ``my_codes``, that registers names.

    Raises InputError if it cannot be found, or fails.
    """
    path = Path(source)
    if path.suffix == ".py":
        if not path.is_file():
            raise InputError(f"{source}: there is no such plugin file")
        try:
            name = plugin_module(path)
        except OSError as error:
            raise InputError(f"{source}: cannot be read: {error.strerror}") from None
        load_plugin_file(path, name)
    else:
        with _failures_told(source, path):
            importlib.import_module(source)
        user_modules.add(source)
    if source not in loaded_plugins:
        loaded_plugins.append(source)


def plugin_module(path: Path) -> str:
    """The name of the module that a plugin's file becomes.

    It follows from the content, not the place: what Numba keeps of a module is tied to its name, and
    goes along when a folder is moved.
    """
    return f"capgap_plugin_{path.stem}_{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"


def load_plugin_file(path: Path, name: str) -> None:
    """Run a plugin's file as the module ``name``; raises InputError if it fails."""
    user_modules.add(name)
    with _failures_told(str(path), path):
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)


@contextlib.contextmanager
def _failures_told(source: str, path: Path) -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except FAILURES as error:
        line = _line_within(error, path)
        raise InputError(f"{source}{line}: the plugin fails: {told(error)}") from error


def _line_within(error: BaseException, path: Path) -> str:
    """``:line`` of the innermost frame of a traceback that lies in a file, if one does."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f":{error.lineno}"
    line, trace = "", error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).absolute() == path.absolute():
            line = f":{trace.tb_lineno}"
        trace = trace.tb_next
    return line
