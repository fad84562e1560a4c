"""While nobody waits, what the page drawn last would ask one filter further: a month, a place.

Most changes are of one filter, and a reader looks at a page for seconds before the next. What its
`remembered` functions were asked is asked again of the neighbouring scopes, one call at a time, and left as
soon as a page is drawn again, for whomever. Nothing is shown by it: a wrong guess costs idle time.
"""

import datetime as dt
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any

from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.data.remembering import SHELF, Call, noting
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import filters

QUIET_SECONDS = 1.0  # since a page was drawn; with many users it is never so long quiet
SECONDS = 1.0  # of a core, for each page that is drawn
TOO_DEAR_SECONDS = 0.3  # of a core: a proof, a trial of mergers; asked where somebody wants it
NEAR_MONTHS = 2  # on either side and the year before, then the streets; then the other months
Work = Generator[Call, Any, None]  # sent the answers
# To the same of another month or place; a LookupError where there is none.
Move = Callable[[Scope], Scope]
# What pages take from their scope and hand on without it.
FOLLOWS: list[Callable[[Scope], Any]] = [
    lambda scope: scope.month,
    lambda scope: scope.streets,
    lambda scope: scope.query,
    lambda scope: Month.parse(scope.month).last,
]


class Ahead:
    """Who draws now, and what to ask ahead of what was drawn last."""

    def __init__(self) -> None:
        self._drawing, self._quiet_since = 0, 0.0
        self._lock = threading.Lock()
        self._work: Work | None = None
        self._there_is_work = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def drawing(self, scope: Scope) -> Iterator[None]:
        """Draw a page of a scope; then, when nobody draws any more, go ahead of it."""
        with self._lock:
            self._drawing += 1
            self._there_is_work.clear()
        try:
            with noting() as calls:
                yield
        finally:
            with self._lock:
                self._drawing -= 1
                self._quiet_since = time.monotonic()
                if self._thread is not None:
                    self._work = _calls_ahead(calls, scope)
                    self._there_is_work.set()

    def start(self) -> None:
        """Go ahead from now on, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while self._there_is_work.wait():
            with self._lock:
                work = self._work
            if work is not None:
                with SHELF.guessing() as has_room:
                    self._follow(work, has_room)
            with self._lock:
                if work is self._work:
                    self._there_is_work.clear()

    def _follow(self, work: Work, has_room: Callable[[], bool]) -> None:
        """Ask some calls while nobody draws, until other work is there or this has taken enough."""
        used, answer = 0.0, None
        while work is self._work and used < SECONDS and has_room():
            if self._drawing or time.monotonic() - self._quiet_since < QUIET_SECONDS:
                time.sleep(QUIET_SECONDS / 4)
                continue
            began = time.thread_time()
            try:
                call = work.send(answer)
            except StopIteration:
                return
            answer = None
            with suppress(Exception):  # a page will say it to whoever asks; errors are not kept
                answer = call.function(*call.args, **call.kwargs)
            used += time.thread_time() - began


AHEAD = Ahead()


def _calls_ahead(calls: list[Call], scope: Scope) -> Work:
    """Yield the calls of a page as they would be of the scopes one filter away, the likely ones first.

    It is sent what each answered, for calls that are asked of that: a table's cells as they are written.
    """
    answers = {id(one.answer) for one in calls if hasattr(one.answer, "__dict__")}
    for move in _moves(scope):
        there, found = move(scope), dict.fromkeys(answers)
        # What is empty here says nothing of where else it comes from.
        follows = [(here, of(there)) for of in FOLLOWS if (here := of(scope))]
        for call in calls:
            if call.seconds > TOO_DEAR_SECONDS:
                continue
            with suppress(LookupError):
                args = tuple(_moved(one, move, follows, found) for one in call.args)
                kwargs = {k: _moved(one, move, follows, found) for k, one in call.kwargs.items()}
                answer = yield call._replace(args=args, kwargs=kwargs)
                if id(call.answer) in found:
                    found[id(call.answer)] = answer


def _moves(scope: Scope) -> Iterator[Move]:
    months = [] if scope.against else _months_by_likeness(scope)
    near = 2 * NEAR_MONTHS + 1
    yield from (_to_month(scope, month) for month in months[:near])
    names = [filters.WHOLE, *filters.offered_streets(scope.edition)]
    yield from (_to_place(place, scope) for name in names if (place := filters.place(scope, name)))
    if len(scope.streets) == 1 and not scope.community:
        yield from (_to_place(place, scope) for place in _communities(scope))
    yield from (_to_month(scope, month) for month in months[near:])


def _communities(scope: Scope) -> Iterator[Scope]:
    """Yield the scopes of the communities of the one street chosen, which stays chosen."""
    land = data.district(scope.edition)
    labels = filters.community_labels(land)
    at = 1 + max((n for n, (key, _) in enumerate(scope.query) if key == "street"), default=-1)
    for one in land.communities:
        if one.street_code not in scope.streets:
            continue
        pair = (("community", labels[one.code]),)
        query = (*scope.query[:at], *pair, *scope.query[at:])
        words = filters.in_words([], one, land)
        yield replace(scope, community=one.code, words=words, query=query)


def _months_by_likeness(scope: Scope) -> list[str]:
    """Return the other months, those beside first, and the same month of another year among them."""
    here = Month.parse(scope.month)

    def away(month: str) -> tuple[int, int]:
        apart = abs(Month.parse(month) - here)
        return (NEAR_MONTHS if apart == 12 else apart), apart

    return sorted((one for one in data.months(scope.edition) if one != scope.month), key=away)


def _to_month(base: Scope, month: str) -> Move:
    pair = (("month", month),) if month != data.months(base.edition)[0] else ()

    def move(scope: Scope) -> Scope:
        if scope.month != base.month:
            raise LookupError(scope)
        others = tuple(one for one in scope.query if one[0] != "month")
        return replace(scope, month=month, query=(*others, *pair))

    return move


def _to_place(place: Scope, base: Scope) -> Move:
    def move(scope: Scope) -> Scope:
        if scope == base:
            return place
        if not scope.whole:
            raise LookupError(scope)
        return scope

    return move


def _moved(
    one: Any,
    move: Move,
    follows: list[tuple[Any, Any]],
    found: Mapping[int, Any] = MappingProxyType({}),
) -> Any:
    """Return an argument as it would be of another scope; raise a LookupError where none can be said.

    `follows` are the values of one scope that follow from it, and the other's; `found` by the ids of answers of
    calls of the one scope those of the other, None where there is none.
    """
    if id(one) in found:
        if found[id(one)] is None:
            raise LookupError(one)
        return found[id(one)]
    if isinstance(one, Scope):
        return move(one)
    if isinstance(one, str | tuple | dt.date) or is_dataclass(one):
        for here, there in follows:
            if type(one) is type(here) and one == here:
                return there
    if is_dataclass(one) and not isinstance(one, type):
        parts = {part.name: vars(one)[part.name] for part in fields(one) if part.init}
        moved = {name: _moved(part, move, follows) for name, part in parts.items()}
        changed = {name: part for name, part in moved.items() if part is not parts[name]}
        return replace(one, **changed) if changed else one
    return one
