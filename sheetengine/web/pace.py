"""How fast one page may speak: a bucket of tokens that fills at a fixed rate.

In: a message arrived. Out: how long to wait before it is taken. Waiting, not dropping: a page that sends too fast is slowed by its own
full socket and loses no edit.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class Bucket:
    """At most `burst` messages at once and `rate` a second in the long run.

    >>> now = [0.0]
    >>> bucket = Bucket(rate=10, burst=2, clock=lambda: now[0])
    >>> bucket.wait(), bucket.wait(), round(bucket.wait(), 3)
    (0.0, 0.0, 0.1)
    """

    __slots__ = ("_clock", "_level", "_then", "burst", "rate")

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.burst = burst
        self._clock = clock
        self._level = float(burst)
        self._then = clock()

    def wait(self) -> float:
        """Take one token; the seconds until it is there."""
        now = self._clock()
        self._level = min(self.burst, self._level + (now - self._then) * self.rate) - 1.0
        self._then = now
        return 0.0 if self._level >= 0 else -self._level / self.rate
