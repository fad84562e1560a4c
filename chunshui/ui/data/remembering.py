"""A reader that asks each question once: a published version never changes."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pandas as pd

from chunshui.warehouse import Reader

MOST_ANSWERS = 1500
MOST_ROWS = 3000  # a longer answer is a list of members: asked seldom, heavy to keep


class Remembering(Reader):
    """A reader that keeps an answer once given, for every session.

    Answers go out as shallow copies: pandas copies on write, so whoever changes one changes
    only theirs. The least lately asked answers fall out.
    """

    def __init__(self, reader: Reader):
        vars(self).update(vars(reader))  # the same open file
        self._answers: OrderedDict[tuple, pd.DataFrame] = OrderedDict()
        self._lock = threading.Lock()

    def query(self, name: str, /, **params: Any) -> pd.DataFrame:
        """Run queries/<name>.sql with named parameters."""
        return self._ask(super().query, name, params)

    def frame(self, statement: str, /, **params: Any) -> pd.DataFrame:
        """Run SQL that the catalogue took from a file under queries/."""
        return self._ask(super().frame, statement, params)

    def _ask(
        self, ask: Callable[..., pd.DataFrame], text: str, params: dict[str, Any]
    ) -> pd.DataFrame:
        key = (text, *((name, _fixed(value)) for name, value in sorted(params.items())))
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key].copy(deep=False)
        answer = ask(text, **params)
        if len(answer) <= MOST_ROWS:
            with self._lock:
                self._answers[key] = answer
                if len(self._answers) > MOST_ANSWERS:
                    self._answers.popitem(last=False)
        return answer.copy(deep=False)


def _fixed(value: Any) -> Any:
    """Return a value that can be part of a key."""
    if isinstance(value, dict):
        return tuple((key, _fixed(one)) for key, one in sorted(value.items()))
    return tuple(_fixed(one) for one in value) if isinstance(value, list | tuple) else value
