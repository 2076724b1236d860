"""How many runs train at once in this process; who comes when it is full waits in line."""

from collections import deque
from threading import Lock
from typing import Protocol

AT_ONCE = 3  # more of them only make each other slow


class Guest(Protocol):
    def begin(self) -> bool:
        """Start; False where it does not want to any more."""
        ...


class Room:
    """Places, given in the order of asking."""

    def __init__(self, places: int = AT_ONCE) -> None:
        self.places = places
        self._lock = Lock()
        self._inside: set[Guest] = set()
        self._line: deque[Guest] = deque()

    def enter(self, guest: Guest) -> bool:
        """Begin at once, or wait in line; -> whether there was a place."""
        with self._lock:
            free = len(self._inside) < self.places
            (self._inside.add if free else self._line.append)(guest)
        if free and not guest.begin():
            self.leave(guest)
        return free

    def leave(self, guest: Guest) -> None:
        """Give the place, or the place in line, to the next one."""
        while True:
            with self._lock:
                if guest in self._line:
                    self._line.remove(guest)
                self._inside.discard(guest)
                if not self._line or len(self._inside) >= self.places:
                    return
                guest = self._line.popleft()
                self._inside.add(guest)
            if guest.begin():
                return


ROOM = Room()
