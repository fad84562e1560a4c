"""From a sheet to typed columns: the kind of every row, the value of every cell, what is wrong.

This is about one sheet at a time; `checks` sees the sheets of a ledger together.
"""

from typing import Any

from chunshui.ledgers.batch import Batch
from chunshui.ledgers.cells import PARSERS
from chunshui.ledgers.cells.messages import explain
from chunshui.ledgers.cells.parsed import Parsed
from chunshui.ledgers.columns import column_scales, match_columns
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.ledgers.geometries import (
    ask_about_open_rings,
    convert_to_wgs84,
    parse_shape,
    refuse_crs,
)
from chunshui.ledgers.layout import Layout, read_layout
from chunshui.ledgers.readings import record_formulas, record_readings
from chunshui.ledgers.roster import Roster
from chunshui.ledgers.row_kinds import (
    FOOTNOTE,
    classify_rows,
    is_bare_label,
    is_example,
    names_persons,
)
from chunshui.ledgers.sheet import Sheet
from chunshui.ledgers.totals import check_totals
from chunshui.words import DEMONSTRATION_MARK, ERROR, NOTE

DAYS_1900_TO_1904 = 1462

ELSEWHERE_ROWS = 5  # of strange streets alone make a sheet another district's
LABEL = 4  # characters of 填报单位, 制表日期 and the like


def parse(sheet: Sheet, ledger: Ledger, roster: Roster) -> Batch:
    """Parse the sheet by its ledger's contract.

    Every row of the sheet is either a data row of the batch or in its `row_kinds`. A row any cell
    of which cannot be read is marked wrong; each such cell is one issue.
    """
    batch = Batch(sheet, ledger)
    unfit = match_columns(batch)
    batch.row_numbers, batch.row_kinds = classify_rows(sheet, ledger, batch.at)
    rows = len(batch.row_numbers)
    batch.wrong = [False] * rows
    if _says_demonstration(batch):
        sheet.nature = "演示"
    if sheet.crs and ledger.crs and (refused := refuse_crs(sheet.crs)):
        batch.add(ERROR, *refused)
    _list_footnotes(batch)
    scales = column_scales(batch)
    hopeless = any(issue.severity == ERROR for issue in batch.issues)
    layout = read_layout(batch)
    known = {"street": roster.street_names, "community": roster.community_names}
    places = names_places(ledger)
    if all(known[roster_id] for roster_id in places) and unfit.isdisjoint(
        column.key for column in ledger.columns if column.kind in places
    ):
        _take_places(batch, layout, roster)
    else:
        hopeless = True
    for column in ledger.columns:
        if column.kind in places:
            batch.values.setdefault(column.key, [None] * rows)
            continue
        raws = layout.filled_cells(column)
        if column.key in unfit:
            batch.values[column.key] = [None] * rows
        elif column.kind == "geometry":
            _take(batch, layout, column, [parse_shape(raw, ledger) for raw in raws])
            ask_about_open_rings(batch, raws)
        else:
            if sheet.since_1904 and column.kind == "date":
                raws = [_since_1900(raw) for raw in raws]
            _take(batch, layout, column, _parsed_cells(raws, column, scales[column.key]))
            record_readings(batch, column, raws, scales[column.key])
    if ledger.crs:
        convert_to_wgs84(batch)
    record_formulas(batch)
    check_totals(batch, scales, batch.unread | unfit)
    for (key, note), positions in batch.notes.items():
        times = f"（共{len(positions)}格，首见于此）" if len(positions) > 1 else ""
        batch.add(NOTE, note + times, "请确认读得对", positions[0], key)
    if hopeless:
        # Without its columns, its units, its coordinate system or the rosters no row is whole.
        batch.wrong = [True] * rows
    return batch


def _list_footnotes(batch: Batch) -> None:
    """Say which rows were taken for footnotes or examples though they may be data."""
    rows = [
        row
        for row, kind in sorted(batch.row_kinds.items())
        if (
            kind == FOOTNOTE
            or (row > batch.sheet.header_row and is_example(batch.sheet.rows[row - 1]))
        )
        and _may_be_data(batch, row)
    ]
    if rows:
        count = f"（共{len(rows)}行，首见于此）" if len(rows) > 1 else ""
        batch.add(
            NOTE,
            f"这一行当作脚注或示例，没有读入{count}",
            "是数据的，请把必填的格填全",
            row=rows[0],
        )


def _may_be_data(batch: Batch, row: int) -> bool:
    """Whether more of the ledger's columns are filled than by a line under the table.

    What says who filled the ledger in may be data if it has a cell as the contract wants it there
    (审核, , 开工), or is a key alone that is more than a label (审核盖章类).
    """
    cells = {key: batch.sheet.cell(row, at) for key, at in batch.at.items()}
    filled = [key for key, cell in cells.items() if cell is not None]
    if not names_persons(batch.sheet.rows[row - 1]):
        return len(filled) > 1
    if (
        not filled
        or filled[0] not in batch.ledger.key
        or not is_bare_label(batch.sheet.rows[row - 1])
    ):
        return False
    if len(filled) == 1:
        return len(str(cells[filled[0]])) > LABEL
    others = (batch.ledger.column(key) for key in filled[1:])
    return any(
        column.kind in PARSERS
        and column.kind not in ("text", "code")
        and PARSERS[column.kind](cells[column.key], column, 1).code is None
        for column in others
    )


def names_places(ledger: Ledger) -> set[str]:
    """Which rosters the ledger's place columns need: street, community, both or none."""
    return {column.kind for column in ledger.columns} & {"street", "community"}


def _says_demonstration(batch: Batch) -> bool:
    """Whether the file or sheet name, a title or any line around the table says 演示数据."""
    sheet = batch.sheet
    around = [
        str(cell) for row in batch.row_kinds for cell in sheet.rows[row - 1] if cell is not None
    ]
    texts = (sheet.file, sheet.name or "", *sheet.titles, *around)
    return any(DEMONSTRATION_MARK in text for text in texts)


def _since_1900(raw: Any) -> Any:
    """The serial of a day as Excel counts it by default, of one that counts from 1904."""
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    serial = number and 30_000 <= raw + DAYS_1900_TO_1904 <= 73_050
    return raw + DAYS_1900_TO_1904 if serial else raw


def _parsed_cells(raws: list, column: Column, scale: int | None) -> list[Parsed]:
    """Parse every cell of a column; equal cells are parsed once."""
    parser = PARSERS[column.kind]
    known: dict[tuple, Parsed] = {}
    parsed = []
    for raw in raws:
        key = (raw.__class__, raw, getattr(raw, "hidden", ""))
        cell = known.get(key)
        if cell is None:
            cell = known[key] = parser(raw, column, scale)
        parsed.append(cell)
    return parsed


def _take_places(batch: Batch, layout: Layout, roster: Roster) -> None:
    """Read 街道 and 社区, each with the help of the other."""
    columns = {column.kind: column for column in batch.ledger.columns}
    street, community = columns.get("street"), columns.get("community")
    if street is None:
        return
    streets = layout.filled_cells(street)
    if community is None:
        found = [roster.street(raw, street) for raw in streets]
        _take(batch, layout, street, found)
        _say_if_elsewhere(batch, found)
        return
    pairs = [
        roster.pair(raw_street, raw_community, street, community)
        for raw_street, raw_community in zip(streets, layout.filled_cells(community), strict=True)
    ]
    _take(batch, layout, street, [pair[0] for pair in pairs])
    _say_if_elsewhere(batch, [pair[0] for pair in pairs])
    _take(batch, layout, community, [pair[1] for pair in pairs])


def _say_if_elsewhere(batch: Batch, streets: list[Parsed]) -> None:
    """Say of a sheet none of whose many rows is of a street of the district that it is another's."""
    strange = [one for one in streets if one.code == "不在名录"]
    if len(strange) >= ELSEWHERE_ROWS and not any(one.value for one in streets):
        name = strange[0].facts["raw"]
        what = f"没有一行是本区的街道（如“{name}”），像是别的区的台账"
        batch.add(ERROR, what, "请核对是不是传错了文件；是本区的，请改用街道名录中的名称")


def _take(batch: Batch, layout: Layout, column: Column, parsed: list[Parsed]) -> None:
    """Keep the values of a column; say what is wrong with its cells."""
    batch.values[column.key] = [cell.value for cell in parsed]
    unstated: list[int] = []
    for position, cell in enumerate(parsed):
        if cell.code == "必填" and (position, column.key) in layout.covered:
            batch.wrong[position] = True
        elif cell.code is not None:
            batch.wrong[position] = True
            batch.unread.add(column.key)
            if cell.code == "单位不明":
                unstated.append(position)
            else:
                batch.add(ERROR, *explain(cell.code, cell.facts), position, column.key)
        elif cell.note and column.key in batch.at:
            batch.notes.setdefault((column.key, cell.note), []).append(position)
            if column.kind in ("street", "community"):
                name = cell.note.removeprefix("读作")
                batch.read_as(position, column.key, name, "名录中的正式写法")
    if unstated:
        what, mend = explain("单位不明", parsed[unstated[0]].facts)
        batch.add(ERROR, f"{what}（共{len(unstated)}格）", mend, unstated[0], column.key)
