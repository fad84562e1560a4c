"""The parts of the page 台账入库: uploading, templates, what was found, publishing."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st

from chunshui import clock, words
from chunshui.access.roles import Act
from chunshui.errors import ChunshuiError
from chunshui.pipeline import IntakeOptions, conversion
from chunshui.snapshots import archive
from chunshui.ui.data import comparison
from chunshui.ui.markdown import plain
from chunshui.ui.shell import filters, notices, permit
from chunshui.ui.topics.intake import data, tables, waiting
from chunshui.ui.topics.intake.data import Draft
from chunshui.ui.topics.intake.finding import extent
from chunshui.ui.widgets import asked, changes, downloads
from chunshui.ui.widgets.tables import show
from chunshui.warehouse import Edition
from chunshui.words import ERROR, NOTE, WARNING


def draw_upload(version: str, draft: Draft | None) -> None:
    """Draw the uploader and how the files are to be taken; check them when asked."""
    st.subheader("一、上传台账", anchor=False)
    if draft is None and (left := waiting.read()):
        _draw_left(left)
    for called, left in waiting.of_streets() if draft is None else ():
        _draw_handed_in(called, left)
    uploads = st.file_uploader(
        f"可一次放入几个文件：{data.WHAT}",
        type=data.ENDINGS,
        accept_multiple_files=True,
        key=f"intake_files_{data.turn()}",
        max_upload_size=data.UPLOAD_MEGABYTES,
    )
    whole = ""
    if permit.street():
        st.caption(
            f"本账号只报本街道的行，没有再报的沿用现用版本{version}里的。检查没有错误的，"
            "由台账员在这一页核对发布。"
        )
    else:
        whole = st.radio(
            "没有再报的台账",
            [f"沿用现用版本{version}里的", "不沿用：这批就是全新一套"],
            key="intake_whole",
        )
    trial = st.toggle(
        "作为演示数据试用",
        key="intake_trial",
        help="真实台账不能和演示数据混在一个版本里。打开后这批文件一律算演示数据，页面会一直标明。",
    )
    with st.container(horizontal=True):
        pressed = st.button("检查", type="primary", icon=":material/rule:", disabled=not uploads)
        if draft is not None:
            _offer_discard()
    if pressed:
        options = IntakeOptions(
            fresh=whole.startswith("不沿用"), demonstration=trial, issued=archive.issued()
        )
        _do(partial(data.check, uploads, options))


def _draw_left(left: waiting.Waiting) -> None:
    """Draw what an earlier session left checked and unpublished: to go on with, or to give up."""
    names = words.joined([f"《{plain(label)}》" for label in left.labels], 3)
    st.info(
        f"{clock.written(left.since)}检查过的{len(left.labels)}个文件还没有发布，都留着：{names}。",
        icon=":material/history:",
    )
    with st.container(horizontal=True):
        if st.button("接着办（重新检查）", type="primary", icon=":material/rule:"):
            _do(data.resume)
        _offer_discard()


def _offer_discard() -> None:
    effect = "检查过的文件和结果都不留，**不能恢复**；要用再上传一次。"
    asked.once("放弃这批台账", effect, data.discard, key="intake_discard", confirm="确认放弃")


def _draw_handed_in(called: str, left: waiting.Waiting) -> None:
    """Draw what a street's account has handed in, to be checked and published."""
    names = words.joined([f"《{plain(label)}》" for label in left.labels], 3)
    st.info(
        f"{plain(called)}{clock.written(left.since)}送来{len(left.labels)}个文件：{names}。",
        icon=":material/move_to_inbox:",
    )
    if st.button("检查这一批", icon=":material/rule:", key=f"handed_in_{left.account}"):
        _do(partial(data.take, left))


def draw_templates() -> None:
    """Draw the blank workbooks to download."""
    st.subheader("空白模板", anchor=False)
    names = [name for room in data.template_names().values() for name in room]
    chosen = st.multiselect("要填哪几本", names, placeholder="可多选，每本一张工作表", key="blank")
    with st.container(horizontal=True):
        downloads.button(
            "下载所选模板",
            partial(data.blank_workbook, tuple(chosen)),
            "台账模板.xlsx",
            disabled=not chosen,
            act=Act.UPLOAD,
            icon=":material/download:",
        )
        downloads.button(
            "下载全部模板",
            data.blank_workbooks,
            "全部台账模板.zip",
            act=Act.UPLOAD,
            icon=":material/folder_zip:",
        )
    st.caption(
        "表头不要改动，单位写在表头里。不填姓名、身份证号和手机号：查到即拒收整个文件，且不保存。"
    )


def draw_held(edition: Edition) -> None:
    """Draw the download of a ledger as it is now, whole or of some streets."""
    st.subheader("现用的台账", anchor=False)
    held = data.held_ledgers(edition)
    name = st.selectbox("要改哪一本", list(held), index=None, placeholder="选一本", key="held")
    streets = {name: one.code for name, one in filters.offered_streets(edition).items()}
    chosen = st.multiselect(
        "只要哪些街道的行",
        list(streets),
        placeholder="全部街道",
        key="held_streets",
        disabled=not held.get(name or ""),
    )
    codes = tuple(streets[one] for one in chosen) if held.get(name or "") else ()
    downloads.button(
        "下载现用的行",
        partial(data.held_workbook, edition, name or "", codes),
        f"{'、'.join(chosen)}{name}_{edition.version}.xlsx",
        disabled=not name,
        version=edition.version,
        icon=":material/edit_document:",
    )
    st.caption("改好后在“上传台账”里传回。只传一个街道的，其余街道的行不变。")


def draw_understood(draft: Draft) -> None:
    """Draw what each sheet was taken for and what became of its rows."""
    st.subheader("二、读懂了什么", anchor=False)
    if draft.streets:
        st.info("\n\n".join(plain(line, 800) for line in draft.streets), icon=":material/route:")
    show(tables.understood(draft), "没有一张表被认作台账。", "认出的台账")
    kept = [i.what.split("：")[0] for i in draft.report.issues if i.what[:4] == "没有再报"]
    st.caption("每一行只有一个去向，各去向相加等于总行数。" + "".join(f"{one}。" for one in kept))
    _draw_extent(draft)
    readings = tables.readings(draft)
    if readings.empty:
        st.caption("没有换算或解读过的单元格：写的就是读的。")
        return
    title = f"换算和解读过的单元格（{len(readings):,}格），请过目"
    with st.expander(title, icon=":material/visibility:"):
        show(readings, "", "解读的单元格")
        _offer(draft, readings, "台账解读", "下载全部解读")


def _draw_extent(draft: Draft) -> None:
    """Draw the choice between updating the streets reported and replacing whole ledgers."""
    lines = extent(draft)
    if not lines or permit.street():  # whose rows alone are replaced
        return
    present = draft.report.base
    with st.container(border=True):
        st.markdown(
            "**有的台账只有部分街道的行**\n\n" + "\n".join(f"- {plain(one)}" for one in lines)
        )
        choice = st.radio(
            "怎样更新",
            [f"只更新这些街道的行（其余街道沿用现用版本{present}）", "替换整本台账"],
            index=int(draft.options.whole),
            captions=["街道上报本街道的台账", "其余街道的行将不再有"],
            key=f"intake_extent_{id(draft)}",
        )
    whole = choice == "替换整本台账"
    if whole != draft.options.whole:
        _do(partial(data.check_again, draft, replace(draft.options, whole=whole)))


def _draw_conversions(draft: Draft) -> None:
    """Draw the offer to read ledgers in the coordinate system that they seem to be in."""
    offers = conversion.offered(draft.report.staged, draft.report.findings)
    if not offers:
        return
    with st.container(border=True):
        st.markdown("**坐标系要不要换算**")
        for wish, why in offers.items():
            st.markdown(f"- 《{plain(wish.file)}》：{plain(why, 400)}")
        st.caption("核实来源后再换算。换算只改这批台账的坐标，上传的文件不动；记入版本。")
        systems = "、".join(dict.fromkeys(wish.system for wish in offers))
        if st.button(f"按{systems}换算后重新检查", icon=":material/my_location:"):
            wishes = (*draft.options.conversions, *offers)
            _do(partial(data.check_again, draft, replace(draft.options, conversions=wishes)))


def draw_problems(draft: Draft) -> None:
    """Draw errors, warnings and notes, the list and the marked copies to download."""
    st.subheader("三、检查结果", anchor=False)
    counts = data.counts(draft)
    if counts[ERROR] and permit.street():
        st.warning(
            "本账号只报本街道的行：别的街道的社区和编号在这里查不到，列为错误。请删去这些行，由所在街道报。",
            icon=":material/location_off:",
        )
    shown = st.pills(
        "显示",
        list(counts),
        default=[level for level in (ERROR, WARNING) if counts[level]] or [NOTE],
        format_func=lambda level: f"{level} {counts[level]:,}",
        selection_mode="multi",
        key=f"intake_levels_{draft.key}",
    )
    show(tables.issues(draft, shown), "没有这类问题。", "台账问题")
    _draw_conversions(draft)
    if draft.known_findings:
        st.caption(f"规则还查出{draft.known_findings:,}条，现用版本里已有，见“数据质量”页。")
    with st.container(horizontal=True):
        _offer(draft, tables.issues(draft, list(counts)), "台账问题清单", "下载问题清单")
        for label, make in data.marked_files(draft):
            downloads.button(
                f"批注副本：{plain(label)}",
                make,
                f"{label.rpartition('.')[0]}_批注.xlsx",
                act=Act.UPLOAD,
                icon=":material/edit_note:",
                key=f"marked_{label}",
            )


def _offer(draft: Draft, table: pd.DataFrame, title: str, label: str) -> None:
    """Draw the download of a table about the uploaded ledgers."""
    demonstration = "演示" in set(draft.report.staged.source_file["nature"])
    downloads.offer(
        table,
        title,
        filters.current(),
        key=title,
        label=label,
        source="上传后待发布的台账",
        unpublished="演示" if demonstration else "实有",
    )


def draw_publishing(present: Edition, draft: Draft) -> None:
    """Draw what must be confirmed, the preview of the effect, and the publishing."""
    if not draft.report.ok:
        if not data.counts(draft)[ERROR]:
            notices.empty(
                "还缺行政区界、街道名录或社区名录，不能成为一个版本。", "请补上后再检查。"
            )
        return
    if not permit.may(Act.PUBLISH):
        st.success("没有错误。这批台账已留着，等台账员核对发布。", icon=":material/hourglass_top:")
        return
    st.subheader("四、预览与发布", anchor=False)
    questions = draft.report.questions
    for issue in questions:
        st.warning(plain(issue.sentence, 400), icon=":material/help:")
    sure = not questions or st.checkbox("以上都已核对，确实如此", key=f"intake_sure_{draft.key}")
    if draft.preview is None:
        if st.button("预览对指标的影响", icon=":material/preview:", disabled=not sure):
            _do(partial(data.preview, draft))
        st.caption(
            "预览会建成一个尚未发布的版本，通常几秒钟，只重算有变化的指标；不点发布，别人看不到。"
        )
        return
    _draw_effect(present, draft.preview)
    with st.form("publish", border=False):
        who, why = st.columns([1, 2])
        signed = permit.signature()
        by = who.text_input("经办（岗位）", signed, max_chars=64, disabled=bool(signed))
        note = why.text_input("说明", max_chars=100, placeholder="例如：10月民情台账")
        pressed = st.form_submit_button("发布", type="primary", icon=":material/publish:")
    by = signed or by.strip()
    if draft.signed:
        by, note = draft.signed
        draft.signed = None
        _do(partial(data.publish, draft, by, note))
    elif pressed and by and note.strip():
        _ask(present, draft, by, note.strip())
    elif pressed:
        st.warning("请写明经办和说明：它们会记入发布记录。", icon=":material/edit:")


@st.dialog("发布前核对", width="medium")
def _ask(present: Edition, draft: Draft, by: str, note: str) -> None:
    """Ask once, with what it does, before everybody sees another version."""
    preview = draft.preview
    if preview is None:
        return
    district, streets = data.effect(present, preview)
    compared = changes.ledgers(comparison(present, preview))
    rows = compared[["新增", "删除", "修改"]].sum().items()
    moved = "、".join(f"{what}{count:,}行" for what, count in rows if count)
    st.markdown(
        f"**{preview.version}将替换现用的{present.version}**：{plain(words.joined(list(compared['台账']), 3)) or '台账'}"
        f"{moved or '没有变化'}；{len(district)}项全区指标、{len(streets)}项街道指标与现用版本不同。"
    )
    st.caption("发布后所有人看到的就是它。发布错了，可到“版本”页回退，一行数据也不会丢。")
    with st.container(horizontal=True):
        sure = st.button(
            "确认发布", type="primary", icon=":material/publish:",
            on_click=partial(setattr, draft, "signed", (by, note)),
        )  # fmt: skip
        if st.button("先不发布") or sure:
            st.rerun()


def _draw_effect(present: Edition, preview: Edition) -> None:
    """Draw the figures before and after, of the district and by street, and the ledgers' rows."""
    district, streets = data.effect(present, preview)
    whole, parts, rows, cells = st.tabs(
        [f"全区指标（{len(district)}）", f"各街道指标（{len(streets)}）", "各台账行数", "逐行逐格"]
    )
    compared = comparison(present, preview)
    if others := data.moved_beyond(present, preview):
        st.info(
            f"没有报的{'、'.join(others)}也有指标变化：十分钟圈等跨街道的指标会随邻近街道变。",
            icon=":material/info:",
        )
    with whole:
        show(district, "全区指标没有变化。", "变化的全区指标")
    with parts:
        show(streets, "各街道的指标没有变化。", "变化的各街道指标")
    with rows:
        show(changes.ledgers(compared), "台账没有变化。", "变化的台账")
    with cells:
        show(changes.cells(compared), "台账没有变化。", "变化的行和格")


def _do(work: Callable[[], None]) -> None:
    """Do a step and draw the page anew; an error is said in place."""
    try:
        work()
    except ChunshuiError as error:
        lines = [plain(line, 400) for line in str(error).splitlines()]
        st.error("\n\n".join(lines), icon=":material/error:")
    else:
        st.rerun()
