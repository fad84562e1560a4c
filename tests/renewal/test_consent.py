"""What a lift's consent still lacks, by trying every way it could be mended."""

import datetime as dt
import itertools
import math
import random
import re
from fractions import Fraction

import duckdb
import pytest

from chunshui.catalogue.attention import all_rules
from tests.catalogue import district
from tests.catalogue.district import day

AS_OF = dt.date(2025, 10, 31)
COUNTED = f"({district.COLUMNS['elevator_consent'].replace(' ', ', ')}, source_id, source_row)"


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        district.build(con)
        con.execute("delete from elevator_consent")
        con.execute("delete from elevator")
        yield con


def lacking(con, households, voted, agreed, area=1_200.0, voted_m2=None, agreed_m2=None) -> dict:
    """Ask the macro about one lift under the small district's rule (2/3 join, 3/4 agree)."""
    voted_m2 = area * voted / households if voted_m2 is None else voted_m2
    agreed_m2 = area * agreed / households if agreed_m2 is None else agreed_m2
    con.execute("delete from elevator_consent where elevator_id = 'T'")
    con.execute("delete from elevator where elevator_id = 'T'")
    con.execute(
        "insert into elevator (elevator_id, elevator_name, building_id, households, area_m2,"
        " applied_on, source_id, source_row)"
        " values ('T', '试', 'B1', ?, ?, '2025-09-10', 'elevator', 2)",
        [households, area],
    )
    con.execute(
        f"insert into elevator_consent {COUNTED} values ('T', '2025-09-20', ?, ?, ?, ?, 'elevator', 2)",
        [voted, agreed, voted_m2, agreed_m2],
    )
    cursor = con.execute("select * from elevator_standing(?) where elevator_id = 'T'", [AS_OF])
    names = [column[0] for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def fewest(households: int, voted: int, agreed: int) -> int:
    """Try every number of silent and of objecting households that come round."""
    join, agree = Fraction(2, 3), Fraction(3, 4)
    ways = itertools.product(range(households - voted + 1), range(voted - agreed + 1))
    return min(
        silent + objecting
        for silent, objecting in ways
        if voted + silent >= join * households
        and agreed + silent + objecting >= agree * (voted + silent)
    )


def test_every_count_of_small_houses(con):
    for households in (1, 2, 5, 8, 12):
        for voted in range(households + 1):
            for agreed in range(voted + 1):
                found = lacking(con, households, voted, agreed)
                assert found["short_households"] == fewest(households, voted, agreed)
                joined = max(math.ceil(Fraction(2, 3) * households) - voted, 0)
                assert found["unjoined_households"] == joined


def test_consent_needs_people_and_area(con):
    assert lacking(con, 12, 12, 9)["has_consent"]
    assert lacking(con, 12, 12, 9)["standing"] == "同意达标"
    few_metres = lacking(con, 12, 12, 9, voted_m2=1_200, agreed_m2=899.0)
    assert few_metres["short_households"] == 0 and not few_metres["has_consent"]
    assert few_metres["short_m2"] == pytest.approx(1.0)
    few_people = lacking(con, 12, 12, 8, voted_m2=1_200, agreed_m2=1_000)
    assert few_people["short_households"] == 1 and few_people["short_m2"] == 0
    assert few_people["standing"] == "征询中"


def test_area_lacks_as_much_as_makes_it_pass(con):
    dice = random.Random(5)
    for _ in range(60):
        area = dice.uniform(500, 2_000)
        voted = dice.uniform(0, area)
        agreed = dice.uniform(0, voted)
        short = lacking(con, 12, 12, 12, area, voted, agreed)["short_m2"]
        joined = max(voted, area * 2 / 3)
        if short > 0:
            # Just so much passes: silent area first as far as people must join, then objecting.
            assert agreed + short >= 0.75 * joined - 1e-6 and voted + short >= area * 2 / 3 - 1e-6
            less = short - 0.01
            assert agreed + less < 0.75 * joined or voted + less < area * 2 / 3
        else:
            assert agreed >= 0.75 * voted - 1e-6 and voted >= area * 2 / 3 - 1e-6


def test_the_rule_in_force_decides(con):
    """Before September 2025 two thirds of those who vote are enough, from then three quarters."""
    lacking(con, 12, 12, 8)
    con.execute("update elevator set applied_on = '2025-01-10' where elevator_id = 'T'")
    con.execute("update elevator_consent set counted_on = '2025-02-01' where elevator_id = 'T'")
    for asked, rule, short in (("2025-08-31", "旧规则", 0), ("2025-09-01", "新规则", 1)):
        row = con.execute(
            "select rule_name, short_households from elevator_standing(?) where elevator_id = 'T'",
            [day(asked)],
        ).fetchone()
        assert row == (rule, short)


def test_without_a_rule_nothing_is_said(con):
    lacking(con, 12, 12, 12)
    con.execute("update elevator set applied_on = '2018-01-10' where elevator_id = 'T'")
    row = con.execute(
        "select short_households, short_m2, has_consent, standing from elevator_standing(?)"
        " where elevator_id = 'T'",
        [day("2019-01-01")],
    ).fetchone()
    assert row == (None, None, False, "征询中")


def test_the_latest_count_by_the_day_is_taken(con):
    lacking(con, 12, 12, 12)
    con.execute(
        f"insert into elevator_consent {COUNTED}"
        " values ('T', '2025-11-02', 12, 1, 1200, 100, 'elevator', 2)"
    )
    now, later = (
        con.execute(
            "select agreed_households from elevator_standing(?) where elevator_id = 'T'", [asked]
        ).fetchone()[0]
        for asked in (AS_OF, day("2025-11-30"))
    )
    assert (now, later) == (12, 1)


def test_what_is_asked_of_a_lift_that_is_one_short_is_said_in_households(con):
    """Of every count of 12 households: the numbers said are those of the rule, reckoned here."""
    rule = all_rules()["lifts_one_short"]
    for voted in range(13):
        for agreed in range(voted + 1):
            if fewest(12, voted, agreed) != 1:
                continue
            lacking(con, 12, voted, agreed)
            rows = con.execute(rule.sql, {"as_of": AS_OF}).fetchdf()
            said = rows.loc[rows["elevator_name"] == "试", "asked"].item()
            due = math.ceil(Fraction(3, 4) * max(voted, 8))
            asked = f"8户参与、其中{due}户同意" if voted < 8 else f"{due}户同意"
            assert said == f"12户中{voted}户已参与表决，按规定须{asked}，已有{agreed}户同意"
            assert voted < 8 or due == agreed + 1


def test_what_is_asked_of_the_area_is_more_than_there_is(con):
    rule = all_rules()["lifts_one_short"]
    dice = random.Random(7)
    for _ in range(30):
        area = dice.uniform(500, 2_000)
        voted = dice.uniform(area * 0.5, area)
        agreed = min(voted, area * 0.75) - dice.choice([0.0, 0.01, 40.0, 170.0])
        short = lacking(con, 12, 12, 8, area, voted, agreed)["short_m2"]
        rows = con.execute(rule.sql, {"as_of": AS_OF}).fetchdf()
        said, title = rows.loc[rows["elevator_name"] == "试", ["area", "short"]].squeeze()
        assert (title == "只差一户") == (short <= area / 12)  # of which one may bring so much
        if short < 0.005:
            assert said == "面积已达到要求"
            continue
        due, there = (float(one.replace(",", "")) for one in re.findall(r"[\d,]+\.\d", said))
        assert due > there and due - there == pytest.approx(short, abs=0.2)
