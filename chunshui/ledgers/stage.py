"""Stage ledgers: read, parse and check them all together.

Ledgers, and rows of streets, that are not given again stay as they are in the version they are
staged upon.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import shapely

from chunshui import paths
from chunshui.ledgers.base import Base, Kept
from chunshui.ledgers.batch import Batch
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
from chunshui.ledgers.staged import PUBLISHED, Staged, assemble
from chunshui.words import ERROR, NOTE, WARNING

Files = Path | list[tuple[Path, str]]
CLAIMS = "claims.csv"
# A point may lie this far outside the district's bounds (degrees, about 5 km) before it is refused.
MARGIN = 0.05


def stage(
    files: Files,
    *,
    base: Base | None = None,
    demonstration: bool = False,
    whole: bool = False,
    streets: tuple[str, ...] = (),
    reference: Path | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Staged:
    """Read, parse and check every ledger in a folder, one file, or some (path, name) pairs.

    The published figures are read from `reference` (by default the ones that come with the
    software). A ledger that is not there stays as it is in `base`; without one it gives an empty
    table and a note. Of a ledger with rows of some streets only, the rows of the others stay, too,
    but with `whole`; `streets` (names or codes) says which are reported, whatever the rows say.
    With `demonstration` the files count as synthetic whatever they say. `progress` is told the
    ledger at work and the share done. Raises ChunshuiError only when there is no such folder;
    everything wrong with the ledgers is in `issues`, all at once.
    """
    tell = progress or (lambda name, share: None)
    sheets, issues = _read_all(files, reference or paths.REFERENCE, tell, base)
    roster = Roster([])
    keys = _Keys()
    bounds: tuple[float, float, float, float] | None = None
    staged: dict[str, tuple[list[Batch], pd.DataFrame]] = {}
    kept: list[str] = []
    extent = StreetReport(base, whole, streets)
    for done, ledger in enumerate(ALL.values()):
        tell(ledger.name, (1 + done) / (1 + len(ALL)))
        given = sheets.get(ledger.id, [])
        staying: Kept | None = None
        checks: LedgerChecks | None = None
        if not given and base is not None and ledger.id in base.tables:
            kept.append(ledger.id)
            staying = Kept(ledger, base)
        else:
            batches: list[Batch] = []
            for sheet in given:
                batch, found = parse(sheet, roster)
                if demonstration and sheet.nature != PUBLISHED:
                    sheet.nature = "演示"
                batches.append(batch)
                issues += found
            checks = LedgerChecks(ledger, batches)
            checks.duplicates()
            checks.leading_zeros(base)
            checks.references(keys)
            if bounds is not None:
                checks.near_district(bounds)
            checks.rules()
            checks.unusual()
            homes = extent.homes(checks, roster)
            part = extent.part(checks, homes)
            if part is not None and part.merged:
                staying = Kept(ledger, base, base.staying(ledger.id, part))
                checks.clashes(staying)
            staged[ledger.id] = batches, checks.good_rows()
            if base is not None and given:
                rows = staged[ledger.id][1]
                checks.issues += questions(ledger, batches, rows, base, homes, part)
            issues += checks.issues
        if staying is not None:
            staying.lacking()
            staying.references(keys, set(kept), roster)
            issues += staying.issues
        known = [one for one in (staying, checks) if one is not None]
        keys.known[ledger.id] = known
        if ledger.id == "street":
            roster = Roster(_known(known, ("street_code", "street_name")))
            issues += extent.name_streets(roster)
        elif ledger.id == "community":
            places = list(roster.street_names.items())
            columns = ("community_code", "community_name", "official_name", "street_code")
            roster = Roster(places, _known(known, columns))
        elif ledger.id == "district":
            bounds = _bounds([shape for shape in _column(known, "shape") if shape is not None])
        if ledger.id in ("street", "community") and not keys[ledger.id]:
            issues += _no_roster(ledger, sheets)
        elif not given and ledger.id not in kept:
            issues.append(_missing(ledger, base))
    issues += extent.issues
    if kept and labelled_files(files):  # else the base is only computed anew
        names = "、".join(ALL[one].name for one in kept)
        what = f"没有再报的 {len(kept)} 本台账沿用 {base.version}：{names}"
        issues.append(Issue(NOTE, base.version, None, None, None, "", what, "需要更新的请一并上传"))
    if kept:
        issues += _dropped(base)
    stays = [*kept, *(one for one, part in extent.parts.items() if part.merged)]
    issues += _mixed(sheets, stays, base)
    tell("台账", 1.0)
    found = assemble(staged, _unrepeated(issues, sheets), stays, base)
    return replace(found, kept=kept, parts=extent.parts)


def _mixed(sheets: dict[str, list[Sheet]], kept: list[str], base: Base | None) -> list[Issue]:
    """An error where synthetic and real ledgers would stand in one version."""
    files: dict[str, dict[str, None]] = {}
    for some in sheets.values():
        for sheet in some:
            files.setdefault(sheet.nature, {})[sheet.file] = None
    if base is not None and kept:
        below = base.source_file[base.source_file["ledger_id"].isin(kept)]
        for nature in set(below["nature"]):
            files.setdefault(nature, {})[f"沿用的 {base.version}"] = None
    files.pop(PUBLISHED, None)
    if len(files) < 2:
        return []
    named = "；".join(f"{nature}：{'、'.join(names)}" for nature, names in sorted(files.items()))
    what = f"演示数据与实有台账不能混在同一个版本里（{named}）"
    mend = (
        "试用请把这批文件作为演示数据；正式使用请选“全新一套”，并报齐行政区界、街道名录、社区名录"
        if kept
        else "请把两类文件分开报"
    )
    return [Issue(ERROR, "全部台账", None, None, None, "", what, mend)]


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
    files: Files, reference: Path, tell: Callable[[str, float], None], base: Base | None
) -> tuple[dict[str, list[Sheet]], list[Issue]]:
    """Every sheet by ledger id, and the issues of the files; no file at all repeats the base."""
    sheets: dict[str, list[Sheet]] = {}
    issues: list[Issue] = []
    given = labelled_files(files)
    for number, (path, label) in enumerate(given):
        tell(f"《{label}》", number / len(given) / (1 + len(ALL)))
        found, problems = read(path, label)
        issues += problems
        for sheet in found:
            if sheet.ledger.id == "claim":
                issues.append(
                    Issue(
                        WARNING, sheet.file, sheet.name, None, None, "",
                        "公开数据对照随软件附带，此表未读入", "请删去此表",
                    )
                )  # fmt: skip
            else:
                sheets.setdefault(sheet.ledger.id, []).append(sheet)
    if not sheets and (given or base is None):
        name = files.name if isinstance(files, Path) else "上传的文件"
        issues.append(
            Issue(
                ERROR, name, None, None, None, "",
                "没有找到任何台账", "请放入 xlsx、csv、geojson、gpkg 或 Shapefile 压缩包",
            )
        )  # fmt: skip
    published, problems = read(reference / CLAIMS, CLAIMS, ALL["claim"])
    for sheet in published:
        sheet.nature = PUBLISHED
    sheets["claim"] = published
    return sheets, issues + problems


def _missing(ledger: Ledger, base: Base | None) -> Issue:
    if base is not None and ledger.id in base.unknown:
        what = f"{ledger.name}是现在的软件新增的，{base.version} 里没有，按空表处理"
    else:
        what = f"没有找到{ledger.name}，按空表处理"
    return Issue(NOTE, ledger.name, None, None, None, "", what, "需要时请按模板补报")


def _dropped(base: Base) -> list[Issue]:
    """The ledgers of the version below that this software no longer takes in."""
    files = base.source_file[~base.source_file["ledger_id"].isin(list(ALL))]
    return [
        Issue(
            WARNING, name, None, None, None, "",
            f"现在的软件不再收{name}，{base.version} 里的 {used:,} 行未沿用", "需要它的请保留原版本",
        )
        for name, used in files.groupby("ledger_name", sort=False)["row_used"].sum().items()
    ]  # fmt: skip


def _no_roster(roster: Ledger, sheets: dict[str, list[Sheet]]) -> list[Issue]:
    """One issue for all the ledgers that name places, where there is no roster to find them in."""
    lost = [
        ALL[ledger_id].name for ledger_id in sheets if roster.id in names_places(ALL[ledger_id])
    ]
    if not lost:
        return [_missing(roster, None)]
    return [
        Issue(
            ERROR, roster.name, None, None, None, "",
            f"没有可用的{roster.name}，这些台账的地点无法核对：{'、'.join(lost)}",
            f"请先补上{roster.name}",
        )
    ]  # fmt: skip


class _Keys(dict):
    """The keys of each ledger that has one column for a key, found when they are asked for."""

    def __init__(self):
        self.known: dict[str, list] = {}

    def __missing__(self, ledger_id: str) -> set:
        self[ledger_id] = set(_column(self.known[ledger_id], ALL[ledger_id].key[0])) - {None}
        return self[ledger_id]


def _column(known: list, key: str) -> list:
    """The values of a column over the rows that stay and those given."""
    return [value for one in known for value in one.column(key)]


def _known(known: list, columns: tuple[str, ...]) -> list[tuple]:
    """The rows of which those columns were all read; wrong rows too, so one fault stays one."""
    rows = zip(*(_column(known, key) for key in columns), strict=True)
    return [row for row in rows if None not in row]


def _bounds(shapes: list) -> tuple[float, float, float, float] | None:
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    return west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN
