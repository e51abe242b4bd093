"""From the keys of a configuration to links, with a message for each mistake."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pydantic

from ...channels.models.channel import Channel
from ...channels.models.fading import Fading
from ...channels.models.model import ChannelModel
from ...channels.modulation.modulation import Modulation
from ...codes import Code, Decoder, decoder_of
from ..errors import InputError, printable, shown
from ..failures import FAILURES
from ..harq.harq_link import HarqLink
from ..harq.scheme import Harq
from ..labels import check_text
from ..link.identity import content, describe
from ..link.interleaver import Permutation, link_interleaver
from ..link.iterative_receiver import receiver_of
from ..link.link import Link
from ..registry import registry
from ..registry.plugin_record import missing_plugins
from ..registry.registry import Entry, Registry
from ..statistics.stop_rules import StopRules, Target
from .adaptive import expand
from .config import Config, Curve
from .messages import constructor_words, defined, in_no_form, in_words, within
from .models import AdaptiveModel, ConfigModel, CurveModel, PlotOptions
from .optimal_scale import OPTIMAL, optimal_scale
from .short_forms import label_curves, merged, spell_out_types
from .sweeps import expand_curve, sweep_range, sweep_values
from .yaml_file import Document, Location

#: Most codes, or decoders, within each other.
MOST_NESTED = 8
#: Frames after which a point ends where the configuration sets no limit that is sure to be met.
DEFAULT_FRAMES = 100_000_000

#: From the path of a value within a curve to where it was written.
Where = Callable[..., Location]


def _target(*models: CurveModel | ConfigModel) -> Target | None:
    """The first target that is given, beside the stop rules or among them; null takes one away."""
    for model in models:
        for place in (model, model.stop):
            if place is not None and "target" in place.model_fields_set:
                return place.target
    return None


def _swept(
    entry: Entry[Any], data: Mapping[str, Any], given: list[str], searched: bool
) -> tuple[str, dict[str, float]]:
    """The parameter of a channel that is swept, and the values of those that it needs beside it.

    Raises ValueError, in words, where it is not clear which one is swept, or one is missing.
    """
    if entry.together:
        names = " and ".join(entry.together)
        several = [name for name in given if isinstance(data[name], list | dict)]
        missing = [name for name in entry.together if name not in given]
        if len(missing) > searched:
            raise ValueError(f"{entry.name} needs {names}, one of them with its values")
        if len(several) + len(missing) > 1:
            raise ValueError(f"{entry.name} takes several values of one of {names} alone")
        chosen = (missing or several or given)[0]
        return chosen, {name: sweep_values(data[name])[0] for name in given if name != chosen}
    if len(given) == 1 or (searched and not given):
        return (given or entry.sweepable)[0], {}
    wanted = f"takes one of {' or '.join(entry.sweepable)}, not {' and '.join(given)}"
    if not given:
        wanted = f"needs the values of {' or '.join(entry.sweepable)}"
    if any(entry.definitions.values()):
        wanted += f": {defined(entry.definitions)}"
    raise ValueError(f"{entry.name} {wanted}")


def _sure_to_end(stop: StopRules) -> StopRules:
    """The rules alone, with a limit that is sure to be met."""
    stop = stop.model_copy(update={"target": None})
    if stop.frames is None and stop.seconds is None:
        return stop.model_copy(update={"frames": DEFAULT_FRAMES})
    return stop


def _laid_over(stop: StopRules, own: StopRules | None) -> StopRules:
    """The rules with those that a curve gives itself in their place."""
    if own is None:
        return stop
    return stop.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


def _going_on(rules: StopRules, *given: StopRules | None) -> StopRules:
    """The rules of frames that are sent again: points without errors are what one wants to see of them."""
    if any(each is not None and "without_errors" in each.model_fields_set for each in given):
        return rules
    return rules.model_copy(update={"without_errors": "continue"})


def _has_limits_of_points(link: Link) -> bool:
    """Whether limits of what is sent may be known: of a modulation's points, over Gaussian noise.

    Beside it there may be gains that the receiver knows.
    """
    made = registry.classes_made(link.channel.make)
    plain = Channel.mean_over_gains
    return link.modulation is None or any(
        getattr(each, "is_gaussian", False) or getattr(each, "mean_over_gains", plain) is not plain
        for each in made
    )


def _there(**data: Any) -> dict[str, Any]:
    """What is there of a curve's further parts."""
    return {name: value for name, value in data.items() if value}


def _decoder_for(make: Callable[..., Decoder], arguments: dict[str, Any], code: Code) -> Decoder:
    """The decoder of a code with arguments that are known."""
    return decoder_of(code, make, **arguments)


class Resolver:
    """Turns a document into a Config, collecting every mistake on the way."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.folder = document.path.parent if document.path else Path()
        self.problems: list[tuple[Location, str]] = []

    def resolve(self) -> Config:
        """The configuration; raises InputError that tells all mistakes."""
        self.expand_adaptive()
        model = self.validate(ConfigModel, self.document.data, ())
        if model is None:
            raise self.error()
        label_curves(self.document.data["curves"], self.document.data.get("modulation"))
        curves: list[Curve] = []
        resolved_curves = []
        labels: set[str] = set()
        for index, curve in enumerate(self.document.data["curves"]):
            at: Location = ("curves", index)
            try:
                expanded = expand_curve(curve)
            except ValueError as error:
                self.problems.append(((*at, "sweep"), f"sweep {error}"))
                continue
            for made, chosen in expanded:
                swept = {path: (*at, "sweep", ".".join(path), i) for path, i in chosen.items()}
                if made["label"] in labels:
                    self.problems.append(((*at, "label"), f"two curves have the label '{made['label']}'"))
                labels.add(made["label"])
                try:
                    check_text(made["label"])  # with the swept values in it
                except ValueError as error:
                    self.problems.append(((*at, "label"), f"label {error}"))
                    continue
                result = self.curve(made, at, swept, model, model.curves[index])
                if result is not None:
                    curves.append(result[0])
                    resolved_curves.append(result[1])
        if self.problems:
            raise self.error()
        self.check_figures(model.plot, curves)
        stop = _sure_to_end(model.stop)
        resolved = {
            "name": model.name,
            "seed": model.seed,
            "curves": resolved_curves,
            "stop": stop.model_dump(exclude_none=True),
            "plot": model.plot.model_dump(exclude_none=True),
        }
        return Config(model.name, model.seed, tuple(curves), stop, model.plot, resolved, self.document.path)

    def expand_adaptive(self) -> None:
        """Make curves of the schemes of ``adaptive``, where it is given; raises InputError if it is wrong."""
        data = self.document.data
        if data.get("adaptive") is None:
            return
        if data.get("curves") is not None:
            self.problems.append((("adaptive",), "adaptive and curves are one or the other"))
            raise self.error()
        model = self.validate(AdaptiveModel, data["adaptive"], ("adaptive",))
        if model is not None:
            self.problems += expand(self.document, model)
        if self.problems:
            raise self.error()
        spell_out_types(data)

    def check_figures(self, plot: PlotOptions, curves: list[Curve]) -> None:
        """Refuse now what could not be drawn after the simulation."""
        over_energy = any(curve.link.channel.parameter.esno_shift for curve in curves)
        for kind in ("spectral-efficiency", "adaptation"):
            if kind in plot.kinds and not over_energy:
                problem = f"kinds: {kind} needs a curve over a channel with an Eb/N0, such as awgn"
                self.problems.append((("plot", "kinds"), problem))
        of_one = ("capacity-plane", "spectral-efficiency", "adaptation")
        planes = [kind for kind in plot.kinds if kind in of_one]
        if planes and all(isinstance(curve.link, HarqLink) for curve in curves):
            problem = f"kinds: {planes[0]} needs a curve whose frames are sent once, without harq"
            self.problems.append((("plot", "kinds"), problem))
        if {"exit", "polarization", "constellation", "throughput"} & set(plot.kinds):
            from ..theory.figure_support import FIGURE_SUPPORT

            links = {curve.link.label: curve.link for curve in curves}
            for kind, support in FIGURE_SUPPORT.items():
                refusal = support.refusal(links) if kind in plot.kinds else None
                if refusal is not None:
                    self.problems.append((("plot", "kinds"), f"kinds: {refusal}"))
        points = [limit for limit in ("modulation", "bicm") if limit in plot.limits]
        if points and not any(_has_limits_of_points(curve.link) for curve in curves):
            wanted = " and ".join(points) + (" is" if len(points) == 1 else " are")
            problem = (
                f"limits: {wanted} not known over any of these channels, only over Gaussian ones such as "
                "awgn, and where gains are known, as over rayleigh"
            )
            self.problems.append((("plot", "limits"), problem))
        made = [each for curve in curves for each in registry.classes_made(curve.link.channel.make)]
        fading = any(isinstance(each, type) and issubclass(each, Fading) for each in made)
        if "outage" in plot.limits and not fading:
            known = "fading in blocks, as rayleigh with coherence: frame"
            self.problems.append((("plot", "limits"), f"limits: outage is known over {known}, alone"))
        if plot.x == "rate" and "error-rates" in plot.kinds:
            self.check_rate_figure(curves)
        if self.problems:
            raise self.error()

    def check_rate_figure(self, curves: list[Curve]) -> None:
        """Refuse now what could not be drawn against the rate."""
        settings = {
            (curve.link.channel_text, curve.link.parameter, value)
            for curve in curves
            for value in curve.values
        }
        if any(curve.target is not None for curve in curves):
            problem = "x: rate cannot be with a target: every curve has other values of the channel"
        elif any(curve.link.channel.parameter.per_bit for curve in curves):
            problem = "x: rate needs esno_db or snr_db: at one Eb/N0 every rate has another channel"
        elif len(settings) > 1:
            problem = "x: rate needs every curve at one and the same value of one channel"
        else:
            return
        self.problems.append((("plot", "x"), problem))

    def error(self) -> InputError:
        """All mistakes found so far, one a line."""
        lines: dict[str, None] = {}
        for location, problem in self.problems:
            lines[f"{self.document.where(location)}: {printable(problem)}"] = None
        return InputError("\n".join(lines))

    def curve(
        self,
        curve: dict[str, Any],
        at: Location,
        swept: dict[tuple[str, ...], Location],
        model: ConfigModel,
        own: CurveModel,
    ) -> tuple[Curve, dict[str, Any]] | None:
        """One curve, built, and as resolved; None, with the mistakes recorded, if it cannot be."""
        before = len(self.problems)

        def here(*path: str) -> Location:
            """Where a value of the curve was written, swept values included."""
            return swept.get(path, (*at, *path))

        code_made = self.make(registry.codes, curve["code"], "code", here)
        channel_data = self.channel_data(curve, at)
        if code_made is None or channel_data is None:
            return None
        code, code_data, code_identity, _ = code_made
        modulation_made = self.modulation(curve, channel_data, here)
        if modulation_made is None:
            return None
        modulation, modulation_data, modulation_identity = modulation_made
        interleaver_made = self.interleaver(curve, code, modulation, here)
        if interleaver_made is None:
            return None
        interleaver, interleaver_data = interleaver_made
        interleaver_data = {} if interleaver is None else interleaver_data
        target = _target(own, model)
        rate = code.rate if modulation is None else code.k / modulation.symbols(code.n)
        operating = self.operating_points(channel_data, at, here, rate, modulation, target is not None)
        decoder_made = self.decoder(curve, code, None if operating is None else operating[0], here)
        if decoder_made is None or operating is None or len(self.problems) > before:
            return None
        decoder, decoder_data, decoder_identity, make_decoder = decoder_made
        receiver_made = self.receiver(curve, decoder, modulation, here)
        if receiver_made is None:
            return None
        receiver, receiver_data = receiver_made
        channel_model, values, limits, fixed, channel_identity = operating
        parameter = channel_model.parameter.name
        identity = {
            "code": code_identity,
            "decoder": decoder_identity,
            "channel": channel_identity,
            "parameter": parameter,
            "seed": model.seed,
        }
        further = _there(modulation=modulation_data, interleaver=interleaver_data, receiver=receiver_data)
        identity |= further | _there(modulation=modulation_identity)
        label = curve["label"]
        link = Link(
            label=label,
            group=curve.get("group") or label,
            code=code,
            code_text=describe(code_data),
            decoder=decoder,
            decoder_text=describe(decoder_data),
            channel_text=describe(fixed),
            channel=channel_model,
            identity=identity,
            modulation=modulation,
            modulation_text="" if modulation is None else describe(modulation_data),
            interleaver=interleaver,
            interleaver_text="" if interleaver is None else describe(interleaver_data),
            make_decoder=make_decoder,
            receiver=receiver,
            receiver_text="" if receiver_data is None else describe(receiver_data),
        )
        rules = _laid_over(model.stop, own.stop)
        if curve.get("harq") is not None:
            again = self.sent_again(curve, link, make_decoder, here)
            if again is None:
                return None
            link, further = again, {**further, "harq": dict(again.scheme.data())}
            rules = _going_on(rules, model.stop, own.stop)
        stop = _sure_to_end(rules)
        made = Curve(link, values, stop, target, limits)
        if not self.can_be_run(made, curve, here):
            return None
        if target is None:
            sweep: Any = list(values)
        else:
            sweep = None if limits is None else dict(zip(("start", "stop"), limits, strict=True))
        resolved = {
            "label": label,
            "group": link.group,
            "code": code_data,
            "decoder": decoder_data,
            "channel": {**fixed, **({} if sweep is None else {parameter: sweep})},
        }
        resolved |= further
        if stop != _sure_to_end(model.stop):
            resolved["stop"] = stop.model_dump(exclude_none=True)
        if target is not None:
            resolved["target"] = target.model_dump(exclude_none=True)
        return made, resolved

    def sent_again(
        self, curve: dict[str, Any], link: Link, make_decoder: Callable[[Code], Decoder], here: Where
    ) -> HarqLink | None:
        """The link with the curve's HARQ; None, with the mistakes recorded, if it cannot be made."""
        scheme = self.validate(Harq, curve["harq"], None, here=lambda *path: here("harq", *path))
        if scheme is None:
            return None
        try:
            scheme = scheme.of_code(link.code)
            codes = scheme.codes(link.code)
            decoders = tuple(link.decoder if code is link.code else make_decoder(code) for code in codes)
            return HarqLink.of(link, scheme, codes, decoders)
        except FAILURES as error:
            words = constructor_words(error)
            place = here("harq", "versions") if "versions" in words and scheme.versions else here("harq")
            self.problems.append((place, words))
            return None

    def can_be_run(self, made: Curve, curve: dict[str, Any], here: Where) -> bool:
        """Whether results could hold a curve's points, and a search has a plan; if not, that is recorded."""
        link, limits = made.link, made.range
        try:
            for value in limits or made.values[:1]:
                link.at(value)
        except InputError as error:
            self.problems.append((here("channel"), str(error)))
            return False
        if made.target is not None:
            try:
                made.plan({})
            except InputError as error:
                above = limits is not None and link.parameter not in (curve.get("channel") or {})
                where = ("channel", link.parameter) if above else here("channel" if limits else "target")
                self.problems.append((where, str(error)))
                return False
        return True

    def make(
        self,
        known: Registry[Any],
        data: Any,
        key: str,
        here: Where,
        *,
        code: Code | None = None,
        depth: int = 1,
    ) -> tuple[Any, dict[str, Any], Any, Callable[..., Any]] | None:
        """An object of a registry, its data with defaults, its identity, and what makes more of it.

        None if it cannot be made. What makes more takes a code, for decoders, and nothing otherwise.
        ``code`` is what a decoder decodes. Codes and decoders among the parameters are made first; ``depth``
        is how many are in each other.
        """
        if depth > MOST_NESTED:
            problem = (
                f"{key} is nested too deeply: at most {MOST_NESTED} codes, or decoders, within each other"
            )
            self.problems.append((here(key), problem))
            return None
        checked = self.parameters(known, data, here, key)
        if checked is None:
            return None
        entry, parameters = checked
        try:
            parts = registry.parts_of(entry, code)
        except FAILURES as error:
            self.refuse(error, here, key, parameters, code)
            return None
        arguments, identified = dict(parameters), dict(parameters)
        for name, (kind, base) in entry.nested.items():
            if parameters[name] is None:
                continue
            inner = self.make(
                registry.BY_KIND[kind],
                parameters[name],
                name,
                lambda *path: here(key, *path),
                code=parts[name],
                depth=depth + 1,
            )
            if inner is None:
                return None
            arguments[name], parameters[name], identified[name] = inner[:3]
            if not isinstance(inner[0], base):
                wanted = f"{name} must be a {base.__name__}, which '{parameters[name]['type']}' is not"
                self.problems.append((here(key, name), wanted))
                return None
        try:
            made = entry.make(**arguments) if code is None else decoder_of(code, entry.make, **arguments)
        except FAILURES as error:  # whatever anybody's constructor trips over
            self.refuse(error, here, key, parameters, code)
            return None
        problem = registry.unusable(known.kind, made)
        if problem:
            self.problems.append((here(key), f"the {known.kind} '{entry.name}' {problem}"))
            return None
        given, identity = (
            {
                name: value
                for name, value in values.items()
                if value is not None and not (isinstance(value, tuple | list) and len(value) == 0)
            }
            for values in (parameters, identified)
        )
        makes = (
            partial(entry.make, **arguments) if code is None else partial(_decoder_for, entry.make, arguments)
        )
        return made, {"type": entry.name, **given}, [entry.identity(), content(identity)], makes

    def modulation(
        self, curve: dict[str, Any], channel: dict[str, Any], here: Where
    ) -> tuple[Modulation | None, dict[str, Any], Any] | None:
        """The curve's modulation, its data and identity; a channel of bits and BPSK over samples have none.

        The channels that take samples send BPSK by themselves. None, with the mistakes recorded, if it cannot
        be made.
        """
        own, above = curve.get("modulation") or {}, self.document.data.get("modulation")
        data = merged(above, curve.get("modulation"))

        def there(*path: str) -> Location:
            """Within the one above the curves where the value stands there alone, else within the curve's."""
            if own and (len(path) < 2 or path[1] in own or path[1] not in (above or ())):
                return here(*path)
            return path

        if data is None:
            return None, {}, None
        made = self.make(registry.modulations, data, "modulation", there)
        if made is None:
            return None
        name = channel.get("type")
        entry = registry.channels.get(name) if name in registry.channels.names() else None
        problem = ""
        if entry is not None and not entry.takes_samples:
            problem = (
                f"the channel '{name}' takes bits, not the samples of a modulation: leave out `modulation`"
            )
        elif entry is not None:
            problem = entry.channel_model(entry.sweepable[0], modulation=made[0]).refusal
        if problem:
            self.problems.append((there("modulation"), problem))
            return None
        return (None, {}, None) if made[1] == {"type": "bpsk"} else made[:3]

    def interleaver(
        self, curve: dict[str, Any], code: Code, modulation: Modulation | None, here: Where
    ) -> tuple[Permutation | None, Any] | None:
        """The curve's interleaver, or the one above, and its data; None, recorded, if it cannot be made."""
        own = curve.get("interleaver")
        data = self.document.data.get("interleaver") if own is None else own
        bits = 1 if modulation is None else modulation.bits_per_symbol
        try:
            made = link_interleaver(data, code.n, bits)
        except ValueError as error:
            there = ("interleaver",) if own is None else here("interleaver")
            self.problems.append((there, str(error)))
            return None
        if not isinstance(data, dict):
            data = {"type": data} if isinstance(data, str) else {"type": "list", "numbers": data}
        return made, data

    def receiver(
        self, curve: dict[str, Any], decoder: Decoder, modulation: Modulation | None, here: Where
    ) -> tuple[Any, dict[str, Any] | None] | None:
        """What makes the curve's receiver, or that above, and its data; None, recorded, if nothing can."""
        own = curve.get("receiver")
        try:
            return receiver_of(merged(self.document.data.get("receiver"), own), decoder, modulation)
        except ValueError as error:
            self.problems.append((("receiver",) if own is None else here("receiver"), str(error)))
            return None

    def decoder(
        self, curve: dict[str, Any], code: Code, channel: ChannelModel | None, here: Where
    ) -> tuple[Any, dict[str, Any], Any, Callable[..., Any]] | None:
        """What ``make`` makes of the curve's decoder, or the code's own; None, recorded, if it cannot be."""
        data = curve.get("decoder") or self.default_decoder(code, here)
        if isinstance(data, dict) and data.get("scale") == OPTIMAL:
            if channel is None:
                return None
            try:
                data = {**data, "scale": optimal_scale(data, code, channel)}
            except ValueError as error:
                self.problems.append((here("decoder", "scale"), f"scale: optimal is not known: {error}"))
                return None
        return None if data is None else self.make(registry.decoders, data, "decoder", here, code=code)

    def default_decoder(self, code: Any, here: Where) -> dict[str, Any] | None:
        """The decoder to use where none is asked for; None, recorded, if the code names none."""
        try:
            name = code.default_decoder
        except FAILURES:  # a class of somebody's need not have it
            name = None
        if isinstance(name, str):
            return {"type": name}
        problem = (
            f"the code has no default_decoder, a name as text, but {shown(name)}: name a decoder beside it"
        )
        self.problems.append((here("code"), problem))
        return None

    def refuse(
        self, error: BaseException, here: Where, key: str, parameters: dict[str, Any], code: Code | None
    ) -> None:
        """Record that a constructor refused its parameters, at the one it names if it names one."""
        text = constructor_words(error)
        named = [name for name in re.findall(r"[A-Za-z_]\w*", text) if name in parameters]
        location = here(key, named[0]) if named else here(key)
        if code is not None and not named:
            able = ", ".join(registry.decoders_for(code))
            # The decoder's own advice cannot know what else is registered.
            text = text.partition(": use ")[0] + (f". Decoders that take this code: {able}" if able else "")
        self.problems.append((location, text))

    def parameters(
        self, known: Registry[Any], data: Any, here: Where, key: str, leave: tuple[str, ...] = ()
    ) -> tuple[Entry[Any], dict[str, Any]] | None:
        """The entry that ``data`` names, and its validated parameters with defaults."""
        if not isinstance(data, dict) or not isinstance(data.get("type"), str):
            has_type = isinstance(data, dict) and "type" in data
            example = f"{{type: {known.names()[0]}, ...}}"
            problem = f"{key}'s type must be text" if has_type else f"{key} needs a type, as in {example}"
            if isinstance(data, dict) and any(str(name).startswith("type:") for name in data):
                problem += ", with a space behind the colon"
            self.problems.append((here(key), problem))
            return None
        try:
            entry = known.get(data["type"])
            expected = entry.model
        except InputError as error:
            # A configuration beside results may need what the run was given.
            plugins = missing_plugins(self.folder) if self.document.path else ""
            self.problems.append((here(key, "type"), f"{error}{plugins}"))
            return None
        rest = {name: value for name, value in data.items() if name not in leave}
        model = self.validate(
            expected, rest, None, here=lambda *path: here(key, *path), extra=entry.definitions
        )
        if model is None:
            return None
        return entry, {name: getattr(model, name) for name in entry.parameters}

    def channel_data(self, curve: dict[str, Any], at: Location) -> dict[str, Any] | None:
        """The curve's channel: its own laid over the one above, unless it is of another type."""
        above, own = self.document.data.get("channel"), curve.get("channel")
        kind = above.get("type") if above else None
        if above and own and isinstance(kind, str) and kind in registry.channels.names():
            sweepable = registry.channels.get(kind).sweepable
            if any(name in own for name in sweepable):  # its own sweep replaces the one above
                above = {name: value for name, value in above.items() if name not in sweepable}
        data = merged(above, own)
        if data is None:
            self.problems.append(((), "there is no channel: give one above the curves, or one to each"))
        return data

    def operating_points(
        self,
        data: dict[str, Any],
        at: Location,
        here: Where,
        rate: float,
        modulation: Modulation | None,
        searched: bool,
    ) -> (
        tuple[
            ChannelModel,
            tuple[float, ...],
            tuple[float, float] | None,
            dict[str, Any],
            Any,
        ]
        | None
    ):
        """The channel's model, its parameter's values or range, its other data, its identity."""
        own = self.document.data["curves"][at[1]].get("channel") or {}

        def there(*path: str) -> Location:
            """Within the curve's channel where the curve gives the value, else within the one above."""
            inner = path[1:]
            if not inner:
                return here("channel") if own else ("channel",)
            located = here("channel", *inner)
            return located if inner[0] in own or "sweep" in located else ("channel", *inner)

        if not isinstance(data.get("type"), str) or data["type"] not in registry.channels.names():
            self.parameters(registry.channels, data, there, "channel")
            return None
        entry = registry.channels.get(data["type"])
        given = [name for name in entry.sweepable if name in data]
        checked = self.parameters(registry.channels, data, there, "channel", leave=tuple(given))
        if checked is None:
            return None
        try:
            parameter, others = _swept(entry, data, given, searched)
        except ValueError as error:
            self.problems.append((there("channel"), str(error)))
            return None
        where = there("channel", parameter)
        values: tuple[float, ...] = ()
        limits = None
        try:
            if searched:
                limits = sweep_range(data[parameter]) if parameter in data else None
            else:
                values = tuple(sweep_values(data[parameter]))
        except ValueError as error:
            self.problems.append((where, f"{parameter} {error}"))
            return None
        fixed = {**checked[1], **others}
        # Where Eb/N0 is given the rate is part of what the channel does; it follows from the code.
        model = entry.channel_model(parameter, fixed, rate, modulation)
        for value in limits or values:
            try:
                problem = registry.unusable("channel", model.at(value))
            except FAILURES as error:
                words = constructor_words(error)
                named = [name for name in re.findall(r"[A-Za-z_]\w*", words) if name in data]
                place = there("channel", named[0]) if named else where
                if place not in (other for other, _ in self.problems):  # the same for a code of another rate
                    self.problems.append((place, words))
                return None
            if problem:
                self.problems.append((where, f"the channel '{entry.name}' {problem}"))
                return None
        identity = [entry.identity(), content(fixed)]
        return model, values, limits, {"type": entry.name, **fixed}, identity

    def validate(
        self,
        model: type[pydantic.BaseModel],
        data: Any,
        at: Location | None,
        here: Where | None = None,
        extra: Mapping[str, str] = MappingProxyType({}),
    ) -> Any:
        """The model's instance, or None with its mistakes recorded."""
        try:
            return model.model_validate(data, context={"folder": self.folder})
        except pydantic.ValidationError as error:
            details = error.errors(include_url=False)
            words = {id(d): in_words(d, within(data, d["loc"]), model, extra) for d in details}
            at_place: dict[tuple[Location, str], list[Any]] = {}
            for detail in details:
                path = within(data, detail["loc"])
                location = here(*path) if here is not None else (*(at or ()), *path)
                supposed = f"Did you mean '{detail['loc'][-1]}'?"
                if detail["type"] == "missing" and any(supposed in text for text in words.values()):
                    continue  # the unknown key beside it is this one misspelt
                apart = detail["type"] in ("missing", "extra_forbidden")
                at_place.setdefault((location, str(detail["loc"]) if apart else ""), []).append(detail)
            for (location, _), here_wrong in at_place.items():
                if len(here_wrong) == 1:
                    self.problems.append((location, words[id(here_wrong[0])]))
                else:  # a value of several possible forms, wrong in each
                    self.problems.append(
                        (location, in_no_form(here_wrong, within(data, here_wrong[0]["loc"])))
                    )
            return None
