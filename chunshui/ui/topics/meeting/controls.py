"""Choosing sections, here and on other pages; freezing; making documents; opening the archive.

The list of sections is the value of one multiselect: its order is the order of the document,
and a page adds to it by its label (`offer`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui.access.roles import Act
from chunshui.catalogue.metric import all_metrics, get_metric
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, freeze, kept, stamp, templates
from chunshui.snapshots.archive import About
from chunshui.snapshots.kept import Draft
from chunshui.snapshots.model import Map, Snapshot, metrics_of
from chunshui.snapshots.render import child_process, export
from chunshui.snapshots.render.onepage.content import has_page
from chunshui.snapshots.render.pictures.pictures import can_draw
from chunshui.snapshots.selection import (
    COMMENT_LENGTH,
    SECTION_LIMIT,
    TITLE_LENGTH,
    Choice,
    Selection,
)
from chunshui.ui.data import claims, reader
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.shell import curtain, filters, navigation, notices, permit
from chunshui.ui.topics.meeting import chosen, data, stage, tables
from chunshui.ui.topics.meeting.data import CLAIMS, FIGURES, OWN
from chunshui.ui.widgets import downloads, linked, progress
from chunshui.ui.widgets.tables import draw

ICONS = {
    "pptx": ":material/slideshow:",
    "docx": ":material/article:",
    "pdf": ":material/description:",
    "xlsx": ":material/table:",
}


FORM_ICONS = {
    "card": ":material/crop_portrait:",
    "slide": ":material/crop_16_9:",
    "long": ":material/phone_android:",
    "paper": ":material/picture_as_pdf:",
    "whole": ":material/attach_file:",
}
MAKE_WEEK = "冻结并生成一周动态"


def offer(
    metric_id: str | None,
    *,
    figures: Sequence[str] = (),
    more: Sequence[str] = (),
    screens: Sequence[Choice] = (),
    template: str = "",
) -> None:
    """Draw 会场模式 and 加入会议材料 beside the page's title: the sections that show what the page shows.

    They are the tables on the page as they stand, those of the metric on its map and rankings, the page's
    key figures, and `more`. The page calls it last. `screens` are what 会场模式 shows where that is something
    else, drills of the board that a `template` is about.
    """
    if curtain.is_meeting():
        screens = screens or _screens(metric_id, figures, more)
        stage.draw_page(filters.current(), screens, template)
        return
    with st.session_state["beside_title"]:
        stage.offer()
    if not permit.may(Act.FREEZE):
        return
    key = f"offer_{st.session_state['page']}"
    with (
        st.session_state["beside_title"],
        st.popover("加入会议材料", key=key, on_change="rerun") as one,
    ):
        if not one.open:  # a dozen buttons, which few ask for
            return
        name = get_metric(metric_id).name if metric_id else ""
        labels = [label for label in data.sections() if name and label.partition(" · ")[2] == name]
        offered: dict[str, tuple[str, ...]] = {FIGURES: tuple(figures)} if figures else {}
        offered |= dict.fromkeys([*labels, *more], ())
        if not claims(filters.current()):
            offered.pop(CLAIMS, None)
        chosen.restore()
        draft = chosen.current()
        draw_slides = _offer_material(draft)
        if seen := st.session_state[downloads.SEEN]:
            st.caption("本页现在所见：照屏幕上的条件和数字定格。")
        for heading, table in seen.items():
            taken = st.session_state[chosen.TAKEN].get(heading)
            inside = heading in draft.sections and taken == chosen.as_taken(heading, table)
            _adder(heading, heading, inside, chosen.take, (heading, table))
        st.caption("按指标：冻结时按当时上方的范围和月份取数。")
        for label, tiles in offered.items():
            inside = label in draft.sections and set(tiles) <= set(draft.tiles)
            shown = f"{label}（本页{len(tiles)}项）" if tiles else label
            _adder(label, shown, inside, chosen.add, (label, tiles))
        draw_slides()


def _offer_material(draft: Draft) -> Callable[[], None]:
    """Draw whose the material is and the way to it; return what draws, beside that way, its slides at one click.

    They are drawn last: what is to be handed over is frozen for that, which takes up to two seconds.
    """
    many, may_take = len(draft.sections), permit.may(Act.DOCUMENTS)
    label = f"冻结{many}部分，下载{export.FORMATS['pptx']}"
    written = {}
    if may_take:
        pairs = [st.container(horizontal=True, gap="small") for _ in range(2)]  # on a phone, too
        written = heading(*(pair.container(width=150) for pair in pairs for _ in range(2)))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        slides = st.container(width="content").empty()
        if may_take:
            slides.button(label, icon=ICONS["pptx"], disabled=True)
        st.page_link(
            navigation.PAGES["snapshots"].path,
            label=f"已选{many}部分，去会议快照",
            icon=":material/co_present:",
        )
    if may_take and (items := kept.read(permit.own_folder()).assigned):
        st.caption(f"交办单上的{len(items)}项不随这一份发出，在会议快照冻结时才发。")

    def draw_slides() -> None:
        if not (many and may_take):
            return
        try:
            snapshot = chosen.unfrozen(filters.current(), written)
        except ChunshuiError as error:
            with slides.container(width=400):
                notices.failed(error)
            return
        with slides.container():
            downloads.button(
                label,
                partial(_slides, snapshot, _maker()),
                stamp.file_name(snapshot, "pptx"),
                export.MEDIA_TYPES["pptx"],
                act=Act.FREEZE,
                icon=ICONS["pptx"],
                key=f"slides_{st.session_state['page']}",
                title=snapshot.title,
            )

    return draw_slides


def _slides(snapshot: Snapshot, by: str) -> bytes:
    """Put a snapshot into the archive and return its slides; may be called outside the script."""
    archive.store(snapshot, by=by)
    made = child_process.documents(snapshot.id, stamp.now(), ("pptx",))
    if made.faults:
        raise ChunshuiError("\n".join(made.faults))
    return next(iter(made.files.values()))


def _screens(metric_id: str | None, figures: Sequence[str], more: Sequence[str]) -> list[Choice]:
    """Return what a page shows: its key figures, its tables as they stand, places and months of its metric, more."""
    # A page that offers one section shows that and nothing else.
    shown = st.session_state[downloads.SEEN].items() if metric_id or figures else ()
    seen = [chosen.as_taken(*one) for one in shown]
    # What a map says a table need not say once more.
    drawn = {one.section.title for one in seen if isinstance(one.section, Map)}
    seen = [o for o in seen if isinstance(o.section, Map) or o.section.title not in drawn]
    screens = [Choice("figures", tuple(figures))] if figures else []
    screens += [Choice("taken", metrics_of(one.section), taken=one) for one in seen]
    if metric_id:
        if get_metric(metric_id).level != "district":
            screens.append(Choice("ranking", (metric_id,)))
        screens.append(Choice("trend", (metric_id,)))
    # What was published is about the whole district: the first page holds it against ours.
    others = [one for one in more if one != data.CLAIMS or not st.session_state["page"]]
    return [*screens, *(data.sections()[label] for label in others)]


def _adder(
    section: str, shown: str, inside: bool, add: Callable[..., None], what: tuple[object, ...]
) -> None:
    """Draw the button that adds a section to the material; one that is in it, or full, cannot be pressed."""
    st.button(
        shown,
        key=f"meeting_{section}",
        icon=":material/check:" if inside else ":material/add:",
        type="tertiary",
        disabled=inside or len(chosen.current().sections) >= SECTION_LIMIT,
        on_click=add,
        args=what,
    )


def finding(lines: list[About]) -> str:
    """Say how many snapshots there are and which is the latest."""
    if not lines:
        if not permit.may(Act.FREEZE):
            return "还没有可看的会议材料。"
        return "还没有冻结过会议材料：选模板或自选部分，冻结后即可下载。"
    latest = lines[0]
    return (
        f"档案里有{len(lines)}份快照，最近一份是{latest.frozen_at[:10]}的《{latest.title}》"
        f"（{latest.id}）。同样的选择、同一个数据版本，编号不变。"
    )


def choose() -> tuple[str, Draft]:
    """Draw the choice of template, sections, key figures, their order and words; return what is chosen."""
    chosen.follow()
    chosen.notice()
    names = [OWN, *(template.name for template in templates.all_templates().values())]
    template = (
        st.pills(
            "模板",
            names,
            required=True,  # a click on the chosen one keeps it
            key="template",
            on_change=_follow_template,
            persist_state="session",
        )
        or OWN
    )
    _ask_before_replacing()
    if template != OWN:
        st.caption(templates.get_template(template).about)
    sections = st.multiselect(
        "部分（先选的排在前面）",
        list(chosen.sections()),
        key=chosen.SECTIONS,
        placeholder="可按指标名称查找",
        select_all=False,
        max_selections=SECTION_LIMIT,
        persist_state="session",
    )
    metrics = all_metrics()
    if FIGURES in sections:
        st.multiselect(
            "核心指标里的指标",
            list(metrics),
            key=chosen.TILES,
            format_func=lambda metric: metrics[metric].name,
            placeholder="可按指标名称查找",
            select_all=False,
            persist_state="session",
        )
    if len(sections) > 1:
        _order(sections)
    if sections:
        _edit_wording(sections)
    chosen.settle()
    return template, chosen.current()


def _follow_template() -> None:
    """Fill sections and key figures from the template just chosen (a callback); ask first where
    that would replace what was picked by hand.
    """
    template, now = st.session_state["template"], chosen.current()
    if not template or template == OWN:
        return
    if now.sections and not chosen.template_of(now):
        st.session_state["proposed"] = template
        st.session_state["template"] = st.session_state["draft"].template  # until it is answered
    else:
        chosen.choose(chosen.of_template(template))


def _ask_before_replacing() -> None:
    """Draw the question whether a template may replace what was picked by hand, if there is one."""
    template = st.session_state.get("proposed")
    if not template:
        return
    new, now = chosen.of_template(template), chosen.current()
    st.warning(
        f"换成“{template}”的{len(new.sections)}部分，会替换现在自选的{len(now.sections)}部分"
        "（先用上方“我的视图”存下，之后还能打开）。",
        icon=":material/help:",
    )

    def answer(replace: bool) -> None:
        del st.session_state["proposed"]
        if replace:
            chosen.choose(new, template)

    with st.container(horizontal=True):
        st.button(f"换成{template}", on_click=answer, args=(True,))
        st.button("保留自选的", on_click=answer, args=(False,))


def _order(sections: list[str]) -> None:
    """Draw the buttons that move a section up and down, by one or to the end."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        moved = st.selectbox(
            "调整顺序",
            sections,
            key="to_move",
            width=420,
        )
        at, last = sections.index(moved), len(sections) - 1
        ways = {
            "最前": (-last, "vertical_align_top"),
            "上移": (-1, "arrow_upward"),
            "下移": (1, "arrow_downward"),
            "最后": (last, "vertical_align_bottom"),
        }
        for word, (step, icon) in ways.items():
            off = at == (0 if step < 0 else last)
            icon = f":material/{icon}:"
            st.button(word, icon=icon, disabled=off, on_click=chosen.move, args=(step,))
        st.caption(f"现在第{at + 1}，共{last + 1}部分", width="content")


def _edit_wording(sections: list[str]) -> None:
    """Draw the table in which titles and comments may be written, and note what is written."""
    wording = st.session_state.setdefault(chosen.WORDING, {})
    written = chosen.written(sections, wording)
    with st.expander("改写标题、加会议用语（留空则用系统写出的结论）"):
        table = st.data_editor(
            written,
            hide_index=True,
            disabled=["部分"],
            key=f"wording-{'|'.join(sections)}",
            column_config={
                "标题": st.column_config.TextColumn(max_chars=TITLE_LENGTH),
                "会议用语": st.column_config.TextColumn(max_chars=COMMENT_LENGTH),
            },
        )
    for section, title, comment in table.itertuples(index=False):
        wording[section] = (title or "", comment or "")


def freeze_and_store(
    scope: Scope, selection: Selection, *, hands_out: bool = False
) -> Snapshot | None:
    """Freeze with a progress bar, put the snapshot into the archive and say so; None after an error.

    Where it `hands_out`, what is on the list goes with it.
    """
    known = {one.id for one in archive.listing()[0]}
    permit.demand(Act.FREEZE, title=freeze.title_of(reader(scope.edition), selection))
    by = _maker()
    try:
        with progress.bar("开始冻结") as move:
            version = reader(scope.edition)
            items = kept.read(permit.own_folder()).assigned if hands_out else ()
            selection = freeze.meeting(version, selection, items)
            snapshot = freeze.snapshot_of(version, selection, move)
            archive.store(snapshot, by=by)
            if selection.assigned:
                # They are handed out; the list begins anew.
                kept.keep_assigned((), permit.own_folder())
    except ChunshuiError as error:
        notices.failed(error)
        return None
    count = len(snapshot.assigned or ())
    handed = f"交办{count}项，工作簿里的“交办台账”填好后在台账入库上传。" if count else ""
    how = "档案里已有同样的一份，编号不变" if snapshot.id in known else "已冻结并存入档案"
    st.success(
        f"{how}：《{plain(snapshot.title, 60)}》，编号**{snapshot.id}**，{len(snapshot.sections)}个部分，"
        f"{plain(snapshot.scope, 40)}，截至{snapshot.as_of_words}。{handed}演示文稿、公文、简报、工作簿在下面“档案”里下载。",
        icon=":material/check_circle:",
    )
    return snapshot


def _maker() -> str:
    """Return who makes the material: the account, or what is typed for 经办."""
    return permit.signature() or st.session_state.get(chosen.HEADING["maker"], "").strip()


def offer_week(scope: Scope, week: str, month: str) -> None:
    """Draw the button that freezes a week (by a day of it) and makes its A4 page, slides and workbook."""
    kept_as = f"week_snapshot_{week}_{scope.words}"
    if permit.may(Act.FREEZE) and st.button(MAKE_WEEK, type="primary", icon=":material/ac_unit:"):
        weekly = templates.get_template("weekly")
        selection = Selection(
            month=month,
            choices=tuple(replace(choice, week=week) for choice in weekly.choices),
            template=weekly.name,
            streets=() if scope.community else scope.streets,
            community=scope.community,
            head=kept.read().head,
        )
        if frozen := freeze_and_store(scope, selection):
            st.session_state[kept_as] = frozen.id
    if made := st.session_state.get(kept_as):
        draw_snapshot(made, scope, now=True)


def offer_stage(scope: Scope, key: str, snapshot_id: str | None = None) -> None:
    """Draw the ways into 会场模式: of a snapshot, or of what is chosen now."""
    links = [
        f'<a class="button" target="_self" href="{escape(stage.address(scope, snapshot_id, nameless=no))}">{words}</a>'
        for words, no in (("会场模式，点名", False), ("会场模式，不点名", True))
    ]
    linked.show(f'<div class="buttons">{"".join(links)}</div>', key)


def heading(*places: DeltaGenerator) -> dict[str, str]:
    """Draw who meets when under which title, in four places; return it as `chosen.selection` takes it."""
    titles, units, dates, makers = places
    keys = chosen.HEADING
    title = titles.text_input(
        "标题",
        max_chars=300,
        placeholder="留空则按模板命名",
        key=keys["title"],
        persist_state="session",
    )
    unit = units.text_input("单位", max_chars=60, key=keys["unit"], persist_state="session")
    date = dates.date_input(
        "会议日期",
        value=None,
        format="YYYY-MM-DD",
        key=keys["meeting_date"],
        persist_state="session",
    )
    makers.text_input("经办", max_chars=20, key=keys["maker"], persist_state="session")
    written = f"{date.year}年{date.month}月{date.day}日" if date else ""
    return {"title": title, "unit": unit, "meeting_date": written}


def draw_snapshot(snapshot_id: str, scope: Scope | None, *, now: bool) -> None:
    """Draw a snapshot of the archive with its downloads; `now` makes the documents at once."""
    try:
        snapshot = data.reopened(snapshot_id)
    except ChunshuiError as error:
        notices.failed(error)
        return
    if scope is not None:
        offer_stage(scope, "stage_of_snapshot", snapshot_id)
    draw_documents(snapshot, now=now)
    filters = [f"{label}：{choice}" for label, choice in snapshot.filters]
    version = f"数据版本：{snapshot.data_version}"
    st.caption(" ｜ ".join([snapshot.nature_words, *filters, version]))
    draw(tables.sections(snapshot), "快照的各个部分和结论")


def draw_documents(snapshot: Snapshot, *, now: bool) -> None:
    """Draw the making of the documents and, once made, their downloads.

    With `now` they are made at once. The time stamped on them is the time of making.
    """
    key = f"made-{snapshot.id}"
    if st.button("生成材料", icon=":material/print:", key=f"make-{snapshot.id}") or now:
        st.session_state[key] = stamp.now().isoformat()
    if key not in st.session_state:
        st.caption("按“生成材料”，得到演示文稿、公文（Word）、简报和工作簿；材料上印生成的时间。")
        return
    exported_at = st.session_state[key]
    try:
        with progress.bar("开始生成") as move:
            documents = data.documents(snapshot.id, exported_at, move)
    except ChunshuiError as error:
        notices.failed(error)
        return
    for fault in documents.faults:
        st.error(fault, icon=":material/error:")
    with st.container(horizontal=True):
        for name, content in documents.files.items():
            extension = name.rpartition(".")[2]
            downloads.button(
                f"{export.FORMATS[extension]}（{len(content) / 1024:,.0f} KB）",
                partial(bytes, content),
                name,
                export.MEDIA_TYPES[extension],
                act=Act.DOCUMENTS,
                key=f"{extension}-{snapshot.id}",
                icon=ICONS[extension],
                snapshot=snapshot.id,
            )
        for kind, words in export.FORM_WORDS.items():
            if kind in ("card", "slide") and not has_page(snapshot):
                continue
            ending, part = export.FORMS[kind]
            downloads.button(
                words,
                partial(data.one_page, snapshot.id, exported_at, kind),
                stamp.file_name(snapshot, ending, part),
                export.MEDIA_TYPES[ending],
                act=Act.DOCUMENTS,
                key=f"{kind}-{snapshot.id}",
                icon=FORM_ICONS[kind],
                snapshot=snapshot.id,
            )
        if any(can_draw(section) for section in snapshot.sections):
            downloads.button(
                "全部图片（zip）",
                partial(data.pictures, snapshot.id, exported_at),
                stamp.file_name(snapshot, "zip", "图片"),
                export.MEDIA_TYPES["zip"],
                act=Act.DOCUMENTS,
                key=f"zip-{snapshot.id}",
                icon=":material/image:",
                snapshot=snapshot.id,
            )
