"""From a snapshot to the content of a notice: the order and the sentences of real ones (通报).

What is written is frozen: sentences, figures and their words. Nobody is called good or bad but whom
the snapshot knows to differ by more than chance; a metric is, by its target.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from chunshui import words
from chunshui.catalogue.metric import WINDOWS
from chunshui.community.sheet import ATTENTION, NO_LEDGER, TITLE
from chunshui.drawing import theme
from chunshui.month import Month
from chunshui.ranking.league import CERTAIN_FIRST, CERTAIN_LAST, FIRST, LAST
from chunshui.ranking.tables import BEYOND_CHANCE
from chunshui.snapshots import model
from chunshui.snapshots.head import REQUIREMENTS, requirements
from chunshui.snapshots.model import Figure, Head, Item, Snapshot
from chunshui.snapshots.render.notice.blocks import (
    Annex,
    Block,
    Heading,
    Note,
    Notice,
    Paragraph,
    Picture,
    Point,
    Sheet,
)
from chunshui.snapshots.render.pictures import drawings, pictures
from chunshui.snapshots.render.table_layout import em, printed, without_unit
from chunshui.snapshots.stamp import clean

MASTHEAD = "基层党建工作一周动态"
EACH_KIND = 2  # urgent matters of a kind in the text; the annex has all
COLUMNS = 8  # metrics beside each other in the table by unit
WIDE = 9  # columns from which on a table lies crosswise
NO_DATE = "　　　　年　　月　　日"
_KINDS = ("通报", "通知", "报告", "简报", "动态", "纪要", "方案", "意见", "函", "决定", "情况")
_SINCE = "与上次相比"
# The parts of a drill, and what their tables are called in a notice.
_DRILL = {
    "谁明显偏离": "单项差异（超出偶然波动的）",
    "名次区间": "名次区间",
    "权重与影响": "权重与影响",
    "进步": "进步情况",
}
_STOPS = "。！？；：…"
_MARKED = (words.MISSED, words.NEAR, words.TOO_FEW)
_TITLE_LINE = 20  # letters of a title on one line
SINCE_EVER = WINDOWS["cumulative"]
_UPWARD = ("报告", "请示")  # to those above: who signs it off is printed on it
_CLEARLY = "明显"  # by more than chance
_CLAIMED = (FIRST, LAST, CERTAIN_FIRST, CERTAIN_LAST)
_AMONG = re.compile(r"在(\d+)个街道中")
_STREAK = re.compile(r"连续\d+个[月季][^，]+，较[^，]+")


def notice_of(snapshot: Snapshot, *, whole: bool = False) -> Notice:
    """Return the content of a snapshot's notice: a week's bulletin, or the form of a 通报.

    It is as it is read out, with the annexes its readers act on; `whole` attaches charts, comparisons, all
    matters and the definitions too.
    """
    head = snapshot.head or Head()
    week = snapshot.week if snapshot.is_bulletin else None
    annexes = _Annexes(whole)
    issuer = head.issuer or snapshot.unit
    day = head.date or snapshot.meeting_date
    is_page = snapshot.template == TITLE
    of_all = snapshot.is_of_all
    if week:
        body, opening = _of_week(snapshot, annexes), week.headline
    elif is_page:
        body, opening = _of_page(snapshot, annexes), ""
    else:
        body = _of_notice(snapshot, annexes)
        opening = f"现将{_about(snapshot)}有关情况通报如下："
    body = _numbered([*body, *_asked(snapshot, annexes, head)])
    if not week:
        annexes.add("指标口径", _definitions(snapshot), usual=False)
    title = week.days if week else _title(snapshot)
    if week and not of_all:  # the district's bulletin has its own head and number
        title = f"{_where(snapshot)}一周动态\n（{week.days}）"
    issue = week.issue if week and of_all else ""
    if day:  # which stands beside it: the ledger's day would be a second one
        issue = issue.partition("，")[0]
    says_clearly = _CLEARLY in repr((body, annexes.made))
    is_signed_above = week is not None or title.endswith(_UPWARD)
    return Notice(
        masthead="" if is_page else clean(MASTHEAD if week and of_all else head.issuer),
        issuer=clean(issuer),
        secrecy=clean(head.secrecy),
        number="" if is_page else clean(head.number or issue),
        under=(clean(issuer), clean(day)) if week else ("", ""),
        approver=clean(head.approver) if is_signed_above else "",
        title=clean(title),
        addressee="" if is_page else clean(head.addressee),
        opening=clean(opening) if opening.endswith("：") else _sentence(opening) if opening else "",
        body=tuple(body),
        annexes=tuple(annexes.made),
        signature="" if week or is_page else clean(head.signature or issuer),
        date=clean(day) or NO_DATE,
        copies="" if is_page else clean(head.copies),
        nature=clean(snapshot.nature_words),
        source=clean(
            f"{f'注：文中“{_CLEARLY}”指差距超出偶然波动。' if says_clearly else ''}"
            f"{f'{issuer}{day}整理。' if is_page and issuer else ''}"
            f"材料编号{snapshot.id}，数据版本{snapshot.data_version}。"
        ),
        is_demonstration=snapshot.is_demonstration,
        is_bulletin=week is not None,
        is_sheet=is_page,
    )


def _numbered(blocks: list[Block]) -> list[Block]:
    """Mark the points that are alone under their headings: a 1. without a 2. is none."""
    part, counts = 0, Counter[int]()
    parts = []
    for one in blocks:
        part += isinstance(one, Heading)
        counts[part] += isinstance(one, Point)
        parts.append(part)
    return [
        replace(one, alone=True) if isinstance(one, Point) and counts[part] == 1 else one
        for part, one in zip(parts, blocks, strict=True)
    ]


@dataclass
class _Annexes:
    """The annexes so far, numbered as they are named in the text."""

    whole: bool
    made: list[Annex] = field(default_factory=list)
    pictures: dict[int, str] = field(default_factory=dict)  # of sections by identity: 附件3图1

    def add(self, title: str, blocks: Iterable[Block], *, usual: bool = True) -> str:
        """Add an annex and return what it is called in the text: "附件2"; "" where it has nothing.

        What is not usual is attached to the whole notice alone.
        """
        blocks = tuple(blocks)
        if not blocks or not (usual or self.whole):
            return ""
        wide = any(isinstance(one, Sheet) and len(one.header) > WIDE for one in blocks)
        self.made.append(Annex(clean(title), blocks, wide))
        return f"附件{len(self.made)}"

    def see(self, section: model.Section) -> str:
        """Return where the picture of a section is; "" where it is not attached."""
        return self.pictures.get(id(section), "")

    def add_pictures(self, snapshot: Snapshot, drawn: Iterable[model.Section]) -> None:
        """Attach maps, rankings and trends, where all is attached."""
        drawn = [one for one in drawn if pictures.can_draw(one)]
        if self.whole:
            where = self.add("图表", [_picture(snapshot, one) for one in drawn])
            self.pictures = {id(one): f"{where}图{at}" for at, one in enumerate(drawn, 1)}


# -- title and opening -------------------------------------------------------------------------


def _title(snapshot: Snapshot) -> str:
    """A title as written for a document stands as it is; else it says 关于……的通报."""
    own = snapshot.title.strip()
    if snapshot.template == TITLE:
        return (
            own if _is_own(snapshot) else f"{_where(snapshot)}基层治理情况（{_period(snapshot)}）"
        )
    if own.endswith(_KINDS[:-1]) or own.startswith("关于"):
        return own
    return _in_lines(f"关于{_about(snapshot)}情况的通报".replace("情况情况", "情况"))


def _in_lines(title: str) -> str:
    """Break a title of two lines where a word ends: before what is done, not inside it."""
    first, at, rest = title.partition("基层治理")
    return f"{first}\n{at}{rest}" if at and em(title) > _TITLE_LINE else title


def _about(snapshot: Snapshot) -> str:
    """What the notice is about: 2026年10月硚口区基层治理月拉练, or the title that was written."""
    if _is_own(snapshot):
        written = snapshot.title.strip().removeprefix("关于")
        written = re.sub(r"(情况)?的?(通报|通知|报告|简报|动态)$", "", written)
        return written or snapshot.title
    return f"{_period(snapshot)}{_where(snapshot)}基层治理{snapshot.template or '工作'}"


def _is_own(snapshot: Snapshot) -> bool:
    """Whether the title was written by hand."""
    usual = f"基层治理{snapshot.template or '会议材料'}"
    return (TITLE[2:] if snapshot.template == TITLE else usual) not in snapshot.title


def _where(snapshot: Snapshot) -> str:
    """The scope as it is named in running text: 硚口区, 古田、宗关2个街道, 宗关街道变电社区."""
    if snapshot.is_of_all:
        return dict(snapshot.filters).get("范围", "全区").removesuffix("全区") or "全区"
    return re.sub(r" \d+个街道$", "街道", snapshot.scope).replace(" ", "")


def _period(snapshot: Snapshot) -> str:
    """The months the notice is about, in words: a month, of a year's review all since January."""
    month = Month.parse(snapshot.as_of)
    if snapshot.template != "年考评":
        return month.words
    return f"{month.year}年" + {1: "1月", 12: "度"}.get(month.number, f"1至{month.number}月")


# -- the body of a notice ----------------------------------------------------------------------


def _of_notice(snapshot: Snapshot, annexes: _Annexes) -> list[Block]:
    return [
        Heading(1, "基本情况"),
        *_basics(snapshot, annexes),
        *_good_and_bad(snapshot, annexes),
        *_matters(snapshot, annexes),
        *_followed(snapshot, annexes),
    ]


def _basics(snapshot: Snapshot, annexes: _Annexes) -> Iterator[Block]:
    """Period and coverage; the figures; how they went and where; what else was looked at."""
    yield Heading(2, "统计范围和数据来源")
    yield Paragraph(_coverage(snapshot))
    figures = snapshot.parts(model.Figures)
    by_unit = list(_by_unit(snapshot))
    if figures or by_unit:
        yield Heading(2, "总体情况")
    for tiles in figures:
        where = annexes.add("主要指标完成情况表", [_figures_sheet(snapshot, tiles)])
        # The drill weighs metrics of its own: these are told apart from them by name.
        title = re.sub(r"^(\d+项)(?=指标)", r"\1核心", tiles.title.removeprefix("核心指标："))
        told = _sentence(title, see=where)
        if by_unit:
            level = by_unit[0][0]
            where = annexes.add(f"各{level}主要指标情况表", [sheet for _, sheet in by_unit])
            told, by_unit = f"{told}各{level}逐项情况见{where}。", []
        yield Paragraph(told)
        # What is counted since the ledger began is told apart from what is of the month or the year.
        untargeted: dict[str, list[str]] = {"": [], SINCE_EVER: []}
        for figure in tiles.figures:
            if figure.status == words.NO_TARGET:
                window = snapshot.definition(figure.metric).window
                said = f"{_name(snapshot, figure)}{figure.shown}{_fraction(figure)}"
                said += _one_move(snapshot, figure)
                untargeted[window if window in untargeted else ""].append(said)
        for window, told_of in untargeted.items():
            if told_of:
                yield Paragraph(_sentence(f"{window}{'：' * bool(window)}{'；'.join(told_of)}"))
        yield from _comment(tiles)
    if by_unit:
        level = by_unit[0][0]
        where = annexes.add(f"各{level}主要指标情况表", [sheet for _, sheet in by_unit])
        yield Paragraph(f"各{level}逐项情况见{where}。")
    drawn = _drawn(snapshot)
    annexes.add_pictures(snapshot, drawn)
    # A map or a trend of a metric that is judged below is told there.
    judged = _judged(snapshot)
    ranked = {(o.metric, o.level) for o in drawn if isinstance(o, model.Ranking)}
    listed = {one.title for one in snapshot.parts(model.Table)}
    apart = [
        one
        for one in drawn
        if isinstance(one, model.Ranking)
        or (
            (one.title not in listed or annexes.see(one))
            if isinstance(one, model.Map) and one.is_taken
            else one.metric not in judged
            and not (isinstance(one, model.Map) and (one.metric, one.level) in ranked)
        )
    ]
    if apart:
        yield Heading(2, "走势和分布")
        for section in apart:
            yield Point("", _sentence(_drawn_words(section), see=annexes.see(section)))
            yield from _comment(section)
    for one in snapshot.parts(model.Table):
        if _named(one) == _SINCE:
            yield Heading(2, _SINCE)
            rows = [_table_sheet(one)] if one.rows else []
            where = annexes.add(f"{_SINCE}的变化", rows, usual=False)
            yield Paragraph(_sentence(one.title, see=where))
            yield from _comment(one)
    others = [
        one
        for one in snapshot.sections
        # What was published is about the whole district.
        if _is_other(one) and not (isinstance(one, model.Claims) and not snapshot.is_of_all)
    ]
    if others:
        yield Heading(2, "其他情况")
        yield from _listed(others, annexes)


def _coverage(snapshot: Snapshot) -> str:
    month = Month.parse(snapshot.as_of)
    streets = [one for one in snapshot.streets.places if one.code]
    communities = [one for one in snapshot.communities.places if one.code]
    around = [f"{len(streets)}个{snapshot.streets.level}"] if len(streets) > 1 else []
    around += [f"{len(communities)}个社区"] if len(communities) > 1 else []
    where = _where(snapshot)
    if around and "社区" not in where:
        where += f"（{'、'.join(one for one in around if one not in where)}）"
    text = f"本次通报的范围为{where.replace('（）', '')}，统计截至{month.words}{month.last.day}日"
    if any(one.window == "本年累计" for one in snapshot.definitions):
        known = Month.parse(snapshot.known_from) if snapshot.known_from else None
        since = f"{known.words}算起，此前没有台账" if known else "1月1日算起"
        text += f"，本年累计的指标从{since}"
    sources = words.joined(list(snapshot.sources), 8, "种台账")
    text += f"。数据取自{sources}"
    figures = [f for one in snapshot.parts(model.Figures) for f in one.figures]
    if figures:
        missing = [_name(snapshot, one) for one in figures if one.value is None]
        if missing:
            text += f"；{words.joined(missing, 4, '项')}本期没有数据，不作评价"
    return text + "。"


def _judged(snapshot: Snapshot) -> set[str]:
    """The metrics that are held against their targets in the text."""
    figures = snapshot.parts(model.Figures)
    return {one.metric for s in figures for one in s.figures if one.status in words.JUDGED}


def _drawn(snapshot: Snapshot) -> list[model.Map | model.Ranking | model.Trend]:
    """The maps, rankings and trends; a ranking of nothing is none."""
    return [
        one
        for one in snapshot.sections
        if isinstance(one, model.Map | model.Ranking | model.Trend)
        and not (isinstance(one, model.Ranking) and all(f.value is None for f in one.figures))
    ]


def _drawn_words(section: model.Section) -> str:
    """The sentence of a map, a ranking or a trend; of a ranking, whether there is more in it than chance."""
    text = section.title
    if isinstance(section, model.Ranking) and section.beyond is not None:
        names = model.names_of(
            one.place for one in section.figures if one.place.code in section.beyond
        )
        if names:
            text += f"；与整体相差{_CLEARLY}的是{words.joined(names, 4)}"
        elif sum(one.value is not None for one in section.figures) > 1:
            text += f"；各{section.level}之差不{_CLEARLY}，不评先后"
    return text


def _good_and_bad(snapshot: Snapshot, annexes: _Annexes) -> list[Block]:
    """What goes well and what does not: metrics by their targets, places by more than chance."""
    parts = {_named(one): one for one in snapshot.parts(model.Table)}
    drill = [parts[name] for name in _DRILL if name in parts]
    judged: list[tuple[bool | None, Point]] = [*_by_target(snapshot, annexes), *_beyond(snapshot)]
    # A drill is among all streets; of those outside the scope nothing is said here, nor of a community's own.
    compared = {place.street for place in snapshot.streets.places}
    if not snapshot.scope.endswith("社区"):
        of_streets = (
            *_progressed(parts.get("进步")),
            *_ranked(parts.get("名次区间")),
            *_apart(parts.get("谁明显偏离")),
        )
        judged += [(side, point) for side, point in of_streets if point.lead in compared]
    if not (judged or drill):
        return []
    sides = {side for side, _ in judged}
    title = {(True, False): "工作亮点", (False, True): "主要短板"}.get(
        (True in sides, False in sides)
    )
    blocks: list[Block] = [Heading(1, title or "亮点与短板")]
    for name, wanted in (("亮点", True), ("短板", False), ("单项差异", None)):
        if points := _together(point for side, point in judged if side is wanted):
            blocks += [Heading(2, name), *points]
    told = {point.lead for _, point in judged}
    return [*blocks, *_streets_compared(drill, told, annexes)]


def _by_target(snapshot: Snapshot, annexes: _Annexes) -> Iterator[tuple[bool, Point]]:
    """The metrics of the whole scope that reach their target, and those that do not, with how it went and where."""
    drawn = [
        one
        for one in _drawn(snapshot)
        if isinstance(one, model.Trend) or (isinstance(one, model.Map) and not one.is_taken)
    ]
    for section in snapshot.parts(model.Figures):
        figures = section.figures
        met = [one for one in figures if one.status == words.REACHED]
        missed = [one for one in figures if one.status in words.JUDGED and one not in met]
        # What is furthest from its target is told first; what meets it, in the order of the material.
        for one in (*met, *sorted(missed, key=lambda one: model.by_distance(snapshot, one))):
            own = [o for o in drawn if o.metric == one.metric]
            text = f"为{one.shown}{_fraction(one)}，{_distance(snapshot, one)}{_moved(one)}"
            streaks = (_STREAK.search(o.title) for o in own if isinstance(o, model.Trend))
            text += "".join(f"，{streak[0]}" for streak in streaks if streak)
            text = _sentence(text)
            for o in own:
                # A community's paper says nothing of its neighbours.
                is_own = bool(one.place.community)
                if isinstance(o, model.Map) and o.title.partition("：")[2] and not is_own:
                    text += _sentence(o.title.partition("：")[2])
            if seen := "、".join(filter(None, map(annexes.see, own))):
                text = _sentence(text, see=seen)
            text += "".join(c.text for o in own for c in _comment(o))
            yield one.status == words.REACHED, Point(_name(snapshot, one), text)


def _streets_compared(
    drill: list[model.Table], told: set[str], annexes: _Annexes
) -> Iterator[Block]:
    """What the drill comes to beyond what is `told` of streets above, its tables attached to the whole."""
    sheets: list[Block] = []
    for one in drill:
        sheets += [Paragraph(_DRILL[_named(one)]), _table_sheet(one)] if one.rows else []
    where = annexes.add("街道比较情况表", sheets, usual=False)
    said = [part for one in drill for part in _not_told(one, told, annexes.whole)]
    said += [f"街道比较的表见{where}"] if where else []
    comments = [comment for one in drill for comment in _comment(one)]
    if said or comments:
        yield Heading(2, "街道比较")
    if said:
        yield Paragraph("".join(dict.fromkeys(map(_sentence, said))))
    yield from comments


def _not_told(table: model.Table, told: set[str], whole: bool) -> Iterator[str]:
    """The parts of a drill's finding that name no street that is told of above, without how it was counted."""
    if _named(table) == "权重与影响" and not whole:
        return
    for part in table.title.split("；"):
        if part.startswith("两两比较"):
            continue
        if _named(table) in ("谁明显偏离", "进步") and table.rows:
            continue
        # Of a street alone there is no table that its place is told from above.
        is_own = _named(table) == "名次区间" and not table.rows
        if is_own or not any(street in part for street in told):
            claimed = [row["街道"] for row in _records(table) if row.get("判断") in _CLAIMED]
            is_rest = part.startswith("其余") and claimed
            yield f"除{words.joined(claimed, 4)}外，{part}" if is_rest else part


def _together(points: Iterable[Point]) -> list[Point]:
    """Join what is said of one place."""
    texts: dict[str, list[str]] = {}
    for one in points:
        texts.setdefault(one.lead, []).append(one.text)
    return [Point(lead, "".join(said)) for lead, said in texts.items()]


def _ranked(ranks: model.Table | None) -> Iterator[tuple[bool, Point]]:
    """The streets that stand out by the interval of their ranks."""
    for row in _records(ranks):
        if (said := row.get("判断")) in _CLAIMED:
            low, _, high = row["名次区间"].partition("–")
            place = f"居第{low}名" if high in ("", low) else f"居第{low}至第{high}名之间"
            well = said in (FIRST, CERTAIN_FIRST)
            side = {FIRST: "，属前列", LAST: "，靠后", CERTAIN_LAST: "（末位）"}.get(said, "")
            assert ranks  # there is a row of it
            among = _AMONG.search(ranks.title)  # the paper of some streets lists no others
            units = int(among[1]) if among else len(ranks.rows)
            board = [*ranks.heading.split(" · "), "", ""][1]
            text = f"按{board}指标综合评价，在{units}个街道中{place}{side}。"
            yield well, Point(row["街道"], text)


def _apart(apart: model.Table | None) -> Iterator[tuple[bool | None, Point]]:
    """The streets that stand apart on single metrics, good and bad kept apart."""
    found: dict[tuple[bool | None, str], list[str]] = {}
    sides = apart.better if apart and apart.better is not None else None
    for at, row in enumerate(_records(apart)):
        side = sides[at] if sides is not None else None
        way = {"偏高": f"{_CLEARLY}高于", "偏低": f"{_CLEARLY}低于"}.get(row["判断"], "，全区")
        text = f"{row['指标']}{row['数值']}（{row['构成']}），{way}全区的{row['全区']}"
        found.setdefault((side, row["街道"]), []).append(text)
    for (side, street), texts in found.items():
        yield side, Point(street, f"{'；'.join(texts)}。")


def _progressed(progress: model.Table | None) -> Iterator[tuple[bool, Point]]:
    """The streets that truly progressed since the year before."""
    found: dict[str, list[str]] = {}
    for row in _records(progress):
        texts = found.setdefault(row["街道"], [])
        if row["今年"] != words.MISSING:
            # Earlier software froze the whole change alone, later what is left of it under another head.
            less = row.get(BEYOND_CHANCE) or row.get("扣除偶然后")
            # What earlier software froze has a sign in the place of the word.
            less = less and less.replace("约+", "约上升").replace("约-", "约下降")
            moved = row.get("变化", "")
            if less:
                moved = f"{moved}（{BEYOND_CHANCE}{less}）" if moved else f"{BEYOND_CHANCE}{less}"
            way = "降至" if re.search("下降|减少|-", moved) else "升至"
            texts.append(f"{row['指标']}由上年同期的{row['去年同期']}{way}{row['今年']}，{moved}")
    for street, texts in found.items():
        rest = "；".join(texts) or "办件各项合计好于上年同期"
        yield True, Point(street, f"进步明显，{rest}。")


def _beyond(snapshot: Snapshot) -> Iterator[tuple[bool, Point]]:
    """The places of rankings that differ from all together by more than chance."""
    for section in snapshot.parts(model.Ranking):
        if section.overall.value is None:
            continue
        definition, whole = snapshot.definition(section.metric), section.overall
        for one in section.figures:
            if one.place.code in (section.beyond or ()) and definition.direction != "none":
                above = one.known_value > whole.known_value
                text = f"{definition.name}{one.shown}{_fraction(one)}，{_CLEARLY}"
                text += f"{'高' if above else '低'}于{whole.place.name}的{whole.shown}。"
                yield above == (definition.direction == "up"), Point(one.place.full_name, text)


def _matters(snapshot: Snapshot, annexes: _Annexes) -> Iterator[Block]:
    """The urgent matters by kind, the gravest of each; the annex lists all."""
    for section in snapshot.parts(model.Attention):
        yield Heading(1, "典型问题")
        urgent = [one for one in section.items if one.severity == words.URGENCIES[0]]
        others = [one for one in section.items if one not in urgent]
        listed = model.by_kind(urgent) + (others if annexes.whole or not urgent else [])
        # What the text tells whole needs no list.
        is_whole = all(len(alike) <= EACH_KIND + 1 for alike in _by_kind(urgent).values())
        where = annexes.add(
            "关注事项清单" if len(listed) > len(urgent) else "紧急事项清单",
            _matters_sheet(listed),
            usual=not (urgent and is_whole),
        )
        if not section.items:
            yield Paragraph(_sentence(section.title))
            continue
        if not urgent:
            yield Paragraph(f"需要关注的事项{section.total}条，没有紧急的，见{where}。")
        else:
            if len(listed) == section.total > len(urgent):
                pointers = [f"全部{section.total}条见{where}"]
            else:
                pointers = [f"紧急的逐条见{where}"] if where else []
                if rest := section.total - len(listed):
                    pointers.append(f"其余{rest}条见随附电子表格“关注事项”")
            told = f"需要关注的事项共{section.total}条，其中紧急的{len(urgent)}条，分类通报如下"
            yield Paragraph(f"{'；'.join(filter(None, (told, '，'.join(pointers))))}。")
        for kind, alike in _by_kind(urgent).items():
            yield Heading(2, f"{kind}{len(alike)}条" if kind else f"紧急事项{len(alike)}条")
            shown = (
                alike if len(alike) == EACH_KIND + 1 else alike[:EACH_KIND]
            )  # one more is no rest
            yield from (_matter(one, snapshot.scope) for one in shown)
            if rest := len(alike) - len(shown):
                yield Paragraph(f"其余{rest}条见{where}。")
        yield from _comment(section)


def _matter(item: Item, home: str) -> Point:
    """One matter: where, what by figures, who answers for it; in the paper of one street it is not named again."""
    place, title = item.place or "", item.title
    short = place.partition("街道")[2] or place
    if place == item.unit == home and title == f"{place}{item.kind}":
        return Point("", _sentence(item.text))
    place = place.removeprefix(home)
    if place and title in (f"{place}{item.kind}", f"{short}{item.kind}"):
        lead = f"{place}："
    elif short and title.startswith(short):
        lead = f"{place}{title.removeprefix(short)}。"
    elif not place or place in title:
        lead = f"{title}。"
    else:
        lead = f"{title}（{place}）。"
    unit = f"责任单位：{item.unit}。" if item.unit and item.unit != home else ""
    return Point(lead, f"{_sentence(item.text)}{unit}")


def _followed(snapshot: Snapshot, annexes: _Annexes) -> Iterator[Block]:
    """What became of what the last meeting handed out."""
    for section in snapshot.parts(model.Table):
        if _named(section) == model.FOLLOWED:
            yield Heading(1, "上次交办落实情况")
            where = annexes.add("上次交办事项落实情况表", [_table_sheet(section)])
            yield Paragraph(_sentence(section.title, see=where))
            yield from _comment(section)


def _asked(snapshot: Snapshot, annexes: _Annexes, head: Head) -> Iterator[Block]:
    """What is asked of those the notice goes to: as typed, and the matters handed out."""
    handed = [one for one in snapshot.parts(model.Table) if _named(one) == model.HANDED_OUT]
    if not (handed or head.requirements):
        return
    yield Heading(1, REQUIREMENTS)
    lines, are_numbered = requirements(head)
    yield from (Point("", line) if are_numbered else Paragraph(line) for line in lines)
    for section in handed:
        where = annexes.add("交办事项清单", [_table_sheet(section)])
        yield Paragraph(
            f"{_sentence(section.title)}请各责任单位对照{where}抓好落实，按时反馈办理结果。"
        )
        yield from _comment(section)


# -- a week's bulletin and the page of a community ---------------------------------------------


def _of_week(snapshot: Snapshot, annexes: _Annexes) -> list[Block]:
    """Each matter of the week: its sentence and its table; what did not happen in one paragraph."""
    tables = [one for one in snapshot.parts(model.Table) if _named(one) != model.HANDED_OUT]
    happened, others = model.happened_and_not(tables)
    blocks: list[Block] = []
    for section in happened:
        blocks += [Heading(1, _named(section)), Paragraph(_sentence(section.title))]
        blocks += [_table_sheet(section)] if section.rows else []
        blocks += _comment(section)
    blocks += [Heading(1, "其他情况"), Paragraph(_sentence(others))] if others else []
    return [*blocks, Note(_sentence(snapshot.legend))] if snapshot.legend else blocks


def _of_page(snapshot: Snapshot, annexes: _Annexes) -> list[Block]:
    """Each section under a heading of its own, its table with it; pictures are attached."""
    blocks: list[Block] = []
    told = 0
    for section in snapshot.parts(model.Table):
        if _named(section) not in (
            model.HANDED_OUT,
            model.FOLLOWED,
        ):
            name = _named(section).replace(f"{TITLE}：", "").replace(TITLE, "社区概况")
            blocks += [Heading(1, name), Paragraph(_sentence(section.title))]
            blocks += [_page_sheet(section)] if section.rows else []
            blocks += _comment(section)
            told += sum(row[0] == ATTENTION for row in section.rows)
    if told < sum(one.total for one in snapshot.parts(model.Attention)):
        blocks += _matters(snapshot, annexes)
    if drawn := _drawn(snapshot):
        annexes.add_pictures(snapshot, drawn)
        said = [_sentence(_drawn_words(one), see=annexes.see(one)) for one in drawn]
        blocks += [Heading(1, "走势和分布"), Paragraph("".join(said))]
    return [*blocks, *_followed(snapshot, annexes)]


def _page_sheet(section: model.Table) -> Sheet:
    """A table of the page of a community; what the software has no ledger of (earlier papers) is left out."""
    sheet = _table_sheet(section)
    if "状态" in sheet.header:
        return _marked_sheet(sheet)
    return replace(sheet, rows=tuple(row for row in sheet.rows if row[0] != NO_LEDGER))


def _marked_sheet(sheet: Sheet) -> Sheet:
    """The main figures with the shape of what is wrong with them, in the place of a column that says it."""
    at = sheet.header.index("状态")
    rows = []
    for row in sheet.rows:
        name, own, made_of, *rest = row
        made_of = words.MISSING if own == words.MISSING else made_of
        cells = (name, _shape(row[at]) + own, made_of, *rest)
        rows.append(cells[:at] + cells[at + 1 :])
    note = _legend(row[at] for row in sheet.rows)
    return Sheet(sheet.header[:at] + sheet.header[at + 1 :], tuple(rows), (), note)


# -- tables and pictures -----------------------------------------------------------------------


def _figures_sheet(snapshot: Snapshot, section: model.Figures) -> Sheet:
    rows = []
    against = dict(snapshot.filters).get("对比月份")
    for one in section.figures:
        definition = snapshot.definition(one.metric)
        moves = (one.change_month,) if against else (one.change_month, one.change_year)
        cells = (definition.name, one.shown, one.counted, definition.target_shown)
        cells = (*cells, theme.marked(one.status) if definition.target_shown else "", *moves)
        rows.append(tuple(clean(cell) or words.MISSING for cell in cells))
    changes = (f"较{against}",) if against else ("较上期", "较上年同期")
    return Sheet(("指标", "数值", "构成", "目标", "评价", *changes), tuple(rows), (1,))


def _by_unit(snapshot: Snapshot) -> Iterator[tuple[str, Sheet]]:
    """The units of the scope × the metrics that have a target, a few metrics at a time."""
    if snapshot.scope.endswith("社区"):  # the others of its street are none of this paper's
        return
    several = len([one for one in snapshot.streets.places if one.code]) > 1
    matrix = snapshot.streets if several else snapshot.communities
    overall = snapshot.overall_figures(drawn=True)
    columns = [
        (definition, column)
        for column in matrix.columns
        if (definition := snapshot.definition(column.metric)).target is not None
    ]
    rows = [k for k, place in enumerate(matrix.places) if place.code]
    if len(rows) < 2 or not columns:
        return
    names = model.names_of(matrix.places[k] for k in rows)
    for first in range(0, len(columns), COLUMNS):
        some = columns[first : first + COLUMNS]
        header = (matrix.level, *(_with_target(d) for d, _ in some))
        whole = [
            _shape(f.status) + without_unit(f.shown, d.unit)
            if (f := overall.get(d.metric))
            else words.MISSING
            for d, _ in some
        ]
        alone = any(place.full_name == snapshot.scope for place in matrix.places)
        cells = [] if alone else [(snapshot.scope, *whole)]
        for name, k in zip(names, rows, strict=True):
            cells.append((clean(name), *(_unit_cell(d, c, k) for d, c in some)))
        present = {c.statuses[k] for _, c in some for k in rows}
        present |= {overall[d.metric].status for d, _ in some if d.metric in overall}
        note = _legend(present)
        yield matrix.level, Sheet(header, tuple(cells), tuple(range(1, len(header))), note)


def _unit_cell(definition: model.Definition, column: model.MatrixColumn, at: int) -> str:
    """A unit's figure as it is written everywhere, with the shape of what is wrong with it."""
    value, status = column.values[at], column.statuses[at]
    if value is None:
        return words.MISSING
    target = definition.target
    bounds = (float(target),) if target is not None else ()
    shown = words.written(value, definition.unit, bounds).text
    if definition.most is not None and value >= definition.most:
        shown = f"{words.BEYOND}{shown}"
    return _shape(status) + without_unit(shown, definition.unit)


def _legend(statuses: Iterable[str]) -> str:
    """What the shapes say that stand before figures, below the table; "" where none does."""
    present = set(statuses)
    marks = [theme.marked(kind) for kind in _MARKED if kind in present]
    return f"注：{'，'.join(marks)}。" if marks else ""


def _shape(status: str) -> str:
    """The shape of what is wrong with a figure; "" where nothing is."""
    return theme.STATUS[status][0] if status in _MARKED else ""


def _with_target(definition: model.Definition) -> str:
    unit = "" if definition.unit == "%" else f"{definition.unit}，"
    return (
        f"{definition.short}（{unit}目标{without_unit(definition.target_shown, definition.unit)}）"
    )


def _matters_sheet(items: Iterable[Item]) -> list[Sheet]:
    """The matters as a table; how grave they are stands there where they differ in it."""
    items = list(items)
    differ = len({item.severity for item in items}) > 1
    known = any(item.unit or item.place for item in items)
    rows = []
    for number, item in enumerate(items, 1):
        about = (item.place or words.MISSING,) if known else ()
        who = (item.unit or words.MISSING,) if known else ()
        grave = (theme.marked(item.severity),) if differ else ()
        cells = (f"{number}", *grave, *map(_in_parts, about), item.title, item.text, *who)
        rows.append(tuple(map(clean, cells)))
    header = ("序号", *(("程度",) if differ else ()), *(("地点",) if known else ()), "事项", "情况")
    header += ("责任单位",) if known else ()
    return [Sheet(header, tuple(rows))] if rows else []


def _in_parts(place: str) -> str:
    """A community's name apart from its street's: a cell is broken between them."""
    return re.sub(r"(街道)(?=\S)", r"\1 ", place)


def _table_sheet(section: model.Listed) -> Sheet:
    table = printed(section)
    rows = tuple(tuple(clean(cell) for cell in row) for row in table.rows)
    note = f"注：{table.rest(len(rows))}" if table.rest(len(rows)) else ""
    return Sheet(tuple(map(clean, table.header)), rows, table.right, note)


def _listed(sections: Iterable[model.Section], annexes: _Annexes) -> Iterator[Block]:
    """Other tables: the sentence of each, its rows attached; a sentence is told once."""
    told = set[str]()
    for section in sections:
        assert isinstance(section, model.Table | model.Claims)
        if section.title in told and not annexes.whole:
            continue
        told.add(section.title)
        rows = [_table_sheet(section)] if section.rows else []
        where = annexes.add(_short_heading(section), rows, usual=False)
        title = section.title
        if isinstance(section, model.Claims):
            title = f"新闻报道等公开发布的数字与台账逐项核对，{title}"
        yield Point(f"{_short_heading(section)}。", _sentence(title, see=where))
        yield from _comment(section)


def _definitions(snapshot: Snapshot) -> list[Sheet]:
    rows = []
    for d in snapshot.definitions:
        how = f"{d.numerator} ÷ {d.denominator}" if d.denominator else d.numerator
        cells = (d.name, how, d.window, d.target_shown, d.source, d.caveat)
        rows.append(tuple(clean(cell) or words.MISSING for cell in cells))
    header = ("指标", "怎样计算", "统计时段", "目标", "依据", "注意")
    return [Sheet(header, tuple(rows))] if rows else []


def _picture(snapshot: Snapshot, section: model.Section) -> Picture:
    definition = snapshot.definition(model.metrics_of(section)[0])
    drawing = pictures.drawing_of(snapshot, section)
    how = {"trend": "走势", "map": "分布", "ranking": "对比"}[section.kind]
    by = f"各{section.level}" if isinstance(section, model.Map | model.Ranking) else ""
    caption = f"{by}{definition.name}{how}（{definition.unit}，{snapshot.as_of_words}）"
    if isinstance(section, model.Map) and section.is_taken:
        caption = section.heading.replace(" · ", "，")
    if isinstance(section, model.Ranking):
        drawn, rest = drawings.ranked(section, drawings.BARS)
        notes = [
            drawings.bar_legend(section, definition, drawn, shapes=True),
            rest.removesuffix("。"),
        ]
        caption = "；".join(filter(None, [caption, *notes]))
    return Picture(drawing, clean(caption))


# -- words -------------------------------------------------------------------------------------


def _sentence(text: str, see: str = "") -> str:
    """Clean words that end with a stop, and say where the rest is."""
    text = " ".join(clean(text).split())
    bare = text.rstrip(_STOPS) if see else text
    if see:
        return f"{bare}，见{see}。" if bare.endswith("）") else f"{bare}（见{see}）。"
    return text if text.endswith(tuple("。！？")) else f"{text.rstrip(_STOPS)}。"


def _comment(section: model.Section) -> Iterator[Paragraph]:
    """What was written for the meeting."""
    if section.comment.strip():
        yield Paragraph(_sentence(section.comment))


def _named(section: model.Section) -> str:
    """What a table is called, without scope and day."""
    return clean(section.heading.partition(" · ")[0])


def _short_heading(section: model.Section) -> str:
    """What a table is called beside others: a metric and what is shown of it."""
    parts = section.heading.split(" · ")
    return clean("，".join(parts[: 1 if isinstance(section, model.Claims) else 2]))


def _is_other(section: model.Section) -> bool:
    apart = (*_DRILL, _SINCE, model.HANDED_OUT, model.FOLLOWED)
    return isinstance(section, model.Table | model.Claims) and _named(section) not in apart


def _records(table: model.Table | None) -> Iterator[dict[str, str]]:
    if table:
        labels = [column.label for column in table.columns]
        yield from (dict(zip(labels, map(str, row), strict=True)) for row in table.rows)


def _name(snapshot: Snapshot, figure: Figure) -> str:
    """A metric as it stands before its number: 街道大工委11个, not 街道大工委数11个."""
    definition = snapshot.definition(figure.metric)
    if definition.kind != "total":
        return definition.name
    bare = definition.name.removesuffix("数")
    return bare.removesuffix(definition.unit) if bare != definition.name else bare


def _fraction(figure: Figure) -> str:
    """What a rate is made of, in brackets; nothing of a count."""
    return f"（{figure.counted}）" if figure.denominator is not None and figure.counted else ""


def _distance(snapshot: Snapshot, figure: Figure) -> str:
    """How a figure stands to its target."""
    if figure.distance:
        return figure.distance
    return f"{figure.status}（目标{snapshot.definition(figure.metric).target_shown}）"


def _moved(figure: Figure) -> str:
    """The changes that were frozen, after a comma."""
    changes = [one for one in (figure.change_month, figure.change_year) if one]
    return f"，{'、'.join(changes)}" if changes else ""


def _one_move(snapshot: Snapshot, figure: Figure) -> str:
    """The change that a review of the year or of the month tells of a count; none where there was none."""
    yearly = snapshot.template == "年考评" and figure.change_year
    change = figure.change_year if yearly else figure.change_month
    return f"，{change}" if change and "持平" not in change else ""


def _by_kind(items: Iterable[Item]) -> dict[str, list[Item]]:
    kinds: dict[str, list[Item]] = {}
    for item in items:
        kinds.setdefault(item.kind, []).append(item)
    return kinds
