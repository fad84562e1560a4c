"""What is drawn and chosen on the page of a city: head, month, metric, both texts of a rule, the file."""

import difflib
from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui import words
from chunshui.access.roles import Act
from chunshui.catalogue.metric import get_metric
from chunshui.city import comparison
from chunshui.city.edition import CityEdition
from chunshui.month import Month
from chunshui.snapshots import archive, city, stamp
from chunshui.snapshots.city import edition_words
from chunshui.snapshots.model import Snapshot
from chunshui.snapshots.render import table_files
from chunshui.ui.data import FIRST_METRIC
from chunshui.ui.markdown import plain
from chunshui.ui.shell import permit, pinned
from chunshui.ui.topics.city import data, finding, tables
from chunshui.ui.topics.city.finding import state_words
from chunshui.ui.widgets import downloads, pick, tiles

NOTES = 3  # that are written out


def choose(edition: CityEdition) -> tuple[str, str]:
    """Draw title, edition, month and metric; return the metric's id and the month."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title("全市", anchor=False, width="content")
        if edition.nature == "演示":
            st.badge(words.DEMONSTRATION, icon=":material/science:", color="red")
        months = list(reversed(edition.months))
        month = st.selectbox(
            "截至月份",
            months,
            key="city_month",
            bind="query-params",
            label_visibility="collapsed",
            width=116,
        )
        metric = pick.metric(st.container(width=340), FIRST_METRIC, key="city_metric")
        st.caption(
            f"全市汇总 **{plain(edition.label, 30)}** ｜ 截至**{Month.parse(month).words}** ｜ "
            f"编号 **{edition.id}**",
            width="content",
            help="各区以后再发布、回退或更正，这一期都不变。",
        )
        permit.draw_leave()
    return metric.id, month


def faults(edition: CityEdition) -> None:
    """Say which pinned versions are whole no more."""
    for code, why in edition.faults().items():
        name = edition.district(code).name
        st.warning(
            f"{plain(name, 30)}的街道数据现在读不出：{plain(why)}", icon=":material/warning:"
        )


def both_texts(edition: CityEdition, metric_id: str, month: str) -> None:
    """Draw a button for each district that counts otherwise: both texts side by side."""
    for one in data.standings(edition, metric_id, month):
        if one.differs and st.button(
            f"对照{one.pinned.name}与多数区的口径",
            icon=":material/difference:",
            key=f"texts_{one.pinned.district}",
            type="tertiary",
        ):
            _texts(edition, metric_id, one.pinned.district)


@st.dialog("两种口径", width="large")
def _texts(edition: CityEdition, metric_id: str, code: str) -> None:
    name = edition.district(code).name
    st.markdown(f"**{get_metric(metric_id).name}**　{plain(name, 30)}与多数区")
    for one in comparison.rule_text(edition, metric_id, code):
        if not one.differs:
            st.caption(f"{plain(one.part, 40)}：相同。")
            continue
        st.markdown(f"**{plain(one.part, 40)}**　不同的行：－是多数区的，＋是{plain(name, 30)}的")
        common, own = one.common.splitlines(), one.own.splitlines()
        changed = list(difflib.unified_diff(common, own, n=0, lineterm=""))[2:]
        st.code("\n".join(line for line in changed if line[:2] != "@@"), language="diff")
        for place, heading, text in zip(
            st.columns(2), (name, "多数区"), (one.own, one.common), strict=True
        ):
            place.caption(plain(heading, 30))
            place.code(text or "没有", language="sql", height=300, wrap_lines=True)


def trends(edition: CityEdition, metric_id: str, month: str) -> None:
    """Draw the months of the city and of the districts chosen as small lines on one axis."""
    found = data.standings(edition, metric_id, month)
    named = {one.pinned.name: one for one in found if one.figure.trend}
    ranked = [name for name, one in named.items() if one.rank is not None]
    whole = data.total(edition, metric_id, month)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**近三年走势**　:small[{whole.sentence}计入全市]", width="content")
        chosen = st.multiselect(
            "看哪些区",
            list(named),
            default=ranked[: city.LINES],
            key=f"city_trends_{metric_id}",
            placeholder="看哪些区",
            label_visibility="collapsed",
            width=420,
        )
    figures = {"全市": whole.figure} if whole.figure.value is not None else {}
    figures |= {name: named[name].figure for name in chosen}
    addresses = {name: pinned.address(one.pinned.district) for name, one in named.items()}
    tiles.leading_lines(figures, addresses, "city_trends")


def foot(edition: CityEdition) -> None:
    """Draw where the figures come from, and what the edition notes of it."""
    st.divider()
    versions = "、".join(f"{one.name}{one.version}" for one in edition.districts if one.version)
    st.caption(
        plain(f"来源：{versions}。各区版本在这一期里都已锁定，数字不随各区以后的更改而变。", 2000)
    )
    for note in edition.notes[:NOTES]:
        st.caption(plain(note))
    if (more := len(edition.notes) - NOTES) > 0:
        st.caption(f"另有{more}处。")


def offer(place: DeltaGenerator, edition: CityEdition, metric_id: str, month: str) -> None:
    """Draw the download of the ranking: every file says which edition it is of."""
    table, metric = tables.listed(edition, metric_id, month), get_metric(metric_id)
    origin = partial(
        table_files.Origin,
        title=f"{metric.name}_各区排名",
        scope=f"全市，{data.total(edition, metric_id, month).sentence}计入",
        as_of=Month.parse(month).words,
        version=edition_words(edition),
        nature=edition.nature,
        source="、".join(
            f"{one.name}{one.version or ''}{state_words(one)}" for one in edition.districts
        ),
    )
    name = stamp.safe_name(f"{metric.name}_各区排名_全市_{month}_{edition.id}")
    with place.container(horizontal=True, gap="small"):
        for said, ending in (("下载排名（Excel）", "xlsx"), ("下载排名（CSV）", "csv")):
            downloads.button(
                said,
                partial(_file, ending, table, origin),
                f"{name}.{ending}",
                icon=":material/download:",
                key=f"city_{ending}",
                rows=len(table),
                version=edition.id,
            )


def frozen(edition: CityEdition, metric_id: str, month: str) -> Snapshot | None:
    """Draw the freezing of what the page shows, for whoever may; return what was frozen just now."""
    if not permit.may(Act.FREEZE) or not st.button(
        "冻结成会议材料", icon=":material/ac_unit:", key="city_freeze"
    ):
        return None
    permit.demand(Act.FREEZE, title=edition_words(edition))
    snapshot = snapshot_of(edition, metric_id, month)
    archive.store(snapshot, by=permit.signature())
    st.caption(f"已冻结并存入档案，编号**{snapshot.id}**，{edition_words(edition)}。")
    return snapshot


def snapshot_of(edition: CityEdition, metric_id: str, month: str) -> Snapshot:
    """Return what the page shows, frozen."""
    targeted, whole = data.targeted(edition, month), data.total(edition, metric_id, month)
    ranked = {
        one: data.ranked(edition, one, month)
        for one in dict.fromkeys([metric_id, *(figure.metric.id for figure in targeted)])
    }
    found = data.standings(edition, metric_id, month)
    return city.snapshot_of(
        edition,
        finding=finding.sentence(edition, month),
        ranking_title=finding.ranking_sentence(get_metric(metric_id), whole, found),
        absent_title=finding.absent_sentence(found),
        total=whole,
        targeted=targeted,
        ranked=ranked,
        table=tables.listed(edition, metric_id, month),
    )


def _file(ending: str, table: pd.DataFrame, origin: Callable[..., table_files.Origin]) -> bytes:
    write = {"xlsx": table_files.to_xlsx, "csv": table_files.to_csv}[ending]
    return write(table, origin(exported_at=stamp.now()))
