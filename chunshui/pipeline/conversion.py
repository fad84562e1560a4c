"""Read ledgers in another coordinate system than they state, as whoever loads them has chosen."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates
from chunshui.circles.coordinate_check import stated_to_be
from chunshui.ledgers.contracts import ALL as CONTRACTS
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.staged import READING_COLUMNS, Staged
from chunshui.pipeline.options import Conversion
from chunshui.words import NOTE


def offered(staged: Staged, findings: pd.DataFrame) -> dict[Conversion, str]:
    """Return the conversions that would mend what the findings say is off as a whole, and why.

    Of the ledgers given, that is, not of those that stay from the version below.
    """
    offers = {}
    for row in findings.itertuples():
        system = stated_to_be(row.mend)
        if system and isinstance(row.file_name, str):
            wish = Conversion(row.file_name, row.entity_table, system)
            if _sources(staged, wish):
                offers[wish] = str(row.message)
    return offers


def converted(staged: Staged, wishes: Iterable[Conversion]) -> Staged:
    """Return ledgers as read in the systems wished for; each is a note, each row a reading."""
    tables, files = dict(staged.tables), staged.source_file.copy()
    issues, readings = list(staged.issues), [staged.readings]
    for wish in wishes:
        rows = tables.get(wish.ledger_id)
        sources = _sources(staged, wish)
        if rows is None or not sources:
            continue
        at = rows["source_id"].isin(sources)
        tables[wish.ledger_id] = _read_as(rows, at, wish.system)
        readings.append(_readings(rows[at], tables[wish.ledger_id][at], files, wish))
        files.loc[files["source_id"].isin(sources), "crs"] = wish.system
        what = f"{CONTRACTS[wish.ledger_id].name}的坐标按{wish.system}换算成 WGS-84（共{at.sum():,}处）"
        issues.append(Issue(NOTE, wish.file, what, "入库时选定；以后报送请在文件里写明坐标系"))
    read_as = pd.concat(readings, ignore_index=True)
    return replace(staged, tables=tables, source_file=files, issues=issues, readings=read_as)


def _sources(staged: Staged, wish: Conversion) -> list[str]:
    files = staged.source_file
    mine = (files["file_name"] == wish.file) & (files["ledger_id"] == wish.ledger_id)
    return files["source_id"][mine & ~files["source_id"].isin(staged.carried)].tolist()


def _readings(
    before: pd.DataFrame, after: pd.DataFrame, files: pd.DataFrame, wish: Conversion
) -> pd.DataFrame:
    """What each row said and what it was taken for."""
    sheets = dict(zip(files["source_id"], files["sheet_name"], strict=True))
    column, raw, value = "图形", pd.Series("图形", before.index), pd.Series("图形", before.index)
    if "shape" not in before:
        column = "经度、纬度"
        raw, value = (
            rows["lon"].map("{:.6f}".format) + "，" + rows["lat"].map("{:.6f}".format)
            for rows in (before, after)
        )
    why = f"{wish.system}换算成 WGS-84（入库时选定）"
    frame = before[["source_row"]].rename(columns={"source_row": "row"})
    return frame.assign(
        file=wish.file, sheet=before["source_id"].map(sheets), cell="", column=column,
        raw=raw, value=value, why=why,
    )[READING_COLUMNS]  # fmt: skip


def _read_as(rows: pd.DataFrame, at: pd.Series, system: str) -> pd.DataFrame:
    rows = rows.copy()
    if "shape" in rows:
        shapes = shapely.from_wkb([bytes(shape) for shape in rows.loc[at, "shape"]])
        moved = shapely.transform(
            shapes, lambda xy: np.column_stack(coordinates.to_wgs84(xy[:, 0], xy[:, 1], system))
        )
        rows.loc[at, "shape"] = pd.Series(
            list(shapely.to_wkb(moved)), index=rows.index[at], dtype=object
        )
    else:
        lon, lat = coordinates.to_wgs84(rows.loc[at, "lon"], rows.loc[at, "lat"], system)
        rows.loc[at, "lon"], rows.loc[at, "lat"] = np.round(lon, 7), np.round(lat, 7)
    return rows
