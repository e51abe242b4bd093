"""What the sender and receiver do: codes and their decoders."""

from . import (
    algebraic,
    by_name,
    convolutional,
    detection,
    elementary,
    ldpc,
    matching,
    polar,
    turbo,
    universal,
)
from .algebraic.bch import BCHCode
from .algebraic.cyclic import CyclicCode
from .algebraic.decoding.bounded_distance import BoundedDistanceDecoder
from .algebraic.decoding.gmd import GMDDecoder
from .algebraic.decoding.list_decoding import GuruswamiSudanDecoder, KoetterVardyDecoder
from .algebraic.reed_solomon import ReedSolomonCode
from .binary.tanner_graph import TannerGraph
from .code import Code
from .composite import CompositeCode
from .convolutional.bcjr.bcjr import BCJRDecoder
from .convolutional.bcjr.sova import SovaDecoder
from .convolutional.convolutional import ConvolutionalCode
from .convolutional.viterbi.list_viterbi import ListViterbiDecoder
from .convolutional.viterbi.viterbi import ViterbiDecoder
from .decoder import CompositeDecoder, Decoder, DecodeResult, GroupResult, decoder_of
from .detection.crc import CheckedDecoder, CRCCode, LinearCRCCode
from .elementary.hamming import HammingCode
from .elementary.hard import HardDecoder
from .elementary.majority import MajorityDecoder
from .elementary.repetition import RepetitionCode
from .elementary.secded import SECDEDCode
from .elementary.single_parity_check import SingleParityCheckCode
from .elementary.uncoded import UncodedCode
from .ldpc.belief_propagation import BeliefPropagationDecoder
from .ldpc.gallager import regular_matrix
from .ldpc.ldpc import LDPCCode
from .linear import LinearCode
from .matching.rate_matched import DematchingDecoder, LinearRateMatchedCode, RateMatchedCode
from .matching.segmented import SegmentedCode, SegmentedDecoder
from .matrix_files.alist import read_alist, write_alist
from .matrix_files.quasi_cyclic import read_quasi_cyclic
from .matrix_files.read import read_matrix
from .matrix_files.text import MatrixFileError
from .polar.decoding.ensembles.automorphism_ensemble import AutomorphismDecoder
from .polar.decoding.flip import SCFlipDecoder
from .polar.decoding.lists.list_flip import SCLFlipDecoder
from .polar.decoding.lists.successive_cancellation_list import SCLDecoder
from .polar.decoding.messages.belief_propagation import PolarBPDecoder
from .polar.decoding.messages.soft_cancellation import ScanDecoder
from .polar.decoding.sequential.sequential import FanoDecoder, StackDecoder
from .polar.decoding.successive_cancellation import SCDecoder
from .polar.polar import PolarCode
from .polar.pretransform import Pretransform
from .soft_decoder import Constituent, HasConstituents, SoftDecoder, SoftResult
from .turbo.concatenated import ConcatenatedCode
from .turbo.decoding.serial_decoder import SerialDecoder
from .turbo.decoding.turbo_decoder import TurboDecoder
from .turbo.turbo import TurboCode
from .universal.maximum_likelihood import MaximumLikelihoodDecoder
from .universal.syndrome import SyndromeDecoder
from .weight_enumerator import (
    Enumerator,
    information_weights,
    input_output_enumerator,
    macwilliams,
    weight_enumerator,
)

#: Folders of codes and decoders; each names in CODES and DECODERS what a configuration may ask for, and in
#: BENCH links whose speed ``capgap bench`` measures, at an Eb/N0 in dB.
FAMILIES = (elementary, universal, matching, ldpc, detection, convolutional, turbo, polar, algebraic)

__all__ = [
    "FAMILIES",
    "AutomorphismDecoder",
    "BCHCode",
    "BCJRDecoder",
    "BeliefPropagationDecoder",
    "BoundedDistanceDecoder",
    "CRCCode",
    "CheckedDecoder",
    "Code",
    "CompositeCode",
    "CompositeDecoder",
    "ConcatenatedCode",
    "Constituent",
    "ConvolutionalCode",
    "CyclicCode",
    "DecodeResult",
    "Decoder",
    "DematchingDecoder",
    "Enumerator",
    "FanoDecoder",
    "GMDDecoder",
    "GroupResult",
    "GuruswamiSudanDecoder",
    "HammingCode",
    "HardDecoder",
    "HasConstituents",
    "KoetterVardyDecoder",
    "LDPCCode",
    "LinearCRCCode",
    "LinearCode",
    "LinearRateMatchedCode",
    "ListViterbiDecoder",
    "MajorityDecoder",
    "MatrixFileError",
    "MaximumLikelihoodDecoder",
    "PolarBPDecoder",
    "PolarCode",
    "Pretransform",
    "RateMatchedCode",
    "ReedSolomonCode",
    "RepetitionCode",
    "SCDecoder",
    "SCFlipDecoder",
    "SCLDecoder",
    "SCLFlipDecoder",
    "SECDEDCode",
    "ScanDecoder",
    "SegmentedCode",
    "SegmentedDecoder",
    "SerialDecoder",
    "SingleParityCheckCode",
    "SoftDecoder",
    "SoftResult",
    "SovaDecoder",
    "StackDecoder",
    "SyndromeDecoder",
    "TannerGraph",
    "TurboCode",
    "TurboDecoder",
    "UncodedCode",
    "ViterbiDecoder",
    "by_name",
    "decoder_of",
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
