"""The band-limited AWGN channel: bits a second, and bits a second and hertz against Eb/N0.

C. E. Shannon, "Communication in the presence of noise", 1949; Proakis and Salehi, "Digital
Communications", 5th ed., 2008, section 6.5.
"""

import math

from ..elementwise import elementwise
from ..models.awgn import awgn_limit_ebno_db
from ..numerics import root


@elementwise
def shannon_hartley_capacity(bandwidth: float, power: float, noise_density: float) -> float:
    """W log2(1 + P / (N0 W)) bits a second.

    Parameters
    ----------
    bandwidth
        W in hertz, at least 0; with infinity the capacity is P / (N0 ln 2).
    power
        P in watts at the receiver, at least 0 and finite.
    noise_density
        N0 in watts a hertz, one-sided, above 0 and finite.

    Raises
    ------
    ValueError
        If an argument is outside its range.
    """
    if not bandwidth >= 0:
        raise ValueError(f"bandwidth must not be negative, got {bandwidth}")
    if not 0 <= power < math.inf:
        raise ValueError(f"power must be finite and not negative, got {power}")
    if not 0 < noise_density < math.inf:
        raise ValueError(f"noise_density must be finite and above 0, got {noise_density}")
    ratio = power / noise_density
    if bandwidth == 0 or ratio == 0:
        return 0.0
    if bandwidth == math.inf or ratio / bandwidth == 0:
        return ratio / math.log(2)
    if ratio / bandwidth == math.inf:
        return bandwidth * (math.log2(ratio) - math.log2(bandwidth))
    return bandwidth * math.log1p(ratio / bandwidth) / math.log(2)


@elementwise
def spectral_efficiency(ebno_db: float) -> float:
    """The largest spectral efficiency at an Eb/N0 in dB: r = log2(1 + r Eb/N0), in bits a second and hertz.

    That is bits a complex channel use, two real ones. 0 up to Eb/N0 = ln 2, -1.59 dB. For values of
    at most 3000 dB; raises ValueError above, and for NaN.
    """
    if not ebno_db <= 3000:
        raise ValueError(f"ebno_db must be at most 3000, got {ebno_db}")
    above = ebno_db * math.log(10) / 10 - math.log(math.log(2))
    if above <= 0:
        return 0.0

    # With u = r ln 2, (e^u - 1) / u = Eb/N0 / ln 2; solved for ln u, between u / 2 and u on the left.
    def surplus(x: float) -> float:
        u = math.exp(x)
        return _ln_mean_slope(u) - above

    return math.exp(root(surplus, math.log(above), math.log(2 * above + 2 * math.log1p(above)))) / math.log(2)


def _ln_mean_slope(u: float) -> float:
    """ln((e^u - 1) / u) for u > 0."""
    if u < 0.01:  # the series in u: the quotient would cancel
        return u / 2 + u**2 / 24 - u**4 / 2880 + u**6 / 181440
    return u + math.log(-math.expm1(-u)) - math.log(u)


@elementwise
def spectral_efficiency_limit_ebno_db(efficiency: float) -> float:
    """The least Eb/N0 in dB at a spectral efficiency r in bits a second and hertz: (2^r - 1) / r.

    For r in [0, 1000]; -1.59 dB at 0. Raises ValueError outside. The inverse of ``spectral_efficiency``.
    """
    if not 0 <= efficiency <= 1000:
        raise ValueError(f"efficiency must lie in [0, 1000], got {efficiency}")
    return awgn_limit_ebno_db(efficiency / 2)


@elementwise
def spectral_efficiency_of_esno(esno: float) -> float:
    """log2(1 + Es/N0), the spectral efficiency at an Es/N0 (a ratio) of complex symbols.

    Raises ValueError if ``esno`` is negative or NaN.
    """
    if not esno >= 0:
        raise ValueError(f"esno must not be negative, got {esno}")
    return math.log1p(esno) / math.log(2)
