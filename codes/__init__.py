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
    product,
    turbo,
    universal,
)
from .algebraic.bch import BCHCode
from .algebraic.cyclic import CyclicCode
from .algebraic.decoding.bounded_distance import BoundedDistanceDecoder
from .algebraic.decoding.classical.error_trapping import KasamiDecoder
from .algebraic.decoding.classical.majority_logic import ReedDecoder
from .algebraic.decoding.classical.recursive_lists import DumerDecoder
from .algebraic.decoding.soft.gmd import GMDDecoder
from .algebraic.decoding.soft.list_decoding import GuruswamiSudanDecoder, KoetterVardyDecoder
from .algebraic.golay import GolayCode
from .algebraic.quadratic_residue import QuadraticResidueCode
from .algebraic.reed_muller_codes.reed_muller import ReedMullerCode
from .algebraic.simplex import SimplexCode
from .algebraic.symbols.reed_solomon import ReedSolomonCode
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
from .ldpc.decoding.hard.bit_flipping import BitFlippingDecoder, ProbabilisticBitFlippingDecoder
from .ldpc.decoding.hard.gallager import GallagerADecoder, GallagerBDecoder, GallagerEDecoder
from .ldpc.decoding.hard.peeling import PeelingDecoder
from .ldpc.decoding.hard.weighted_bit_flipping import GradientDescentDecoder, WeightedBitFlippingDecoder
from .ldpc.decoding.soft.admm import ADMMDecoder
from .ldpc.decoding.soft.bp_guessing import BPGuessingDecoder
from .ldpc.decoding.soft.bp_osd import BPOSDDecoder
from .ldpc.decoding.soft.linear_programming import LinearProgrammingDecoder
from .ldpc.decoding.soft.syndrome import SyndromeDecoding, SyndromeResult, decode_syndrome
from .ldpc.gallager import regular_matrix
from .ldpc.ldpc import LDPCCode
from .ldpc.message_passing import MessagePassingDecoder
from .ldpc.nonbinary.belief_propagation import NonBinaryBPDecoder
from .ldpc.nonbinary.nonbinary import NonBinaryLDPCCode
from .linear import LinearCode
from .matching.rate_matched import DematchingDecoder, LinearRateMatchedCode, RateMatchedCode
from .matching.segmented import SegmentedCode, SegmentedDecoder
from .matrix_files.alist import read_alist, write_alist
from .matrix_files.quasi_cyclic import read_quasi_cyclic
from .matrix_files.read import read_matrix
from .matrix_files.text import MatrixFileError
from .matrix_files.write import write_matrix
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
from .product.chase_pyndiah import ChasePyndiahDecoder
from .product.iterative_bounded_distance import IterativeBoundedDistanceDecoder
from .product.product import ProductCode
from .product.sliding_window import SlidingWindowDecoder
from .product.staircase import StaircaseCode
from .soft_decoder import Constituent, HasConstituents, SoftDecoder, SoftResult
from .turbo.concatenated import ConcatenatedCode
from .turbo.decoding.serial_decoder import SerialDecoder
from .turbo.decoding.turbo_decoder import TurboDecoder
from .turbo.decoding.two_stage import TwoStageDecoder
from .turbo.turbo import TurboCode
from .universal.erasure import ErasureDecoder
from .universal.guessing.grand import GrandDecoder
from .universal.guessing.orbgrand import Orbgrand1Decoder, OrbgrandDecoder
from .universal.guessing.sgrand import SgrandDecoder
from .universal.information_sets.information_set import InformationSetDecoder
from .universal.information_sets.ordered_statistics import OrderedStatisticsDecoder
from .universal.syndrome import SyndromeDecoder
from .universal.trellis_decoding.maximum_likelihood import MaximumLikelihoodDecoder
from .universal.trellis_decoding.trellis import TrellisDecoder
from .universal.trials.chase import ChaseDecoder
from .weight_enumerator import (
    Enumerator,
    information_weights,
    input_output_enumerator,
    low_weights,
    macwilliams,
    weight_enumerator,
    with_weights,
)

#: Folders of codes and decoders; each names in CODES and DECODERS what a configuration may ask for, and in
#: BENCH links whose speed ``capgap bench`` measures, at an Eb/N0 in dB.
FAMILIES = (
    elementary,
    universal,
    matching,
    detection,
    ldpc,
    convolutional,
    turbo,
    polar,
    algebraic,
    product,
)

__all__ = [
    "FAMILIES",
    "ADMMDecoder",
    "AutomorphismDecoder",
    "BCHCode",
    "BCJRDecoder",
    "BPGuessingDecoder",
    "BPOSDDecoder",
    "BeliefPropagationDecoder",
    "BitFlippingDecoder",
    "BoundedDistanceDecoder",
    "CRCCode",
    "ChaseDecoder",
    "ChasePyndiahDecoder",
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
    "DumerDecoder",
    "Enumerator",
    "ErasureDecoder",
    "FanoDecoder",
    "GMDDecoder",
    "GallagerADecoder",
    "GallagerBDecoder",
    "GallagerEDecoder",
    "GolayCode",
    "GradientDescentDecoder",
    "GrandDecoder",
    "GroupResult",
    "GuruswamiSudanDecoder",
    "HammingCode",
    "HardDecoder",
    "HasConstituents",
    "InformationSetDecoder",
    "IterativeBoundedDistanceDecoder",
    "KasamiDecoder",
    "KoetterVardyDecoder",
    "LDPCCode",
    "LinearCRCCode",
    "LinearCode",
    "LinearProgrammingDecoder",
    "LinearRateMatchedCode",
    "ListViterbiDecoder",
    "MajorityDecoder",
    "MatrixFileError",
    "MaximumLikelihoodDecoder",
    "MessagePassingDecoder",
    "NonBinaryBPDecoder",
    "NonBinaryLDPCCode",
    "Orbgrand1Decoder",
    "OrbgrandDecoder",
    "OrderedStatisticsDecoder",
    "PeelingDecoder",
    "PolarBPDecoder",
    "PolarCode",
    "Pretransform",
    "ProbabilisticBitFlippingDecoder",
    "ProductCode",
    "QuadraticResidueCode",
    "RateMatchedCode",
    "ReedDecoder",
    "ReedMullerCode",
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
    "SgrandDecoder",
    "SimplexCode",
    "SingleParityCheckCode",
    "SlidingWindowDecoder",
    "SoftDecoder",
    "SoftResult",
    "SovaDecoder",
    "StackDecoder",
    "StaircaseCode",
    "SyndromeDecoder",
    "SyndromeDecoding",
    "SyndromeResult",
    "TannerGraph",
    "TrellisDecoder",
    "TurboCode",
    "TurboDecoder",
    "TwoStageDecoder",
    "UncodedCode",
    "ViterbiDecoder",
    "WeightedBitFlippingDecoder",
    "by_name",
    "decode_syndrome",
    "decoder_of",
    "information_weights",
    "input_output_enumerator",
    "low_weights",
    "macwilliams",
    "read_alist",
    "read_matrix",
    "read_quasi_cyclic",
    "regular_matrix",
    "weight_enumerator",
    "with_weights",
    "write_alist",
    "write_matrix",
]
