"""Constellations from text files: a point on each line."""

import re
from pathlib import Path

from ...number_files import NumberFileError, number_of, read_lines
from .constellations import MAX_POINTS, Constellation

#: Bits of the longest label.
MOST_BITS = MAX_POINTS.bit_length() - 1


class ConstellationFileError(NumberFileError):
    """A file that cannot be used: the message names the file, the line and what is wrong."""


def read_constellation(path: Path) -> Constellation:
    """The constellation of a file, scaled to a mean energy of 1.

    A line has a label, its bits such as 0110, the real and the imaginary part of its point; the latter may be
    left out where all are 0. ``#`` begins a comment.

    Raises
    ------
    ConstellationFileError
        If the file cannot be read, or has lines that are none of these, labels of different lengths, twice or
        missing, or points that are the same.
    """
    labels: dict[int, int] = {}  # and the lines they are on
    points: dict[complex, int] = {}
    bits = 0
    for number, words in read_lines(path, ConstellationFileError):
        if not 2 <= len(words) <= 3 or not re.fullmatch("[01]+", words[0]):
            problem = f"a line is a label, its bits, and one or two numbers, got {' '.join(words)[:40]!r}"
            raise ConstellationFileError(path, number, problem)
        bits = bits or len(words[0])
        if len(words[0]) != bits or bits > MOST_BITS:
            problem = (
                f"the label {words[0][:40]} has {len(words[0])} bits, the first has {bits}"
                if len(words[0]) != bits
                else f"labels have at most {MOST_BITS} bits, got {bits}"
            )
            raise ConstellationFileError(path, number, problem)
        parts = (number_of(path, number, word, ConstellationFileError) for word in words[1:])
        label, point = int(words[0], 2), complex(*parts)
        for known, found, what in ((labels, label, f"label {words[0]}"), (points, point, "point")):
            if found in known:
                raise ConstellationFileError(path, number, f"the {what} is on line {known[found]} already")  # type: ignore[index]
        labels[label], points[point] = number, number
    if bits == 0:
        raise ConstellationFileError(path, None, "the file has no points")
    missing = next((label for label in range(1 << bits) if label not in labels), None)
    if missing is not None:
        raise ConstellationFileError(path, None, f"the label {missing:0{bits}b} is missing")
    try:
        return Constellation(list(points), list(labels), path.stem)
    except ValueError as error:
        raise ConstellationFileError(path, None, str(error)) from None
