"""``capgap export``: a code's matrix as a file, for other programs."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ..shared import Commands, add_plugin

if TYPE_CHECKING:
    from ....codes import Code


def add(commands: Commands) -> None:
    """Add ``capgap export`` and its options."""
    parser = commands.add_parser("export", help="write a code's parity-check matrix into a file")
    parser.add_argument(
        "code",
        nargs="+",
        metavar="CODE",
        help="a name with its parameters, such as ldpc standard=wifi n=648 rate=1/2, or a mapping",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        required=True,
        help="the file, whose ending chooses the format: .alist, .qc (circulants, with the columns that are "
        "punctured), .mtx (Matrix Market), .npz, .npy, .mat, .pchk or .txt",
    )
    parser.add_argument("--generator", action="store_true", help="write the generator matrix instead")
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the matrix, and say what was written."""
    from ....codes import NonBinaryLDPCCode
    from ....codes.matrix_files.write import matrix_bytes
    from ...configuration.named_codes import NamedCode, named_codes
    from ...results.atomic_files import write_atomically
    from ...theory.ensembles import within_checks

    named = named_codes(options.code)
    if len(named) != 1 or not isinstance(named[0], NamedCode):
        raise InputError(f"export takes one code, and {len(named)} are named")
    file = Path(options.output)
    whole = named[0].code
    code = whole if options.generator else within_checks(whole)
    matrix, size, punctured = _matrix(code, options.generator)
    circulants = file.suffix.lower() == ".qc"
    try:
        content = matrix_bytes(file, matrix, lifting_size=size, punctured=punctured if circulants else ())
    except ValueError as error:
        raise InputError(str(error)) from None
    write_atomically(file, content)
    print(f"{file}: {matrix.shape[0]} rows, {matrix.shape[1]} columns")
    if code is not whole:
        print(f"  the graph that belief propagation runs on: {code!r}, of which {whole!r} is made")
    if isinstance(code, NonBinaryLDPCCode):
        print("  the matrix of its bits: the file does not tell symbols of GF(2^m)")
    if len(punctured) and not circulants:
        print(f"  {len(punctured)} columns are not sent, which the file does not tell: {_ranges(punctured)}")
    return 0


def _matrix(code: "Code", generator: bool) -> tuple[Any, int | None, list[int]]:
    """The matrix, the size of its circulants if that is known, and the columns that are not sent."""
    from ....codes import LinearCode, LinearRateMatchedCode

    if not isinstance(code, LinearCode):
        raise InputError(f"{code!r} is not linear: it has no matrix")
    punctured: list[int] = []
    if not generator and isinstance(code, LinearRateMatchedCode) and code.inner.checks_known:
        inner, sent = code.inner, code.sent.tolist()
        if len(code.known) == 0 and sent == sorted(set(sent)):
            punctured, code = code.punctured.tolist(), inner
    try:
        if generator:
            return code.generator_matrix, None, []
        checks = code.tanner_graph.sparse_matrix() if code.checks_known else code.parity_check_matrix
    except ValueError as error:
        raise InputError(str(error)) from None
    return checks, getattr(code, "lifting_size", None), punctured


def _ranges(numbers: list[int]) -> str:
    """Ascending numbers, runs of them as 0-5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:20]]
    return ", ".join(shown) + (", ..." if len(runs) > 20 else "")
