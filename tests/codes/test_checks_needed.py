"""Decoders that need a check around their code say so before the first frame."""

from typing import Any

import pytest
from capgap.codes import SCFlipDecoder, SCLDecoder, SCLFlipDecoder, by_name, decoder_of
from capgap.simulate.registry.registry import decoders_for


@pytest.mark.parametrize("matching", [None, {"shorten": "last"}])
@pytest.mark.parametrize(
    ("make", "parameters"),
    [(SCFlipDecoder, {}), (SCLFlipDecoder, {}), (SCLDecoder, {"list": 2, "adaptive": True})],
)
def test_a_code_without_a_check_is_refused(matching: Any, make: Any, parameters: dict[str, Any]) -> None:
    code = by_name.polar(n=6 if matching else 8, k=5, matching=matching)
    with pytest.raises(ValueError, match="check"):
        decoder_of(code, make, **parameters)
    assert decoder_of(by_name.crc(polynomial=3, bits=2, code=code), make, **parameters)


def test_decoders_for_a_code_are_those_that_take_it() -> None:
    code = by_name.polar(n=8, k=5)
    assert not {"sc-flip", "scl-flip"} & set(decoders_for(code))
    assert {"sc-flip", "scl-flip"} <= set(decoders_for(by_name.crc(polynomial=3, bits=2, code=code)))
    assert {"sc-flip", "scl-flip"} <= set(
        decoders_for(by_name.polar(standard="nr", n=64, k=20, link="uplink"))
    )
