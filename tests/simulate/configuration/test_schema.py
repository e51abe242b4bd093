"""The JSON Schema accepts what the program accepts, and refuses plain mistakes."""

import copy
import json
from pathlib import Path
from typing import Any

import capgap.simulate
import jsonschema
import pytest
import yaml
from capgap.simulate.configuration.schema import configuration_schema

SHIPPED = Path(next(iter(capgap.simulate.__path__))) / "configuration" / "configuration.schema.json"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = configuration_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def vocabulary(schema: Any, path: tuple[str, ...] = ()) -> set[tuple[Any, ...]]:
    """Names of properties with where they stand, and the values they are confined to."""
    found: set[tuple[Any, ...]] = set()
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                found |= {(*path, name) for name in value}
            if key in ("enum", "const"):
                values = value if isinstance(value, list) else [value]
                found |= {(*path, f"={each}") for each in values}
            found |= vocabulary(value, (*path, key))
    elif isinstance(schema, list):
        for i, value in enumerate(schema):
            found |= vocabulary(value, (*path, str(i)))
    return {tuple(part for part in item if part not in ("enum", "const")) for item in found}


def test_the_shipped_file_is_the_schema() -> None:
    """``capgap schema > simulate/configuration/configuration.schema.json`` brings it up to date.

    Versions of pydantic put the same thing in different words, so it is the names that are compared.
    """
    shipped, current = vocabulary(json.loads(SHIPPED.read_text())), vocabulary(configuration_schema())
    assert shipped == current, (
        "bring it up to date: capgap schema > simulate/configuration/configuration.schema.json"
    )


def test_shipped_configurations_are_valid(root: Path, validator: jsonschema.Draft202012Validator) -> None:
    files = sorted((root / "configs").glob("*.yaml"))
    assert files
    for file in files:
        validator.validate(yaml.safe_load(file.read_text()))


def test_the_small_configuration_is_valid(
    config: dict[str, Any], validator: jsonschema.Draft202012Validator
) -> None:
    validator.validate(config)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: c.pop("name"),
        lambda c: c.update(nam="x"),
        lambda c: c["curves"][1]["code"].update(type="haming"),
        lambda c: c["curves"][1]["code"].update(r="3"),
        lambda c: c["curves"][1]["code"].update(s=3),
        lambda c: c["curves"][2]["decoder"].update(algorithm="sum"),
        lambda c: c["stop"].update(frames=0),
        lambda c: c["channel"].update(ebno_db=[]),
        lambda c: c["channel"].update(f=0.1),
        lambda c: c.update(curves=[]),
        lambda c: c.update(name="a/b"),
    ],
)
def test_mistakes_are_refused(
    config: dict[str, Any], validator: jsonschema.Draft202012Validator, spoil: Any
) -> None:
    spoiled = copy.deepcopy(config)
    spoil(spoiled)
    assert not validator.is_valid(spoiled)
