"""Those who are told what is computed: a trace, the viewer, a test.

In: listeners that come and go. Out: one callable that tells them all, None where nobody listens, so that nothing is prepared for them.
"""

from __future__ import annotations

from sheetengine.recalc.events import Event, Listener


class Listeners:
    """Listeners of one evaluator, told in the order in which they came.

    >>> listeners = Listeners()
    >>> listeners.tell is None
    True
    """

    __slots__ = ("_all", "tell")

    def __init__(self) -> None:
        self._all: list[Listener] = []
        self.tell: Listener | None = None
        """Tells all that listen; None where nobody does."""

    def attach(self, listener: Listener) -> None:
        """Tell a listener what is computed from now on, beside those that listen already."""
        self._all.append(listener)
        self._choose()

    def detach(self, listener: Listener) -> None:
        """Tell it no more."""
        self._all.remove(listener)
        self._choose()

    def _choose(self) -> None:
        listeners = tuple(self._all)

        def tell_all(event: Event) -> None:
            for one in listeners:
                one(event)

        self.tell = None if not listeners else listeners[0] if len(listeners) == 1 else tell_all
