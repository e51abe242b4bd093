"""A cluster of processes: the same counts as threads, whatever happens to its workers."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import InputError, load_config, load_plugin, load_results, run
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.yaml_file import dump_yaml
from capgap.simulate.engine import cluster as cluster_module
from capgap.simulate.engine.cluster import Cluster, Plugin
from capgap.simulate.engine.engine import Engine
from capgap.simulate.engine.point import Point
from capgap.simulate.failures import user_frame
from capgap.simulate.registry.plugins import plugin_module
from capgap.simulate.results.rows import Results

from tests.lazy import but_slow

pytestmark = pytest.mark.usefixtures("plain_figures")

distributed: Any = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster of two processes, which the tests share."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        yield cluster.scheduler_address


def counts(results: Results) -> list[Any]:
    return [(row.curve, row.value, row.tally, row.stop, row.key) for row in results]


@pytest.mark.parametrize("every_decoder", but_slow(range(3), [0]), indirect=True)
def test_a_cluster_counts_as_threads_do(every_decoder: dict[str, Any], scheduler: str) -> None:
    """A third of all decoders by default: what they are made of is sent by pickling, which the contract tries of all."""
    assert counts(run(every_decoder, cluster=scheduler, save=False)) == counts(run(every_decoder, save=False))


@pytest.mark.slow
def test_workers_that_die_are_survived(
    config: dict[str, Any], scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each worker is killed once, in the middle; what it had begun is computed by another."""
    monkeypatch.setattr(Cluster, "block_seconds", 0.02)
    config["stop"] = {"frame_errors": 400, "frames": 20_000}
    plans = [curve.plan({}) for curve in load_config(config).curves]
    with distributed.Client(scheduler, set_as_default=False) as client:
        victims = list(client.run(os.getpid).values())
    assert len(victims) == 2
    commits = 0

    def kill(point: Point) -> None:
        nonlocal commits
        commits += 1
        if commits in (8, 20):
            os.kill(victims.pop(), signal.SIGKILL)

    with Cluster(scheduler, [plan.experiment for plan in plans]) as workers:
        Engine(plans, workers, kill).run()
    assert not victims
    rows = tuple(point.row() for plan in plans for point in plan.points)
    assert counts(Results(rows)) == counts(run(config, save=False))


PLUGIN = '''
from numba import njit
from capgap.codes import HammingCode
from capgap.simulate import register_code

@njit(cache=True)
def seven(n):
    return n

@register_code("{name}")
class Mine(HammingCode):
    """A code of the user's, with a kernel."""
    def encode(self, bits):
        assert seven(7) == 7
        return super().encode(bits)
'''


@pytest.mark.usefixtures("clean_registry")
def test_plugins_reach_the_workers(tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file, and from a module that the workers cannot import; both gone from the disk by then."""
    file, module = tmp_path / "mine.py", tmp_path / "lib" / "my_module.py"
    module.parent.mkdir()
    file.write_text(PLUGIN.format(name="mine"))
    module.write_text(PLUGIN.format(name="module-code"))
    monkeypatch.syspath_prepend(module.parent)
    load_plugin(str(file))
    load_plugin("my_module")
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": [0.1, 0.05]},
        "curves": [
            {"label": "file", "code": {"type": "mine", "r": 3}},
            {"label": "module", "code": {"type": "module-code", "r": 3}},
        ],
        "stop": {"frame_errors": 50, "frames": 10_000},
    }
    resolved = load_config(config)
    workers = Cluster(scheduler, [curve.link for curve in resolved.curves])
    file.unlink()
    module.unlink()
    plans = [curve.plan({}) for curve in resolved.curves]
    workers._index = {plan.experiment: i for i, plan in enumerate(plans)}
    with workers:
        Engine(plans, workers).run()
    rows = tuple(point.row() for plan in plans for point in plan.points)
    assert counts(Results(rows)) == counts(run(resolved, save=False))


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugin]:
    """One that does nothing, and a temporary folder to load it from."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    yield Plugin("capgap_plugin_nothing", "nothing.py", b"DONE = True")
    sys.modules.pop("capgap_plugin_nothing", None)


@pytest.mark.usefixtures("clean_registry", "plugin")
def test_what_fails_in_a_plugin_on_a_worker_is_told_of_the_users_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text("def fail():\n    raise RuntimeError('no')\n")
    load_plugin(str(mine))
    module = plugin_module(mine)
    sent = Plugin.read(str(mine))
    del sys.modules[module]
    mine.unlink()
    sent.load()
    with pytest.raises(RuntimeError) as caught:
        sys.modules[module].fail()
    assert "temporary" in str(sys.modules[module].__file__)
    assert user_frame(caught.value) == f"{mine}:2"


def test_a_plugin_lies_in_a_folder_of_its_users_own(plugin: Plugin, tmp_path: Path) -> None:
    plugin.load()
    plugin.load()
    assert sys.modules["capgap_plugin_nothing"].DONE
    (folder,) = (tmp_path / "temporary").iterdir()
    assert [file.read_bytes() for file in folder.glob("*/nothing.py")] == [plugin.source]
    if hasattr(os, "getuid"):
        assert folder.name == f"capgap-plugins-{os.getuid()}"
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="there are no users' numbers here")
@pytest.mark.parametrize("what", ["foreign", "writable", "link", "file"])
def test_plugins_are_not_loaded_from_a_folder_that_others_may_have_made(
    what: str, plugin: Plugin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = os.getuid()
    if what == "foreign":
        monkeypatch.setattr(os, "getuid", lambda: user + 1)
    folder = tmp_path / "temporary" / f"capgap-plugins-{os.getuid()}"
    if what == "link":
        folder.symlink_to(tmp_path, target_is_directory=True)
    elif what == "file":
        folder.touch()
    else:
        folder.mkdir()
        folder.chmod(0o770 if what == "writable" else 0o700)
    with pytest.raises(InputError, match=r"capgap-plugins-\d+: on a worker"):
        plugin.load()
    assert "capgap_plugin_nothing" not in sys.modules


def test_an_installed_package_is_only_named(tmp_path: Path) -> None:
    assert Plugin.read("json") == Plugin("json", None, b"")


@pytest.mark.slow
def test_the_command_line_starts_processes(config: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(dump_yaml(config))
    arguments = ["run", str(file), "--quiet", "--out"]
    assert main([*arguments, str(tmp_path / "c"), "--cluster", "local:2"]) == 0
    assert main([*arguments, str(tmp_path / "t")]) == 0
    assert counts(load_results(tmp_path / "c")) == counts(load_results(tmp_path / "t"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("local", "write local:N"),
        ("local:0", "write local:N"),
        ("local:x", "write local:N"),
        ("tcp://127.0.0.1:1", "no Dask scheduler answers there"),
        ("nonsense", "no Dask scheduler answers there"),
        ("tls://127.0.0.1:1", "Dask's configuration names none: set ca-file, and cert and key of client"),
        (
            "ucx://127.0.0.1:1",
            "no Dask scheduler answers there|install what it needs, such as distributed-ucxx",
        ),
    ],
)
def test_addresses_without_a_cluster(
    config: dict[str, Any], address: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "CONNECT", 0.5)
    with pytest.raises(InputError, match=f"--cluster {address}: .*({words})"):
        run(config, cluster=address, out=tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_workers_and_cluster_exclude_each_other(config: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="give one"):
        run(config, cluster="local:2", workers=2)


@pytest.mark.cpu_seconds(40)  # the cluster's processes end after it, and have computed for the tests before
def test_a_scheduler_that_is_gone_is_told(config: dict[str, Any], scheduler: str) -> None:
    links = [curve.link for curve in load_config(config).curves]
    with Cluster(scheduler, links) as workers:
        workers.check()
        workers._client.close()
        assert workers.count == 0
        with pytest.raises(InputError, match=r"the scheduler is gone\. What was done is kept"):
            workers.check()
        with pytest.raises(InputError, match="the scheduler is gone"):
            workers.submit(links[0], links[0].at(1), 0, 1)


@pytest.mark.slow
def test_who_takes_connections_and_says_nothing_is_not_waited_for(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "CONNECT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(InputError, match=r"does not answer as a Dask scheduler within 0\.5 seconds"):
            run(config, cluster=address, out=tmp_path / "r")
        assert time.monotonic() - began < 60
    assert not (tmp_path / "r").exists()


@pytest.mark.slow
def test_processes_here_are_reached_from_here_alone_and_missed_when_gone(
    config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    psutil = pytest.importorskip("psutil")
    links = [curve.link for curve in load_config(config).curves]
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with Cluster("local:1", links) as workers:
        assert workers.count == 1
        assert workers._local.scheduler_spec["options"]["dashboard"] is False
        here = psutil.Process()
        ours = [here, *(child for child in here.children(recursive=True) if child.pid not in before)]
        listening = [
            each.laddr.ip
            for process in ours
            for each in getattr(process, "net_connections", process.connections)(kind="inet")
            if each.status == psutil.CONN_LISTEN
        ]
        assert len(listening) >= 4  # scheduler and worker, each with its pages
        assert set(listening) == {"127.0.0.1"}
        workers.check()
        workers._local.scale(0)
        monkeypatch.setattr(cluster_module, "LOOK", 0.0)
        while workers.count:
            time.sleep(0.05)
        workers.check()  # they may come back
        monkeypatch.setattr(cluster_module, "ALONE", 0.0)
        with pytest.raises(InputError, match="its processes are gone, and do not come back"):
            workers.check()


@pytest.mark.slow
def test_processes_that_are_killed_while_they_start(config: dict[str, Any], tmp_path: Path) -> None:
    psutil = pytest.importorskip("psutil")
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    done = threading.Event()

    def kill() -> None:
        while not done.wait(0.01):
            for child in psutil.Process().children(recursive=True):
                if child.pid not in before:
                    try:
                        if "spawn_main" in " ".join(child.cmdline()):
                            child.kill()
                    except psutil.Error:
                        continue  # gone already

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with pytest.raises(InputError, match="--cluster local:1: the processes could not be started"):
            run(config, cluster="local:1", out=tmp_path / "r")
    finally:
        done.set()
        killer.join()
    assert not (tmp_path / "r").exists()


class Losing:
    """A client whose workers are lost some times while they are told what is simulated."""

    status = "running"

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times = error, times

    def register_plugin(self, plugin: object, name: str) -> None:
        self.times -= 1
        if self.times >= 0:
            raise self.error


@pytest.mark.slow
def test_workers_that_are_lost_before_they_begin(config: dict[str, Any]) -> None:
    cluster = Cluster("tcp://there:1", [curve.link for curve in load_config(config).curves])
    lost = distributed.comm.CommClosedError("in <TCP>: Stream is closed")
    cluster._client = Losing(lost, 2)
    cluster._deliver()
    cluster._client = Losing(lost, 3)
    with pytest.raises(InputError, match=r"workers are lost before they begin .*Stream is closed"):
        cluster._deliver()
    cluster._client = Losing(ModuleNotFoundError("No module named 'capgap'"), 1)
    with pytest.raises(InputError, match=r"cannot take over .*No module named 'capgap'.* They need capgap"):
        cluster._deliver()
    assert cluster.lost(lost)
    assert not cluster.lost(InputError("a.py:3: fails"))
    with pytest.raises(InputError, match=r"a worker cannot simulate .*No module named 'galois'"):
        cluster.lost(ModuleNotFoundError("No module named 'galois'"))


@pytest.mark.slow
def test_tls_with_the_certificates_of_dasks_configuration(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dask = pytest.importorskip("dask")
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    certificate, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    name = ["-subj", "/CN=capgap-test", "-days", "2"]
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        *name,
        "-keyout",
        key,
        "-out",
        certificate,
    ]
    subprocess.run(made, check=True, capture_output=True)
    pair = {"cert": certificate, "key": key}
    tls = {"ca-file": certificate, "client": pair, "scheduler": pair, "worker": pair}
    config["curves"] = config["curves"][:1]
    with (
        dask.config.set({f"distributed.comm.tls.{name}": value for name, value in tls.items()}),
        dask.config.set({"distributed.comm.require-encryption": True}),
        distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            processes=False,
            protocol="tls://",
            dashboard_address="127.0.0.1:0",
        ) as cluster,
    ):
        address = cluster.scheduler_address
        assert address.startswith("tls://")
        assert counts(run(config, cluster=address, save=False)) == counts(run(config, save=False))
        monkeypatch.setattr(cluster_module, "CONNECT", 1.0)
        missing = {"cert": str(tmp_path / "none.pem"), "key": key}
        with (
            dask.config.set({"distributed.comm.tls.client": missing}),
            pytest.raises(InputError, match=r"the certificates that .* names .* cannot be used"),
        ):
            run(config, cluster=address, save=False)
