"""Finding a thing by its name: as it is written, by its pinyin or by the initials of that.

Every character may be typed as itself, as any of its readings (长: chang, zhang) or as the first
letter of one; the last syllable need not be finished. `药王`, `yaowang`, `yw`, `yaow` and `药w` find
药王社区. Readings are those of pypinyin.
"""

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from chunshui.catalogue.metric import all_metrics
from chunshui.warehouse import Reader

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 44 MB; characters are read one by one
from pypinyin import Style, pinyin

METRIC, STREET, COMMUNITY, STATION = "指标", "街道", "社区", "阵地"
RENOVATION, FUND_PROJECT, SITE = "改造项目", "基金项目", "示范点"
PAGE, SHEET = "页面", "社区一页"
KINDS = (PAGE, METRIC, STREET, COMMUNITY, SHEET, STATION, RENOVATION, FUND_PROJECT, SITE)
_WHOLE, _START, _INSIDE, _PLACE = range(4)  # how well a name answers, the best first


@dataclass(frozen=True)
class Thing:
    """What can be looked for: its kind, id, names (the first is shown) and where it lies."""

    kind: str
    thing_id: str
    names: tuple[str, ...]
    street: str | None = None
    community: str | None = None  # the code
    where: str = ""  # 汉正街道药王社区
    alone: bool = True  # no other of its kind has its name


def things_of(reader: Reader) -> list[Thing]:
    """Return the metrics of the catalogue and everything of a version that has a name."""
    metrics = [Thing(METRIC, one.id, (one.name, one.short)) for one in all_metrics().values()]
    rows = reader.query("catalogue/named_things").astype(object)
    rows = rows.where(rows.notna(), None)
    return metrics + [
        Thing(
            row.kind,
            row.thing_id,
            (row.thing_name,),
            row.street_name,
            row.community_code,
            _where(row.kind, row.street_name, row.community_name),
            row.is_alone,
        )
        for row in rows.itertuples()
    ]


def _where(kind: str, street: str, community: str | None) -> str:
    if kind == STREET:
        return ""
    return street if kind == COMMUNITY or not community else street + community


class Index:
    """The names of some things, ready to be searched."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things = tuple(things)
        # Each text once, with whose it is and whether it says only where that lies.
        owners: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        for number, thing in enumerate(self.things):
            for name in {plain(one) for one in thing.names}:
                owners[name].append((number, False))
            owners[plain(thing.where)].append((number, True))
        self._owners = list(owners.values())
        self._spelt = [tuple(readings(one) for one in text) for text in owners]
        # Where an answer can begin: by the first letter or character, the text and the place in it.
        self._starts: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, spelt in enumerate(self._spelt):
            for at, read in enumerate(spelt):
                for first in {one[0] for one in read}:
                    self._starts[first].append((number, at))

    def find(self, text: str) -> list[Thing]:
        """Return the things that every word of a text answers to, or names the kind of, the best first."""
        ranks: dict[int, int] | None = None
        parts = text.split()
        for word in parts:
            if asked := plain(word):
                answers = self._answers(asked)
                if len(parts) > 1 and word in KINDS:  # 长丰 阵地
                    kind = (n for n, one in enumerate(self.things) if one.kind == word)
                    answers = dict.fromkeys(kind, _PLACE) | answers
                ranks = {
                    number: rank + (0 if ranks is None else ranks[number])
                    for number, rank in answers.items()
                    if ranks is None or number in ranks
                }
        found = [(rank, self.things[number]) for number, rank in (ranks or {}).items()]
        found.sort(key=lambda one: (one[0], KINDS.index(one[1].kind), len(one[1].names[0])))
        return [thing for _, thing in found]

    def _answers(self, asked: str) -> dict[int, int]:
        """Return how well each thing answers to one word, by its number."""
        texts: dict[int, int] = {}
        for number, at in self._starts.get(asked[0], ()):
            if texts.get(number, _PLACE) <= _START:
                continue
            spelt = self._spelt[number]
            if (end := _read_to(asked, spelt, at)) is not None:
                texts[number] = _INSIDE if at else _WHOLE if end == len(spelt) else _START
        best: dict[int, int] = {}
        for number, rank in texts.items():
            for thing, is_place in self._owners[number]:
                best[thing] = min(_PLACE if is_place else rank, best.get(thing, _PLACE))
        return best


def named(names: Mapping[str, tuple[str, ...]], text: str) -> list[str]:
    """Return the ids of those whose names answer to a text, the best first."""
    things = (Thing(STATION, one, own) for one, own in names.items())
    return [one.thing_id for one in Index(things).find(text)]


def _read_to(asked: str, spelt: tuple[tuple[str, ...], ...], at: int) -> int | None:
    """Return to where in a name a text reads it from `at` on; None when it says something else."""
    if at == len(spelt):
        return None
    for reading in spelt[at]:
        if reading.startswith(asked):
            return at + 1
    for reading in spelt[at]:
        for said in (reading, reading[0]):
            if asked.startswith(said) and (end := _read_to(asked[len(said) :], spelt, at + 1)):
                return end
    return None


def plain(text: str) -> str:
    """Return the letters, characters and digits of a text, in small letters."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).lower() if one.isalnum())


@cache
def readings(character: str) -> tuple[str, ...]:
    """Return what may be typed for a character: itself and its readings without tones (ü as v)."""
    (found,) = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False)
    return tuple(dict.fromkeys((character, *found)))
