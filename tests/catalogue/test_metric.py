"""The contract of a metric file: what is declared is used, what is wrong is refused by name."""

import datetime as dt

import pytest

from chunshui.catalogue import frontmatter
from chunshui.catalogue.metric import (
    GROUPS,
    CatalogueError,
    all_metrics,
    get_metric,
    window_days,
    window_start,
)
from chunshui.month import Month

GOOD = """/*
id = "sample"
name = "样例"
short = "样例"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一处阵地"
entities = ["station"]
numerator = "甲"
denominator = "乙"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
target = 90
amber = 85
target_source = "样例"
cadence = "每月"
source = "样例"
mark = "own"
caveat = "无"

[params]
least = 3

[[variants]]
id = "two"
name = "两项"
params = { least = 2 }
*/
select station_id as entity_id, $least as least from station where opened_on <= $as_of
"""


def load(tmp_path, text=GOOD, name="sample"):
    folder = tmp_path / "metrics"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.sql").write_text(text, encoding="utf-8")
    return all_metrics(tmp_path)


def test_a_good_file_is_read(tmp_path):
    sample = load(tmp_path)["sample"]
    assert sample.scale == 100 and sample.entities == ("station",)
    assert [variant.id for variant in sample.variants] == ["base", "two"]
    assert sample.query_parameters(Month(2024, 2), "two") == {
        "as_of": dt.date(2024, 2, 29),
        "least": 2,
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "样例"\n', "", "缺少 name"),
        ('cadence = "每月"', 'cadence = "每月"\ncolour = "红"', "不认识的键 colour"),
        ('id = "sample"', 'id = "other"', "与文件名不同"),
        ('kind = "ratio"', 'kind = "mean"', "kind 只能取"),
        ('kind = "ratio"', 'kind = "total"', "总量指标不该有"),
        ("scale = 100\n", "", "比率指标缺少 scale"),
        ('short = "样例"', 'short = "一二三四五六七八九"', "超过8个字"),
        ('caveat = "无"', 'caveat = " "', "caveat 是空的"),
        ("target = 90", 'target = "90"', "target 类型不对"),
        ("amber = 85", "amber = 95", "不利一侧"),
        ("amber = 85", "amber = 84", "才叫接近"),
        ('target_source = "样例"\n', "", "target_source 要同时写"),
        ("least = 3", "least = 3\nmost = 9", "most 声明了却没有用到"),
        ("$least as", "$smallest as", "声明了却没有用到"),
        ("where opened_on", "where $extra and opened_on", "extra 用到了却没有声明"),
        ("where opened_on <=", "where opened_on > $window_start and opened_on <=", "不该用"),
        ('window = "as-of"', 'window = "month"', "要用 $window_start"),
        ("params = { least = 2 }", "params = { most = 2 }", "没有声明的参数"),
        ("params = { least = 2 }\n", "", "与本系统口径相同"),
        ("from station", "from station; select 1", "恰好有一条 SELECT"),
        ("select station_id", "selec station_id", "SQL 有语法错误"),
        ("/*\nid", "-- \nid", "开头缺少"),
        ("[params]", "[params", "不是合法的 TOML"),
        ("where opened_on", "where $months and opened_on", "months 是计算时自用的名字"),
        ("least", "streets", "streets 是计算时自用的名字"),
        ('caveat = "无"', 'caveat = "无"\nsplits = ["nowhere"]', "不存在的指标"),
        ('caveat = "无"', 'caveat = "无"\nmoves = { went = "走了" }', "不认识的went"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path, old, new, said):
    assert old in GOOD
    with pytest.raises(CatalogueError, match=said.replace("$", r"\$")):
        load(tmp_path, GOOD.replace(old, new, 1))


def test_quantile_needs_its_share(tmp_path):
    text = GOOD.replace('kind = "ratio"', 'kind = "quantile"')
    with pytest.raises(CatalogueError, match="quantile"):
        load(tmp_path, text)


def test_the_catalogue_is_whole():
    metrics = all_metrics()
    assert len(metrics) >= 26
    assert {one.group for one in metrics.values()} == set(GROUPS)
    names = [one.name for one in metrics.values()]
    assert len(names) == len(set(names))
    # A reader must be able to tell what was recalled from what was found.
    assert all(one.mark != "V" for one in metrics.values() if "凭记忆" in one.source)


@pytest.mark.parametrize("one", all_metrics().values(), ids=lambda one: one.id)
def test_every_metric_returns_its_columns(small, one):
    for variant in one.variants:
        parameters = one.query_parameters(Month(2025, 10), variant.id)
        frame = small.frame(one.sql, **parameters)
        wanted = ["entity_id", "entity_name", "street_code", "community_code"]
        wanted += ["numerator", "denominator"]
        optional = {"reason", "entity_table", "lacks"}
        assert list(frame.columns[:6]) == wanted
        assert set(frame.columns[6:]) <= optional
        assert ("entity_table" in frame) == (len(one.entities) > 1)
        keys = [*(["entity_table"] if "entity_table" in frame else []), "entity_id"]
        assert not frame.duplicated(keys).any()
        assert frame["numerator"].notna().all()
        if one.kind == "ratio":
            assert frame["denominator"].notna().all()
        if "reason" in frame and len(frame):
            # Why not; of a total to bring down, and of two kinds of things, why.
            counted = (frame["numerator"] != 0) & (one.kind == "ratio" or len(one.entities) == 1)
            assert frame.loc[counted & (frame["denominator"] != 0), "reason"].isna().all()


def test_unknown_ids_are_answered_in_words():
    with pytest.raises(CatalogueError, match="没有编号为“nothing”的指标"):
        get_metric("nothing")
    with pytest.raises(CatalogueError, match="没有“odd”这种算法"):
        get_metric("station_count").variant("odd")


def test_a_window_begins_with_its_week_month_quarter_or_year():
    assert window_days("week", Month(2026, 10)) == (dt.date(2026, 10, 19), dt.date(2026, 10, 25))
    assert window_days("week", Month(2026, 1)) == (dt.date(2026, 1, 19), dt.date(2026, 1, 25))
    assert window_days("week", Month(2025, 8)) == (dt.date(2025, 8, 25), dt.date(2025, 8, 31))
    assert window_days("quarter", Month(2025, 5)) == (dt.date(2025, 4, 1), dt.date(2025, 5, 31))
    assert window_days("quarter", Month(2025, 12))[0] == dt.date(2025, 10, 1)
    assert window_start("month", Month(2025, 5)) == dt.date(2025, 5, 1)
    assert window_start("year-to-date", Month(2025, 5)) == dt.date(2025, 1, 1)
    assert window_start("cumulative", Month(2025, 5)) < dt.date(1901, 1, 1)


def test_parameters_are_those_of_the_statement(tmp_path):
    path = tmp_path / "metrics"
    path.mkdir()
    (path / "a.sql").write_text("/*\nid = 'a'\n*/\nselect $b, '$c' -- $d\n", encoding="utf-8")
    assert frontmatter.read(path / "a.sql", tmp_path).parameters == {"b"}
