"""The contract of modulations, and of channels that take samples: what breaks it is found, what keeps it passes."""

import math
import re
from typing import Any

import numpy as np
import pytest
from capgap.channels import (
    BPSK,
    PAM,
    QPSK,
    AmplitudeModulation,
    Channel,
    Constellation,
    Modulation,
    Observation,
    Stream,
    apsk,
    psk,
    qam,
)
from capgap.simulate.contract.channel import check_channel
from capgap.simulate.contract.modulation import check_modulation


class Enumerated(Modulation):
    """Any constellation, demapped by enumeration in NumPy, with one thing wrong at a time."""

    def __init__(self, constellation: Constellation, wrong: str = "", add: np.ufunc = np.logaddexp) -> None:
        super().__init__(constellation)
        self.wrong, self.add = wrong, add

    def map(self, word: Any) -> Any:
        labels = word.reshape(len(word), -1, self.bits_per_symbol)
        numbers = labels @ (1 << np.arange(self.bits_per_symbol)[::-1])
        points = self.constellation.points[np.argsort(self.constellation.labels)][numbers]
        return points.real.astype("f4") if self.dimensions == 1 else points.astype("c8")

    def llr(self, observation: Observation, prior: Any = None) -> Any:
        samples, gains = observation.samples[..., None], np.ones(1)
        if observation.gains is not None and self.wrong != "gains ignored":
            gains = observation.gains[..., None]
        points, bits = self.constellation.points, self.constellation.label_bits
        metric = -(abs(samples - gains * points) ** 2) / observation.noise_variance / 2
        known = np.zeros((*samples.shape[:2], bits.shape[1]))
        if prior is not None and self.wrong != "prior ignored":
            known = prior.reshape(known.shape)
        metric = metric - (known[..., None, :] * bits).sum(axis=-1)
        llr = np.empty(known.shape, np.float32)
        for i, bit in enumerate(bits.T):
            zero, one = (self.add.reduce(metric[..., bit == value], axis=-1) for value in (0, 1))
            llr[..., i] = zero - one
        if self.wrong != "prior left in":
            llr -= known
        factor = {"twice": 2, "half": 0.5}.get(self.wrong, 1)
        if self.wrong == "a single bit":
            llr[5, 3, 1] += 0.1
        return np.clip(factor * llr, -1000, 1000).reshape(len(samples), -1).astype(np.float32)


CONSTELLATIONS = (psk(8), qam(16), apsk((4, 12), (1.0, 2.7)))


@pytest.mark.parametrize("add", [np.logaddexp, np.maximum], ids=["exact", "max-log"])
def test_demappers_that_keep_the_contract(add: np.ufunc) -> None:
    for constellation in CONSTELLATIONS:
        assert check_modulation(Enumerated(constellation, add=add)) == []


def test_demappers_of_capgap_keep_the_contract() -> None:
    """Beside the examples, orders at which all LLRs are small."""
    demappers: tuple[Any, ...] = ("exact", "max-log")
    made: list[Modulation] = [BPSK(), QPSK()]
    for demapper in demappers:
        made += [PAM(order=64, demapper=demapper), AmplitudeModulation(qam(64), demapper)]
    assert [check_modulation(each) for each in made] == [[]] * len(made)


@pytest.mark.parametrize("add", [np.logaddexp, np.maximum], ids=["exact", "max-log"])
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("twice", "llr should be ln P(0) / P(1), the first of these "),
        ("half", "llr should be ln P(0) / P(1), the first of these "),
        ("gains ignored", "llr with gains should be ln P(0) / P(1), the first of these "),
        ("prior ignored", "llr with a prior should be ln P(0) / P(1), the first of these "),
        ("prior left in", "llr with a prior should be ln P(0) / P(1), the first of these "),
    ],
)
def test_demappers_with_a_wrong_law_are_told_so(wrong: str, words: str, add: np.ufunc) -> None:
    for constellation in CONSTELLATIONS:
        (problem,) = check_modulation(Enumerated(constellation, wrong, add))
        assert problem.startswith(words)
        assert ": frame 0, LLR" in problem


def test_where_a_demapper_is_wrong_is_told() -> None:
    problem = check_modulation(Enumerated(psk(8), "a single bit"))[0]
    assert problem.startswith("llr should be ln P(0) / P(1), the first of these ")
    assert problem.endswith(": frame 5, LLR 10")  # the second bit of sample 3


class GroupsIgnoreGains(QPSK):
    """Wrong only in groups, in which simulations run, and only where there are gains."""

    def llr(self, observation: Observation, prior: Any = None) -> Any:
        return super().llr(observation, prior)

    def map(self, word: Any) -> Any:
        return super().map(word)

    def map_words(self, words: Any) -> Any:
        return super().map_words(words)

    def demap(self, observation: Observation, *more: Any) -> Any:
        plain = Observation(observation.samples, observation.noise_variance, observation.frames)
        return super().demap(plain, *more)


def test_groups_are_looked_at_too() -> None:
    (problem,) = check_modulation(GroupsIgnoreGains())
    assert problem.startswith("demap with gains should be ln P(0) / P(1), the first of these ")


class Differential(Enumerated):
    """Has memory: a bit turns the sign of all that follow."""

    def map(self, word: Any) -> Any:
        return super().map(np.cumsum(word, axis=1, dtype=np.uint8) % 2)

    def llr(self, observation: Observation, prior: Any = None) -> Any:
        raw = super().llr(observation)
        before = np.concatenate([np.ones((len(raw), 1), "f4"), np.sign(raw[:, :-1])], axis=1)
        return raw * before


def test_points_that_depend_on_more_than_the_label_are_all_that_is_told() -> None:
    """No LLRs are computed from points that are not those that are sent."""
    (problem,) = check_modulation(Differential(Constellation([1, -1], [0, 1], "BPSK")))
    assert problem.startswith("map should give the points of its constellation, by their labels: frame ")


class Fading(Channel):
    """Rayleigh fading, with gains that the receiver knows, and one thing wrong at a time."""

    parameters = ("esno_db",)
    takes_samples = True

    def __init__(self, *, esno_db: float, wrong: str = "") -> None:
        self.value, self.wrong = esno_db, wrong
        self.variance = 0.5 / 10 ** (esno_db / 10)

    @property
    def esno_db(self) -> float:
        return self.value

    def receive(self, samples: Any, stream: Stream) -> Observation:
        complex_ones = np.iscomplexobj(samples)
        if self.wrong == "real" and complex_ones:
            raise ValueError("only real samples can be sent")
        if self.wrong == "crashes":
            raise KeyError("oops")
        uses = samples.shape[1]
        gains = np.sqrt(-np.log1p(-stream.uniform(uses).astype(float))).astype(np.float32)
        noise: Any = stream.normal(uses * (1 + complex_ones))
        if complex_ones:
            noise = noise[:, ::2] + 1j * noise[:, 1::2]
        received = (gains * samples + math.sqrt(self.variance) * noise).astype(samples.dtype)
        told = {"three times": 3.0, "a fifth more": 1.2}.get(self.wrong, 1.0)
        if self.wrong == "not a number":
            received[2, 1] = np.nan
        if self.wrong == "N0" and complex_ones:
            told = 2.0
        return Observation(received, told * self.variance, gains=None if self.wrong == "no gains" else gains)

    def transmit(self, word: Any, stream: Stream) -> Any:
        seen = Fading.receive(Fading(esno_db=self.value), 1 - 2.0 * word, stream)
        assert seen.gains is not None
        return 2 * seen.gains * seen.samples / self.variance

    def llr(self, received: Any) -> Any:
        return np.clip(received, -1000, 1000).astype(np.float32)

    def capacity(self) -> float:
        points, weights = np.polynomial.laguerre.laggauss(64)
        return float((weights * np.log2(1 + points / self.variance)).sum() / 2)


class OtherGroups(Fading):
    """Fades otherwise in groups."""

    def receive(self, samples: Any, stream: Stream) -> Observation:
        return super().receive(samples, stream)

    def receive_groups(self, samples: Any, stream: Stream, dimensions: int) -> Observation:
        seen = super().receive_groups(samples, stream, dimensions)
        if len(seen.samples) > 1:
            seen.samples[1, 2, 3] *= -1
        return seen


def test_channels_that_receive_as_they_say_keep_the_contract() -> None:
    for esno_db in (-5.0, 15.0):
        assert check_channel(Fading(esno_db=esno_db)) == []
    assert check_channel(Fading(esno_db=3, wrong="real")) == []


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [("three times", "real"), ("a fifth more", "real"), ("no gains", "real"), ("N0", "complex")],
)
def test_what_an_observation_tells_is_to_be_true(wrong: str, kind: str) -> None:
    (problem,) = check_channel(Fading(esno_db=3, wrong=wrong))
    assert problem.startswith(f"receive of {kind} samples (")
    assert re.search(r"of bit [01] of each sample llr should be ln P\(0\) / P\(1\): of LLRs from", problem)


def test_a_receive_that_fails_is_told() -> None:
    assert any(
        text.endswith("should give finite samples: frame 2, sample 1")
        for text in check_channel(Fading(esno_db=3, wrong="not a number"))
    )
    assert (
        "receive of real samples (PAM(<Constellation 4-PAM, 4 points>)) fails: KeyError: 'oops'"
        in " / ".join(check_channel(Fading(esno_db=3, wrong="crashes")))
    )


def test_groups_are_to_receive_as_arrays() -> None:
    problems = check_channel(OtherGroups(esno_db=3))
    assert any(
        each.startswith("receive_groups should receive as receive does: frame 67, LLR") for each in problems
    )
