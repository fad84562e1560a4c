"""What a city needs of one version of a district, exported beside it: `values/<version>/` in its store.

    values.parquet     the stored values by street and community
    district.parquet   their sums by metric, variant and month
    rules.parquet      metric, variant, kind, unit, scale; rule and dictionaries, as digests
    values.json         whose version it is, the outline, the texts behind the digests, sha256 of the files

It is made with each version of a district in a city's folder, else when an edition first asks for it: a
version never changes, so it is the same whenever it is made, and a district that is in no city has
none of it and waits for none of it.
"""

import base64
import errno
import hashlib
import json
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from chunshui.catalogue.stored import version_months
from chunshui.errors import ChunshuiError
from chunshui.ledgers.contracts import ALL
from chunshui.warehouse import Reader, Store, durable, sql, verify
from chunshui.warehouse.reader import over_files

# Ledgers in which a district says what is counted: the same SQL over others counts other things. The
# calendar of workdays is not one of them, for it is the same in all the country.
DICTIONARIES = ("consent_rule", "full_community_item", "grid_role", "renovation_step")
SOURCE = {"source_id", "source_row"}
RULE = "规则"
DIGITS = 12
KILLED_SECONDS = 600  # what is still being written after so long is not: it takes one
GROUP = 32_768  # rows of a file that are read together
VALUES, DISTRICT, RULES = "values.parquet", "district.parquet", "rules.parquet"


@dataclass(frozen=True)
class Values:
    """A version of a district as a city takes it."""

    district: str
    name: str
    version: str
    sha256: str  # of the version's file
    figures: str  # a checksum of the stored values, whichever file they are in
    nature: str
    since: str  # first and last month, YYYY-MM
    as_of: str
    software: dict[str, str]
    streets: dict[str, str]  # code → name
    outline: str  # WKB in base64
    texts: dict[str, str]  # digest → rule or dictionary
    files: dict[str, str]  # name → sha256
    folder: Path

    def table(self, name: str) -> pa.Table:
        """Read one of the files."""
        return pq.read_table(self.folder / name)


def of_a_city(store: Store) -> bool:
    """Whether a store is of a district in the folder of a city, city/districts/<code>/versions."""
    return store.root.resolve().parents[1].name == "districts"


def export(store: Store, version: str) -> Values:
    """Return the export of a version, made now where there is none that is whole.

    Raises VersionMissingError or VersionDamagedError for a version that is not whole, ChunshuiError
    for one with places of another district.
    """
    store.sound(version)
    place = store.values / version
    if (found := _kept(store, version)) is not None:
        return found
    with durable.disk_in_words(), store.open(version) as reader:
        shutil.rmtree(place, ignore_errors=True)  # altered
        for left in store.values.glob(".writing-*"):  # by a killed writer
            if time.time() - left.stat().st_mtime > KILLED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        try:
            with durable.folder(place) as fresh:
                _write(reader, fresh)
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:  # another made it meanwhile
                raise
    found = _kept(store, version)
    if found is None:
        raise ChunshuiError(f"{place} 写不完整。请检查磁盘后再试。")
    return found


def _kept(store: Store, version: str) -> Values | None:
    place = store.values / version
    try:
        told = json.loads((place / "values.json").read_text(encoding="utf-8"))
        about = Values(**told, folder=place)
        whole = all(digest(place / name) == wanted for name, wanted in about.files.items())
    except (OSError, ValueError, TypeError):
        return None
    return about if whole and about.sha256 == store.manifest(version).sha256 else None


def digest(path: Path) -> str:
    """Return the sha256 of a file, taken once while it stays as it is."""
    stat = path.stat()
    return verify.sha256(path, stat.st_size, stat.st_mtime_ns)


def _write(reader: Reader, place: Path) -> None:
    manifest = reader.manifest
    code, name, outline = reader.query("city/district").iloc[0]
    names = dict(reader.query("catalogue/place_names").to_numpy())
    if strangers := sorted(one for one in names if not one.startswith(code)):
        raise ChunshuiError(
            f"{name}（{code}）的{manifest.version}里有别区的街道或社区：{_some(strangers, names)}。"
            f"本区的代码都应以{code}开头。请改正名录后重新发布，或先不列入这个区。"
        )
    with reader.cursor() as cursor:
        values = cursor.sql(sql.text("city/version_values")).to_arrow_table()
    _parquet(values, place / VALUES)
    rules, texts = _rules(reader)
    quantiles = sorted({one["metric_id"] for one in rules if one["kind"] == "quantile"})
    with over_files([place / VALUES]) as con:
        params = {"file": str(place / VALUES), "quantiles": quantiles}
        sums = con.sql(sql.text("city/district_sums"), params=params).to_arrow_table()
    _parquet(sums, place / DISTRICT)
    _parquet(pa.Table.from_pylist(rules, RULES_SCHEMA), place / RULES)
    months = version_months(reader)
    about = {
        "district": code,
        "name": name,
        "version": manifest.version,
        "sha256": manifest.sha256,
        "figures": str(reader.query("city/figures_checksum")["figures"].iloc[0]),
        "nature": manifest.nature,
        "since": str(months[0]),
        "as_of": str(months[-1]),
        "software": manifest.software,
        "streets": {one: called for one, called in names.items() if len(one) == len(code) + 3},
        "outline": base64.b64encode(outline).decode(),
        "texts": texts,
        "files": {one: digest(place / one) for one in (VALUES, DISTRICT, RULES)},
    }
    durable.replace(place / "values.json", json.dumps(about, ensure_ascii=False))


RULES_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("metric_id", "variant", "kind", "unit")]
    + [("scale", pa.float64()), ("rule", pa.string()), ("dictionaries", pa.string())]
)


def _rules(reader: Reader) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the rows of `rules.parquet`, and the texts behind their digests."""
    texts: dict[str, str] = {}

    def kept(text: str) -> str:
        short = hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
        texts[short] = text
        return short

    try:
        rows = reader.query("city/version_rules")
    except duckdb.BinderException:  # of software that did not keep it: comparable with its like
        rows = reader.query("city/version_rules_unsaid")
        made_with = "".join(f"-- {key}: {one}\n" for key, one in reader.manifest.software.items())
        rows["rule"] = made_with + rows.pop("sql_text")
    dictionaries = {one: kept(_rows_text(reader, one)) for one in DICTIONARIES}
    found = [
        row
        | {
            "rule": kept(_without_gaps(row["rule"])),
            "dictionaries": json.dumps(
                {ALL[one].name: dictionaries[one] for one in _read(row["rule"])},
                ensure_ascii=False,
            ),
        }
        for row in rows.to_dict("records")
    ]
    return found, texts


def _without_gaps(rule: str) -> str:
    """Return a rule without what is left where a comment stood: with another, or none, it is the same."""
    lines = map(str.rstrip, rule.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def _read(rule: str) -> list[str]:
    """Return the dictionaries that a rule names anywhere."""
    return [one for one in DICTIONARIES if re.search(rf"\b{one}\b", rule)]


def _rows_text(reader: Reader, table: str) -> str:
    """Return the rows of a dictionary, one a line, whatever their order and where they stand."""
    try:
        rows = reader.query("warehouse/whole_table", table=table)
    except duckdb.CatalogException:  # older software knew none such
        return ""
    rows = rows[[one for one in rows.columns if one not in SOURCE]]
    headers = {column.key: column.header for column in ALL[table].columns}
    lines = rows.to_csv(index=False, header=False, lineterminator="\n").splitlines()
    return "\n".join([",".join(headers.get(one, one) for one in rows), *sorted(lines)]) + "\n"


def _parquet(table: pa.Table, path: Path) -> None:
    # A page asks one metric of every district: it lies in a few of these groups.
    pq.write_table(table, path, compression="zstd", row_group_size=GROUP)


def _some(codes: list[str], names: dict[str, str]) -> str:
    listed = "、".join(f"{names[one]}（{one}）" for one in codes[:3])
    return listed + (f"等{len(codes)}个" if len(codes) > 3 else "")
