"""A report of some streets: their rows are replaced, the rows of the other streets stay."""

import random
from dataclasses import replace

import pandas as pd
import pytest
import shapely

from chunshui.ledgers.base import Base, read_base
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.frames import joined_rows
from chunshui.ledgers.out.write import write
from chunshui.ledgers.stage import stage
from chunshui.ledgers.streets import streets_named
from chunshui.warehouse import Store
from chunshui.words import ERROR
from tests.ledgers.sample import plain

# By street of its own, by community, through one ledger and through two; with rows of no street.
TRIED = (
    *("station", "station_function", "opinion", "opinion_event", "fund_entry", "party_committee"),
    *("member_unit", "fund_project", "fund_project_entry"),
)
ROSTERS = ("district", "street", "community")
BESIDE = ("industry_committee", "cluster", "neighbourhood")  # what those tried refer to


@pytest.fixture(scope="module")
def truth(published):
    """The demonstration's ledgers that are tried, as a version holds them."""
    with Store(published / "versions").open() as reader:
        base = read_base(reader)
        tables = {name: base.tables[name] for name in (*ROSTERS, *BESIDE, *TRIED)}
    return replace(base, tables=tables, _streets={})


def given(base, folder, *streets, names=TRIED, file="上报.xlsx"):
    """Write the rows of some streets (None: of no street) of some ledgers; return the folder."""
    tables = {name: base.tables[name] for name in ("street", "community")}
    for name in names:
        tables[name] = base.tables[name][base.streets(name).isin(streets)]
    filled = [name for name in names if len(tables[name])]
    tables = {name: table[ALL[name].stored] for name, table in tables.items()}
    tables |= {name: shaped(tables[name]) for name in ("street", "community")}
    write(tables, folder, demonstration=True, plan={file: filled})
    return folder


def shaped(table):
    return table.assign(shape=shapely.from_wkb([bytes(shape) for shape in table["shape"]]))


def version(staged, name):
    """What a version of the staged ledgers would be to the next report."""
    return Base(name, staged.tables, staged.source_file, staged.source_row)


def rows(tables, name):
    """The rows of a ledger as plain values, whatever their order and types."""
    found = plain(tables[name][ALL[name].stored].astype(object))
    return sorted(
        [str(int(v) if isinstance(v, float) and v.is_integer() else v) for v in row]
        for row in found
    )


def test_street_by_street_is_the_whole_set_at_once(truth, tmp_path):
    stale = {name: table.copy() for name, table in truth.tables.items()}
    stale["opinion"]["category"] = "旧"
    stale["station"]["station_name"] += "（旧）"
    stale["fund_entry"]["amount_yuan"] += 1
    stale["member_unit"]["kind"] = "群团组织"
    base = replace(truth, tables=stale, _streets={})
    streets = [*truth.street_names, None]
    random.Random(6).shuffle(streets)
    for turn, some in enumerate((streets[:1], streets[1:3], streets[3:6], streets[6:])):
        folder = given(truth, tmp_path / str(turn), *some)
        staged = stage(folder, base=base)
        assert [str(issue) for issue in staged.errors] == []
        if turn == 0:
            assert {part.names for part in staged.merged.values()} == {
                (truth.street_names[some[0]],)
            }
        base = version(staged.complete(base), f"v{turn}")
    for name in (*ROSTERS, *TRIED):
        assert rows(base.tables, name) == rows(truth.tables, name), name
    # Every row leads to a row that was read for it, and no source stands for rows that are gone.
    for name in TRIED:
        where = base.tables[name][["source_id", "source_row"]].set_axis(
            ["source_id", "row_no"], axis=1
        )
        kept = base.source_row[base.source_row["fate"] == "合格"]
        assert len(where.merge(kept, on=["source_id", "row_no"])) == len(where)
    used = base.source_row[base.source_row["fate"] == "合格"].groupby("source_id").size()
    files = base.source_file.set_index("source_id")
    files = files[files["ledger_id"].isin(TRIED)]
    assert files["row_used"].to_dict() == used.reindex(files.index).to_dict()
    assert set(files["file_name"]) == {"上报.xlsx"}


@pytest.fixture(scope="module")
def one(truth):
    """A street, and the name of another."""
    code, *_, other = truth.street_names
    return code, truth.street_names[code], other, truth.street_names[other]


def test_rows_that_stay_keep_their_file_sheet_and_row(truth, one, tmp_path):
    street, *_ = one
    folder = given(truth, tmp_path, street, names=["opinion"])
    done = stage(folder, base=truth).complete(truth)
    key = ["opinion_id", "source_id", "source_row"]
    before, after = (base.tables["opinion"][key] for base in (truth, done))
    stayed = before[truth.streets("opinion") != street].merge(after, on=key)
    assert len(stayed) == (truth.streets("opinion") != street).sum()
    files = done.source_file.set_index("source_id")
    sources = set(files.index[files["ledger_id"] == "opinion"])
    assert {files.loc[one, "file_name"] for one in sources} == {"民情台账.xlsx", "上报.xlsx"}
    (old,) = sources & done.carried
    fates = done.source_row[done.source_row["source_id"] == old]["fate"].value_counts()
    assert fates["已替换"] == (truth.streets("opinion") == street).sum()
    assert fates.sum() == files.loc[old, "row_total"]
    assert fates["合格"] == files.loc[old, "row_used"] == len(stayed)


def test_what_is_replaced_and_what_stays_is_said(truth, one, tmp_path):
    street, name, *_ = one
    folder = given(truth, tmp_path, street, names=["opinion"])
    mine = int((truth.streets("opinion") == street).sum())
    others = len(truth.tables["opinion"]) - mine
    staged = stage(folder, base=truth)
    said = f"民情台账只更新{name}（{mine}行），{truth.version}里其余{others}行沿用"
    assert said in [issue.what for issue in staged.issues]
    assert staged.questions == []
    whole = stage(folder, base=truth, whole=True)
    assert said not in [issue.what for issue in whole.issues]
    assert [issue.what for issue in whole.questions] == [
        f"民情台账只有{mine}行，{truth.version}有{mine + others}行，少了一半以上"
    ]
    assert len(whole.complete(truth).tables["opinion"]) == mine
    assert [part.kept for part in whole.parts.values()] == [others]


def test_a_fall_by_half_is_asked_about_within_the_streets_reported(truth, one, tmp_path):
    street, name, *_ = one
    table = truth.tables["opinion"]
    mine = table[truth.streets("opinion") == street]
    less = replace(
        truth, tables={**truth.tables, "opinion": mine.iloc[: len(mine) // 3]}, _streets={}
    )
    staged = stage(given(less, tmp_path, street, names=["opinion"]), base=truth)
    events = [i.what for i in staged.errors]
    assert all(what.startswith("沿用的民情流转台账用到") or "共有" in what for what in events)
    assert [issue.what for issue in staged.questions] == [
        f"民情台账里这些街道的行比{truth.version}少了一半以上："
        f"{name}（{len(mine)} → {len(mine) // 3}）"
    ]


def test_a_row_of_another_street_than_the_file_is_of_is_named(truth, one, tmp_path):
    street, name, other, its_name = one
    moved = truth.tables["opinion"].copy()
    homes = truth.streets("opinion")
    foreign = next(iter(truth.tables["community"].query("street_code == @other")["community_code"]))
    where = moved.index[homes == street][4]
    moved.loc[where, "community_code"] = foreign
    rows = moved[(homes == street)]
    tables = {n: shaped(truth.tables[n])[ALL[n].stored] for n in ("street", "community")}
    tables["opinion"] = rows[ALL["opinion"].stored]
    write(tables, tmp_path, demonstration=True, plan={f"{name}民情.xlsx": ["opinion"]})
    errors = stage(tmp_path, base=truth).errors
    assert [(issue.cell, issue.what) for issue in errors] == [
        ("B8", f"此行是{its_name}的，这份台账写明是{name}的")
    ]
    # Without a street in its name the file is of both, and the other's fall is asked about.
    (tmp_path / f"{name}民情.xlsx").rename(tmp_path / "民情.xlsx")
    alone = {n: table for n, table in truth.tables.items() if n != "opinion_event"}
    staged = stage(tmp_path, base=replace(truth, tables=alone, _streets={}))
    assert staged.errors == []
    (asked,) = staged.questions
    theirs = int((homes == other).sum())
    assert f"{its_name}（{theirs} → 1）" in asked.what
    # Or the streets are said.
    staged = stage(tmp_path, base=truth, streets=(name,))
    assert [issue.what for issue in staged.errors] == [f"此行是{its_name}的，这次只报{name}的"]


def test_a_street_that_is_not_on_the_roster_is_said(truth, one, tmp_path):
    folder = given(truth, tmp_path, one[0], names=["opinion"])
    (error,) = stage(folder, base=truth, streets=("汉正路街道",)).errors
    assert error.what == "“汉正路街道”不在街道名录中，是不是“汉正街道”？"


def test_a_number_that_another_street_has_is_refused(truth, one, tmp_path):
    street, _, other, _ = one
    table = truth.tables["opinion"].copy()
    homes = truth.streets("opinion")
    theirs = table[homes == other].iloc[0]
    table.loc[table.index[homes == street][0], "opinion_id"] = theirs["opinion_id"]
    renamed = replace(truth, tables={**truth.tables, "opinion": table}, _streets={})
    staged = stage(given(renamed, tmp_path, street, names=["opinion"]), base=truth)
    first = next(issue for issue in staged.errors if issue.cell)
    assert first.what == (
        f"与沿用的{truth.version}《民情台账.xlsx》民情台账第{theirs['source_row']}行重复"
        f"（事项编号 {theirs['opinion_id']}）"
    )
    assert first.mend == "请改编号；原是别的街道的，请与那个街道一并重报"


def test_most_streets_leave_a_question(truth, one, tmp_path):
    street, name, *_ = one
    table, homes = truth.tables["opinion"], truth.streets("opinion")
    most = replace(truth, tables={**truth.tables, "opinion": table[homes != street]}, _streets={})
    tables = {n: shaped(truth.tables[n])[ALL[n].stored] for n in ("street", "community")}
    tables["opinion"] = most.tables["opinion"][ALL["opinion"].stored]
    write(tables, tmp_path, demonstration=True, plan={"民情.xlsx": ["opinion"]})
    (asked,) = stage(tmp_path, base=truth).questions
    assert f"没有{name}的行，{truth.version}里的{(homes == street).sum()}行沿用" in asked.what


def test_rows_of_no_street_are_asked_about(truth, one, tmp_path):
    street, *_ = one
    table, homes = truth.tables["fund_entry"], truth.streets("fund_entry")
    some = table[(homes == street) | homes.isna()]
    tables = {n: shaped(truth.tables[n])[ALL[n].stored] for n in ("street", "community")}
    tables["fund_entry"] = some[ALL["fund_entry"].stored]
    write(tables, tmp_path, demonstration=True, plan={"基金.xlsx": ["fund_entry"]})
    asked = [issue.what for issue in stage(tmp_path, base=truth).questions]
    assert asked == [
        f"社区基金台账有没有写街道或社区的行，{truth.version}里这样的{homes.isna().sum()}行由它们代替"
    ]


def test_a_sheet_that_was_not_filled_in_takes_nothing_away(truth, one, tmp_path):
    street, *_ = one
    tables = {n: shaped(truth.tables[n])[ALL[n].stored] for n in ("street", "community")}
    for name in ("opinion", "station"):
        tables[name] = truth.tables[name][ALL[name].stored]
    mine = truth.streets("opinion") == street
    tables["opinion"] = tables["opinion"][mine]
    tables["station"] = tables["station"].iloc[:0]
    write(tables, tmp_path, demonstration=True, plan={"上报.xlsx": ["opinion", "station"]})
    staged = stage(tmp_path, base=truth)
    assert (staged.errors, staged.questions) == ([], [])
    count = len(truth.tables["station"])
    assert f"阵地台账是空表，{truth.version}里的{count}行沿用" in [i.what for i in staged.issues]
    done = staged.complete(truth)
    assert len(done.tables["station"]) == count
    whole = stage(tmp_path, base=truth, whole=True)
    assert any(i.severity == ERROR and "新报的阵地台账里没有" in i.what for i in whole.issues)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["古田街道民情.xlsx", None], {"1"}),
        (["民情.xlsx", "古田街道"], {"1"}),
        (["填报单位：古田街道办事处", "汉正街道"], {"1", "2"}),
        (["古田街道等三个街道.xlsx"], set()),
        (["除古田街道外.xlsx"], set()),
        (["古田二路社区民情.xlsx"], set()),
    ],
)
def test_streets_that_a_file_says_it_is_of(texts, found):
    assert streets_named(texts, {"1": "古田街道", "2": "汉正街道"}) == found


def test_what_stays_and_what_is_new_have_the_types_of_the_reader():
    ledger = ALL["neighbourhood"]
    columns = {key: [None] for key in ledger.stored}
    new = pd.DataFrame(columns | {"built_year": [1990], "source_id": "S2", "source_row": 3})
    old = pd.DataFrame(columns | {"built_year": [float("nan")], "source_id": "S1", "source_row": 4})
    both = joined_rows(old, new, ledger)
    assert both["built_year"].dtype == "Int64"
    assert joined_rows(new, new, ledger)["built_year"].dtype == "int64"
    assert both["source_row"].tolist() == [4, 3]
