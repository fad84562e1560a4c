"""Which version a running server shows: the published one, once its first pages are prepared.

A version of which nobody has asked anything is slow, and after a publish everybody asks at once. So
the server goes on with the version before until the new one is prepared, whoever published it.
"""

import contextlib
import ctypes
import gc
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from chunshui.errors import ChunshuiError
from chunshui.ui.data.remembering import forget
from chunshui.warehouse import Edition, Serving

PATIENCE_SECONDS = 30.0  # then it is shown, prepared or not
LET_GO_SECONDS = 60.0  # after another is shown: whoever is in the middle of something goes on
_KEPT = 8  # editions whose state is remembered
LOG = logging.getLogger(__name__)


class _Preparing:
    """One edition: since when it is prepared, and whether it is."""

    def __init__(self) -> None:
        self.began, self.done = time.monotonic(), threading.Event()

    @property
    def is_over(self) -> bool:
        return self.done.is_set() or time.monotonic() - self.began > PATIENCE_SECONDS


class Turnover:
    """What is shown, what is being prepared. Without `prepare` (tests, one command) nothing is held back."""

    def __init__(self) -> None:
        self.prepare: Callable[[Edition], None] | None = None
        self._shown: Edition | None = None
        self._preparing: OrderedDict[Edition, _Preparing] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, edition: Edition, prepare: Callable[[Edition], None]) -> None:
        """Hold versions back from now on; `edition` is prepared."""
        with self._lock:
            self.prepare, self._shown = prepare, edition
            self._preparing[edition] = ready = _Preparing()
            ready.done.set()

    def begin(self, edition: Edition) -> threading.Event | None:
        """Prepare an edition in the background, once; return what tells when it is done."""
        with self._lock:
            prepare = self.prepare
            if prepare is None:
                return None
            one = self._preparing.get(edition)
            if one is None:
                one = self._preparing[edition] = _Preparing()
                if len(self._preparing) > _KEPT:
                    self._preparing.popitem(last=False)
                threading.Thread(target=_run, args=(prepare, edition, one), daemon=True).start()
            return one.done

    def wait(self, edition: Edition) -> None:
        """Wait until an edition is prepared, or patience ends."""
        if done := self.begin(edition):
            done.wait(PATIENCE_SECONDS)

    def shown(self, published: Serving) -> Serving:
        """Return what to show where `published` is what the store says.

        What is served instead of a damaged version is not held back, nor another store's.
        """
        edition, before = published.edition, self._shown
        if before is None or edition == before:
            return published
        self.begin(edition)
        with self._lock:
            one = self._preparing.get(edition)
            if published.warning or edition.root != before.root or one is None or one.is_over:
                self._shown = edition
                later = threading.Timer(LET_GO_SECONDS, self._let_go, (before,))
                later.daemon = True
                later.start()
                return published
        return Serving(before)

    def _let_go(self, edition: Edition) -> None:
        """Drop what is kept of an edition that is shown no more, and give the memory back."""
        with self._lock:
            if edition == self._shown:  # it came back
                return
            self._preparing.pop(edition, None)
        forget(edition)
        settle()
        with contextlib.suppress(OSError, AttributeError):  # what glibc holds on to otherwise
            ctypes.CDLL("libc.so.6").malloc_trim(0)


def settle() -> None:
    """Take all that is loaded out of the garbage collector's way, but for what is garbage by now.

    It is looked through in full every few reruns, which with all that is kept takes 0.15 s and
    stops every session.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _run(prepare: Callable[[Edition], None], edition: Edition, one: _Preparing) -> None:
    try:
        prepare(edition)
    except ChunshuiError as fault:  # damaged: whoever wants to serve it is told
        LOG.warning("%s: %s", edition.version, fault)
    except Exception:  # the page will say it to whoever opens it
        LOG.exception("preparing %s failed", edition.version)
    finally:
        one.done.set()


TURNOVER = Turnover()
