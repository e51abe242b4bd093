"""Whether what a decoder decided is more likely than what was sent: then maximum likelihood errs too.

The lower bound on the error rate of maximum-likelihood decoding that follows is by I. Tal and A. Vardy, "List
decoding of polar codes", 2015, section V.
"""

import numpy as np
import numpy.typing as npt

from ....codes import Code
from ....vectors.group_kernels import GROUP
from ....vectors.groups import GroupInput, Words, frame_flags, packed_flags
from .likelihood_kernels import more_likely

#: The counter: frames in which the codeword that was decided is more likely than the one that was sent.
ML_ERRORS = "ml_errors"


def ml_errors(
    code: Code, sent: Words, decided: Words, errors: npt.NDArray[np.int32], given: GroupInput
) -> npt.NDArray[np.int32]:
    """1 for each frame whose decision is more likely than what was sent, by what the decoder read, else 0.

    Parameters
    ----------
    code
        The code.
    sent
        Codewords that were sent, uint64 (groups, n).
    decided
        Information bits that were decided, uint64 (groups, k).
    errors
        int32 (frames): wrong bits in each; frames without are not looked at.
    given
        What the decoder was given. Of words that are as likely nothing is counted.
    """
    found = np.zeros(given.frames, np.int32)
    groups = np.unique(np.flatnonzero(errors) // GROUP)
    if len(groups) == 0:
        return found
    soft = given.soft()
    other = code.encode_words(np.ascontiguousarray(decided[groups]))
    flags = np.zeros(len(soft), np.uint64)
    wrong = packed_flags(errors > 0)
    more_likely(soft, sent, other, groups, wrong, flags)
    found[frame_flags(flags, given.frames)] = 1
    return found
