"""Choosing sections, here and on other pages; freezing; making documents; opening the archive.

The list of sections is the value of one multiselect: its order is the order of the document,
and a page adds to it by its label (`offer`).
"""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.metric import all_metrics, get_metric
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, comparison, freeze, stamp, templates
from chunshui.snapshots.archive import About
from chunshui.snapshots.freeze import Selection
from chunshui.snapshots.model import Snapshot
from chunshui.snapshots.render import export
from chunshui.ui.data import reader
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import navigation, notices
from chunshui.ui.topics.meeting import data, tables
from chunshui.ui.topics.meeting.data import FIGURES, OWN
from chunshui.ui.widgets import downloads, progress
from chunshui.ui.widgets.tables import readable, right_aligned

SHOWN = 300  # differences on screen
ICONS = {
    "pptx": ":material/slideshow:",
    "pdf": ":material/description:",
    "xlsx": ":material/table:",
}


def offer(metric_id: str | None, *, figures: Sequence[str] = (), more: Sequence[str] = ()) -> None:
    """Draw 加入会议材料 beside the page's title: the sections that show what the page shows.

    They are those of the metric on its map and rankings, the page's key figures, and `more`.
    """
    name = get_metric(metric_id).name if metric_id else ""
    labels = [label for label in data.sections() if name and label.partition(" · ")[2] == name]
    offered: dict[str, tuple[str, ...]] = {FIGURES: tuple(figures)} if figures else {}
    offered |= dict.fromkeys([*labels, *more], ())
    chosen = st.session_state.get("sections", [])
    with (
        st.session_state["beside_title"],
        st.popover("加入会议材料", icon=":material/playlist_add:"),
    ):
        st.caption("点一项，加入会议材料；冻结时按当时上方的范围和月份取数。")
        for label, tiles in offered.items():
            inside = label in chosen and set(tiles) <= set(st.session_state.get("tiles", []))
            st.button(
                f"{label}（本页{len(tiles)}项）" if tiles else label,
                key=f"meeting_{label}",
                icon=":material/check:" if inside else ":material/add:",
                type="tertiary",
                disabled=inside or len(chosen) >= freeze.SECTIONS,
                on_click=_add,
                args=(label, tiles),
            )
        st.page_link(
            navigation.PAGES["snapshots"].path,
            label=f"已选{len(chosen)}部分，去会议快照",
            icon=":material/co_present:",
        )


def _add(label: str, figures: Sequence[str] = ()) -> None:
    """Add a section to the material, and key figures to those it shows (a callback)."""
    chosen = list(st.session_state.get("sections", []))
    if label not in chosen:
        st.session_state["sections"] = [*chosen, label]
    tiles = [*st.session_state.get("tiles", []), *figures]
    st.session_state["tiles"] = list(dict.fromkeys(tiles))


def finding(lines: list[About]) -> str:
    """Say how many snapshots there are and which is the latest."""
    if not lines:
        return "还没有冻结过会议材料：选模板或自选部分，冻结后即可下载。"
    latest = lines[0]
    return (
        f"档案里有{len(lines)}份快照，最近一份是{latest.frozen_at[:10]}的《{latest.title}》"
        f"（{latest.id}）。同样的选择、同一个数据版本，编号不变。"
    )


def choose() -> tuple[str, list[str], list[str]]:
    """Draw the choice of template, sections and key figures; return the three."""
    names = [OWN, *(template.name for template in templates.all_templates().values())]
    template = (
        st.pills("模板", names, key="template", on_change=_follow_template, persist_state="session")
        or OWN
    )
    if template != OWN:
        st.caption(templates.get_template(template).about)
    sections = st.multiselect(
        "部分（先选的排在前面）",
        list(data.sections()),
        key="sections",
        placeholder="可按指标名称查找",
        select_all=False,
        max_selections=freeze.SECTIONS,
        persist_state="session",
    )
    metrics = all_metrics()
    figures = []
    if FIGURES in sections:
        figures = st.multiselect(
            "核心指标里的指标",
            list(metrics),
            key="tiles",
            format_func=lambda metric: metrics[metric].name,
            placeholder="可按指标名称查找",
            select_all=False,
            persist_state="session",
        )
    return template, sections, figures


def _follow_template() -> None:
    """Fill sections and key figures from the template just chosen (a callback)."""
    template = st.session_state["template"]
    if template and template != OWN:
        choices = templates.get_template(template).choices
        st.session_state["sections"] = [data.label(choice) for choice in choices]
        st.session_state["tiles"] = [
            metric for choice in choices if choice.kind == "figures" for metric in choice.metrics
        ]


def edit_wording(sections: list[str]) -> pd.DataFrame:
    """Draw the table in which titles and comments may be written; return it."""
    blank = pd.DataFrame({"部分": sections, "标题": "", "会议用语": ""})
    with st.expander("改写标题、加会议用语（留空则用系统写出的结论）"):
        return st.data_editor(
            blank,
            hide_index=True,
            disabled=["部分"],
            key=f"wording-{'|'.join(sections)}",
            column_config={
                "标题": st.column_config.TextColumn(max_chars=freeze.TITLE_LENGTH),
                "会议用语": st.column_config.TextColumn(max_chars=freeze.COMMENT_LENGTH),
            },
        )


def freeze_and_store(scope: Scope, selection: Selection, by: str) -> Snapshot | None:
    """Freeze with a progress bar and put the snapshot into the archive; None after an error."""
    try:
        with progress.bar("开始冻结") as move:
            snapshot = freeze.snapshot_of(reader(scope.edition), selection, move)
            archive.store(snapshot, by=by)
    except ChunshuiError as error:
        notices.failed(error)
        return None
    return snapshot


def draw_snapshot(snapshot_id: str, *, now: bool) -> None:
    """Draw a snapshot of the archive with its downloads; `now` makes the documents at once."""
    try:
        snapshot = data.reopened(snapshot_id)
    except ChunshuiError as error:
        notices.failed(error)
        return
    _draw_documents(snapshot, now=now)
    filters = [f"{label}：{choice}" for label, choice in snapshot.filters]
    version = f"数据版本：{snapshot.data_version}"
    st.caption(" ｜ ".join([snapshot.nature_words, *filters, version]))
    st.dataframe(tables.sections(snapshot), hide_index=True, alt="快照的各个部分和结论")


def _draw_documents(snapshot: Snapshot, *, now: bool) -> None:
    """Draw the making of the documents and, once made, their downloads.

    With `now` they are made at once. The time stamped on them is the time of making.
    """
    key = f"made-{snapshot.id}"
    if st.button("生成材料", icon=":material/print:", key=f"make-{snapshot.id}") or now:
        st.session_state[key] = stamp.now().isoformat()
    if key not in st.session_state:
        st.caption("按“生成材料”，得到演示文稿、简报和工作簿；材料上印生成的时间。")
        return
    exported_at = st.session_state[key]
    try:
        with progress.bar("开始生成") as move:
            documents = data.documents(snapshot.id, exported_at, _progress=move)
    except ChunshuiError as error:
        notices.failed(error)
        return
    for fault in documents.faults:
        st.error(fault, icon=":material/error:")
    with st.container(horizontal=True):
        for name, content in documents.files.items():
            extension = name.rpartition(".")[2]
            st.download_button(
                f"{export.FORMATS[extension]}（{len(content) / 1024:,.0f} KB）",
                content,
                name,
                export.MEDIA_TYPES[extension],
                key=f"{extension}-{snapshot.id}",
                icon=ICONS[extension],
                on_click="ignore",
            )
        st.download_button(
            "全部图片（zip）",
            partial(data.pictures, snapshot.id, exported_at),
            stamp.file_name(snapshot, "zip", "图片"),
            export.MEDIA_TYPES["zip"],
            key=f"zip-{snapshot.id}",
            icon=":material/image:",
            on_click="ignore",
        )


def draw_comparison(a: str, b: str, scope: Scope) -> None:
    """Draw in what two snapshots differ."""
    try:
        every = comparison.differences(data.reopened(a), data.reopened(b))
    except ChunshuiError as error:
        notices.failed(error)
        return
    if not every:
        notices.empty("两份快照内容相同。", "")
        return
    table = tables.differences(a, b, every)
    changes = [words.MISSING if pd.isna(one) else f"{one:+,.12g}" for one in table["变化"]]
    st.dataframe(
        readable(table.assign(变化=changes).head(SHOWN)),
        hide_index=True,
        column_config=right_aligned("变化"),
        alt="两份快照的不同",
    )
    if len(every) > SHOWN:
        st.caption(f"列出{SHOWN}处，共{len(every):,}处；下载的文件里有全部。")
    downloads.offer(
        table,
        f"快照比较_{a}_{b}",
        scope,
        key="differences",
        label="下载全部不同之处",
        source="两份快照",
    )
