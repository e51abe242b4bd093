"""``adaptive:`` in place of ``curves:``: a table of schemes, each a curve whose error rate is looked for."""

from typing import Any

from ..schemes.standards import STANDARDS, schemes_of
from .messages import constructor_words
from .models import AdaptiveModel
from .yaml_file import Document, Location

#: What figures show of schemes unless others are asked for.
KINDS, LIMITS = ("adaptation", "spectral-efficiency"), ("shannon", "modulation", "bicm")


def expand(document: Document, model: AdaptiveModel) -> list[tuple[Location, str]]:
    """Put the curves that schemes are in the place of ``adaptive``; what is wrong with them, and where.

    Messages of curves tell the line of their scheme.
    """
    data, problems = document.data.pop("adaptive"), []
    curves: list[dict[str, Any]] = []
    for number, given in enumerate(data["schemes"]):
        at: Location = ("adaptive", "schemes", number)
        made = [given]
        if "code" not in given:
            standard, rest = given.get("standard"), {k: v for k, v in given.items() if k != "standard"}
            own = {name: rest.pop(name) for name in ("decoder", "stop") if name in rest}
            if not isinstance(standard, str):
                known = ", ".join(STANDARDS)
                problems.append(
                    (at, f"a scheme needs a code, or a standard whose schemes are meant: {known}")
                )
                continue
            try:
                made = [{**scheme, **own} for scheme in schemes_of(standard, rest)]
            except (ValueError, TypeError) as error:
                problems.append((at, constructor_words(error)))
                continue
        if any("harq" in scheme for scheme in made):
            problems.append((at, "harq sends a frame several times: a scheme of adaptive is sent once"))
            continue
        for scheme in made:
            place: Location = ("curves", len(curves))
            for location in [each for each in document.lines if each[: len(at)] == at]:
                document.lines[place + location[len(at) :]] = document.lines[location]
            if model.decoder is not None and "decoder" not in scheme:
                for location in [each for each in document.lines if each[:2] == ("adaptive", "decoder")]:
                    document.lines[(*place, *location[1:])] = document.lines[location]
            curves.append({**({} if model.decoder is None else {"decoder": model.decoder}), **scheme})
    document.data["curves"] = curves
    document.data.setdefault("target", data.get("target", {"fer": 0.1, "within": 0.1}))
    plot = document.data.setdefault("plot", {})
    if isinstance(plot, dict):
        target = document.data["target"]
        rate = {name: target[name] for name in ("fer", "ber") if name in target}
        for name, value in (("kinds", list(KINDS)), ("limits", list(LIMITS)), ("at", rate)):
            plot.setdefault(name, value)
    return problems
