"""Channel models: limits by search against closed forms, and what a class can know of fixed parameters."""

import math
import pickle
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from capgap.channels import AWGN, BEC, BSC, Channel
from capgap.channels.models.channel import Signal
from capgap.channels.models.model import ChannelModel
from capgap.channels.parameter import (
    EBNO,
    EPSILON,
    ESNO,
    SNR,
    STANDARD,
    F,
    Parameter,
    parameter_named,
    parameters_of,
)


class Gained(Channel):
    """AWGN with a fixed gain, whose class method cannot know of it."""

    parameters: ClassVar[tuple[Parameter | str, ...]] = ("esno_db",)

    def __init__(self, *, gain: float, esno_db: float) -> None:
        self._inner = AWGN(esno_db=esno_db + 20 * math.log10(gain))

    def transmit(self, word: Any, stream: Any) -> Any:
        return self._inner.transmit(word, stream)

    def llr(self, received: Any) -> Any:
        return self._inner.llr(received)

    def capacity(self, signal: Any = "gaussian") -> float:
        return self._inner.capacity(signal)

    @classmethod
    def limit(cls, parameter: str, rate: float, signal: Any = "gaussian") -> float | None:
        return AWGN.limit(parameter, rate, signal)

    @classmethod
    def uncoded_ber(cls, parameter: str, value: float) -> float:
        return AWGN.uncoded_ber(parameter, value)


def bsc(f: float) -> BSC:
    """The same, as a function of which nothing is known."""
    return BSC(f=f)


@pytest.mark.parametrize("rate", [0.01, 1 / 3, 0.5, 0.9])
@pytest.mark.parametrize("signal", ["gaussian", "bpsk"])
def test_a_gain_moves_the_limit(rate: float, signal: Any) -> None:
    model = ChannelModel(Gained, ESNO, {"gain": 0.5}, rate)
    known = AWGN.limit("esno_db", rate, signal)
    assert known is not None
    assert model.limit(signal=signal) == pytest.approx(known + 20 * math.log10(2), abs=1e-9)
    assert model.uncoded_ber(2.0) is None


def test_what_has_no_limit() -> None:
    model = ChannelModel(Gained, ESNO, {"gain": 0.5})
    assert model.limit(1.0, "bpsk") is None
    assert model.limit(0.0) is None
    assert model.limit() is None  # no rate is known
    assert ChannelModel(AWGN, ESNO, rate=1.0).limit(signal="bpsk") is None


@pytest.mark.parametrize("rate", [0.001, 0.3, 0.5, 0.99])
def test_a_search_finds_what_formulas_say(rate: float) -> None:
    assert ChannelModel(bsc, F).limit(rate) == pytest.approx(BSC.limit("f", rate), rel=1e-9)
    assert ChannelModel(BSC, F).limit(rate) == BSC.limit("f", rate)
    model = ChannelModel(BEC, EPSILON)
    assert model._search(rate, "gaussian") == pytest.approx(1 - rate, rel=1e-9)
    model = ChannelModel(AWGN, EBNO, rate=rate)
    signals: tuple[Signal, ...] = ("gaussian", "bpsk")
    for signal in signals:
        found = model._search(rate, signal)
        assert found == pytest.approx(model.limit(signal=signal), abs=1e-8)


def test_over_another_parameter() -> None:
    model = ChannelModel(AWGN, EBNO, rate=0.5)
    other = model.over("esno_db")
    assert other is not None
    assert other.at(1.0).esno_db == 1.0
    assert model.over("ebno_db") is model
    assert model.over("f") is None
    assert model.at(3.0).ebno_db == 3.0


def test_models_travel_to_workers() -> None:
    model = pickle.loads(pickle.dumps(ChannelModel(AWGN, SNR, rate=0.5)))
    assert model.parameter == SNR
    assert model.capacity(3.0, "bpsk") == ChannelModel(AWGN, SNR).capacity(3.0, "bpsk")


@pytest.mark.parametrize("name", STANDARD)
def test_standard_parameters(name: str) -> None:
    parameter = parameter_named(name)
    assert parameter.name == name
    assert parameter.value_at(parameter.position(0.25)) == pytest.approx(0.25, rel=1e-12)
    assert parameter.allows(0.25)
    assert not parameter.allows(parameter.range[1] * 1.01)
    assert parameter.symbol in parameter.plain_label
    if parameter.esno_shift is not None:
        channel = AWGN(**{name: 2.0}, rate=0.5)  # type: ignore[arg-type]
        assert channel.esno_db == 2.0 + parameter.esno_shift(0.5)


def test_parameters_that_others_describe() -> None:
    doppler = Parameter("doppler_hz", "f_D", "$f_D$", "Doppler frequency", unit="Hz")

    class Fading(Gained):
        parameters: ClassVar[tuple[Parameter | str, ...]] = ("esno_db", doppler)
        definitions: ClassVar[dict[str, str]] = {"esno_db": "mean Es/N0 in dB"}

    first, second = parameters_of(Fading)
    assert (first.name, first.definition, first.unit) == ("esno_db", "mean Es/N0 in dB", "dB")
    assert second is doppler is parameter_named("doppler_hz")
    assert doppler.axis_label == "Doppler frequency $f_D$ (Hz)"
    assert doppler.shown(12.5) == "12.5 Hz"
    assert parameter_named("whatever").axis_label == "whatever"
    assert parameter_named("own_db").shown(1.25) == "1.25 dB"


class Lossy(Channel):
    """A BSC under another name, whose capacity turns at 1/2 and fails beyond a table."""

    parameters: ClassVar[tuple[Parameter | str, ...]] = ("p",)
    most = 1.0
    asked: ClassVar[list[float]] = []

    def __init__(self, *, p: float, extra: float = 0.0) -> None:
        assert 0 < p < self.most
        self.p = p

    def transmit(self, word: Any, stream: Any) -> Any:
        raise NotImplementedError

    def llr(self, received: Any) -> Any:
        raise NotImplementedError

    def capacity(self) -> float:
        self.asked.append(self.p)
        return BSC(f=min(self.p, 1 - self.p)).capacity()


@pytest.mark.parametrize("most", [1.0, 0.3, 0.11])
def test_a_search_ends_where_the_capacity_turns(most: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lossy, "most", most)
    monkeypatch.setattr(Lossy, "asked", [])
    model = ChannelModel(Lossy, parameters_of(Lossy)[0])
    assert model.limit(4 / 7) == pytest.approx(BSC.limit("f", 4 / 7), rel=1e-9)
    assert len(Lossy.asked) < 40
    before = len(Lossy.asked)
    assert replace(model, rate=0.3).limit(4 / 7) is not None
    assert model.limit(4 / 7) is not None
    assert len(Lossy.asked) <= 2 * before  # found once for each rate that the channel is told
    assert model.limit(4 / 7, "bpsk") is None  # no other input is told apart
    assert model.limit(0.001) == (pytest.approx(BSC.limit("f", 0.001), rel=1e-9) if most == 1.0 else None)


def test_what_has_its_usual_value_is_not_set_apart() -> None:
    class Usual(AWGN):
        parameters: ClassVar[tuple[Parameter | str, ...]] = ("esno_db",)

        def __init__(self, *, esno_db: float, floor: float = 0.0, name: str | None = None) -> None:
            super().__init__(esno_db=esno_db)

    usual = ChannelModel(Usual, ESNO, {"floor": 0.0, "name": None}, 0.5)
    assert usual.set_apart == {}
    assert usual.limit() == AWGN.limit("esno_db", 0.5)
    assert usual.uncoded_ber(3.0) == AWGN.uncoded_ber("esno_db", 3.0)
    other = ChannelModel(Usual, ESNO, {"floor": 0.1}, 0.5)
    assert other.set_apart == {"floor": 0.1}
    assert other.uncoded_ber(3.0) is None


@pytest.mark.parametrize("ends", [(0.5, 1.0), (20.0, 400.0), (0.2, math.inf)])
def test_a_search_begins_within_the_range(ends: tuple[float, float]) -> None:
    low, high = ends

    def scaled(x: float) -> BSC:
        assert low <= x <= high
        return BSC(f=0.2 * low / x)

    model = ChannelModel(scaled, Parameter("x", range=ends))
    known = BSC.limit("f", 0.3)
    assert model.limit(0.3) == pytest.approx(0.2 * low / known, rel=1e-9)


@pytest.mark.parametrize("wrong", [{"scale": "logarithmic"}, {"better": 7}, {"range": (1.0, 0.0)}], ids=str)
def test_parameters_refuse_what_nobody_can_use(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Parameter(**{"name": "a", **wrong})
