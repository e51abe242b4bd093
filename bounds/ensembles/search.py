"""The most noise at which an iteration goes on until no errors are left: a search that few runs decide."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: Iterations whose progress is taken together: what messages of few values do may alternate.
WINDOW = 4
#: An iteration whose errors fall by a smaller share than this has come to its end.
STANDSTILL = 1e-6
MOST_ITERATIONS = 100_000


@dataclass(frozen=True)
class Course:
    """How an iteration went: the least share by which errors fell in a step, 0 if it came to rest."""

    progress: float

    @property
    def succeeded(self) -> bool:
        """Whether no errors were left."""
        return self.progress > 0


def follow(errors: Iterator[float], done: float, standstill: float = STANDSTILL) -> Course:
    """Follow error probabilities after iterations until they are below ``done``, or change no longer."""
    seen: list[float] = []
    least = 1.0
    for count, error in enumerate(errors):
        if error < done:
            return Course(max(least, standstill))
        seen.append(error)
        if count >= WINDOW:
            progress = (1 - error / seen[-1 - WINDOW]) / WINDOW
            least = min(least, progress)
            if abs(progress) < standstill or count >= MOST_ITERATIONS:
                break
    return Course(0.0)


def most_noise(run: Callable[[float, float], Course], worst: float, step: float, tolerance: float) -> float:
    """The greatest position below ``worst`` at which a run succeeds, to within ``tolerance``.

    Near it the least progress of a run grows in proportion to the distance (the curves of the iteration come
    to touch), so that two runs say where the third should be; each is tried on both sides.

    Parameters
    ----------
    run
        Of a position, which grows with the noise, and the progress that counts as a standstill.
    worst
        A position at which no run succeeds, such as that of capacity.
    step
        How far below it the first try is; the next ones are twice as far each.
    tolerance
        How exactly, in positions.

    Raises
    ------
    ValueError
        If no run succeeds down to 2^9 steps below.
    """
    bad, good = worst, worst
    standstill = STANDSTILL
    known: list[tuple[float, float]] = []

    def succeeds(position: float) -> bool:
        nonlocal good, bad
        course = run(position, standstill)
        if course.succeeded:
            good = position
            known.append((position, course.progress))
        else:
            bad = position
        return course.succeeded

    for doubling in range(10):
        if succeeds(worst - step * 2**doubling):
            break
    else:
        raise ValueError("its errors vanish at no noise that was tried")
    while bad - good > tolerance:
        width = bad - good
        target = (good + bad) / 2
        if len(known) >= 2:
            (first, a), (second, b) = known[-2:]
            if a > b:
                slope = (a - b) / (second - first)
                standstill = max(min(slope * tolerance / 4, 1e-3), STANDSTILL)
                end = second + b / slope
                if good + tolerance / 2 < end - tolerance / 3 < bad:
                    target = end - tolerance / 3
                elif end - tolerance / 3 <= good + tolerance / 2 and end + tolerance / 2 < bad:
                    target = max(end, good) + tolerance / 2
        else:
            target = good + width / 2
        before = width
        succeeds(min(max(target, good + tolerance / 4), bad - tolerance / 8))
        if bad - good > before / 2 and bad - good > tolerance:
            succeeds((good + bad) / 2)
    return (good + bad) / 2
