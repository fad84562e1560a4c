"""What the page of meeting snapshots is made of: choose sections, freeze, archive, downloads.

The list of sections is the value of one multiselect: its order is the order of the document,
and a page adds to it by its label (`offer`). Nothing here computes a figure.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache, partial

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.metric import all_metrics, get_metric
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, freeze, model, stamp, templates
from chunshui.snapshots.archive import About
from chunshui.snapshots.comparison import differences
from chunshui.snapshots.freeze import Choice, Selection
from chunshui.snapshots.model import Snapshot
from chunshui.snapshots.render import child_process, export
from chunshui.snapshots.render.export import Documents
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import navigation, notices
from chunshui.ui.widgets import downloads, tables

OWN = "自选"
FIGURES, ATTENTION, CLAIMS = "核心指标", "关注事项", "公开数字对照"
_KEYS = {"persist_state": "session"}
_SHOWN = 300  # differences on screen
_ICONS = {
    "pptx": ":material/slideshow:",
    "pdf": ":material/description:",
    "xlsx": ":material/table:",
}


@cache
def offered() -> dict[str, Choice]:
    """Return every section that can be chosen, by the words it is chosen with."""
    found = {
        FIGURES: Choice("figures"),
        ATTENTION: Choice("attention"),
        CLAIMS: Choice("claims"),
    }
    for metric in all_metrics().values():
        one = (metric.id,)
        if metric.level != "district":
            found[f"街道排名 · {metric.name}"] = Choice("ranking", one)
        if metric.level == "community":
            found[f"社区地图 · {metric.name}"] = Choice("map", one, level=freeze.COMMUNITY)
            if "station" in metric.entities:
                found[f"社区地图加阵地 · {metric.name}"] = Choice(
                    "map", one, level=freeze.COMMUNITY, stations=True
                )
            found[f"社区排名 · {metric.name}"] = Choice("ranking", one, level=freeze.COMMUNITY)
        found[f"一年走势 · {metric.name}"] = Choice("trend", one)
        found[f"三年走势 · {metric.name}"] = Choice("trend", one, months=36)
        if metric.kind == "ratio":
            found[f"未计入名单 · {metric.name}"] = Choice("table", one)
    return found


def offer(metric_id: str, *, figures: Sequence[str] = (), more: Sequence[str] = ()) -> None:
    """Draw 加入会议材料 beside the page's title: the sections that show what the page shows.

    They are those of the metric on its map and rankings, the page's key figures, and `more`.
    """
    known = offered()
    name = get_metric(metric_id).name
    labels = [label for label in known if label.partition(" · ")[2] == name]
    asked = {label: tuple(figures) for label in [FIGURES] if figures}
    asked |= dict.fromkeys([*labels, *(label for label in more if label in known)], ())
    chosen = st.session_state.get("sections", [])
    with (
        st.session_state["beside_title"],
        st.popover("加入会议材料", icon=":material/playlist_add:"),
    ):
        st.caption("点一项，加入会议材料；冻结时按当时左侧的范围和月份取数。")
        for label, wanted in asked.items():
            inside = label in chosen and set(wanted) <= set(st.session_state.get("tiles", []))
            st.button(
                f"{label}（本页 {len(wanted)} 项）" if wanted else label,
                key=f"meeting_{label}",
                icon=":material/check:" if inside else ":material/add:",
                type="tertiary",
                disabled=inside or len(chosen) >= freeze.SECTIONS,
                on_click=add,
                args=(label, wanted),
            )
        st.page_link(
            navigation.PAGES["snapshots"].path,
            label=f"已选 {len(chosen)} 部分，去会议快照",
            icon=":material/co_present:",
        )


def add(label: str, figures: Sequence[str] = ()) -> None:
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
        f"档案里有 {len(lines)} 份快照，最近一份是 {latest.frozen_at[:10]} 的《{latest.title}》"
        f"（{latest.id}）。同样的选择、同一个数据版本，编号不变。"
    )


def choose() -> tuple[str, list[str], list[str]]:
    """Draw the choice of template, sections and key figures; return the three."""
    names = [OWN, *(template.name for template in templates.all_templates().values())]
    chosen = st.pills("模板", names, key="template", on_change=_follow_template, **_KEYS) or OWN
    if chosen != OWN:
        st.caption(templates.get_template(chosen).about)
    sections = st.multiselect(
        "部分（先选的排在前面）",
        list(offered()),
        key="sections",
        placeholder="可按指标名称查找",
        select_all=False,
        max_selections=freeze.SECTIONS,
        **_KEYS,
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
            **_KEYS,
        )
    return chosen, sections, figures


def _follow_template() -> None:
    """Fill sections and key figures from the template just chosen (a callback)."""
    chosen = st.session_state["template"]
    if chosen and chosen != OWN:
        choices = templates.get_template(chosen).choices
        st.session_state["sections"] = [_label(choice) for choice in choices]
        st.session_state["tiles"] = [
            metric for choice in choices if choice.kind == "figures" for metric in choice.metrics
        ]


def _label(choice: Choice) -> str:
    if choice.kind == "figures":
        return FIGURES
    return next(label for label, one in offered().items() if one == choice)


def wording(sections: list[str]) -> pd.DataFrame:
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


def selection(
    scope: Scope, template: str, figures: list[str], written: pd.DataFrame, head: dict[str, str]
) -> Selection:
    """Return what is to be frozen."""
    choices = []
    for row in written.itertuples(index=False):
        choice = offered()[row[0]]
        metrics = tuple(figures) if row[0] == FIGURES else choice.metrics
        choices.append(
            Choice(
                choice.kind, metrics, choice.level, choice.months, choice.stations,
                row[1] or "", row[2] or "",
            )
        )  # fmt: skip
    return Selection(
        month=scope.month,
        choices=tuple(choices),
        template="" if template == OWN else template,
        streets=() if scope.community else scope.streets,
        community=scope.community,
        **head,
    )


def frozen(scope: Scope, asked: Selection, by: str) -> Snapshot | None:
    """Freeze with a progress bar and put the snapshot into the archive; None after an error."""
    bar = st.progress(0.0, "开始冻结")
    try:
        snapshot = freeze.snapshot_of(
            data.reader(scope.edition), asked, lambda step, share: bar.progress(share, step)
        )
        archive.store(snapshot, by=by)
    except ChunshuiError as error:
        st.error(str(error), icon=":material/error:")
        return None
    finally:
        bar.empty()
    return snapshot


def table(lines: list[About]) -> pd.DataFrame:
    """Return the archive as a table."""
    return pd.DataFrame(
        [
            {
                "编号": one.id,
                "标题": one.title,
                "冻结时间": one.frozen_at[:16].replace("T", " "),
                "经办": one.frozen_by or "—",
                "范围": one.scope,
                "统计截至": one.as_of,
                "数据版本": one.data_version,
                "模板": one.template or OWN,
                "部分": one.sections,
            }
            for one in lines
        ]
    )


@st.cache_resource(show_spinner=False, max_entries=8)
def reopened(snapshot_id: str) -> Snapshot:
    """Return a snapshot of the archive, checked against its id."""
    return archive.reopen(snapshot_id)


@st.cache_resource(show_spinner=False, max_entries=6)
def documents(snapshot_id: str, exported_at: str, _progress=None) -> Documents:
    """Return deck, brief and workbook of a snapshot for one time of export."""
    return child_process.documents(
        snapshot_id, dt.datetime.fromisoformat(exported_at), progress=_progress
    )


def material(snapshot_id: str, *, now: bool) -> None:
    """Draw the making of the documents and, once made, their downloads.

    With `now` they are made at once. The time stamped on them is the time of making.
    """
    key = f"made-{snapshot_id}"
    if st.button("生成材料", icon=":material/print:", key=f"make-{snapshot_id}") or now:
        st.session_state[key] = stamp.now().isoformat()
    if key not in st.session_state:
        st.caption("按“生成材料”，得到演示文稿、简报和工作簿；材料上印生成的时间。")
        return
    bar = st.progress(0.0, "开始生成")
    try:
        made = documents(
            snapshot_id,
            st.session_state[key],
            _progress=lambda step, share: bar.progress(share, step),
        )
    except ChunshuiError as error:
        st.error(str(error), icon=":material/error:")
        return
    finally:
        bar.empty()
    for fault in made.faults:
        st.error(fault, icon=":material/error:")
    snapshot = reopened(snapshot_id)
    with st.container(horizontal=True):
        for name, content in made.files.items():
            extension = name.rpartition(".")[2]
            st.download_button(
                f"{export.FORMATS[extension]}（{len(content) / 1024:,.0f} KB）",
                content,
                name,
                export.MEDIA_TYPES[extension],
                key=f"{extension}-{snapshot_id}",
                icon=_ICONS[extension],
                on_click="ignore",
            )
        st.download_button(
            "全部图片（zip）",
            partial(_pictures, snapshot_id, st.session_state[key]),
            stamp.file_name(snapshot, "zip", "图片"),
            export.MEDIA_TYPES["zip"],
            key=f"zip-{snapshot_id}",
            icon=":material/image:",
            on_click="ignore",
        )


def _pictures(snapshot_id: str, exported_at: str) -> bytes:
    """Made on the click, outside the script: it may not ask the session."""
    time = dt.datetime.fromisoformat(exported_at)
    made = child_process.documents(snapshot_id, time, ("png", "svg"))
    return export.zip_bytes(made.files, time)


def opened(snapshot_id: str, *, now: bool) -> None:
    """Show a snapshot of the archive with its downloads; `now` makes the documents at once."""
    try:
        snapshot = reopened(snapshot_id)
    except ChunshuiError as error:
        st.error(str(error), icon=":material/error:")
        return
    material(snapshot_id, now=now)
    st.caption(
        " ｜ ".join(
            [
                snapshot.nature_words,
                *(f"{label}：{choice}" for label, choice in snapshot.filters),
                f"数据版本：{snapshot.data_version}",
            ]
        )
    )
    st.dataframe(
        pd.DataFrame(
            {
                "部分": [model.KIND_WORDS[section.kind] for section in snapshot.sections],
                "内容": [section.heading for section in snapshot.sections],
                "结论": [section.title for section in snapshot.sections],
            }
        ),
        hide_index=True,
        alt="快照的各个部分和结论",
    )


def comparison(a: str, b: str, scope: Scope) -> None:
    """Show in what two snapshots differ."""
    try:
        found = differences(reopened(a), reopened(b))
    except ChunshuiError as error:
        st.error(str(error), icon=":material/error:")
        return
    if not found:
        notices.empty("两份快照内容相同。", "")
        return
    shown = pd.DataFrame(
        {
            "项目": [one.what for one in found],
            "地点": [one.place for one in found],
            a: [one.a for one in found],
            b: [one.b for one in found],
            "变化": [None if one.change is None else float(one.change) for one in found],
        }
    )
    said = [words.MISSING if pd.isna(change) else f"{change:+,.12g}" for change in shown["变化"]]
    st.dataframe(
        tables.readable(shown.assign(变化=said).head(_SHOWN)),
        hide_index=True,
        column_config=tables.right_aligned("变化"),
        alt="两份快照的不同",
    )
    if len(found) > _SHOWN:
        st.caption(f"列出 {_SHOWN} 处，共 {len(found):,} 处；下载的文件里有全部。")
    downloads.offer(
        shown,
        f"快照比较_{a}_{b}",
        scope,
        key="differences",
        label="下载全部不同之处",
        source="两份快照",
    )
