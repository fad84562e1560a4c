"""Uploaded ledgers on their way into a version: taken, checked, previewed, published."""

import io
import shutil
import tempfile
import uuid
import weakref
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath

import numpy as np
import pandas as pd
import streamlit as st

from chunshui import pipeline, words
from chunshui.errors import ChunshuiError
from chunshui.ledgers import child, personal
from chunshui.ledgers.contracts import ALL, ROOMS
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.out.templates import template
from chunshui.pipeline import IntakeOptions, IntakeReport
from chunshui.pipeline.streets import street_ledgers
from chunshui.ui import data
from chunshui.ui.markdown import plain
from chunshui.ui.widgets import tables
from chunshui.warehouse import Edition
from chunshui.warehouse import publish as publishing
from chunshui.words import ERROR, SEVERITIES

ENDINGS = ["xlsx", "csv", "geojson", "json", "gpkg", "zip", "pbf", "xls", "et", "xlsm", "ods"]
WHAT = (
    "Excel（xlsx）、csv、GeoJSON、GeoPackage、Shapefile 压缩包（zip），路网可用 .osm.pbf 或线图层"
)
UPLOAD_MEGABYTES = 20
UPLOADS = 40
MAKER = "入库页面"  # who a preview is built by, before anybody has signed for it


@dataclass
class Draft:
    """What one visitor has uploaded and how far it has come.

    The files go when the draft goes, also when the visitor just leaves.
    """

    folder: Path
    files: list[tuple[Path, str]]
    options: IntakeOptions
    report: IntakeReport
    labels: set[str]
    found: pd.DataFrame  # by the rules, and not in the version below already
    known: int  # how many they found besides, which it has
    streets: tuple[
        str, ...
    ] = ()  # what is to be told of a street file that was turned into ledgers
    preview: Edition | None = None  # the version built of it, not served
    checked: int = 1  # how often
    marked: dict[str, bytes] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells the widgets about one check from those about the next."""
        return f"{id(self)}_{self.checked}"

    def __post_init__(self):
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


def draft() -> Draft | None:
    """Return this visitor's draft; None when nothing has been checked."""
    return st.session_state.get("intake_draft")


def drop() -> None:
    """Forget the draft and its files, and take away the version built to preview it."""
    found = st.session_state.pop("intake_draft", None)
    if found is None:
        return
    shutil.rmtree(found.folder, ignore_errors=True)
    _discard(found)


def _discard(found: Draft) -> None:
    """Take away the version built to preview a draft."""
    if found.preview:
        try:
            publishing.discard(data.store(), found.preview.version, by=MAKER)
        except ChunshuiError as error:
            st.toast(str(error))
        found.preview = None


def check(uploads: Iterable, options: IntakeOptions) -> None:
    """Take the uploaded files and check them, showing how far it is.

    A file's own name is used in messages only: on disk it has another. Files that hold personal
    data are deleted as soon as that is known.
    """
    drop()
    folder = Path(tempfile.mkdtemp(prefix="chunshui-"))
    files = []
    for upload in list(uploads)[:UPLOADS]:
        label = _label(upload.name, [name for _, name in files])
        path = folder / f"{uuid.uuid4().hex}{PurePath(label).suffix.lower()}"
        path.write_bytes(upload.getbuffer())
        path.chmod(0o600)
        files.append((path, label))
    files, streets = _with_street_ledgers(files, folder, options)
    report = _examine(files, options)
    refused = {issue.file for issue in report.issues if personal.refuses(issue)}
    for path, label in files:
        if label in refused:
            path.unlink()
    labels = {label for _, label in files}
    files = [(path, label) for path, label in files if label not in refused]
    found = _news(report)
    if refused:
        st.session_state["intake_turn"] = turn() + 1  # the uploader lets go of its copy, too
    st.session_state["intake_draft"] = Draft(
        folder, files, options, report, labels, found, len(report.findings) - len(found), streets
    )  # fmt: skip


def again(found: Draft, whole: bool) -> None:
    """Check the same files anew, to take the place of whole ledgers or of some streets' rows."""
    _discard(found)
    found.options = replace(found.options, whole=whole)
    found.report = _examine(found.files, found.options)
    found.found = _news(found.report)
    found.known = len(found.report.findings) - len(found.found)
    found.checked += 1
    found.marked.clear()


def _with_street_ledgers(
    files: list[tuple[Path, str]], folder: Path, options: IntakeOptions
) -> tuple[list[tuple[Path, str]], tuple[str, ...]]:
    """Put the ledgers made of a street file in its place; return the files and the report."""
    try:
        with st.spinner("正在读入…"):
            made = street_ledgers(files, folder, store=None if options.fresh else data.store())
    except ChunshuiError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if made is None:
        return files, ()
    kept = []
    for path, label in files:
        if label == made.label:
            path.unlink()
        else:
            kept.append((path, label))
    return [*kept, *made.files], made.report


def _examine(files: list[tuple[Path, str]], options: IntakeOptions) -> IntakeReport:
    """Check files, showing how far it is."""
    bar = st.progress(0.0, "正在读入…")
    try:
        return pipeline.examine(
            files,
            store=data.store(),
            options=options,
            progress=lambda step, share: bar.progress(min(share, 1.0), f"{plain(step)}…"),
        )
    finally:
        bar.empty()


def _news(report: IntakeReport) -> pd.DataFrame:
    """What the rules found that they do not find in the version below."""
    rows = report.findings
    if report.base is None or rows.empty:
        return rows
    key = ["check_id", "entity_table", "entity_id"]
    below = data.check_results(data.store().edition(report.base))[key].drop_duplicates()
    both = rows.merge(below, on=key, how="left", indicator=True)
    return both[both["_merge"] == "left_only"].drop(columns="_merge")


def turn() -> int:
    """Return the number in the uploader's key; a new one empties it."""
    return st.session_state.get("intake_turn", 0)


def _label(name: str, taken: list[str]) -> str:
    """The name of an upload without path or control characters, and unlike the others."""
    label = PurePath(name.replace("\\", "/")).name
    label = "".join(c for c in label if c.isprintable())[:80].strip(". ") or "未命名"
    stem, suffix = PurePath(label).stem, PurePath(label).suffix
    number = 1
    while label in taken:
        number += 1
        label = f"{stem}（{number}）{suffix}"
    return label


def preview(found: Draft) -> None:
    """Build the version the draft would become, and keep its name."""
    bar = st.progress(0.0, "正在建成预览版本…")
    try:
        manifest = pipeline.build(
            found.files,
            store=data.store(),
            note="由入库页面建成；是否发布、由谁发布，见发布与回退记录",
            by=MAKER,
            options=replace(found.options, confirmed=True),
            report=found.report,
            progress=lambda step, share: bar.progress(min(share, 1.0), f"{plain(step)}…"),
        )
    finally:
        bar.empty()
    found.preview = data.store().edition(manifest.version)


def publish(found: Draft, by: str, note: str) -> str:
    """Serve the previewed version; return its name."""
    entry = publishing.serve(data.store(), found.preview.version, by=by, note=note)
    found.preview = None
    drop()
    st.session_state["intake_published"] = entry.version
    st.session_state["intake_turn"] = turn() + 1
    return entry.version


def just_published(version: str) -> bool:
    """Whether this visitor has just published the version that is served."""
    return st.session_state.get("intake_published") == version


# ------------------------------------------------------------------------------- what is shown


def finding(found: Draft | None, present: Edition) -> str:
    """Say in one sentence how things stand."""
    if found is None:
        return f"现用 {present.version}，数据到 {data.manifest(present).as_of}。上传台账后先检查、再预览、最后发布。"
    staged = found.report.staged
    counts = _counts(found)
    errors = counts[ERROR]
    if errors:
        return f"查出 {errors:,} 处错误，还不能发布；现用 {present.version} 不受影响。"
    if staged.questions:
        return f"没有错误；有 {len(staged.questions)} 处与 {present.version} 相差很大，请先确认。"
    if found.preview:
        moved = len(effect(present, found.preview)[0])
        said = f"{moved} 项全区指标与现用版本不同" if moved else "全区指标没有变化"
        return f"预览 {found.preview.version} 已建成，尚未发布：{said}。"
    streets = list(dict.fromkeys(n for part in staged.merged.values() for n in part.names))
    only = f"只更新{'、'.join(streets)}，" if 0 < len(streets) <= 3 else ""
    return f"没有错误，{only}可以预览对指标的影响。"


def _counts(found: Draft) -> dict[str, int]:
    levels = [issue.level for issue in found.report.issues]
    levels += found.found["severity"].tolist()
    return {level: levels.count(level) for level in SEVERITIES}


def counts(found: Draft) -> dict[str, int]:
    """Return how many errors, warnings and notes there are, rules included."""
    return _counts(found)


def understood(found: Draft) -> pd.DataFrame:
    """Return what each sheet was taken for, and what became of its rows: they add up."""
    staged = found.report.staged
    files = staged.source_file
    given = ~files["source_id"].isin(staged.carried)
    files = files[given & files["file_name"].isin(found.labels)]
    if files.empty:
        return pd.DataFrame()
    files = files.drop_duplicates(["file_name", "sheet_name", "ledger_id"], keep="last")
    fates = staged.source_row.groupby(["source_id", "fate"]).size().unstack(fill_value=0)
    order = ["合格", "有错", "合计", "表头", "脚注", "空行"]
    fates = fates.reindex(columns=order, fill_value=0).reindex(files["source_id"], fill_value=0)
    shown = pd.DataFrame(
        {
            "文件": files["file_name"],
            "工作表": files["sheet_name"],
            "认作": files["ledger_name"],
            "性质": files["nature"],
            "坐标系": files["crs"],
            "总行数": files["row_total"],
        }
    ).reset_index(drop=True)
    for fate in order:
        shown[fate] = fates[fate].to_numpy()
    return tables.readable(shown)


def issues(found: Draft, levels: list[str]) -> pd.DataFrame:
    """Return every issue of the ledgers and every finding of the rules of some levels."""
    rows = [
        (
            issue.level, issue.cell or (f"第 {issue.row} 行" if issue.row else ""),
            issue.column, issue.value, issue.what, issue.mend, issue.file, issue.sheet,
        )
        for issue in sorted(found.report.issues, key=_place)
        if issue.level in levels
    ]  # fmt: skip
    rows += [
        (
            row.severity, "" if pd.isna(row.source_row) else f"第 {row.source_row:.0f} 行",
            None, row.entity_id, row.message, row.mend, row.file_name, row.sheet_name,
        )
        for row in found.found.itertuples()
        if row.severity in levels
    ]  # fmt: skip
    columns = ["程度", "单元格", "列", "现在的内容", "问题", "怎么改", "文件", "工作表"]
    return tables.readable(pd.DataFrame(rows, columns=columns).replace("", None))


def _place(issue: Issue) -> tuple:
    """Where an issue stands in a list: the gravest first, then by file, sheet and row."""
    return SEVERITIES.index(issue.level), issue.file, issue.sheet or "", issue.row or 0


def extent(found: Draft) -> list[str]:
    """Say of each ledger with rows of some streets only what is in it and what is not."""
    present = found.report.base
    return [
        f"{ALL[one].name}：这批有{'、'.join(part.names) or '空表'}（{part.rows:,} 行），"
        f"{present} 里还有{_others(part.others)}（{part.kept:,} 行）"
        for one, part in found.report.staged.parts.items()
    ]


def _others(names: tuple[str, ...]) -> str:
    if not names:
        return "原来的"
    return "、".join(names) if len(names) <= 3 else f"其余 {len(names)} 个街道"


def readings(found: Draft) -> pd.DataFrame:
    """Return every cell that was read otherwise than it stands."""
    rows = found.report.staged.readings
    labels = {
        "file": "文件", "sheet": "工作表", "cell": "单元格", "row": "行", "column": "列",
        "raw": "原文", "value": "读作", "why": "依据",
    }  # fmt: skip
    return tables.readable(rows[list(labels)].rename(columns=labels))


def marked(found: Draft, path: Path, label: str) -> bytes:
    """Return the user's own workbook with its issues marked; made once."""
    if label not in found.marked:
        found.marked[label] = child.annotated(path, label, found.report.issues)
    return found.marked[label]


def marked_files(found: Draft) -> list[tuple[str, partial]]:
    """Return the files that have issues, each with what makes its marked copy."""
    with_issues = {issue.file for issue in found.report.issues}
    return [
        (label, partial(marked, found, path, label))
        for path, label in found.files
        if label in with_issues and PurePath(label).suffix.lower() in (".xlsx", ".csv")
    ]


@st.cache_resource(show_spinner="正在比较预览版本与现用版本…", max_entries=4)
def effect(a: Edition, b: Edition) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures that differ between two versions, of the district and of each street.

    Each version is taken in its own last month: a new month's ledgers move the figures, too.
    """
    sides = []
    for edition in (a, b):
        month = data.manifest(edition).as_of
        sides.append(data.reader(edition).query("warehouse/figures_by_street", month=f"{month}-01"))
    key = ["metric_id", "street_name"]
    both = sides[0].merge(sides[1], on=key, how="outer", suffixes=("_a", "_b"))
    for column in ("metric_name", "unit"):
        both[column] = both[f"{column}_b"].where(both[f"{column}_b"].notna(), both[f"{column}_a"])
    before, after = both["value_a"], both["value_b"]
    # Sums of the same rows in another order differ by less than any figure that is shown.
    differs = ~np.isclose(before, after, rtol=1e-9, atol=1e-12, equal_nan=True)
    both = both[differs].reset_index(drop=True)
    shown = pd.DataFrame(
        {
            "指标": both["metric_name"],
            "街道": both["street_name"],
            a.version: [words.number(v, u) for v, u in zip(both["value_a"], both["unit"], strict=True)],
            b.version: [words.number(v, u) for v, u in zip(both["value_b"], both["unit"], strict=True)],
            "变化": [
                words.change(after - before, unit) if after == after and before == before
                else words.MISSING
                for before, after, unit in zip(
                    both["value_a"], both["value_b"], both["unit"], strict=True
                )
            ],
        }
    )  # fmt: skip
    whole = both["street_name"].isna()
    return shown[whole].drop(columns="街道"), shown[~whole]


def beyond(a: Edition, b: Edition) -> list[str]:
    """The streets not reported whose figures differ between two versions all the same."""
    updated = data.manifest(b).updated
    reported = {street for streets in updated.values() for street in streets}
    changed = effect(a, b)[1]["街道"]
    return [name for name in dict.fromkeys(changed) if name not in reported] if updated else []


# ----------------------------------------------------------------------------------- templates


def rooms() -> dict[str, list[str]]:
    """Return the ledgers a template can be had of, by room."""
    return {
        room: [
            ledger.name for ledger in ledgers if "xlsx" in ledger.formats and ledger.id != "claim"
        ]
        for room, ledgers in ROOMS.items()
    }


@st.cache_data(show_spinner=False, max_entries=64)
def blank(names: tuple[str, ...]) -> bytes:
    """Return one workbook with a blank sheet for each of those ledgers."""
    ids = {ledger.name: ledger.id for ledger in ALL.values()}
    return template([ids[name] for name in names])


@st.cache_data(show_spinner=False, max_entries=1)
def blanks() -> bytes:
    """Return an archive with the blank workbook of every ledger."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for room, names in rooms().items():
            for name in names:
                archive.writestr(f"{room}/{name}模板.xlsx", blank((name,)))
    return out.getvalue()
