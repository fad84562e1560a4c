"""What there is for riders on the demonstration, counted again with pandas; the planted truths."""

import numpy as np
import pytest

from chunshui.catalogue.checks import check_findings
from chunshui.catalogue.figures import figure_of
from chunshui.catalogue.sources import source_row
from chunshui.demo.planted import TRUTHS
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.riders import data, finding, tables

LAST = "2026-10"
CHANCE = np.random.default_rng(41)


@pytest.fixture(scope="module")
def ledgers(reader):
    with reader.cursor() as cursor:
        return {name: cursor.table(name).df() for name in ("station_hours", "survey_need")}


def test_the_hours_of_a_week_are_those_of_the_ledger(reader, ledgers):
    scope = Scope(reader.edition, LAST)
    week = data.week(scope, data.BRANDED)
    rows = data.chosen(scope, data.BRANDED)
    assert week.shape == (7, 24)
    night = figure_of(reader, data.NIGHT, LAST)
    assert week.loc[3, 22] == night.numerator
    assert len(rows) - night.denominator == (~rows["has_hours"]).sum()
    hours = ledgers["station_hours"]
    for day, hour in CHANCE.integers((1, 0), (8, 24), (12, 2)):
        then = hours[(hours["weekday"] == day) & (hours["opens_minute"] <= 60 * hour)]
        then = set(then.loc[then["closes_minute"] > 60 * hour, "station_id"])
        assert week.loc[day, hour] == len(then & set(rows["station_id"]))
        states = data.open_then(scope, rows, int(day), int(hour))
        assert (states == data.OPEN).sum() == week.loc[day, hour]


def test_the_books_of_meals_add_up_and_the_overdrawn_one_is_named(reader):
    scope = Scope(reader.edition, LAST)
    canteens, months = data.canteens(scope), data.meal_months(scope)
    owed = figure_of(reader, data.BALANCE, LAST)
    assert canteens["balance"].sum() == months["balance"].iloc[-1] == owed.value
    assert canteens["now"].sum() == figure_of(reader, data.MEALS, LAST).value
    truth = TRUTHS["canteen_overdrawn"]
    assert canteens["station_id"].iloc[0] == truth["station"]
    assert canteens["over"].tolist()[:2] == [truth["over"], 0]
    found = check_findings(reader)
    found = found[found["check_id"] == "meals_used_over_earned"]
    assert found["entity_id"].iloc[0] == f"{truth['station']}·{truth['month']}"
    assert f"多{truth['over']}份" in found["message"].iloc[0]
    assert set(found["entity_id"].str[:5]) == {truth["station"]}
    assert "曾用得比挣得多" not in finding.of_meals(canteens.iloc[1:], "全区")


def test_a_small_count_is_nowhere(reader, ledgers):
    """Neither the planted count nor what it could be worked out from: page, tables, row, check."""
    truth = TRUTHS["survey_cell"]
    given = ledgers["survey_need"].query("survey_id == @truth['survey']")
    planted = given.query("street_code == @truth['street'] and need == @truth['need']").iloc[0]
    assert planted["answers"] == truth["answers"] and planted["respondents"] >= 100
    whole = given.groupby("need")["answers"].sum()
    for streets in ((), (truth["street"],), ("420104001", truth["street"])):
        rows = data.needs(Scope(reader.edition, LAST, streets))
        rows = rows[rows["survey_id"] == truth["survey"]]
        closed = rows[rows["area_no"].notna() & (rows["need"] == truth["need"])]
        assert len(closed) and closed["answers"].isna().all()
        told = rows[rows["area_no"].isna()].set_index("need")["answers"]
        assert told.to_dict() == whole.to_dict()
        table = tables.needs(rows).set_index("需求")
        cells = table.loc[truth["need"]].iloc[2:]
        assert len(cells) and set(cells) == {tables.HIDDEN}
    assert f"{truth['need']}有街道次数太小，只公布全区数" in finding.of_survey(rows)
    row = source_row(reader, planted["source_id"], int(planted["source_row"]))
    assert row["raw"] == {} and row["fate"]
    found = check_findings(reader)
    assert not len(found[found["check_id"] == "survey_released_small"])
    said = found[found["check_id"] == "survey_cell_small"]["message"].tolist()
    assert any(truth["survey"] in one and truth["need"] in one for one in said)
    months = [data.needs(Scope(reader.edition, month)) for month in ("2026-05", "2026-06", LAST)]
    assert len(months[0]) < len(months[1]) == len(months[2])  # a survey is told whole, or not yet


def test_the_finding_says_the_worst_and_is_silent_of_nothing(reader):
    scope = Scope(reader.edition, LAST)
    rows = data.stations(scope)
    names = sorted(set(rows["street_name"]))
    said = finding.of_bare(rows, names)
    have = set(rows.loc[rows["is_brand"], "street_name"])
    assert said == f"{'、'.join(n for n in names if n not in have)}没有品牌驿站。"
    assert finding.of_bare(rows, ["汉正街道"]) == ""
    assert finding.of_meals(data.canteens(scope).head(0), "甲街道") == "甲街道没有送餐换餐的记录。"
    assert finding.of_posts(data.posts(scope).head(0), "甲街道").startswith("甲街道没有在岗")
