"""The sheet of a community: what it says counted again with pandas; communities that are empty, new or gone."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue.attention import items_of, items_within
from chunshui.catalogue.fill import fill_values
from chunshui.catalogue.metric import get_metric
from chunshui.community import parts, sheet
from chunshui.community.sheet import BESIDE, sheet_of
from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.warehouse.reader import Reader, connect
from tests.catalogue import district
from tests.catalogue.district import COMMUNITIES, LAST, day

CHANCE = np.random.default_rng(16)
# 荣东, one with homes beyond reach, one with one item of three in time, and some by their place in the register.
PICKED = [("2026-10", "420104010003"), ("2026-10", "420104011013"), ("2026-10", "420104003005")]
PICKED += [
    (f"202{CHANCE.integers(4, 7)}-{CHANCE.integers(1, 11):02d}", int(CHANCE.integers(126)))
    for _ in range(4)
]
TABLES = (
    *("community", "building", "neighbourhood", "party_branch", "building_post", "grid_unit"),
    *("grid_role", "grid_post", "station", "reach", "walk_door", "opinion", "forum_matter"),
    *("fund_entry", "renovation_project", "investment", "covenant", "two_new_org", "brand"),
)


@pytest.fixture(scope="module")
def tables(reader):
    with reader.cursor() as cursor:
        return {name: cursor.table(name).df() for name in TABLES}


def drawn(reader, month, code):
    return sheet_of(reader, month, code, items_within(items_of(reader, month), (), code))


def code_of(register, place) -> str:
    """The code of a community given by its code, or by its place in the order of the codes."""
    return place if isinstance(place, str) else register["community_code"].sort_values().iloc[place]


def said(one, title: str) -> str:
    return next(part.sentence for part in one.parts if part.title == title)


def number(text: str, before: str, after: str = "") -> float:
    """The number that stands between some words; 0 where they do not stand there."""
    found = re.search(re.escape(before) + r"([\d,.]+)" + re.escape(after), text)
    return float(found[1].replace(",", "")) if found else 0


def there(rows, end, since, until):
    """The rows that are in force at the end of a day."""
    return rows[(rows[since] <= end) & ~(rows[until] <= end)]


@pytest.mark.parametrize(("month", "place"), PICKED)
def test_what_the_sheet_says_is_what_pandas_counts(reader, tables, month, place):
    code = code_of(tables["community"], place)
    end, one = pd.Timestamp(Month.parse(month).last), drawn(reader, month, code)
    start = pd.Timestamp(f"{month[:4]}-01-01")
    mine = {k: t[t["community_code"] == code] for k, t in tables.items() if "community_code" in t}

    homes = mine["building"]
    text = said(one, "人口")
    assert f"{homes['households'].sum():,}户、{homes['residents'].sum():,}人" in text
    assert f"，{len(homes):,}栋楼" in text
    assert text.startswith(f"{len(mine['neighbourhood'])}个小区")
    assert f"60岁及以上{homes['residents_60'].sum():,}人" in text

    branches = there(mine["party_branch"], end, "established_on", "dissolved_on")
    posts = tables["building_post"].merge(homes[["building_id"]])
    centres = there(posts[posts["kind"] == "党员中心户"], end, "since_on", "until_on")
    text = said(one, "组织")
    assert number(text, "党支部", "个") == len(branches)
    assert number(text, "党员中心户", "家") == len(centres)

    grids = there(mine["grid_unit"], end, "set_on", "merged_on")
    roles = tables["grid_role"].query("is_required")["role_id"]
    held = there(tables["grid_post"], end, "filled_on", "vacated_on")
    held = held[held["grid_id"].isin(grids["grid_id"]) & held["role_id"].isin(roles)]
    vacant = len(grids) * len(roles) - len(held.drop_duplicates(["grid_id", "role_id"]))
    text = said(one, "网格")
    assert (number(text, "网格", "个"), number(text, "空缺", "个")) == (len(grids), vacant)

    stations = there(mine["station"], end, "opened_on", "closed_on")
    text = said(one, "阵地")
    assert number(text, "阵地", "个") == len(stations)
    doors = tables["walk_door"].set_index(["entity_table", "entity_id"])["door_no"]
    is_open = there(tables["station"], end, "opened_on", "closed_on")["station_id"]
    near = tables["reach"].query("metres <= 720")
    near = near[near["station_no"].isin(doors["station"].reindex(is_open).dropna())]
    reached = homes["building_id"].map(doors["building"]).isin(near["building_no"])
    beyond = homes.loc[~reached & homes["building_id"].isin(doors["building"].index), "residents"]
    assert number(text, "，", "人走不到") == beyond.sum()

    items = mine["opinion"][mine["opinion"]["received_on"] <= end]
    held, closed = items[~(items["closed_on"] <= end)], items[items["closed_on"] <= end]
    text = said(one, "民情")
    assert number(text, "在办", "项") == len(held)
    assert number(text, "逾期", "项") == (held["due_on"] <= end).sum()
    assert number(text, "近90天办结", "项") == (end - closed["closed_on"] < "90D").sum()
    if len(held):
        assert f"{held['received_on'].min():%Y年%-m月%-d日}收" in text

    matters = mine["forum_matter"][mine["forum_matter"]["held_on"] <= end]
    waiting = matters[~(matters["settled_on"] <= end)]
    text = said(one, "议事")
    if len(matters):
        assert number(text, "提出", "件") == (matters["held_on"] >= start).sum()
        assert number(text, "没有办成的", "件") == len(waiting)
        assert number(text, "超过90天的", "件") == (end - waiting["held_on"] > "90D").sum()

    spent = mine["fund_entry"].query("direction == '支出' and booked_on <= @end")
    assert number(said(one, "社区基金"), "累计支出", "笔") == len(spent)
    planned = mine["renovation_project"].query("plan_year <= @end.year")
    assert number(said(one, "旧改"), "改造项目", "个") == len(planned)
    at_work = there(mine["two_new_org"], end, "opened_on", "closed_on")
    assert number(said(one, "两新"), "两新组织", "家") == len(at_work)
    live = there(mine["covenant"], end, "adopted_on", "ended_on")
    text = said(one, "四创与品牌")
    assert ("没有居民公约" in text) == live.empty
    assert all(
        name in text for name in there(mine["brand"], end, "declared_on", "ended_on")["brand_name"]
    )


@pytest.mark.parametrize(("month", "place"), PICKED)
def test_the_headline_takes_the_furthest_from_its_target_and_says_a_small_base(
    reader, month, place
):
    code = code_of(reader.query("community/register"), place)
    one = drawn(reader, month, code)
    away = {}
    for row in one.beside:
        own, metric = row.own, row.own.metric
        if own.value is None or own.target_text is None or metric.unit != "%":
            continue
        if own.status in ("未达标", "接近"):
            away[f"{metric.short}{own.text}"] = metric.target - own.value
    first = re.search("没有达到目标的[0-9]+项：(.*?)[；、]", one.finding + "；")
    assert first or not away
    assert "没有需要关注" not in one.finding  # what the parts tell may be amiss all the same
    if away:
        assert first[1].startswith(max(away, key=away.get))
    table = sheet.beside_table(one.beside, one.street, month)
    unjudged = table.loc[table["状态"] == "基数小", "指标"] + table["本社区"]
    assert not any(name in sheet.missed_words(one.beside) for name in unjudged.dropna())


@pytest.mark.parametrize(("month", "place"), PICKED[:4])
def test_each_part_counts_the_rows_it_lists_and_its_numbers_open(reader, month, place):
    code = code_of(reader.query("community/register"), place)
    one = drawn(reader, month, code)
    opened = {piece.metric for part in one.parts for piece in part.said if piece.metric}
    assert opened <= set(parts.METRICS)
    spans = {"year-to-date": "本年", "month": "本月"}
    for part in one.parts:
        before = ""
        for piece in part.said:
            clause = re.split("[；。，：]", before)[-1]
            if piece.metric:
                window = get_metric(piece.metric).window
                for span, word in spans.items():
                    assert (word in clause) == (window == span), (part.sentence, piece)
            before += piece.text
        assert part.sentence.endswith("。") and "nan" not in part.sentence
        if len(part.rows):
            assert set(part.heads) <= set(part.rows) and part.rows["source_row"].notna().all()
            assert set(part.rows["community_code"]) == {code}
    assert [row.own.metric.id for row in one.beside] == [
        metric for metric in BESIDE if metric in {row.own.metric.id for row in one.beside}
    ]


def small(tmp_path, tables):
    """A reader of the small district with some tables changed or empty."""
    con = connect(tmp_path / "v.duckdb", read_only=False)
    district.build(con, tables)
    fill_values(con)
    con.close()
    rows = {name: len(frame) for name, frame in tables.items()}
    return Reader(tmp_path / "v.duckdb", SimpleNamespace(version="v000001", rows=rows))


def test_an_empty_a_new_and_a_merged_community(tmp_path):
    tables = district.tables()
    register = tables["community"].set_index("community_code")
    gone, new, bare = COMMUNITIES[0], COMMUNITIES[4], COMMUNITIES[5]
    register.loc[gone, "valid_to"] = day("2025-03-31")
    register.loc[new, "valid_from"] = day("2025-02-01")
    tables["community"] = register.reset_index()
    for name in ("building", "grid_unit", "neighbourhood"):
        tables[name] = tables[name][tables[name]["community_code"] != bare]
    lost = ~tables["grid_post"]["grid_id"].isin(tables["grid_unit"]["grid_id"])
    tables["grid_post"] = tables["grid_post"][~lost]
    tables["building_post"] = tables["building_post"][
        tables["building_post"]["building_id"].isin(tables["building"]["building_id"])
    ]
    for name, key in (("renovation_project", "neighbourhood_id"), ("elevator", "building_id")):
        of = "neighbourhood" if key == "neighbourhood_id" else "building"
        tables[name] = tables[name][tables[name][key].isin(tables[of][key])]
    ids = tables["renovation_project"]["project_id"]
    for name in ("renovation_stage", "investment", "beneficiary"):
        tables[name] = tables[name][tables[name]["project_id"].isin(ids)]
    with small(tmp_path, tables) as reader:
        one = drawn(reader, LAST, gone)
        assert one.finding == one.standing == "甲一社区已于2025-03-31撤并，不在名录中"
        assert len(next(part for part in one.parts if part.title == "议事").rows) == 2
        assert drawn(reader, "2025-02", gone).standing == ""
        assert drawn(reader, "2025-01", new).standing == "乙二社区2025-02-01才设立，此时还没有"
        assert drawn(reader, LAST, new).standing == ""
        empty = drawn(reader, LAST, bare)
        assert empty.finding.startswith("乙三社区") and "户" not in empty.finding
        assert "0个小区" in said(empty, "人口") and not len(empty.parts[0].rows)
        assert said(empty, "社区基金") == "没有得到过社区基金支持。"
        assert len(sheet.sentence_table(empty)) == len(parts.BUILDERS) + len(empty.attention)
        with pytest.raises(ChunshuiError, match="没有代码为"):
            drawn(reader, LAST, "420104999999")


def test_what_a_version_lacks_is_said(tmp_path):
    given = ("district", "street", "community")
    tables = {name: frame for name, frame in district.tables().items() if name in given}
    with small(tmp_path, tables) as reader:
        one = drawn(reader, LAST, COMMUNITIES[0])
        assert all("现用版本没有" in part.sentence for part in one.parts)
        assert one.beside == () and "0户" not in one.finding
