"""The notice as Word, read back: its form, and every number against the snapshot it was made from."""

import dataclasses
import io
import random
import re
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from chunshui import words
from chunshui.errors import ChunshuiError
from chunshui.snapshots import head as heads
from chunshui.snapshots import model
from chunshui.snapshots.render.notice import content, paper, word
from chunshui.snapshots.render.notice.blocks import Heading, Paragraph, Point
from chunshui.snapshots.render.notice.content import notice_of
from tests.snapshots.district import make
from tests.snapshots.test_documents import NASTY, assert_valid, pdf_text
from tests.snapshots.test_snapshot import WHEN

DRAWN = (model.Map, model.Ranking, model.Trend)
HEAD = model.Head(
    issuer="中共硚口区委办公室",
    secrecy="内部",
    number="硚办通报〔2026〕31号",
    addressee="各街道党工委，区直各单位",
    copies="区纪委监委机关",
    approver="区委办公室主任",
    requirements=("（一）补齐空缺网格长。", "2. 超期民情实行周调度", "3.5万元以下的项目由街道核"),
)


def in_full(*, drawn: bool = True, **changed) -> model.Snapshot:
    """A month's drill with everything a notice can have; pictures, which take their time, where `drawn`."""
    whole = make(**changed)
    columns = tuple(map(model.Column, ("街道", "指标", "数值", "构成", "全区", "判断")))
    apart = model.Table(
        "单项明显偏离全区水平的是古田街道（按时办结率偏低）", "谁明显偏离 · 月拉练 · 2026年10月", columns,
        (("古田街道", "民情按时办结率", "35.3%", "12/34项", "71.5%", "偏低"),
         ("韩家墩街道", "民情退回率", "2.1%", "1/48项", "16.2%", "偏低")),
        2, better=(False, True),
    )  # fmt: skip
    ranks = model.Table(
        "古田街道居末位；其余2个街道名次未定，本月不排先后",
        "名次区间 · 月拉练 · 2026年10月", tuple(map(model.Column, ("街道", "名次区间", "判断", "得分"))),
        (("韩家墩街道", "1–2", "居中", "84"), ("宗关街道", "1–2", "居中", "80"),
         ("古田街道", "3", "末位确定", "61")), 3,
    )  # fmt: skip
    urgent = [
        model.Item("紧急", f"{place}街道网格长空缺", f"网格长空缺{n}名，涉及{1000 + n:,}户。", "", "网格长空缺",
                   f"{place}街道", f"{place}街道")
        for n, place in enumerate(("古田", "韩家墩", "宗关", "宝丰"), 1)
    ]  # fmt: skip
    more = [model.Item("关注", f"某事项{n}", f"说明{n}。", "", "指标未达标", "古田街道", "古田街道") for n in range(9)]  # fmt: skip
    attention = model.Attention(
        "需要关注的事项13条，其中紧急4条", "本月需要关注", (*urgent, *more), 13
    )
    followed = model.Table(
        "上次交办2项，完成1项", "上次交办事项落实情况 · 2026年10月8日交办（KZ-0000-0000-0000） · 截至2026年11月2日",
        tuple(map(model.Column, ("落实", "事项", "责任单位"))),
        (("逾期11个日历日", "补齐网格长", "古田街道"), ("完成", "修好路灯", "区城管局")), 2,
    )  # fmt: skip
    handed = model.Table(
        "本次交办1项，1个责任单位，12月1日到期", "交办单 · 2026年11月2日",
        tuple(map(model.Column, ("事项", "责任单位"))), (("重新选址", "宗关街道"),), 1,
    )  # fmt: skip
    others = (model.Attention,) if drawn else (model.Attention, *DRAWN)
    kept = [one for one in whole.sections if not isinstance(one, others)]
    sections = (followed, *kept, apart, ranks, attention, handed)
    return dataclasses.replace(whole, sections=sections, head=HEAD)


def opened(snapshot: model.Snapshot, *, whole: bool = True):
    return Document(io.BytesIO(word.docx_bytes(snapshot, WHEN, whole=whole)))


@pytest.fixture(scope="module")
def snapshot():
    return in_full()


@pytest.fixture(scope="module")
def document(snapshot):
    return opened(snapshot)


def styled(document, style: str) -> list[str]:
    return [p.text for p in document.paragraphs if p._p.pPr.pStyle.val == style]


def test_the_same_snapshot_gives_the_same_bytes_that_hold_to_the_schema(snapshot, tmp_path):
    made = word.docx_bytes(snapshot, WHEN)
    assert made == word.docx_bytes(in_full(), WHEN)
    assert_valid(made, tmp_path, "notice.docx")
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            assert not re.search("thumbnail|customXml|stylesWithEffects", name)
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:cantSplit/>", b"<w:neverSplit/>")
            target.writestr(name, data)
    with pytest.raises(AssertionError):
        assert_valid(broken.getvalue(), tmp_path, "broken.docx")


def test_pages_styles_and_fonts_are_those_of_official_documents(document):
    for section in document.sections:
        edges = (
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
        turned = section.page_width > section.page_height
        sizes = (28, 26, 35, 37) if turned else (37, 35, 28, 26)
        assert [round(edge.mm) for edge in edges] == list(sizes), turned
        assert {round(section.page_width.mm), round(section.page_height.mm)} == {210, 297}
    styles = {style.style_id: style for style in document.styles}
    fonts = {
        "Title": ("方正小标宋简体", 22), "Heading1": ("黑体", None), "Heading2": ("楷体_GB2312", None),
        "NoticeMasthead": ("方正小标宋简体", 42), "NoticeCell": (None, 10.5), "Footer": ("宋体", 14),
    }  # fmt: skip
    for name, (face, size) in fonts.items():
        own = styles[name].element.rPr
        assert face is None or own.rFonts.get(qn("w:eastAsia")) == face
        assert size is None or styles[name].font.size == Pt(size)
    usual = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    assert usual.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert (
        document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:sz')}").get(qn("w:val"))
        == "32"
    )
    assert styles["Normal"].paragraph_format.line_spacing == Pt(28)
    table = zipfile.ZipFile(io.BytesIO(word.docx_bytes(make(), WHEN))).read("word/fontTable.xml")
    fallbacks = {
        font.get(qn("w:name")): font.find(qn("w:altName"))
        for font in etree.fromstring(table).iter(qn("w:font"))
    }
    assert all(
        fallbacks[face] is not None for face in ("仿宋_GB2312", "方正小标宋简体", "楷体_GB2312")
    )


def test_headings_are_numbered_by_word_itself(document):
    formats = {
        level.find(qn("w:pStyle")).get(qn("w:val")): (
            level.find(qn("w:numFmt")).get(qn("w:val")),
            level.find(qn("w:lvlText")).get(qn("w:val")),
        )
        for level in document.part.numbering_part.element.iter(qn("w:lvl"))
    }
    assert formats == {
        "Heading1": ("chineseCountingThousand", "%1、"), "Heading2": ("chineseCountingThousand", "（%2）"),
        "NoticePoint": ("decimal", "%3."), "NoticeItem": ("decimal", "（%4）"),
    }  # fmt: skip
    assert styled(document, "Heading1") == [
        "基本情况", "亮点与短板", "典型问题", "上次交办落实情况", "下一步要求",
    ]  # fmt: skip


def test_every_page_says_what_it_is_and_its_number_stands_outside(document, snapshot):
    assert document.settings.odd_and_even_pages_header_footer
    first = document.sections[0]
    for header in (first.header, first.even_page_header):
        assert header.paragraphs[0].text == snapshot.nature_words
    # Which figures these are is said once, below all.
    assert snapshot.id in styled(document, "NoticeNote")[-1]
    for section in document.sections[1:]:
        assert (
            section.header.is_linked_to_previous and section.even_page_footer.is_linked_to_previous
        )
    for footer, side in ((first.footer, "right"), (first.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]._p
        assert paragraph.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert "PAGE" in paragraph.xpath("string(.)") and footer.paragraphs[0].text.startswith("— ")


def test_the_head_is_printed_and_requirements_lose_their_own_numbers(document):
    said = [paragraph.text for paragraph in document.paragraphs]
    for text in (
        "中共硚口区委办公室",
        "各街道党工委，区直各单位：",
        "抄送：区纪委监委机关。",
        "内部",
    ):
        assert text in said
    # Who signs off stands on the draft; printed it is on what goes to those above alone.
    assert "硚办通报〔2026〕31号" in said and not any("签发" in one for one in said)
    report = dataclasses.replace(make(), head=HEAD, title="关于基层治理情况的报告")
    assert any("签发人：区委办公室主任" in one.text for one in opened(report).paragraphs)
    assert styled(document, "Title") == ["关于2026年10月全区3个街道\n基层治理月拉练情况的通报"]
    points = styled(document, "NoticePoint")
    assert points[-3:] == [
        "补齐空缺网格长。",
        "超期民情实行周调度。",
        "3.5万元以下的项目由街道核。",
    ]
    assert styled(document, "NoticeSignature") == ["中共硚口区委办公室", "2026-11-02"]


def test_places_are_good_or_bad_only_by_more_than_chance(snapshot):
    """The lowest of a ranking is named by no word of praise or blame, unless it is beyond chance."""
    ranking = next(one for one in snapshot.sections if isinstance(one, model.Ranking))
    last = ranking.figures[-1]

    def parts(one: model.Snapshot) -> dict[str, str]:
        found, name = {}, ""
        for block in notice_of(one).body:
            if type(block).__name__ == "Heading":
                name = block.text
            elif hasattr(block, "text"):
                found[name] = found.get(name, "") + getattr(block, "lead", "") + block.text
        return found

    under: dict[str, list[bool]] = {}  # a point alone under its heading has no number
    gaps, heading = [], ""
    for block in notice_of(snapshot).body:
        if type(block).__name__ == "Heading":
            heading = f"{len(under)}{block.text}"
        elif type(block).__name__ == "Point":
            under.setdefault(heading, []).append(block.alone)
            if gap := re.search(r"比目标[\d.]+%低([\d.]+)个百分点", block.text):
                gaps.append(float(gap[1]))
    assert all(flags == [len(flags) == 1] * len(flags) for flags in under.values())
    assert gaps == sorted(gaps, reverse=True)  # the furthest from its target first
    told = parts(snapshot)
    assert "韩家墩街道民情退回率2.1%（1/48项），明显低于全区的16.2%" in told["亮点"]
    assert "古田街道按月拉练指标综合评价，在3个街道中居第3名（末位）" in told["短板"]
    assert "除古田街道外，其余2个街道名次未定" in told["街道比较"]
    assert "古田街道民情按时办结率35.3%" not in told["亮点"]
    assert f"{last.place.name}网格长配备率" not in told["短板"] + told["亮点"]
    beyond = dataclasses.replace(ranking, beyond=(last.place.code,))
    sections = tuple(beyond if one is ranking else one for one in snapshot.sections)
    told = parts(dataclasses.replace(snapshot, sections=sections))
    assert f"{last.place.full_name}网格长配备率{last.shown}" in told["短板"]
    within = dataclasses.replace(ranking, beyond=())
    sections = tuple(within if one is ranking else one for one in snapshot.sections)
    assert (
        "之差不明显，不评先后"
        in parts(dataclasses.replace(snapshot, sections=sections))["走势和分布"]
    )
    # What earlier software froze does not say which way is good: it takes no side.
    old = tuple(
        dataclasses.replace(one, better=None) if isinstance(one, model.Table) else one
        for one in snapshot.sections
    )
    told = parts(dataclasses.replace(snapshot, sections=old))
    assert "民情退回率2.1%" in told["单项差异"] and "民情退回率" not in told["短板"]


def test_urgent_matters_name_place_figure_and_unit_and_the_annex_has_all(document, snapshot):
    points = styled(document, "NoticePoint")
    assert "古田街道：网格长空缺1名，涉及1,001户。责任单位：古田街道。" in points
    assert "网格长空缺4条" in styled(document, "Heading2")
    # The paper of one street does not name it with each matter.
    own = model.Item(
        "紧急", "古田街道网格长空缺", "网格长空缺1名。", "", "网格长空缺", "古田街道", "古田街道"
    )
    works = dataclasses.replace(
        own, title="甲院停滞", text="已停。", kind="停滞", place="古田街道乙社区"
    )
    assert [
        (one.lead, one.text)
        for one in (content._matter(own, "古田街道"), content._matter(works, "古田街道"))
    ] == [("", "网格长空缺1名。"), ("甲院停滞（乙社区）。", "已停。")]
    listed = [t for t in document.tables if "责任单位" in _row(t, 0) and "程度" in _row(t, 0)]
    assert len(listed) == 1 and len(listed[0].rows) == 14
    (where,) = {
        m
        for text in styled(document, "NoticeBody")
        for m in re.findall(r"其余\d条见(附件\d)", text)
    }
    titles = dict(
        zip(styled(document, "NoticeAnnexMark"), styled(document, "NoticeAnnexTitle"), strict=True)
    )
    assert titles[where] == "关注事项清单"


def test_what_is_read_out_has_the_annexes_its_readers_act_on(snapshot):
    """The short form: urgent matters listed, the others pointed to; the same in PDF."""
    notice, short = notice_of(snapshot), opened(snapshot, whole=False)
    titles = styled(short, "NoticeAnnexTitle")
    assert titles == [
        "主要指标完成情况表", "各街道主要指标情况表", "紧急事项清单", "上次交办事项落实情况表", "交办事项清单",
    ]  # fmt: skip
    text = "".join(styled(short, "NoticeBody"))
    assert "其余9条见随附电子表格“关注事项”" in text and not short.inline_shapes
    assert not re.search("两两比较|种子|校验值", text)
    pages = "".join(pdf_text(paper.pdf_bytes(snapshot, WHEN))).replace("\n", "")
    said = [block for block in notice.body if isinstance(block, Heading | Paragraph | Point)]
    assert len(said) > 15
    for block in said:
        whole = getattr(block, "lead", "") + block.text
        assert re.sub(r"\s", "", whole) in re.sub(r"\s", "", pages), whole
    assert "抄送：区纪委监委机关。" in pages and snapshot.id in pages


def test_every_annex_is_named_in_the_text_and_listed(document):
    marks, titles = styled(document, "NoticeAnnexMark"), styled(document, "NoticeAnnexTitle")
    assert marks == [f"附件{n}" for n in range(1, len(titles) + 1)] and len(titles) > 5
    listed = [text.removeprefix("附件：") for text in styled(document, "NoticeAnnexes")]
    assert listed == [f"{n}.{title}" for n, title in enumerate(titles, 1)]
    text = "".join(
        p.text for p in document.paragraphs if p._p.pPr.pStyle.val in ("NoticeBody", "NoticePoint")
    )
    assert {f"附件{n}" for n in re.findall(r"附件(\d+)", text)} == {*marks[:-1]}  # but 指标口径


def test_tables_repeat_their_heads_and_cut_no_row(document):
    assert document.tables
    for table in document.tables:
        first, *rows = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None and rows
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in (first, *rows))
        width = sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid)
        across = document.sections[0].page_width - Mm(28 + 26)
        assert width <= across / 635 + 20 or len(first.tc_lst) > 9


def test_pictures_are_pictures_with_words(document, snapshot):
    drawn = [one for one in snapshot.sections if isinstance(one, DRAWN)]
    found = document.element.xpath("//wp:docPr")
    assert len(found) == len(document.inline_shapes) == len(drawn)
    assert len({one.get("id") for one in found}) == len(found)
    assert all(len(one.get("descr")) > 20 for one in found)


@pytest.mark.parametrize("seed", range(6))
def test_every_number_is_the_frozen_one(seed):
    """Random districts: each figure, each unit's figure, each cell of a list stands in the document."""
    dice = random.Random(seed)
    snapshot = in_full(streets=dice.randint(1, 5), each=dice.randint(2, 6), seed=seed, drawn=False)
    document = opened(snapshot)
    cells = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    figures = next(s for s in snapshot.sections if isinstance(s, model.Figures))
    for figure in figures.figures:
        name = snapshot.definition(figure.metric).name
        (row,) = [row for row in cells if row[0] == name and row[1] == figure.shown]
        assert row[2] == figure.counted and row[5] == figure.change_month
    matrix = snapshot.streets if len(snapshot.streets.places) > 1 else snapshot.communities
    tops = [(t, _row(t, 0)) for t in document.tables]
    (table,) = [t for t, row in tops if row[0] == matrix.level and "目标" in row[1]]
    read = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table.rows[1:]}
    targeted = [c for c in matrix.columns if snapshot.definition(c.metric).target is not None]
    assert len(read) == len(matrix.places) + 1
    for at, name in enumerate(model.names_of(matrix.places)):
        for text, column in zip(read[name], targeted, strict=True):
            missed = column.statuses[at] in (words.MISSED, words.NEAR)
            assert missed == text.startswith(("▲", "◆")), text
            number = float(text.strip("▲◆").removesuffix("%").replace(",", ""))
            assert number == pytest.approx(column.values[at], abs=0.06)
    said = "".join(p.text for p in document.paragraphs)
    for figure in figures.figures:
        assert figure.shown in said


def test_a_summary_of_the_numbers_of_the_text_is_true(snapshot, document):
    attention = next(s for s in snapshot.sections if isinstance(s, model.Attention))
    urgent = sum(item.severity == "紧急" for item in attention.items)
    text = "".join(styled(document, "NoticeBody"))
    total, told = map(int, re.search(r"事项共(\d+)条，其中紧急的(\d+)条", text).groups())
    assert (total, told) == (attention.total, urgent)
    kinds = [
        int(n) for n in re.findall(r"网格长空缺(\d+)条", "".join(styled(document, "Heading2")))
    ]
    assert sum(kinds) == told


def test_what_users_type_is_printed_and_does_nothing(tmp_path):
    typed = [re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", "", one) for one in NASTY]
    head = model.Head(issuer=NASTY[0], addressee=NASTY[1], requirements=tuple(NASTY))
    made = word.docx_bytes(
        dataclasses.replace(in_full(name=NASTY[3], drawn=False), head=head, title=NASTY[2]), WHEN
    )
    assert_valid(made, tmp_path, "nasty.docx")
    document = Document(io.BytesIO(made))
    said = "".join(p.text for p in document.paragraphs)
    assert all(one in said for one in typed)
    assert not document.element.xpath("//w:instrText | //w:hyperlink | //w:object")


def test_a_letter_no_font_here_has_keeps_only_its_picture_out():
    document = opened(in_full(name="𠮷野社区"))
    said = "".join(p.text for p in document.paragraphs)
    assert "没有画出：字库里没有“𠮷”" in said and document.inline_shapes


def test_an_archived_snapshot_without_a_head_prints_a_blank_day():
    bare = dataclasses.replace(make(), meeting_date="")
    document = opened(bare)
    assert styled(document, "NoticeMasthead") == [] and styled(document, "NoticeCopies") == []
    assert styled(document, "NoticeSignature") == ["硚口区委组织部", "　　　　年　　月　　日"]
    assert styled(document, "Heading1") == ["基本情况", "主要短板", "典型问题"]


def test_a_weeks_bulletin_has_its_masthead_and_a_heading_for_each_matter():
    table = model.Table(
        "收到民情8项、办结4项",
        "民情办理 · 2026年10月19日至25日",
        (model.Column("层级"),),
        (("小区",),),
        1,
    )
    week = model.Week(
        "2026年10月19日至25日",
        "2026年10月25日",
        "2026年第41期",
        "5个工作日",
        "全区收到民情8项",
        "怎样比较",
    )
    bulletin = dataclasses.replace(
        make(), sections=(table,), week=week, template="周通报", scope="全区"
    )
    document = opened(bulletin)
    assert styled(document, "NoticeMasthead") == ["基层党建工作一周动态"]
    assert styled(document, "Title") == [week.days] and styled(document, "Heading1") == ["民情办理"]
    assert "2026年第41期" in styled(document, "NoticeNumber")[0]
    assert not styled(document, "NoticeSignature")
    # The district's head and number are the district's: a street's says whose it is.
    of_street = opened(dataclasses.replace(bulletin, scope="宗关街道"))
    assert not styled(of_street, "NoticeMasthead")
    assert "第41期" not in "".join(styled(of_street, "NoticeNumber"))
    assert "".join(styled(of_street, "Title")).split() == ["宗关街道一周动态", f"（{week.days}）"]


@pytest.mark.parametrize(
    ("typed", "requirements", "said"),
    [
        ({"approver": "王小明"}, "", "“签发（写岗位）”里的“王小明”像是人名"),
        ({"copies": "区纪委，李建国"}, "", "“抄送”里的“李建国”像是人名"),
        ({"number": "13812345678"}, "", "“文号或期号”含"),
        ({}, "联系13812345678", "“下一步要求第1条”含"),
        ({"issuer": "长" * 81}, "", "“发文单位”超过80字"),
        ({}, "条\n" * 31, "最多30条，现有31条"),
        ({}, "长" * 501, "第1条超过500字"),
    ],
)
def test_what_cannot_stand_in_a_notice_is_refused_in_words(typed, requirements, said):
    with pytest.raises(ChunshuiError, match=re.escape(said)):
        heads.refuse_faulty(heads.typed_head(typed, requirements))


def test_units_and_posts_are_no_persons():
    heads.refuse_faulty(dataclasses.replace(HEAD, date="2026年11月3日"))


def _row(table, at: int) -> list[str]:
    return [cell.text for cell in table.rows[at].cells]
