"""Find a street or community by what a ledger calls it: short name, official name or code."""

from collections.abc import Sequence

from chunshui.ledgers.cells.messages import did_you_mean
from chunshui.ledgers.cells.parsed import Parsed, clean, text_of
from chunshui.ledgers.contracts.contract import Column


class Roster:
    """The streets and communities of the district, indexed by every certain name.

    `streets` are (code, name), `communities` (code, short name, official name, street code).
    """

    def __init__(
        self,
        streets: Sequence[tuple[str, str]],
        communities: Sequence[tuple[str, str, str, str]] = (),
    ):
        self.street_names = dict(streets)
        self.community_names = {code: name for code, name, *_ in communities}
        self.street_of = {code: street for code, *_, street in communities}
        self._streets: dict[str, set[str]] = {}
        self._communities: dict[str, set[str]] = {}
        for code, name in streets:
            stem = name.removesuffix("街道")
            offices = [one + word for one in (name, stem + "街") for word in ("", "办", "办事处")]
            for spelling in (code, stem, *offices):
                self._streets.setdefault(spelling, set()).add(code)
        for code, name, official, street in communities:
            stem = name.removesuffix("社区")
            ends = ("居委会", "居民委员会")
            spellings = [name, official, stem, *(one + end for one in (name, stem) for end in ends)]
            in_street = self.street_names.get(street, "")
            for spelling in {code, *spellings, *(in_street + one for one in spellings)}:
                self._communities.setdefault(clean(spelling).replace(" ", ""), set()).add(code)
        self._seen: dict[tuple, tuple[Parsed, Parsed]] = {}

    def street(self, raw: object, column: Column) -> Parsed:
        """The code of the street a cell names."""
        word, done = _word(raw, column)
        if done is not None:
            return done
        codes = self._streets.get(word, set())
        if len(codes) != 1:
            names = list(self.street_names.values())
            return _unknown(raw, "街道名录", did_you_mean(word, names))
        (code,) = codes
        return Parsed(code, note=_note(word, self.street_names[code], code))

    def community(self, raw: object, column: Column, street: str | None) -> Parsed:
        """The code of the community a cell names, which must lie in `street` where that is given."""
        word, done = _word(raw, column)
        if done is not None:
            return done
        codes = self._communities.get(word, set())
        if not codes:
            names = [
                name
                for code, name in self.community_names.items()
                if street is None or self.street_of[code] == street
            ]
            return _unknown(raw, "社区名录", did_you_mean(word, names))
        inside = {code for code in codes if street in (None, self.street_of[code])}
        streets = "、".join(sorted(self._street_name(code) for code in codes))
        if not inside:
            return Parsed(None, "街道不符", {"raw": str(raw), "street": streets})
        if len(inside) > 1:
            return Parsed(None, "社区重名", {"raw": str(raw), "streets": streets})
        (code,) = inside
        return Parsed(code, note=_note(word, self.community_names[code], code))

    def pair(
        self, raw_street: object, raw_community: object, street: Column, community: Column
    ) -> tuple[Parsed, Parsed]:
        """What the 街道 and 社区 cells of one row name; remembered, for most rows repeat."""
        key = (raw_street, raw_community, street.required, community.required)
        if key not in self._seen:
            first = self.street(raw_street, street)
            self._seen[key] = first, self.community(raw_community, community, first.value)
        return self._seen[key]

    def _street_name(self, community_code: str) -> str:
        code = self.street_of[community_code]
        return self.street_names.get(code, code)


def _word(raw: object, column: Column) -> tuple[str, Parsed | None]:
    """The name in a cell, and the outcome already when there is none to look for."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    word, done = text_of(raw, column)
    return word.replace(" ", ""), done if done is None or done.code else Parsed()


def _unknown(raw: object, roster: str, question: str) -> Parsed:
    return Parsed(None, "不在名录", {"raw": str(raw)[:40], "roster": roster, "near": question})


def _note(word: str, name: str, code: str) -> str:
    return "" if word in (name, code) else f"读作{name}"
