"""Editions of a city: each pins one version of every district, and holds all that is compared.

    root/districts/<code>/          a data folder of a district, as it would be alone
    root/editions/<id>.json         what an edition is; its id is the sha256 of this content, 12 signs
    root/editions/<id>/*.parquet    its figures, rules and outlines, whose sha256 the JSON has
    root/history.jsonl              every publish and undo, appended before the pointer moves
    root/EDITION                    the edition that is shown, replaced atomically

An edition never changes, whatever the districts publish, undo or correct afterwards. A writer killed
anywhere leaves an edition that nobody points at, or none.
"""

import base64
import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from chunshui import clock
from chunshui.errors import (
    ChunshuiError,
    NothingPublishedError,
    VersionDamagedError,
    VersionMissingError,
)
from chunshui.month import Month
from chunshui.pipeline import values
from chunshui.pipeline.values import DIGITS, Values
from chunshui.warehouse import Store, durable, publish, sql
from chunshui.warehouse.reader import over_files

IN_TIME, LATE, MISSING, DAMAGED, LEFT_OUT = "到齐", "迟报", "未报", "损坏", "未列入"
FIGURES, RULES, TEXTS, STREETS = "district_value", "rules", "texts", "streets"
OUTLINES = "outlines"
LABEL = 30  # characters
OVERLAP = 0.01  # of the smaller of two neighbours; less is a border drawn by two hands


@dataclass(frozen=True)
class Pinned:
    """A district in an edition: which version, and in which state it was.

    `carried`: it is late, and its last month stands for those it has not reported. `why` says in
    Chinese what is wrong with one that is 损坏. Without a version the fields from `version` on are None.
    """

    district: str
    name: str
    state: str
    version: str | None = None
    sha256: str | None = None
    figures: str | None = None
    nature: str | None = None
    since: str | None = None
    as_of: str | None = None
    chunshui: str | None = None
    values: str | None = None  # sha256 of the values by street and community
    carried: bool = False
    why: str | None = None

    @property
    def counted(self) -> bool:
        """Whether it may be ranked, and is in the city's sum."""
        return self.state == IN_TIME or self.carried


@dataclass(frozen=True)
class Entry:
    """A line of the history of a city."""

    action: str  # 发布 or 回退
    edition: str
    at: str
    by: str
    before: str | None  # the edition that was shown until then


@dataclass(frozen=True)
class CityEdition:
    """One edition, open for reading. `query` may be called from any thread."""

    root: Path
    id: str
    label: str
    as_of: str
    nature: str
    districts: tuple[Pinned, ...]
    notes: tuple[str, ...]
    files: dict[str, str]

    @cached_property
    def months(self) -> list[str]:
        """The months that some district counted in it reported, oldest first."""
        first = self.first_month
        return [str(first.shift(n)) for n in range(Month.parse(self.as_of) - first + 1)]

    @cached_property
    def first_month(self) -> Month:
        """The first month that a district counted in it reported."""
        return Month.parse(min(one.since for one in self.districts if one.counted and one.since))

    @cached_property
    def codes(self) -> pd.Index:
        """The codes of the districts, in their order, as numbers: of thousands the texts are slow to carry."""
        return pd.Index([int(one.district) for one in self.districts])

    @cached_property
    def counted(self) -> frozenset[int]:
        """Those of the districts that are counted in it."""
        return frozenset(int(one.district) for one in self.districts if one.counted)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The districts, one a row: fields of `Pinned`; whether they are counted; from which to which month,
        numbered from the first one, they have figures.
        """  # fmt: skip
        rows = pd.DataFrame([asdict(one) for one in self.districts])
        rows = rows[["district", "name", "state", "carried", "since", "as_of", "why", "version"]]
        until = rows["as_of"].where(~rows["carried"], self.as_of)
        for column, months in (("since_no", rows.pop("since")), ("until_no", until)):
            rows[column] = [
                np.nan if pd.isna(one) else Month.parse(one) - self.first_month for one in months
            ]
        return rows.assign(counted=[one.counted for one in self.districts])

    def district(self, code: str) -> Pinned:
        """Return a district; raise ChunshuiError for one that is not of this city."""
        for one in self.districts:
            if one.district == code:
                return one
        known = "、".join(f"{one.name}{one.district}" for one in self.districts)
        raise ChunshuiError(f"全市汇总{self.id}里没有代码为{code}的区，只有{known}。")

    def store(self, code: str) -> Store:
        """Return the versions of a district."""
        return City(self.root).store(code)

    def query(self, name: str, /, **params: Any) -> pd.DataFrame:
        """Run queries/<name>.sql; $values, $rules, $texts and $streets in it are files of this edition."""
        text = sql.text(name)
        for one in (FIGURES, RULES, TEXTS, STREETS):
            if f"read_parquet(${one})" in text:
                params[one] = str(self._path(one))
        con = self._by_street if "$files" in text else self._connection
        return sql.run(con, name, **params)

    def value_files(self) -> dict[str, Path]:
        """Return the values by street and community of each district counted, while they are whole."""
        return {code: one for code, one in self._found.items() if isinstance(one, Path)}

    def faults(self) -> dict[str, str]:
        """Return in Chinese what has become of pinned versions that are no longer whole, by district."""
        return {code: one for code, one in self._found.items() if isinstance(one, str)}

    @cached_property
    def _found(self) -> dict[str, Path | str]:
        return {one.district: self._values_of(one) for one in self.districts if one.counted}

    def _values_of(self, one: Pinned) -> Path | str:
        """The file of a district's values by street, made again from the version if it is lost."""
        store, version = self.store(one.district), one.version or ""
        path = store.values / version / values.VALUES
        with suppress(OSError):
            if values.digest(path) == one.values:
                return path
        try:
            if values.export(store, version).figures == one.figures:
                return path
        except ChunshuiError as error:
            return str(error)
        return f"{one.name}的{version}与全市汇总{self.id}所记的不是同一个版本。请从备份恢复它。"

    @cached_property
    def _connection(self) -> Any:
        return over_files(self._path(one) for one in (FIGURES, RULES, TEXTS))

    @cached_property
    def _by_street(self) -> Any:
        own = [self._path(one) for one in (RULES, STREETS)]
        return over_files([*own, *self.value_files().values()])

    def _path(self, name: str) -> Path:
        return self.root / "editions" / self.id / f"{name}.parquet"


class City:
    """The districts and editions under one folder. Holds no state."""

    def __init__(self, root: Path):
        self.root = Path(root).resolve()
        self.folder = self.root / "editions"
        self.pointer_file = self.root / "EDITION"
        self.history_file = self.root / "history.jsonl"

    # ---------------------------------------------------------------- reading

    def codes(self) -> list[str]:
        """Return the codes of the districts. Raises ChunshuiError where there is none."""
        home = self.root / "districts"
        found = sorted(one.name for one in home.glob("*") if one.is_dir() and one.name[0] != ".")
        if not found:
            raise ChunshuiError(
                f"{home} 里没有一个区。请为每个区建一个以六位区划代码命名的文件夹（如 420105），"
                "作为它的数据文件夹，把台账放在里面的 ledgers 里。"
            )
        if wrong := [one for one in found if not re.fullmatch(r"\d{6}", one)]:
            raise ChunshuiError(
                f"{home} 里的{'、'.join(wrong)}不是区划代码。请改成六位代码，或移到别处。"
            )
        return found

    def store(self, code: str) -> Store:
        """Return the versions of a district."""
        return Store(self.root / "districts" / code / "versions")

    def pointer(self) -> str | None:
        """Return the id of the edition that is shown; None before the first."""
        with suppress(FileNotFoundError):
            return self.pointer_file.read_text(encoding="utf-8", errors="replace").strip()
        return None

    def current(self) -> CityEdition:
        """Open the edition that is shown. Raises NothingPublishedError, or as `edition` does."""
        pointer = self.pointer()
        if pointer is None:
            raise NothingPublishedError(
                f"{self.root} 还没有发布过全市汇总。请先运行 python -m chunshui city publish。"
            )
        return self.edition(pointer)

    def edition(self, name: str) -> CityEdition:
        """Open an edition. Raises VersionMissingError, VersionDamagedError for one altered or cut short."""
        path = self.folder / f"{name}.json"
        way_out = "请从备份恢复它，或用 python -m chunshui city undo 加编号改用别的一期"
        try:
            if not re.fullmatch(rf"[0-9a-f]{{{DIGITS}}}", name):
                raise FileNotFoundError
            content = path.read_bytes()
        except FileNotFoundError:
            known = "、".join(one.stem for one in self._listed()) or "无"
            raise VersionMissingError(
                f"没有全市汇总{name[:40]}。{way_out}，现有：{known}。"
            ) from None
        if _id(content) != name:
            raise VersionDamagedError(
                f"全市汇总{name}的说明文件 {path.name} 不完整或被改动。{way_out}。"
            )
        told = json.loads(content)
        for file, wanted in told["files"].items():
            with suppress(FileNotFoundError):
                if values.digest(self.folder / name / file) == wanted:
                    continue
            raise VersionDamagedError(
                f"全市汇总{name}的数据文件 {file} 不见了、不完整或被改动。{way_out}。"
            )
        pinned = tuple(Pinned(**one) for one in told.pop("districts"))
        told["notes"] = tuple(told["notes"])
        return CityEdition(root=self.root, id=name, districts=pinned, **told)

    def editions(self) -> list[CityEdition]:
        """List every edition that is whole, oldest first."""
        found = []
        for path in self._listed():
            with suppress(ChunshuiError):
                found.append(self.edition(path.stem))
        return found

    def history(self) -> list[Entry]:
        """List every publish and undo, oldest first; lines a killed writer tore are skipped."""
        entries = []
        with suppress(FileNotFoundError):
            for line in self.history_file.read_text("utf-8", errors="replace").splitlines():
                with suppress(ValueError, TypeError):
                    entries.append(Entry(**json.loads(line)))
        return entries

    def candidate(self, code: str) -> str | None:
        """Return the version of a district that an edition would take; None where there is none.

        That is what happened last: the version it last published or went back to, or one that was
        laid ready for the city after that.
        """
        store = self.store(code)
        entry = store.pointer() or next(reversed(store.history()), None)
        laid = next((one for one in reversed(store.versions()) if one.inputs), None)
        if entry is None:
            return laid.version if laid else None
        later = laid is not None and laid.version > entry.version and laid.made_at >= entry.at
        return laid.version if laid and later else entry.version

    def reports(
        self, without: Collection[str] = (), listing: bool = False
    ) -> dict[str, Values | Pinned]:
        """Return the export of each district's candidate; where it cannot be had, its state.

        Raises ChunshuiError as `codes`, and for a version with places of another district, which
        where districts are but listed is a state like the others.
        """
        codes = self.codes()
        _refuse_unknown(without, codes, "--without")

        def report(code: str) -> Values | Pinned:
            if code in without:
                return Pinned(code, self._name(code), LEFT_OUT)
            version = self.candidate(code)
            if version is None:
                return Pinned(code, self._name(code), MISSING)
            try:
                return values.export(self.store(code), version)
            except ChunshuiError as error:
                if not listing and not isinstance(
                    error, (VersionDamagedError, VersionMissingError)
                ):
                    raise
                return Pinned(code, self._name(code), DAMAGED, version, why=str(error))

        with ThreadPoolExecutor(4) as pool:  # most of it is the hash of large files
            return dict(zip(codes, pool.map(report, codes), strict=True))

    # ---------------------------------------------------------------- writing

    def publish(
        self,
        *,
        label: str,
        by: str,
        without: Collection[str] = (),
        carry: Collection[str] = (),
        month: str | None = None,
        wait: float = 60,
    ) -> CityEdition:
        """Pin what each district last reported, and show that.

        Args:
            label: What it is called, e.g. 2026年10月.
            by: Who publishes.
            without: Districts not to be taken, whatever they reported.
            carry: Late districts whose last month stands for those they lack.
            month: The last month, YYYY-MM; else that of the district furthest ahead.
            wait: Seconds to wait for another who publishes.

        Raises:
            ChunshuiError: Nothing is reported, the nature of districts differs, one district alone is
                ahead of all, a version is of another district, the disk is full.
        """
        if not label.strip().isprintable() or not 0 < len(label.strip()) <= LABEL:
            raise ChunshuiError(f"--label 要写这一期的名称，1至{LABEL}个字，如 2026年10月。")
        with durable.disk_in_words():
            self.folder.mkdir(parents=True, exist_ok=True)
            with publish.held(self.root, by, wait):
                reports = self.reports(without)
                _refuse_unknown(carry, reports, "--carry")
                told, tables = _edition(reports, label.strip(), carry, month)
                told["notes"] += self._joined_and_left(told)
                name = self._write(told, tables)
                for one in told["districts"]:
                    if one["version"] and one["state"] in (IN_TIME, LATE):
                        publish.pin(
                            self.store(one["district"]), one["version"], by=f"全市汇总{name}"
                        )
                self._point("发布", name, by)
        return self.edition(name)

    def undo(self, to: str | None = None, *, by: str) -> CityEdition:
        """Show the edition that was shown before the present one, or the one named."""
        with durable.disk_in_words(), publish.held(self.root, by, 30):
            present = self.pointer()
            ways = [one for one in self.history() if (one.action, one.edition) == ("发布", present)]
            target = to or (ways[-1].before if ways else None)
            if target is None:
                raise VersionMissingError(
                    "在它之前没有发布过别的全市汇总，无可回退。如需改用某一期，请写明编号；"
                    "全部编号见 python -m chunshui city status。"
                )
            found = self.edition(target)
            if target == present:
                raise ChunshuiError(f"现在使用的就是全市汇总{target}，不必再回退。")
            self._point("回退", target, by)
        return found

    # ---------------------------------------------------------------- inside

    def _listed(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)

    def _name(self, code: str) -> str:
        """Return what a district without a version was last called; by its code where nobody knows."""
        for edition in reversed(self._listed()):
            with suppress(OSError, ValueError, KeyError):
                for one in json.loads(edition.read_bytes())["districts"]:
                    if one["district"] == code:
                        return str(one["name"])
        return f"代码{code}的区"

    def _joined_and_left(self, told: dict[str, Any]) -> list[str]:
        """Say which districts the edition shown last of an earlier month has not, has alone, calls otherwise."""
        for entry in reversed(self.history()):
            with suppress(ChunshuiError):
                before = self.edition(entry.edition)
                if before.as_of < told["as_of"]:
                    break
        else:
            return []
        last = f"上一期（{before.label}）"
        old = {one.district: one.name for one in before.districts}
        new = {one["district"]: one["name"] for one in told["districts"]}
        left = [
            f"{last}有{old[code]}（{code}），这一期没有它的文件夹。撤并了的不必管；漏放的请补上再发布。"
            for code in old
            if code not in new
        ]
        joined = [
            f"{new[code]}（{code}）{last}没有，是新列入的。" for code in new if code not in old
        ]
        return [*left, *joined] + [
            f"{new[code]}（{code}）{last}叫{old[code]}。请核对是更名，还是放错了台账。"
            for code in new
            if old.get(code, new[code]) != new[code] and code not in old[code]
        ]

    def _write(self, told: dict[str, Any], tables: dict[str, pa.Table]) -> str:
        """Write an edition, unless it is there whole; return its id."""
        contents = {f"{one}.parquet": _bytes(table) for one, table in tables.items()}
        told["files"] = {one: hashlib.sha256(it).hexdigest() for one, it in contents.items()}
        text = json.dumps(told, ensure_ascii=False, indent=1)
        name = _id(text.encode())
        with suppress(ChunshuiError):
            return self.edition(name).id
        for left in (self.folder / name, *self.folder.glob(".writing-*")):  # by a killed writer
            shutil.rmtree(left, ignore_errors=True)
        with durable.folder(self.folder / name) as fresh:
            for one, content in contents.items():
                durable.replace(fresh / one, content, mode=0o444)
        durable.replace(self.folder / f"{name}.json", text, mode=0o444)
        return name

    def _point(self, action: str, name: str, by: str) -> None:
        """Append to the history, then replace the pointer: the moment an edition is shown."""
        before = self.pointer()
        if name == before:
            return
        entry = Entry(action, name, clock.now().isoformat(timespec="seconds"), by, before)
        durable.append(self.history_file, json.dumps(asdict(entry), ensure_ascii=False))
        durable.replace(self.pointer_file, name + "\n")


def _id(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def _refuse_unknown(named: Iterable[str], codes: Collection[str], option: str) -> None:
    if strangers := [one for one in named if one not in codes]:
        raise ChunshuiError(
            f"{option} 写的{'、'.join(strangers)}不在本市。请写区代码：{'、'.join(sorted(codes))}。"
        )


def _edition(
    reports: dict[str, Values | Pinned], label: str, carry: Collection[str], month: str | None
) -> tuple[dict[str, Any], dict[str, pa.Table]]:
    """Return what an edition is (for its JSON, without the hashes of its files), and its tables."""
    got = {code: one for code, one in reports.items() if isinstance(one, Values)}
    for code, found in got.items():
        if code != found.district:
            raise ChunshuiError(
                f"文件夹{code}里发布的是{found.name}（{found.district}）的数据。每个区一个文件夹，以自己的"
                f"代码命名：请把它移到 districts/{found.district}，或写 --without {code} 先不列入。"
            )
    if not got:
        raise ChunshuiError("没有一个区有可用的版本，不能发布全市汇总。请先运行 city build。")
    as_of = _as_of(got, month)
    pinned = [
        one if isinstance(one, Pinned) else _pinned(one, as_of, code in carry)
        for code, one in reports.items()
    ]
    for one in pinned:
        if one.district in carry and one.state != LATE:
            raise ChunshuiError(
                f"{one.name}（{one.district}）是{one.state}，不是{LATE}，不能写 --carry。"
            )
    if as_of < (first := min(one.since for one in got.values())):
        raise ChunshuiError(
            f"各区最早从{first}起才有数，不能汇总{as_of}。请用 --month 改成以后的月份。"
        )
    if not any(one.counted for one in pinned):
        raise ChunshuiError(
            f"没有一个区报到{as_of}，不能发布全市汇总。请用 --month 改成各区已报的月份。"
        )
    told = {
        "label": label,
        "as_of": as_of,
        "nature": _nature(got),
        "districts": [asdict(one) for one in pinned],
        "notes": _overlaps(got),
    }
    return told, _tables(got, {one.district: one for one in pinned}, as_of)


def _as_of(got: dict[str, Values], month: str | None) -> str:
    """Return the last month: the one given, or that of the district furthest ahead if it is not alone."""
    if month is not None:
        return str(Month.parse(month))
    (last, ahead), *others = sorted(
        Counter(one.as_of for one in got.values()).items(), reverse=True
    )
    if ahead == 1 and len(got) > 2:
        one = next(one for one in got.values() if one.as_of == last)
        raise ChunshuiError(
            f"只有{one.name}（{one.district}）报到{last}，其他各区最晚到{others[0][0]}：也许是它的台账"
            f"写错了日期。请核对；没有错的，用 --month {last} 或 --month {others[0][0]} 写明全市统计到哪个月。"
        )
    return last


def _nature(got: dict[str, Values]) -> str:
    """Return what the districts' data are; raise where 演示 stands among 实有."""
    natures = {
        nature: [one.name for one in got.values() if one.nature == nature]
        for nature in sorted({one.nature for one in got.values()} - {"参考"})
    }
    if len(natures) > 1:
        named = "；".join(f"{nature}：{'、'.join(names)}" for nature, names in natures.items())
        raise ChunshuiError(
            f"演示数据与实有数据不能混在同一期全市汇总里（{named}）。请用 --without 写明不列入哪些区。"
        )
    return next(iter(natures), "参考")


def _pinned(one: Values, as_of: str, carry: bool) -> Pinned:
    late = one.as_of < as_of
    return Pinned(
        one.district,
        one.name,
        LATE if late else IN_TIME,
        one.version,
        one.sha256,
        one.figures,
        one.nature,
        one.since,
        one.as_of,
        one.software.get("chunshui"),
        one.files[values.VALUES],
        carried=late and carry,
    )


def _tables(got: dict[str, Values], pinned: dict[str, Pinned], as_of: str) -> dict[str, pa.Table]:
    """Return the tables of an edition by name."""
    last, figures, rules = Month.parse(as_of), [], []
    texts: dict[str, str] = {}
    for code, one in got.items():
        sums = one.table(values.DISTRICT)
        sums = sums.filter(pc.less_equal(sums["month"], pa.scalar(last.first, pa.date32())))
        own = Month.parse(one.as_of)
        months = range(1, last - own + 1) if pinned[code].carried else ()
        newest = sums.filter(pc.equal(sums["month"], pa.scalar(own.first, pa.date32())))
        at = newest.schema.get_field_index("month")
        stands = [
            newest.set_column(
                at, "month", pa.array([own.shift(n).first] * len(newest), pa.date32())
            )
            for n in months
        ]
        figures += [_of(code, table) for table in (sums, *stands)]
        rules.append(_of(code, one.table(values.RULES)))
        texts |= one.texts
    streets = [(code, *street) for code, one in got.items() for street in one.streets.items()]
    return {
        FIGURES: _sorted(pa.concat_tables(figures)),
        RULES: _sorted(pa.concat_tables(rules)),
        TEXTS: pa.table({"digest": sorted(texts), "text": [texts[one] for one in sorted(texts)]}),
        STREETS: pa.table(
            {
                name: pa.array([one[at] for one in streets], pa.string())
                for at, name in enumerate(("district", "street_code", "street_name"))
            }
        ),
        OUTLINES: pa.table(
            {
                "district": list(got),
                "shape": [base64.b64decode(one.outline) for one in got.values()],
            }
        ),
    }


def _of(code: str, table: pa.Table) -> pa.Table:
    return table.append_column("district", pa.array([code] * len(table), pa.string()))


def _sorted(table: pa.Table) -> pa.Table:
    """Put the rows of a metric beside each other: what is asked for lies in few groups of rows."""
    keys = [
        one for one in ("metric_id", "variant", "month", "district") if one in table.column_names
    ]
    return table.sort_by([(one, "ascending") for one in keys])


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", row_group_size=245_760)
    return sink.getvalue().to_pybytes()


def _overlaps(got: dict[str, Values]) -> list[str]:
    """Return a sentence for each two neighbours that lie on the same ground."""
    names = [f"{one.name}（{code}）" for code, one in got.items()]
    try:
        shapes = shapely.from_wkb([base64.b64decode(one.outline) for one in got.values()])
    except shapely.GEOSException:
        return []
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    told = []
    for a, b in sorted(zip(*pairs.tolist(), strict=True)):
        if a < b:
            least = min(shapely.area(shapes[[a, b]]))
            part = shapely.area(shapely.intersection(shapes[a], shapes[b])) / least
            if part > OVERLAP:
                told.append(
                    f"{names[a]}与{names[b]}的范围重叠（占小的一个的{part:.0%}）。请核对区界。"
                )
    return told
