"""`snapshot …`: freeze, export, list, file and compare without a browser.

A timer can make Monday's notice with one line.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chunshui import clock
from chunshui.cli import terminal
from chunshui.cli.parser import Commands, Parser
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, assigned, comparison, freeze, head, kept, stamp, templates
from chunshui.snapshots import each_street as streets_of
from chunshui.snapshots import unit_templates as unit
from chunshui.snapshots.model import Head
from chunshui.snapshots.render import export
from chunshui.snapshots.render.export import Documents
from chunshui.snapshots.selection import Selection
from chunshui.warehouse import Reader, durable

LINES = 200  # of a comparison, printed
# The options of a notice's head, by the fields they fill.
HEAD = {
    "issuer": "issuer",
    "secrecy": "secrecy",
    "number": "number",
    "to": "addressee",
    "copies": "copies",
    "approver": "approver",
    "signature": "signature",
    "issued": "date",
}


def register(commands: Commands) -> None:
    """Add the commands."""
    inner = commands.add("snapshot", "冻结会议快照并生成材料").commands()
    for template in templates.all_templates().values():
        parser = inner.add(template.name, f"冻结一份{template.name}，存档并生成材料", freeze_one)
        parser.set_defaults(template=template)
        add = parser.add_argument
        add("--month", default="", metavar="月份", help="默认为数据版本的最后一个月，如2026-10")
        if any(choice.kind == "week" for choice in template.choices):
            add("--week", default="", metavar="日期", help="那一周的任一天，默认为月末前最后一整周")
        add("--against", default="", metavar="月份", help="与哪个月相比，如2025-10")
        add("--street", action="append", default=[], metavar="街道", dest="streets",
            help="只看这个街道，如 古田街道；可写多次")  # fmt: skip
        add("--community", default="", metavar="社区",
            help="只看这个社区，如 古一社区；社区重名时连写 --street")  # fmt: skip
        add("--version", default="", metavar="版本号", help="数据版本，默认为现用版本")
        add("--title", default="", metavar="标题")
        add("--unit", default="", metavar="单位")
        add("--date", default="", metavar="日期", type=_day, help="会议日期")
        _head(parser)
        add("--require", action="append", default=[], metavar="要求", dest="requirements",
            help=f"这份公文的{head.REQUIREMENTS}，可写多次，不写则没有")  # fmt: skip
        add("--each-street", action="store_true",
            help="每个街道各做一套，装进一个压缩包，附全部街道的工作簿")  # fmt: skip
        _documents(parser)
    parser = inner.add("head", "存下公文的版头、版记，列出存着的", keep_head)
    _head(parser)
    parser = inner.add("export", "由档案里的快照重新生成材料", export_again)
    parser.add_argument("ids", nargs="+", metavar="编号")
    _documents(parser)
    parser = inner.add("list", "列出档案里的快照", list_all)
    parser.add_argument("--find", default="", metavar="文字", help="标题、单位、范围、模板、备注、日期、编号或拼音首字母")  # fmt: skip
    parser.add_argument("--trash", action="store_true", help="列出回收站里的")
    parser = inner.add("file", "给快照置顶、写备注，移入回收站或恢复", file)
    parser.add_argument("ids", nargs="+", metavar="编号")
    add = parser.add_argument
    for name, value, what in (("pin", True, "置顶"), ("unpin", False, "取消置顶")):
        add(f"--{name}", dest="pinned", action="store_const", const=value, help=what)
    for name, value, what in (("trash", True, "移入回收站"), ("restore", False, "从回收站恢复")):
        add(f"--{name}", dest="trashed", action="store_const", const=value, help=what)
    add("--remark", default=None, metavar="文字", help="写备注，写空的为删去")
    parser = inner.add("delete", "永久删除回收站里的（或已损坏的）快照", delete)
    parser.add_argument("ids", nargs="+", metavar="编号")
    parser.add_argument("--confirm", dest="confirmed", action="store_true", help="确认删除，不能恢复")  # fmt: skip
    parser = inner.add("compare", "比较两份快照", compare)
    parser.add_argument("a", metavar="编号")
    parser.add_argument("b", metavar="编号")


def _head(parser: Parser) -> None:
    """What the notice says beside its figures; what is not given is as it is kept."""
    for option, name in HEAD.items():
        label = head.LABELS[name]
        parser.add_argument(f"--{option}", default=None, metavar=label.partition("（")[0], dest=f"head_{name}",
            type=_day if name == "date" else str,
            help=f"公文的{label}，默认为存着的")  # fmt: skip


def _day(typed: str) -> str:
    """Return a day typed as 2026-11-05 as papers write it; other words as they are."""
    is_iso = re.fullmatch(r"\d{4}-\d\d-\d\d", typed) and assigned.day_of(typed)
    return assigned.day_words(typed) if is_iso else typed


def _head_of(typed: dict[str, Any]) -> Head:
    """Take the options of a head out of what was typed; return it over what is kept."""
    given = {name: typed.pop(f"head_{name}") for name in head.LABELS}
    found = kept.read().head
    fields = {
        name: vars(found)[name] if given[name] is None else given[name] for name in head.LABELS
    }
    return head.typed_head(fields, "\n".join(typed.pop("requirements", ())))


def keep_head(**typed: Any) -> None:
    """Keep what is given for the next notices, and print all that is kept."""
    asked = _head_of(typed)
    kept.keep_head(asked)
    for name, label in head.LABELS.items():
        print(f"{label}：{vars(asked)[name] or '—'}")


def _documents(parser: Parser) -> None:
    add = parser.add_argument
    add("--formats", default=",".join(export.USUAL), metavar="格式",
        help="默认 %(default)s；另可选 png、svg，card、slide（领导一页，A4和16:9）、long（手机长图）、paper（公文PDF）、whole（含全部附件的公文）")  # fmt: skip
    add("--unit-template", action="append", default=None, metavar="文件", dest="unit_templates",
        help="单位模板，pptx 或 docx，可写多次；写“标准”则不用单位模板；默认为会议快照页上选用的")  # fmt: skip
    add("--out", type=Path, default=Path(), metavar="文件夹", help="放材料的地方，默认为当前文件夹")
    add(
        "--time",
        default="",
        metavar="时间",
        help="写进材料的导出时间，默认为现在，如2026-11-02T08:00",
    )


def freeze_one(
    template: templates.Template,
    version: str,
    formats: str,
    out: Path,
    time: str,
    unit_templates: list[str] | None,
    each_street: bool,
    **question: Any,
) -> None:
    """Freeze a snapshot of a template, put it into the archive and write its documents."""
    how, notice_head = _how(formats, time, unit_templates), _head_of(question)
    with terminal.store().open(version or None) as reader:
        if reader.warning:
            print(reader.warning)
        asked = replace(selection(reader, template, **question), head=notice_head)
        if each_street:
            _write_each_street(reader, asked, out, how)
            return
        asked = freeze.meeting(reader, asked)
        snapshot = freeze.snapshot_of(reader, asked)
    about = archive.store(snapshot, by=terminal.user())
    print(f"快照 {about.id}：{about.title}（{snapshot.nature_words}，{about.scope}）")
    _write(export.documents(snapshot, how.at, how.formats, templates=how.templates), out)


def _write_each_street(reader: Reader, asked: Selection, out: Path, how: "_How") -> None:
    """Freeze the material of every street and write them in one archive, telling how far it is."""
    _write(
        terminal.with_progress(
            lambda progress: streets_of.documents(
                reader, asked, how.at, how.formats, progress, how.templates, terminal.user()
            )
        ),
        out,
    )


def selection(
    reader: Reader,
    template: templates.Template,
    *,
    month: str,
    against: str,
    streets: list[str],
    community: str,
    title: str,
    unit: str,
    date: str,
    week: str = "",
) -> Selection:
    """Return what the options ask for, names of places turned into codes."""
    codes = tuple(_street(reader, name) for name in streets)
    community_code = _community(reader, community, codes) if community else None
    return Selection(
        month=month or reader.manifest.as_of or "",
        choices=tuple(replace(choice, week=week) for choice in template.choices),
        title=title,
        unit=unit,
        meeting_date=date,
        template=template.name,
        streets=() if community_code else codes,
        community=community_code,
        against=against or None,
    )


def export_again(
    ids: list[str], formats: str, out: Path, time: str, unit_templates: list[str] | None
) -> None:
    """Write the documents of snapshots in the archive once more."""
    how = _how(formats, time, unit_templates)
    for snapshot_id in ids:
        snapshot = archive.reopen(snapshot_id)
        _write(export.documents(snapshot, how.at, how.formats, templates=how.templates), out)


@dataclass(frozen=True)
class _How:
    """How documents are made: formats, the time stamped on them, the unit's own templates by kind."""

    formats: list[str]
    at: dt.datetime
    templates: dict[str, bytes]


def _how(formats: str, time: str, files: list[str] | None) -> _How:
    """Return how documents are to be made, as typed; what is wrong is said before the work."""
    known = export.known_formats(formats.replace("，", ",").split(","))
    return _How(known, _time(time), _templates(files))


def _templates(files: list[str] | None) -> dict[str, bytes]:
    """Return the templates of those files, said what was found in them; without any those in use."""
    if files is None:
        return unit.in_use()
    found = {}
    for name in files:
        if name == unit.STANDARD:
            continue
        try:
            content = Path(name).read_bytes()
        except OSError as fault:
            raise ChunshuiError(f"读不到模板文件 {name}，请检查路径和权限。") from fault
        about = unit.checked(Path(name).name, content)
        print(f"单位模板 {about.name}：{about.report}")
        found[about.kind] = content
    return found


def _write(documents: Documents, out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in documents.files.items():
            durable.replace(out / name, data)
    except OSError as fault:
        raise ChunshuiError(f"写不进文件夹 {out}，请检查路径、权限和磁盘空间。") from fault
    for name, data in documents.files.items():
        print(f"已生成 {out / name}（{len(data) / 1024:,.0f} KB）")
    if documents.faults:
        raise ChunshuiError("\n".join(documents.faults))


def list_all(find: str, trash: bool) -> None:
    """Print a line for every snapshot in the archive or its trash, those that are damaged, too."""
    lines, damaged = (archive.trash(), []) if trash else archive.listing()
    found = comparison.matching(lines, find)
    for about in found:
        pinned = "置顶  " if about.filed.is_pinned else ""
        remark = f"  备注：{about.filed.remark}" if about.filed.remark else ""
        print(
            f"{about.id}  {about.frozen_at[:16].replace('T', ' ')}  {pinned}{about.title}"
            f"（{about.scope}，{about.as_of}，{about.data_version}）{remark}"
        )
    for fault in damaged:
        print(fault)
    if not found and not damaged:
        where = "回收站" if trash else "档案"
        print(f"{where}里没有与“{find}”相符的快照。" if lines else f"{where}里还没有快照。")


def file(ids: list[str], **how: Any) -> None:
    """File snapshots otherwise."""
    if all(one is None for one in how.values()):
        raise ChunshuiError("没有说做什么：写 --pin、--unpin、--remark、--trash 或 --restore。")
    for snapshot_id in ids:
        about = archive.file(snapshot_id, **how)
        state = [
            "在回收站" if about.filed.trashed_at else "在档案",
            "置顶" if about.filed.is_pinned else "不置顶",
            f"备注：{about.filed.remark}" if about.filed.remark else "没有备注",
        ]
        print(f"{about.id}  {about.title}：{'，'.join(state)}。")


def delete(ids: list[str], confirmed: bool) -> None:
    """Delete snapshots of the trash for ever."""
    if not confirmed:
        raise ChunshuiError(f"将永久删除{len(ids)}份快照，不能恢复。确认的，请加 --confirm。")
    for snapshot_id in ids:
        archive.delete(snapshot_id)
        print(f"已永久删除 {snapshot_id}。")


def compare(a: str, b: str) -> None:
    """Print what differs between two snapshots."""
    differences = comparison.differences(archive.reopen(a), archive.reopen(b))
    for difference in differences[:LINES]:
        change = "" if difference.change is None else f"（{difference.change:+,}）"
        print(f"{difference.what}｜{difference.place}：{difference.a} → {difference.b}{change}")
    if len(differences) > LINES:
        print(f"只列出前{LINES}处；全部见“会议快照”页的比较。")
    print(f"共{len(differences)}处不同。" if differences else "两份快照内容相同。")


def _street(reader: Reader, name: str) -> str:
    streets = reader.query("views/streets")
    for code, known in zip(streets["street_code"], streets["street_name"], strict=True):
        if name in (code, known, known.removesuffix("街道")):
            return code
    raise ChunshuiError(f"没有“{name}”这个街道，可选：{'、'.join(streets['street_name'])}。")


def _community(reader: Reader, name: str, streets: tuple[str, ...]) -> str:
    communities = reader.query("views/communities")
    if streets:
        communities = communities[communities["street_code"].isin(streets)]
    known = communities[
        (communities["community_name"] == name) | (communities["community_code"] == name)
    ]
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
        raise ChunshuiError(f"时间“{words}”写法不对，应写作2026-11-02T08:00。") from fault
    return time if time.tzinfo else time.replace(tzinfo=clock.zone())
