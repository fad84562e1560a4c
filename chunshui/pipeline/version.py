"""Build a version of ledgers, or of the served version's once more; publish it if told to."""

import logging
from dataclasses import replace

import duckdb
import pandas as pd

from chunshui.catalogue.fill import WORKERS, fill_values
from chunshui.errors import ChunshuiError, LedgersRefusedError
from chunshui.ledgers.contracts import ALL as CONTRACTS
from chunshui.ledgers.issue import Issue
from chunshui.ledgers.read import labelled_files
from chunshui.ledgers.stage import Files
from chunshui.ledgers.staged import Staged
from chunshui.pipeline import intake, values
from chunshui.pipeline.intake import FROM_LEDGERS, IntakeReport
from chunshui.pipeline.options import IntakeOptions
from chunshui.pipeline.questions import boundary_questions
from chunshui.warehouse import Manifest, Store, publish, sql
from chunshui.warehouse.publish import Progress, silent
from chunshui.warehouse.verify import one_nature, refuse_errors

LOG = logging.getLogger(__name__)


def build(
    ledgers: Files,
    *,
    store: Store,
    note: str,
    by: str,
    progress: Progress = silent,
    options: IntakeOptions = IntakeOptions(),  # noqa: B008 - frozen
    report: IntakeReport | None = None,
    serve: bool = False,
    inputs: str | None = None,
    at_once: int = WORKERS,
) -> Manifest:
    """Read the ledgers in a folder (or some files), build a version of them, publish it if told to.

    `progress` is told what is being done (Chinese) and the share of the whole that is done; so many
    metrics are computed `at_once`, each on a core.
    Ledgers that have a `report` of the same options are not read again.

    Raises LedgersRefusedError with every issue of the ledgers, ChecksFailedError with every
    row a rule of severity 错误 found, or another ChunshuiError; the version served stays.
    """
    steps = intake.Steps(progress)
    if report is None:
        given, version = intake.stage(ledgers, steps, store, options)
    else:
        given, version = report.given, report.base
    staged = intake.complete(given, store, version, rows=True)
    del given  # what is read is held once, until it stands in the database
    _refuse_issues(staged, options)

    def fill(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
        nonlocal staged
        for path, _ in labelled_files(ledgers):
            publish.keep(store, path)
        cursors = [con.cursor() for _ in range(at_once)]
        with intake.limited(con, *cursors), intake.served(None if options.anew else store) as below:
            intake.fill(con, staged, options.month, steps, below, store)
            if version is not None and staged.carried:
                con.append("check_result", _noted_before(con, staged, store, version), by_name=True)
            refuse_errors(con)
            if not options.confirmed:
                found = sql.run(con, "warehouse/check_rows")
                _refuse_questions(boundary_questions(staged, found, store, version), staged)
            staged = replace(staged, tables={}, source_row=staged.source_row.iloc[:0].copy())
            with steps("计算指标", 0.6):
                fill_values(
                    con,
                    lambda share: progress("计算指标", 0.6 + 0.35 * share),
                    below=below,
                    cursors=cursors,
                )
        return steps.seconds

    manifest = publish.build(
        store,
        fill,
        note=note,
        by=by,
        progress=progress,
        base=version,
        updated={CONTRACTS[one].name: list(part.names) for one, part in staged.of_streets.items()},
        serve=serve,
        inputs=inputs,
    )
    if values.of_a_city(store):
        try:
            values.export(store, manifest.version)
        except ChunshuiError as error:  # the version stands; an edition tries again, and says so
            LOG.warning("%s: %s", manifest.version, error)
    return manifest


def rebuild(
    *, store: Store, note: str, by: str, progress: Progress = silent, anew: bool = False
) -> Manifest:
    """Publish the ledgers of the version in use once more, computed by the present software.

    With `anew` also what that would compute the same. Raises NothingPublishedError when there is none, else as `build`.
    """
    options = IntakeOptions(month=store.manifest(store.current().version).as_of, anew=anew)
    return build([], store=store, note=note, by=by, progress=progress, options=options, serve=True)


def _refuse_issues(staged: Staged, options: IntakeOptions) -> None:
    """Raise with every issue of the ledgers, when one of them is an error or must be confirmed."""
    if not staged.ok:
        raise LedgersRefusedError(
            f"台账里有{len(staged.errors)}处错误，未发布；现用版本不变。请改正后再试：\n"
            + "\n".join(f"· {issue}" for issue in staged.errors),
            staged.issues,
        )
    if not options.confirmed:
        _refuse_questions(staged.questions, staged)
    one_nature(staged.source_file)
    if missing := intake.lacking(staged):
        raise LedgersRefusedError(
            f"缺少台账：{'、'.join(missing)}。没有它们，其他台账无处可落。"
            "请补上文件；样例可用 python -m chunshui demo 生成。",
            staged.issues,
        )


def _refuse_questions(questions: list[Issue], staged: Staged) -> None:
    """Raise with what must be confirmed, if anything."""
    if questions:
        raise LedgersRefusedError(
            f"有{len(questions)}处需要确认，未发布；现用版本不变。"
            "核对无误的，请加 --confirm 再发布：\n"
            + "\n".join(f"· {issue}" for issue in questions),
            [*staged.issues, *(one for one in questions if one not in staged.issues)],
        )


def _noted_before(con, staged: Staged, store: Store, version: str) -> pd.DataFrame:
    """What reading the ledgers found in rows that stay as they are in the version below."""
    with store.open(version) as reader:
        findings = reader.query("views/check_results")
    findings = findings[findings["check_id"] == FROM_LEDGERS]
    labels, sources = findings["entity_id"].tolist(), sorted(staged.carried)
    staying = sql.run(con, "ledgers/rows_staying", labels=labels, sources=sources)["label"]
    columns = ["check_id", "severity", "entity_table", "entity_id", "message", "mend"]
    return findings.loc[findings["entity_id"].isin(staying), columns]
