"""与上次相比: what is told of the last material of the same kind is what both say, and no chance."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import fisher_exact

from chunshui.catalogue.metric import get_metric
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, freeze
from chunshui.snapshots.model import Figures
from chunshui.snapshots.sections import since
from chunshui.snapshots.selection import Choice, Selection

TILES = ("two_new_coverage", "grid_roles_filled", "opinion_closing_rate", "opinions_received")


def ask(month, *, kind="月拉练", **scope):
    choices = (Choice("figures", TILES), Choice("since_last"))
    return Selection(month, choices, template=kind, members=False, **scope)


def test_it_is_told_from_what_the_last_one_said_and_from_no_other(reader, tmp_path):
    street = reader.query("views/streets")["street_code"].iloc[0]
    first = freeze.snapshot_of(reader, freeze.meeting(reader, ask("2026-09"), (), tmp_path))
    assert [one.kind for one in first.sections] == ["figures"]  # nothing is before it
    archive.store(first, root=tmp_path)
    for other in (
        ask("2026-09"),
        ask("2026-10", kind="周通报"),
        ask("2026-10", streets=(street,)),
        ask("2026-11"),  # two months are not the last time
        ask("2026-10", against="2025-10"),
    ):
        assert freeze.meeting(reader, other, (), tmp_path).past is None
    chosen = ask("2026-11", against="2026-09")
    assert freeze.meeting(reader, chosen, (), tmp_path).past.snapshot == first.id
    asked = freeze.meeting(reader, ask("2026-10"), (), tmp_path)
    second = freeze.snapshot_of(reader, asked)
    tiles, told = second.sections
    assert isinstance(tiles, Figures) and first.id in told.heading
    assert told.title.startswith(
        "与上次（2026年9月）相比，新达标1项：两新组织党组织覆盖率；变差1项"
    )
    assert freeze.snapshot_of(reader, asked).id == second.id
    before, after = first.overall_figures(), {one.metric: one for one in tiles.figures}
    for verdict, name, was, now, change, _why in told.rows:
        metric = next(m for m in after if second.definition(m).name == name)
        assert (was, now) == (before[metric].shown, after[metric].shown)
        crossed = (before[metric].status == "达标") != (after[metric].status == "达标")
        assert crossed == verdict.startswith(("新达标", "跌出达标"))
        step = float(now.rstrip("%项")) - float(was.rstrip("%项"))
        assert f"{abs(step):.1f}".removesuffix(".0") in change and (
            "升" in change or "加" in change
        ) == (step > 0)
    assert {row[1]: row[5] for row in told.rows}["“一长六员”配齐率"] == (
        "72个网格新缺岗位，37个网格补齐岗位"
    )
    # What was corrected since stands beside what was told then; another definition is not compared.
    figures = tuple(replace(f, shown="70.0%", value=70) if f.metric == TILES[1] else f
                    for f in asked.past.figures)  # fmt: skip
    said = freeze.snapshot_of(reader, replace(asked, past=replace(asked.past, figures=figures)))
    (row,) = (row for row in said.sections[1].rows if row[1] == "“一长六员”配齐率")
    assert row[2] == "70.0%" and row[5].startswith("2026年9月的数经更正为74.0%；")
    defined = tuple(replace(d, numerator="别的") for d in asked.past.definitions)
    said = freeze.snapshot_of(reader, replace(asked, past=replace(asked.past, definitions=defined)))
    assert said.sections[1].title == "与上次（2026年9月）没有可比的指标"
    with pytest.raises(ChunshuiError, match="没有上一期的同类材料"):
        freeze.snapshot_of(reader, Selection("2026-10", (Choice("since_last"),), template="月拉练"))


def figure(hits, cases):
    return SimpleNamespace(numerator=hits, denominator=cases, value=hits / cases, members=hits)


@pytest.mark.parametrize(
    ("metric", "told"),
    [("opinion_closing_rate", True), ("grid_roles_filled", False), ("investment_paid_rate", False)],
)
def test_only_cases_are_a_question_of_chance(metric, told):
    chance = since._chance(get_metric(metric), figure(80, 100), figure(170, 220), nested=True)
    assert (chance is not None) == told


def test_a_rate_of_the_year_is_held_against_the_cases_since_and_chance_alone_is_rarely_told():
    closing = get_metric("opinion_closing_rate")
    p = since._chance(closing, figure(80, 100), figure(120, 200), nested=True)
    # 80 of 100 then, 40 of 100 since: an exact test of the same table says the same.
    assert p < 1e-6 and fisher_exact([[80, 20], [40, 60]]).pvalue < 1e-6
    assert since._chance(closing, figure(80, 100), figure(86, 107), nested=True) is None  # too few
    assert (
        since._chance(closing, figure(80, 100), figure(79, 120), nested=True) is None
    )  # corrected
    dice = np.random.default_rng(3)
    falsely = 0
    for _ in range(400):
        first, later = dice.binomial(120, 0.85), dice.binomial(40, 0.85)
        both = figure(int(first), 120), figure(int(first + later), 160)
        falsely += since._chance(closing, *both, nested=True) < 0.05
    assert falsely / 400 < 0.08
