"""What is told of surveys: no small count, and none that can be worked out, whoever knows the rule."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chunshui.paths import QUERIES
from chunshui.warehouse import schema
from chunshui.warehouse.reader import MEMORY, connect

SMALL, LEAST = 5, 100
KEYS = ["survey_id", "need", "area_no"]


@pytest.fixture(scope="module")
def con():
    with connect(MEMORY, read_only=False) as opened:
        schema.create(opened)
        opened.execute("create table given_rows as select * from survey_need limit 0")
        # The rules are asked of rows that no ledger stands behind.
        for name in ("survey_area", "survey_released"):
            text = schema.named_texts()[name].replace("survey_need", "given_rows")
            opened.execute(text.replace(f"create view {name}", f"create or replace view {name}"))
        yield opened


def released(con, counts: np.ndarray, asked: list[int]) -> pd.DataFrame:
    """Return what is told of a survey: counts by street and need (n, m), answers by street (n,)."""
    rows = [
        (f"A{i}-{j}", "S", "2026-05-01", "2026-05-31", "线上", f"D{i:02d}", f"N{j}", int(counts[i, j]), asked[i], "x", 1)
        for i, j in itertools.product(*map(range, counts.shape))
    ]  # fmt: skip
    con.execute("delete from given_rows")
    con.execute(f"insert into given_rows values {','.join(map(str, rows))}")
    return con.sql("select * from survey_released").df().sort_values(KEYS, ignore_index=True)


tables = st.integers(2, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(20, 300), min_size=n, max_size=n),
        st.lists(
            st.lists(st.sampled_from([0, 1, 2, 4, 5, 6, 9, 19]), min_size=n, max_size=n),
            min_size=1,
            max_size=3,
        ),
    )
)
FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FEW
@given(tables)
def test_no_small_count_is_told_and_none_can_be_worked_out(con, drawn):
    """Whatever small count stands in a hidden cell, another one would have led to the same page."""
    asked, columns = drawn
    counts = np.array(columns).T
    told = released(con, counts, asked)
    shown = told[told["answers"].notna()]
    rest = shown["respondents"] - shown["answers"]
    assert not shown["answers"].between(1, SMALL - 1).any()
    assert not rest.between(1, SMALL - 1).any()
    areas = told[told["area_no"].notna()]
    several = areas["area_no"].nunique() > 1
    assert not several or (areas["respondents"] >= LEAST).all()
    merged = con.sql("select street_code, area_no from survey_area").df()
    merged = merged.set_index(merged["street_code"].str[1:].astype(int))["area_no"]
    for j, whole in enumerate(told[told["area_no"].isna()].sort_values("need")["answers"]):
        cells = areas[areas["need"] == f"N{j}"]["answers"]
        assert cells.isna().all() or cells.notna().all()
        if cells.notna().all() or not several:
            continue
        sums = pd.Series(counts[:, j]).groupby(merged).sum()
        for k, area in enumerate(sums.index):
            other = sums.index[k - 1]
            for guess in (1, SMALL - 1):
                moved = sums[area] - guess
                if pd.isna(whole) or sums[other] + moved < 0:
                    continue
                # Another table with that guess in the cell, the difference in another area.
                changed = counts.copy()
                inside = [i for i in merged.index if merged[i] == area]
                outside = [i for i in merged.index if merged[i] == other]
                changed[inside, j], changed[outside, j] = 0, 0
                changed[inside[0], j] = guess
                changed[outside[0], j] = sums[other] + moved
                if changed[outside[0], j] > asked[outside[0]]:
                    continue
                again = released(con, changed, asked)
                pd.testing.assert_frame_equal(again, told)


@pytest.mark.parametrize("choices", [1, 2])
@pytest.mark.parametrize("skipped", [0, 3, 40])
def test_what_each_was_to_choose_gives_no_small_count_away(con, choices, skipped):
    """Where every answer is a choice of so many, the rest of the others is what is hidden of a need."""
    asked = [150, 160, 170]
    counts = np.array([[3, 57, 90], [40, 60, 60], [50, 60, 60]])
    if choices == 2:
        counts = np.hstack([counts, [[100, 50], [110, 50], [120, 50]]])
    counts[0, -1] -= skipped
    told = released(con, counts, asked)
    areas = told[told["area_no"].notna()].pivot(index="area_no", columns="need", values="answers")
    for row, total in zip(areas.to_numpy(float, na_value=np.nan), asked, strict=True):
        hidden = np.isnan(row)
        if hidden.sum() == 1 and skipped < SMALL:
            assert choices * total - np.nansum(row) - skipped >= SMALL
    assert areas.isna().all(axis=None) == (skipped < SMALL)
    assert told[told["area_no"].isna()]["answers"].notna().all()


def test_few_answers_are_told_together_and_never_one_street_alone(con):
    told = released(con, np.array([[30], [40], [50], [60]]), [60, 110, 120, 500])
    areas = told[told["area_no"].notna()].set_index("area_no")["respondents"]
    assert areas.to_dict() == {0: 170, 3: 120, 4: 500}
    told = released(con, np.array([[30], [40]]), [50, 60])
    assert told["respondents"].tolist() == [110, 110]
    told = released(con, np.array([[3], [40], [50]]), [150, 160, 170])
    assert told["answers"].isna().tolist() == [True, True, True, False]
    assert told["answers"].iloc[-1] == 93


def test_nothing_but_the_views_reads_the_rows_of_surveys():
    """A page, a list or an export that reads them would tell what is not to be told."""
    readers = {
        path.name
        for path in QUERIES.rglob("*.sql")
        if "survey_need" in path.read_text("utf-8") and path.parent.name != "checks"
    }
    # Schema, lineage (ids only), the days and the way of asking, and the row that is not shown.
    assert readers == {"09_new_jobs.sql", "99_lineage.sql", "riders_needs.sql", "source_row.sql"}
    days = (QUERIES / "views/riders_needs.sql").read_text("utf-8").partition("having")[0]
    assert "answers" not in days and "respondents" not in days
