"""Slow down guessing without giving a stranger the means to lock somebody out.

Failures are counted by address, by account from browsers that never signed in to it, and by known
browser (OWASP's "device cookies", recalled). A stranger fills the first two; the browser that an
account's person uses has a count of its own.
"""

import threading
import time
from collections import OrderedDict

WINDOW_SECONDS = 900
PER_ADDRESS, PER_ACCOUNT, PER_DEVICE = 30, 10, 10
_MOST_KEYS = 20_000


class Throttle:
    """Counts failures of the last quarter of an hour."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def refuses(self, address: str, account: str, device: str | None) -> bool:
        """Whether one more try from there has to wait."""
        with self._lock:
            if device:
                return self._count(f"device {device}") >= PER_DEVICE
            return (
                self._count(f"address {address}") >= PER_ADDRESS
                or self._count(f"account {account}") >= PER_ACCOUNT
            )

    def failed(self, address: str, account: str, device: str | None) -> None:
        """Count a wrong password."""
        now = time.monotonic()
        keys = [f"device {device}"] if device else [f"address {address}", f"account {account}"]
        with self._lock:
            for key in keys:
                self._failures[key] = [*self._failures.get(key, ())[-PER_ADDRESS:], now]
            while len(self._failures) > _MOST_KEYS:
                self._failures.popitem(last=False)

    def forget(self, device: str | None) -> None:
        """Start a known browser's count anew: its person came in."""
        with self._lock:
            self._failures.pop(f"device {device}", None)

    def _count(self, key: str) -> int:
        now = time.monotonic()
        recent = [at for at in self._failures.get(key, ()) if now - at < WINDOW_SECONDS]
        if recent:
            self._failures[key] = recent
        else:
            self._failures.pop(key, None)
        return len(recent)
