"""Blocks computed by the workers of a Dask cluster (``distributed``): other processes, other machines.

Every worker is told once what is simulated: experiments, and the source of plugins, so that user code and
matrices need not lie on the machines. Frames, and so counts, are those of one machine.

All of it trusts the cluster, as Dask does: see docs/cluster.md.
"""

import asyncio
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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from ..errors import InputError
from ..failures import copies
from ..registry.plugins import load_plugin, load_plugin_file, loaded_plugins, plugin_module
from ..registry.registry import frames_versions
from ..results.atomic_files import write_atomically
from .experiment import Experiment, ExperimentPoint
from .malloc import settle_memory
from .workers import Outcome, Workers, simulate_block

#: Seconds to wait for the scheduler.
CONNECT = 15.0
#: Seconds in which the workers that are there must have taken over what is simulated.
DELIVER = 60.0
#: How often that is tried when workers are lost meanwhile.
DELIVERIES = 3
#: Seconds between two looks at how many workers there are.
LOOK = 1.0
#: Seconds after which processes of ``local:N`` that are all gone are not waited for any more. Workers of
#: a scheduler are: a batch system may start them at any time.
ALONE = 120.0
LOCAL = re.compile(r"local:([0-9]+)")
T = TypeVar("T")


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
    path
        Where the user has it, for messages.
    """

    module: str
    file: str | None
    source: bytes
    path: str = ""

    @classmethod
    def read(cls, name: str) -> "Plugin":
        """A plugin that this process has loaded already."""
        path = Path(name)
        if path.suffix == ".py":
            return cls(plugin_module(path), path.name, path.read_bytes(), name)
        spec = importlib.util.find_spec(name)
        origin = None if spec is None or spec.submodule_search_locations else spec.origin
        if origin is None or Path(origin).suffix != ".py":
            return cls(name, None, b"")
        return cls(name, Path(origin).name, Path(origin).read_bytes(), origin)

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
        copies[str(file)] = self.path
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
    """What workers must know: plugins, and the experiments in the form of bytes."""

    token: str
    version: str
    plugins: tuple[Plugin, ...]
    experiments: bytes


class Cluster(Workers):
    """Workers behind a Dask scheduler.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://host:8786``, or ``tls://host:8786`` where Dask's configuration
        names certificates; or ``local:N``: a cluster of N processes on this machine, for as long as the run
        lasts, that listens on the loopback interface alone.
    experiments
        What will be simulated.

    Raises
    ------
    InputError
        If ``distributed`` is not installed, nobody answers, workers cannot take over what is simulated, or
        an experiment cannot be sent. Dask's own exceptions never leave this class.
    """

    block_seconds = 0.5

    def __init__(self, address: str, experiments: Sequence[Experiment[Any]]) -> None:
        try:
            import cloudpickle
            import distributed
        except ImportError:
            raise InputError(
                "--cluster needs Dask's distributed: install it with pip install 'capgap[cluster]'"
            ) from None
        self._distributed: Any = distributed
        self._index = {experiment: i for i, experiment in enumerate(experiments)}
        try:
            packed = cloudpickle.dumps(list(experiments))
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
        self._seen = float("inf")  # when there last was a worker

    def __enter__(self) -> Self:
        _quiet("distributed")
        for name in ("asyncio", "tornado.application"):
            logging.getLogger(name).addFilter(_not_of_dask)
        match = LOCAL.fullmatch(self._address.strip())
        if re.match("local(:|$)", self._address) and (match is None or not 1 <= int(match[1]) <= 4096):
            raise InputError(f"--cluster {self._address}: write local:N, with N processes, such as local:4")
        try:
            if match is not None:
                self._local = self._start(int(match[1]))
            self._client = self._connect()
            self._deliver()
            self._futures = self._client.get_executor(pure=False)
            self._seen = time.monotonic()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self._client, self._local):
            if each is not None:
                with suppress(Exception):  # what it was needed for is done, or has failed already
                    each.close(timeout=10)

    def _start(self, processes: int) -> Any:
        """A cluster on this machine, which nothing outside it can reach."""
        try:
            with _without_interrupts():
                return self._distributed.LocalCluster(
                    n_workers=processes,
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    # Dask has a page of the scheduler's state at least, and would serve it to all interfaces.
                    dashboard_address="127.0.0.1:0",
                    scheduler_kwargs={"dashboard": False},
                    silence_logs=logging.CRITICAL,
                )
        except Exception as error:
            raise self._failed(
                f"the processes could not be started ({_said(error)}). Were they killed, for want of memory "
                "perhaps? Fewer of them take less"
            ) from error

    def _connect(self) -> Any:
        """A client of the scheduler. One that takes the connection and says nothing is not waited for."""
        distributed, address = self._distributed, self._address
        try:
            if self._local is None and not _has_security_loader():
                arguments = self._certified()
                _within(CONNECT + 1, lambda: asyncio.run(_greet(distributed, address, arguments)))
            return distributed.Client(self._local or address, timeout=CONNECT, set_as_default=False)
        except InputError:
            raise
        except TimeoutError as error:
            raise self._failed(
                "something takes connections there, but does not answer as a Dask scheduler within "
                f"{CONNECT:g} seconds. Is it one, and do both sides use TLS, or neither?"
            ) from error
        except (TypeError, ImportError) as error:
            raise self._failed(
                f"Dask cannot connect to such an address here ({_said(error)}). Use tcp:// or tls://, or "
                "install what it needs, such as distributed-ucxx for ucx://"
            ) from error
        except Exception as error:
            raise self._failed(
                f"no Dask scheduler answers there ({_said(error)}). "
                "Give an address such as tcp://host:8786, or local:N"
            ) from error

    def _certified(self) -> Any:
        """What a connection takes along: the certificates of TLS, if Dask's configuration names any."""
        try:
            arguments = self._distributed.Security().get_connection_args("client")
        except OSError as error:
            raise self._failed(
                "the certificates that Dask's configuration names in distributed.comm.tls cannot be used "
                f"({error})"
            ) from error
        if self._address.startswith("tls://") and arguments["ssl_context"] is None:
            raise self._failed(
                "TLS needs certificates, and Dask's configuration names none: set ca-file, and cert and key "
                "of client, in distributed.comm.tls, in ~/.config/dask/*.yaml or in variables such as "
                "DASK_DISTRIBUTED__COMM__TLS__CA_FILE (docs/cluster.md shows it)"
            )
        return arguments

    def _deliver(self) -> None:
        """Tell all workers, those there are and those that will be, what is simulated."""
        name, plugin = f"capgap-{self._payload.token}", _plugin(self._distributed, self._payload)
        for attempt in range(DELIVERIES):
            try:
                _within(DELIVER, lambda: self._client.register_plugin(plugin, name=name))
                return
            except TimeoutError as error:
                raise self._failed(
                    f"its workers have not taken over what is simulated within {DELIVER:g} seconds: some are "
                    "stuck, or cannot be reached from the scheduler"
                ) from error
            except OSError as error:
                if attempt == DELIVERIES - 1 or self._client.status != "running":
                    raise self._failed(
                        f"workers are lost before they begin ({_said(error)}). Are they killed, for want of "
                        "memory perhaps, and do they reach the scheduler?"
                    ) from error
            except Exception as error:
                raise self._failed(
                    f"its workers cannot take over what is simulated ({_said(error)}). They need capgap, in "
                    "the same version as here"
                ) from error

    def _failed(self, what: str) -> InputError:
        return InputError(f"--cluster {self._address}: {what}")

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

    def submit(
        self, experiment: Experiment[Any], point: ExperimentPoint, first: int, frames: int
    ) -> "Future[Outcome]":
        """Hand a block to the scheduler."""
        index = self._index[experiment]
        try:
            future: Future[Outcome] = self._futures.submit(
                compute, self._payload.token, index, point.value, first, frames
            )
        except Exception as error:
            self.check()
            raise self._failed(f"the scheduler takes no more work ({_said(error)})") from error
        return future

    def check(self) -> None:
        """Raise InputError if the scheduler is gone, which Dask tries to find again for some time.

        Also if it is ours, and there have been no workers for ALONE seconds.
        """
        if self._client.status == "closed":
            _quiet("concurrent.futures")  # which would tell of each block that cannot be called back
            raise self._failed(
                "the scheduler is gone. What was done is kept: the same command goes on with a new one"
            )
        if self._local is None:
            return
        if self.count:
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > ALONE:
            raise self._failed(
                "its processes are gone, and do not come back. Were they killed, for want of memory perhaps? "
                "What was done is kept: the same command goes on, and fewer processes take less"
            )

    def lost(self, error: BaseException) -> bool:
        """A worker died with the block, several times; or the scheduler forgot it, or a connection broke.

        Raises InputError if it is something else that the simulation itself has not told: it turns all its
        own errors into InputErrors, so a worker cannot even begin.
        """
        if isinstance(error, self._distributed.KilledWorker | CancelledError | OSError):
            return True
        if not isinstance(error, InputError):
            raise self._failed(
                f"a worker cannot simulate ({_said(error)}). Workers need capgap, in the same version as here"
            ) from error
        return False


def _has_security_loader() -> bool:
    """Whether Dask is configured to get certificates from somebody's code, which its client then calls."""
    import dask

    return bool(dask.config.get("distributed.client.security-loader", None))


def _said(error: BaseException) -> str:
    """What an exception of Dask's says: its name where it says nothing, or what made it."""
    while error.__cause__ is not None and not isinstance(error, OSError):
        error = error.__cause__
    text = " ".join(str(error).split())
    name = type(error).__name__
    if isinstance(error, OSError | ValueError) and text:
        return text
    return f"{name}: {text}" if text else name


def _within(seconds: float, call: Callable[[], T]) -> T:
    """What a call returns or raises; TimeoutError if it takes longer, in which case its thread is left."""
    done: Future[T] = Future()

    def work() -> None:
        try:
            done.set_result(call())
        except BaseException as error:
            done.set_exception(error)

    # A thread, as whoever calls may have an event loop running in this one, as notebooks have.
    threading.Thread(target=work, daemon=True, name="capgap-cluster").start()
    return done.result(timeout=seconds)


async def _greet(distributed: Any, address: str, arguments: dict[str, Any]) -> None:
    """Exchange Dask's first messages with a scheduler, within CONNECT seconds.

    Raises OSError if nobody takes the connection, TimeoutError if whoever takes it says nothing.
    """
    # Dask's own limit ends once there is a connection.
    connected = await asyncio.wait_for(
        distributed.comm.connect(address, timeout=CONNECT * 0.8, **arguments), CONNECT
    )
    connected.abort()


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


def _not_of_dask(record: logging.LogRecord) -> bool:
    """Leave out what event loops tell of lost connections of Dask, which it has dealt with."""
    error = record.exc_info[1] if record.exc_info else None
    return not type(error).__module__.startswith("distributed.")


def _plugin(distributed: Any, payload: Payload) -> Any:
    """A Dask worker plugin that leaves the payload with every worker there is and will be."""

    class Deliver(distributed.WorkerPlugin):  # type: ignore[misc]
        """Hands over what is simulated."""

        def setup(self, worker: Any) -> None:
            from capgap.simulate.engine.cluster import receive

            receive(payload)

    return Deliver()


#: What runs sent to this worker, the newest last; the experiments unpacked of it; and their points, by number
#: and value: what a point is made of may have taken long.
_payloads: dict[str, Payload] = {}
_experiments: dict[str, list[Experiment[Any]]] = {}
_points: dict[str, dict[tuple[int, float], ExperimentPoint]] = {}
_unpacking = threading.Lock()
#: Runs whose payloads a worker keeps.
MOST_RUNS = 32


def receive(payload: Payload) -> None:
    """On a worker: keep the payload; it is unpacked by the first block."""
    with _unpacking:
        _payloads[payload.token] = payload
        for token in list(_payloads)[:-MOST_RUNS]:
            del _payloads[token]
            _experiments.pop(token, None)
            _points.pop(token, None)


def compute(token: str, index: int, value: float, first: int, frames: int) -> Outcome:
    """On a worker: the counts of a block."""
    settle_memory()
    experiment = _unpacked(token)[index]
    points = _points.setdefault(token, {})
    if (index, value) not in points:
        points[index, value] = experiment.at(value)
    return simulate_block(experiment, points[index, value], first, frames)


def _unpacked(token: str) -> list[Experiment[Any]]:
    with _unpacking:
        if token not in _experiments:
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
            _experiments[token] = cloudpickle.loads(payload.experiments)
        return _experiments[token]


def _version() -> str:
    return f"{version('capgap')}, frames {frames_versions()}"
