"""The rows of one ledger over all its sheets, and the checks that need them together."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd
import shapely

from chunshui.ledgers.base import Base, StayingRows
from chunshui.ledgers.batch import QUESTIONS, Batch
from chunshui.ledgers.cells.messages import did_you_mean, explain
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.ledgers.frames import typed_frame
from chunshui.ledgers.issue import Issue
from chunshui.words import ERROR, WARNING

# So many cells of a column are asked about one by one: each look for the nearest name compares
# with every name there is.


class LedgerChecks:
    """The rows of one ledger over all its sheets; an index counts through them all."""

    def __init__(self, ledger: Ledger, batches: list[Batch]):
        self.ledger = ledger
        self.batches = batches
        self.issues: list[Issue] = []
        self.where = [(b, at) for b in batches for at in range(len(b.row_numbers))]

    def run(
        self,
        base: Base | None,
        keys: Mapping[str, set],
        bounds: tuple[float, float, float, float] | None,
    ) -> None:
        """Make every check but `clashes` and `own_references`.

        `keys` are those of other ledgers, `bounds` those of the district.
        """
        self.duplicates()
        self.leading_zeros(base)
        self.references(keys)
        if bounds is not None:
            self.near_district(bounds)
        self.rules()
        self.unusual()

    def column(self, key: str) -> list:
        """The values of a column over all sheets; None where missing or not read."""
        return [value for batch in self.batches for value in batch.values[key]]

    def refuse(self, index: int, key: str | None, what: str, mend: str) -> None:
        """Mark the row at that index wrong and say why."""
        batch, at = self.where[index]
        batch.wrong[at] = True
        batch.add(ERROR, what, mend, at, key, to=self.issues)

    def duplicates(self) -> None:
        """Rows with the same key, or the same values of any other unique columns."""
        for keys in (self.ledger.key, *self.ledger.unique):
            first: dict[tuple, int] = {}
            for index, values in self._keyed_rows(keys):
                earlier = first.setdefault(values, index)
                if earlier != index:
                    other = self._row_name(earlier, index)
                    self.refuse(index, keys[-1], *self._duplicate(keys, values, other))

    def clashes(self, staying: StayingRows) -> None:
        """Rows with a key that a row which stays has already."""
        for keys in (self.ledger.key, *self.ledger.unique):
            columns = (staying.column(key) for key in keys)
            there = {_same(values): at for at, values in enumerate(zip(*columns, strict=True))}
            for index, values in self._keyed_rows(keys):
                if (at := there.get(_same(values))) is not None:
                    what, _ = self._duplicate(keys, values, staying.row_name(at))
                    mend = "请改编号；原是别的街道的，请与那个街道一并重报"
                    self.refuse(index, keys[-1], what, mend)

    def _keyed_rows(self, keys: tuple[str, ...]) -> Iterator[tuple[int, tuple]]:
        """The index of each row all of whose keys were read, and its keys."""
        for index, values in enumerate(zip(*map(self.column, keys), strict=True)):
            if None not in values:
                yield index, values

    def _duplicate(self, keys: tuple[str, ...], values: tuple, other: str) -> tuple[str, str]:
        """What is wrong with a row whose keys the `other` row has already, and how to mend it."""
        pairs = zip(keys, values, strict=True)
        words = "，".join(f"{self.ledger.column(key).header} {value}" for key, value in pairs)
        return explain("重复", {"other": other, "key": words})

    def _row_name(self, index: int, beside: int) -> str:
        """第 n 行, with the sheet where that is another one."""
        batch, at = self.where[index]
        row = f"第{batch.row_numbers[at]}行"
        if batch is self.where[beside][0]:
            return row
        return f"《{batch.sheet.file}》{batch.sheet.name or ''}{row}"

    def leading_zeros(self, base: Base | None) -> None:
        """Codes of digits shorter than their fellows that begin with 0: Excel ate the zeros."""
        for column in self.ledger.columns:
            if column.kind != "code" or column.length or column.refers or not self.batches:
                continue
            values = self.column(column.key)
            known = [value for value in values if value is not None]
            if base is not None and self.ledger.id in base.tables:
                known += base.tables[self.ledger.id][column.key].dropna().tolist()
            widths = {len(code) for code in known if code[:1] == "0" and code.isdecimal()}
            if len(widths) != 1:
                continue
            (width,) = widths
            for index, value in enumerate(values):
                if value is not None and value.isdecimal() and 0 < len(value) < width:
                    facts = {"raw": value, "digits": len(value), "length": width}
                    self.refuse(index, column.key, *explain("前导零", facts))

    def references(self, keys: Mapping[str, set]) -> None:
        """Values that must be the key of a row in another ledger."""
        self._references([c for c in self.ledger.columns if c.refers != self.ledger.id], keys)

    def own_references(self, keys: Mapping[str, set]) -> None:
        """Values that must be the key of a row in the ledger itself, once all its rows are known."""
        self._references([c for c in self.ledger.columns if c.refers == self.ledger.id], keys)

    def _references(self, columns: Iterable[Column], keys: Mapping[str, set]) -> None:
        for column in columns:
            if column.refers is None or not self.batches:
                continue
            other = ALL[column.refers].name
            known = keys[column.refers]
            values = self.column(column.key)
            if not known and any(value is not None for value in values):
                what, mend = f"没有可用的{other}，无法核对{column.header}", f"请先补上{other}"
                self.batches[0].add(ERROR, what, mend, key=column.key, to=self.issues)
                for batch in self.batches:
                    batch.wrong = [True] * len(batch.wrong)
                continue
            unknown = [i for i, v in enumerate(values) if v is not None and v not in known]
            for count, index in enumerate(unknown):
                question = _nearest_key(values[index], known) if count < QUESTIONS else ""
                facts = {"raw": values[index], "roster": other, "near": question}
                self.refuse(index, column.key, *explain("无此编号", facts))

    def near_district(self, bounds: tuple[float, float, float, float]) -> None:
        """Points and shapes far from the district."""
        west, south, east, north = bounds
        kinds = {column.kind for column in self.ledger.columns}
        if "lon" in kinds:
            for key, low, high in (("lon", west, east), ("lat", south, north)):
                for index, value in enumerate(self.column(key)):
                    if value is not None and not low <= value <= high:
                        self.refuse(index, key, *explain("不在本区", {"raw": value}))
        elif "geometry" in kinds:
            district = shapely.box(*bounds)
            for index, shape in enumerate(self.column("shape")):
                if shape is not None and not district.intersects(shape):
                    self.refuse(index, "shape", *explain("不在本区", {"raw": "图形"}))

    def rules(self) -> None:
        """The contract's rules, over the rows every cell of which was read."""
        if not self.ledger.rules or not self.where:
            return
        rows, indices = self.good_rows()
        for rule in self.ledger.rules:
            broken = rule.broken(rows).fillna(False).to_numpy(dtype=bool)
            for index, row in zip(indices[broken], rows[broken].to_dict("records"), strict=True):
                self.refuse(int(index), rule.cell(row), rule.what, rule.mend)

    def unusual(self) -> None:
        """Amounts that are likelier a slip of the unit than right; each may be confirmed."""
        for column in self.ledger.columns:
            if column.usual is None:
                continue
            least, most = column.usual
            odd = [
                index
                for index, value in enumerate(self.column(column.key))
                if value and not least <= value <= most
            ]
            for index in odd[:QUESTIONS]:
                batch, at = self.where[index]
                value = batch.values[column.key][at]
                facts = {"value": value, "unit": column.unit, "least": least, "most": most}
                self._ask(batch, at, column.key, *explain("少见", facts))
            if len(odd) > QUESTIONS:
                batch, at = self.where[odd[QUESTIONS]]
                what = f"{column.header}还有{len(odd) - QUESTIONS:,}格大小少见，从这一格起"
                mend = "多半是整列的单位写错，请核对表头"
                self._ask(batch, at, column.key, what, mend)

    def _ask(self, batch: Batch, at: int, key: str, what: str, mend: str) -> None:
        batch.add(WARNING, what, mend, at, key, asks=True, to=self.issues)

    def good_rows(self) -> tuple[pd.DataFrame, np.ndarray]:
        """The typed rows without fault, and the index of each."""
        wrong = np.array([w for batch in self.batches for w in batch.wrong], dtype=bool)
        indices = np.flatnonzero(~wrong)
        values = {}
        for column in self.ledger.columns:
            every = self.column(column.key)
            values[column.key] = [every[index] for index in indices]
        return typed_frame(values, self.ledger), indices


def _nearest_key(value: object, known: set) -> str:
    """A question that offers a key like the one that is unknown."""
    if not isinstance(value, str):
        return ""
    if value.isdecimal():
        padded = [value.zfill(width) for width in range(len(value) + 1, len(value) + 7)]
        if longer := [code for code in padded if code in known]:
            return f"，是不是丢了前面的零的“{longer[0]}”？"
    alike = [key for key in known if abs(len(key) - len(value)) <= 2 and key[:1] == value[:1]]
    return did_you_mean(value, sorted(alike)[:2000])


def _same(values: tuple) -> tuple:
    """Key values so that a day is equal to the same day of another type."""
    return tuple(pd.Timestamp(value) if isinstance(value, dt.date) else value for value in values)
