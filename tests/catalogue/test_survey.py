"""What is told of surveys: no small count, and none that can be worked out, whoever knows the rule."""

import itertools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chunshui.errors import ChunshuiError
from chunshui.paths import QUERIES
from chunshui.pipeline import surveys
from chunshui.warehouse import schema, sql
from chunshui.warehouse.reader import MEMORY, Reader, connect
from tests.catalogue import district

SMALL, LEAST = 5, 100
KEYS = ["survey_id", "need", "area_no"]


@pytest.fixture(scope="module")
def con():
    with connect(MEMORY, read_only=False) as opened:
        schema.create(opened)
        opened.execute("create table given_rows as select * from survey_need limit 0")
        opened.execute("insert into month values ('2026-10-01', '2026-10-31')")
        # The rules are asked of rows that no ledger stands behind.
        for name in ("survey_area", "survey_released", "survey_offered"):
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


def shown(con, counts: np.ndarray, asked: list[int]) -> pd.DataFrame:
    """Return what the next version tells of the survey, by need and streets."""
    released(con, counts, asked)
    con.execute(sql.text("warehouse/survey_tell"))
    told = con.sql("select * from survey_shown").df()
    return told.set_index(["need", told["street_codes"].map(tuple)])[["respondents", "answers"]]


edits = st.tuples(
    st.integers(0, 3), st.integers(0, 2), st.sampled_from([-6, -5, -1, 0, 0, 1, 4, 5, 7])
)


@FEW
@given(tables, st.lists(edits, min_size=1, max_size=4))
def test_no_two_versions_give_a_small_count_away(con, drawn, changes):
    """Nor any earlier one and the last: materials of all of them are in somebody's hands."""
    con.execute("delete from survey_told")
    asked, counts = list(drawn[0]), np.array(drawn[1]).T
    told = [shown(con, counts, asked)]
    for street, need, more in changes:
        at = street % len(asked), need % counts.shape[1]
        counts[at] = np.clip(counts[at] + more, 0, asked[at[0]])
        asked[at[0]] += max(more, 0)
        told.append(shown(con, counts, asked))
    for one, other in itertools.combinations(told, 2):
        assert sorted(one.index) == sorted(other.index)
        more = other.reindex(one.index) - one
        assert (one["answers"].isna() == other["answers"].reindex(one.index).isna()).all()
        rest = more["respondents"] - more["answers"]
        for gained in (more["respondents"], more["answers"], rest):
            assert not gained.abs().between(1, SMALL - 1).any()


def test_a_later_answer_is_told_once_there_are_five(con):
    """The attack: 12 and 7 on paper, 13 and 7 on the screen, and one knows what the newcomer wants."""
    con.execute("delete from survey_told")
    first = shown(con, np.array([[12, 7], [30, 40]]), [120, 150])
    one_more = shown(con, np.array([[13, 7], [30, 40]]), [121, 150])
    pd.testing.assert_frame_equal(one_more, first)
    five_more = shown(con, np.array([[17, 7], [30, 40]]), [125, 150])
    assert five_more.loc[("N0", ("D00",)), "answers"] == 17
    assert five_more.loc[("N0", ()), "answers"] == 47
    for counts, asked in (([13, 7], 121), ([17, 8], 126), ([16, 7], 125)):  # near either of them
        again = shown(con, np.array([counts, [30, 40]]), [asked, 150])
        pd.testing.assert_frame_equal(again, five_more)
    back = shown(con, np.array([[12, 7], [30, 40]]), [120, 150])
    pd.testing.assert_frame_equal(back, first)
    # Another need, or streets told together otherwise, is another survey.
    pd.testing.assert_frame_equal(shown(con, np.array([[12], [30]]), [120, 150]), first)
    pd.testing.assert_frame_equal(shown(con, np.array([[12, 7], [30, 40]]), [90, 150]), first)


def test_a_version_keeps_what_those_before_it_told(tmp_path):
    """Of the newest that opens, served or undone; of earlier software what it told is the first edition."""

    class Kept:
        def __init__(self, own):
            self.own = own

        def numbered(self):
            return [*(f"v{k}" for k in range(1, int(self.own[1:]))), "v9"]

        def open(self, name):
            if name == "v9":
                raise ChunshuiError("损坏")
            return Reader(tmp_path / f"{name}.duckdb", SimpleNamespace(version=name))

    told = {}
    for name, more in (("v1", 0), ("v2", 1), ("v3", 9), ("v4", 1)):
        with connect(tmp_path / f"{name}.duckdb", read_only=False) as con:
            district.build(con)
            row = (
                f"'W', '2023-11-01', '2023-11-30', '线上', null, '歇脚', {30 + more}, {200 + more}"
            )
            con.execute(
                f"insert into survey_need select 'W1', {row}, source_id, source_row from street limit 1"
            )
            if name == "v1":
                con.execute("drop view survey_shown; drop table survey_told")
                continue
            surveys.tell(con, Kept(name))
            whole = con.sql(
                "select * from survey_shown where survey_id = 'W' and area_no is null"
            ).df()
            told[name] = whole[["edition", "respondents", "answers"]].to_numpy().tolist()
    assert told == {"v2": [[1, 200, 30]], "v3": [[2, 209, 39]], "v4": [[2, 209, 39]]}


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
