"""Uploaded ledgers on their way into a version: taken, checked, previewed, published."""

import io
import shutil
import tempfile
import threading
import uuid
import weakref
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath
from typing import TypeVar

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from chunshui import child_process, pipeline, words
from chunshui.access.roles import Act, Person
from chunshui.errors import ChunshuiError
from chunshui.ledgers import child, personal
from chunshui.ledgers.base import read_base
from chunshui.ledgers.contracts import ALL, ROOMS
from chunshui.ledgers.out.templates import filled_template, template
from chunshui.ledgers.streets import street_columns
from chunshui.pipeline import IntakeOptions, IntakeReport
from chunshui.pipeline.intake import LONGEST_SECONDS
from chunshui.pipeline.narrow import not_own
from chunshui.pipeline.streets import street_ledgers
from chunshui.snapshots import archive
from chunshui.ui.data import check_results, manifest, reader, serving
from chunshui.ui.data.turnover import TURNOVER
from chunshui.ui.shell import permit
from chunshui.ui.topics.intake import waiting
from chunshui.ui.widgets import changes, progress
from chunshui.warehouse import Edition
from chunshui.warehouse import publish as publishing
from chunshui.warehouse.schema import UNTOLD
from chunshui.words import SEVERITIES

ENDINGS = ["xlsx", "csv", "geojson", "json", "gpkg", "zip", "pbf", "xls", "et", "xlsm", "ods"]
WHAT = (
    "Excel（xlsx）、csv、GeoJSON、GeoPackage、Shapefile 压缩包（zip），路网可用 .osm.pbf 或线图层"
)
UPLOAD_MEGABYTES = 20
UPLOADS = 40
_PLACES = threading.BoundedSemaphore(
    1
)  # a check or a build takes up to 2 GB; who comes later waits
SECONDS = LONGEST_SECONDS + 60  # it ends itself before, and says why
T = TypeVar("T")
MAKER = "入库页面"  # who a preview is built by, before anybody has signed for it


@dataclass
class Draft:
    """What one visitor has uploaded and how far it has come.

    The files in `folder` go when the draft goes; a copy waits for the visitor to come back (`waiting`).
    """

    folder: Path
    files: list[tuple[Path, str]]
    options: IntakeOptions
    report: IntakeReport
    labels: set[str]
    findings: pd.DataFrame  # by the rules, and not in the version below already
    known_findings: int  # how many they found besides, which it has
    refused: frozenset[str] = frozenset()  # files of which nothing is taken in
    streets: tuple[str, ...] = ()  # what to tell of a street file that was turned into ledgers
    preview: Edition | None = None  # the version built of it, not served
    signed: tuple[str, str] | None = None  # by whom and why it is to be published
    checked: int = 1  # how often
    marked: dict[str, bytes] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What tells the widgets about one check from those about the next."""
        return f"{id(self)}_{self.checked}"

    def __post_init__(self):
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


def current() -> Draft | None:
    """Return this visitor's draft; None when nothing has been checked."""
    return st.session_state.get("intake_draft")


def drop() -> None:
    """Forget the draft and its files, and take away the version built to preview it."""
    st.session_state.pop("intake_from", None)
    draft: Draft | None = st.session_state.pop("intake_draft", None)
    if draft:
        shutil.rmtree(draft.folder, ignore_errors=True)
        _discard(draft)
    elif left := waiting.read():  # by a session that is no more
        _take_away(left.preview)


def discard() -> None:
    """Forget the draft, also what waits of it, and let the uploader go of its files."""
    drop()
    waiting.forget()
    st.session_state["intake_turn"] = turn() + 1


def _discard(draft: Draft) -> None:
    """Take away the version built to preview a draft."""
    if draft.preview:
        _take_away(draft.preview.version)
        draft.preview = None


def _take_away(preview: str | None) -> None:
    """Take away a version that was built for a preview, where it still is one."""
    if preview and not any(one.version == preview for one in permit.store().history()):
        try:
            publishing.discard(permit.store(), preview, by=MAKER)
        except ChunshuiError as error:
            st.toast(str(error))


def resume() -> None:
    """Check the files anew that an earlier session left checked and unpublished."""
    if left := waiting.read():
        take(left)


def take(left: waiting.Waiting) -> None:
    """Check files that were left, one's own or those that a street's account has handed in."""
    if left.account:
        permit.require(Act.PUBLISH)
    check(left.uploads(), replace(left.options, issued=archive.issued()))
    st.session_state["intake_from"] = left.account


def check(uploads: Iterable[UploadedFile | waiting.Upload], options: IntakeOptions) -> None:
    """Take the uploaded files and check them, showing how far it is.

    A file's own name is used in messages only: on disk it has another. Files that hold personal
    data are deleted as soon as that is known.
    """
    uploads = list(uploads)
    options = _for(permit.demand(Act.UPLOAD, files=len(uploads)), options)
    drop()
    folder = Path(tempfile.mkdtemp(prefix="chunshui-"))
    files: list[tuple[Path, str]] = []
    for upload in uploads[:UPLOADS]:
        label = _label(upload.name, [name for _, name in files])
        path = folder / f"{uuid.uuid4().hex}{PurePath(label).suffix.lower()}"
        path.write_bytes(upload.getbuffer())
        path.chmod(0o600)
        files.append((path, label))
    files, streets = _with_street_ledgers(files, folder, options)
    report = _examine(files, options)
    refused = frozenset(issue.file for issue in report.issues if personal.refuses(issue))
    for path, label in files:
        if label in refused:
            path.unlink()
    labels = {label for _, label in files}
    files = [(path, label) for path, label in files if label not in refused]
    findings = _new_findings(report)
    if refused:
        st.session_state["intake_turn"] = turn() + 1  # the uploader lets go of its copy, too
    known = len(report.findings) - len(findings)
    st.session_state["intake_draft"] = Draft(
        folder, files, options, report, labels, findings, known, refused, streets
    )
    waiting.keep(files, options)


def check_again(draft: Draft, options: IntakeOptions) -> None:
    """Check the same files anew, to be taken in another way."""
    options = _for(permit.require(Act.UPLOAD), options)
    _discard(draft)
    draft.options = options
    draft.report = _examine(draft.files, draft.options)
    draft.findings = _new_findings(draft.report)
    draft.known_findings = len(draft.report.findings) - len(draft.findings)
    draft.checked += 1
    draft.marked.clear()
    waiting.keep(draft.files, options)


def _for(person: Person, options: IntakeOptions) -> IntakeOptions:
    """Return how somebody's ledgers are taken: those of a street's account are of its rows alone."""
    if not person.street:
        return options
    return replace(options, streets=(person.street,), fresh=False, whole=False)


def _with_street_ledgers(
    files: list[tuple[Path, str]], folder: Path, options: IntakeOptions
) -> tuple[list[tuple[Path, str]], tuple[str, ...]]:
    """Put the ledgers made of a street file in its place; return the files and the report."""
    try:
        with st.spinner("正在读入…"):
            made = street_ledgers(files, folder, store=None if options.fresh else permit.store())
    except ChunshuiError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if made is None:
        return files, ()
    for path, label in files:
        if label == made.label:
            path.unlink()
    kept = [(path, label) for path, label in files if label != made.label]
    return [*kept, *made.files], made.report


def _examine(files: list[tuple[Path, str]], options: IntakeOptions) -> IntakeReport:
    """Check files, showing how far it is."""
    report = _apart(
        "正在读入…", "核查", pipeline.examine, files, store=permit.store(), options=options
    )
    own = permit.street() or next(iter(options.streets), "")  # handed in by a street's account
    if own:
        whole = read_base(reader(serving().edition), raw_rows=False)
        report.issues.extend(not_own(report.given, whole, own))
    return report


def _apart(first: str, what: str, work: Callable[..., T], /, *args: object, **named: object) -> T:
    """Return what a step of the pipeline returns, done apart from the server, showing how far it is."""
    with progress.bar(first, "…") as move:
        move("等待前一位的核查", 0.0)
        try:
            with _PLACES:
                return child_process.call(work, *args, progress=move, seconds=SECONDS, **named)
        except child_process.ChildLostError as lost:
            raise ChunshuiError(
                f"{what}没有完成：{lost}。现用版本不变，上传的文件还在。请稍后再试，或分几批报。"
            ) from lost


def _new_findings(report: IntakeReport) -> pd.DataFrame:
    """Return what the rules found that they do not find in the version below."""
    rows = report.findings
    if report.base is None or rows.empty:
        return rows
    key = ["check_id", "entity_table", "entity_id"]
    below = check_results(permit.store().edition(report.base))[key].drop_duplicates()
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


def preview(draft: Draft) -> None:
    """Build the version the draft would become, and keep its name."""
    permit.require(Act.PUBLISH)
    manifest = _apart(
        "正在建成预览版本…",
        "预览",
        pipeline.build,
        draft.files,
        store=permit.store(),
        note="由入库页面建成；是否发布、由谁发布，见发布与回退记录",
        by=MAKER,
        options=replace(draft.options, confirmed=True),
        report=draft.report,
    )
    draft.preview = permit.store().edition(manifest.version)
    waiting.keep(draft.files, draft.options, manifest.version)
    TURNOVER.begin(draft.preview)  # while the effect is read


def publish(draft: Draft, by: str, note: str) -> None:
    """Serve the version built to preview a draft."""
    if draft.preview is None:
        raise ValueError("a draft is published from its preview")
    permit.demand(Act.PUBLISH, version=draft.preview.version, note=note)
    with st.spinner("正在预备新版本的页面…"):
        TURNOVER.wait(draft.preview)
    entry = publishing.serve(permit.store(), draft.preview.version, by=by, note=note)
    draft.preview = None
    if account := st.session_state.get("intake_from"):
        waiting.forget(account)
    discard()
    st.session_state["intake_published"] = entry.version


def just_published(version: str) -> bool:
    """Whether this visitor has just published the version that is served."""
    return st.session_state.get("intake_published") == version


def counts(draft: Draft) -> dict[str, int]:
    """Return how many errors, warnings and notes there are, rules included."""
    severities = [issue.severity for issue in draft.report.issues]
    severities += draft.findings["severity"].tolist()
    return {severity: severities.count(severity) for severity in SEVERITIES}


def marked_copy(draft: Draft, path: Path, label: str) -> bytes:
    """Return the user's own workbook with its issues marked; made once."""
    if label not in draft.marked:
        draft.marked[label] = child.annotated(path, label, draft.report.issues)
    return draft.marked[label]


def marked_files(draft: Draft) -> list[tuple[str, partial]]:
    """Return the files that could be read and have issues, each with what makes its marked copy."""
    could_be = {issue.file for issue in draft.report.issues}
    could_be &= {*draft.report.staged.source_file["file_name"]}
    return [
        (label, partial(marked_copy, draft, path, label))
        for path, label in draft.files
        if label in could_be and PurePath(label).suffix.lower() in (".xlsx", ".csv")
    ]


@st.cache_resource(show_spinner="正在比较预览版本与现用版本…", max_entries=4)
def effect(a: Edition, b: Edition) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the figures that differ between two versions, of the district and of each street.

    Each version is taken in its own last month: a new month's ledgers move the figures, too.
    """
    before, after = (
        reader(edition).query("warehouse/figures_by_street", month=f"{manifest(edition).as_of}-01")
        for edition in (a, b)
    )
    key = ["metric_id", "street_name"]
    both = before.merge(after, on=key, how="outer", suffixes=("_a", "_b"))
    both["unit"] = both["unit_b"].fillna(both["unit_a"])
    # Sums of the same rows in another order differ by less than any figure that is shown.
    same = np.isclose(both["value_a"], both["value_b"], rtol=1e-9, atol=1e-12, equal_nan=True)
    rows = [
        {
            "指标": name if isinstance(name, str) else former,
            "街道": street,
            a.version: words.number(old, unit),
            b.version: words.number(new, unit),
            "变化": changes.change_words(old, new, unit),
        }
        for name, former, street, old, new, unit in both.loc[
            ~same, ["metric_name_b", "metric_name_a", "street_name", "value_a", "value_b", "unit"]
        ].itertuples(index=False)
    ]
    table = pd.DataFrame(rows, columns=["指标", "街道", a.version, b.version, "变化"])
    whole = table["街道"].isna()
    return table[whole].drop(columns="街道"), table[~whole]


def moved_beyond(a: Edition, b: Edition) -> list[str]:
    """Return the streets not reported whose figures differ between two versions all the same."""
    updated = manifest(b).updated
    reported = {street for streets in updated.values() for street in streets}
    changed = effect(a, b)[1]["街道"]
    return [name for name in dict.fromkeys(changed) if name not in reported] if updated else []


def template_names() -> dict[str, list[str]]:
    """Return the ledgers a template can be had of, by room."""
    return {
        room: [ledger.name for ledger in ledgers if "xlsx" in ledger.formats]
        for room, ledgers in ROOMS.items()
    }


@st.cache_data(show_spinner=False, max_entries=4)
def held_ledgers(edition: Edition) -> dict[str, bool]:
    """Return the ledgers that a version has and a workbook may hold, and whether they have streets."""
    held = set(read_base(reader(edition), raw_rows=False).tables) - UNTOLD
    named = {name for room in template_names().values() for name in room}
    ledgers = (one for one in ALL.values() if one.name in named and one.id in held)
    return {one.name: bool(street_columns(one)) for one in ledgers}


def held_workbook(edition: Edition, name: str, streets: tuple[str, ...]) -> bytes:
    """Return the workbook of a ledger with the rows it has now, of some streets or of all."""
    ids = {ledger.name: ledger.id for ledger in ALL.values()}
    return filled_template(reader(edition), ids[name], streets)


@st.cache_data(show_spinner=False, max_entries=64)
def blank_workbook(names: tuple[str, ...]) -> bytes:
    """Return one workbook with a blank sheet for each of those ledgers."""
    ids = {ledger.name: ledger.id for ledger in ALL.values()}
    return template([ids[name] for name in names])


@st.cache_data(show_spinner=False, max_entries=1)
def blank_workbooks() -> bytes:
    """Return an archive with the blank workbook of every ledger."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for room, names in template_names().items():
            for name in names:
                archive.writestr(f"{room}/{name}模板.xlsx", blank_workbook((name,)))
    return out.getvalue()
