"""Ask each question once, for every session: a published version never changes.

Streamlit's own cache takes longer to find a result, by a digest of the arguments, than many take to
be computed; a page looks up some thirty. What is kept is shared and must not be changed.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import pandas as pd

from chunshui.ui.data.scope import Scope
from chunshui.warehouse import AtOnce, Days, Edition, Reader
from chunshui.warehouse.at_once import TEXT_BYTES

MOST_BYTES = 48 << 20  # of the answers that are kept of one open version
_OF_EDITIONS = 4  # what is kept of so few is of whole editions
STREETS = 6  # whose editions are kept beside the whole one's
MOST_ROWS = 5000  # a longer answer is a list of members: asked seldom, heavy to keep
P = ParamSpec("P")
T = TypeVar("T")


class Remembering(Reader):
    """A reader that keeps an answer once given, for every session.

    Answers go out as shallow copies: pandas copies on write, so whoever changes one changes
    only theirs. The least lately asked answers fall out.
    """

    def __init__(self, reader: Reader):
        vars(self).update(vars(reader))  # the same open file
        self._kept = _Kept()
        self._lock = threading.Lock()

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
        with self._lock:
            asked = self._kept.get(key) or self._kept.put(key, _Every(), 0)
        with asked.lock:
            if asked.first not in (None, days) and asked.is_worth_all and not asked.all:
                asked.numbers = {one: number for number, one in enumerate(every(self))}
                asked.all = self.at_once(name, list(asked.numbers), **params)
                asked.is_worth_all = asked.all is not None
                with self._lock:
                    self._kept.put(key, asked, asked.all.bytes if asked.all else 0)
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
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                return kept.copy(deep=False)
        answer = _with_objects(ask(text, **params))
        if len(answer) <= MOST_ROWS:
            with self._lock:
                self._kept.put(key, answer, _bytes(answer))
        return answer.copy(deep=False)


class _Kept:
    """What was asked for lately, as much of it as `MOST_BYTES` hold."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple, tuple[Any, int]] = OrderedDict()
        self.bytes = 0

    def get(self, key: tuple) -> Any:
        """Return what is kept under a key, or None."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def put(self, key: tuple, one: T, size: int) -> T:
        """Keep one of so many bytes, and let go of what was asked for least lately; return it."""
        self.bytes += size - self._kept.pop(key, (None, 0))[1]
        self._kept[key] = one, size
        while self.bytes > MOST_BYTES:
            self.bytes -= self._kept.popitem(last=False)[1][1]
        return one


def _bytes(answer: pd.DataFrame) -> int:
    """Return about how much memory an answer takes: its texts are not looked at one by one."""
    texts = len(answer.select_dtypes(object).columns)
    return 2000 + int(answer.memory_usage().sum()) + TEXT_BYTES * texts * len(answer)


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
        kept = vars(args[0]).setdefault("_beside", {})  # which pandas copies to no other table
        key = (ask, args[1:], *sorted(kwargs.items()))
        if key not in kept:
            kept[key] = ask(*args, **kwargs)
        return kept[key]

    return found


_KEPT: list[tuple[OrderedDict, threading.Lock]] = []  # of every function that is `remembered`


def forget(edition: Edition) -> None:
    """Let go of every result that was asked of an edition."""
    for results, lock in _KEPT:
        with lock:
            for key in [key for key in results if _is_of(key, edition)]:
                del results[key]


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
        del results[one]


class Call(NamedTuple):
    """What was asked of a function that is `remembered`."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    seconds: float = 0.0  # of a core, when it was computed


_NOTED = threading.local()


@contextmanager
def noting() -> Iterator[list[Call]]:
    """Note what this thread asks of `remembered` functions, without what they ask of one another."""
    _NOTED.calls = []
    try:
        yield _NOTED.calls
    finally:
        _NOTED.calls = None


class _Result:
    """What one call returned, computed by the first who asks while the others wait."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._found: list[Any] = []
        self.seconds = 0.0  # of a core, that it took

    def of(self, ask: Callable[[], T]) -> T:
        if not self._found:
            with self._lock:
                if not self._found:
                    began = time.thread_time()
                    self._found.append(ask())  # an error is not kept
                    self.seconds = time.thread_time() - began
        return self._found[0]


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
        lock = threading.Lock()
        _KEPT.append((results, lock))

        @wraps(ask)
        def found(*args: P.args, **kwargs: P.kwargs) -> T:
            key = (*map(key_of, args), *((name, key_of(one)) for name, one in kwargs.items()))
            with lock:
                result = results.get(key)
                if result is None:
                    result = results[key] = _Result()
                    if most <= _OF_EDITIONS:
                        _let_go_of_oldest(results, key, most)
                    if len(results) > (most if most > _OF_EDITIONS else most * STREETS):
                        results.popitem(last=False)
                else:
                    results.move_to_end(key)
            calls = getattr(_NOTED, "calls", None)
            if calls is None:
                return result.of(lambda: ask(*args, **kwargs))
            _NOTED.calls = None
            try:
                answer = result.of(lambda: ask(*args, **kwargs))
            finally:
                _NOTED.calls = calls
            calls.append(Call(found, args, kwargs, result.seconds))
            return answer

        return found

    return decorate
