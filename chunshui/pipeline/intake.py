"""Read ledgers and hold them to the rules: what a version of them would hold, and what is wrong."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb
import pandas as pd

from chunshui.catalogue.checks import run_checks
from chunshui.errors import ChunshuiError, NothingPublishedError
from chunshui.ledgers import child
from chunshui.ledgers.base import read_base
from chunshui.ledgers.contracts import ALL as CONTRACTS
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.stage import Files
from chunshui.ledgers.staged import Staged
from chunshui.pipeline import derive, surveys
from chunshui.pipeline.conversion import converted
from chunshui.pipeline.options import IntakeOptions
from chunshui.pipeline.questions import boundary_questions
from chunshui.warehouse import Reader, Store, schema, sql
from chunshui.warehouse.publish import Progress, silent
from chunshui.warehouse.reader import BUILD_MEMORY, MEMORY, connect
from chunshui.warehouse.verify import one_nature
from chunshui.words import DEMONSTRATION, ERROR

LONGEST_SECONDS = 1800  # for checking, or building and computing; that takes some twenty
READING = 0.4  # share of the whole, for the progress shown
FROM_LEDGERS = "台账读入"  # the check_id of what reading the ledgers found


@dataclass(frozen=True)
class IntakeReport:
    """What a check found: the ledgers as read, and the findings of the quality rules.

    `staged` has what stays from the version `base`, too, but for its raw rows; `given` has not.
    `findings` are the rows of check_result of the whole set; empty where an error of the ledgers
    kept the rules from being run.
    """

    staged: Staged
    given: Staged
    findings: pd.DataFrame
    base: str | None
    of_boundaries: tuple[Issue, ...] = ()

    @property
    def issues(self) -> list[Issue]:
        """What reading the ledgers found."""
        return self.staged.issues

    @property
    def questions(self) -> list[Issue]:
        """What a person must confirm before anything is published."""
        return [*self.staged.questions, *self.of_boundaries]

    @property
    def ok(self) -> bool:
        """Whether the ledgers may be published, once what is asked is confirmed."""
        return self.staged.ok and not (self.findings["severity"] == ERROR).any()


def examine(
    ledgers: Files,
    *,
    store: Store | None = None,
    options: IntakeOptions = IntakeOptions(),  # noqa: B008 - frozen
    progress: Progress = silent,
) -> IntakeReport:
    """Read the ledgers, hold them against the served version, run the rules; keep nothing."""
    steps = Steps(progress)
    given, version = stage(ledgers, steps, store, options)
    staged = complete(given, store, version, rows=False)
    nothing = pd.DataFrame(columns=["check_id", "severity", "entity_table", "entity_id"])
    if not staged.ok or lacking(staged):
        return IntakeReport(staged, given, nothing, version)
    con = connect(MEMORY, read_only=False)  # kept nowhere: no file, and nothing flushed to disk
    try:
        with limited(con), served(store) as below:
            fill(con, staged, options.month, steps, below, store)
            findings = sql.run(con, "views/check_results")
    finally:
        con.close()
    findings = findings[findings["check_id"] != FROM_LEDGERS]
    asked = tuple(boundary_questions(staged, findings, store, version))
    return IntakeReport(staged, given, findings, version, asked)


@contextmanager
def served(store: Store | None) -> Iterator[Reader | None]:
    """Open the version now served, from which is taken what did not change; None without one."""
    reader = None
    if store is not None:
        with suppress(ChunshuiError):  # none published, or none that is whole
            reader = store.open()
    try:
        yield reader
    finally:
        if reader is not None:
            reader.close()


@contextmanager
def limited(
    *connections: duckdb.DuckDBPyConnection, seconds: float = LONGEST_SECONDS
) -> Iterator[None]:
    """End what runs on connections when it takes too long or too much memory; say so in words."""
    late = threading.Event()

    def end() -> None:
        late.set()
        for con in connections:
            con.interrupt()

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise ChunshuiError(
            f"核查与计算所需内存超过{BUILD_MEMORY}，已中止；现用版本不变。请把台账分几批报。"
        ) from error
    except duckdb.Error as error:
        if not late.is_set():
            raise
        raise ChunshuiError(
            f"核查与计算超过{seconds:,.0f}秒，已中止；现用版本不变。请稍后再试，或分几批报。"
        ) from error
    finally:
        timer.cancel()


class Steps:
    """Tells the progress of named steps and keeps how long each took, in seconds."""

    def __init__(self, progress: Progress):
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str, share: float) -> Iterator[None]:
        """Run a step."""
        self.progress(name, share)
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)


def stage(
    ledgers: Files, steps: Steps, store: Store | None, options: IntakeOptions
) -> tuple[Staged, str | None]:
    """Read the ledgers, telling which one is being read; return them and the version below.

    That is the version of which stays what is not given again; None when nothing does.
    """
    with steps("读入台账", 0.0):
        below = None
        if store is not None and not options.fresh:
            with suppress(NothingPublishedError):
                version = store.current().version
                below = (store.path(version), store.manifest(version))
        staged = child.stage(
            ledgers,
            base=below,
            demonstration=options.demonstration,
            whole=options.whole,
            streets=options.streets,
            issued=options.issued,
            progress=lambda name, share: steps.progress(f"读入{name}", READING * share),
        )
        staged = converted(staged, options.conversions)
    carries = below is not None and (staged.kept or staged.merged)
    return staged, version if carries else None


def complete(given: Staged, store: Store | None, version: str | None, *, rows: bool) -> Staged:
    """Put in what stays from the version below; `rows` its raw rows, too."""
    if store is None or version is None:
        return given
    with store.open(version) as reader:
        return given.complete(read_base(reader, raw_rows=rows))


def fill(
    con: duckdb.DuckDBPyConnection,
    staged: Staged,
    month: str | None,
    steps: Steps,
    below: Reader | None = None,
    store: Store | None = None,
) -> None:
    """Fill a new database up to the findings of the quality rules.

    Walks that the version below has measured are taken over from it, what was told of surveys from
    the newest of the store.
    """
    with steps("装入数据", READING):
        schema.create(con)
        con.append("source_file", staged.source_file, by_name=True)
        con.append("source_row", staged.source_row, by_name=True)
        for table, ledger in CONTRACTS.items():
            try:
                con.append(table, staged.tables[table], by_name=True)
            except duckdb.ConstraintException as error:  # the last barrier: no row gets past it
                raise ChunshuiError(
                    f"《{ledger.name}》里有一行不合数据表的约束，未发布；现用版本不变。"
                    f"请核对该台账的编号、日期与所属关系。数据库的原话：{error}"
                ) from error
    with steps("推算落点与月份", 0.5):
        con.append("month", derive.months(staged, month), by_name=True)
        con.append("station_place", derive.station_place(staged.tables), by_name=True)
        con.append("version_note", _notes(staged), by_name=True)
        surveys.tell(con, store)
    with steps("计算步行可达", 0.52):
        findings = derive.walk(con, staged.tables, below)
    with steps("核查数据质量", 0.55):
        con.append(
            "check_result", findings, by_name=True
        )  # first: rules ask what is off as a whole
        run_checks(con)
        if staged.issues:
            con.append("check_result", _noted(staged.issues), by_name=True)


def lacking(staged: Staged) -> list[str]:
    """The ledgers without which there is no district."""
    return [
        CONTRACTS[table].name
        for table in ("district", "street", "community")
        if table not in staged.tables or staged.tables[table].empty
    ]


def _noted(issues: list[Issue]) -> pd.DataFrame:
    """Keep the warnings of the ledgers in the version: nothing is passed over in silence."""
    return pd.DataFrame(
        {
            "check_id": FROM_LEDGERS,
            "severity": [issue.severity for issue in issues],
            "entity_table": "source_row",
            "entity_id": [
                f"{issue.file}·{issue.sheet or ''}·{issue.row or ''}" for issue in issues
            ],
            "message": [str(issue) for issue in issues],
            "mend": [issue.mend for issue in issues],
        }
    )


def _notes(staged: Staged) -> pd.DataFrame:
    """What the version says of itself to whoever has only the file."""
    nature = one_nature(staged.source_file)
    notes = {"数据性质": nature, "坐标": "WGS-84；距离按 CGCS2000 三度带投影，单位米"}
    if nature == "演示":
        notes["声明"] = DEMONSTRATION
    if staged.of_streets:
        notes["只更新部分街道"] = "；".join(
            f"{CONTRACTS[one].name}：{'、'.join(part.names) or '空表'}"
            for one, part in staged.of_streets.items()
        )
    return pd.DataFrame({"key": list(notes), "value": list(notes.values())})
