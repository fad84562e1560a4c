"""`demo`, `check`, `build`, `publish`, `rebuild`, `verify`: from ledgers to a version.

The pipeline is imported by whoever needs it: it takes 80 MB that the other commands do without.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from chunshui import paths
from chunshui.cli import terminal
from chunshui.cli.parser import Commands, Parser
from chunshui.errors import ChunshuiError
from chunshui.ledgers.issue import Issue
from chunshui.warehouse import Manifest, durable
from chunshui.warehouse import publish as publishing
from chunshui.warehouse.publish import Progress
from chunshui.words import ERROR, SEVERITIES

if TYPE_CHECKING:
    from chunshui.pipeline import IntakeOptions

STAYS = "没有再报的台账沿用现用版本里的；一本台账只有部分街道的行时，只更新这些街道，其余街道沿用。"


def register(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add("demo", "生成演示区的台账（合成数据）", write_demo)
    parser.add_argument("folder", type=Path, nargs="?", metavar="文件夹", help="默认 data/ledgers")
    parser = commands.add("check", "只检查台账，不留下任何东西", check)
    _intake(parser, "ledgers", "台账", "文件夹或文件，可写几个")
    parser.add_argument("--annotated", type=Path, metavar="文件夹", help="把标出问题的副本写到那里")
    parser = commands.add("build", "建成一个版本，但先不发布", build)
    _intake(parser, "ledgers", "台账", "文件夹或文件，可写几个")
    _note(parser)
    parser = commands.add("publish", "建成并发布；或发布已建成的版本", publish)
    _intake(parser, "what", "台账或版本号", "文件夹或文件，可写几个；或一个已建成的版本号")
    _note(parser)
    parser = commands.add("rebuild", "升级软件之后，把现用版本的台账重新算一遍并发布", rebuild)
    _note(parser)
    parser.add_argument("--anew", action="store_true", help="一律重算，不取用现用版本算过的结果")
    parser = commands.add("verify", "把版本从它的台账全部重算一遍，与所存的核对", verify)
    parser.add_argument("version", nargs="?", metavar="版本号", help="默认现用版本")


def _note(parser: Parser) -> None:
    parser.add_argument("--note", default="", metavar="说明", help="记入发布记录的说明")


def _intake(parser: Parser, name: str, word: str, help: str) -> None:
    parser.epilog = STAYS
    parser.add_argument(name, type=Path, nargs="+", metavar=word, help=help)
    add = parser.add_argument
    add("--whole", action="store_true", help="一律替换整本台账")
    add("--streets", type=_names, default=(), metavar="街道",
        help="写明只报哪些街道，如 古田街道,汉正街道")  # fmt: skip
    add("--fresh", action="store_true", help="全新一套，不沿用")
    add("--demonstration", action="store_true", help="作为演示数据试用")
    add("--confirm", dest="confirmed", action="store_true", help="已核对需要确认的地方")
    add("--month", metavar="月份", help="指定统计月份，如2026-10")


def write_demo(folder: Path | None) -> None:
    """Write the demonstration district's ledgers into a folder that is new or empty."""
    folder = folder or paths.ledgers_dir()
    terminal.with_progress(lambda progress: _write_demo(folder, progress))
    print(f"演示台账（合成数据，非真实统计）已写入 {folder}")


def check(ledgers: list[Path], annotated: Path | None, **options) -> None:
    """Print every issue of the ledgers and every finding of the quality rules."""
    from chunshui import pipeline

    files, taken = _files(ledgers), _options(options)
    report = terminal.with_progress(
        lambda progress: pipeline.examine(
            files, store=terminal.store(), progress=progress, options=taken
        )
    )
    for issue in report.issues:
        print(f"· {issue}")
    for row in report.findings.itertuples():
        print(f"· [{row.severity}] {row.message.rstrip('。')}（{row.entity_id}）。{row.mend}")
    if annotated is not None:
        _annotate(files, report.issues, annotated)
    severities = [issue.severity for issue in report.issues] + report.findings["severity"].tolist()
    print("，".join(f"{severity}{severities.count(severity)}处" for severity in SEVERITIES))
    if ERROR in severities:
        raise ChunshuiError("有错误，不能发布。请改正后再检查一遍。")
    if report.questions and not taken.confirmed:
        raise ChunshuiError(
            f"有{len(report.questions)}处需要确认。核对无误的，发布时请加 --confirm：\n"
            + "\n".join(f"· {issue}" for issue in report.questions)
        )
    print("可以发布。")


def build(ledgers: list[Path], note: str, **options) -> None:
    """Build a version without publishing it."""
    manifest = _build(ledgers, note, options, serve=False)
    print(f"尚未发布。发布请用：python -m chunshui publish {manifest.version}")


def publish(what: list[Path], note: str, **options) -> None:
    """Publish ledgers, or a version built before."""
    first = str(what[0])
    if len(what) == 1 and re.fullmatch(r"v\d+", first) and not what[0].exists():
        entry = publishing.serve(terminal.store(), first, by=terminal.user(), note=note)
        print(f"已发布{entry.version}。")
        return
    manifest = _build(what, note, options, serve=True)
    print(f"已发布{manifest.version}。")


def rebuild(note: str, anew: bool) -> None:
    """Compute the version in use anew with this software, and publish that."""
    from chunshui import pipeline

    manifest = terminal.with_progress(
        lambda progress: pipeline.rebuild(
            store=terminal.store(),
            note=note or "软件升级后重算",
            by=terminal.user(),
            progress=progress,
            anew=anew,
        )
    )
    _describe(manifest)
    print(f"已发布{manifest.version}。")


def verify(version: str | None) -> None:
    """Compute a version anew from its ledgers and say what it stores otherwise."""
    from chunshui import pipeline

    store = terminal.store()
    version = version or store.current().version
    wrong = terminal.with_progress(lambda progress: pipeline.verify(store, version, progress))
    if wrong:
        raise ChunshuiError(
            f"{version}所存的与重算的不一致：{'、'.join(wrong)}。"
            "请运行 python -m chunshui rebuild --anew，一律重算后发布。"
        )
    print(f"{version}全部重算一遍，与所存的完全一致。")


def first_version() -> None:
    """Publish the ledgers in the data folder, or the demonstration's where there are none."""
    folder = paths.ledgers_dir()
    if not folder.is_dir() or not any(folder.iterdir()):
        print("还没有发布过任何版本，先生成演示区台账（合成数据），再建成并发布演示版本。")
        terminal.with_progress(lambda progress: _write_demo(folder, progress))
    else:
        print(f"还没有发布过任何版本，先发布 {folder} 里的台账。")
    _build([folder], "首次发布", {}, serve=True)


def _build(ledgers: list[Path], note: str, options: dict, *, serve: bool) -> Manifest:
    from chunshui import pipeline

    files, taken = _files(ledgers), _options(options)
    manifest = terminal.with_progress(
        lambda progress: pipeline.build(
            files,
            store=terminal.store(),
            note=note,
            by=terminal.user(),
            progress=progress,
            options=taken,
            serve=serve,
        )
    )
    _describe(manifest)
    return manifest


def _write_demo(folder: Path, progress: Progress) -> None:
    from chunshui import demo

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ChunshuiError(
            f"{folder} 里已有文件，为免覆盖，没有写入。请换一个空文件夹，或先把它移走。"
        )
    with durable.folder(folder) as fresh:  # a killed run leaves no half of a district behind
        demo.write_ledgers(fresh, progress=progress)


def _annotate(files: list[tuple[Path, str]], issues: list[Issue], folder: Path) -> None:
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


def _names(text: str) -> tuple[str, ...]:
    """The names in a list that is written with commas of either width or 、."""
    return tuple(name.strip() for name in re.split(r"[,，、]", text) if name.strip())


def _files(given: list[Path]) -> list[tuple[Path, str]]:
    """The files of some folders and single files, each with the name to call it by."""
    from chunshui.ledgers.read import labelled_files

    files: list[tuple[Path, str]] = []
    for path in given:
        if not path.exists():
            raise ChunshuiError(
                f"没有台账文件夹 {path}。请检查路径；演示台账可用 python -m chunshui demo 生成。"
            )
        files += labelled_files(path)
    labels = [label for _, label in files]
    if doubled := sorted({label for label in labels if labels.count(label) > 1}):
        raise ChunshuiError(f"有同名的文件：{'、'.join(doubled)}。请改名，或放进同一个文件夹。")
    return files


def _options(options: dict) -> "IntakeOptions":
    from chunshui.pipeline import IntakeOptions
    from chunshui.snapshots import archive

    if options.get("whole") and options.get("streets"):
        raise ChunshuiError("--whole 和 --streets 只能写一个：替换整本，或只更新写明的街道。")
    return IntakeOptions(**options, issued=archive.issued())


def _describe(manifest: Manifest) -> None:
    seconds = "，".join(f"{step} {took:.1f}" for step, took in manifest.timings.items())
    checks = "，".join(f"{level} {number}" for level, number in manifest.checks.items()) or "无"
    print(
        f"{manifest.version}：{manifest.nature}数据，截至{manifest.as_of}，"
        f"{sum(manifest.rows.values()):,}行，{manifest.bytes / 1e6:.1f} MB\n"
        f"各步用时（秒）：{seconds}；共{sum(manifest.timings.values()):.1f}\n"
        f"数据质量提醒：{checks}"
    )
    for ledger, streets in manifest.updated.items():
        print(f"{ledger}只更新了：{'、'.join(streets) or '空表，沿用原有的行'}")
