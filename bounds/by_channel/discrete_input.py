"""The bounds on any memoryless channel with finitely many inputs, of its `Law` at each value."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...channels.information.discrete_capacity import best_input_law
from ...channels.information.law import Law
from .. import cones, discrete_input, power_constraints
from ..bound_type import Bound, Kind
from ..discrete import binary_asymmetric, symmetric_erasure
from ..scales import Scale
from .families import capacity_bound, gallager_bound, sphere_packing_bound
from .literature import MARTINEZ, PPV, SHANNON_1959, VAZQUEZ

#: A formula of n, a logarithm, and the law at the channel's value.
OfLaw = Callable[[int, float, Law], float]


@dataclass(frozen=True)
class Family:
    """A channel over one of its parameters, as bounds see it.

    Attributes
    ----------
    name
        Of the channel.
    scale
        The parameter's values.
    law
        The law at a value.
    capacity
        In bits a use at a value, of the inputs that the law is for.
    inputs
        These inputs, in words.
    """

    name: str
    scale: Scale
    law: Callable[[float], Law]
    capacity: Callable[[float], float]
    inputs: str = "equiprobable inputs"

    def bound(self, name: str, kind: Kind, source: str, log_error: OfLaw, log2_m: OfLaw) -> Bound:
        """A bound whose formulas are those of a law."""
        return Bound(
            channel=self.name,
            name=name,
            kind=kind,
            source=source,
            least_n=1,
            log_error_formula=lambda n, given, value: log_error(n, given, self.law(value)),
            log2_m_formula=lambda n, given, value: log2_m(n, given, self.law(value)),
            scale=self.scale,
        )


def discrete_input_bounds(family: Family, *, symmetric: bool, singular: bool) -> list[Bound]:
    """The bounds that follow from a family's laws, in the order in which tables show them.

    A converse is among them where the laws are ``symmetric``.
    """

    def e0(rho: float, value: float) -> float:
        return discrete_input.gallager_e0(rho, family.law(value))

    third = "" if singular else " + (log2 n) / 2"
    found = [
        capacity_bound(channel=family.name, capacity=family.capacity, formula=f"I(X; Y), {family.inputs}"),
        family.bound(
            "normal-approximation",
            "approximation",
            f"log2 M = n C - sqrt(n V) Q^-1(error){third}, C and V the mean and the variance of the "
            f"information density, {family.inputs}: {PPV}",
            discrete_input.normal_log_error,
            discrete_input.normal_log2_m,
        ),
        family.bound(
            "rcu",
            "achievability",
            f"E[min(1, (M - 1) exp(-I_s))], the least over s, {family.inputs}: {MARTINEZ}",
            discrete_input.rcus_log_error,
            discrete_input.rcus_log2_m,
        ),
        family.bound(
            "dt",
            "achievability",
            f"E[min(1, (M - 1) / 2 exp(-I))], {family.inputs}: {PPV}",
            discrete_input.dt_log_error,
            discrete_input.dt_log2_m,
        ),
        gallager_bound(channel=family.name, e0=e0),
    ]
    if symmetric:
        found.insert(
            1,
            family.bound(
                "converse",
                "converse",
                f"M <= 1 / beta of the best test against the outputs of equiprobable inputs: {PPV}",
                discrete_input.meta_converse_log_error,
                discrete_input.meta_converse_log2_m,
            ),
        )
        found.append(sphere_packing_bound(channel=family.name, e0=e0))
    return [replace(each, scale=family.scale) for each in found]


def equal_energy_converse(family: Family, dimensions: int) -> Bound:
    """The converse for the points of a circle, whose words have equal energy and are all alike."""

    def log_error(n: int, log2_m: float, esno: float) -> float:
        of_words = discrete_input.meta_converse_log_error(n, log2_m, family.law(esno))
        if dimensions * n == 1:
            return of_words
        return max(of_words, cones.converse_log_error(dimensions * n, log2_m, esno / dimensions))

    def log2_m(n: int, log_error: float, esno: float) -> float:
        of_words = discrete_input.meta_converse_log2_m(n, log_error, family.law(esno))
        if dimensions * n == 1:
            return of_words
        return min(of_words, cones.converse_log2_m(dimensions * n, log_error, esno / dimensions))

    return Bound(
        channel=family.name,
        name="converse",
        kind="converse",
        source=(
            "M <= 1 / beta of the best test against the outputs of equiprobable inputs, or cones in "
            f"{'two dimensions a sample' if dimensions == 2 else 'one dimension a sample'}, words of equal "
            f"energy, as all are here: {PPV}, and {SHANNON_1959}"
        ),
        least_n=1,
        log_error_formula=log_error,
        log2_m_formula=log2_m,
        constraint="equal",
        scale=family.scale,
    )


def average_energy_converse(family: Family, dimensions: int) -> Bound:
    """The converse of the Gaussian channel for words of average energy, and no more words than there are."""
    bits = family.scale.bits

    def log_error(n: int, log2_m: float, esno: float) -> float:
        of_energy = power_constraints.average_log_error(dimensions * n, log2_m, esno / dimensions)
        return max(of_energy, discrete_input.crowded_log_error(n * bits, log2_m))

    def log2_m(n: int, log_error: float, esno: float) -> float:
        of_energy = power_constraints.average_log2_m(dimensions * n, log_error, esno / dimensions)
        return min(of_energy, discrete_input.crowded_log2_m(n * bits, log_error))

    return Bound(
        channel=family.name,
        name="converse",
        kind="converse",
        source=(
            "that of awgn for any input, words of average energy n Es, in "
            f"{'two dimensions a sample' if dimensions == 2 else 'one dimension a sample'}; and M words are "
            f"no more than there are, over 1 - error: {VAZQUEZ}"
        ),
        least_n=1,
        log_error_formula=log_error,
        log2_m_formula=log2_m,
        constraint="average",
        scale=family.scale,
    )


def composition_converse(
    family: Family, flips: Callable[[float], tuple[float, float]], greatest_n: int
) -> Bound:
    """The converse of the binary asymmetric channel, of p01 and p10 at a value."""

    def arguments(value: float) -> tuple[float, float, float]:
        p01, p10 = flips(value)
        return p01, p10, best_input_law([[1 - p01, p01], [p10, 1 - p10]])[1]

    def log_error(n: int, log2_m: float, value: float) -> float:
        start = discrete_input.normal_log_error(n, log2_m, family.law(value))
        return binary_asymmetric.converse_log_error(n, log2_m, *arguments(value), start)

    return Bound(
        channel=family.name,
        name="converse",
        kind="converse",
        source=(
            "M <= sum over the number w of ones of l_w, over u - error, the least over u, with l_w such that "
            f"the best test of words of w ones has P[missed] + l_w Q_w[false] = u: {PPV}, and Strassen, 1962"
        ),
        least_n=1,
        log_error_formula=log_error,
        log2_m_formula=lambda n, log_error, value: binary_asymmetric.converse_log2_m(
            n, log_error, *arguments(value)
        ),
        scale=family.scale,
        greatest_n=greatest_n,
    )


def erasure_bounds(family: Family, flips: Callable[[float], tuple[float, float]]) -> list[Bound]:
    """Converse and union bound of the BSC with erasures, of f and epsilon at a value, exact."""

    def made(
        name: str, kind: Kind, source: str, formula: Callable[[int, float, float, float], float]
    ) -> Bound:
        def log_error(n: int, log2_m: float, value: float) -> float:
            return formula(n, log2_m, *flips(value))

        def log2_m(n: int, log_error_: float, value: float) -> float:
            start = discrete_input.normal_log2_m(n, log_error_, family.law(value))
            most = discrete_input.crowded_log2_m(n, log_error_)
            return symmetric_erasure.log2_m_at(lambda x: log_error(n, x, value), log_error_, start, most)

        return Bound(
            channel=family.name,
            name=name,
            kind=kind,
            source=source,
            least_n=1,
            log_error_formula=log_error,
            log2_m_formula=log2_m,
            scale=family.scale,
            greatest_n=symmetric_erasure.GREATEST_N,
        )

    return [
        made(
            "converse",
            "converse",
            "mean over the number of erasures of what the best test of size 1/M leaves on the BSC of the "
            f"other bits: {PPV}, theorems 35 and 38",
            symmetric_erasure.converse_log_error,
        ),
        made(
            "rcu",
            "achievability",
            "mean over the number of erasures of sum of P[t] min(1, (M - 1) 2^-n sum_{s <= t} C(n, s)) of "
            f"the n bits that are left: {PPV}, theorem 33",
            symmetric_erasure.rcu_log_error,
        ),
    ]
