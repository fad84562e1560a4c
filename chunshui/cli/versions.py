"""`versions`, `undo`, `compare`: what there is, what is served, what differs."""

from typing import Any

from chunshui import clock
from chunshui.cli import terminal
from chunshui.cli.parser import Commands
from chunshui.errors import ChunshuiError
from chunshui.ledgers.names import column_header, ledger_name, structure_sentences
from chunshui.warehouse import compare, publish


def register(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add("undo", "回退到上一个使用的版本，或指定的版本", undo)
    parser.add_argument("version", nargs="?", metavar="版本号")
    parser.add_argument("--note", default="", metavar="说明", help="记入发布记录的说明")
    commands.add("versions", "列出全部版本和发布记录", versions)
    parser = commands.add("compare", "比较两个版本；省略后一个时与现用版本比较", compare_two)
    parser.add_argument("a", metavar="版本号")
    parser.add_argument("b", nargs="?", metavar="版本号")


def undo(version: str | None, note: str) -> None:
    """Move the pointer back."""
    entry = publish.undo(terminal.store(), version, by=terminal.user(), note=note)
    print(f"已回退，现用版本{entry.version}。")


def versions() -> None:
    """List versions and the history."""
    store = terminal.store()
    manifests = store.versions()
    if not manifests:
        store.current()  # says in words that there is none, or that it cannot be read
    published = {entry.version for entry in store.history() if entry.effective}
    serving = None
    try:
        serving = store.current()
    except ChunshuiError as error:
        print(f"注意：{error}\n")
    if serving and serving.warning:
        print(f"注意：{serving.warning}\n")
    for manifest in manifests:
        fault = store.fault(manifest.version)
        state = "已发布过" if manifest.version in published else "未发布"
        if serving and manifest.version == serving.version:
            state = "使用中"
        print(
            f"{manifest.version}  {fault or state}  {clock.written(manifest.made_at)}  {manifest.by}  "
            f"{manifest.nature}  截至{manifest.as_of or '—'}  "
            f"{sum(manifest.rows.values()):,}行  {manifest.bytes / 1e6:.1f} MB  {manifest.note}"
        )
    print("\n发布记录：")
    for entry in store.history():
        left = "" if entry.effective else "（中断，未生效）"
        print(
            f"{entry.serial:>4}  {clock.written(entry.at)}  {entry.action} {entry.version}{left}  "
            f"{entry.by}  {entry.note}"
        )


def compare_two(a: str, b: str | None) -> None:
    """Print what differs between two versions."""
    store = terminal.store()
    comparison = compare(store, a, b or store.current().version)
    print(f"{comparison.a.version} → {comparison.b.version}")
    for sentence in structure_sentences(comparison.structure):
        print(sentence)
    tables = comparison.tables
    for row in tables[tables[["added", "removed", "changed"]].any(axis=1)].itertuples():
        print(
            f"\n{ledger_name(row.table_name)}：{row.rows_a:,}行 → {row.rows_b:,}行"
            f"（新增{row.added:,}，删除{row.removed:,}，修改{row.changed:,}）"
        )
        changes = comparison.changes[comparison.changes["table_name"] == row.table_name]
        for change in changes.itertuples():
            print(f"  {change.change} {change.key}{_cell(change)}{_rows(change)}")
    figures = comparison.metrics.query("variant == 'base'").drop_duplicates(
        "metric_id", keep="last"
    )
    if len(figures):
        print("\n全区指标（有差别的最近一个月）：")
    for row in figures.itertuples():
        values = f"{_number(row.value_a)} → {_number(row.value_b)}{row.unit}"
        print(f"  {row.metric_name}（{row.month}）：{values}")
    for row in comparison.checks.itertuples():
        print(f"  数据质量{row.change}：{row.message}（{row.entity_id}）")
    if all(
        rows.empty
        for rows in (
            *(comparison.structure, comparison.changes),
            *(comparison.metrics, comparison.checks),
        )
    ):
        print("两个版本没有差别。")


def _number(value: float) -> str:
    return "—" if value != value else f"{value:,.2f}".rstrip("0").rstrip(".")


def _cell(change: Any) -> str:
    """Write the cell that differs: header, old value, new value."""
    if change.column is None:
        return ""
    header = column_header(change.table_name, change.column)
    return f" {header}：{change.value_a or '空'} → {change.value_b or '空'}"


def _rows(change: Any) -> str:
    """Write where the row stands in the ledgers of either side."""
    sides = [
        (change.file_a, change.sheet_a, change.row_a),
        (change.file_b, change.sheet_b, change.row_b),
    ]
    written = [
        f"{'·'.join(part for part in (file, sheet) if part)}第{row}行"
        for file, sheet, row in sides
        if row is not None
    ]
    return f"（{' → '.join(dict.fromkeys(written))}）" if written else ""
