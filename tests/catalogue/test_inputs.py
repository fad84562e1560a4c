"""What is taken over from the version below is what a full fill would compute, to the last bit."""

import dataclasses
import datetime as dt
import re
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue import fill, inputs
from chunshui.catalogue.frontmatter import CatalogueError
from chunshui.catalogue.metric import all_metrics, get_metric
from chunshui.warehouse import sql
from chunshui.warehouse.reader import MEMORY, Reader, connect
from tests.catalogue import district

FIRST, *MONTHS = district.MONTHS[-4:]
PLACES = ("district", "street", "community")
WORK = [(metric, variant) for metric in all_metrics().values() for variant in metric.variants]
STORED = "metric_definition", "metric_input", "metric_value"


def tables() -> dict[str, pd.DataFrame]:
    """The small district, with walks that nobody measured."""
    draw = np.random.default_rng(7)
    made = district.tables()
    made["opinion"]["closed_on"] = pd.to_datetime(made["opinion"]["closed_on"])
    made["station"]["area_m2"] += draw.random(len(made["station"])) / 3
    ids = {"building": made["building"]["building_id"], "station": made["station"]["station_id"]}
    doors = [
        (kind, one, n, *draw.integers(900, size=2), 5.0)
        for kind in ids
        for n, one in enumerate(ids[kind])
    ]
    columns = ["entity_table", "entity_id", "door_no", "east", "north", "leg"]
    made["walk_door"] = pd.DataFrame(doors, columns=columns)
    pairs = [
        (b, s, draw.uniform(50, 1500)) for b in range(12) for s in range(5) if draw.random() < 0.6
    ]
    made["reach"] = pd.DataFrame(pairs, columns=["building_no", "station_no", "metres"])
    return made


def built(rows, months, below=None, path=MEMORY):
    """The connection to a version of some rows and months, filled."""
    con = connect(path, read_only=False)
    ledgers = {name: frame for name, frame in rows.items() if name not in ("walk_door", "reach")}
    district.build(con, ledgers, months)
    for name in rows.keys() - ledgers.keys():
        con.append(name, rows[name], by_name=True)
    fill.fill_values(con, below=below)
    return con


@pytest.fixture(scope="module")
def below(tmp_path_factory):
    path = tmp_path_factory.mktemp("below") / "v.duckdb"
    built(tables(), [FIRST, *MONTHS[:-1]], path=path).close()
    with Reader(path, SimpleNamespace(version="v000001")) as reader:
        yield reader


def changed(rows, draw):
    """Drop a row of a table, alter one of its cells, or turn its rows round."""
    name = draw.choice([name for name in rows if name not in PLACES and len(rows[name])])
    frame = rows[name].copy()
    at = int(draw.integers(len(frame)))
    column = draw.choice(frame.columns)
    value = frame[column].iloc[at]
    kind = draw.integers(3)
    if kind == 0:
        frame = frame.drop(index=frame.index[at])
    elif kind == 1:
        frame = frame.iloc[::-1]
    elif isinstance(value, dt.date):
        frame.loc[frame.index[at], column] = value + dt.timedelta(days=int(draw.integers(-40, 40)))
    elif isinstance(value, int | float | np.number) and not isinstance(value, bool):
        frame[column] = frame[column].astype(object)
        frame.loc[frame.index[at], column] = value + 1
    return rows | {name: frame.reset_index(drop=True)}


@pytest.mark.parametrize("seed", range(2))
def test_ledgers_changed_at_random_give_the_same_values_as_a_full_fill(below, seed, monkeypatch):
    draw = np.random.default_rng(seed)
    months = [FIRST, *MONTHS[:-1]] if seed % 2 else MONTHS
    rows = tables()
    for _ in range(3):
        altered = changed(rows, draw)
        con = connect(MEMORY, read_only=False)
        try:  # what the schema refuses is no ledger
            district.build(
                con, {n: f for n, f in altered.items() if n not in ("walk_door", "reach")}, months
            )
            rows = altered
        except duckdb.Error:
            pass
        con.close()
    ran = []
    monkeypatch.setattr(
        fill, "_sums", lambda *job, plain=fill._sums: ran.append(job) or plain(*job)
    )
    incremental = built(rows, months, below)
    several = [job for job in ran if len(job[2]) > 1]
    full = built(rows, months)
    for table in STORED:
        pd.testing.assert_frame_equal(*(c.sql(f"from {table}").df() for c in (incremental, full)))
    assert len(several) < len(ran) / 2, "the others were taken over but for the month that is new"


def test_a_month_has_the_same_values_whichever_others_there_are(monkeypatch):
    """So the table of months is no input: the metrics that read it take a short cut only."""
    asking = {m.id: m for m, _ in WORK if re.search(r"month\b|nearest_walk", sql.plain(m.sql))}
    assert len(asking) >= 4
    monkeypatch.setattr(fill, "all_metrics", lambda: asking)
    alone, among = built(tables(), MONTHS[-1:]), built(tables(), district.MONTHS[-8:])
    values = [c.sql("from metric_value").df() for c in (alone, among)]
    values[1] = values[1][values[1]["month"] == pd.Timestamp(MONTHS[-1])].reset_index(drop=True)
    pd.testing.assert_frame_equal(*values)


def test_sums_are_exact_whatever_their_order(below):
    """No total or ratio adds up floating point, whose sum depends on the order of the rows."""
    outer = sql.text("catalogue/sum_members").replace("::double", "")
    with below.cursor() as cursor:
        cursor.execute(sql.text("rules"))
        for metric in all_metrics().values():
            if metric.kind != "quantile":
                params = fill._sums(metric, metric.variant(), [])[1]
                found = cursor.sql(fill.for_every_month(metric, outer), params=params)
                types = dict(zip(found.columns, map(str, found.types), strict=True))
                assert "DOUBLE" not in (types["numerator"], types["denominator"]), metric.id


@pytest.fixture(scope="module")
def con():
    """The connection to a version without values."""
    con = connect(MEMORY, read_only=False)
    district.build(con)
    return con


def moved(con, monkeypatch, before, *edits):
    """The metrics whose digest an edit of query files changes: (file, old text, new text)."""

    def edited(name, plain=sql.text):
        text = plain(name)
        for file, old, new in edits:
            assert file != name or old in text
            text = text.replace(old, new) if file == name else text
        return text

    with monkeypatch.context() as patch:
        patch.setattr(sql, "text", edited)
        after = inputs.input_digests(con, WORK)
    return {metric for (metric, _), digest in after.items() if digest != before[metric, _]}


def naming(*names):
    """The metrics whose file has one of those names, read plainly."""
    return {metric.id for metric, _ in WORK if any(f"{name}(" in metric.sql for name in names)}


def test_a_change_of_a_macro_or_a_rule_or_the_outer_statement_counts_and_a_remark_does_not(
    con, monkeypatch
):
    before = inputs.input_digests(con, WORK)
    walks = ("buildings_served", "homes_covered", "nearest_walk", "stations_asked")
    edit = (
        "schema/20_reach",
        "list_contains(levels, s.level)",
        "not list_contains(levels, s.level)",
    )
    assert moved(con, monkeypatch, before, edit) == naming(*walks), (
        "reached through other macros, too"
    )
    edit = ("schema/20_reach", "min(r.metres) as metres", "max(r.metres) as metres")
    assert moved(con, monkeypatch, before, edit) == naming("nearest_walk")
    overdue = naming("is_overdue", "overdue_words", "renovation_waiting", "renovation_milestone")
    edit = ("rules", "due_day <= asked_day and", "due_day < asked_day and")
    assert naming("is_overdue") <= moved(con, monkeypatch, before, edit) <= overdue
    edit = ("catalogue/sum_members", "sum(member.denominator)", "max(member.denominator)")
    assert moved(con, monkeypatch, before, edit) == {metric.id for metric, _ in WORK}
    edit = (
        "schema/20_reach",
        "-- A station whose hours",
        "-- Of opinion in a month: a station whose",
    )
    assert moved(con, monkeypatch, before, edit) == set()


def test_what_is_reached_through_a_view_a_parameter_and_the_window_count(con, monkeypatch):
    view = (
        "schema/99_lineage",
        "create view lineage",
        "create view spoken as select * from opinion;\ncreate view lineage",
    )
    plain = get_metric("opinions_received")
    metric = dataclasses.replace(plain, sql=plain.sql.replace("from opinion", "from spoken"))
    shorter = (*view[:2], view[2].replace("opinion;", "opinion limit 1;"))

    base = metric.variant()

    def digest(one=metric, variant=base, edit=view):
        with monkeypatch.context() as patch:
            patch.setattr(
                sql,
                "text",
                lambda name, plain=sql.text: (
                    plain(name).replace(*edit[1:]) if name == edit[0] else plain(name)
                ),
            )
            return inputs.input_digests(con, [(one, variant)])[metric.id, variant.id]

    assert metric.sql != plain.sql
    seen = [digest(), digest(edit=shorter)]
    seen.append(digest(variant=dataclasses.replace(base, params={"anything": 1})))
    seen.append(digest(variant=dataclasses.replace(base, window="as-of")))
    seen.append(digest(dataclasses.replace(metric, entities=("opinion", "station"))))
    con.execute("update opinion set channel = '热线转办' where opinion_id = 'OP0'")
    seen.append(digest())
    assert len(set(seen)) == len(seen)
    con.execute("update opinion set source_row = source_row where opinion_id = 'OP0'")
    assert digest() == seen[-1]
    assert digest(dataclasses.replace(metric, sql="-- another remark\n" + metric.sql)) == seen[-1]


def test_other_software_computes_everything_anew(con, monkeypatch):
    before = inputs.input_digests(con, WORK)
    made_with = inputs.software.describe()
    for part in ("chunshui", "duckdb"):
        monkeypatch.setattr(inputs.software, "describe", lambda part=part: made_with | {part: "9"})
        assert not set(inputs.input_digests(con, WORK).values()) & set(before.values())


def test_values_of_places_that_the_version_has_not_are_refused(monkeypatch):
    plain = get_metric("opinions_received")
    stray = dataclasses.replace(
        plain, sql=f"select * replace ('999' as street_code) from ({plain.sql})"
    )
    monkeypatch.setattr(fill, "all_metrics", lambda: {plain.id: stray})
    with pytest.raises(CatalogueError, match="opinions_received算到了本版本没有的月份或地方"):
        built(tables(), MONTHS)
