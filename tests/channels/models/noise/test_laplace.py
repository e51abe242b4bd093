"""BPSK with Laplace noise. Statistical tests have fixed seeds, and a significance of 1e-6."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, Laplace, Stream
from capgap.channels.models.model import ChannelModel
from capgap.channels.parameter import EBNO
from scipy import integrate, stats

FRAMES, N = 2000, 61


@pytest.mark.parametrize("db", [-10.0, 0.0, 6.0])
def test_llrs_have_their_law(db: float) -> None:
    """Between the ends LLRs are 2 y / b; of a 0 half are at the upper end, exp(-2 / b) / 2 at the lower one."""
    channel = Laplace(esno_db=db)
    word = Stream(1, FRAMES).bits(N)
    llr = channel.transmit(word, Stream(2, FRAMES)).astype(np.float64) * (1 - 2.0 * word)
    end = 2 / channel.scale
    assert abs(llr).max() <= end * (1 + 1e-6)
    at_top, at_end = llr > end * (1 - 1e-6), llr < -end * (1 - 1e-6)
    assert stats.binomtest(int(at_top.sum()), llr.size, 0.5 + 5e-7 * end).pvalue > 1e-6
    assert stats.binomtest(int(at_end.sum()), llr.size, math.exp(-end) / 2).pvalue > 1e-6
    assert stats.binomtest(int((llr < 0).sum()), llr.size, Laplace.uncoded_ber("esno_db", db)).pvalue > 1e-6
    inside = llr[~at_top & ~at_end] * channel.scale / 2  # y, from -1 to 1
    law = stats.truncexpon(b=2 / channel.scale, scale=channel.scale)  # of 1 - y
    assert stats.kstest(1 - inside, law.cdf).pvalue > 1e-6
    assert channel.scale**2 * 2 == pytest.approx(AWGN(esno_db=db).sigma ** 2)


def test_capacities() -> None:
    for db in (-40.0, -10.0, 0.0, 10.0, 30.0):
        channel = Laplace(esno_db=db)
        b = channel.scale

        def lost(y: float, b: float = b) -> float:
            llr = (abs(y + 1) - abs(y - 1)) / b
            return math.exp(-abs(y - 1) / b) / (2 * b) * float(np.logaddexp(0, -llr)) / math.log(2)

        edge = 1 + 45 * b
        parts = [integrate.quad(lost, *ends, epsabs=1e-13)[0] for ends in ((-edge, -1), (-1, 1), (1, edge))]
        bpsk = channel.capacity("bpsk")
        assert bpsk == pytest.approx(1 - sum(parts), abs=1e-9)
        assert bpsk <= channel.capacity() + 1e-12
        assert AWGN(esno_db=db).capacity() <= channel.capacity()  # Gaussian noise is the worst of its power
    weak = Laplace(esno_db=-80)  # both are t^2 / 2 then
    assert weak.capacity("bpsk") == pytest.approx(weak.capacity(), rel=1e-3)


def test_limit_of_bpsk() -> None:
    limit = ChannelModel(Laplace, EBNO, rate=0.5).limit(signal="bpsk")
    assert limit is not None
    assert Laplace(ebno_db=limit, rate=0.5).capacity("bpsk") == pytest.approx(0.5, abs=1e-10)
    with pytest.raises(ValueError, match="signal must be one of"):
        Laplace(esno_db=0).capacity("laplace")  # type: ignore[arg-type]


def test_one_of_two_ratios() -> None:
    with pytest.raises(ValueError, match="laplace takes one of ebno_db and esno_db"):
        Laplace(ebno_db=1, esno_db=1, rate=0.5)
    assert repr(eval(repr(Laplace(esno_db=2)))) == repr(Laplace(esno_db=2))


@pytest.mark.slow  # compiles anew
def test_llrs_are_the_same_on_a_plain_cpu(on_a_plain_cpu: Callable[..., str], capsys: Any) -> None:
    script = """
import hashlib
import numpy as np
from capgap.channels import Laplace, Stream
llr = Laplace(esno_db=2).transmit(np.zeros((200, 33), np.uint8), Stream(1, 200))
print(hashlib.sha256(np.ascontiguousarray(llr).tobytes()).hexdigest())
"""
    exec(script, {})
    assert on_a_plain_cpu(script) == capsys.readouterr().out
