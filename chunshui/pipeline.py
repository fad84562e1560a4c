"""From ledgers to a published version: the one way data gets in.

read the ledgers (in a child with limits) → add the ledgers that were not given again, as they are
in the version now served → create the tables → put the rows in, parents first → derive what no ledger
states → run the quality rules → run every metric for every month → publish.
"""

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates
from chunshui.catalogue import checks, values
from chunshui.circles import coordinate_check, walks
from chunshui.errors import ChunshuiError, LedgersRefusedError, NothingPublishedError
from chunshui.ledgers import child, load, read, versus
from chunshui.ledgers.contracts import ALL as CONTRACTS
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.load import Files
from chunshui.warehouse import Manifest, Store, schema, sql
from chunshui.warehouse.reader import BUILD_MEMORY, MEMORY, connect
from chunshui.warehouse.store import Progress, one_nature, refuse_errors

HISTORY_MONTHS = 36
# A date this many months past all others is a slip of the pen (2062 for 2026), not a month.
LONGEST_GAP_MONTHS = 12

LONGEST = 1800  # seconds that checking, or building and computing, may take; it takes some twenty
READING = 0.4  # share of the whole, for the progress shown
FROM_LEDGERS = "台账读入"  # the check_id of what reading the ledgers found
FROM_NETWORK = "步行路网"  # of what the walking network has that a reader must know
FROM_COORDINATES = "坐标系"  # of coordinates that are not in the system their ledger states
GROUND = "步行网络指纹"  # the version's note of what its walks depend on

# The ledgers of things that happen, whose dates say which months a version covers.
HAPPENING = {
    "opinion": "received_on",
    "opinion_event": "happened_on",
    "investment": "month",
    "fund_entry": "booked_on",
    "renovation_stage": "actual_on",
    "beneficiary": "confirmed_on",
}


@dataclass(frozen=True)
class Wish:
    """How some ledgers are to be taken.

    fresh: they are the whole set; else ledgers not among them stay as the served version has them.
    whole: a ledger with rows of some streets only takes the place of the whole ledger; else the
        rows of the other streets stay, too.
    streets: the streets reported (names or codes), whatever the rows say.
    demonstration: they count as synthetic, whatever they say.
    confirmed: a person has confirmed what the check asks about (a ledger fallen by half).
    month: the last month the version covers (YYYY-MM); else the last in which anything happened.
    """

    fresh: bool = False
    whole: bool = False
    streets: tuple[str, ...] = ()
    demonstration: bool = False
    confirmed: bool = False
    month: str | None = None


@dataclass(frozen=True)
class Examined:
    """What a check found: the ledgers as read, and the rows of check_result of the whole set.

    `staged` has what stays from the version `base`, too, but for its raw rows; `given` has not.
    `found` is empty where an error of the ledgers kept the rules from being run.
    """

    staged: load.Staged
    given: load.Staged
    found: pd.DataFrame
    base: str | None

    @property
    def ok(self) -> bool:
        """Whether the ledgers may be published, once what is asked is confirmed."""
        return self.staged.ok and not (self.found["severity"] == "错误").any()


def build_and_publish(
    ledgers: Files,
    *,
    store: Store,
    note: str,
    by: str,
    progress: Progress = lambda step, share: None,
    month: str | None = None,
    wish: Wish | None = None,
) -> Manifest:
    """Read the ledgers in a folder (or some files), build a version of them and publish it.

    `progress` is told what is being done (Chinese) and the share of the whole that is done.
    `month` is short for a wish with nothing but that.

    Raises LedgersRefusedError with every issue of the ledgers, ChecksFailedError with every
    row a rule of severity 错误 found, or another ChunshuiError; the version served stays.
    """
    fill, below = _filling(ledgers, progress, wish or Wish(month=month), store)
    return store.publish(fill, note=note, by=by, progress=progress, **below)


def build(
    ledgers: Files,
    *,
    store: Store,
    note: str,
    by: str,
    progress: Progress = lambda step, share: None,
    month: str | None = None,
    wish: Wish | None = None,
    examined: Examined | None = None,
) -> Manifest:
    """Do all of `build_and_publish` but the last step: the version lies ready, unserved.

    Ledgers that were `examined` with the same wish are not read again.
    """
    fill, below = _filling(ledgers, progress, wish or Wish(month=month), store, examined)
    return store.build(fill, note=note, by=by, progress=progress, **below)


def rebuild(
    *,
    store: Store,
    note: str,
    by: str,
    progress: Progress = lambda step, share: None,
) -> Manifest:
    """Publish the ledgers of the version in use once more, computed by the present software.

    Raises NothingPublishedError when there is none, else as `build_and_publish`.
    """
    month = store.manifest(store.current().version).as_of
    return build_and_publish([], store=store, note=note, by=by, progress=progress, month=month)


def check(
    ledgers: Files,
    *,
    store: Store | None = None,
    progress: Progress = lambda step, share: None,
    month: str | None = None,
    wish: Wish | None = None,
) -> tuple[list[Issue], pd.DataFrame]:
    """Read the ledgers and run the quality rules, and keep nothing.

    Returns the issues of the ledgers and the rows of check_result (empty when an issue of
    level 错误 keeps the rules from being run).
    """
    found = examine(ledgers, store=store, progress=progress, wish=wish or Wish(month=month))
    return found.staged.issues, found.found


def examine(
    ledgers: Files,
    *,
    store: Store | None,
    wish: Wish,
    progress: Progress = lambda step, share: None,
) -> Examined:
    """Read the ledgers, hold them against the served version, run the rules; keep nothing."""
    steps = _Steps(progress)
    given, version = _stage(ledgers, steps, store, wish)
    staged = _complete(given, store, version, rows=False)
    nothing = pd.DataFrame(columns=["check_id", "severity", "entity_table", "entity_id"])
    if not staged.ok or _lacking(staged):
        return Examined(staged, given, nothing, version)
    con = connect(MEMORY, read_only=False)  # kept nowhere: no file, and nothing flushed to disk
    try:
        with _limited(con):
            _load(con, staged, wish.month, steps, store)
            found = sql.run(con, "views/check_results")
    finally:
        con.close()
    return Examined(staged, given, found[found["check_id"] != FROM_LEDGERS], version)


@contextmanager
def _limited(con: duckdb.DuckDBPyConnection, seconds: float = LONGEST):
    """End what runs on a connection when it takes too long or too much memory; say so in words."""
    late = threading.Event()

    def end() -> None:
        late.set()
        con.interrupt()

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise ChunshuiError(
            f"核查与计算所需内存超过 {BUILD_MEMORY}，已中止；现用版本不变。请把台账分几批报。"
        ) from error
    except duckdb.Error as error:
        if not late.is_set():
            raise
        raise ChunshuiError(
            f"核查与计算超过 {seconds:,.0f} 秒，已中止；现用版本不变。请稍后再试，或分几批报。"
        ) from error
    finally:
        timer.cancel()


class _Steps:
    """Tells the progress of named steps and keeps how long each took, in seconds."""

    def __init__(self, progress: Progress):
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str, share: float):
        self.progress(name, share)
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)


def _filling(
    ledgers: Files,
    progress: Progress,
    wish: Wish,
    store: Store,
    examined: Examined | None = None,
) -> tuple[Callable, dict]:
    """Read the ledgers; return what fills an empty database, and what the manifest is to say.

    That is the version below, and the streets of the ledgers of which some only are new.
    """
    steps = _Steps(progress)
    if examined is None:
        given, version = _stage(ledgers, steps, store, wish)
    else:
        given, version = examined.given, examined.base
    staged = _complete(given, store, version, rows=True)
    _refuse_issues(staged, wish)

    def fill(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
        for path, _ in read.labelled(ledgers):
            store.keep(path)
        with _limited(con):
            _load(con, staged, wish.month, steps, store)
            if staged.carried:
                con.append("check_result", _noted_before(con, staged, store, version), by_name=True)
            refuse_errors(con)
            with steps("计算指标", 0.6):
                values.fill(con, progress=lambda share: progress("计算指标", 0.6 + 0.35 * share))
        return steps.seconds

    updated = {CONTRACTS[one].name: list(part.names) for one, part in staged.merged.items()}
    return fill, {"base": version, "updated": updated}


def _stage(
    ledgers: Files, steps: _Steps, store: Store | None, wish: Wish
) -> tuple[load.Staged, str | None]:
    """Read the ledgers, telling which one is being read; return them and the version below."""
    with steps("读入台账", 0.0):
        below = None if store is None or wish.fresh else _below(store)
        staged = child.stage(
            ledgers,
            base=None if below is None else (store.path(below.version), below),
            demonstration=wish.demonstration,
            whole=wish.whole,
            streets=wish.streets,
            progress=lambda name, share: steps.progress(f"读入{name}", READING * share),
        )
    carries = below is not None and (staged.kept or staged.merged)
    return staged, below.version if carries else None


def _complete(
    given: load.Staged, store: Store | None, version: str | None, *, rows: bool
) -> load.Staged:
    """Put in what stays from the version below; `rows` its raw rows, too."""
    if version is None:
        return given
    with store.open(version) as reader:
        return given.complete(versus.base(reader, rows=rows))


def _below(store: Store) -> Manifest | None:
    """The version of which stays what is not given again; None when there is none."""
    try:
        return store.manifest(store.current().version)
    except NothingPublishedError:
        return None


def _load(
    con: duckdb.DuckDBPyConnection,
    staged: load.Staged,
    month: str | None,
    steps: _Steps,
    store: Store | None = None,
) -> None:
    """Fill a new database up to the findings of the quality rules.

    With a store, walks that its present version has measured are taken over from it.
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
        con.append("month", months(staged, month), by_name=True)
        con.append("station_place", station_place(staged.tables), by_name=True)
        con.append("version_note", _notes(staged), by_name=True)
    with steps("计算步行可达", 0.52):
        found = _walk(con, staged.tables, _walked_before(store))
    with steps("核查数据质量", 0.55):
        checks.run(con)
        con.append("check_result", found, by_name=True)
        if staged.issues:
            con.append("check_result", _noted(staged.issues), by_name=True)


def _walk(con, tables: dict[str, pd.DataFrame], before: walks.Walks | None) -> pd.DataFrame:
    """Measure all walks and put them in; return what the network and the coordinates show.

    The findings are rows of check_result: a ledger whose coordinates are in another system
    than it states is an error, since every walk of it would be wrong.
    """
    measured = walks.measure(tables, before)
    con.append("walk_door", measured.door, by_name=True)
    con.append("reach", measured.reach, by_name=True)
    con.append("unroutable", measured.unroutable, by_name=True)
    ground = pd.DataFrame({"key": [GROUND], "value": [measured.ground or walks.NO_NETWORK]})
    con.append("version_note", ground, by_name=True)
    notes = pd.DataFrame(
        {
            "check_id": FROM_NETWORK,
            "severity": "提示",
            "entity_table": "walk_edge",
            "entity_id": [note.kind for note in measured.notes],
            "message": [note.text for note in measured.notes],
            "mend": "在步行节点、步行路段台账里核对；确实如此的不必改。",
        }
    )
    return pd.concat(
        [notes, coordinate_check.coordinate_findings(tables).assign(check_id=FROM_COORDINATES)]
    )


def _walked_before(store: Store | None) -> walks.Walks | None:
    """Return the walks of the version now served; None when there is none to take over."""
    if store is None:
        return None
    try:
        with store.open() as reader:
            notes = reader.query("views/version_notes").set_index("key")["value"]
            door, pairs = reader.query("views/walk_doors"), reader.query("views/walks")
    except (ChunshuiError, duckdb.Error):  # none published, damaged, or older than the walks
        return None
    return walks.Walks(door, pairs, pd.DataFrame(), (), notes.get(GROUND, ""), 0)


def _refuse_issues(staged: load.Staged, wish: Wish) -> None:
    """Raise with every issue of the ledgers, when one of them is an error or must be confirmed."""
    if not staged.ok:
        raise LedgersRefusedError(
            f"台账里有 {len(staged.errors)} 处错误，未发布；现用版本不变。请改正后再试：\n"
            + "\n".join(f"· {issue}" for issue in staged.errors),
            staged.issues,
        )
    if staged.questions and not wish.confirmed:
        raise LedgersRefusedError(
            f"有 {len(staged.questions)} 处需要确认，未发布；现用版本不变。"
            "核对无误的，请加 --confirm 再发布：\n"
            + "\n".join(f"· {issue}" for issue in staged.questions),
            staged.issues,
        )
    one_nature(staged.source_file)
    if missing := _lacking(staged):
        raise LedgersRefusedError(
            f"缺少台账：{'、'.join(missing)}。没有它们，其他台账无处可落。"
            "请补上文件；样例可用 python -m chunshui demo 生成。",
            staged.issues,
        )


def _lacking(staged: load.Staged) -> list[str]:
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
            "severity": [issue.level for issue in issues],
            "entity_table": "source_row",
            "entity_id": [
                f"{issue.file}·{issue.sheet or ''}·{issue.row or ''}" for issue in issues
            ],
            "message": [str(issue) for issue in issues],
            "mend": [issue.mend for issue in issues],
        }
    )


def _noted_before(con, staged: load.Staged, store: Store, version: str) -> pd.DataFrame:
    """What reading the ledgers found in rows that stay as they are in the version below."""
    with store.open(version) as reader:
        found = reader.query("views/check_results")
    found = found[found["check_id"] == FROM_LEDGERS]
    labels, sources = found["entity_id"].tolist(), sorted(staged.carried)
    staying = sql.run(con, "ledgers/rows_staying", labels=labels, sources=sources)["label"]
    columns = ["check_id", "severity", "entity_table", "entity_id", "message", "mend"]
    return found.loc[found["entity_id"].isin(staying), columns]


def _notes(staged: load.Staged) -> pd.DataFrame:
    """What the version says of itself to whoever has only the file."""
    nature = one_nature(staged.source_file)
    notes = {"数据性质": nature, "坐标": "WGS-84；距离按 CGCS2000 三度带投影，单位米"}
    if nature == "演示":
        notes["声明"] = "演示数据（合成，非真实统计）"
    if staged.merged:
        notes["只更新部分街道"] = "；".join(
            f"{CONTRACTS[one].name}：{'、'.join(part.names) or '空表'}"
            for one, part in staged.merged.items()
        )
    return pd.DataFrame({"key": list(notes), "value": list(notes.values())})


def months(staged: load.Staged, last: str | None = None) -> pd.DataFrame:
    """Return the months a version can be asked for: month (first day), month_end, oldest first.

    From the first month in which anything happened, at most HISTORY_MONTHS back from the
    last. Raises ChunshuiError when nothing is dated, or a date lies far past all others.
    """
    dated = [
        staged.tables[table][[column, "source_id", "source_row"]].set_axis(
            ["day", "source_id", "source_row"], axis=1
        )
        for table, column in HAPPENING.items()
        if not staged.tables[table].empty
    ]
    events = pd.concat(dated, ignore_index=True) if dated else pd.DataFrame({"day": []})
    events["month"] = pd.to_datetime(events["day"]).dt.to_period("M")
    seen = np.sort(events["month"].dropna().unique())
    if last:
        end = _period(last)
    elif len(seen):
        end = seen[-1]
        _refuse_stray(events, seen, staged.source_file)
    else:
        raise ChunshuiError(
            "台账里没有一条带日期的记录（民情、旧改、资金），无法确定统计月份。"
            "请补台账，或用 --month 写明月份，例如 --month 2026-10。"
        )
    earliest = end - HISTORY_MONTHS + 1
    start = max(min(seen[0], end), earliest) if len(seen) else end
    span = pd.period_range(start, end, freq="M")
    return pd.DataFrame({"month": span.start_time, "month_end": span.end_time.normalize()})


def _period(month: str) -> pd.Period:
    try:
        return pd.Period(pd.to_datetime(month, format="%Y-%m"), freq="M")
    except ValueError:
        raise ChunshuiError(f"月份“{month}”看不懂，请写成 2026-10 这样的形式。") from None


def _refuse_stray(events: pd.DataFrame, seen: np.ndarray, files: pd.DataFrame) -> None:
    """Refuse dates that lie more than LONGEST_GAP_MONTHS past every earlier one."""
    for before, after in pairwise(seen):
        if (after - before).n > LONGEST_GAP_MONTHS:
            stray = events[events["month"] >= after].merge(files, on="source_id")
            if len(stray) > len(events) / 2:  # not the late rows but the early ones are strange
                continue
            lines = [
                f"· {row.file_name} 第 {row.source_row} 行：{row.day:%Y-%m-%d}"
                for row in stray.sort_values(["file_name", "source_row"]).itertuples()
            ]
            raise ChunshuiError(
                f"{len(stray)} 条记录的日期比其余记录晚一年以上，请核对；"
                "如果属实，请用 --month 写明统计月份：\n" + "\n".join(lines)
            )


def station_place(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Find where each station really stands, whatever its ledger says.

    Returns station_id, community_code (the community whose polygon holds the point; missing
    outside all of them) and metres_outside: how far the point lies from the community the
    ledger names, or from the street where it names no community; 0 inside.
    """
    stations, communities, streets = (tables[t] for t in ("station", "community", "street"))
    if stations.empty:
        return pd.DataFrame({"station_id": [], "community_code": [], "metres_outside": []})
    crs = coordinates.zone(stations["lon"])
    points = shapely.points(coordinates.to_metres(stations["lon"], stations["lat"], crs))
    areas = {
        **dict(zip(streets["street_code"], _metres(streets["shape"], crs), strict=True)),
        **dict(zip(communities["community_code"], _metres(communities["shape"], crs), strict=True)),
    }
    named = stations["community_code"].where(
        stations["community_code"].notna(), stations["street_code"]
    )
    outside = shapely.distance(points, [areas[code] for code in named]).round(1)
    codes = communities["community_code"].to_numpy()
    at, inside = shapely.STRtree([areas[code] for code in codes]).query(
        points, predicate="intersects"
    )
    standing = stations["community_code"].where(outside == 0).to_numpy(dtype=object, copy=True)
    # On a border the community the ledger names is right; else one of the two, always the same.
    for station, area in zip(at, inside, strict=True):
        if pd.isna(standing[station]):
            standing[station] = codes[area]
    return pd.DataFrame(
        {
            "station_id": stations["station_id"].to_numpy(),
            "community_code": standing,
            "metres_outside": outside,
        }
    )


def _metres(shapes: pd.Series, crs: str) -> np.ndarray:
    """WKB in WGS-84 degrees → shapes in metres of the projection `crs`."""
    return shapely.transform(
        shapely.from_wkb(shapes.to_numpy()),
        lambda points: coordinates.to_metres(points[:, 0], points[:, 1], crs),
    )
