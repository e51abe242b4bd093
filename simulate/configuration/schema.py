"""The JSON Schema of the configuration, made from the models that validate it."""

from typing import Any

from ..registry import registry
from ..registry.registry import Registry
from .models import ConfigModel

NUMBERS: dict[str, Any] = {"type": "array", "items": {"type": "number"}, "minItems": 1}
RANGE: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "number"} for name in ("start", "stop", "step")},
    "description": "Without a step it is the range in which a target is looked for.",
    "required": ["start", "stop"],
    "additionalProperties": False,
}
SWEEP: dict[str, Any] = {"anyOf": [{"type": "number"}, NUMBERS, RANGE]}


def configuration_schema() -> dict[str, Any]:
    """The schema as plain data: what is registered in this process, plugins included."""
    schema = ConfigModel.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "capgap configuration"
    schema["description"] = "A sweep for capgap run."
    definitions = schema["$defs"]
    schema["required"].remove("curves")
    schema["oneOf"] = [{"required": [name]} for name in ("curves", "adaptive")]
    curve = definitions["CurveModel"]["properties"]
    for holder, kind, known in (
        (curve, "code", registry.codes),
        (curve, "decoder", registry.decoders),
        (schema["properties"], "channel", registry.channels),
        (schema["properties"], "modulation", registry.modulations),
        (curve, "modulation", registry.modulations),
    ):
        definitions[kind] = _with_nested(_one_of(known))
        holder[kind] = _named(holder[kind], known, {"$ref": f"#/$defs/{kind}"})
    # A curve's channel may leave out what the one above gives, so only its keys are checked.
    keys: dict[str, Any] = {"type": {"enum": registry.channels.names()}}
    for entry in registry.channels:
        keys |= dict.fromkeys(entry.sweepable, SWEEP)
        keys |= entry.model.model_json_schema()["properties"] | {"type": keys["type"]}
    own = {"type": "object", "properties": keys, "additionalProperties": False}
    curve["channel"] = _named(curve["channel"], registry.channels, own)
    # What a sweep supplies may be missing from the code or decoder it goes into.
    definitions["CurveModel"]["title"] = "curve"
    return schema


def _with_nested(schema: Any) -> Any:
    """The schema with a code's or a decoder's where a parameter is one (``registry._described``)."""
    if isinstance(schema, list):
        return [_with_nested(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("$comment")
    if kind in registry.BY_KIND:
        return {"anyOf": [{"$ref": f"#/$defs/{kind}"}, {"enum": registry.BY_KIND[kind].names()}]}
    return {key: _with_nested(value) for key, value in schema.items()}


def _named(old: dict[str, Any], known: Registry[Any], mapping: dict[str, Any]) -> dict[str, Any]:
    """A mapping with a type, or a name alone; nothing too where ``old`` has a default."""
    forms = [mapping, {"enum": known.names()}, *([{"type": "null"}] if "default" in old else [])]
    return {"description": old["description"], "anyOf": forms}


def _one_of(known: Registry[Any]) -> dict[str, Any]:
    """One alternative for each registered name, told apart by ``type``."""
    alternatives = []
    for entry in known:
        model = entry.model.model_json_schema()
        properties = dict(model["properties"])
        properties["type"] = {"const": entry.name}
        properties |= dict.fromkeys(entry.sweepable, SWEEP)
        alternatives.append(
            {
                "if": {"properties": {"type": {"const": entry.name}}},
                "then": {
                    "description": entry.summary,
                    "properties": properties,
                    "additionalProperties": False,
                    **({"$defs": model["$defs"]} if "$defs" in model else {}),
                },
            }
        )
    return {
        "type": "object",
        "properties": {"type": {"enum": known.names()}},
        "required": ["type"],
        "allOf": alternatives,
    }
