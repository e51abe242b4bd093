"""Polynomials in octal digits, as textbooks and standards of convolutional codes print them.

The most significant bit belongs to the current input: 133 is 1 011 011, or 1 + D^2 + D^3 + D^5 + D^6.
"""

import re
from typing import Annotated, Any, TypeAlias

#: What marks a parameter that is octal digits: a configuration's 133, "133" and 0o133 all are the text "133".
OCTAL = "octal digits"
#: Octal digits: text, or a number that is read by its digits.
Octal: TypeAlias = Annotated[int | str, OCTAL]


def octal_digits(value: Any, name: str) -> str:
    """The octal digits of a number, which is read by its decimal digits, or of text; raises ValueError.

    Leading zeros of text are kept: they are taps that are 0.

    Examples
    --------
    >>> octal_digits(133, "generators"), octal_digits("0o07", "generators")
    ('133', '07')
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"{name} must be octal digits, such as 133 or '133', got {value!r:.40}")
    text = str(value).strip().removeprefix("0o")
    if not re.fullmatch("[0-7]{1,20}", text):
        raise ValueError(
            f"{name} must be octal digits as in textbooks, 133 or '133', the most significant bit for the "
            f"current input, got {value!r:.40}"
        )
    return text
