"""The opened number: everything behind a figure, in a dialog or on the dictionary's page."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.figure import Figure, small_words
from chunshui.catalogue.members import to_mend, worst_first
from chunshui.catalogue.metric import MARKS, WINDOWS, Metric, get_metric
from chunshui.catalogue.wording import level_of, mend_sentence, trend_sentence
from chunshui.drawing import theme
from chunshui.month import Month
from chunshui.pipeline.narrow import SHARED_OUT
from chunshui.ui import charts, data
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.shell import filters, navigation, notices
from chunshui.ui.widgets import assign, downloads, lists, pictures, reasons, tables, tiles
from chunshui.ui.widgets.tabs import in_tabs
from chunshui.words import MISSED, NEAR

DIRECTIONS = {"up": "越高越好", "down": "越低越好", "none": "不评高低"}
KINDS = {"ratio": "比率：先各自加总，再相除", "total": "总量", "quantile": "分位数"}


def number(metric_id: str) -> None:
    """Open the figure of the page's scope: `draw_opened` draws it when the page is drawn."""
    st.query_params[filters.OPEN] = get_metric(metric_id).name


def draw_opened(scope: Scope) -> None:
    """Draw what the address opens over the page, in a dialog: a number, or a list of them.

    Closing it takes it out of the address.
    """
    listed = st.query_params.get(filters.OPEN)
    if listed in filters.LISTS or (scope.against and listed in filters.MOVED):
        rows = [one for one in data.targeted(scope) if _is_listed(one, listed, scope.against)]
        title = f"{listed}的指标（{len(rows)}项）"
        st.dialog(title, width="large", on_dismiss=filters.close)(tiles.listed)(rows, scope)
    elif opened := filters.opened(scope):
        metric, within, tab = opened
        st.empty()  # not the place of the list it may have been opened from, or closing goes unnoticed
        title = metric.name if within == scope else f"{metric.name}：{within.words}"
        st.dialog(title, width="large", on_dismiss=filters.close)(_number)(metric, within, tab)


def _is_listed(figure: Figure, listed: str, against: str | None) -> bool:
    if against and listed in filters.MOVED:
        return figure.better(against) is filters.MOVED[listed]
    return figure.status in filters.LISTS[listed]


def _number(metric: Metric, scope: Scope, tab: str | None) -> None:
    figure = data.figure(scope, metric.id)
    formula(figure, scope)
    assign.offer(scope, partial(_things, figure, scope), f"number_{metric.id}")
    evidence(figure, scope, key="dialog", tab=tab)


def _things(figure: Figure, scope: Scope) -> list[assign.Thing]:
    """What a meeting may hand out of a figure: the figure, then its members, those to mend first."""
    metric = figure.metric
    counted = f"（{figure.fraction_text}）" if figure.fraction_text else ""
    basis = f"{metric.name}，{assign.since(scope)}为{figure.text}{counted}"
    rows = data.members(scope, metric.id)
    mend = to_mend(metric, rows)
    rows = pd.concat([mend, rows.drop(mend.index)]).head(tables.SHOWN)
    rows = rows.astype(object).where(rows.notna(), "")
    now = f"现为{figure.text}{counted}"
    if figure.status in (MISSED, NEAR):
        ask = f"采取措施，使{scope.words}{metric.name}达到目标（{now}，{figure.target_text}）"
    else:
        ask = f"报告{scope.words}{metric.name}的情况（{now}）"
    things = [assign.Thing(ask, *assign.here(scope), basis)]
    for row in rows.itertuples():
        said = f"{row.entity_name}：{row.reason}" if row.reason else str(row.entity_name)
        place = row.community_name or row.street_name
        where = "" if place in str(row.entity_name) else place
        ask = f"解决{where}{row.entity_name}“{row.reason or metric.short}”的问题"
        things.append(assign.Thing(ask, row.street_name, row.community_name, f"{said}（{basis}）"))
    return things


def buttons(scope: Scope, figures: Iterable[Figure]) -> None:
    """Draw figures in a row, each a button that opens the number; it says the time it counts, and a small base."""
    with st.container(horizontal=True, gap="small"):
        for figure in figures:
            window = figure.metric.variant(figure.variant).window
            period = "" if window == "as-of" else f" :small[{WINDOWS[window]}]"
            few = f"（{words.TOO_FEW}）" if figure.status == words.TOO_FEW else ""
            if st.button(
                f"{figure.metric.short} **{figure.text}**{few}{period}",
                key=f"figure_{figure.metric.id}",
                help=f"打开{figure.metric.name}：{figure.reason or figure.metric.caveat}",
            ):
                number(figure.metric.id)


def rows(title: str, table: pd.DataFrame, scope: Scope, key: str, sentence: str = "") -> None:
    """Open the rows behind a figure in a dialog, under a sentence on them."""

    def body() -> None:
        st.caption(
            f"{scope.words} ｜ 截至{Month.parse(scope.month).words} ｜ 数据版本{scope.version}"
        )
        if sentence:
            st.markdown(sentence)
        if table.empty:
            notices.empty(f"台账里没有{title}。", "")  # no other scope would show any
        else:
            lists.show(table, title, scope, key, height_px=420)

    st.dialog(title, width="large")(body)()


def formula(figure: Figure, scope: Scope) -> None:
    """Say the value, what was divided by what, the scope and the caveat."""
    metric = figure.metric
    shape, colour = theme.STATUS[figure.status]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.metric(metric.name, figure.text, label_visibility="collapsed", width="content")
        st.markdown(
            f":{colour}-badge[{shape} {figure.status}]　{figure.target_text or ''}", width="content"
        )
    if figure.reason:
        st.info(figure.reason, icon=":material/info:")
    elif metric.kind == "ratio":
        top = words.number(figure.numerator, metric.numerator_unit)
        bottom = words.number(figure.denominator, metric.denominator_unit)
        st.markdown(f"**{top}**（{metric.numerator}）÷ **{bottom}**（{metric.denominator}）")
    else:
        st.markdown(f"{metric.numerator}，计**{words.plain(figure.members)}**条")
    changes = changes_text(figure, scope.against)
    st.caption(
        " ｜ ".join(
            [
                plain(scope.words, 60),
                f"截至{Month.parse(scope.month).words}",
                f"数据版本{scope.version}",
                changes,
            ]
        ).removesuffix(" ｜ ")
    )
    if figure.status == words.TOO_FEW:
        st.caption(f"{small_words(metric, figure.base or 0)}。")
    st.caption(f"注意：{metric.caveat}")
    if said := _of_one_street(metric, scope):
        st.caption(said)


def _of_one_street(metric: Metric, scope: Scope) -> str:
    """Say what a street's account is not told of the members of a figure; "" where it is told all."""
    own = data.manifest(scope.edition).street_name
    if own and metric.id in SHARED_OUT:
        return "这项指标要用到别的街道的行，本账号只看数，不列名单。"
    return f"数是全区的，名单只列{own}的行。" if own and scope.whole else ""


def changes_text(figure: Figure, against: str | None) -> str:
    """Return the changes against the month chosen, last month and last year, as far as there are any."""
    said = (figure.moved_text(against), figure.change_text, figure.year_text)
    return "，".join(dict.fromkeys(filter(None, said)))


def saturated(scope: Scope, metric: Metric) -> None:
    """Warn when the metric no longer tells the streets apart, and name those that may."""
    saturation = data.saturation(scope, metric.id)
    if saturation.saturated:
        st.info(saturation.sentence, icon=":material/water_full:")


@st.fragment
def evidence(figure: Figure, scope: Scope, key: str, tab: str | None = None) -> None:
    """Show who is counted, who is not, why it changed, the definition and the SQL, in tabs.

    It opens on `tab` (未计入, 为什么变 …), else where most of what keeps a figure from its target is.
    What a tab shows is asked for and sent when it is opened.
    """
    metric = figure.metric
    parts = _parts(scope, metric.id)
    ranked = "各社区" if data.home_street(scope) else "各街道"
    drawn: dict[str, Callable[[], None]] = {
        f"计入（{len(parts.inside):,}）": lambda: members(figure, scope, "计入", key),
        f"未计入（{len(parts.outside):,}）": lambda: members(figure, scope, "未计入", key),
        ranked: lambda: places(figure, scope, ranked, key),
        "走势": lambda: trend(figure, scope),
        f"{ranked}走势": lambda: trends(metric, scope, key),
        "为什么变": lambda: reasons.why(figure, scope, key),
        "差多少达标": lambda: reasons.to_target(figure, scope, key),
        "定义": lambda: definition(metric),
        "SQL": lambda: query(metric),
    }
    if not figure.target_text:
        del drawn["差多少达标"]
    if key != "dialog":
        del drawn["走势"]  # the page has it
    if metric.level == "district":
        del drawn[f"{ranked}走势"]
    names = list(drawn)
    first = names[parts.first]
    first = next((name for name in names if tab and name.startswith(tab)), first)
    in_tabs(drawn, key=f"tabs_{key}", default=first, bind=None)


class _Parts(NamedTuple):
    """The members of a figure that are counted and that are not, and which of the two comes first."""

    inside: pd.DataFrame
    outside: pd.DataFrame
    first: int


@remembered(16)
def _parts(scope: Scope, metric_id: str) -> _Parts:
    rows, figure = data.members(scope, metric_id), data.figure(scope, metric_id)
    if missed := figure.status in (MISSED, NEAR):
        rows = worst_first(figure.metric, rows)
    mend = to_mend(figure.metric, rows)["counted"]
    first = int(missed and (~mend).sum() > mend.sum())
    return _Parts(rows[rows["counted"]], rows[~rows["counted"]], first)


@remembered(16)
def _member_table(scope: Scope, metric_id: str, part: str) -> pd.DataFrame:
    parts = _parts(scope, metric_id)
    rows = parts.inside if part == "计入" else parts.outside
    return tables.member_table(rows, get_metric(metric_id))


def trend(figure: Figure, scope: Scope) -> None:
    """Show the months of a figure up to the scope's, under what they come to."""
    st.markdown(f"**{trend_sentence(figure, 12)}**")
    st.plotly_chart(
        pictures.trend(scope, figure.metric.id),
        config=charts.CONFIG,
        alt=f"{figure.metric.name}：逐月变化",
    )


def trends(metric: Metric, scope: Scope, key: str) -> None:
    """Show the months of every place that is ranked as small lines on one axis, the worst first."""
    rows = _worst_first(metric, data.places(scope, metric.id))
    level = level_of(rows)
    rows = rows[rows[f"{level}_code"].notna() & rows["value"].notna()]
    labels = filters.community_labels(data.district(scope.edition))
    names = [labels[one] for one in rows["community_code"]] if level == "community" else None
    places = {
        name: data.figure(within, metric.id)
        for name in names or rows["street_name"]
        if (within := filters.place(scope, name))
    }
    tiles.lines(places, scope, f"lines_{key}", in_dialog=key == "dialog")


def _worst_first(metric: Metric, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `place_table` the other way round, where one end is the worse."""
    if metric.direction == "none":
        return rows
    ranked = rows[f"{level_of(rows)}_code"].notna() & rows["value"].notna() & ~rows["small"]
    return pd.concat([rows[ranked][::-1], rows[~ranked]])


def query(metric: Metric) -> None:
    """Show the SQL that a metric is."""
    st.caption("本数由下面这条查询得出；页面、导出、测试用的都是它。")
    st.code(metric.sql, language="sql", height=420)


def places(figure: Figure, scope: Scope, ranked: str, key: str) -> None:
    """Show the figure of every street, or of every community of the street in scope, worst first."""
    metric = figure.metric
    rows = _worst_first(metric, data.places(scope, metric.id))
    table = tables.place_table(rows)
    level = "community" if "community_code" in rows else "street"
    if level == "street":
        tables.draw(table, f"{metric.name}：{ranked}", most_px=420)
    else:
        _to_sheets(table, f"{metric.name}：{ranked}", rows, scope, f"{key}_{metric.id}_to_sheet")
    if note := data.rounding_note(scope, metric):
        st.caption(note)
    downloads.offer(
        table,
        f"{metric.name}_{ranked}",
        scope,
        key=f"{key}_{metric.id}_places",
        label=f"下载{ranked}",
        source=downloads.ledgers(scope, metric),
        shapes=downloads.places(scope, rows[f"{level}_code"]),
        finding=pictures.ranking_title(scope, metric),
    )


def _to_sheets(table: pd.DataFrame, alt: str, rows: pd.DataFrame, scope: Scope, key: str) -> None:
    """Draw a table of communities, a row of which leads to the sheet of its community."""
    st.caption(f"点一行，看这个社区的“{navigation.PAGES[navigation.SHEET].title}”。")
    labels = filters.community_labels(data.district(scope.edition))

    def address_of(row: int) -> str:
        within = filters.place(scope, labels.get(rows["community_code"].iloc[row], ""))
        return filters.address(within or scope, navigation.SHEET)

    tables.draw(table, alt, most_px=420, **lists.leading(key, address_of))
    if lists.has_led(key):
        st.rerun()


def members(figure: Figure, scope: Scope, part: str, key: str) -> None:
    """Show a list of members with their ledger file, sheet and row, and offer it whole."""
    metric = figure.metric
    parts = _parts(scope, metric.id)
    rows = parts.inside if part == "计入" else parts.outside
    if rows.empty:
        st.info(f"本范围没有{part}的{words.entity(metric.entities[0])}。", icon=":material/inbox:")
        return
    table = _member_table(scope, metric.id, part)
    tables.draw_first(table, f"{metric.name}{part}名单")
    said = mend_sentence(metric, list(rows["entity_name"]))
    if part == "计入":
        said = trend_sentence(figure, 12)
    downloads.offer_members(table, rows, scope, metric, part, f"{key}_{metric.id}_{part}", said)


def definition(metric: Metric) -> None:
    """Show what the metric means, where it comes from and how far it may be trusted."""
    rows = {
        "一行是什么": metric.one_row,
        "分子" if metric.kind == "ratio" else "计什么": metric.numerator,
        "分母": metric.denominator,
        "算法": KINDS[metric.kind],
        "时间口径": WINDOWS[metric.window],
        "单位": metric.unit,
        "评价方向": DIRECTIONS[metric.direction],
        "目标": metric.target
        and f"{words.bound(metric.target, metric.unit)}（{metric.target_source}）",
        "更新频率": metric.cadence,
        "依据": f"{metric.source}（{MARKS[metric.mark]}）",
        "注意": metric.caveat,
    }
    st.table({label: text for label, text in rows.items() if text}, border="horizontal")
