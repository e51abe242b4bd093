"""Thresholds against published tables, such as those of Richardson and Urbanke, 2001."""

import math

import pytest
from capgap.bounds.ensembles.degrees import Ensemble
from capgap.bounds.ensembles.erasures import (
    erasure_threshold,
    exit_area,
    map_threshold,
    protograph_erasure_threshold,
)
from capgap.bounds.ensembles.gallager_decoders import (
    gallager_a_threshold,
    gallager_b_threshold,
    gallager_e_threshold,
)
from capgap.bounds.ensembles.protograph import Protograph
from capgap.bounds.ensembles.thresholds import Algorithm, algorithms_of, best_offset, best_scale, threshold
from capgap.channels import AWGN, BEC, BSC, from_db
from capgap.channels.models.model import ChannelModel
from capgap.channels.parameter import EBNO, EPSILON, ESNO, F
from capgap.simulate.registry import registry

from tests.lazy import but_slow

GAUSSIAN, SYMMETRIC = ChannelModel(AWGN, ESNO), ChannelModel(BSC, F)
REGULAR = ((3, 6), (3, 5), (3, 4), (4, 8), (4, 6), (5, 10))


def sigma_of(
    ensemble: Ensemble, algorithm: Algorithm = "sum-product", scale: float = 1.0, offset: float = 0.0
) -> float:
    found = threshold(ensemble, GAUSSIAN, algorithm, scale=scale, offset=offset)
    return math.sqrt(0.5 / from_db(found.value))


@pytest.mark.parametrize(
    ("degrees", "peeling", "maximum_likelihood"),
    [
        ((3, 6), 0.42944, 0.48815),
        ((3, 5), 0.51757, None),
        ((3, 4), 0.64743, 0.7460),
        ((4, 8), 0.38345, 0.4977),
        ((4, 6), 0.50613, 0.66566),
        ((5, 10), 0.34155, 0.49949),
    ],
)
def test_erasures(degrees: tuple[int, int], peeling: float, maximum_likelihood: float | None) -> None:
    """Measson, Montanari and Urbanke (2008), table 1, for maximum likelihood."""
    ensemble = Ensemble.regular(*degrees)
    assert erasure_threshold(ensemble) == pytest.approx(peeling, abs=6e-6)
    assert exit_area(ensemble) == pytest.approx(ensemble.rate, abs=1e-6)
    if maximum_likelihood is not None:
        assert map_threshold(ensemble) == pytest.approx(maximum_likelihood, abs=6e-5)


def test_erasures_of_an_ensemble_that_stability_limits() -> None:
    """lambda'(0) rho'(1) epsilon = 1 for the cycle codes of degree 2; their maximum likelihood is no better."""
    ensemble = Ensemble.regular(2, 4)
    assert erasure_threshold(ensemble) == pytest.approx(1 / 3)
    assert map_threshold(ensemble) == pytest.approx(1 / 3, abs=1e-4)
    assert threshold(ensemble, ChannelModel(BEC, EPSILON)).value == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("length", "epsilon"),
    but_slow([(3, 0.7143), (5, 0.5878), (10, 0.5046), (50, 0.4881)], [(3, 0.7143), (5, 0.5878)]),
)
def test_coupled_chains(length: int, epsilon: float) -> None:
    """Kudekar, Richardson and Urbanke (2011): at L = 50 that of maximum likelihood without coupling."""
    found = protograph_erasure_threshold(Protograph.coupled(3, 6, length))
    assert found == pytest.approx(epsilon, abs=1.2e-4)


@pytest.mark.parametrize(
    ("degrees", "a", "b", "e"),
    [
        ((3, 6), 0.03946, 0.03946, 0.0708),
        ((3, 5), 0.06119, 0.06119, None),
        ((3, 4), 0.10692, 0.10692, None),
        ((4, 8), 1 / 21, 0.05165, None),
        ((4, 6), 1 / 15, 0.07478, None),
        ((5, 10), 1 / 36, 0.04164, None),
    ],
)
def test_decoders_of_hard_decisions(degrees: tuple[int, int], a: float, b: float, e: float | None) -> None:
    """1 / 21, 1 / 15 and 1 / 36 are where few errors grow: Bazzi, Richardson and Urbanke, 2004."""
    ensemble = Ensemble.regular(*degrees)
    assert gallager_a_threshold(ensemble) == pytest.approx(a, abs=2e-5)
    assert gallager_b_threshold(ensemble) == pytest.approx(b, abs=5e-5)
    if e is not None:
        assert gallager_e_threshold(ensemble) == pytest.approx(e, abs=1e-4)
    with pytest.raises(ValueError, match="vanish at no noise"):
        gallager_a_threshold(Ensemble({2: 0.4, 3: 0.6}, {6: 1.0}))


@pytest.mark.parametrize(
    ("degrees", "sigma"),
    but_slow(
        [
            ((3, 6), 0.8809),
            ((3, 5), 1.0093),
            ((3, 4), 1.2667),
            ((4, 8), 0.8376),
            ((4, 6), 1.0109),
            ((5, 10), 0.7936),
        ],
        [((3, 6), 0.8809)],
    ),
)
def test_sum_product_over_awgn(degrees: tuple[int, int], sigma: float) -> None:
    assert sigma_of(Ensemble.regular(*degrees)) == pytest.approx(sigma, abs=3e-4)


@pytest.mark.parametrize(
    ("degrees", "f"),
    but_slow(
        [
            ((3, 6), 0.08406),
            ((3, 5), 0.11382),
            ((3, 4), 0.16701),
            ((4, 8), 0.07679),
            ((4, 6), 0.11690),
            ((5, 10), 0.06802),
        ],
        [((5, 10), 0.06802)],
    ),
)
def test_sum_product_over_bsc(degrees: tuple[int, int], f: float) -> None:
    assert threshold(Ensemble.regular(*degrees), SYMMETRIC).value == pytest.approx(f, abs=4e-5)


@pytest.mark.parametrize(
    ("degrees", "plain", "scaled", "offset"),
    but_slow(
        [
            ((3, 6), 0.8223, 0.8734, 0.8678),
            ((3, 5), 0.9217, 0.9990, 0.9893),
            ((3, 4), 1.1126, 1.2493, 1.2241),
            ((4, 8), 0.7505, 0.8183, 0.8252),
            ((4, 6), 0.8786, 0.9789, 0.9925),
        ],
        [((3, 6), 0.8223, 0.8734, 0.8678)],
    ),
)
def test_min_sum(degrees: tuple[int, int], plain: float, scaled: float, offset: float) -> None:
    """Chen, Dholakia, Eleftheriou, Fossorier and Hu (2005) have 1.71 dB for (3,6), and 1.20 dB with a factor."""
    ensemble = Ensemble.regular(*degrees)
    assert sigma_of(ensemble, "min-sum") == pytest.approx(plain, abs=3e-4)
    assert sigma_of(ensemble, "min-sum", scale=0.8) == pytest.approx(scaled, abs=3e-4)
    assert sigma_of(ensemble, "min-sum", offset=0.5) == pytest.approx(offset, abs=3e-4)


def test_min_sum_over_a_bsc_has_ties() -> None:
    """All messages are odd multiples of one LLR, which a factor of 0.99 undoes: the iteration then goes on."""
    ensemble = Ensemble.regular(3, 6)
    assert threshold(ensemble, SYMMETRIC, "min-sum").value == pytest.approx(0.03904, abs=2e-5)
    assert threshold(ensemble, SYMMETRIC, "min-sum", scale=0.99, step=0.1).value == pytest.approx(
        0.072, abs=1e-3
    )


def test_a_factor_leaves_few_errors_at_variables_of_degree_two() -> None:
    """With 0.75 some 0.6 % of the messages stay wrong at 1.2 dB, and still 0.03 % at 3 dB."""
    ensemble = Ensemble.from_text("lambda: 2=.28947 3=.31579 6=.39474; rho: 6=.63158 7=.36842")
    found = threshold(ensemble, ChannelModel(AWGN, EBNO), "min-sum", scale=0.75, tolerance=0.01, step=0.1)
    assert found.value == pytest.approx(0.953, abs=0.01)


def test_a_factor_is_found() -> None:
    scale, with_scale = best_scale(Ensemble.regular(3, 6), GAUSSIAN, tolerance=0.04)
    assert 0.72 <= scale <= 0.86
    assert with_scale.value == pytest.approx(1.178 - 3.0103, abs=0.03)


@pytest.mark.slow
def test_an_offset_is_found() -> None:
    offset, with_offset = best_offset(Ensemble.regular(3, 6), GAUSSIAN)
    assert 0.3 <= offset <= 0.45
    assert with_offset.value == pytest.approx(1.199 - 3.0103, abs=0.01)


#: Richardson, Shokrollahi and Urbanke (2001), table II: degrees, sigma, and whether stability decides.
IRREGULAR = {
    "4": ("2=.38354 3=.04237 4=.57409; rho: 5=.24123 6=.75877", 0.9114, True),
    "5": ("2=.32660 3=.11960 4=.18393 5=.36988; rho: 6=.78555 7=.21445", 0.9194, None),
    "7": ("2=.31570 3=.26758 7=.41672; rho: 6=.43810 7=.56190", 0.9424, True),
    "8": ("2=.30013 3=.28395 8=.41592; rho: 6=.22919 7=.77081", 0.9497, None),
    "9": ("2=.27684 3=.28342 9=.43974; rho: 6=.01568 7=.85244 8=.13188", 0.9540, None),
    "10": ("2=.25105 3=.30938 4=.00104 10=.43853; rho: 7=.63676 8=.36324", 0.9558, False),
    "11": ("2=.23882 3=.29515 4=.03261 11=.43342; rho: 7=.43011 8=.56989", 0.9572, False),
    "12": (
        "2=.24426 3=.25907 4=.01054 5=.05510 8=.01455 10=.01275 12=.40373; rho: 7=.25475 8=.73438 9=.01087",
        0.9580,
        False,
    ),
    "15": (
        "2=.23802 3=.20997 4=.03492 5=.12015 7=.01587 14=.00480 15=.37627; rho: 8=.98013 9=.01987",
        0.9622,
        False,
    ),
    "20": (
        "2=.21991 3=.23328 4=.02058 6=.08543 7=.06540 8=.04767 9=.01912 19=.08064 20=.22798; "
        "rho: 8=.64854 9=.34747 10=.00399",
        0.9649,
        False,
    ),
    "30": (
        "2=.19606 3=.24039 6=.00228 7=.05516 8=.16602 9=.04088 10=.01064 28=.00221 30=.28636; "
        "rho: 8=.00749 9=.99101 10=.00150",
        0.9690,
        False,
    ),
    "50": (
        "2=.17120 3=.21053 4=.00273 7=.00009 8=.15269 9=.09227 10=.02802 15=.01206 30=.07212 50=.25830; "
        "rho: 9=.33620 10=.08883 11=.57497",
        0.9718,
        False,
    ),
}


@pytest.mark.cpu_seconds(120)
@pytest.mark.parametrize("name", but_slow(IRREGULAR, []))
def test_irregular_ensembles(name: str) -> None:
    degrees, sigma, stability = IRREGULAR[name]
    ensemble = Ensemble.from_text(f"lambda: {degrees}")
    found = threshold(ensemble, GAUSSIAN)
    assert math.sqrt(0.5 / from_db(found.value)) == pytest.approx(sigma, abs=6e-4)
    if stability is not None:
        assert (found.limited_by == "stability") == stability


def test_a_threshold_is_the_lesser_of_iteration_and_stability() -> None:
    """That the iteration alone would go on to 0.9144; a coarse one is enough to pass 0.9116."""
    ensemble = Ensemble.from_text("lambda: 2=.38354 3=.04237 4=.57409; rho: 5=.24123 6=.75877")
    found = threshold(ensemble, GAUSSIAN, "exit")
    assert found.limited_by == "stability"
    assert math.sqrt(0.5 / from_db(found.value)) == pytest.approx(0.9116, abs=1e-4)


@pytest.mark.parametrize(
    ("degrees", "sigma"),
    [((3, 6), 0.8747), ((4, 8), 0.8323), ((5, 10), 0.7910), ((3, 5), 1.0003), ((3, 12), 0.6297)],
)
def test_gaussian_approximation(degrees: tuple[int, int], sigma: float) -> None:
    """Chung, Richardson and Urbanke (2001), table II."""
    assert sigma_of(Ensemble.regular(*degrees), "gaussian-approximation") == pytest.approx(sigma, abs=2e-4)


def test_protograph_exit() -> None:
    """Divsalar, Dolinar, Jones and Andrews (2009) have 0.628, 1.450, 2.005 and 2.413 dB for AR4JA."""
    rows = [[0, 0, 1, 0, 2], [1, 1, 0, 1, 3], [1, 2, 0, 2, 1]]
    for expected in (0.625, 1.449, 2.005, 2.414):
        protograph = Protograph(rows, [len(rows[0]) - 1])
        found = threshold(protograph, ChannelModel(AWGN, EBNO))
        assert found.value == pytest.approx(expected, abs=5e-3)
        rows = [more + row for more, row in zip([[0, 0], [3, 1], [1, 3]], rows, strict=True)]
    regular = threshold(Protograph([[3, 3]]), ChannelModel(AWGN, EBNO))
    assert regular.value == pytest.approx(1.102, abs=3e-3)


def test_channels_with_a_law_have_thresholds_below_their_capacity() -> None:
    ensemble = Ensemble.regular(3, 6)
    bsec = registry.channels.get("bsec").channel_model("f", {"epsilon": 0.1})
    found = threshold(ensemble, bsec, tolerance=0.01, step=0.1).value
    least, most = 0.0, bsec.limit(0.5)
    assert most is not None
    assert least < found < most
    # between those of the BSC and of the BEC: 0.0841 with 0, and 0.4294 erased with 0
    assert found == pytest.approx(0.0841 * (1 - 0.1 / 0.4294), abs=0.005)
    fading = registry.channels.get("rayleigh").channel_model("ebno_db", {"coherence": "frame"})
    assert algorithms_of(ensemble, fading) == []


def test_a_single_variable_of_degree_one_does_not_decide() -> None:
    """The degrees of DVB-S2's rate 1/2 with 64,800 bits."""
    edges = 226_799
    variables = {1: 1 / edges, 2: 64_798 / edges, 3: 58_320 / edges, 8: 103_680 / edges}
    ensemble = Ensemble(variables, {6: 6 / edges, 7: 226_793 / edges})
    found = threshold(ensemble, ChannelModel(BEC, EPSILON))
    assert 0.46 < found.value < 0.5
    with pytest.raises(ValueError, match="variables of degree 1, whose errors stay"):
        threshold(Ensemble({1: 0.1, 3: 0.9}, {6: 1.0}), ChannelModel(BEC, EPSILON))


def test_fading_with_another_gain_for_each_symbol() -> None:
    """Hou, Siegel and Milstein (2001) have 3.06 dB for (3,6) over Rayleigh fading whose gains are known."""
    fading = registry.channels.get("rayleigh").channel_model("ebno_db")
    found = threshold(Ensemble.regular(3, 6), fading, tolerance=5e-3, step=0.1)
    assert found.value == pytest.approx(3.06, abs=0.01)


def test_what_is_not_known_is_said() -> None:
    ensemble = Ensemble.regular(3, 6)
    with pytest.raises(ValueError, match="known are sum-product, maximum-likelihood"):
        threshold(ensemble, ChannelModel(BEC, EPSILON), "gallager-a")
    with pytest.raises(ValueError, match="scale must lie in"):
        threshold(ensemble, GAUSSIAN, "min-sum", scale=2)
    with pytest.raises(ValueError, match="design rate in"):
        threshold(Ensemble.regular(6, 3), GAUSSIAN)
    with pytest.raises(ValueError, match="algorithm must be one of"):
        threshold(ensemble, GAUSSIAN, "bcjr")  # type: ignore[arg-type]
