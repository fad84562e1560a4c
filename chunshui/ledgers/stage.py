"""Stage ledgers: read, parse and check them all together.

Ledgers, and rows of streets, that are not given again stay as they are in the version they are
staged upon.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import shapely

from chunshui.ledgers import returned
from chunshui.ledgers.base import Base, StayingRows
from chunshui.ledgers.checks import LedgerChecks
from chunshui.ledgers.comparison import questions
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Ledger
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.parse import names_places, parse
from chunshui.ledgers.read import labelled_files, read
from chunshui.ledgers.reported import StreetReport
from chunshui.ledgers.roster import Roster
from chunshui.ledgers.sheet import Sheet
from chunshui.ledgers.staged import Staged, assemble
from chunshui.words import ERROR, NOTE, WARNING

Files = Path | list[tuple[Path, str]]
# A point may lie this far outside the district's bounds (degrees, about 5 km) before it is refused.
MARGIN = 0.05


def stage(
    files: Files,
    *,
    base: Base | None = None,
    demonstration: bool = False,
    whole: bool = False,
    streets: tuple[str, ...] = (),
    issued: Mapping[str, Mapping[str, str]] | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Staged:
    """Read, parse and check every ledger in a folder, one file, or some (path, name) pairs.

    A ledger that is not there stays as it is in `base`; without one it gives an empty
    table and a note. Of a ledger with rows of some streets only, the rows of the others stay, too,
    but with `whole`; `streets` (names or codes) says which are reported, whatever the rows say. What comes
    back of matters handed out by meetings is held against what the snapshots `issued`.
    With `demonstration` the files count as synthetic whatever they say. `progress` is told the
    ledger at work and the share done. Raises ChunshuiError only when there is no such folder;
    everything wrong with the ledgers is in `issues`, all at once.
    """
    tell = progress or (lambda name, share: None)
    sheets, issues = _read_all(files, tell, base)
    roster = Roster([])
    keys = _KnownKeys()
    bounds: tuple[float, float, float, float] | None = None
    staged: dict[str, LedgerChecks] = {}
    kept: list[str] = []
    report = StreetReport(base, whole, streets)
    for done, ledger in enumerate(ALL.values()):
        tell(ledger.name, (1 + done) / (1 + len(ALL)))
        given = sheets.get(ledger.id, [])
        rows: list[StayingRows | LedgerChecks] = []
        keys.rows[ledger.id] = rows
        if not given and base is not None and ledger.id in base.tables:
            kept.append(ledger.id)
            rows.append(StayingRows(ledger, base))
        else:
            checks = staged[ledger.id] = LedgerChecks(
                ledger, [parse(sheet, ledger, roster) for sheet in given]
            )
            for batch in checks.batches:
                if demonstration:
                    batch.sheet.nature = "演示"
                issues += batch.issues
            checks.run(base, keys, bounds)
            if issued is not None and ledger.id == "assignment":
                returned.hold_against(checks, issued)
            street_codes = report.streets(checks, roster)
            part = report.part(checks, street_codes)
            if base is not None and part is not None and part.merged:
                staying = StayingRows(ledger, base, base.staying(ledger.id, part))
                checks.clashes(staying)
                rows.append(staying)
            if base is not None and given:
                checks.issues += questions(checks, base, street_codes, part)
            rows.append(checks)
            checks.own_references(keys)
            issues += checks.issues
        if isinstance(rows[0], StayingRows):
            rows[0].lacking()
            rows[0].references(keys, set(kept), roster)
            issues += rows[0].issues
        if ledger.id == "street":
            roster = Roster(keys.read_rows("street", ("street_code", "street_name")))
            issues += report.name_streets(roster)
        elif ledger.id == "community":
            columns = ("community_code", "community_name", "official_name", "street_code")
            places = list(roster.street_names.items())
            roster = Roster(places, keys.read_rows("community", columns))
        elif ledger.id == "district":
            shapes = [shape for shape in keys.column("district", "shape") if shape is not None]
            bounds = _bounds(shapes)
        if ledger.id in ("street", "community") and not keys[ledger.id]:
            issues.append(_no_roster(ledger, sheets))
        elif not given and ledger.id not in kept:
            issues.append(_missing(ledger, base))
    issues += report.issues
    if base is not None and kept and labelled_files(files):  # else the base is only computed anew
        names = "、".join(ALL[ledger_id].name for ledger_id in kept)
        what = f"没有再报的{len(kept)}本台账沿用{base.version}：{names}"
        issues.append(Issue(NOTE, base.version, what, "需要更新的请一并上传"))
    if base is not None and kept:
        issues += _dropped(base)
    stays = [*kept, *(ledger_id for ledger_id, part in report.parts.items() if part.merged)]
    issues += _mixed(sheets, stays, base)
    tell("台账", 1.0)
    result = assemble(staged, _unrepeated(issues, sheets), stays, base)
    return replace(result, kept=kept, parts=report.parts)


def _mixed(sheets: dict[str, list[Sheet]], kept: list[str], base: Base | None) -> list[Issue]:
    """An error where synthetic and real ledgers would stand in one version."""
    files: dict[str, dict[str, None]] = {}
    for some in sheets.values():
        for sheet in some:
            files.setdefault(sheet.nature, {})[sheet.file] = None
    if base is not None and kept:
        below = base.source_file[base.source_file["ledger_id"].isin(kept)]
        for nature in set(below["nature"]):
            files.setdefault(nature, {})[f"沿用的{base.version}"] = None
    if len(files) < 2:
        return []
    named = "；".join(f"{nature}：{'、'.join(names)}" for nature, names in sorted(files.items()))
    what = f"演示数据与实有台账不能混在同一个版本里（{named}）"
    mend = (
        "试用请把这批文件作为演示数据；正式使用请选“全新一套”，并报齐行政区界、街道名录、社区名录"
        if kept
        else "请把两类文件分开报"
    )
    return [Issue(ERROR, "全部台账", what, mend)]


def _unrepeated(issues: list[Issue], sheets: dict[str, list[Sheet]]) -> list[Issue]:
    """Leave out what would repeat a cell that holds personal data."""
    hidden = {
        (sheet.file, sheet.name, row, column)
        for some in sheets.values()
        for sheet in some
        for row, column in sheet.personal
    }
    if not hidden:
        return issues
    headers = {
        (sheet.file, sheet.name): [str(header) for header in sheet.headers]
        for some in sheets.values()
        for sheet in some
    }

    def repeats(issue: Issue) -> bool:
        if issue.row is None or issue.column is None or not issue.value:
            return False
        names = headers.get((issue.file, issue.sheet), [])
        at = names.index(issue.column) if issue.column in names else -2
        return (issue.file, issue.sheet, issue.row, at + 1) in hidden

    return [issue for issue in issues if not repeats(issue)]


def _read_all(
    files: Files, tell: Callable[[str, float], None], base: Base | None
) -> tuple[dict[str, list[Sheet]], list[Issue]]:
    """Every sheet by ledger id, and the issues of the files; no file at all repeats the base."""
    sheets: dict[str, list[Sheet]] = {}
    issues: list[Issue] = []
    given = labelled_files(files)
    for number, (path, label) in enumerate(given):
        tell(f"《{label}》", number / len(given) / (1 + len(ALL)))
        file_sheets, problems = read(path, label)
        issues += problems
        for sheet in file_sheets:
            sheets.setdefault(sheet.ledger_id, []).append(sheet)
    if not sheets and (given or base is None):
        name = files.name if isinstance(files, Path) else "上传的文件"
        mend = "请放入 xlsx、csv、geojson、gpkg 或 Shapefile 压缩包"
        issues.append(Issue(ERROR, name, "没有找到任何台账", mend))
    return sheets, issues


def _missing(ledger: Ledger, base: Base | None) -> Issue:
    if base is not None and ledger.id in base.unknown:
        what = f"{ledger.name}是现在的软件新增的，{base.version}里没有，按空表处理"
    else:
        what = f"没有找到{ledger.name}，按空表处理"
    return Issue(NOTE, ledger.name, what, "需要时请按模板补报")


def _dropped(base: Base) -> list[Issue]:
    """The ledgers of the base version that this software no longer takes in."""
    files = base.source_file[~base.source_file["ledger_id"].isin(list(ALL))]
    rows = files.groupby("ledger_name", sort=False)["row_used"].sum()
    return [
        Issue(
            WARNING, name, f"现在的软件不再收{name}，{base.version}里的{used:,}行未沿用",
            "需要它的请保留原版本",
        )
        for name, used in rows.items()
    ]  # fmt: skip


def _no_roster(roster: Ledger, sheets: dict[str, list[Sheet]]) -> Issue:
    """One issue for all the ledgers that name places, where there is no roster to find them in."""
    lost = [
        ALL[ledger_id].name for ledger_id in sheets if roster.id in names_places(ALL[ledger_id])
    ]
    if not lost:
        return _missing(roster, None)
    what = f"没有可用的{roster.name}，这些台账的地点无法核对：{'、'.join(lost)}"
    return Issue(ERROR, roster.name, what, f"请先补上{roster.name}")


class _KnownKeys(dict[str, set]):
    """The keys of each ledger that has one column for a key, collected when they are asked for.

    `rows` are the rows of each ledger: those that stay, those given.
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[StayingRows | LedgerChecks]] = {}

    def __missing__(self, ledger_id: str) -> set:
        self[ledger_id] = set(self.column(ledger_id, ALL[ledger_id].key[0])) - {None}
        return self[ledger_id]

    def column(self, ledger_id: str, key: str) -> list:
        """The values of a column of a ledger."""
        return [value for rows in self.rows[ledger_id] for value in rows.column(key)]

    def read_rows(self, ledger_id: str, keys: tuple[str, ...]) -> list[tuple]:
        """The rows of which those columns were all read; wrong rows too, so one fault stays one."""
        rows = zip(*(self.column(ledger_id, key) for key in keys), strict=True)
        return [row for row in rows if None not in row]


def _bounds(shapes: list) -> tuple[float, float, float, float] | None:
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    return west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN
