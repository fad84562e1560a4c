"""What a lift's consent still lacks, by trying every way it could be mended."""

import datetime as dt
import itertools
import math
import random
import re
from fractions import Fraction
from typing import NamedTuple

import duckdb
import pandas as pd
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


class Lift(NamedTuple):
    """A lift and the count of its consent; area in m², by default as the households are."""

    households: int
    voted: int
    agreed: int
    area: float = 1_200.0
    voted_m2: float | None = None
    agreed_m2: float | None = None


def standings(con, lifts: list[Lift]) -> list[dict]:
    """Ask the macro about lifts under the small district's rule (2/3 join, 3/4 agree)."""
    con.execute("delete from elevator_consent where elevator_id like 'T%'")
    con.execute("delete from elevator where elevator_id like 'T%'")
    numbers = [f"T{n:03d}" for n in range(len(lifts))]
    con.executemany(
        "insert into elevator (elevator_id, elevator_name, building_id, households, area_m2,"
        " applied_on, source_id, source_row)"
        " values ($1, $1, 'B1', $2, $3, '2025-09-10', 'elevator', 2)",
        [[n, lift.households, lift.area] for n, lift in zip(numbers, lifts, strict=True)],
    )
    counts = [
        [
            number,
            lift.voted,
            lift.agreed,
            *(
                lift.area * count / lift.households if metres is None else metres
                for count, metres in (
                    (lift.voted, lift.voted_m2),
                    (lift.agreed, lift.agreed_m2),
                )
            ),
        ]
        for number, lift in zip(numbers, lifts, strict=True)
    ]
    con.executemany(
        f"insert into elevator_consent {COUNTED}"
        " values (?, '2025-09-20', ?, ?, ?, ?, 'elevator', 2)",
        counts,
    )
    cursor = con.execute(
        "select * from elevator_standing(?) where elevator_id like 'T%' order by elevator_id",
        [AS_OF],
    )
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert [one["elevator_id"] for one in found] == numbers
    return found


def lacking(con, *lift) -> dict:
    """Ask the macro about one lift, T000."""
    (found,) = standings(con, [Lift(*lift)])
    return found


def finding_sentence(con) -> pd.DataFrame:
    """What the rule of attention says of the lifts asked about, by their number."""
    rows = con.execute(all_rules()["lifts_one_short"].sql, {"as_of": AS_OF}).fetchdf()
    return rows[rows["elevator_name"].str.startswith("T")].set_index("elevator_name")


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
    lifts = [
        Lift(households, voted, agreed)
        for households in (1, 2, 5, 8, 12)
        for voted in range(households + 1)
        for agreed in range(voted + 1)
    ]
    for lift, found in zip(lifts, standings(con, lifts), strict=True):
        assert found["short_households"] == fewest(*lift[:3])
        joined = max(math.ceil(Fraction(2, 3) * lift.households) - lift.voted, 0)
        assert found["unjoined_households"] == joined


def test_consent_needs_people_and_area(con):
    assert lacking(con, 12, 12, 9)["has_consent"]
    assert lacking(con, 12, 12, 9)["standing"] == "同意达标"
    few_metres = lacking(con, 12, 12, 9, 1_200, 1_200, 899.0)
    assert few_metres["short_households"] == 0 and not few_metres["has_consent"]
    assert few_metres["short_m2"] == pytest.approx(1.0)
    few_people = lacking(con, 12, 12, 8, 1_200, 1_200, 1_000)
    assert few_people["short_households"] == 1 and few_people["short_m2"] == 0
    assert few_people["standing"] == "征询中"


def test_area_lacks_as_much_as_makes_it_pass(con):
    dice = random.Random(5)
    lifts = []
    for _ in range(60):
        area = dice.uniform(500, 2_000)
        voted = dice.uniform(0, area)
        lifts.append(Lift(12, 12, 12, area, voted, dice.uniform(0, voted)))
    for lift, found in zip(lifts, standings(con, lifts), strict=True):
        area, voted, agreed = lift[3:]
        short = found["short_m2"]
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
    con.execute("update elevator set applied_on = '2025-01-10' where elevator_id = 'T000'")
    con.execute("update elevator_consent set counted_on = '2025-02-01' where elevator_id = 'T000'")
    for asked, rule, short in (("2025-08-31", "旧规则", 0), ("2025-09-01", "新规则", 1)):
        row = con.execute(
            "select rule_name, short_households from elevator_standing(?) where elevator_id = 'T000'",
            [day(asked)],
        ).fetchone()
        assert row == (rule, short)


def test_without_a_rule_nothing_is_said(con):
    lacking(con, 12, 12, 12)
    con.execute("update elevator set applied_on = '2018-01-10' where elevator_id = 'T000'")
    row = con.execute(
        "select short_households, short_m2, has_consent, standing from elevator_standing(?)"
        " where elevator_id = 'T000'",
        [day("2019-01-01")],
    ).fetchone()
    assert row == (None, None, False, "征询中")


def test_the_latest_count_by_the_day_is_taken(con):
    lacking(con, 12, 12, 12)
    con.execute(
        f"insert into elevator_consent {COUNTED}"
        " values ('T000', '2025-11-02', 12, 1, 1200, 100, 'elevator', 2)"
    )
    now, later = (
        con.execute(
            "select agreed_households from elevator_standing(?) where elevator_id = 'T000'", [asked]
        ).fetchone()[0]
        for asked in (AS_OF, day("2025-11-30"))
    )
    assert (now, later) == (12, 1)


def test_what_is_asked_of_a_lift_that_is_one_short_is_said_in_households(con):
    """Of every count of 12 households: the numbers said are those of the rule, reckoned here."""
    lifts = [
        Lift(12, voted, agreed)
        for voted in range(13)
        for agreed in range(voted + 1)
        if fewest(12, voted, agreed) == 1
    ]
    standings(con, lifts)
    said = finding_sentence(con)["asked"]
    for number, (_, voted, agreed, *_) in enumerate(lifts):
        due = math.ceil(Fraction(3, 4) * max(voted, 8))
        asked = f"8户参与、其中{due}户同意" if voted < 8 else f"{due}户同意"
        words = f"12户中{voted}户已参与表决，按规定须{asked}，已有{agreed}户同意"
        assert said[f"T{number:03d}"] == words
        assert voted < 8 or due == agreed + 1


def test_what_is_asked_of_the_area_is_more_than_there_is(con):
    dice = random.Random(7)
    lifts = []
    for _ in range(30):
        area = dice.uniform(500, 2_000)
        voted = dice.uniform(area * 0.5, area)
        agreed = min(voted, area * 0.75) - dice.choice([0.0, 0.01, 40.0, 170.0])
        lifts.append(Lift(12, 12, 8, area, voted, agreed))
    found = standings(con, lifts)
    rows = finding_sentence(con)
    assert len(rows) == len(lifts)
    for number, lift in enumerate(lifts):
        short = found[number]["short_m2"]
        said, title = rows.loc[f"T{number:03d}", ["area", "short"]]
        assert (title == "只差一户") == (short <= lift.area / 12)  # of which one may bring so much
        if short < 0.005:
            assert said == "面积已达到要求"
            continue
        due, there = (float(one.replace(",", "")) for one in re.findall(r"[\d,]+\.\d", said))
        assert due > there and due - there == pytest.approx(short, abs=0.2)
