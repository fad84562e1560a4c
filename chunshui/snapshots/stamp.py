"""The stamp on every page of every export, and safe names for the files."""

import datetime as dt
import re
from dataclasses import dataclass

from chunshui import clock
from chunshui.snapshots.model import Snapshot

NAME_LENGTH = 56  # letters, of at most four bytes: with the id below the 255 bytes of a name
TITLE_LENGTH = 400  # of what is shortened to it
SCOPE_LENGTH = 14
SOURCES = 3

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]+')
_NUMBER = re.compile(r"[+\-−]?\d[\d,.]*[万亿%]?")
_DATED = re.compile(r"\d+[年月](?:[\d年月日]|至(?=\d))*")
_BRACKETS = re.compile(r"（[^（）]*）")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Stamp:
    """What every exported page says about itself, as words."""

    scope: str
    as_of: str
    version: str
    snapshot: str
    sources: tuple[str, ...]
    exported: str
    nature: str
    is_demonstration: bool

    @property
    def source(self) -> str:
        """The first few ledgers and how many there are in all."""
        named = "、".join(self.sources[:SOURCES])
        rest = f"等{len(self.sources)}种台账" if len(self.sources) > SOURCES else ""
        return shorten(named + rest or "—", 60)

    @property
    def first_line(self) -> str:
        """Scope, month, version and id."""
        what = f"范围：{self.scope} | 统计截至：{self.as_of}"
        return f"{what} | 数据版本：{self.version} | 快照：{self.snapshot}"

    @property
    def second_line(self) -> str:
        """The nature of the data, source and time."""
        return f"{self.nature} | 来源：{self.source} | 导出：{self.exported}"

    @property
    def printed(self) -> dict[str, str | bool]:
        """What the pages of a typeset document print of it."""
        return {
            "first": clean(self.first_line),
            "second": clean(self.second_line),
            "version": self.version,
            "snapshot": self.snapshot,
            "nature": self.nature,
            "demonstration": self.is_demonstration,
        }

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Labels and words, for a cover."""
        return (
            ("数据性质", self.nature),
            ("范围", self.scope),
            ("统计截至", self.as_of),
            ("数据版本", self.version),
            ("快照编号", self.snapshot),
            ("数据来源", "、".join(self.sources) or "—"),
            ("导出时间", self.exported),
        )


def stamp(snapshot: Snapshot, exported_at: dt.datetime) -> Stamp:
    """Return the stamp of a snapshot exported at a time (with a time zone; shown on the district's clock)."""
    return Stamp(
        scope=shorten(snapshot.scope, 60),
        as_of=snapshot.as_of_words,
        version=snapshot.data_version,
        snapshot=snapshot.id,
        sources=snapshot.sources,
        exported=clock.written(exported_at),
        nature=snapshot.nature_words,
        is_demonstration=snapshot.is_demonstration,
    )


def now() -> dt.datetime:
    """Return the time to stamp on an export made now."""
    return clock.now().replace(microsecond=0)


def file_name(snapshot: Snapshot, extension: str, part: str = "") -> str:
    """Return a file name that no title can turn into a path: title, part, id and extension.

    A title that was written without scope or period has them behind it. What is too long is shortened
    before the period, and the period stays whole: a month cut in two is another month.
    """
    part = _cut(safe_name(part, TITLE_LENGTH), NAME_LENGTH // 2) if part else ""
    room = NAME_LENGTH - len(part)
    title = safe_name(snapshot.title, TITLE_LENGTH)
    scope = snapshot.scope.split()
    told = [] if scope == ["全区"] or any(one in snapshot.title for one in scope) else scope
    told = [shorten(" ".join(told), SCOPE_LENGTH)] if told else []
    if not _DATED.search(title):
        told = [*told, snapshot.as_of_words]
    if told:
        title = f"{_cut(title, room // 2)}（{safe_name(' '.join(told), TITLE_LENGTH)}）"
    return "-".join(filter(None, (_cut(title, room), part, snapshot.id))) + f".{extension}"


def _cut(words: str, length: int) -> str:
    """Return the words of a name with the last period in them, that in brackets first, and no number cut in two."""
    if len(words) <= length:
        return words
    dates, behind = list(_DATED.finditer(words)), ""
    if dated := [one for one in _BRACKETS.finditer(words) if _DATED.search(one[0])]:
        last = dated[-1]
        tails = (words[last.start() :], last[0], f"（{_DATED.findall(last[0])[-1]}）")
        behind = next((one for one in tails if len(one) <= length), "")
        words = words[: last.start()]
    elif dates and dates[-1].end() > length:
        behind = f"（{dates[-1][0]}）"
        words = words[: dates[-1].start()]
    end = length - len(behind)
    for one in dates:
        if one.start() < end < one.end():
            end = one.start()
    return shorten(words, end + 1).removesuffix("…")[:end].strip(" ._（、，：") + behind


def safe_name(words: str, length: int = NAME_LENGTH) -> str:
    """Return words fit for a file name on any system: no separators, dots at the ends or length."""
    return _FORBIDDEN.sub("_", clean(words)).strip(" ._")[:length].strip(" ._") or "未命名"


def clean(words: str) -> str:
    """Return words without characters that XML cannot hold."""
    return _CONTROL.sub("", words)


def shorten(words: str, length: int) -> str:
    """Return clean words on one line, cut with an ellipsis beyond `length` characters, never inside a number.

    What begins with a number that is longer than that keeps it whole.
    """
    words = " ".join(clean(words).split())
    if len(words) <= length:
        return words
    end = length - 1
    for number in _NUMBER.finditer(words):
        if number.start() < end < number.end():
            end = number.start() or number.end()
    return words[:end] + "…" * (end < len(words))


def shorten_sentence(words: str, length: int) -> str:
    """Return clean words on one line, without the last clauses where there are too many of them.

    No number and no bracket is cut in two; what has not even one short clause is cut as by `shorten`.
    """
    words, ends, depth = " ".join(clean(words).split()), [], 0
    for at, one in enumerate(words):
        depth += (one in "（(“") - (one in "）)”")
        if one in "，；" and not depth:
            ends.append(at)
    fitting = [end for end in ends if end <= length]
    return words[: fitting[-1]] if len(words) > length and fitting else shorten(words, length)
