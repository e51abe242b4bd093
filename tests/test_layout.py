"""The architecture: who imports whom, and that everything is packaged."""

import ast
import functools
import tomllib
from pathlib import Path

import pytest
from capgap.codes import FAMILIES

PACKAGES = ("bounds", "channels", "codes", "simulate", "vectors")


def sources(root: Path) -> list[Path]:
    return [file for package in PACKAGES for file in sorted((root / package).rglob("*.py"))]


@functools.cache
def imports(file: Path, root: Path) -> set[str]:
    """Modules a file imports anywhere, relative ones as ``capgap.<folder>...``."""
    found: set[str] = set()
    here = ("capgap", *file.relative_to(root).with_suffix("").parts)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = list(here[: -node.level]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


def test_folders_import_only_whom_they_may(root: Path) -> None:
    allowed = {
        "bounds": {"bounds", "channels"},
        "vectors": {"vectors"},
        "channels": {"channels", "vectors"},
        "codes": {"codes", "vectors"},
        "simulate": {*PACKAGES, "entry"},
    }
    for file in sources(root):
        package = file.relative_to(root).parts[0]
        for name in imports(file, root):
            if name.startswith("capgap."):
                assert name.split(".")[1] in allowed[package], f"{file} imports {name}"


#: The folders of each package in the order in which data flow through them: each imports from those before it.
#: "" stands for the modules beside them, except those that only gather names.
ORDER = {
    "bounds": ("numerics", "discrete", "", "by_channel", "ensembles"),
    "channels": ("", "streams", "information", "models", "modulation", "capacity"),
    "codes": (
        "parameters",
        "binary",
        "fields",
        "",
        "matrix_files",
        *(family.__name__.rpartition(".")[2] for family in FAMILIES),
    ),
    "vectors": ("compiling", "operations", ""),
    "simulate": (
        "",
        "registry",
        "link",
        "statistics",
        "harq",
        "results",
        "schemes",
        "engine",
        "theory",
        "configuration",
        "contract",
        "analysis",
        "content",
        "figures",
        "reports",
        "bench",
        "running",
        "commands",
        "entry",
        "face",
    ),
}
#: They gather what lies in the folders.
GATHERING = ("__init__", "__main__", "by_name", "registry")


def test_families_are_listed(root: Path) -> None:
    """A folder that names codes or decoders is in FAMILIES, and all that FAMILIES names has the three tables."""
    listed = {family.__name__.rpartition(".")[2] for family in FAMILIES}
    for file in (root / "codes").glob("*/__init__.py"):
        names = {
            target.id
            for node in ast.parse(file.read_text(encoding="utf-8")).body
            for target in (node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)])
            if isinstance(target, ast.Name)
        }
        family, tables = file.parent.name, {"CODES", "DECODERS", "BENCH"}
        if names & tables or family in listed:
            assert family in listed, f"add {family} to FAMILIES in codes/__init__.py"
            assert names >= tables, f"{file} is to define CODES, DECODERS and BENCH"


def test_folders_import_from_those_before_them(root: Path) -> None:
    for package, order in ORDER.items():
        folders = {folder.name for folder in (root / package).iterdir() if (folder / "__init__.py").exists()}
        assert {*folders, ""} == set(order), f"{package}: ORDER is to name each folder"
        for file in (root / package).rglob("*.py"):
            *inside, _ = file.relative_to(root / package).parts
            if not inside and file.stem in GATHERING:
                continue
            allowed = order[: order.index(inside[0] if inside else "") + 1]
            for name in imports(file, root):
                parts = name.split(".")
                if parts[:2] == ["capgap", package] and len(parts) > 2:
                    assert (parts[2] if parts[2] in order else "") in allowed, f"{file} imports {name}"


def modules_of(root: Path) -> dict[str, set[str]]:
    """Which of our modules each of them imports, wherever in it that stands."""
    names = {
        ".".join(("capgap", *file.relative_to(root).with_suffix("").parts)): file
        for file in sources(root)
        if file.name != "__init__.py"
    }
    return {name: imports(file, root) & set(names) - {name} for name, file in names.items()}


def test_no_imports_go_round_in_a_circle(root: Path) -> None:
    left = modules_of(root)
    while leaves := {name for name, needs in left.items() if not needs & left.keys()}:
        left = {name: needs for name, needs in left.items() if name not in leaves}
    assert not left, f"in circles, or above them: {sorted(left)}"


@pytest.mark.parametrize(
    ("package", "most"),
    [
        ("simulate", 14),
        ("codes", 14),
        ("channels", 14),
        ("bounds", 14),
        ("vectors", 14),
        ("simulate/commands", 14),
    ],
)
def test_folders_are_not_flat(root: Path, package: str, most: int) -> None:
    assert len(list((root / package).glob("*.py"))) <= most


def test_kernels_import_numba_numpy_and_kernels_alone(root: Path) -> None:
    kernels = [file for file in sources(root) if file.stem.endswith("_kernels")]
    assert len(kernels) >= 8
    for file in kernels:
        for name in imports(file, root):
            # Or each other: a chain of stages in one kernel is made of the kernels of its stages.
            other = any(part.endswith("_kernels") or part == "kernel_cache" for part in name.split("."))
            assert other or name.split(".")[0] in (
                "numpy",
                "numba",
                "llvmlite",
                "operator",
                "collections",
                "functools",
            ), f"{file} imports {name}"


def test_kernels_are_in_files_named_so(root: Path) -> None:
    for file in sources(root):
        if not file.stem.endswith("_kernels") and file.name != "kernel_cache.py":
            assert not any(name.startswith("numba") for name in imports(file, root)), file


def test_no_fast_math(root: Path) -> None:
    for file in sources(root):
        assert "fastmath" not in file.read_text(encoding="utf-8"), file


@pytest.mark.parametrize(
    ("library", "home"),
    [("yaml", "configuration"), ("matplotlib", "figures"), ("plotly", "reports"), ("jinja2", "reports")],
)
def test_one_home_for_each_library(root: Path, library: str, home: str) -> None:
    users = {
        file.relative_to(root / "simulate").parts[0]
        for file in sources(root)
        if any(n.split(".")[0] == library for n in imports(file, root))
    }
    assert users == {home}


def test_every_package_is_listed(root: Path) -> None:
    """Each folder with an ``__init__.py`` is in the package list, with its place."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]
    folders = {file.parent.relative_to(root) for file in sources(root) if file.name == "__init__.py"}
    names = {".".join(("capgap", *folder.parts)): folder.as_posix() for folder in folders}
    # Two have names of their own: what ``import capgap`` is, and what has to be found whatever hides the rest.
    names["capgap"] = names.pop("capgap.simulate.face")
    names["capgap.entry"] = names.pop("capgap.simulate.entry")
    assert set(settings["packages"]) == set(names), "add the folder to the package list in pyproject.toml"
    # Others lie where their parents do.
    own = {name: place for name, place in names.items() if name.count(".") < 2}
    assert settings["package-dir"] == own
    for package in PACKAGES:
        assert (root / package / "py.typed").exists()


def test_kernel_modules_are_the_untyped_ones(root: Path) -> None:
    """The type checker is lenient with kernels, which Numba types, and with nothing else."""
    overrides = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    lenient = {
        name for each in overrides if each.get("disallow_untyped_defs") is False for name in each["module"]
    }
    kernels = {
        ".".join(("capgap", *file.relative_to(root).with_suffix("").parts))
        for file in sources(root)
        if file.stem.endswith("_kernels")
    }
    assert lenient == kernels
