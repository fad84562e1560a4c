"""What the pages of circles and coverage say in sentences; distances and times in words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import Figure, ratio
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.parametrised import ParametrisedFigure
from chunshui.circles import stations
from chunshui.circles.mergers import Mergers
from chunshui.circles.question import Question, clock, weekday_words
from chunshui.circles.scenario import Outcome, Step
from chunshui.month import Month
from chunshui.ui.data import manifest
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.data.views import cut
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles.data import AREA, METRES, WORST, Answer

ONE_OF_THREE = "有人少一项功能、社区没有中心，或接手的阵地容量不够"


def of_circles(scope: Scope, question: Question, coverage: ParametrisedFigure) -> str:
    """Return how many are covered, how many are not, and where most of them are."""
    if coverage.value is None:
        return f"{scope.words}没有可计的{question.whose}：本范围没有住宅楼，或没有这个年龄的人。"
    walk, rest = walk_words(question), words.number(coverage.rest, question.unit)
    if not coverage.numerator:
        return (
            f"{time_words(question)}{scope.words}没有一名{question.whose}步行{walk}"
            f"走得到{question.what}：{rest}都在圈外。"
        )
    covered = (
        f"{time_words(question)}{scope.words}{coverage.text}的{question.whose}步行{walk}"
        f"走得到{question.what}"
    )
    worst = coverage.communities.iloc[0]  # the greatest rest comes first
    if not worst["rest"]:
        return f"{covered}。"
    equal = coverage.communities[coverage.communities["rest"] == worst["rest"]]
    streets = "" if scope.words in set(equal["street_name"]) else equal["street_name"]
    names = words.joined(list(streets + equal["community_name"]))
    most = f"，最多的是{names}（{worst['rest']:,.0f}{question.unit}）"
    if worst["rest"] == coverage.rest:
        most = f"，都在{names}"
    return f"{covered}；还有{rest}走不到{'' if scope.community else most}。"


def of_scenario(
    scope: Scope, question: Question, name: str, steps: Sequence[Step], places: pd.DataFrame
) -> str:
    """Return how many walk there before and after a scenario, and where most gain and lose.

    `places` are the communities of the scope as `Outcome.places` has them.
    """
    before, after, people = (float(places[one].sum()) for one in ("before", "after", "denominator"))
    share, share_after = (words.written(float(ratio(n, people, 100)), "%") for n in (before, after))
    unit, turns = question.unit, []
    if after != before:
        way, more = ("增至", "多") if after > before else ("减至", "少")
        turns.append(
            f"由{before:,.0f}{unit}{way}{after:,.0f}{unit}，{more}{abs(after - before):,.0f}{unit}"
        )
    else:
        turns.append(f"仍为{after:,.0f}{unit}")
    moved = words.difference(share_after, share)
    turns[0] += f"，覆盖率{f'由{share.text}到{share_after.text}' if moved else f'仍为{share.text}'}"
    for way, sign in (("增加", 1), ("减少", -1)):
        rows = places[places["gain"] * sign > 0]
        if scope.community or rows.empty:
            continue
        most = rows[rows["gain"] == rows["gain"].iloc[(rows["gain"] * sign).argmax()]]
        streets = "" if scope.words in set(most["street_name"]) else most["street_name"]
        among = "是" if len(rows) == len(most) else f"有{len(rows)}个社区，最多的是"
        named = words.joined(list(streets + most["community_name"]))
        turns.append(f"{way}的{among}{named}（{abs(most['gain'].iloc[0]):,.0f}{unit}）")
    done = [step.words.replace("：", "", 1) for step in steps]
    turns.append(f"{name}：{words.joined(done, measure='步')}")
    return (
        f"{time_words(question)}{scope.words}步行{walk_words(question)}走得到{question.what}的"
        f"{question.whose}{'；'.join(turns)}。"
    )


def of_loads(question: Question, outcome: Outcome) -> str:
    """Return how many stations gain or lose users by a scenario, and which the most."""
    rows, unit = outcome.loads, question.unit
    if rows.empty:
        return "没有阵地的负荷有变化"
    most = rows.iloc[0]  # the greatest change comes first
    return (
        f"{len(rows):,}处阵地的负荷有变化，最大的是{most['name']}：以它为最近的{question.whose}"
        f"由{most['before']:,.0f}{unit}变为{most['after']:,.0f}{unit}"
    )


def of_left_out(question: Question, rows: pd.DataFrame) -> str:
    """Return how many communities have people who cannot walk there, and where most are.

    `rows` are the communities with some, the most first.
    """
    most = rows[rows["rest"] == rows["rest"].iloc[0]]
    names = words.joined(list(most["street_name"] + most["community_name"]))
    when = f"{time_words(question)}，" if question.weekday else ""  # 11:30 and 62 are two numbers
    return (
        f"{when}{len(rows):,}个社区有{question.whose}步行{walk_words(question)}走不到"
        f"{question.what}，共{rows['rest'].sum():,.0f}{question.unit}，最多的是{names}"
        f"（{most['rest'].iloc[0]:,.0f}{question.unit}）"
    )


def of_beyond_reach(scope: Scope, question: Question, buildings: pd.DataFrame) -> str:
    """Return how many people of how many buildings cannot walk there, with their households."""
    walk = f"步行{walk_words(question)}走不到{question.what}"
    if buildings.empty:
        return f"{time_words(question)}{scope.words}没有一栋楼的{question.whose}{walk}"
    households = "" if question.unit == "户" else f"，共{buildings['households'].sum():,}户"
    return (
        f"{time_words(question)}{scope.words}{len(buildings):,}栋楼的"
        f"{buildings[question.people].sum():,}{question.unit}{question.whose}{walk}{households}"
    )


def of_coverage(scope: Scope, figures: Mapping[str, Figure]) -> str:
    """Return what coverage comes to, and where it fails: the service least covered, at which hour."""
    whole, evening = figures["circle_coverage"], figures["circle_evening"]
    if whole.value is None:
        return f"{scope.words}算不出步行覆盖率：{whole.reason}"
    month = Month.parse(scope.month).words
    sentence = f"{month}{scope.words}{whole.text}的居民步行10分钟（720米）走得到阵地"
    # Of all services that the page shows: the lowest bar of its chart.
    services = {
        question: circles_data.coverage(scope, question)
        for question in circles_data.split_questions(scope, "功能").values()
    }
    if known := [one for one in services.items() if one[1].value is not None]:
        worst = min(known, key=lambda one: one[1].value or 0.0)[1]
        equal = [asked for asked, one in known if one.text == worst.text]
        names = words.joined([f"{one.function}（{one.whose}）" for one in equal], measure="项")
        lowest = f"各项服务中覆盖率最低的是{names}，{'均' if len(equal) > 1 else ''}为{worst.text}"
        if len(equal) == len(known) > 1:
            lowest = f"{len(known)}项服务的覆盖率均为{worst.text}"
        sentence += f"；{lowest}"
    if evening.value is not None:
        sentence += f"；周三19点，{evening.text}的居民可步行到达开放的阵地"
    return f"{sentence}。"


@remembered(256)
def of_area(scope: Scope) -> str:
    """Return how many communities of the scope have less area than the norm asks."""
    metric, values = (
        get_metric(AREA),
        circles_data.judged(circles_data.communities(scope, AREA))["value"],
    )
    if values.empty:
        return "本范围没有可计的社区"
    below = int((values < metric.target).sum())
    norm = words.bound(metric.target or 0.0, metric.unit)
    if len(values) == 1:
        return f"{'低于' if below else '不低于'}标准{norm}"
    if not below:
        return f"{len(values):,}个社区的每百户阵地面积都不低于标准{norm}"
    return f"{len(values):,}个社区中，{below:,}个社区的每百户阵地面积低于标准{norm}"


@remembered(256)
def least_words(scope: Scope) -> str:
    """Return what the chart of the least area lists, and how many below the norm it does not."""
    metric = get_metric(AREA)
    values = circles_data.judged(circles_data.communities(scope, AREA))["value"]
    more = int((values < metric.target).sum()) - WORST
    cut = f"（另有{more}个低于标准）" if more > 0 else ""
    return f"面积最小的{min(WORST, len(values))}个社区{cut}"


def of_mergers(
    scope: Scope, question: Question, asked: int, trial: Mergers, strict: Mergers | None
) -> str:
    """Return what a trial of closing stations costs; with a rule relaxed the cost comes first.

    `asked` counts the stations in the scope that answer; `strict` is the trial that relaxes nothing,
    None where this is it.
    """
    within, n = f"步行{walk_words(question)}内", len(trial.stations)
    stations = f"{scope.words}{asked:,}处{question.what}"
    if not n:
        return f"{stations}，停用任何一处都会使{within}{ONE_OF_THREE}"
    lost = f"{trial.lost:,.0f}人" if trial.lost else "没有人"
    gone, full = words.joined(list(trial.without_centre)), len(trial.crowded)
    price = (
        f"{within}{lost}少一项功能，{f'{gone}不再有中心' if gone else '社区、街道都留有中心'}，"
        + (f"{full:,}处接手的阵地容量低于全区平均" if full else "接手的容量都不低于全区平均")
    )
    if strict is None:
        return f"试算，不是撤并建议：{stations}中，{n:,}处可由邻近阵地替代，{price}"
    kept = f"一条不放宽时{len(strict.stations):,}处"
    return f"试算，不是撤并建议，放宽的代价：{price}；停用{stations}中的{n:,}处（{kept}）"


def price_of_mergers(trial: Mergers) -> tuple[str, str]:
    """Return the gravest price of a trial, and what it is of; where there is none, its length."""
    if trial.lost:
        return f"{trial.lost:,.0f}人", "会少一项功能（试算，不是撤并建议）"
    if trial.without_centre:
        return f"{len(trial.without_centre)}个", "社区或街道不再有中心（试算，不是撤并建议）"
    if trial.crowded:
        return f"{len(trial.crowded):,}处", "接手的阵地容量低于全区平均（试算，不是撤并建议）"
    return f"{len(trial.stations):,}处", "可由邻近阵地替代（试算，不是撤并建议）"


def without_stations(answer: Answer) -> tuple[str, str] | None:
    """Return why no station answers the question, and the hour when most do; None when one does."""
    reason = stations.why_no_station(answer.circles, answer.question)
    return (reason, _best_hour(answer)) if reason else None


def _best_hour(answer: Answer) -> str:
    """Return at which full hour of the day most of the stations asked for are open, if any is."""
    question = answer.question
    if not question.weekday:
        return ""
    minutes = [60 * hour for hour in range(6, 23)]
    counts = [
        stations.answering(answer.circles, replace(question, minute=minute)).sum()
        for minute in minutes
    ]
    if not max(counts):
        return ""
    best = [minute for minute, count in zip(minutes, counts, strict=True) if count == max(counts)]
    hours = clock(best[0]) if len(best) == 1 else f"{clock(best[0])}等{len(best)}个整点"
    return f"{weekday_words(question.weekday)}{hours}开着的最多，有{max(counts):,}处。"


def of_map(answer: Answer) -> str:
    """Return what the map of the circles shows, and whose hours are not known."""
    circles, question = answer.circles, answer.question
    existing = stations.exist_at(circles, question.month_end)
    counts = f"全区符合条件的阵地{answer.answering.sum():,}处（月末在用{existing.sum():,}处）"
    if question.weekday:
        known = circles.stations["station_id"].isin(circles.hours["station_id"]).to_numpy()
        if unknown := (existing & ~known).sum():
            counts += f"；{unknown:,}处没有登记开放时间，不计为开着"
    return f"{counts}。细线是主干道。色块只作示意，人数按每栋楼的步行距离计。"


def unmeasured(scope: Scope, answer: Answer) -> list[tuple[str, str | None]]:
    """Return what the walks of a scope leave out or get wrong, each with its icon."""
    sentences: list[tuple[str, str | None]] = []
    buildings = answer.circles.buildings
    lost = cut(buildings[buildings["lost"].notna()], scope)
    if len(lost):
        named = "；".join(
            f"{row.building_name}（{row.community_name}，{row.lost}，离最近的路"
            f"{row.lost_metres:,.0f}米，{row.residents:,}人）"
            for row in lost.head(5).itertuples()
        )
        sentence = f"{len(lost)}栋楼接不上步行路网，按走不到统计：{named}。"
        sentences.append((sentence, ":material/location_off:"))
    for mend in circles_data.misplaced_stations(scope):
        sentence = f"{mend}坐标不改，它的步行圈就画错了地方。"
        sentences.append((sentence, ":material/wrong_location:"))
    chosen = answer.circles.stations[answer.answering]
    astray = chosen.loc[chosen["lost"].notna(), "station_name"]
    if len(astray):
        named = "、".join(astray.head(5))
        sentence = f"{len(astray)}处阵地接不上步行路网，没有人能算进去：{named}。"
        sentences.append((sentence, None))
    return sentences


# ------------------------------------------------------------------ distances and times


def walk_words(question: Question) -> str:
    """Return the walk that is asked about, as the reader chose it: "10分钟（720米）", "500米"."""
    if question.farthest_m in METRES:
        return f"{question.farthest_m:,.0f}米"
    return f"{question.farthest_m / 60 / question.speed:.0f}分钟（{question.farthest_m:,.0f}米）"


def question_words(question: Question) -> str:
    """Return a question with all its parameters, as a heading: who asks for what, when, how far."""
    parts = question.what, time_words(question), f"步行{walk_words(question)}", question.whose
    return "，".join(part for part in parts if part)


def edge_words(question: Question, limit_m: float) -> str:
    """Return a distance for a legend, shortly: "10分钟720米" or "500米"."""
    if question.farthest_m in METRES:
        return f"{limit_m:,.0f}米"
    return f"{limit_m / 60 / question.speed:.0f}分钟{limit_m:,.0f}米"


def time_words(question: Question) -> str:
    """Return when: "周三19:00", or nothing."""
    if not question.weekday:
        return ""
    return f"{weekday_words(question.weekday)}{clock(question.minute)}"


def opening_hours(hours: pd.DataFrame) -> str:
    """Return the hours of one station shortly: "周一至周五9:00–17:30；周六9:00–12:00"."""
    days: dict[str, list[int]] = {}
    for day, spans in hours.groupby("weekday"):
        text = "、".join(
            f"{clock(opens)}–{clock(closes)}"
            for opens, closes in zip(spans["opens_minute"], spans["closes_minute"], strict=True)
        )
        days.setdefault(text, []).append(int(day))
    parts = []
    for text, weekdays in days.items():
        run = weekdays[-1] - weekdays[0] + 1 == len(weekdays) and len(weekdays) > 2
        names = [weekday_words(day) for day in weekdays]
        parts.append(f"{names[0]}至{names[-1]}{text}" if run else f"{'、'.join(names)}{text}")
    return "；".join(parts) or "没有登记"


def of_one_street(scope: Scope) -> str:
    """Say what a street's account sees of walks across its border; "" where all is seen."""
    own = manifest(scope.edition).street_name
    if own is None:
        return ""
    return (
        f"本账号只算{own}的居民：邻街道居民走来用的不在内，阵地看起来会比实际宽松。"
        "居民走得到的邻街道阵地都算，只标位置、功能和开放时间。"
    )
