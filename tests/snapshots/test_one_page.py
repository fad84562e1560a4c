"""One page of a snapshot: a card of one sheet, a long picture, every street's material in one archive."""

import io
import zipfile
from dataclasses import replace

import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation

from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, each_street, unit_templates
from chunshui.snapshots import model as s
from chunshui.snapshots.assigned import handed_out
from chunshui.snapshots.render import child_process, export, typeset
from chunshui.snapshots.render.brief import brief
from chunshui.snapshots.render.deck import deck, tiles
from chunshui.snapshots.render.notice import unit_style, word
from chunshui.snapshots.render.onepage import card, long, slide
from chunshui.snapshots.render.onepage.content import pages
from chunshui.snapshots.selection import Choice, Selection
from tests.snapshots import district
from tests.snapshots.test_documents import pytestmark as pytestmark
from tests.snapshots.test_snapshot import WHEN


def words_of(pdf: bytes) -> tuple[int, str]:
    with pypdfium2.PdfDocument(pdf) as pages:
        text = "".join(page.get_textpage().get_text_bounded() for page in pages)
        return len(pages), "".join(text.split())


def test_what_is_behind_comes_first_with_who_is_behind_and_what_is_asked_of_them():
    snapshot = district.make()
    page = pages(snapshot)[0]
    statuses = [one.status for one in page.figures]
    assert statuses == sorted(statuses, key=["未达标", "接近", "达标", "无目标"].index)
    worst = page.figures[0]
    column = next(one for one in snapshot.streets.columns if one.metric == worst.metric)
    behind = [one in ("未达标", "接近") for one in column.statuses]
    how_many = f"{len(behind)}个街道中{sum(behind)}个没有达到："
    assert (f"{len(behind)}个街道都没有达到" if all(behind) else how_many) in page.problems[0]
    assert worst.shown in page.problems[0]
    sign = -1 if snapshot.definition(worst.metric).direction == "down" else 1
    known = zip(column.values, snapshot.streets.places, strict=True)
    first = min(known, key=lambda one: sign * one[0])[1]
    assert page.requests[0].startswith("各街道：" if all(behind) else first.name)
    assert isinstance(page.picture, s.Map)


def test_material_without_figures_and_reminders_has_no_card_and_says_so():
    bulletin = district.make(sections=(district.make().sections[6],))
    made = export.documents(bulletin, WHEN, ("card", "slide", "long"))
    assert [name.rpartition(".")[2] for name in made.files] == ["png"]
    assert len(made.faults) == 2 and all("没有核心指标" in one for one in made.faults)


def test_the_card_has_the_furthest_from_their_targets_a_drill_s_last_and_how_much_is_urgent():
    usual = district.make()
    rate, *_ = usual.definitions
    values = {"near": (89.9, "接近"), "far": (30.0, "未达标"), "farther": (20.0, "未达标"),
              "met": (95.0, "达标")}  # fmt: skip
    definitions = tuple(replace(rate, metric=key, name=f"{key}率") for key in values)
    whole = s.Place(None, "全区")
    figures = tuple(
        s.Figure(key, whole, value, f"{value}%", value, 100, "", status)
        for key, (value, status) in values.items()
    )
    drawn = usual.sections[1]
    maps = [replace(drawn, metric=key) for key in ("met", "near", "far")]
    columns = tuple(map(s.Column, ("街道", "名次区间", "判断")))
    ranks = (("古田街道", "1–2", "不分先后"), ("宗关街道", "3", "末位确定"))
    items = tuple(
        s.Item("紧急", f"事项{n}", "", "", kind, "宝丰街道", "宝丰街道", "配齐宝丰街道空缺的网格长1名")
        for n, kind in enumerate(("网格长空缺", "网格长空缺", "民情逾期未办结", "网格长空缺"))
    )  # fmt: skip
    sections = (
        s.Figures("指标", "核心指标", figures),
        *maps,
        s.Table("宗关街道居末位", "名次区间 · 月拉练", columns, ranks, 2),
        s.Attention("需要关注的事项4条", "关注事项", items, 4),
    )
    matrix = replace(
        usual.streets,
        columns=(
            replace(usual.streets.columns[0], metric="farther", statuses=("未达标",) * 3),
            *usual.streets.columns,
        ),
    )
    made = replace(usual, sections=sections, definitions=definitions, streets=matrix)
    page = pages(made)[0]
    assert [one.metric for one in page.figures] == ["farther", "far", "near", "met"]
    assert page.problems[0].endswith("3个街道都没有达到")
    assert page.problems[1:] == (
        "综合各项指标，宗关街道居末位",
        "紧急事项4条（网格长空缺3条、民情逾期未办结1条）",
    )
    assert page.requests[1:] == ("宝丰街道：配齐空缺的网格长1名",) * 2
    assert page.requests[0].startswith("各街道：提升farther率，尽快达到目标")
    assert page.picture is not None and page.picture.metric == "far"
    aimless = replace(figures[0], status="无目标")  # says nothing of a target
    assert card.card(made, aimless)["status"] == "" and tiles._status(aimless, rate) == ""
    mapped = replace(made, sections=tuple(maps), beside=())
    assert mapped.overall_figures() == {} and set(mapped.overall_figures(drawn=True)) == {
        one.metric for one in maps if one.overall
    }
    alone = replace(made, sections=(sections[0], maps[0]))
    assert pages(alone)[0].picture is None  # what is met is not the picture of what is not
    frozen = replace(drawn, metric="farther")
    assert pages(replace(alone, picture=frozen))[0].picture == frozen


def _bulletin(late: list[tuple], due: list[tuple], title: str) -> s.Snapshot:
    """A week that hands something out: its overdue items (how, day) and what is due (how, thing, done)."""
    columns = tuple(map(s.Column, ("情况", "应办结日期")))
    steps = tuple(map(s.Column, ("情况", "日期", "项目", "节点", "完成")))
    rows = tuple((how, "2026-10-21", thing, "竣工", done) for how, thing, done in due)
    sections = (
        s.Table(title, "逾期事项 · 一周", columns, tuple(late), len(late)),
        s.Table("本周到期", "到期节点 · 一周", steps, rows, len(rows)),
    )
    week = s.Week("10月19日至25日", "2026年10月25日", "第41期", "", "一周", "")
    handed = s.Assignment("JD-1", "补齐", "", "", "区委社会工作部", "2026-11-20", "", "2026-11-02")
    return replace(district.make(sections=sections), week=week, assigned=(handed,))


def test_a_bulletin_s_problems_are_what_its_tables_say_is_late():
    title = "本周没有新逾期；在手逾期13项，最久的是荣东社区一项噪声，已逾期9个工作日"
    due = [("本周应完成", "甲小区", "未完成"), ("本周应完成", "乙小区", "完成")]
    due += [("下周应完成", "丙小区", "未完成")]
    page = pages(_bulletin([("逾期最久", "2026-10-12")], due, title))[0]
    assert page.problems == (
        title,
        "到期节点：本周应完成而未完成的1项，甲小区竣工（2026-10-21）",
    )
    done = _bulletin([("本周新增，已办结", "2026-10-20")], due[1:], "新逾期1项")
    _, text = words_of(card.pdf_bytes(done, WHEN))
    assert pages(done)[0].problems == () and "一周各表没有逾期和到期未完成的事项" in text
    assert "指标没有未达标" not in text


def test_what_the_meeting_hands_out_and_asks_comes_before_what_follows_from_targets():
    handed = s.Assignment(
        "JD-1", "补齐网格长", "古田街道", "", "古田街道大工委", "2026-11-20", "", "2026-11-02"
    )
    head = s.Head(requirements=("各街道逐项销号。",))
    long_one = replace(handed, matter="逐项核实到门栋、到楼层，" * 15)
    offered = pages(replace(district.make(), assigned=(handed, long_one), head=head))
    assert offered[0].requests[:2] == (
        "各街道逐项销号",
        "古田街道大工委：补齐网格长，11月20日前完成",
    )
    # Whatever room there is, what is asked comes first, and a matter keeps its day.
    for page in offered:
        assert page.requests[0] == "各街道逐项销号"
        assert all(one.endswith("，11月20日前完成") for one in page.requests[1:])


def test_the_page_of_a_community_speaks_of_no_other():
    usual = district.make()
    home, *others = (one for one in usual.communities.places)
    tiles, drawn, *_ = usual.sections
    at_home = s.Place(None, home.street, home.community)
    figures = tuple(replace(one, place=at_home) for one in tiles.figures)
    rate = next(one for one in figures if one.metric == drawn.metric)
    drawn = replace(drawn, overall=rate)
    page = pages(replace(usual, sections=(replace(tiles, figures=figures), drawn)))[0]
    said = "；".join((*page.problems, *page.requests, page.picture.title))
    assert page.problems and home.community in said and rate.counted in said
    assert not [one.community for one in others if one.community in said] and "个社区" not in said


@pytest.mark.parametrize("is_weekly", [False, True])
def test_what_is_handed_out_and_asked_is_in_every_document_whole(is_weekly, monkeypatch):
    items = tuple(
        s.Assignment(f"JD-{n}", f"补齐第{n}网格的网格长", "古田街道", "", "古田街道大工委",
                     f"2026-11-{10 + n}", "网格长配备率", "2026-11-02")
        for n in (1, 2)
    )  # fmt: skip
    requirements = (
        "（一）各街道对照附件逐项销号，"
        + "逐项核实到门栋、到楼层，" * 9
        + "11月20日前补齐空缺网格长",
        "2. 3.5万元以下的项目由街道核。",
        "超期民情实行周调度；",
    )
    of_material = (
        _bulletin([("逾期最久", "2026-10-12")], [], "逾期1项")
        if is_weekly
        else district.make(streets=11)
    )
    parts = of_material.sections if is_weekly else (*of_material.sections,) * 2
    snapshot = replace(
        of_material, assigned=items, sections=(*parts, handed_out(items)),
        head=s.Head(requirements=requirements),
    )  # fmt: skip
    assert is_weekly or len(snapshot.sections) > 10  # more than a long picture draws
    drawn = []
    as_png = typeset.png_bytes
    monkeypatch.setattr(
        typeset, "png_bytes", lambda page, scale: drawn.append(page) or as_png(page, scale)
    )
    long.png_bytes(snapshot, WHEN)
    slides = {
        name: "".join(
            one.text or ""
            for page in Presentation(io.BytesIO(made)).slides
            for one in page.element.iter()
            if one.tag.endswith("}t")
        )
        for name, made in (
            ("slide", slide.pptx_bytes(snapshot, WHEN)), ("deck", deck.pptx_bytes(snapshot, WHEN))
        )
    }  # fmt: skip
    sheets, on_card = words_of(card.pdf_bytes(snapshot, WHEN))
    assert sheets == 1 and "要求和交办共5项" in on_card and "列出前" not in on_card
    said = slides | {
        "card": on_card,
        "brief": words_of(brief.pdf_bytes(snapshot, WHEN))[1],
        "long": words_of(drawn[0])[1],
    }
    for name, text in said.items():
        text = "".join(text.split())
        for words in (
            # Beside a map a slide has room for the beginning of a long one.
            "对照附件逐项销号" if name == "slide" else "11月20日前补齐空缺网格长",
            "3.5万元以下的项目由街道核",
            "超期民情实行周调度",
        ):
            assert words in text, (name, words)
        assert "（一）各街道" not in text and "2.2." not in text, name
        for item in items:
            assert item.matter in text, (name, item)
    for name in ("brief", "long", "deck"):
        text = "".join(said[name].split())
        assert text.rindex("补齐第2网格") < text.rindex("下一步要求") or name == "brief", name


@pytest.mark.parametrize("kind", ["usual", "names as long as may be", "nothing drawn", "real"])
def test_the_card_is_one_sheet_and_says_what_the_slide_says(kind):
    snapshot = {
        "usual": district.make(),
        "names as long as may be": district.make(name="很长的社区名" * 8, title="很长的标题" * 30),
        "nothing drawn": district.make(sections=(district.make().sections[0],)),
        "real": district.make(nature="实有"),
    }[kind]
    sheets, text = words_of(card.pdf_bytes(snapshot, WHEN))
    assert sheets == 1
    page = pages(snapshot)[0]
    made = Presentation(io.BytesIO(slide.pptx_bytes(snapshot, WHEN)))
    (only,) = made.slides
    said = "".join(one.text for one in only.element.iter() if one.tag.endswith("}t") and one.text)
    for figure in page.figures:
        assert "".join(figure.shown.split()) in text
        assert figure.shown.rstrip("项元%亿万") in said.replace(" ", "")
    assert snapshot.id in text and snapshot.id in said
    assert ("演示数据" in text) == snapshot.is_demonstration


def test_the_long_picture_is_as_wide_as_a_telephone_and_no_higher_than_a_chat_takes():
    few, many = district.make(), district.make(streets=11, each=9)
    many = replace(many, sections=many.sections * 4)
    for snapshot in (few, many):
        made = long.png_bytes(snapshot, WHEN)
        width, height = Image.open(io.BytesIO(made)).size
        assert width == long.PIXELS and 1500 < height <= 16_000
        assert len(made) < 6 << 20
    assert long.png_bytes(few, WHEN) == long.png_bytes(few, WHEN)


def test_every_street_has_a_folder_by_its_name_and_the_annex_has_them_all(reader, tmp_path):
    streets = reader.query("views/streets").head(2)
    asked = Selection(
        reader.manifest.as_of, (Choice("figures", ("opinion_closing_rate",)),), template="月拉练",
        streets=tuple(streets["street_code"]), members=False,
        head=s.Head(requirements=(
            "各街道要对账销号", *(f"{one}：限期办结" for one in streets["street_name"]), "向榜样学习",
        )),
    )  # fmt: skip
    steps = []
    made = each_street.documents(
        reader,
        asked,
        WHEN,
        ("xlsx", "card"),
        lambda step, share: steps.append((step, share)),
        root=tmp_path,
    )
    assert not made.faults
    ((name, content),) = made.files.items()
    assert name.endswith(".zip") and "各街道2份" in name
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        names = files.namelist()
        folders = [one.partition("/")[0] for one in names if "/" in one]
        assert sorted(set(folders)) == sorted(streets["street_name"])
        assert len(folders) == 4
        (annex,) = [one for one in names if one.startswith("附件-")]
        cells = {
            cell for sheet in load_workbook(io.BytesIO(files.read(annex)), read_only=True)
            for row in sheet.values for cell in row
        }  # fmt: skip
    assert set(streets["street_name"]) <= cells
    listed = archive.listing(tmp_path)[0]
    assert len(listed) == 3
    # What is asked of a street alone is in its own material and in the joint annex.
    for one in listed:
        asked_for = archive.reopen(one.id, tmp_path).head.requirements
        own = [f"{name}：限期办结" for name in streets["street_name"] if name == one.scope]
        if own:
            assert list(asked_for) == ["各街道要对账销号", *own, "向榜样学习"]
        else:
            assert len(asked_for) == 4
    assert [share for _, share in steps] == sorted(share for _, share in steps)
    with pytest.raises(ChunshuiError, match="只选一个街道"):
        each_street.documents(reader, replace(asked, streets=asked.streets[:1]), WHEN)


def test_the_child_uses_the_template_in_use_and_says_when_it_is_gone(tmp_path, monkeypatch):
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    about = archive.store(district.make())
    out = io.BytesIO()
    Presentation().save(out)
    one = unit_templates.add("母版.pptx", out.getvalue())
    made = child_process.documents(about.id, WHEN, ("slide",))
    (content,) = made.files.values()
    assert Presentation(io.BytesIO(content)).slide_width == Presentation().slide_width
    (tmp_path / "unit_templates" / f"{one.id}.pptx").unlink()
    again = child_process.of_archive(
        about.id, WHEN, ("slide",), {"pptx": one.id}, progress=lambda step, share: None
    )
    assert len(again.files) == 1 and "这次用的是标准模板" in again.faults[0]


def test_a_unit_s_document_gives_the_notice_its_header_and_styles():
    own = Document()
    own.sections[0].header.paragraphs[0].text = "区委办公室专用纸"
    own.sections[0].footer.paragraphs[0].text = "值班电话见封底"
    own.styles["Heading 1"].element.set(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}styleId", "1"
    )
    own.add_paragraph("示例正文")
    out = io.BytesIO()
    own.save(out)
    base = unit_style.of_template(out.getvalue())
    assert "页眉" in base.found and any("公文正文" in one for one in base.instead)
    snapshot = district.make()
    made = Document(io.BytesIO(word.docx_bytes(snapshot, WHEN, out.getvalue())))
    plain = Document(io.BytesIO(word.docx_bytes(snapshot, WHEN)))
    said = [one.text for one in made.paragraphs]
    assert "示例正文" not in said and said == [one.text for one in plain.paragraphs]
    header = [one.text for one in made.sections[0].header.paragraphs]
    assert header == ["区委办公室专用纸", snapshot.nature_words]
    assert made.sections[0].footer.paragraphs[0].text == "值班电话见封底"
    heads = [one for one in made.paragraphs if one.style.name == "Heading 1"]
    assert heads and {one.style.style_id for one in heads} == {"1"}
    known = {one.style_id for one in made.styles}
    assert {one.style.style_id for one in made.paragraphs} <= known
    again = Document(io.BytesIO(word.docx_bytes(snapshot, WHEN, unit_style.sample())))
    assert [one.text for one in again.paragraphs] == said


def test_the_formats_are_named_where_one_is_typed_that_there_is_not():
    with pytest.raises(ChunshuiError, match="card、slide、long"):
        export.known_formats(["poster"])
