"""The head and the foot that every page has."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui import clock
from chunshui.catalogue.metric import get_metric
from chunshui.month import Month
from chunshui.snapshots.stamp import shorten_sentence
from chunshui.ui import data
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.shell import filters, navigation
from chunshui.warehouse import Edition, Manifest, software
from chunshui.words import DEMONSTRATION

FINDING = (
    320  # letters; beyond them clauses are left out whole, for half of one says something else
)


def draw(title: str, scope: Scope, manifest: Manifest, warning: str | None) -> None:
    """Draw title, the mark of demonstration data, scope, as-of month and data version."""
    against = f"，对比**{Month.parse(scope.against).words}**" if scope.against else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(title, anchor=False, width="content")
        if manifest.nature == "演示":
            st.badge(DEMONSTRATION, icon=":material/science:", color="red")
        beside = st.container(width="content", horizontal=True, gap="small")
        st.session_state["beside_title"] = beside  # for the page, each run
        st.session_state["seen"], st.session_state["finding"] = {}, ""
        st.caption(
            f"{plain(data.district_name(scope.edition), 30)} ｜ 范围 **{plain(scope.words, 60)}** ｜ 截至**{Month.parse(scope.month).words}**{against} ｜ "
            f"数据版本 **{manifest.version}**",
            width="content",
            help=f"{clock.written(manifest.made_at)}建成",
        )
    if scope.community and st.session_state["page"] != navigation.SHEET:
        beside.button(
            navigation.PAGES[navigation.SHEET].title,
            icon=navigation.PAGES[navigation.SHEET].icon,
            key="to_sheet",
            help=f"{scope.words}的全部情况",
            type="tertiary",
            on_click=filters.go,
            args=(filters.address(scope, navigation.SHEET),),
        )
    if new := _of_a_new_place(scope):
        st.info(new, icon=":material/history:")
    if warning:
        st.warning(warning, icon=":material/warning:")
    if software.changed(manifest.software):
        st.warning(f"{manifest.version}{software.OLDER}", icon=":material/update:")
    if scope.ignored:
        st.warning("\n\n".join(scope.ignored), icon=":material/link_off:")


def _of_a_new_place(scope: Scope) -> str:
    """Say of a community that was founded within the months shown, or after the one looked at, that
    there is nothing to compare it with; "" of all others.
    """
    found = (one for one in data.district(scope.edition).communities if one.code == scope.community)
    since = next((one.since for one in found), None)
    if since is None or since <= Month.parse(data.months(scope.edition)[-1]).first:
        return ""
    if since > Month.parse(scope.month).last:
        said = f"{Month.parse(scope.month).words}还没有它；本页若有数，是按现在的归属往前推的"
    else:
        said = "此前的月份没有它的数，没有可比的；走势里更早的，是按现在的归属往前推的"
    return f"{plain(scope.words, 60)}{since}设立。{said}。"


def finding(sentence: str) -> None:
    """State what the page found, in one sentence, under the head; its tables are taken under it."""
    st.session_state["finding"] = sentence
    st.markdown(f"#### {plain(shorten_sentence(sentence, FINDING), FINDING)}")


def draw_picture_title(place: DeltaGenerator, sentence: str) -> None:
    """Draw over a picture what it shows."""
    place.markdown(f"#### {plain(sentence)}")


def foot(scope: Scope, metric_ids: tuple[str, ...] = ()) -> None:
    """Draw the foot: where the figures come from, what was not used, the definitions."""
    st.divider()
    st.caption(f"{_sources(scope.edition)}地图为示意，街道、社区界线和位置不作边界依据。")
    with st.container(horizontal=True, gap="small"):
        for metric_id in metric_ids:
            metric = get_metric(metric_id)
            st.button(
                f":small[{metric.short}的定义]",
                icon=":material/menu_book:",
                key=f"definition_{st.session_state['page']}_{metric_id}",
                type="tertiary",
                on_click=filters.go,
                args=(filters.address(scope, open=metric.name, tab="定义"),),
            )


@remembered(4)
def _sources(edition: Edition) -> str:
    files, unused = data.source_files(edition), data.unused_rows(edition)
    left_out = unused[~unused["fate"].isin(("表头", "标题", "空行", "脚注", "合计", "已替换"))]
    return (
        f"来源：{files['file_name'].nunique()}个台账文件、{len(files)}张表，"
        f"共{files['row_used'].sum():,}行；未能入库{left_out['rows'].sum():,}行。"
    )
