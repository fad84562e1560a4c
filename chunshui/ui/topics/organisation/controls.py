"""What is chosen and opened on the page of the organisation."""

from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.metric import get_metric
from chunshui.ui import data as shown
from chunshui.ui.charts import CONFIG
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import filters, notices
from chunshui.ui.topics.organisation import charts, data, finding, tables
from chunshui.ui.widgets import downloads, drill, linked, lists, pick, pictures, tiles
from chunshui.ui.widgets.tables import headed

TILES = (
    "linkage_reach_rate",
    "linkage_broken",
    "branch_tail_rate",
    "neighbourhood_tail_rate",
    "branch_cover_rate",
    "committee_unit_rate",
)
PUBLISHED = (
    "street_committees",
    "community_committees",
    "party_branches",
    "member_units",
    "centre_households",
)
PLACES = {
    "包保到底率": "linkage_reach_rate",
    "断链处数": "linkage_broken",
    "支部有中心户率": "branch_tail_rate",
    "小区有中心户率": "neighbourhood_tail_rate",
    "支部覆盖率": "branch_cover_rate",
    "承诺兑现率": "pledge_kept_rate",
    "无承诺单位": "unit_idle",
}
# What the trend of a place that was named may be looked at by.
TRENDS = {
    "包保到底率": "linkage_reach_rate",
    "民情办结率": "opinion_closing_rate",
    "网格岗位到岗率": "grid_posts_filled",
    "两新覆盖率": "two_new_coverage",
}
UNITS = ("member_units", "committee_unit_rate", "unit_idle", "pledge_kept_rate", "pledges_overdue")
TRAININGS = ("trainings_held", "training_attendance_rate", "bulletins_issued")
ACTIVITIES = ("activities_held", "activity_attendance", "activity_community_rate")
PAGE = "organisation"
LIST, EVERY, ANY_TIER = "断链名单", "全部断链", "各级"
ICICLE, BRANCH, ALL = "organisation_icicle", "branch", "all"
GOOD = (0, words.MISSING, tables.HOLDS)


@remembered(256)
def finding_sentence(scope: Scope) -> str:
    """Say what is worst of the organisation in scope."""
    reach = shown.figure(scope, "linkage_reach_rate")
    tails = shown.figure(scope, data.TAILS["支部"])
    bare = int((tails.denominator or 0) - (tails.numerator or 0))
    levels = data.ladder(scope)
    return finding.of_organisation(reach, levels, data.breaks(scope), bare, scope.words)


def draw_ladder(scope: Scope) -> None:
    """Draw the levels one under the other; what is there, and what is broken, opens."""
    table, html = _ladder(scope, scope.query)
    linked.show(html, "ladder")
    st.caption(finding.COUNTED if shown.has_ledger(scope, "linkage") else finding.ABSENT)
    broken = shown.figure(scope, "linkage_broken")
    downloads.seen(table, "五级组织", scope, number=(broken.text, broken.metric.name))


@remembered(256)
def _ladder(scope: Scope, _: object) -> tuple[pd.DataFrame, str]:
    """Return the levels as a table and as HTML, the links of which keep the scope's query."""
    levels = data.ladder(scope)
    table = tables.ladder(levels, scope.whole)
    links = [
        {
            "实有": filters.address(scope, PAGE, open=get_metric(data.COUNTS[one.name]).name),
            **({"断链": _breaks_at(scope, one)} if one.broken else {}),
        }
        for one in levels
    ]
    everywhere = filters.address(
        scope, PAGE, organisation_part=LIST, linkage_tier=ANY_TIER, linkage_kind=EVERY
    )
    links = [*[{}] * scope.whole, *links, {"断链": everywhere}]
    return table, _html(table, links, "五级组织的应有、实有与断链", ("还缺", "断链"))


def _breaks_at(scope: Scope, level: data.Level) -> str:
    tier = data.TIERS[level.name]
    return filters.address(
        scope, PAGE, organisation_part=LIST, linkage_tier=tier, linkage_kind=EVERY
    )


def _html(
    table: pd.DataFrame,
    links: list[dict[str, str]],
    alt: str,
    red: tuple[str, ...] = (),
    indents: list[int] | None = None,
) -> str:
    """Return a table as HTML: in each row some cells lead somewhere, those of `red` that lack stand out."""
    rows = []
    for at, row in enumerate(table.to_dict("records")):
        cells = []
        for name, value in row.items():
            text = words.MISSING if pd.isna(value) else value
            text = escape(text if isinstance(text, str) else f"{text:,}")
            if name in links[at]:
                text = f'<a href="{escape(links[at][name])}">{text}</a>'
            first = name == table.columns[0]
            kinds = ["name"] * (name in links[at]) + ["number"] * (not first)
            kinds += ["red"] * (name in red and value not in GOOD and not pd.isna(value))
            indent = "　" * (indents[at] if first and indents else 0)
            cells.append(f'<td class="{" ".join(kinds)}">{indent}{text}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.columns)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(alt)}">'
        f'<table class="rows sums"><tr>{heads}</tr>{"".join(rows)}</table></div>'
    )


def draw_icicle(scope: Scope) -> None:
    """Draw the icicle where the screen is wide; a click on a place filters."""
    street = shown.home_street(scope)  # of a community it is the one of its street
    within = replace(scope, streets=(street,), community=None) if street else scope
    icicle = charts.icicle(within)
    if icicle is None:
        return
    with st.container(key="wide_only"):
        st.caption(charts.LEGEND.format(charts.DEEPER[bool(street)]))
        pictures.show(icicle, "组织体系：谁挂在谁下面，断在哪里", ICICLE, _follow)


def _follow(chart: str) -> None:
    """Go to the street, the community or the branch just clicked (a callback)."""
    points = st.session_state[chart].selection.points
    scope, code = filters.current(), points[0]["id"] if points else None
    labels = _labels(scope)
    units = data.units(scope.district()).set_index("unit_id")["community_code"]
    if code in labels and (within := filters.place(scope, labels[code])):
        filters.go(filters.address(within))
    elif code in units.index and (within := filters.place(scope, labels[units[code]])):
        filters.go(filters.address(within, branch=code))


def draw_tree(scope: Scope) -> None:
    """Draw the path to the place in scope and, indented under it, what is right below."""
    table, html = _tree(scope, scope.query)
    linked.show(html, "tree")
    reach = shown.figure(scope, "linkage_reach_rate")
    downloads.seen(table, "下一级组织", scope, number=(reach.text, reach.metric.name))


@remembered(256)
def _tree(scope: Scope, _: object) -> tuple[pd.DataFrame, str]:
    """Return path and places as a table and as HTML, the links of which keep the scope's query."""
    path, children = _path(scope), tables.children(scope)
    shown_rows = pd.concat([tables.place(within, name) for name, within in path] + [children])
    table = tables.tree(shown_rows.reset_index(drop=True), shown.has_ledger(scope, "linkage"))
    addresses = [filters.address(within, PAGE) for _, within in path]
    if scope.community:
        addresses[-1] = filters.address(scope, PAGE, branch=ALL)
        addresses += [filters.address(scope, PAGE, branch=code) for code in children["code"]]
    else:
        labels = _labels(scope)
        inside = [filters.place(scope, labels[code]) or scope for code in children["code"]]
        addresses += [filters.address(one, PAGE) for one in inside]
    indents = [*range(len(path)), *[len(path)] * len(children)]
    links = [{"组织": one} for one in addresses]
    return table, _html(table, links, "下一级组织", ("本级包保", "下面断链"), indents)


def _labels(scope: Scope) -> dict[str, str]:
    """Return what the filters call the streets and communities, by code."""
    land = shown.district(scope.edition)
    return {one.code: one.name for one in land.streets} | filters.community_labels(land)


def _path(scope: Scope) -> list[tuple[str, Scope]]:
    """Return the places from the district down to the one in scope, each with its own scope."""
    path = [(tables.ROOT, filters.place(scope, filters.WHOLE) or scope)]
    if shown.manifest(scope.edition).street:  # above which nothing can be told apart
        path = []
    if street := shown.home_street(scope):
        name = _labels(scope)[street]
        path.append((name, filters.place(scope, name) or scope))
        if scope.community:
            path.append((scope.words.removeprefix(name), scope))
    return path


def draw_branch(scope: Scope) -> None:
    """Draw the choice of a branch of the community in scope and its centre households."""
    if not scope.community:
        st.query_params.pop(BRANCH, None)
        return
    rows = tables.children(scope)
    if rows.empty:
        return
    names = {
        ALL: "选一个支部，看它的党员中心户",
        **dict(zip(rows["code"], rows["name"], strict=True)),
    }
    branch = pick.by_id("支部", names, BRANCH)
    if branch == ALL:
        return
    unit = rows.set_index("code", drop=False).loc[branch]
    centres = data.centres(scope, branch)
    links = data.links(scope, unit["tier"], branch)
    st.markdown(f"**{unit['name']}**　{finding.of_links(unit, links)}")
    if centres.empty:
        notices.empty(f"{unit['name']}覆盖的小区没有党员中心户。", "")
        return
    centres = centres.assign(tier=data.TIERS[data.CENTRE], unit_id=centres["post_id"])
    title = f"{unit['name']}的党员中心户"
    lists.show(tables.centres(centres), title, scope, "centres", 320, open_unit, centres)


def draw_breaks(scope: Scope) -> None:
    """Draw the choice of a level and a kind and the breaks of it, those of the most homes first."""
    rows = data.breaks(scope)
    st.markdown(f"**{finding.of_breaks(rows)}** 点一行看登记过哪些包保。")
    tier = pick.one_of("哪一级", [ANY_TIER, *data.TIERS.values()], ANY_TIER, "linkage_tier")
    kind = pick.one_of("哪一种", [EVERY, *data.KINDS], EVERY, "linkage_kind")
    rows = _breaks_of(scope, tier, kind)
    said = finding.of_kind(rows, kind)
    if kind != EVERY:
        st.caption(said)
    title = kind if kind == EVERY else f"断链：{kind}"
    lists.show(tables.breaks(rows), title, scope, "breaks", 420, open_unit, rows, finding=said)


@remembered(256)
def _breaks_of(scope: Scope, tier: str, kind: str) -> pd.DataFrame:
    rows = data.breaks(scope)
    if tier != ANY_TIER:
        rows = rows[rows["tier"] == tier]
    return rows[rows["is_own"]] if kind == EVERY else rows[rows["reason"] == kind]


def draw_bare(scope: Scope) -> None:
    """Draw the choice of branches or neighbourhoods and those without a centre household."""
    what = pick.one_of("看什么", list(data.TAILS), "支部", "tail_of")
    rows, whole = data.bare(scope, what), shown.figure(scope, data.TAILS[what])
    said = finding.of_bare(rows, what, whole)
    st.markdown(f"**{said}**")
    title = f"没有党员中心户的{what}"
    lists.show(tables.bare(rows), title, scope, "bare", 420, finding=said)


def draw_members(scope: Scope) -> None:
    """Draw the member units: figures, the kinds of "1+4", and each, those without a pledge first."""
    rows, known = data.members(scope), shown.has_ledger(scope, "pledge")
    said = finding.of_members(rows, known)
    st.markdown(f"**{said}** {'' if rows.empty else '点一行看它承诺过什么。'}")
    drill.buttons(scope, shown.figures(scope, UNITS).values())
    if rows.empty:
        return
    table = tables.by_kind(rows)
    linked.show(_html(table, [{}] * len(table), "各类成员单位的承诺"), "unit_kinds")
    downloads.seen(table, "各类成员单位的承诺", scope, said)
    listed = tables.members(rows)
    lists.show(listed, "成员单位", scope, "member_units", 420, open_member, rows, finding=said)


def open_member(scope: Scope, unit: pd.Series) -> None:
    """Open what one member unit promised, from the ledger rows."""
    rows = data.pledges(scope, unit["unit_id"])
    title = f"{unit['unit_name']}的承诺"
    drill.rows(title, tables.pledges(rows), scope, "pledge_rows", finding.of_pledges(unit, rows))


def draw_brands(scope: Scope) -> None:
    """Draw who has a brand, those without first, and what was named, beside the trends of its places."""
    rows, awards = data.brands(scope), data.awards(scope)
    said = finding.of_brands(rows, shown.has_ledger(scope, "brand"))
    st.markdown(f"**{said}**")
    if shown.has_ledger(scope, "brand"):
        drill.buttons(scope, [shown.figure(scope, "brand_rate")])
        st.markdown("**一街道一品牌、一社区一特色**：没有的在前")
        lists.show(tables.brands(rows), "各地品牌", scope, "brands", 320, finding=said)
    if awards.empty:
        return
    st.markdown(f"**十大品牌、十大案例**：{finding.BESIDE}")
    lists.show(tables.awards(awards), "入选的品牌和案例", scope, "awards", 320)
    metric = TRENDS[pick.one_of("走势看什么", list(TRENDS), next(iter(TRENDS)), "award_trend")]
    labels = _labels(scope)
    codes = awards["community_code"].fillna(awards["street_code"])
    names = dict.fromkeys(labels[code] for code in codes)
    figures = {
        name: shown.figure(within, metric)
        for name in names
        if (within := filters.place(scope, name))
    }
    tiles.lines(figures, scope, "award_trends", in_dialog=False)


def draw_actions(scope: Scope) -> None:
    """Draw the tasks of the six actions, the overdue first, and what theme years and terms mean."""
    rows, terms = data.tasks(scope), data.terms(scope)
    said = finding.of_tasks(rows)
    st.markdown(f"**{said}**")
    if len(rows):
        drill.buttons(scope, [shown.figure(scope.district(), "action_on_time")])
        with st.container(key="wide_only_tasks"):
            alt = "六大行动的任务按计划日期排开"
            st.plotly_chart(charts.timeline(scope.district()), key="tasks", config=CONFIG, alt=alt)
        if undated := finding.of_undated(terms):
            st.caption(undated)
        whole = filters.place(scope, filters.WHOLE) or scope
        lists.show(
            headed(rows, tables.TASKS), "六大行动任务", whole, "action_tasks", 320, finding=said
        )
    if len(terms):
        st.markdown("**主题年与提法**：没有公开解释的照写，不猜")
        lists.show(tables.terms(terms), "主题年与提法", scope, "terms", 320)


def draw_held(scope: Scope) -> None:
    """Draw the training camp, the courses to which fewest came first, and the activities by kind."""
    courses, kinds = data.trainings(scope), data.activities(scope)
    said = finding.of_trainings(courses, shown.has_ledger(scope, "training"))
    st.markdown(f"**{said}**")
    drill.buttons(scope, shown.figures(scope, TRAININGS).values())
    if len(courses):
        lists.show(tables.trainings(courses), "党建训练营", scope, "trainings", 320, finding=said)
    known = shown.has_ledger(scope, "activity")
    said = finding.of_activities(kinds, data.quiet(scope) if known else [], known)
    st.markdown(f"**{said}** 哪一周办了什么，看“一周动态”。")
    drill.buttons(scope, shown.figures(scope, ACTIVITIES).values())
    if len(kinds):
        lists.show(
            headed(kinds, tables.ACTIVITIES), "各类活动", scope, "activities", 320, finding=said
        )


def open_unit(scope: Scope, unit: pd.Series) -> None:
    """Open who backed one unit, from the ledger rows."""
    rows = data.links(scope, unit["tier"], unit["unit_id"])
    name = unit.get("unit_name") or f"{unit['building_name']}党员中心户"
    said = finding.of_links(unit, rows)
    if unit["reason"] == data.BARE:
        said = f"{name}覆盖的小区没有一家党员中心户，所以没有第四级包保。"
    drill.rows(f"{name}的包保", headed(rows, tables.LINKS), scope, "link_rows", said)


def draw_places(scope: Scope) -> None:
    """Draw the ranking of places."""
    pick.ranking(scope, PLACES, "organisation_ranked")


# The parts of the page below the ladder.
PARTS = {
    LIST: draw_breaks,
    "没有中心户": draw_bare,
    "成员单位": draw_members,
    "品牌": draw_brands,
    "行动": draw_actions,
    "训练营与活动": draw_held,
    "各地排名": draw_places,
}
