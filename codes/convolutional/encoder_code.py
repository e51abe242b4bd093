"""The code of an encoder that is a part of another code's."""

import numpy as np

from ..binary import gf2
from ..encoded import EncodedLinearCode
from .convolutional import ConvolutionalCode
from .encoding.circuit import read_only_numbers
from .encoding.encoder import Encoder


class EncoderCode(ConvolutionalCode):
    """All outputs of a recursive systematic encoder, for decoders that take convolutional codes.

    Parameters
    ----------
    encoder
        The encoder; the first outputs of a step are its information bits.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.sent = read_only_numbers(np.arange(encoder.all_steps * encoder.circuit.outputs))
        # Not None: the tail's inputs are not 0.
        self.generators, self.feedback = (), ""
        EncodedLinearCode.__init__(self, n=len(self.sent), k=encoder.steps * encoder.circuit.inputs)
        self.default_decoder = "bcjr"

    @property
    def _informative(self) -> gf2.Indices:
        circuit = self.encoder.circuit
        steps = np.arange(self.encoder.steps)[:, None] * circuit.outputs
        informative: gf2.Indices = (steps + np.arange(circuit.inputs)).ravel().astype(np.int64)
        return informative

    def __repr__(self) -> str:
        return f"{type(self).__name__}(n={self.n}, k={self.k})"
