"""The links of results, from the configuration that lies beside them."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..link.link import Link
from ..results.rows import Results

if TYPE_CHECKING:
    from .models import PlotOptions
from ..results.told_apart import additions


def configured(folder: Path) -> "tuple[str, PlotOptions]":
    """Name and plot options of the configuration beside results, or what stands for them."""
    from .models import PlotOptions
    from .yaml_file import read_yaml

    try:
        data = read_yaml(folder / "config.yaml").data
        return str(data["name"]), PlotOptions.model_validate(data.get("plot", {}))
    except (InputError, KeyError, ValueError):
        return folder.absolute().name, PlotOptions()


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
