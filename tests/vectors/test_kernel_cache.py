"""Compiled kernels are kept where they belong, and nothing that can be wrong with that stops anybody."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numba
import numpy as np
import pytest
from capgap.vectors import kernel_cache
from capgap.vectors.kernel_cache import KernelCacheWarning, kernel, kernels_folder, private_folder, sources_of
from numba.core.caching import IndexDataCacheFile

from tests.lazy import but_slow

ENTRIES = ("*.nbi", "*.nbc")


def double(x):  # type: ignore[no-untyped-def]
    return 2 * x


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Caches in a folder that the user names and nobody has used; what this process knows of others is gone."""
    known = (kernels_folder, private_folder, kernel_cache._folder_of, kernel_cache._writable)
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "named"))
    monkeypatch.setattr(kernel_cache, "_told", set())
    for function in known:
        function.cache_clear()
    yield tmp_path
    for function in known:
        function.cache_clear()


def entries(folder: Path) -> list[Path]:
    return sorted(file for ending in ENTRIES for file in folder.rglob(ending))


def counted() -> tuple[int, int]:
    """A call of a kernel as in a new process: how often it was found, and how often compiled."""
    compiled = kernel(double)
    assert compiled(21) == 42
    return sum(compiled.stats.cache_hits.values()), sum(compiled.stats.cache_misses.values())


def test_the_second_process_finds_what_the_first_compiled(fresh: Path) -> None:
    assert counted() == (0, 1)
    assert {file.suffix for file in entries(fresh / "named" / "capgap")} == {".nbi", ".nbc"}
    assert counted() == (1, 0)


@pytest.mark.parametrize("ending", ENTRIES)
@pytest.mark.parametrize(
    "content", but_slow([b"", b"\x80\x04", b"not a pickle", b"\x80\x05."], [b"\x80\x04"])
)
def test_what_cannot_be_read_is_compiled_again(fresh: Path, ending: str, content: bytes) -> None:
    """Cut off or overwritten: one warning that names the folder, the right result, and a cache as new."""
    counted()
    for file in fresh.rglob(ending):
        file.write_bytes(content)
    with pytest.warns(KernelCacheWarning, match=re.escape(str(fresh))) as told:
        assert counted() == (0, 1)
    assert len(told) == 1
    assert counted() == (1, 0)


def test_a_folder_that_cannot_be_made_is_replaced_by_a_private_one(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (fresh / "named").write_text("a file is in the way")
    monkeypatch.setattr(tempfile, "tempdir", str(fresh))
    with pytest.warns(KernelCacheWarning, match="NUMBA_CACHE_DIR names another folder") as told:
        assert counted() == (0, 1)
    assert len(told) == 1
    (private,) = fresh.glob("capgap-kernels*")
    assert entries(private)
    assert counted() == (1, 0)
    if hasattr(os, "getuid"):
        assert private.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="where users share no folder for temporary files")
def test_a_folder_that_others_can_write_is_not_trusted(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (fresh / "named").write_text("a file is in the way")
    monkeypatch.setattr(tempfile, "tempdir", str(fresh))
    planted = fresh / f"capgap-kernels-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    with pytest.warns(KernelCacheWarning):
        counted()
    assert entries(fresh)
    assert not entries(planted)


def test_no_folder_at_all(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (fresh / "named").write_text("a file is in the way")
    monkeypatch.setattr(tempfile, "tempdir", str(fresh / "named"))
    with pytest.warns(KernelCacheWarning, match="cannot be kept"):
        assert counted() == (0, 1)


def test_a_full_disk_is_told_once(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(IndexDataCacheFile, "save", full)
    with pytest.warns(KernelCacheWarning, match="No space left") as told:
        assert counted() == counted() == (0, 1)
    assert len(told) == 1


def test_kernels_that_nobody_uses_any_more_are_removed(fresh: Path) -> None:
    counted()
    old, recent = (fresh / "named" / "capgap" / name for name in ("old_kernels-1", "recent_kernels-1"))
    for folder in (old, recent):
        folder.mkdir()
    os.utime(old, (0, 0))
    (used,) = fresh.rglob("test_kernel_cache-*")
    used.rename(used.with_name("elsewhere"))
    kernel_cache._folder_of.cache_clear()
    counted()
    assert recent.exists()
    assert not old.exists()


def test_a_kernel_belongs_to_all_it_is_made_of(tmp_path: Path, root: Path) -> None:
    """Also to what is imported by what it imports; a change anywhere makes another folder."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "a_kernels.py").write_text("from .inner.b_kernels import (\n    b,\n)\n")
    (tmp_path / "inner" / "b_kernels.py").write_text("from ..c_kernels import c\n")
    (tmp_path / "c_kernels.py").write_text("from .a_kernels import a\n")
    first = tmp_path / "a_kernels.py"
    assert [file.name for file in sources_of(first)] == ["a_kernels.py", "b_kernels.py", "c_kernels.py"]
    kernel_cache._digest.cache_clear()
    before = kernel_cache._digest(first, "first")
    (tmp_path / "c_kernels.py").write_text("from .a_kernels import a  # changed\n")
    kernel_cache._digest.cache_clear()
    assert kernel_cache._digest(first, "first") != before
    channel = root / "channels" / "models" / "channel_kernels.py"
    found = {file.relative_to(root).as_posix() for file in sources_of(channel)}
    assert {"channels/streams/stream_kernels.py", "vectors/vector_kernels.py"} <= found


SCRIPT = """
import numba
before = numba.config.CACHE_DIR, numba.config.CACHE_LOCATOR_CLASSES
from capgap.codes import SingleParityCheckCode
import numba
import numpy as np
print(SingleParityCheckCode(n=3).encode(np.array([[1, 0]], np.uint8)))
assert before == (numba.config.CACHE_DIR, numba.config.CACHE_LOCATOR_CLASSES)
"""


def test_without_a_home(tmp_path: Path, root: Path) -> None:
    """In a container: it computes, tells in one line, and leaves nothing beside the sources."""
    kept = {file for package in ("codes", "channels", "vectors") for file in entries(root / package)}
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", "XDG_", "LOCALAPPDATA"))
    }
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment | {"HOME": str(nowhere), "LOCALAPPDATA": str(nowhere), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{np.array([[1, 0, 1]])}\n"
    assert done.stderr.count("KernelCacheWarning") == 1
    assert entries(tmp_path)
    assert kept == {file for package in ("codes", "channels", "vectors") for file in entries(root / package)}
