"""The links of results, from the configuration that lies beside them."""

import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...channels.models.model import ChannelModel
from ...channels.modulation.modulation import Modulation
from ..errors import InputError
from ..link.identity import describe
from ..link.link import Link
from ..registry import registry
from ..registry.plugin_record import missing_plugins
from ..results.rows import Results

if TYPE_CHECKING:
    from .models import PlotOptions
from ..results.told_apart import additions


class MissingPluginWarning(UserWarning):
    """What a plug-in knows is left out, since it was not loaded."""


def configured(folder: Path) -> "tuple[str, PlotOptions]":
    """Name and plot options of the configuration beside results, or what stands for them."""
    from .models import PlotOptions
    from .yaml_file import read_yaml

    try:
        data = read_yaml(folder / "config.yaml").data
        return str(data["name"]), PlotOptions.model_validate(data.get("plot", {}))
    except (InputError, KeyError, ValueError):
        return folder.absolute().name, PlotOptions()


def with_channel_models(results: Results) -> Results:
    """The results, each row with the model of its channel, from the configuration beside them.

    Rows that have it stay as they are, and so do those whose channel's name says all (see
    ``analysis.row_limits``), and those whose configuration, channel or plugin is missing.
    """
    known = set(registry.channels.names())
    named = (row.channel_model or (row.channel in known and row.symbols is None) for row in results)
    if results.folder is None or all(named):
        return results
    found = _channel_models(results.folder)
    rows = (
        row
        if row.channel_model is not None
        else replace(row, channel_model=found.get((row.curve, row.channel)))
        for row in results
    )
    made = replace(results, rows=tuple(rows))
    missing = missing_plugins(results.folder)
    unknown = [own[0] for own in made.curves().values() if own[0].channel_model is None]
    if missing and unknown:
        first = unknown[0]
        sent = first.modulation.partition("(")[0]
        what = "modulation" if sent and sent not in registry.modulations.names() else "channel"
        one = f"'{first.curve}'" if len(unknown) == 1 else f"'{first.curve}' and others"
        lost = f"the {what} of {one} is not known here, so its limits are left out"
        warnings.warn(f"{results.folder}: {lost}{missing}", MissingPluginWarning, stacklevel=2)
    return made


def _channel_models(folder: Path) -> dict[tuple[str, str], ChannelModel]:
    """The models of a resolved configuration's channels, as far as known, by curve and channel of rows."""
    from .yaml_file import read_yaml

    try:
        curves = read_yaml(folder / "config.yaml").data["curves"]
        return {
            (str(curve["label"]), describe(fixed)): model
            for curve in curves
            if (made := _channel_model(curve["channel"], curve.get("modulation"), folder)) is not None
            for model, fixed in [made]
        }
    except (InputError, KeyError, TypeError, AttributeError):  # it may hold anything
        return {}


def _channel_model(
    data: Mapping[str, Any], modulation: Any, folder: Path
) -> tuple[ChannelModel, dict[str, Any]] | None:
    """A channel's model with its modulation, and its type and fixed parameters; None if it is not known."""
    if not isinstance(data.get("type"), str):
        return None
    try:
        entry = registry.channels.get(data["type"])
        given = {name: value for name, value in data.items() if name not in entry.sweepable}
        validated = entry.model.model_validate(given, context={"folder": folder})
        mapping = None if modulation is None else _modulation(modulation, folder)
    except (InputError, ValueError):
        return None
    swept = next((name for name in entry.sweepable if name in data), entry.sweepable[0])
    fixed = {name: getattr(validated, name) for name in entry.parameters}
    model = entry.channel_model(swept, fixed, modulation=mapping)
    return None if model.refusal else (model, {"type": entry.name, **fixed})


def _modulation(data: Mapping[str, Any], folder: Path) -> Modulation:
    """A modulation as a configuration has it; raises InputError or ValueError if it is not known."""
    entry = registry.modulations.get(str(data["type"]))
    validated = entry.model.model_validate(data, context={"folder": folder})
    return entry.make(**{name: getattr(validated, name) for name in entry.parameters})


def links_of(results: Results, *, needed: bool = False) -> dict[str, Link]:
    """The links of the configurations beside results, by their labels.

    Where one cannot be read, for want of a plugin perhaps, its curves have none; if they are needed, that
    raises InputError.
    """
    from .load import load_config

    found: dict[str, Link] = {}
    for folder in () if results.folder is None else (results.folder, *results.others):
        try:
            curves = load_config(folder / "config.yaml").curves
        except InputError:
            if needed:
                raise
            continue
        links = {curve.link.label + added: curve.link for curve in curves for added in additions(folder)}
        links |= {curve.link.label: curve.link for curve in curves}
        for label in results.curves():
            if label in links:
                found.setdefault(label, links[label])
    return found
