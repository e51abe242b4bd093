"""Modules under their old names: the same ones, with a warning that says where they are."""

import importlib
import sys
from collections.abc import Iterator

import pytest
from capgap.moved import MOVED, MovedWarning


@pytest.fixture
def forgotten() -> Iterator[None]:
    """No module is known under its old name, before and after."""

    def forget() -> None:
        for name in MOVED:
            sys.modules.pop(f"capgap.{name}", None)

    forget()
    yield
    forget()


@pytest.mark.usefixtures("forgotten")
@pytest.mark.parametrize("name", MOVED)
def test_old_names(name: str) -> None:
    with pytest.warns(MovedWarning) as told:  # of the packages that it lay in too
        old = importlib.import_module(f"capgap.{name}")
    message = str(told[-1].message)
    assert message.startswith(f"capgap.{name} is capgap.{MOVED[name]} now; import from capgap.")
    new = importlib.import_module(f"capgap.{MOVED[name]}")
    names = [each for each in vars(old) if not each.startswith("_")]
    assert names
    assert all(getattr(old, each) is getattr(new, each) for each in names)
    assert new.__spec__ is not None
    assert new.__spec__.name == f"capgap.{MOVED[name]}"


@pytest.mark.usefixtures("forgotten")
def test_packages_are_not_loaded_twice() -> None:
    with pytest.warns(MovedWarning):
        importlib.import_module("capgap.codes.decoders")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("capgap.codes.decoders.linear")
