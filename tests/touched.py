"""Which tests a change touches: ``pytest $(python tests/touched.py)``.

Prints the tests of the folders in which files differ from the branch's upstream, or from the revision that is given;
files that git does not know yet count too. The whole suite remains what decides.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Beside the tests of the same folder: what else rests on a package.
ALSO = {
    "vectors": ("tests/channels", "tests/codes", "tests/test_golden.py"),
    "channels": ("tests/simulate/contract", "tests/test_golden.py"),
    "codes": ("tests/codes/test_every_decoder.py", "tests/simulate/contract", "tests/test_golden.py"),
    "bounds": ("tests/simulate/theory",),
    "simulate": ("tests/test_golden.py",),
}
#: Tests of single files.
SINGLE = {"README.md": "tests/test_readme.py", "docs": "tests/test_pages.py"}


def tests_of(path: str) -> set[str]:
    """The tests, as paths from the root, that a change of one file touches."""
    first, *_ = parts = Path(path).parts
    if first in SINGLE:
        return {SINGLE[first]}
    if first == "configs":
        return {"tests/simulate/configuration"}
    if first == "tests":
        if Path(path).name.startswith("test_"):
            return {path}
        return {Path(path).parent.as_posix()}  # what its tests share
    if first not in ALSO:
        return set()
    folder = Path("tests", *parts[:-1])
    while not (ROOT / folder).is_dir():
        folder = folder.parent
    return {folder.as_posix(), *ALSO[first]}


def changed(since: str) -> list[str]:
    """Files that differ from a revision, and those that are new."""

    def lines(*command: str) -> list[str]:
        done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    return [*lines("diff", "--name-only", since), *lines("ls-files", "--others", "--exclude-standard")]


def chosen(paths: list[str]) -> list[str]:
    """All tests to run, none of which lies in another; what is gone is left out."""
    found = {"tests/test_layout.py"}.union(*map(tests_of, paths))
    kept = {path for path in found if (ROOT / path).exists()}
    return sorted(path for path in kept if not {parent.as_posix() for parent in Path(path).parents} & kept)


def upstream() -> str:
    """What the branch follows, or its own last commit."""
    known = subprocess.run(["git", "rev-parse", "@{upstream}"], cwd=ROOT, capture_output=True, check=False)
    return "HEAD" if known.returncode else "@{upstream}"


if __name__ == "__main__":
    print(*chosen(changed(sys.argv[1] if len(sys.argv) > 1 else upstream())))
