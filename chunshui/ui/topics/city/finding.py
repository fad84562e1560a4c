"""What the page of a city says in sentences: how the city stands, who is behind, who is not in it."""

from chunshui.catalogue.figure import small_words
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.wording import overview_sentence
from chunshui.city.comparison import Total
from chunshui.city.edition import DAMAGED, IN_TIME, LATE, CityEdition, Pinned
from chunshui.month import Month
from chunshui.ui.topics.city import data
from chunshui.ui.topics.city.data import Standing
from chunshui.words import TOO_FEW, joined


def sentence(edition: CityEdition, month: str) -> str:
    """Return how many districts reported, how many targets the city meets, which district is last most often."""
    states = [one.state for one in edition.districts]
    ready = f"到齐{states.count(IN_TIME)}个"
    if month != edition.months[-1]:  # an earlier month of an edition is of the same districts
        ready = f"计入{sum(one.counted for one in edition.districts)}个"
    scope = f"全市{len(states)}个区{ready}，"
    said = overview_sentence(data.targeted(edition, month), scope)
    last, times, of = data.often_last(edition, month)
    if not last:
        return said
    names = joined([one.name for one in last])
    return f"{said.removesuffix('。')}；落在末位最多的区是{names}（{of}项可比指标中{times}项）。"


def ranking_sentence(metric: Metric, total: Total, found: tuple[Standing, ...]) -> str:
    """Return what the city has of a metric, of how many districts, and who is last and first."""
    ranked = [one for one in found if one.rank is not None]
    whole = total.figure
    said = f"{metric.name}：全市{whole.text}（{total.sentence}）" if whole.value is not None else ""
    said = said or f"{metric.name}：{whole.reason or '全市没有数'}".removesuffix("。")
    if len(ranked) < 2 or ranked[0].rank == ranked[-1].rank:
        return f"{said}。"
    worst, best = (
        f"{joined([one.pinned.name for one in ranked if one.rank == end.rank])}{end.figure.text}"
        for end in (ranked[0], ranked[-1])
    )
    ways = ("最少", "最多") if metric.direction == "none" else ("最落后的是", "最好的是")
    return f"{said}；{ways[0]}{worst}，{ways[1]}{best}。"


def absent_sentence(found: tuple[Standing, ...]) -> str:
    """Return who is in no rank, and in which state."""
    said = {
        one.pinned.name: "口径不同" if one.differs else state_words(one.pinned)
        for one in found
        if one.rank is None
    }
    groups = {
        why: [name for name, its in said.items() if its == why]
        for why in dict.fromkeys(said.values())
    }
    told = "；".join(
        f"{joined(names)}{'没有名次' if why == IN_TIME else why}" for why, names in groups.items()
    )
    return f"{len(found)}个区中{len(found) - len(said)}个参与排名" + f"：{told}" * bool(told)


def state_words(one: Pinned) -> str:
    """Return a district's state in the edition: 到齐, 迟报（用2025年12月）, 未报, 损坏."""
    if not one.carried or one.as_of is None:
        return one.state
    return f"{one.state}（用{Month.parse(one.as_of).words}）"


def absent_words(edition: CityEdition, one: Pinned, metric_id: str) -> str:
    """Return why a district is in no rank and no sum, and what it last reported of a metric."""
    if one.state == LATE and one.as_of:
        last = next(
            known
            for known in data.standings(edition, metric_id, one.as_of)
            if known.pinned.district == one.district
        )
        return (
            f"只报到{Month.parse(one.as_of).words}，当时{last.figure.metric.short}{last.figure.text}"
            f"{_behind(last)}；这一期各月都不排名、不计入全市"
        )
    if one.state == DAMAGED:
        return one.why or "版本不完整"
    return "本期没有它的数据，不排名，不计入全市"


def apart_words(one: Standing) -> str:
    """Return why a district that reported is in no rank: another rule, too little, nothing."""
    figure = one.figure
    value = f"{figure.text}{_behind(one)}"
    if one.differs:
        return f"{value}；与多数区不同的是{one.differs}"
    if figure.status == TOO_FEW:
        return f"{value}；{small_words(figure.metric, figure.base or 0)}"
    return figure.reason or value


def _behind(one: Standing) -> str:
    return f"（{one.figure.fraction_text}）" if one.figure.fraction_text else ""
