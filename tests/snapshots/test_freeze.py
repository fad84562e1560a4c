"""Freezing the demonstration: the documents say what the catalogue says, for any filter."""

import io
import random
import re
from collections import Counter
from dataclasses import replace
from functools import cache

import openpyxl
import pypdfium2
import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from chunshui.catalogue import wording
from chunshui.catalogue.attention import counts_of, items_of, items_within
from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.figures import figure_of, figures_of
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import LEVELS, all_metrics, get_metric
from chunshui.community import sheet
from chunshui.drawing import theme
from chunshui.errors import ChunshuiError
from chunshui.ranking import finding
from chunshui.ranking.drill import drill_of
from chunshui.ranking.league import WAYS
from chunshui.snapshots import archive, freeze, model, templates
from chunshui.snapshots.model import number
from chunshui.snapshots.render import child_process, export, table_layout
from chunshui.snapshots.render.brief import brief
from chunshui.snapshots.render.deck import deck
from chunshui.snapshots.render.deck.charts import BARS_COMMUNITY, BARS_MISSED, BARS_STREET
from chunshui.snapshots.render.pictures import drawings
from chunshui.snapshots.render.workbook import workbook
from chunshui.snapshots.sections import lists
from chunshui.snapshots.sections.members import MEMBERS
from chunshui.snapshots.selection import COMMENT_LENGTH, TITLE_LENGTH, Choice, Selection
from chunshui.ui import data as ui_data
from chunshui.ui.shell import filters as filter_widgets
from chunshui.words import MISSED, NEAR, REACHED, TOO_FEW, URGENCIES
from tests.snapshots.test_documents import pytestmark as pytestmark
from tests.snapshots.test_documents import texts
from tests.snapshots.test_snapshot import WHEN
from tests.ui.conftest import FRAME, texts_of

MONTH = "2026-10"


def filters(reader, seed: int) -> Selection:
    """A random choice of month, streets or a community, and metrics."""
    dice = random.Random(seed)
    streets = reader.query("views/streets")["street_code"].tolist()
    communities = reader.query("views/communities")["community_code"].tolist()
    months = reader.query("views/months")["month"].tolist()
    scope = [
        {},
        {"streets": tuple(dice.sample(streets, 1))},
        {"streets": tuple(dice.sample(streets, dice.randint(2, 6)))},
        {"community": dice.choice(communities)},
    ][seed % 4]
    by_place = [m.id for m in all_metrics().values() if m.level == "community"]
    chosen = tuple(dice.sample(sorted(all_metrics()), 5))
    one, two = dice.sample(by_place, 2)
    return Selection(
        dice.choice(months[:24]),
        (
            Choice("figures", chosen),
            Choice("ranking", (one,), level="街道"),
            Choice("ranking", (two,), level="社区"),
            Choice("trend", (one,), months=dice.choice((6, 13, 24))),
            Choice("map", (two,), level="社区"),
        ),
        title=f"随机筛选{seed}",
        members=False,
        **scope,
    )


def values_of(chart) -> list[float | None]:
    """The values of a chart's first series in the unit of the metric: its workbook has money in 万 or 亿."""
    series = chart.plots[0].series[0]
    code = series._element.xpath(".//c:val//c:formatCode")[0].text
    factor = {"万": 10**4, "亿": 10**8}.get(next(iter(re.findall("[万亿]", code)), ""), 1)
    return [None if value is None else value * factor for value in series.values]


def assert_title_adds_up(section: model.Section) -> None:
    """The parts of a title are its whole, and as many as the frozen figures have of that status."""
    title = section.title
    if isinstance(section, model.Map | model.Ranking):
        figures = [*section.figures, *(getattr(section, "unranked", None) or ())]
        statuses = Counter(one.status for one in figures)
        if parts := re.search(
            r"(\d+)个(?:街道|社区)中，(?:(\d+)个达标、?)?(?:(\d+)个没有达到目标(?:（(?:其中(\d+)个)?接近）)?、?)?"
            r"(?:(\d+)个基数不足)?",
            title,
        ):
            whole, good, bad, near, small = (int(one or 0) for one in parts.groups())
            assert good == statuses[REACHED] and bad == statuses[MISSED] + statuses[NEAR], title
            assert near in (0, statuses[NEAR]) and small in (0, statuses[TOO_FEW]), title
            if "无数据" not in title:
                assert whole == good + bad + small or not good + bad, title
    if isinstance(section, model.Figures) and (parts := re.search(r"(\d+)项指标", title)):
        assert int(parts[1]) == len(section.figures), title
    if isinstance(section, model.Attention) and section.items:
        total, *counts = map(int, re.findall(r"(\d+)条", title))
        assert total == section.total == len(section.items)
        urgent = sum(item.severity == URGENCIES[0] for item in section.items)
        if urgent:
            assert counts[0] == urgent
        if counts and "等" not in title:
            assert sum(counts[bool(urgent) :]) == (urgent or total), title


@pytest.fixture(scope="module", autouse=True)
def items_of_month():
    """What needs attention in a month, which all materials of the version share: found once."""
    with pytest.MonkeyPatch.context() as patch:
        found = cache(items_of)
        patch.setattr(lists, "items_of", found)
        yield found


@pytest.fixture(scope="module")
def page(published):
    """The page 指标口径, which shows every figure of a scope; opened once, filtered by `on_page`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHUNSHUI_DATA", str(published))
        app = AppTest.from_file(str(FRAME), default_timeout=60).run()
        yield app.switch_page("../pages/dictionary.py").run()


def on_page(page, reader, asked: Selection) -> dict[str, tuple[str, str]]:
    """Filter the page as the selection does and return 本期 and 分子／分母 by metric name."""
    streets = reader.query("views/streets").set_index("street_code")["street_name"]
    labels = filter_widgets.community_labels(ui_data.district(reader.edition))
    page.selectbox(key="month").set_value(asked.month)
    page.multiselect(key="street").set_value([streets[code] for code in asked.streets])
    page.selectbox(key="community").set_value(None)
    page.run()
    if asked.community:
        page.selectbox(key="community").set_value(labels[asked.community]).run()
    assert not page.exception
    table = texts_of(page.dataframe[0])
    rows = table[["指标", "本期", "分子／分母"]].itertuples(index=False, name=None)
    return {name: (value, parts) for name, value, parts in rows}


@pytest.mark.parametrize("seed", range(6))
def test_deck_brief_and_workbook_say_what_the_page_says(reader, page, seed):
    asked = filters(reader, seed)
    shown = on_page(page, reader, asked)
    snapshot = freeze.snapshot_of(reader, asked)
    # What is not counted at the level of the scope has no tile.
    fine = LEVELS.index(
        "community" if asked.community else "street" if asked.streets else "district"
    )
    tiled = [m for m in asked.choices[0].metrics if LEVELS.index(get_metric(m).level) >= fine]
    assert [figure.metric for figure in snapshot.sections[0].figures] == tiled
    tiles = [snapshot.definition(metric).name for metric in tiled]
    for section in snapshot.sections:
        assert_title_adds_up(section)
    metrics = list(dict.fromkeys(m for choice in asked.choices for m in choice.metrics))
    truth = figures_of(reader, metrics, asked.month, asked.streets, asked.community)
    around = asked.streets
    if asked.community:
        places = reader.query("views/communities").set_index("community_code")
        around = (places.at[asked.community, "street_code"],)
    streets = {m: place_table(reader, m, asked.month, "street", around) for m in metrics}
    communities = {m: place_table(reader, m, asked.month, "community", around) for m in metrics}

    made = Presentation(io.BytesIO(deck.pptx_bytes(snapshot, WHEN)))
    said = [_squeezed(text) for slide in made.slides for text in texts(slide.shapes)]
    for name in tiles:
        value, parts = shown[name]
        parts = "" if parts == "—" else _squeezed(parts)
        tile = [text for text in said if text.startswith(_squeezed(name + value))]
        assert any(parts in text for text in tile), (name, value, parts)
    charts = [s.chart for slide in made.slides for s in slide.shapes if getattr(s, "has_chart", 0)]
    one, two = asked.choices[1].metrics[0], asked.choices[2].metrics[0]
    ranked = [
        (
            one,
            streets if not 1 <= len(around) <= 2 else communities,
        ),  # one cannot be ranked, two say little
        (two, communities),
    ]
    points = figure_of(
        reader, one, asked.month, asked.streets, asked.community, months=asked.choices[3].months
    ).trend
    if len({point.value for point in points} - {None}) > 1:  # of one value there is no picture
        assert values_of(charts.pop()) == [
            point.value and pytest.approx(point.value) for point in points
        ]
    for metric, frames in ranked:
        found = frames[metric]
        found = found[found["street_code"].notna() & found["value"].notna()]
        if frames is communities:
            found = found[found["community_code"].notna()]
        small, found = found[found["small"]], found[~found["small"]]
        if found["value"].nunique() < 2:  # alike, or the others rest on too little to be ranked
            continue
        most = BARS_STREET
        if frames is communities:
            missed = min(found["status"].isin([MISSED, NEAR]).sum(), BARS_MISSED)
            most = max(BARS_COMMUNITY, missed)
        fits = len(found) + len(small) <= most
        wanted = [*found.tail(most)["value"], *(small["value"] if fits else ())]
        drawn = values_of(charts.pop(0))
        if frames is communities:
            # Its whole is no place beside its parts; a community may have no value of its own.
            measured = truth[metric].metric.kind != "total" and truth[metric].value is not None
            drawn = drawn[::-1]
            while (
                measured
                and drawn[0] == pytest.approx(truth[metric].value)
                and len(drawn) <= len(wanted)
            ):
                drawn = [*drawn, *values_of(charts.pop(0))[-2::-1]]
            while not measured and len(drawn) < len(wanted):
                drawn += values_of(charts.pop(0))[::-1]
            drawn = drawn[measured:]
        assert drawn == pytest.approx(wanted)
    assert not charts

    opened = pypdfium2.PdfDocument(brief.pdf_bytes(snapshot, WHEN))
    printed = _squeezed("".join(page.get_textpage().get_text_range() for page in opened))
    opened.close()
    for name in tiles:
        assert _squeezed(name + shown[name][0]) in printed
    for section in snapshot.sections[1:3]:
        if model.is_empty(section):
            continue
        figures, _ = drawings.ranked(section, 20)
        unit = snapshot.definition(section.metric).unit
        bars = [table_layout.without_unit(figure.shown, unit) for figure in figures]
        printed_bars = re.sub(
            f"[{''.join(mark for mark, _ in theme.STATUS.values())}]", "", printed
        )
        assert _squeezed("".join(bars)) in printed_bars

    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx_bytes(snapshot, WHEN)))
    rows = {r[1]: r for r in book["指标"].iter_rows(min_row=7, values_only=True)}
    for metric in tiled:
        row, figure = rows[truth[metric].metric.name], truth[metric]
        assert (
            row[2] == _cell(figure.value, figure.metric) and row[4] == shown[figure.metric.name][0]
        )
        assert row[5] == _cell(figure.numerator) and row[6] == _cell(figure.denominator)
    for name, frames, left in (("街道", streets, 1), ("社区", communities, 2)):
        heads = [c.value for c in book[name][6]]
        for metric, frame in frames.items():
            title = f"{truth[metric].metric.name}（{truth[metric].metric.unit}）"
            if title not in heads:
                continue
            column = heads.index(title)
            keys = ["street_name", "community_name"][:left]
            wanted = {
                tuple(k or "—" for k in key): _cell(v, truth[metric].metric)
                for key, v in zip(
                    frame[keys].itertuples(index=False, name=None), frame["value"], strict=True
                )
            }
            found = {
                r[:left]: r[column]
                for r in book[name].iter_rows(min_row=7, values_only=True)
                if r[:left] in wanted
            }
            # A place of which nothing at all is known has no row.
            absent = wanted.keys() - found.keys()
            assert found == {key: cell for key, cell in wanted.items() if key not in absent}
            assert all(wanted[key] == "—" for key in absent)


@pytest.mark.parametrize("template", ["周通报", "月拉练", "年考评"])
def test_a_template_freezes_the_same_twice_and_exports(
    reader, template, tmp_path, monkeypatch, items_of_month
):
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    chosen = templates.get_template(template)
    asked = Selection(MONTH, chosen.choices, unit="区委组织部", template=template)
    steps = []
    snapshot = freeze.snapshot_of(reader, asked, lambda step, share: steps.append(share))
    items_of_month.cache_clear()
    assert snapshot == freeze.snapshot_of(reader, asked)
    name = "一周动态" if template == "周通报" else f"基层治理{template}"
    assert re.fullmatch(rf"硚口区{name}（2026年.*[日月]）", snapshot.title)
    assert steps == sorted(steps)
    steps.clear()
    assert archive.store(snapshot, root=tmp_path).id == snapshot.id
    assert archive.reopen(snapshot.id, tmp_path) == snapshot
    made = export.documents(snapshot, WHEN)
    assert [name.rpartition(".")[2] for name in made.files] == list(export.USUAL)
    assert not made.faults and all(snapshot.id in name for name in made.files)
    for section in snapshot.sections:
        assert_title_adds_up(section)
    # Streets are compared by what is more than chance: nobody is ranked by a raw rate.
    kinds = [section.kind for section in snapshot.sections]
    assert "ranking" not in kinds
    if template == "周通报":
        archive.store(snapshot)  # where the child looks
        again = child_process.documents(
            snapshot.id, WHEN, progress=lambda _, share: steps.append(share)
        )
        assert again.files == made.files and not again.faults
        assert steps == sorted(steps) and steps[-1] == 1
        assert export.zip_bytes(made.files, WHEN) == export.zip_bytes(again.files, WHEN)


def test_the_sheet_of_a_community_is_frozen_as_its_page_says_it(reader):
    choices, home = templates.get_template("社区一页").choices, "420104010003"
    snapshot = freeze.snapshot_of(reader, Selection(MONTH, choices, community=home, members=False))
    items = items_within(items_of(reader, MONTH), (), home)
    known = sheet.sheet_of(reader, MONTH, home, items)
    said, beside = snapshot.sections[:2]
    assert said.title == known.finding and beside.total == len(known.beside)
    assert list(said.rows) == list(sheet.sentence_table(known).itertuples(index=False, name=None))
    assert {one.metric for one in snapshot.definitions} >= set(sheet.BESIDE)
    nowhere = freeze.snapshot_of(reader, Selection(MONTH, choices[:1], members=False))
    assert not nowhere.sections[0].rows and "没有选社区" in nowhere.sections[0].title


def test_all_material_of_a_community_says_the_same_misses_and_needs(reader):
    homes = reader.query("views/communities")["community_code"].tolist()[::60]
    for home, month in [(one, MONTH) for one in homes] + [(homes[0], "2023-12")]:
        made = [
            freeze.snapshot_of(
                reader,
                Selection(
                    month,
                    templates.get_template(name).choices,
                    template=name,
                    community=home,
                    members=False,
                ),
            )
            for name in ("社区一页", "月拉练")
        ]
        missed = [
            {m for m, one in snapshot.overall_figures().items() if one.status in (MISSED, NEAR)}
            for snapshot in made
        ]
        assert missed[0] == missed[1]
        items = [
            [one for s in each.sections if s.kind == "attention" for one in s.items]
            for each in made
        ]
        assert items[0] == items[1]
        said = made[0].sections[0].title
        assert (f"没有达到目标的{len(missed[0])}项" in said) == bool(missed[0])
        titles = [one.title for each in made for one in each.sections]
        assert not any("没有需要关注" in one for one in titles)


def test_a_part_without_a_subject_is_left_out_of_a_paper(reader):
    kinds = ("claims", "apart", "progress", "intervals")
    others = tuple(map(Choice, kinds))
    asked = Selection(
        "2023-12", (Choice("figures", ("opinions_received",)), *others), members=False
    )
    snapshot = freeze.snapshot_of(reader, asked)
    assert [one.kind for one in snapshot.sections] == ["figures"]
    # The year's count begins with the first month of the data; what adds up says what this year added.
    assert snapshot.known_from == "2023-11"
    trend = replace(asked, choices=(Choice("trend", ("opinion_closing_rate",)),))
    assert "2023年11至12月" in freeze.snapshot_of(reader, trend).sections[0].title
    (now,) = freeze.snapshot_of(reader, replace(asked, month=MONTH)).sections[0].figures
    year = figures_of(reader, ["opinions_received"], MONTH, variant="year")["opinions_received"]
    assert now.change_year == f"本年增加{year.value:.0f}项" and now.moved_year is None
    assert now.counted == "台账开始以来累计"


def test_every_chosen_street_is_named(reader):
    streets = reader.query("views/streets")
    chosen = streets["street_name"].tolist()[:4]
    asked = Selection(
        MONTH,
        (Choice("figures", ("grid_leader_rate",)),),
        streets=tuple(streets["street_code"].tolist()[:4]),
    )
    snapshot = freeze.snapshot_of(reader, asked)
    assert dict(snapshot.filters)["范围"] == "、".join(chosen)
    assert all(name.removesuffix("街道") in snapshot.scope for name in chosen)
    assert {shape.street for shape in snapshot.basemap.communities} == set(chosen)


def test_members_come_with_their_ledger_rows(reader):
    asked = Selection(MONTH, (Choice("table", ("grid_leader_rate",)),))
    snapshot = freeze.snapshot_of(reader, asked)
    members = snapshot.members[0]
    truth = members_of(reader, "grid_leader_rate", MONTH)
    assert members.total == len(truth) and len(members.rows) == MEMBERS
    left_out = truth[~truth["counted"]]
    assert [m.id for m in members.rows if not m.counted] == left_out["entity_id"].tolist()
    assert all(m.file and m.row for m in members.rows)
    table = snapshot.sections[0]
    assert table.total == len(left_out) and f"{len(left_out):,}个网格" in table.title


def test_published_figures_are_compared_in_the_latest_month_only(reader):
    """A street's material says that they are the district's; an earlier month's lists none."""
    street = reader.query("views/streets")["street_code"].iloc[0]
    asked = Selection(MONTH, (Choice("claims"),), streets=(street,))
    (now,) = freeze.snapshot_of(reader, asked).sections
    assert now.rows and now.title.startswith("全区")
    assert now.heading == "公开数字对照 · 全区2026年10月（公开报道未写明月份）"
    earlier = freeze.snapshot_of(reader, Selection("2026-03", (Choice("claims"),)))
    (then,) = earlier.sections
    assert not then.rows
    assert then.title == "公开数字只与最新月份（2026年10月）对照，2026年3月的材料不列"


def test_what_needs_attention_is_counted_alike_in_every_document(reader):
    """All is frozen and stands in the workbook; deck and brief show all that is urgent, and say what is left."""
    snapshot = freeze.snapshot_of(reader, Selection(MONTH, (Choice("attention"),)))
    (section,) = snapshot.sections
    items = items_within(items_of(reader, MONTH))
    total, urgent = counts_of(items)
    assert (section.total, len(section.items)) == (total, total)
    kinds = Counter(item.kind for item in items[:urgent])
    told = dict(re.findall(r"[：、]([^：、]+?)(\d+)条", section.title))
    others = int(told.pop("其他", 0))
    assert section.title.startswith(f"需要关注的事项{total}条，其中紧急{urgent}条：")
    assert told and {name: int(count) for name, count in told.items()}.items() <= kinds.items()
    assert sum(map(int, told.values())) + others == urgent
    rest = [count for kind, count in kinds.items() if kind not in told]
    assert min(map(int, told.values())) >= max(rest)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.xlsx_bytes(snapshot, WHEN)))["关注事项"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert sum(row[0] in URGENCIES for row in cells) == total
    assert {row[1] for row in cells if row[0] in URGENCIES} == {item.kind for item in items}
    made = Presentation(io.BytesIO(deck.pptx_bytes(snapshot, WHEN)))
    shown = [text for slide in made.slides for text in texts(slide.shapes)]
    pages = pypdfium2.PdfDocument(brief.pdf_bytes(snapshot, WHEN))
    printed = _squeezed("".join(page.get_textpage().get_text_range() for page in pages))
    for said in (_squeezed("".join(shown)), printed):
        (listed,) = set(re.findall(rf"共{total}条，.*?列出(\d+)条；其余见工作簿", said))
        assert urgent <= int(listed) < total
        assert all(_squeezed(item.title) in said for item in items[:urgent])
    assert not [text for text in shown if "选定街道" in text]


def test_a_trend_of_money_writes_its_unit_at_the_axis(reader):
    asked = Selection(MONTH, (Choice("trend", ("renovation_paid",), months=36),))
    snapshot = freeze.snapshot_of(reader, asked)
    assert "（元）" not in snapshot.sections[0].heading
    made = Presentation(io.BytesIO(deck.pptx_bytes(snapshot, WHEN)))
    (chart,) = [s.chart for slide in made.slides for s in slide.shapes if s.has_chart]
    assert chart.value_axis.tick_labels.number_format.endswith('"亿元"')


def test_the_users_words_are_kept_and_bounded(reader):
    choice = Choice("ranking", ("grid_leader_rate",), title="甲\x00" * 400, comment="乙" * 5000)
    asked = Selection(MONTH, (choice,), title="丙" * 500, meeting_date="11月2日")
    snapshot = freeze.snapshot_of(reader, asked)
    assert snapshot.sections[0].title == "甲" * TITLE_LENGTH
    assert snapshot.sections[0].comment == "乙" * COMMENT_LENGTH
    assert snapshot.title == "丙" * TITLE_LENGTH
    export.documents(snapshot, WHEN)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Selection(MONTH, ()), "至少选一个"),
        (Selection(MONTH, (Choice("claims"),) * 41), "最多40个"),
        (Selection(MONTH, (Choice("pie"),)), "没有“pie”"),
        (Selection(MONTH, (Choice("map"),)), "要选一个指标"),
        (Selection(MONTH, (Choice("figures"),)), "至少要选一个指标"),
        (Selection(MONTH, (Choice("map", ("nothing",)),)), "nothing"),
        (Selection(MONTH, (Choice("claims"),), streets=("999",)), "999"),
        (Selection("1999-01", (Choice("figures", ("grid_leader_rate",)),)), "1999-01"),
        (Selection(MONTH, (Choice("claims"),), title="开会😀"), "标题里的“😀”（U\\+1F600）"),
        (Selection(MONTH, (Choice("claims"),), unit="𠮷野街道"), "单位里的“𠮷”"),
        (Selection(MONTH, (Choice("claims", comment="😀"),)), "第1部分的会议用语里的“😀”"),
    ],
)
def test_what_cannot_be_frozen_is_said_in_words(reader, asked, said):
    with pytest.raises(ChunshuiError, match=said):
        freeze.snapshot_of(reader, asked)


def test_what_goes_wrong_in_the_child_is_said_in_words(tmp_path, monkeypatch):
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    made = child_process.documents("KZ-0000-0000-0000", WHEN)
    assert not made.files and "档案里没有" in made.faults[0]
    with pytest.raises(ChunshuiError, match="材料没有生成：超过"):
        child_process.documents("KZ-0000-0000-0000", WHEN, seconds=0.1)
    monkeypatch.setattr("chunshui.child_process.START", "raise SystemExit(7)")
    with pytest.raises(ChunshuiError, match="材料没有生成：异常中止"):
        child_process.documents("KZ-0000-0000-0000", WHEN)


def test_templates_are_read_strictly(tmp_path):
    assert [t.name for t in templates.all_templates().values()] == [
        "周通报",
        "月拉练",
        "年考评",
        "社区一页",
    ]
    file = tmp_path / "templates.toml"
    head = '[[template]]\nid = "x"\nname = "x"\nabout = "x"\n[[template.section]]\n'
    for line in ('kind = "pie"', 'kind = "map"\ncolour = "red"', 'kind = "map"\nmetrics = ["no"]'):
        file.write_text(head + line, "utf-8")
        with pytest.raises(ChunshuiError):
            templates.all_templates(file)
    with pytest.raises(ChunshuiError, match="周通报、月拉练、年考评"):
        templates.get_template("季报")


def test_sentences_do_not_invent(reader):
    figures = figures_of(reader, ["grid_leader_rate", "station_count"], MONTH)
    assert wording.figures_sentence(()) == "没有选择指标"
    assert "均未设目标" in wording.figures_sentence([figures["station_count"]])
    metric = figures["grid_leader_rate"].metric
    rows = place_table(reader, metric.id, MONTH, "community").assign(value=float("nan"))
    assert wording.map_sentence(metric, rows, None).endswith("没有数据")
    assert wording.attention_sentence(0, 0) == "没有需要关注的事项"
    asked = Selection(MONTH, (Choice("figures", (metric.id,)),))
    (shown,) = freeze.snapshot_of(reader, asked).sections[0].figures
    assert shown.shown == figures[metric.id].text


def _cell(value, metric=None):
    """A value as a sheet holds it: a dash for what is missing, of a metric in percent its hundredth."""
    found = number(value)
    if found is not None and metric and metric.unit == "%":
        return pytest.approx(found / 100, rel=1e-12)
    return "—" if found is None else found


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_month_of_comparison_is_kept_and_is_the_difference_of_what_two_materials_say(reader):
    choices = (
        Choice("figures", ("grid_roles_filled",)),
        Choice("ranking", ("grid_roles_filled",)),
        Choice("map", ("grid_roles_filled",), level="社区"),
    )
    now, then = Selection(MONTH, choices), Selection("2025-10", choices)
    before = freeze.snapshot_of(reader, then)
    compared = freeze.snapshot_of(reader, replace(now, against="2025-10"))
    assert compared.id != freeze.snapshot_of(reader, now).id
    assert ("对比月份", "2025年10月") in compared.filters
    for section, earlier in zip(compared.sections, before.sections, strict=True):
        assert "与2025年10月相比" in section.heading and "较上年同期" in section.title
        shown = {one.place: float(one.shown.rstrip("%—") or "nan") for one in earlier.figures}
        moved = [one for one in section.figures if one.change is not None]
        assert moved
        for one in moved:
            assert one.change == pytest.approx(float(one.shown.rstrip("%")) - shown[one.place])
    *_, chart = compared.sections
    worse = {one.band for one in chart.figures if (one.change or 0) < 0}
    assert all(chart.labels[band].startswith("变差") for band in worse)
    names = drawings.names_moved(compared.sections[1].figures, compared.definitions[0], 14)
    assert all("↓" in name or "↑" in name or name.endswith(" 0") for name in names)
    for strange in (MONTH, "2011-01"):
        with pytest.raises(ChunshuiError, match="对比月份"):
            freeze.snapshot_of(reader, replace(now, against=strange))


def test_the_drill_of_the_month_is_frozen_by_intervals(reader):
    kinds = [one.kind for one in templates.get_template("月拉练").choices]
    # How it was weighed is for the page of the drill: no paper has it unasked.
    assert {"ranking", "weights"}.isdisjoint(kinds) and {"apart", "intervals", "progress"} <= set(
        kinds
    )
    parts = tuple(Choice(kind) for kind in ("apart", "intervals", "weights", "progress"))
    snapshot = freeze.snapshot_of(reader, Selection(MONTH, parts, members=False))
    drill = drill_of(reader, MONTH)
    apart, ranks, weights, _ = snapshot.sections
    # By what is said of them, the others in the order of registration: most are not ranked.
    league = drill.league
    pairs = zip(league.low, league.high, strict=True)
    spans = [f"{low}–{high}" if low < high else f"{low}" for low, high in pairs]
    every = list(zip(drill.names, spans, league.verdicts, strict=True))
    by_claim = sorted(every, key=lambda row: [*WAYS].index(row[2]))
    assert [row[:3] for row in ranks.rows] == by_claim and ranks.number[0] in ("1个", "不排先后")
    assert ranks.units == 0 and len(ranks.spans) == len(drill.codes)
    assert apart.number[0] == f"{len({row[0] for row in apart.rows})}个"
    assert drill.digest in weights.heading and str(drill.seed) in weights.heading
    assert snapshot.id == freeze.snapshot_of(reader, Selection(MONTH, parts, members=False)).id
    # The paper of a street names no other.
    at = drill.names.index(apart.rows[0][0])
    chosen = Selection(MONTH, (*parts[:2], parts[3]), streets=(drill.codes[at],), members=False)
    own = freeze.snapshot_of(reader, chosen)
    said = repr(own.sections)
    assert drill.names[at] in said
    assert not [one for one in drill.names if one != drill.names[at] and one in said]
    assert own.sections[1].rows == () and own.sections[1].title == finding.of_own(drill, at)
    assert own.sections[0].rows == tuple(r for r in apart.rows if r[0] == drill.names[at])
