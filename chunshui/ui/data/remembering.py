"""Ask each question once, for every session: a published version never changes.

Streamlit's own cache takes longer to find a result, by a digest of the arguments, than many take to
be computed; a page looks up some thirty. What is kept is shared and must not be changed.
"""

import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from functools import cache, wraps
from itertools import islice
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from chunshui.catalogue.metric import Metric
from chunshui.ui.data.scope import Scope
from chunshui.warehouse import AtOnce, Days, Edition, Reader
from chunshui.warehouse.at_once import TEXT_BYTES

# Of all that is kept, weighed a third too heavy: what was asked for, and what was guessed.
ASKED_BYTES, GUESSED_BYTES = 160 << 20, 32 << 20
_OF_EDITIONS = 4  # what is kept of so few is of whole editions
_MANY = 20  # of a longer list these are weighed
_COPIES = 50  # of a table that may be remembered though they are gone
_NOT_OURS = (type, Enum, Reader, Edition, Scope, Metric)  # to weigh: theirs who hold them anyway
# What an answer itself holds: what is kept beside it, and which mapping holds it under which key.
_BESIDE, _PLACE = "_beside", "_place"
STREETS = 6  # whose editions are kept beside the whole one's
MOST_ROWS = 5000  # a longer answer is a list of members: asked seldom, heavy to keep
P = ParamSpec("P")
T = TypeVar("T")


class _Thread(threading.local):
    calls: "list[Call] | None" = None  # where its calls are noted
    guesses = False  # whether nobody asked for what it asks


_THREAD = _Thread()


class _Part:
    """Sizes by mapping and key, what was asked for least lately first."""

    def __init__(self, most_bytes: int) -> None:
        self.bytes, self.most_bytes = 0, most_bytes
        self.sizes: OrderedDict[tuple[int, Hashable], tuple[dict, int]] = OrderedDict()


class Shelf:
    """How much memory all takes that is kept, in whatever mappings; what was asked for least lately goes first.

    What was only guessed has a small part of it, so that no guess pushes out what somebody asked for.
    """

    def __init__(self, asked_bytes: int = ASKED_BYTES, guessed_bytes: int = GUESSED_BYTES) -> None:
        self.lock = threading.RLock()  # of the mappings, too
        self._asked, self._guessed = _Part(asked_bytes), _Part(guessed_bytes)
        self._ever_guessed = 0

    @contextmanager
    def guessing(self) -> Iterator[Callable[[], bool]]:
        """Ask for what nobody has asked for yet; yield whether there is room for more of that.

        Else the last guesses, the least likely, would push out the first.
        """
        most = self._ever_guessed + self._guessed.most_bytes // 2
        _THREAD.guesses = True
        try:
            yield lambda: self._ever_guessed < most
        finally:
            _THREAD.guesses = False

    @property
    def bytes(self) -> int:
        """What all takes, about."""
        return self._asked.bytes + self._guessed.bytes

    def put(self, kept: dict, key: Hashable, size: int) -> None:
        """Note what a mapping holds under a key as asked for just now, and make room for it."""
        with self.lock:
            self.drop(kept, key)
            part = self._guessed if _THREAD.guesses else self._asked
            part.sizes[id(kept), key] = kept, 0
            self._take(part, kept, key, size)

    def put_beside(self, owner: Any, size: int) -> None:
        """Note that more is kept with what a mapping holds: `owner`, which goes with it, knows its place."""
        kept, key = vars(owner).get(_PLACE, (None, None))
        with self.lock:
            for part in (self._asked, self._guessed):
                if (id(kept), key) in part.sizes:
                    self._take(part, kept, key, size)

    def _take(self, part: _Part, kept: dict, key: Hashable, size: int) -> None:
        part.sizes[id(kept), key] = kept, part.sizes[id(kept), key][1] + size
        part.bytes += size
        self._ever_guessed += size if _THREAD.guesses else 0
        while part.bytes > part.most_bytes:
            (_, oldest), (home, _) = next(iter(part.sizes.items()))
            home.pop(oldest, None)
            self.drop(home, oldest)

    def touch(self, kept: dict, key: Hashable) -> None:
        """Note that it was asked for: what had been guessed is so no more, or is guessed once more."""
        with self.lock:
            if _THREAD.guesses:
                if (id(kept), key) in self._guessed.sizes:
                    self._guessed.sizes.move_to_end((id(kept), key))
                return
            if guess := self._guessed.sizes.get((id(kept), key)):
                self.put(kept, key, guess[1])
            elif (id(kept), key) in self._asked.sizes:
                self._asked.sizes.move_to_end((id(kept), key))

    def drop(self, kept: dict, key: Hashable) -> None:
        """Note that a mapping holds it no more."""
        with self.lock:
            for part in (self._asked, self._guessed):
                part.bytes -= part.sizes.pop((id(kept), key), (kept, 0))[1]

    def clear(self, kept: dict) -> None:
        """Let a mapping go of all it holds."""
        with self.lock:
            for key in kept:
                self.drop(kept, key)
            kept.clear()


SHELF = Shelf()


class Remembering(Reader):
    """A reader that keeps an answer once given, for every session.

    Answers go out as shallow copies: pandas copies on write, so whoever changes one changes
    only theirs. The least lately asked answers fall out.
    """

    def __init__(self, reader: Reader):
        vars(self).update(vars(reader))  # the same open file
        self._kept: dict[tuple, Any] = {}

    def forget(self) -> None:
        """Let go of every answer."""
        SHELF.clear(self._kept)

    def query(self, name: str, /, **params: Any) -> pd.DataFrame:
        """Run queries/<name>.sql with named parameters."""
        return self._ask(super().query, name, params)

    def among(
        self, name: str, days: Days, every: Callable[[Reader], Sequence[Days]], /, **params: Any
    ) -> pd.DataFrame:
        """Run queries/<name>.sql for days that are some of `every`.

        Whoever asks for other days than the first did is answered from all of them, asked for at once.
        """
        key = (name, every, _key(params))
        with SHELF.lock:
            asked = self._kept.setdefault(key, _Every())
            SHELF.touch(self._kept, key)
        with asked.lock:
            if asked.first not in (None, days) and asked.is_worth_all and not asked.all:
                asked.numbers = {one: number for number, one in enumerate(every(self))}
                asked.all = self.at_once(name, list(asked.numbers), **params)
                asked.is_worth_all = asked.all is not None
                with SHELF.lock:
                    self._kept[key] = asked
                    SHELF.put(self._kept, key, asked.all.bytes if asked.all else 0)
            if asked.all and days in asked.numbers:
                return asked.all.of(asked.numbers[days])
            answer = self.query(name, **params, **days.params)
            asked.first = days
            asked.is_worth_all &= len(answer) <= MOST_ROWS
            return answer

    def frame(self, statement: str, /, **params: Any) -> pd.DataFrame:
        """Run SQL that the catalogue took from a file under queries/."""
        return self._ask(super().frame, statement, params)

    def _ask(
        self, ask: Callable[..., pd.DataFrame], text: str, params: dict[str, Any]
    ) -> pd.DataFrame:
        key = (text, _key(params))
        with SHELF.lock:
            SHELF.touch(self._kept, key)
            kept = self._kept.get(key)
        if kept is not None:
            _forget_copies(kept)
            return kept.copy(deep=False)
        answer = _with_objects(ask(text, **params))
        if len(answer) <= MOST_ROWS:
            with SHELF.lock:
                self._kept[key] = answer
                SHELF.put(self._kept, key, bytes_of(answer))
        return answer.copy(deep=False)


def bytes_of(one: Any, deep: int = 6) -> int:
    """Return about how much memory something takes: texts of tables are not looked at one by one.

    Nothing for what is kept for whole editions anyway, what the program itself holds, and what
    lies more than so many levels `deep`.
    """
    if isinstance(one, str | bytes | int | float | None):
        return sys.getsizeof(one)
    if isinstance(one, pd.DataFrame):
        texts, columns = sum(kind.kind == "O" for kind in one.dtypes), one.shape[1]
        return 4500 + 1200 * columns + len(one) * (8 * columns + TEXT_BYTES * texts)
    if isinstance(one, np.ndarray | pd.Series | pd.Index):
        return 1500 + int(one.nbytes)
    if isinstance(one, BaseGeometry):
        return 500 + 16 * int(shapely.get_num_coordinates(one))
    if id(one) in _OF_WHOLE_EDITIONS or isinstance(one, _NOT_OURS) or not deep:
        return 0
    if isinstance(one, Mapping | list | tuple | set | frozenset):
        parts = list(islice(one.values() if isinstance(one, Mapping) else one, _MANY))
        of_all = len(one) / max(len(parts), 1)  # the first stand for those after
        return sys.getsizeof(one) + int(of_all * sum(bytes_of(part, deep - 1) for part in parts))
    return 100 + (bytes_of(vars(one), deep) if hasattr(one, "__dict__") else 0)


def _forget_copies(rows: Any) -> None:
    """Let a table forget its copies that are gone: pandas holds on to 500 of them, 40 kB, for each column."""
    for block in rows._mgr.blocks if isinstance(rows, pd.DataFrame) else ():
        if len(block.refs.referenced_blocks) > _COPIES:
            block.refs.has_reference()  # counts them, and to do so drops those that are gone


class _Every:
    """What was asked of a query: the first days, then all, where these are not too many rows."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.first: Days | None = None
        self.numbers: dict[Days, int] = {}
        self.all: AtOnce | None = None
        self.is_worth_all = True


def _with_objects(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose texts are Python's: rows are chosen, compared and joined much faster by them."""
    return rows.astype(dict.fromkeys(rows.select_dtypes("str").columns, object))


def _key(params: dict[str, Any]) -> tuple:
    return tuple((name, _fixed(value)) for name, value in sorted(params.items()))


def _fixed(value: Any) -> Any:
    """Return a value that can be part of a key."""
    if isinstance(value, dict):
        return tuple((key, _fixed(one)) for key, one in sorted(value.items()))
    if not isinstance(value, list | tuple):
        return value
    try:
        whole = tuple(value)
        hash(whole)
    except TypeError:  # lists within it
        return tuple(_fixed(one) for one in value)
    return whole


def beside(ask: Callable[P, T]) -> Callable[P, T]:
    """Return a function that keeps its results beside its first argument, as long as that lives.

    That is what pages share and nobody changes: a table, a drill. The other arguments are hashable.
    """

    @wraps(ask)
    def found(*args: P.args, **kwargs: P.kwargs) -> T:
        own = vars(args[0])
        kept = own.setdefault(_BESIDE, {})  # which pandas copies to no other table
        key = (ask, args[1:], *sorted(kwargs.items()))
        with _noting(found, args, kwargs) as note:
            if key not in kept:
                kept[key] = ask(*args, **kwargs)
                SHELF.put_beside(args[0], bytes_of(kept[key]))
                if _PLACE in own and hasattr(kept[key], "__dict__"):
                    vars(kept[key]).setdefault(_PLACE, own[_PLACE])
            note(kept[key], 0.0)
        return kept[key]

    return found


_KEPT: list[OrderedDict[tuple, "_Result"]] = []  # of every function that is `remembered`
_OF_WHOLE_EDITIONS: set[int] = set()  # ids of what takes no part in the budget


def forget(edition: Edition) -> None:
    """Let go of every result that was asked of an edition."""
    with SHELF.lock:
        for results in _KEPT:
            for key in [key for key in results if _is_of(key, edition)]:
                _drop(results, key)


def _drop(results: OrderedDict[tuple, "_Result"], key: tuple) -> None:
    SHELF.drop(results, key)
    results.pop(key).let_go()


def _is_of(key: Any, edition: Edition) -> bool:
    if isinstance(key, tuple):
        return any(_is_of(part, edition) for part in key)
    return isinstance(key, Edition) and key.is_of(edition)


def _root_of(key: Any) -> str | None:
    """Return the store of the edition that a key is of."""
    if isinstance(key, tuple):
        return next(filter(None, map(_root_of, key)), None)
    return key.root if isinstance(key, Edition) else None


def _let_go_of_oldest(results: OrderedDict[tuple, Any], key: tuple, most: int) -> None:
    """Drop what was asked for first of the store of a key, where more than `most` are kept of it."""
    root = _root_of(key)
    of_store = [one for one in results if _root_of(one) == root]
    for one in of_store[:-most]:
        _drop(results, one)


class Call(NamedTuple):
    """What was asked of a function whose results are kept, and what it answered."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    answer: Any = None
    seconds: float = 0.0  # of a core, when it was computed


@contextmanager
def _noting(function: Callable[..., Any], args: tuple, kwargs: dict) -> Iterator[Callable]:
    """Yield what notes an answer of a call and the seconds it took; what is asked meanwhile is not noted."""
    calls, _THREAD.calls = _THREAD.calls, None

    def note(answer: Any, seconds: float) -> None:
        if calls is not None:
            calls.append(Call(function, args, kwargs, answer, seconds))

    try:
        yield note
    finally:
        _THREAD.calls = calls


@contextmanager
def noting() -> Iterator[list[Call]]:
    """Note what this thread asks of functions that keep their results, not what they ask of one another."""
    calls: list[Call] = []
    _THREAD.calls = calls
    try:
        yield calls
    finally:
        _THREAD.calls = None


class _Result:
    """What one call returned, computed by the first who asks while the others wait."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._found: list[Any] = []
        self.seconds = 0.0  # of a core, that it took

    def of(self, ask: Callable[[], T], then: Callable[[T], None]) -> T:
        """Return it, by `ask` where nobody asked before, who is told by `then`."""
        if not self._found:
            with self._lock:
                if not self._found:
                    began = time.thread_time()
                    self._found.append(ask())  # an error is not kept
                    self.seconds = time.thread_time() - began
                    then(self._found[0])
        return self._found[0]

    def let_go(self) -> None:
        """What is kept no longer keeps nothing itself."""
        for one in self._found:
            if isinstance(one, Remembering):
                one.forget()


@cache
def _has_key(kind: type) -> bool:
    return hasattr(kind, "key")


def remembered(most: int, *, against: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator that keeps the results of the `most` calls asked for last.

    Of what is kept for a whole edition, a few (`_OF_EDITIONS`), so many of each store: a street has its own,
    and the streets, up to STREETS at a time, would else take turns in opening theirs.
    An argument counts by its `key` where it has one, else by its value: a scope by what decides
    its data, not by its words; with `against` by the month compared with too.
    """

    def key_of(argument: Any) -> Hashable:
        if against and isinstance(argument, Scope):
            return (*argument.key, argument.against)
        return argument.key if _has_key(argument.__class__) else _fixed(argument)

    def decorate(ask: Callable[P, T]) -> Callable[P, T]:
        results: OrderedDict[tuple, _Result] = OrderedDict()
        of_whole_editions = most <= _OF_EDITIONS
        _KEPT.append(results)

        @wraps(ask)
        def found(*args: P.args, **kwargs: P.kwargs) -> T:
            key = (*map(key_of, args), *((name, key_of(one)) for name, one in kwargs.items()))
            with SHELF.lock:
                result = results.get(key)
                if result is None:
                    result = results[key] = _Result()
                    if of_whole_editions:
                        _let_go_of_oldest(results, key, most)
                    if len(results) > (most * STREETS if of_whole_editions else most):
                        _drop(results, next(iter(results)))
                else:
                    results.move_to_end(key)
                    SHELF.touch(results, key)

            def weigh(answer: T) -> None:
                if of_whole_editions:
                    _OF_WHOLE_EDITIONS.add(id(answer))
                    return
                size = bytes_of(answer)
                with SHELF.lock:
                    if results.get(key) is result:
                        SHELF.put(results, key, size)
                        if hasattr(answer, "__dict__") and not isinstance(answer, _NOT_OURS):
                            vars(answer).setdefault(_PLACE, (results, key))

            with _noting(found, args, kwargs) as note:
                answer = result.of(lambda: ask(*args, **kwargs), weigh)
                note(answer, result.seconds)
            _forget_copies(answer)
            return answer

        return found

    return decorate
