"""Blocks computed by the workers of a Dask cluster (``distributed``): other processes, other machines.

Every worker is told once what is simulated: links, and the source of plugins, so that user code and
matrices need not lie on the machines. Frames, and so counts, are those of one machine.
"""

import getpass
import hashlib
import importlib.util
import logging
import os
import re
import signal
import stat
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .atomic import write_atomically
from .errors import InputError
from .link import Link, OperatingPoint
from .registry import FRAMES_VERSION, load_plugin, load_plugin_file, loaded_plugins, plugin_module
from .workers import Outcome, Workers, simulate_block

#: Seconds to wait for the scheduler.
CONNECT = 15.0
#: Seconds between two looks at how many workers there are.
LOOK = 1.0
LOCAL = re.compile(r"local:([0-9]+)")


@dataclass(frozen=True)
class Plugin:
    """User code on its way to the workers.

    Attributes
    ----------
    module
        Name of the module it is here, and will be there.
    file
        Name of its file; None if it is a package, which has to be installed on the workers.
    source
        What is in the file.
    """

    module: str
    file: str | None
    source: bytes

    @classmethod
    def read(cls, name: str) -> "Plugin":
        """A plugin that this process has loaded already."""
        path = Path(name)
        if path.suffix == ".py":
            return cls(plugin_module(path), path.name, path.read_bytes())
        spec = importlib.util.find_spec(name)
        origin = None if spec is None or spec.submodule_search_locations else spec.origin
        if origin is None or Path(origin).suffix != ".py":
            return cls(name, None, b"")
        return cls(name, Path(origin).name, Path(origin).read_bytes())

    def load(self) -> None:
        """Load it on a worker: from a file made there, so that Numba can keep what it compiles of it."""
        if self.file is None:
            load_plugin(self.module)
            return
        digest = hashlib.sha256(self.module.encode() + self.source).hexdigest()[:16]
        folder = _private_folder() / digest
        folder.mkdir(exist_ok=True, mode=0o700)
        file = folder / self.file
        if not file.exists() or file.read_bytes() != self.source:
            write_atomically(file, self.source)
        load_plugin_file(file, self.module)


def _private_folder() -> Path:
    """A worker's folder for plugins, which lasts, and in which nobody but its user can have put code.

    Raises InputError if what is there may be somebody else's.
    """
    has_ids = hasattr(os, "getuid")  # Windows has none, and a temporary folder for each user
    folder = Path(tempfile.gettempdir()) / f"capgap-plugins-{os.getuid() if has_ids else getpass.getuser()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if has_ids:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
            raise InputError(
                f"{folder}: on a worker, this is no folder that its user alone can write to, so no plugin is "
                "loaded from it: remove it there, or start the worker with another TMPDIR"
            )
    return folder


@dataclass(frozen=True)
class Payload:
    """What workers must know: plugins, and the links in the form of bytes."""

    token: str
    version: str
    plugins: tuple[Plugin, ...]
    links: bytes


class Cluster(Workers):
    """Workers behind a Dask scheduler.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://host:8786``; or ``local:N``: a cluster of N processes on
        this machine, for as long as the run lasts.
    links
        What will be simulated.

    Raises
    ------
    InputError
        If ``distributed`` is not installed, nobody answers, or a link cannot be sent.
    """

    block_seconds = 0.5

    def __init__(self, address: str, links: Sequence[Link]) -> None:
        try:
            import cloudpickle
            import distributed
        except ImportError:
            raise InputError(
                "--cluster needs Dask's distributed: install it with pip install 'capgap[cluster]'"
            ) from None
        self._distributed: Any = distributed
        self._index = {link: i for i, link in enumerate(links)}
        try:
            packed = cloudpickle.dumps(list(links))
        except Exception as error:
            raise InputError(
                f"the curves cannot be sent to the workers of a cluster: {type(error).__name__}: {error}"
            ) from error
        sources = tuple(Plugin.read(name) for name in loaded_plugins)
        token = hashlib.sha256(packed + repr(sources).encode()).hexdigest()[:16]
        self._payload = Payload(token, _version(), sources, packed)
        self._address = address
        self._local: Any = None
        self._client: Any = None
        self._futures: Any = None
        self._count = 0
        self._looked = -float("inf")

    def __enter__(self) -> Self:
        _quiet("distributed")
        distributed = self._distributed
        match = LOCAL.fullmatch(self._address.strip())
        if re.match("local(:|$)", self._address) and (match is None or not 1 <= int(match[1]) <= 4096):
            raise InputError(f"--cluster {self._address}: write local:N, with N processes, such as local:4")
        try:
            if match is not None:
                with _without_interrupts():
                    self._local = distributed.LocalCluster(
                        n_workers=int(match[1]),
                        threads_per_worker=1,
                        processes=True,
                        dashboard_address=":0",
                        silence_logs=logging.CRITICAL,
                    )
            scheduler = self._address if self._local is None else self._local
            self._client = distributed.Client(scheduler, timeout=CONNECT, set_as_default=False)
            self._client.register_plugin(
                _plugin(distributed, self._payload), name=f"capgap-{self._payload.token}"
            )
        except (OSError, ValueError, TimeoutError) as error:
            self.__exit__(None, None, None)
            raise InputError(
                f"--cluster {self._address}: no Dask scheduler answers there ({error}). "
                "Give an address such as tcp://host:8786, or local:N"
            ) from None
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self._futures = self._client.get_executor(pure=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self._client, self._local):
            if each is not None:
                each.close(timeout=10)

    @property
    def count(self) -> int:
        """Threads of all workers there are at the moment."""
        if time.monotonic() - self._looked > LOOK:
            self._looked = time.monotonic()
            try:
                self._count = sum(self._client.nthreads().values())
            except Exception:  # whatever a connection that is being lost makes of it
                self._count = 0
        return self._count

    def submit(self, link: Link, point: OperatingPoint, first: int, frames: int) -> "Future[Outcome]":
        """Hand a block to the scheduler."""
        index = self._index[link]
        try:
            future: Future[Outcome] = self._futures.submit(
                compute, self._payload.token, index, point.value, first, frames
            )
        except Exception:
            self.check()
            raise
        return future

    def check(self) -> None:
        """Raise InputError if the scheduler is gone; Dask tries for some time to find it again."""
        if self._client.status == "closed":
            _quiet("concurrent.futures")  # which would tell of each block that cannot be called back
            raise InputError(
                f"--cluster {self._address}: the scheduler is gone. What was done is kept: the same command "
                "goes on with a new one"
            )

    def lost(self, error: BaseException) -> bool:
        """A worker died with the block, several times; or the scheduler forgot it."""
        return isinstance(error, self._distributed.KilledWorker | CancelledError)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Start processes that take no notice of Ctrl-C, which a terminal sends to all of them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _quiet(name: str) -> None:
    """Keep a library's loggers from writing between the lines of the progress display."""
    for each in (name, *(known for known in logging.root.manager.loggerDict if known.startswith(f"{name}."))):
        logging.getLogger(each).setLevel(logging.CRITICAL)


def _plugin(distributed: Any, payload: Payload) -> Any:
    """A Dask worker plugin that leaves the payload with every worker there is and will be."""

    class Deliver(distributed.WorkerPlugin):  # type: ignore[misc]
        """Hands over what is simulated."""

        def setup(self, worker: Any) -> None:
            from capgap.simulate.cluster import receive

            receive(payload)

    return Deliver()


#: What runs sent to this worker, the newest last, and the links unpacked of it.
_payloads: dict[str, Payload] = {}
_links: dict[str, list[Link]] = {}
_unpacking = threading.Lock()
#: Runs whose payloads a worker keeps.
MOST_RUNS = 32


def receive(payload: Payload) -> None:
    """On a worker: keep the payload; it is unpacked by the first block."""
    with _unpacking:
        _payloads[payload.token] = payload
        for token in list(_payloads)[:-MOST_RUNS]:
            del _payloads[token]
            _links.pop(token, None)


def compute(token: str, index: int, value: float, first: int, frames: int) -> Outcome:
    """On a worker: the counts of a block."""
    link = _unpacked(token)[index]
    return simulate_block(link, link.at(value), first, frames)


def _unpacked(token: str) -> list[Link]:
    with _unpacking:
        if token not in _links:
            if token not in _payloads:
                raise InputError("a worker of the cluster no longer knows of this run: start it again")
            payload = _payloads[token]
            if payload.version != _version():
                raise InputError(
                    f"a worker of the cluster has capgap {_version()}, this is {payload.version}: "
                    "install the same version everywhere"
                )
            import cloudpickle

            for plugin in payload.plugins:
                plugin.load()
            _links[token] = cloudpickle.loads(payload.links)
        return _links[token]


def _version() -> str:
    return f"{version('capgap')}, frames {FRAMES_VERSION}"
