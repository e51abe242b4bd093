"""Degrees by linear programming, against known sequences and published optima; finite-length scaling."""

import math

import numpy as np
import pytest
from capgap.bounds.ensembles.degrees import Ensemble
from capgap.bounds.ensembles.design import Method, design, right_regular, tornado
from capgap.bounds.ensembles.erasures import erasure_threshold
from capgap.bounds.ensembles.scaling import scaling
from capgap.bounds.ensembles.thresholds import threshold
from capgap.channels import AWGN, BEC, BSC, from_db
from capgap.channels.models.model import ChannelModel
from capgap.channels.parameter import EBNO, EPSILON, ESNO, F
from capgap.codes import BeliefPropagationDecoder, LDPCCode
from scipy.stats import binomtest

ERASURES = ChannelModel(BEC, EPSILON)


@pytest.mark.parametrize(("check_degree", "terms"), [(6, 10), (7, 20)])
def test_a_design_for_erasures_is_no_worse_than_the_right_regular_sequence(
    check_degree: int, terms: int
) -> None:
    """Nor much better: the sequence's gap to capacity is optimal up to a constant (Shokrollahi, 1999)."""
    known = right_regular(check_degree, terms)
    found = design(ERASURES, known.rate, terms + 1, check_degree=check_degree)
    assert found.ensemble.rate == pytest.approx(known.rate, abs=2e-4)
    before, after = (erasure_threshold(each) / (1 - each.rate) for each in (known, found.ensemble))
    assert before - 1e-4 < after < before + 0.15 * (1 - before)
    assert found.value == pytest.approx(after * (1 - found.ensemble.rate), abs=1e-4)
    # capacity itself, and the bound on right-regular ensembles: a gap of at least rate^(check degree - 1) (1
    # - rate)
    assert after < 1


@pytest.mark.parametrize("terms", [10, 50])
def test_tornado_codes(terms: int) -> None:
    """Their threshold is at least (1 - rate) (1 - 1 / terms): Luby and others, 2001."""
    ensemble = tornado(terms, 0.5)
    assert ensemble.rate == pytest.approx(0.5)
    assert 0.5 * (1 - 1 / terms) <= erasure_threshold(ensemble) < 0.5


@pytest.mark.cpu_seconds(30)
@pytest.mark.parametrize(
    ("method", "sigma"),
    [
        pytest.param("exit", 0.9550, marks=pytest.mark.slow),
        pytest.param("gaussian-approximation", 0.9530, marks=pytest.mark.slow),
    ],
)
def test_a_design_for_awgn(method: Method, sigma: float) -> None:
    """Richardson, Shokrollahi and Urbanke (2001) have 0.9558 with degrees up to 10, by density evolution."""
    found = design(ChannelModel(AWGN, ESNO), 0.5, 10, method=method)
    assert max(found.ensemble.variables) <= 10
    assert found.ensemble.rate == pytest.approx(0.5, abs=2e-5)
    reached = threshold(found.ensemble, ChannelModel(AWGN, ESNO))
    assert sigma < math.sqrt(0.5 / from_db(reached.value)) < 0.9560


def test_a_quick_design_for_awgn() -> None:
    found = design(ChannelModel(AWGN, EBNO), 0.5, 8, check_degree=6.8)
    assert found.value == pytest.approx(0.39, abs=0.03)  # 0.448 dB as published, by density evolution


def test_what_cannot_be_designed_is_said() -> None:
    with pytest.raises(ValueError, match="bec and awgn"):
        design(ChannelModel(BSC, F), 0.5, 10)
    with pytest.raises(ValueError, match="most_degree must lie in 3 to 200"):
        design(ERASURES, 0.5, 2)
    with pytest.raises(ValueError, match="rate must lie in"):
        design(ERASURES, 1.5, 10)
    with pytest.raises(ValueError, match="with these checks"):
        design(ERASURES, 0.9, 10, check_degree=4)
    with pytest.raises(ValueError, match="method must be exact"):
        design(ERASURES, 0.5, 10, method="exit")


@pytest.mark.parametrize(
    ("degrees", "alpha", "shift"),
    [((3, 6), 0.56036, 0.6169), ((3, 4), 0.5425, 0.59363), ((4, 8), 0.5416, 0.5601)],
)
def test_scaling_parameters(degrees: tuple[int, int], alpha: float, shift: float) -> None:
    """Amraoui, Montanari, Richardson and Urbanke (2009): 0.56036 for (3,6)."""
    law = scaling(Ensemble.regular(*degrees))
    assert law.alpha == pytest.approx(alpha, abs=1e-4)
    assert law.shift == pytest.approx(shift, abs=1e-4)
    middle = law.threshold - law.shift * 1000 ** (-2 / 3)
    assert law.frame_error_rate(1000, middle) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="stability"):
        scaling(Ensemble.regular(2, 4))


@pytest.mark.slow
@pytest.mark.parametrize(("n", "epsilon", "codes"), [(1024, 0.39, 8), (1024, 0.41, 8), (4096, 0.41, 6)])
def test_scaling_is_what_codes_do(n: int, epsilon: float, codes: int) -> None:
    """Within 5 % of the law, and what chance does beside it: a test at the 0.1 % level."""
    law = scaling(Ensemble.regular(3, 6))
    expected = float(law.frame_error_rate(n, epsilon))
    rng = np.random.default_rng(1)
    wrong = frames = 0
    for seed in range(codes):
        decoder = BeliefPropagationDecoder(LDPCCode.regular(n, n // 2, 3, seed=seed), iterations=1000)
        llrs = np.where(rng.random((256, n)) < epsilon, 0, 20).astype(np.float32)
        wrong += int((~decoder.decode(llrs).ok).sum())
        frames += len(llrs)
    low, high = binomtest(wrong, frames).proportion_ci(0.999)
    assert low / 1.05 < expected < high * 1.05
