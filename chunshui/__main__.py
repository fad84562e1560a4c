"""The command line: make, check, publish and undo versions, compare two, open the dashboard."""

import argparse
import getpass
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from chunshui import paths
from chunshui.access import loopback
from chunshui.errors import ChunshuiError
from chunshui.warehouse import Manifest, Store, compare, software

LOOPBACK = "127.0.0.1"
LEVELS = ("错误", "警告", "提示")

HELP = """\
用法：python -m chunshui 命令 …

  run [--port 8501]              打开看板；还没有发布过版本时，先建成并发布演示版本
  demo [文件夹]                  生成演示区的台账（合成数据），默认放在 data/ledgers
  check 台账…                    只检查台账（文件夹或文件，可写几个），不留下任何东西
  build 台账…                    建成一个版本，但先不发布
  publish 台账… 或版本号         建成并发布；或发布已建成的版本
  rebuild                        升级软件之后，把现用版本的台账重新算一遍并发布
  undo [版本号]                  回退到上一个使用的版本，或指定的版本
  versions                       列出全部版本和发布记录
  compare 版本号 [版本号]        比较两个版本；省略后一个时与现用版本比较
  snapshot 模板 …                冻结会议快照并生成材料；细节见 snapshot --help

没有再报的台账沿用现用版本里的；一本台账只有部分街道的行时，只更新这些街道，其余街道沿用。
check、build、publish 可加：
  --whole 一律替换整本台账          --streets 古田街道,汉正街道 写明只报哪些街道
  --fresh 全新一套，不沿用          --demonstration 作为演示数据试用
  --confirm 已核对需要确认的地方    --month 2026-10 指定统计月份
check 可加 --annotated 文件夹，把标出问题的副本写到那里；build、publish、rebuild、undo 可加 --note "说明"。
数据放在项目的 data 文件夹，或环境变量 CHUNSHUI_DATA 所指的文件夹。
"""


class _NotUnderstoodError(Exception):
    """What was typed is no command; `main` knows what it was."""


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese: argparse's own words are English."""

    def error(self, message: str):
        raise _NotUnderstoodError

    def format_help(self) -> str:
        return HELP


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="chunshui", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)

    def command(name: str, *options: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, allow_abbrev=False)
        for option in options:
            added.add_argument(option, default="" if option == "--note" else None)
        return added

    command("run").add_argument("--port", type=int, default=8501)
    command("demo").add_argument("folder", type=Path, nargs="?", default=None)
    for name in ("check", "build", "publish"):
        added = command(name, "--month", *(() if name == "check" else ("--note",)))
        added.add_argument("what" if name == "publish" else "ledgers", type=Path, nargs="+")
        for option in ("--fresh", "--whole", "--demonstration", "--confirm"):
            added.add_argument(option, action="store_true")
        added.add_argument("--streets", type=_names, default=())
        if name == "check":
            added.add_argument("--annotated", type=Path, default=None)
    command("rebuild", "--note")
    command("undo", "--note").add_argument("version", nargs="?", default=None)
    command("versions")
    sides = command("compare")
    sides.add_argument("a")
    sides.add_argument("b", nargs="?", default=None)
    return parser


def _names(text: str) -> tuple[str, ...]:
    """The names in a list that is written with commas of either width or 、."""
    return tuple(name.strip() for name in re.split(r"[,，、]", text) if name.strip())


class _Progress:
    """Show steps as they come: one line each, the share updated in place on a terminal."""

    def __init__(self):
        self.step = None
        self.started = time.perf_counter()

    def __call__(self, step: str, share: float) -> None:
        live = sys.stdout.isatty()
        if step != self.step and self.step is not None and live:
            print()
        if step != self.step or live:
            seconds = time.perf_counter() - self.started
            line = f"[{share:4.0%}] {step}（{seconds:.1f} 秒）"
            print(f"\r\x1b[K{line}" if live else line, end="" if live else "\n", flush=True)
        self.step = step

    def end(self) -> None:
        """Leave the line that was being updated."""
        if self.step is not None and sys.stdout.isatty():
            print()


def _by() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user, as in some containers
        return "本机用户"


def _store() -> Store:
    return Store(paths.versions_dir())


# ---------------------------------------------------------------- commands


def demo(folder: Path | None) -> None:
    """Write the demonstration district's ledgers into a folder that is new or empty."""
    folder = folder or paths.ledgers_dir()
    _with_progress(lambda progress: _write_demo(folder, progress))
    print(f"演示台账（合成数据，非真实统计）已写入 {folder}")


def check(ledgers: list[Path], annotated: Path | None, **wishes) -> None:
    """Print every issue of the ledgers and every finding of the quality rules."""
    from chunshui import pipeline

    files, wish = _files(ledgers), _wish(wishes)
    issues, found = _with_progress(
        lambda progress: pipeline.check(files, store=_store(), progress=progress, wish=wish)
    )
    for issue in issues:
        print(f"· {issue}")
    for row in found.itertuples():
        print(f"· [{row.severity}] {row.message.rstrip('。')}（{row.entity_id}）。{row.mend}")
    if annotated is not None:
        _annotate(files, issues, annotated)
    levels = [issue.level for issue in issues] + [row.severity for row in found.itertuples()]
    print("，".join(f"{level} {levels.count(level)} 处" for level in LEVELS))
    if "错误" in levels:
        raise ChunshuiError("有错误，不能发布。请改正后再检查一遍。")
    asked = sum(issue.asks for issue in issues)
    if asked and not wish.confirmed:
        raise ChunshuiError(f"有 {asked} 处需要确认。核对无误的，发布时请加 --confirm。")
    print("可以发布。")


def _annotate(files: list[tuple[Path, str]], issues: list, folder: Path) -> None:
    """Write a marked copy of every ledger that has an issue into a folder."""
    from chunshui.ledgers import child, personal

    folder.mkdir(parents=True, exist_ok=True)
    for path, label in files:
        own = [issue for issue in issues if issue.file == label]
        if not own or any(personal.refuses(issue) for issue in own):
            continue
        target = folder / f"{Path(label).stem}_批注.xlsx"
        try:
            target.write_bytes(child.annotated(path, label, own))
        except ChunshuiError as error:
            print(error)
        else:
            print(f"批注副本：{target}")


def build(ledgers: list[Path], note: str, **wishes) -> None:
    """Build a version without publishing it."""
    from chunshui import pipeline

    files, wish = _files(ledgers), _wish(wishes)
    manifest = _with_progress(
        lambda progress: pipeline.build(
            files, store=_store(), note=note, by=_by(), progress=progress, wish=wish
        )
    )
    _describe(manifest)
    print(f"尚未发布。发布请用：python -m chunshui publish {manifest.version}")


def publish(what: list[Path], note: str, **wishes) -> None:
    """Publish ledgers, or a version built before."""
    from chunshui import pipeline

    first = str(what[0])
    if len(what) == 1 and re.fullmatch(r"v\d+", first) and not what[0].exists():
        entry = _store().serve(first, by=_by(), note=note)
        print(f"已发布 {entry.version}。")
        return
    files, wish = _files(what), _wish(wishes)
    manifest = _with_progress(
        lambda progress: pipeline.build_and_publish(
            files, store=_store(), note=note, by=_by(), progress=progress, wish=wish
        )
    )
    _describe(manifest)
    print(f"已发布 {manifest.version}。")


def rebuild(note: str) -> None:
    """Compute the version in use anew with this software, and publish that."""
    from chunshui import pipeline

    manifest = _with_progress(
        lambda progress: pipeline.rebuild(
            store=_store(), note=note or "软件升级后重算", by=_by(), progress=progress
        )
    )
    _describe(manifest)
    print(f"已发布 {manifest.version}。")


def undo(version: str | None, note: str) -> None:
    """Move the pointer back."""
    entry = _store().undo(version, by=_by(), note=note)
    print(f"已回退，现用版本 {entry.version}。")


def versions() -> None:
    """List versions and the history."""
    store = _store()
    found = store.versions()
    if not found:
        store.current()  # says in words that there is none, or that it cannot be read
    published = {entry.version for entry in store.history() if entry.effective}
    serving = None
    try:
        serving = store.current()
    except ChunshuiError as error:
        print(f"注意：{error}\n")
    if serving and serving.warning:
        print(f"注意：{serving.warning}\n")
    for manifest in found:
        fault = store.fault(manifest.version)
        state = "已发布过" if manifest.version in published else "未发布"
        if serving and manifest.version == serving.version:
            state = "使用中"
        print(
            f"{manifest.version}  {fault or state}  {_local(manifest.made_at)}  {manifest.by}  "
            f"{manifest.nature}  截至 {manifest.as_of or '—'}  "
            f"{sum(manifest.rows.values()):,} 行  {manifest.bytes / 1e6:.1f} MB  {manifest.note}"
        )
    print("\n发布记录：")
    for entry in store.history():
        left = "" if entry.effective else "（中断，未生效）"
        print(
            f"{entry.serial:>4}  {_local(entry.at)}  {entry.action} {entry.version}{left}  "
            f"{entry.by}  {entry.note}"
        )


def compare_two(a: str, b: str | None) -> None:
    """Print what differs between two versions."""
    from chunshui.ledgers import contracts

    store = _store()
    comparison = compare(store, a, b or store.current().version)
    print(f"{comparison.a.version} → {comparison.b.version}")
    tables = comparison.tables
    for row in tables[tables[["added", "removed", "changed"]].any(axis=1)].itertuples():
        print(
            f"\n{contracts.ALL[row.table_name].name}：{row.rows_a:,} 行 → {row.rows_b:,} 行"
            f"（新增 {row.added:,}，删除 {row.removed:,}，修改 {row.changed:,}）"
        )
        changes = comparison.changes[comparison.changes["table_name"] == row.table_name]
        for change in changes.itertuples():
            print(
                f"  {change.change} {change.key}{_cell(contracts.ALL[change.table_name], change)}{_rows(change)}"
            )
    figures = comparison.metrics.query("variant == 'base'").drop_duplicates(
        "metric_id", keep="last"
    )
    if len(figures):
        print("\n全区指标（有差别的最近一个月）：")
    for row in figures.itertuples():
        values = f"{_number(row.value_a)} → {_number(row.value_b)} {row.unit}"
        print(f"  {row.metric_name}（{row.month}）：{values}")
    for row in comparison.checks.itertuples():
        print(f"  数据质量{row.change}：{row.message}（{row.entity_id}）")
    if comparison.changes.empty and comparison.metrics.empty and comparison.checks.empty:
        print("两个版本没有差别。")


def run(port: int) -> None:
    """Open the dashboard on the loopback address; publish the demonstration version first."""
    wanted = os.environ.get("STREAMLIT_SERVER_ADDRESS", LOOPBACK)
    if not loopback.is_loopback(wanted):
        raise ChunshuiError(loopback.refusal(wanted))
    _refuse_taken(port)
    store = _store()
    if not store.versions():
        _first_version(store)
    _say_when_older(store)
    print(f"正在打开看板：http://{LOOPBACK}:{port} （按 Ctrl+C 结束）", flush=True)
    os.chdir(paths.ROOT)  # where Streamlit looks for .streamlit/config.toml
    options = {
        "--server.address": LOOPBACK,
        "--server.port": str(port),
        "--logger.hideWelcomeMessage": "true",  # it is in English, and the line above says it
    }
    arguments = [part for option in options.items() for part in option]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", "app.py", *arguments])


# ---------------------------------------------------------------- inside


def _say_when_older(store: Store) -> None:
    with suppress(ChunshuiError):  # a version that cannot be read is the page's to explain
        manifest = store.manifest(store.current().version)
        if software.changed(manifest.software):
            print(f"{manifest.version} {software.OLDER}")


def _first_version(store: Store) -> None:
    """Publish the ledgers in the data folder, or the demonstration's where there are none."""
    from chunshui import pipeline

    ledgers = paths.ledgers_dir()
    if not ledgers.is_dir() or not any(ledgers.iterdir()):
        print("还没有发布过任何版本，先生成演示区台账（合成数据），再建成并发布演示版本。")
        _with_progress(lambda progress: _write_demo(ledgers, progress))
    else:
        print(f"还没有发布过任何版本，先发布 {ledgers} 里的台账。")
    manifest = _with_progress(
        lambda progress: pipeline.build_and_publish(
            ledgers, store=store, note="首次发布", by=_by(), progress=progress
        )
    )
    _describe(manifest)


def _write_demo(folder: Path, progress: Callable[[str, float], None]) -> None:
    """Write beside the folder and rename: a killed run leaves no half of a district behind."""
    from chunshui.demo import write_ledgers

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ChunshuiError(
            f"{folder} 里已有文件，为免覆盖，没有写入。请换一个空文件夹，或先把它移走。"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as beside:
        fresh = Path(beside) / folder.name
        fresh.mkdir()
        write_ledgers(fresh, progress=progress)
        fresh.replace(folder)


def snapshot(arguments: list[str]) -> None:
    """Freeze, export, list or compare snapshots for meetings."""
    from chunshui.snapshots import command

    command.run(arguments)


def _with_progress(work: Callable):
    progress = _Progress()
    try:
        return work(progress)
    finally:
        progress.end()


def _files(given: list[Path]) -> list[tuple[Path, str]]:
    """The files of some folders and single files, each with the name to call it by."""
    from chunshui.ledgers import read

    files = []
    for path in given:
        if not path.exists():
            raise ChunshuiError(
                f"没有台账文件夹 {path}。请检查路径；演示台账可用 python -m chunshui demo 生成。"
            )
        files += read.labelled(path)
    labels = [label for _, label in files]
    if doubled := sorted({label for label in labels if labels.count(label) > 1}):
        raise ChunshuiError(f"有同名的文件：{'、'.join(doubled)}。请改名，或放进同一个文件夹。")
    return files


def _wish(wishes: dict):
    from chunshui import pipeline

    if wishes["whole"] and wishes["streets"]:
        raise ChunshuiError("--whole 和 --streets 只能写一个：替换整本，或只更新写明的街道。")
    return pipeline.Wish(confirmed=wishes.pop("confirm"), **wishes)


def _refuse_taken(port: int) -> None:
    if not 1 <= port <= 65535:
        raise ChunshuiError(f"端口 {port} 不对，请写 1 到 65535 之间的数，例如 --port 8501。")
    if not _free(port):
        other = next((p for p in range(port + 1, min(port + 100, 65536)) if _free(p)), None)
        way = f"换一个端口：python -m chunshui run --port {other}，或" if other else ""
        raise ChunshuiError(
            f"端口 {port} 已被占用，可能看板已经打开（http://{LOOPBACK}:{port}）。"
            f"请{way}先关掉占用它的程序。"
        )


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _describe(manifest: Manifest) -> None:
    seconds = "，".join(f"{step} {took:.1f}" for step, took in manifest.timings.items())
    checks = "，".join(f"{level} {number}" for level, number in manifest.checks.items()) or "无"
    print(
        f"{manifest.version}：{manifest.nature}数据，截至 {manifest.as_of}，"
        f"{sum(manifest.rows.values()):,} 行，{manifest.bytes / 1e6:.1f} MB\n"
        f"各步用时（秒）：{seconds}；共 {sum(manifest.timings.values()):.1f}\n"
        f"数据质量提醒：{checks}"
    )
    for ledger, streets in manifest.updated.items():
        print(f"{ledger}只更新了：{'、'.join(streets) or '空表，沿用原有的行'}")


def _local(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"


def _number(value: float) -> str:
    return "—" if value != value else f"{value:,.2f}".rstrip("0").rstrip(".")


def _cell(ledger, change) -> str:
    """Write the cell that differs: header, old value, new value."""
    if change.column is None:
        return ""
    headers = {column.key: column.header for column in ledger.columns}
    header = headers.get(change.column, change.column)
    return f" {header}：{change.value_a or '空'} → {change.value_b or '空'}"


def _rows(change) -> str:
    """Write where the row stands in the ledgers of either side."""
    sides = [
        (change.file_a, change.sheet_a, change.row_a),
        (change.file_b, change.sheet_b, change.row_b),
    ]
    written = [
        f"{'·'.join(part for part in (file, sheet) if part)} 第 {row} 行"
        for file, sheet, row in sides
        if row is not None
    ]
    return f"（{' → '.join(dict.fromkeys(written))}）" if written else ""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["snapshot"]:  # has options and help of its own
        given = {"command": "snapshot", "arguments": arguments[1:]}
    else:
        try:
            given = vars(_parser().parse_args(arguments))
        except _NotUnderstoodError:
            typed = " ".join(arguments)
            print(f"看不懂这条命令：{typed}\n\n{HELP}" if typed else HELP, file=sys.stderr)
            return 2
    commands = {
        "run": run,
        "demo": demo,
        "check": check,
        "build": build,
        "publish": publish,
        "rebuild": rebuild,
        "undo": undo,
        "versions": versions,
        "compare": compare_two,
        "snapshot": snapshot,
    }
    try:
        commands[given.pop("command")](**given)
    except ChunshuiError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("\n已中断；现用版本不变。", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
