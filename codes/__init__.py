"""What the sender and receiver do: codes and their decoders."""

from . import by_name
from .alist import read_alist, write_alist
from .code import Code
from .decoders import (
    BeliefPropagationDecoder,
    Decoder,
    DecodeResult,
    GroupDecoder,
    HardDecoder,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    SyndromeDecoder,
)
from .gallager import regular_matrix
from .hamming import HammingCode
from .ldpc import LDPCCode
from .linear import LinearCode
from .matrix_files import read_matrix
from .quasi_cyclic import read_quasi_cyclic
from .repetition import RepetitionCode
from .single_parity_check import SingleParityCheckCode
from .tanner_graph import TannerGraph
from .text_matrix import MatrixFileError
from .uncoded import UncodedCode
from .weight_enumerator import (
    Enumerator,
    information_weights,
    input_output_enumerator,
    macwilliams,
    weight_enumerator,
)

__all__ = [
    "BeliefPropagationDecoder",
    "Code",
    "DecodeResult",
    "Decoder",
    "Enumerator",
    "GroupDecoder",
    "HammingCode",
    "HardDecoder",
    "LDPCCode",
    "LinearCode",
    "MajorityDecoder",
    "MatrixFileError",
    "MaximumLikelihoodDecoder",
    "RepetitionCode",
    "SingleParityCheckCode",
    "SyndromeDecoder",
    "TannerGraph",
    "UncodedCode",
    "by_name",
    "information_weights",
    "input_output_enumerator",
    "macwilliams",
    "read_alist",
    "read_matrix",
    "read_quasi_cyclic",
    "regular_matrix",
    "weight_enumerator",
    "write_alist",
]
