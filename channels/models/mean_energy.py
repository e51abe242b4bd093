"""What channels share whose Es/N0 is that of Gaussian noise of the same mean power."""

from .awgn import AWGN


class MeanEnergy:
    """A channel that is told Eb/N0 or Es/N0 in dB; to be named before ``Channel`` among the bases."""

    _gaussian: AWGN

    @property
    def ebno_db(self) -> float | None:
        """Eb/N0 in dB, the mean one; None if the rate is not known."""
        return self._gaussian.ebno_db

    @property
    def esno_db(self) -> float:
        """Es/N0 in dB, the mean one."""
        return self._gaussian.esno_db


def gaussian_of(
    name: str, ebno_db: float | None, esno_db: float | None, rate: float | None, dimensions: int = 1
) -> AWGN:
    """The channel with Gaussian noise of that Es/N0; raises ValueError as it does, and for both or none."""
    if (ebno_db is None) == (esno_db is None):
        raise ValueError(f"{name} takes one of ebno_db and esno_db")
    return AWGN(ebno_db=ebno_db, esno_db=esno_db, rate=rate, dimensions=dimensions)
