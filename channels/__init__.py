"""What the noise does, and what it allows: channel models, random streams, capacity, information.

Functions of numbers take arrays and lists too: they are broadcast, and the result is float64 of the broadcast
shape. Numbers, those of NumPy included, give a float.
"""

from .capacity.bandwidth import (
    shannon_hartley_capacity,
    spectral_efficiency,
    spectral_efficiency_limit_ebno_db,
    spectral_efficiency_of_esno,
)
from .capacity.converse import (
    awgn_least_ber,
    awgn_limit_ebno_db_at_ber,
    bec_least_ber,
    bec_limit_at_ber,
    bpsk_least_ber,
    bpsk_limit_ebno_db_at_ber,
    bsc_least_ber,
    bsc_limit_at_ber,
    converse_rate,
    least_ber,
)
from .capacity.outage import outage_probability
from .decibels import from_db, to_db
from .information.differential_entropy import (
    cauchy_entropy,
    complex_normal_entropy,
    exponential_entropy,
    gamma_entropy,
    laplace_entropy,
    logistic_entropy,
    multivariate_normal_entropy,
    normal_entropy,
    rayleigh_entropy,
    uniform_entropy,
)
from .information.discrete_capacity import (
    CapacityBounds,
    binary_asymmetric_capacity,
    binary_input_capacity,
    blahut_arimoto,
    qary_erasure_capacity,
    qary_symmetric_capacity,
    z_channel_capacity,
)
from .information.measured_information import (
    InformationEstimate,
    binned_information,
    fitted_llr_information,
    llr_information,
    llr_information_by_position,
)
from .information.measures import (
    Unit,
    channel_information,
    conditional_entropy,
    cross_entropy,
    entropy,
    fano_bound,
    fano_frame_error_bound,
    joint_entropy,
    kullback_leibler_divergence,
    mutual_information,
    self_information,
)
from .information.quantisers import Quantiser, optimal_quantiser
from .models.awgn import (
    AWGN,
    awgn_capacity,
    awgn_limit_ebno_db,
    awgn_limit_esno,
    bpsk_capacity,
    bpsk_limit_ebno_db,
    bpsk_limit_esno,
)
from .models.bursts.burst_erasures import BurstErasures
from .models.bursts.gilbert_elliott import GilbertElliott
from .models.bursts.symbol_errors import QaryErasure, QarySymmetric
from .models.channel import LLR_MAX, Channel
from .models.discrete.asymmetric import BinaryAsymmetric, ZChannel
from .models.discrete.bec import BEC, ERASED, bec_capacity, bec_limit
from .models.discrete.bsc import BSC, bsc_limit
from .models.discrete.bsec import BSEC, bsec_capacity
from .models.discrete.memoryless import DiscreteMemoryless
from .models.discrete.poisson import PoissonOOK
from .models.discrete.poisson_ppm import PoissonPPM
from .models.discrete.quantised import QuantisedBPSK
from .models.fading import Nakagami, Rayleigh, Rician
from .models.noise.impulsive import Impulsive
from .models.noise.laplace import Laplace
from .models.observation import Observation
from .modulation.amplitude import BPSK, OOK, PAM, QPSK, AmplitudeModulation
from .modulation.apsk import APSK
from .modulation.constellation.capacity import (
    bicm_bit_capacities,
    bicm_capacity,
    bicm_limit_esno,
    coded_modulation_capacity,
    coded_modulation_limit_esno,
)
from .modulation.constellation.constellations import Constellation, apsk, cross_qam, gray_code, pam, psk, qam
from .modulation.constellation.error_rates import bit_error_rate, symbol_error_rate
from .modulation.constellation.signals import SignalSet
from .modulation.differential.differential_information import (
    differential_bit_error_rate,
    differential_capacity,
    differential_limit_esno,
    differential_symbol_error_rate,
)
from .modulation.differential.dpsk import DPSK
from .modulation.modulation import ModulatedChannel, Modulation
from .modulation.orthogonal.orthogonal import Orthogonal, OrthogonalSignals
from .modulation.orthogonal.orthogonal_information import (
    orthogonal_capacity,
    orthogonal_limit_esno,
    orthogonal_symbol_error_rate,
)
from .modulation.phase import PSK, QAM, HalfPiBPSK
from .modulation.point_modulation import LabelModulation, PointModulation
from .modulation.symbol_posteriors import symbol_log_posteriors
from .numerics import binary_entropy, bsc_capacity, inverse_binary_entropy
from .parameter import Parameter
from .streams.stream import Stream

__all__ = [
    "APSK",
    "AWGN",
    "BEC",
    "BPSK",
    "BSC",
    "BSEC",
    "DPSK",
    "ERASED",
    "LLR_MAX",
    "OOK",
    "PAM",
    "PSK",
    "QAM",
    "QPSK",
    "AmplitudeModulation",
    "BinaryAsymmetric",
    "BurstErasures",
    "CapacityBounds",
    "Channel",
    "Constellation",
    "DiscreteMemoryless",
    "GilbertElliott",
    "HalfPiBPSK",
    "Impulsive",
    "InformationEstimate",
    "LabelModulation",
    "Laplace",
    "ModulatedChannel",
    "Modulation",
    "Nakagami",
    "Observation",
    "Orthogonal",
    "OrthogonalSignals",
    "Parameter",
    "PointModulation",
    "PoissonOOK",
    "PoissonPPM",
    "QaryErasure",
    "QarySymmetric",
    "QuantisedBPSK",
    "Quantiser",
    "Rayleigh",
    "Rician",
    "SignalSet",
    "Stream",
    "Unit",
    "ZChannel",
    "apsk",
    "awgn_capacity",
    "awgn_least_ber",
    "awgn_limit_ebno_db",
    "awgn_limit_ebno_db_at_ber",
    "awgn_limit_esno",
    "bec_capacity",
    "bec_least_ber",
    "bec_limit",
    "bec_limit_at_ber",
    "bicm_bit_capacities",
    "bicm_capacity",
    "bicm_limit_esno",
    "binary_asymmetric_capacity",
    "binary_entropy",
    "binary_input_capacity",
    "binned_information",
    "bit_error_rate",
    "blahut_arimoto",
    "bpsk_capacity",
    "bpsk_least_ber",
    "bpsk_limit_ebno_db",
    "bpsk_limit_ebno_db_at_ber",
    "bpsk_limit_esno",
    "bsc_capacity",
    "bsc_least_ber",
    "bsc_limit",
    "bsc_limit_at_ber",
    "bsec_capacity",
    "cauchy_entropy",
    "channel_information",
    "coded_modulation_capacity",
    "coded_modulation_limit_esno",
    "complex_normal_entropy",
    "conditional_entropy",
    "converse_rate",
    "cross_entropy",
    "cross_qam",
    "differential_bit_error_rate",
    "differential_capacity",
    "differential_limit_esno",
    "differential_symbol_error_rate",
    "entropy",
    "exponential_entropy",
    "fano_bound",
    "fano_frame_error_bound",
    "fitted_llr_information",
    "from_db",
    "gamma_entropy",
    "gray_code",
    "inverse_binary_entropy",
    "joint_entropy",
    "kullback_leibler_divergence",
    "laplace_entropy",
    "least_ber",
    "llr_information",
    "llr_information_by_position",
    "logistic_entropy",
    "multivariate_normal_entropy",
    "mutual_information",
    "normal_entropy",
    "optimal_quantiser",
    "orthogonal_capacity",
    "orthogonal_limit_esno",
    "orthogonal_symbol_error_rate",
    "outage_probability",
    "pam",
    "psk",
    "qam",
    "qary_erasure_capacity",
    "qary_symmetric_capacity",
    "rayleigh_entropy",
    "self_information",
    "shannon_hartley_capacity",
    "spectral_efficiency",
    "spectral_efficiency_limit_ebno_db",
    "spectral_efficiency_of_esno",
    "symbol_error_rate",
    "symbol_log_posteriors",
    "to_db",
    "uniform_entropy",
    "z_channel_capacity",
]
