"""From a sheet to typed columns: the kind of every row, the value of every cell, what is wrong.

This is about one sheet at a time; `checks` sees the sheets of a ledger together.
"""

from chunshui.ledgers.batch import Batch, raw_cells
from chunshui.ledgers.cells import PARSERS
from chunshui.ledgers.cells.parsed import Parsed
from chunshui.ledgers.columns import column_scales, match_columns
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.ledgers.findings import Findings
from chunshui.ledgers.geometries import convert_to_wgs84, parse_shapes, refuse_crs
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.readings import record_formulas, record_readings
from chunshui.ledgers.roster import Roster
from chunshui.ledgers.row_kinds import classify_rows
from chunshui.ledgers.sheet import Sheet
from chunshui.ledgers.totals import check_totals
from chunshui.words import DEMONSTRATION_MARK, ERROR


def parse(sheet: Sheet, roster: Roster) -> tuple[Batch, list[Issue]]:
    """Parse the sheet by its ledger's contract.

    Every row of the sheet is either a data row of the batch or in its `fates`. A row any cell of
    which cannot be read is marked wrong; each such cell is one issue.
    """
    ledger = sheet.ledger
    batch = Batch(sheet, [], {}, [], {})
    issues, unfit = match_columns(batch, ledger)
    batch.row_numbers, batch.fates = classify_rows(sheet, ledger, batch.at)
    numbers = batch.row_numbers
    batch.wrong = [False] * len(numbers)
    if _says_demonstration(sheet, batch.fates):
        sheet.nature = "演示"
    refused = refuse_crs(sheet.crs) if sheet.crs and ledger.crs else None
    if refused:
        issues.append(batch.issue(ERROR, None, None, *refused))
    scales, doubtful = column_scales(batch, ledger)
    issues += doubtful
    hopeless = any(issue.level == ERROR for issue in issues)
    data = [sheet.rows[number - 1] for number in numbers]
    found = Findings(batch, issues)
    found.layout(ledger)
    known = {"street": roster.street_names, "community": roster.community_names}
    places = names_places(ledger)
    if all(known[roster_id] for roster_id in places) and unfit.isdisjoint(
        column.key for column in ledger.columns if column.kind in places
    ):
        _places(ledger, data, found, roster)
    else:
        hopeless = True
    for column in ledger.columns:
        if column.kind in places:
            batch.values.setdefault(column.key, [None] * len(numbers))
            continue
        raws = found.filled(column, raw_cells(data, batch.at.get(column.key)))
        if column.key in unfit:
            batch.values[column.key] = [None] * len(numbers)
        elif column.kind == "geometry":
            found.take(column, parse_shapes(raws, ledger))
        else:
            if sheet.since_1904 and column.kind == "date":
                raws = [_since_1900(raw) for raw in raws]
            found.take(column, _column(raws, column, scales[column.key]))
            record_readings(batch, column, raws, scales[column.key])
    if ledger.crs:
        convert_to_wgs84(ledger, data, found)
    record_formulas(found)
    issues += check_totals(batch, ledger, scales, found.unread | unfit)
    found.tell_notes()
    if hopeless:
        # Without its columns, its units, its coordinate system or the rosters no row is whole.
        batch.wrong = [True] * len(numbers)
    return batch, issues


def names_places(ledger: Ledger) -> set[str]:
    """Which rosters the ledger's place columns need: street, community, both or none."""
    return {column.kind for column in ledger.columns} & {"street", "community"}


def _says_demonstration(sheet: Sheet, fates: dict[int, str]) -> bool:
    """Whether the file or sheet name, a title or any line around the table says 演示数据."""
    around = [str(cell) for number in fates for cell in sheet.rows[number - 1] if cell is not None]
    return any(
        DEMONSTRATION_MARK in text
        for text in (sheet.file, sheet.name or "", *sheet.titles, *around)
    )


def _since_1900(raw: object) -> object:
    """The serial of a day as Excel counts it by default, of one that counts from 1904."""
    days = 1462
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    return raw + days if number and 30_000 - days <= raw <= 73_050 - days else raw


def _column(raws: list, column: Column, scale: int | None) -> list[Parsed]:
    """Parse every cell of a column; equal cells are parsed once."""
    parser = PARSERS[column.kind]
    known: dict[tuple, Parsed] = {}
    parsed = []
    for raw in raws:
        key = (raw.__class__, raw)
        cell = known.get(key)
        if cell is None:
            cell = known[key] = parser(raw, column, scale)
        parsed.append(cell)
    return parsed


def _places(ledger: Ledger, data: list[list], found: "Findings", roster: Roster) -> None:
    """Read 街道 and 社区, each with the help of the other."""
    columns = {column.kind: column for column in ledger.columns}
    street, community = columns.get("street"), columns.get("community")
    if street is None:
        return
    at = found.batch.at
    raw_streets = found.filled(street, raw_cells(data, at.get(street.key)))
    if community is None:
        found.take(street, [roster.street(raw, street) for raw in raw_streets])
        return
    raw_communities = found.filled(community, raw_cells(data, at.get(community.key)))
    pairs = [
        roster.pair(first, second, street, community)
        for first, second in zip(raw_streets, raw_communities, strict=True)
    ]
    found.take(street, [pair[0] for pair in pairs])
    found.take(community, [pair[1] for pair in pairs])
