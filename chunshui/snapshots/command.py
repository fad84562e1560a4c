"""`python -m chunshui snapshot …`: freeze, export, list and compare without a browser.

A timer can make Monday's notice with one line.
"""

import argparse
import datetime as dt
import getpass
import os
import tempfile
from pathlib import Path

from chunshui import paths
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, comparison, freeze, stamp, templates
from chunshui.snapshots.model import Snapshot
from chunshui.snapshots.render import export
from chunshui.warehouse import Reader, Store

LINES = 200  # of a comparison, printed

HELP = """\
用法：python -m chunshui snapshot 模板 [选项]      冻结一份快照，存档并生成材料
      python -m chunshui snapshot export 编号 …    由档案里的快照重新生成材料
      python -m chunshui snapshot list             列出档案里的快照
      python -m chunshui snapshot compare 编号 编号 比较两份快照

模板：周通报、月拉练、年考评
选项：
  --month 2026-10        统计月份，默认为数据版本的最后一个月
  --street 古田街道      只看这个街道；可写多次
  --community 古一社区   只看这个社区；社区重名时连写 --street
  --version v000003      数据版本，默认为现用版本
  --title、--unit、--date 标题、单位、会议日期
  --formats pptx,pdf,xlsx 另可选 png、svg
  --out 文件夹           放材料的地方，默认为当前文件夹
  --time 2026-11-02T08:00 写进材料的导出时间，默认为现在
"""


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese: argparse's own words are English."""

    def error(self, message: str):
        raise ChunshuiError(f"看不懂这条命令。\n\n{HELP}")

    def format_help(self) -> str:
        return HELP


def run(arguments: list[str]) -> None:
    """Carry out the command with the words that follow `snapshot`; print what was done.

    Raises ChunshuiError, in words for the user.
    """
    parser = _Parser(prog="chunshui snapshot", allow_abbrev=False)
    parser.add_argument("what")
    parser.add_argument("ids", nargs="*")
    for option in ("--month", "--community", "--version", "--title", "--unit", "--date", "--time"):
        parser.add_argument(option, default="")
    parser.add_argument("--street", action="append", default=[])
    parser.add_argument("--formats", default=",".join(export.USUAL))
    parser.add_argument("--out", type=Path, default=Path())
    given = parser.parse_args(arguments)
    if given.what == "list":
        _list()
    elif given.what == "compare" and len(given.ids) == 2:
        _compare(*given.ids)
    elif given.what == "export" and given.ids:
        for snapshot_id in given.ids:
            _write(archive.reopen(snapshot_id), given)
    elif not given.ids:
        _freeze(given)
    else:
        parser.error("")


def selection(reader: Reader, given: argparse.Namespace) -> freeze.Selection:
    """Return what the options ask for, names of places turned into codes."""
    template = templates.get(given.what)
    streets = tuple(_street(reader, name) for name in given.street)
    community = _community(reader, given.community, streets) if given.community else None
    return freeze.Selection(
        month=given.month or reader.manifest.as_of,
        choices=template.choices,
        title=given.title,
        unit=given.unit,
        meeting_date=given.date,
        template=template.name,
        streets=() if community else streets,
        community=community,
    )


def _freeze(given: argparse.Namespace) -> None:
    templates.get(given.what)
    store = Store(paths.versions_dir())
    with store.open(given.version or None) as reader:
        if reader.warning:
            print(reader.warning)
        snapshot = freeze.from_catalogue(reader, selection(reader, given))
    about = archive.store(snapshot, by=_by())
    print(f"快照 {about.id}：{about.title}（{snapshot.nature_words}，{about.scope}）")
    _write(snapshot, given)


def _write(snapshot: Snapshot, given: argparse.Namespace) -> None:
    made = export.documents(
        snapshot, _time(given.time), given.formats.replace("，", ",").split(",")
    )
    try:
        given.out.mkdir(parents=True, exist_ok=True)
        for name, data in made.files.items():
            _replace(given.out / name, data)
    except OSError as fault:
        raise ChunshuiError(f"写不进文件夹 {given.out}，请检查路径、权限和磁盘空间。") from fault
    for name, data in made.files.items():
        print(f"已生成 {given.out / name}（{len(data) / 1024:,.0f} KB）")
    if made.faults:
        raise ChunshuiError("\n".join(made.faults))


def _list() -> None:
    lines, faults = archive.listing()
    for about in lines:
        print(
            f"{about.id}  {about.frozen_at[:16].replace('T', ' ')}  {about.title}"
            f"（{about.scope}，{about.as_of}，{about.data_version}）"
        )
    for fault in faults:
        print(fault)
    if not lines and not faults:
        print("档案里还没有快照。")


def _compare(a: str, b: str) -> None:
    found = comparison.differences(archive.reopen(a), archive.reopen(b))
    for difference in found[:LINES]:
        change = "" if difference.change is None else f"（{difference.change:+,}）"
        print(f"{difference.what}｜{difference.place}：{difference.a} → {difference.b}{change}")
    if len(found) > LINES:
        print(f"……只列出前 {LINES} 处；全部见“会议快照”页的比较。")
    print(f"共 {len(found)} 处不同。" if found else "两份快照内容相同。")


def _street(reader: Reader, name: str) -> str:
    found = reader.query("views/streets")
    for code, known in zip(found["street_code"], found["street_name"], strict=True):
        if name in (code, known, known.removesuffix("街道")):
            return code
    raise ChunshuiError(f"没有“{name}”这个街道，可选：{'、'.join(found['street_name'])}。")


def _community(reader: Reader, name: str, streets: tuple[str, ...]) -> str:
    found = reader.query("views/communities")
    if streets:
        found = found[found["street_code"].isin(streets)]
    known = found[(found["community_name"] == name) | (found["community_code"] == name)]
    if known.empty:
        raise ChunshuiError(f"没有“{name}”这个社区，请核对名称。")
    if len(known) > 1:
        homes = "、".join(known["street_name"])
        raise ChunshuiError(f"“{name}”不止一个，请用 --street 写明街道：{homes}。")
    return known["community_code"].iloc[0]


def _time(words: str) -> dt.datetime:
    if not words:
        return stamp.now()
    try:
        time = dt.datetime.fromisoformat(words)
    except ValueError as fault:
        raise ChunshuiError(f"时间“{words}”写法不对，应写作 2026-11-02T08:00。") from fault
    return time if time.tzinfo else time.replace(tzinfo=stamp.SHANGHAI)


def _replace(path: Path, data: bytes) -> None:
    """Write a file whole: who reads it meanwhile sees the old one or the new one."""
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _by() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user, as in some containers
        return "本机用户"
