"""Why a figure changed: its change taken apart by place and by member, adding up exactly.

A ratio N/D has two factors. Each is given its effect at the mean of the other's two values, so
that nothing is left over (the Shapley value of two factors; Sun 1998, Energy Economics 20; Albrecht
et al. 2002, Energy Policy 30). Both effects are linear in the changes of N and D, so those of the
places, or of the members, add up to those of the whole:

    numerator effect = scale · Δn · ½(1/D₀ + 1/D₁),  denominator effect = −scale · Δd · ½(N₀ + N₁)/(D₀·D₁)

Together they are Δn − R·Δd over the harmonic mean of D₀ and D₁, R the ratio of both months pooled:
what comes in at the common ratio moves nothing. A quantile does not add up, and has no effects.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue.by_place import PLACE
from chunshui.catalogue.figure import Figure, change, least_words, ratio, values
from chunshui.catalogue.figures import THIS_METRIC, figure_of
from chunshui.catalogue.fill import for_every_month, month_params
from chunshui.catalogue.members import counted, parts
from chunshui.catalogue.metric import BASE, Metric, get_metric
from chunshui.catalogue.stored import Sums, known_month, stored_values, with_none
from chunshui.month import Month
from chunshui.warehouse import Reader, sql
from chunshui.words import TOO_FEW

CAME, LEFT, GAINED, LOST, GREW = "新进", "退出", "转为计入", "转为未计入", "数量变化"
OF_LAST_YEAR = "上年的不再计"  # what a metric's file says of members that a new year leaves out
_NAMED = 3
_TO = {"上升": "升", "下降": "降", "增加": "增", "减少": "减"}
_SIDES = ("_before", "")


@dataclass(frozen=True)
class Change:
    """One figure in two months. `places` are those of a level, most responsible first."""

    after: Figure
    before: Figure
    places: pd.DataFrame

    @property
    def metric(self) -> Metric:
        """The metric of both figures."""
        return self.after.metric

    @property
    def size(self) -> float | None:
        """The later value less the earlier; None where one is missing."""
        if self.after.value is None or self.before.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def written(self) -> float | None:
        """The later value as it is written here less the earlier; None where one is missing."""
        shown = change(self.metric, self.after.value, self.before.value)
        if self.size is None or shown is None or not self._is_fine:
            return shown
        return words.difference(self._in_full(self.after), self._in_full(self.before))

    @property
    def _is_fine(self) -> bool:
        """Whether more digits are written than of a figure: totals, and percentages whose change would
        read otherwise (10.4% and 10.5%, which are 0.17 apart).
        """
        if self.metric.unit != "%" or self.size is None:
            return self.metric.kind == "total"
        shown = change(self.metric, self.after.value, self.before.value)
        return shown is not None and abs(shown) != words.written(abs(self.size), "%").value

    def _in_full(self, figure: Figure) -> words.Written:
        """Return a figure to the digits that its change has: 195,932万元, and not 19.59亿元."""
        if self.metric.unit == "%":
            return words.hundredth(figure.value or 0)
        return words.in_full(figure.value or 0, self.metric.unit, self.size)

    def part(self, size: float) -> words.Written:
        """Return how large a part of the change is, to the digits of the whole."""
        unit = self.metric.unit
        if unit == "%" and self._is_fine:
            shown = words.hundredth(abs(size))
            return words.Written(words.size(float(shown.value or 0), unit), shown.value)
        if self.metric.kind == "total":
            return words.in_full(abs(size), unit, self.size)
        if unit.startswith("元/") and (self.after.value or 0) >= 1000:
            whole = Decimal(repr(abs(size))).quantize(Decimal(1), ROUND_HALF_UP)
            return words.Written(f"{whole:,f}元", whole)
        shown = words.written(abs(size), unit)
        return words.Written(words.rough_size(size, unit), shown.value)

    @property
    def against(self) -> str:
        """What the change is against: see `Metric.against`."""
        return self.metric.against(Month.parse(self.after.month), Month.parse(self.before.month))

    @property
    def words(self) -> str:
        """The change of the values as they are written: "由上月的74.0%降到69.0%，下降5.0个百分点"."""
        if self.written is None:
            return f"{self.against}没有可比的数"
        since = self.against.removeprefix("较")
        if not self.written:
            return f"为{self.after.text}，与{since}持平"
        way = words.way(self.written, self.metric.unit)
        if not self._is_fine:
            size, texts = (
                words.size(self.written, self.metric.unit),
                (self.before.text, self.after.text),
            )
        else:
            size = self.part(self.written).text
            texts = (self._in_full(self.before).text, self._in_full(self.after).text)
        return f"由{since}的{texts[0]}{_TO[way]}到{texts[1]}，{way}{size}"


def comparable_months(metric: Metric, month: Month, known: Iterable[Month]) -> list[Month]:
    """Return the earlier months a figure may be set against, latest first.

    A count that starts anew each January is compared with earlier months of its year, and with
    the same month of other years.
    """
    return [
        one
        for one in sorted(known, reverse=True)
        if one < month and (metric.comparable(month, one))
    ]


def usual_month(metric: Metric, month: Month) -> Month:
    """Return the month before, or the same month last year where a count has started anew."""
    last = month.shift(-1)
    return last if comparable_months(metric, month, [last]) else month.shift(-12)


def change_of(
    reader: Reader,
    metric_id: str,
    month: str,
    against: str,
    level: str = "street",
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
) -> Change:
    """Return a figure's change since another month, taken apart by place: see `place_contributions`."""
    scope = (tuple(streets), community, variant)
    return Change(
        figure_of(reader, metric_id, month, *scope, months=1),
        figure_of(reader, metric_id, against, *scope, months=1),
        place_contributions(reader, metric_id, month, against, level, *scope),
    )


def place_contributions(
    reader: Reader,
    metric_id: str,
    month: str,
    against: str,
    level: str = "street",
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
) -> pd.DataFrame:
    """Return what each "street" or "community" (`level`) in scope gave to the scope's change.

    Columns street_code, street_name, (community_code, community_name), value_before, value,
    numerator_before, numerator, denominator_before, denominator, numerator_effect,
    denominator_effect, contribution (their sum, in the metric's unit). The contributions add up to
    the change; what belongs to no place of the level is in rows without code. They are NaN for a
    quantile, and where one of the two months has no value. Who moved the figure most stands first.
    """
    metric = get_metric(metric_id)
    months = [known_month(reader, against), known_month(reader, month)]
    streets = tuple(streets)
    sums = {
        (street, place): cells
        for (street, place), cells in stored_values(reader, variant)
        .by_place(metric, months, level if community is None else "community")
        .items()
        if not np.isnan(cells[:2]).all()
        and (not streets or street in streets)
        and community in (None, place)
    }
    cells = np.array(list(sums.values())).reshape(-1, 3, 2)
    names = reader.query("catalogue/place_names").set_index("place_code")["place_name"]
    places = pd.DataFrame(list(sums), columns=PLACE[::2], dtype=object)
    places.insert(1, "street_name", places["street_code"].map(names).fillna("（不分街道）"))
    places["community_name"] = places["community_code"].map(names).fillna("（不分社区）")
    if level == "street" and community is None:
        places = places[PLACE[:2]]
    for at, suffix in enumerate(_SIDES):
        places[f"value{suffix}"] = values(metric, cells[:, 0, at], cells[:, 1, at])
        places.loc[np.isnan(cells[:, 0, at]), f"value{suffix}"] = np.nan
        for number, column in enumerate(("numerator", "denominator")):
            places[f"{column}{suffix}"] = np.nan_to_num(cells[:, number, at])
    return with_none(_foremost_first(with_effects(metric, places, places)))


def member_flows(
    reader: Reader,
    metric_id: str,
    month: str,
    against: str,
    streets: Iterable[str] = (),
    community: str | None = None,
    variant: str = BASE,
) -> pd.DataFrame:
    """Return the members that came, went or changed between two months, with their ledger rows.

    Columns flow (新进, 退出, 转为计入, 转为未计入, 数量变化), entity_table, entity_word, entity_id,
    entity_name, street_code, street_name, community_code, community_name, part_before, part (None
    where it was not there), reason_before, reason, numerator_before, numerator,
    denominator_before, denominator, numerator_change, denominator_change, numerator_effect,
    denominator_effect, contribution, file_name, sheet_name, source_row, source_id. The changes
    add up to those of the figure's numerator and denominator, the contributions to its change.
    The greatest contribution stands first. A thing that moved left its old place and came to its
    new one.
    """
    metric = get_metric(metric_id)
    months = [known_month(reader, against), known_month(reader, month)]
    chosen = metric.variant(variant)
    own = {key: value for key, value in chosen.params.items() if key in metric.parameters}
    span = month_params(chosen.window, months)
    scope = {"streets": list(streets), "community": community, "tables": list(metric.entities)}
    statement = for_every_month(metric, sql.text("catalogue/member_flows"))
    with metric.named_in_errors():
        rows = reader.frame(statement, **own, ends=span["ends"], starts=span["starts"], **scope)
    before = pd.DataFrame(
        {"numerator": rows["numerator_before"], "denominator": rows["denominator_before"]}
    )
    was, now = rows.pop("was_there"), rows.pop("is_there")
    was_counted, is_counted = was & counted(metric, before), now & counted(metric, rows)
    flows = np.select(
        [~was, ~now, is_counted & ~was_counted, was_counted & ~is_counted],
        [CAME, LEFT, GAINED, LOST],
        GREW,
    )
    rows = rows.assign(
        flow=flows,
        entity_word=rows["entity_table"].map(words.ENTITIES),
        part_before=pd.Series(parts(metric, before), index=rows.index, dtype=object).where(
            was, None
        ),
        part=pd.Series(parts(metric, rows), index=rows.index, dtype=object).where(now, None),
        numerator_change=rows["numerator"] - rows["numerator_before"],
        denominator_change=rows["denominator"] - rows["denominator_before"],
    )
    whole = stored_values(reader, variant).summed([metric], months, tuple(streets), community)
    rows = with_effects(metric, rows, _whole(whole.get(metric.id, np.zeros((3, 2)))))
    return with_none(_foremost_first(rows))


def with_effects(metric: Metric, rows: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the effects of their own numerators and denominators on the whole.

    Both frames have numerator_before, numerator, denominator_before, denominator; those of `whole`
    are added up. The effects are NaN for a quantile and where a month's denominators are nothing.
    """
    top_moved = (rows["numerator"] - rows["numerator_before"]).to_numpy(dtype=float)
    base_moved = (rows["denominator"] - rows["denominator_before"]).to_numpy(dtype=float)
    tops = float(whole["numerator"].sum() + whole["numerator_before"].sum())
    base, base_before = whole["denominator"].sum(), whole["denominator_before"].sum()
    if metric.kind == "ratio":
        scale = metric.scale
        top = (ratio(top_moved, base_before, scale) + ratio(top_moved, base, scale)) / 2
        bottom = -ratio(base_moved * tops, 2 * base * base_before, scale)
    else:
        nothing = 0 if metric.kind == "total" else np.nan
        top, bottom = top_moved + nothing, np.full(len(rows), float(nothing))
    return rows.assign(
        numerator_effect=top + 0.0, denominator_effect=bottom + 0.0, contribution=top + bottom + 0.0
    )


def effects_by_move(change: Change, flows: pd.DataFrame) -> pd.DataFrame:
    """Return what each kind of move gave to a change of a ratio, the greatest effect first.

    Columns move (in the metric's words: 新覆盖, 注销（未覆盖）), members, contribution. Those that came
    and left are told apart by whether they counted: a rate rises when what does not count leaves.
    The contributions add up to the change; no rows where there is none to take apart.
    """
    metric = change.metric
    if change.size is None or TOO_FEW in (change.after.status, change.before.status):
        flows = flows.head(0)
    verbs = {one: text.replace("{n}", "") for one, text in metric.moves.items()}
    inside = verbs["counted"]
    outside = f"未{inside.removeprefix('已')}"
    counts = flows["numerator"].where(flows["flow"] != LEFT, flows["numerator_before"]) != 0
    side = np.where(counts, f"（{inside}）", f"（{outside}）")
    came, left = verbs["came"] + side, verbs["left"] + side
    flow = flows["flow"]
    move = np.select(
        [flow == CAME, flow == LEFT, flow == GAINED, flow == LOST],
        [came, left, verbs["gained"], verbs["lost"]],
        GREW,
    )
    moved = flows.assign(move=move).groupby("move", sort=False)
    effects = moved.agg(members=("entity_id", "size"), contribution=("contribution", "sum"))
    order = effects["contribution"].abs().sort_values(ascending=False, kind="stable").index
    return effects.loc[order].reset_index()


def effects_sentence(change: Change, effects: pd.DataFrame) -> str:
    """Return what moves of members did to a ratio, each to the digits of the change; or ""."""
    table = change.metric.entities[0]
    measure = words.THINGS[table].measure
    parts = []
    for row in effects.itertuples():
        part = change.part(row.contribution)
        if part.value:
            verb = "拉高" if row.contribution > 0 else "拉低"
            parts.append(f"{row.move}{row.members:,}{measure}，{verb}{part.text}")
    return f"{'；'.join(parts)}。" if parts else ""


def _foremost_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with those first that gave most to the whole change."""
    order = rows["contribution"] * (np.sign(rows["contribution"].sum()) or 1)
    order = order.round(12).sort_values(ascending=False, kind="stable")
    return rows.loc[order.index].reset_index(drop=True)


def _whole(sums: Sums) -> pd.DataFrame:
    """Return the sums (3, 2) of a scope in the two months as a frame of one row."""
    cells = np.nan_to_num(sums)
    names = ("numerator", "denominator")
    return pd.DataFrame(
        {
            f"{name}{s}": [cells[n, at]]
            for n, name in enumerate(names)
            for at, s in enumerate(_SIDES)
        }
    )


def why_sentence(change: Change, flows: pd.DataFrame, longest: int | None = None) -> str:
    """Return how a figure changed, by what moves of its members, and which places did most of it.

    `flows` are those of `member_flows` for the same scope and months. Of a sentence of more than
    `longest` characters (a slide's title) what matters least is left out.
    """
    metric = change.metric
    said = f"{metric.name}{change.words}"
    if change.size is None:
        missing = change.after if change.after.value is None else change.before
        if missing.reason and missing.reason.startswith(
            THIS_METRIC
        ):  # not known in the scope at all
            return metric.name + missing.reason.removeprefix(THIS_METRIC)
        return f"{said}：{Month.parse(missing.month).words}{missing.reason}"
    small = TOO_FEW in (change.after.status, change.before.status)
    if small:
        few = change.after if change.after.status == TOO_FEW else change.before
        least = "" if few is change.after else f"{Month.parse(few.month).words}"
        said = (
            f"{metric.name}{change.after.text}（{change.after.fraction_text}），"
            f"{least}基数不足{least_words(metric)}，{change.against}不作比较"
        )
    pulls = _pulls(change) if change.written and not small else ""
    full, brief = ("，".join(_moves(change, flows, listing)) for listing in (True, False))
    tails = [(full, pulls), (brief, pulls), (brief, ""), ("", pulls), ("", "")]
    sentences = [
        said + f"：{moves}" * bool(moves) + ("；" if moves else "：") * bool(most) + most + "。"
        for moves, most in tails
    ]
    return next((one for one in sentences if longest is None or len(one) <= longest), sentences[-1])


def _moves(change: Change, flows: pd.DataFrame, listing: bool) -> list[str]:
    """Return the moves of members; none where the only one says a total's change over again."""
    moves = moves_of(change.metric, flows, listing)
    return [] if change.metric.kind == "total" and len(moves) == 1 else moves


def moves_of(metric: Metric, flows: pd.DataFrame, listing: bool = True) -> list[str]:
    """Return the moves of members in words: "72个网格新缺岗位", "新到期27项（其中24项已办结）".

    What turned is written in the numerator's unit (households, yuan), what came in the
    denominator's; of a quantile, whose members weigh and do not count, how many things moved.
    With `listing`, what was lacking most stands behind, where the reasons list it.
    """
    said = []
    stayed = flows[~flows["flow"].isin((CAME, LEFT))]
    changes = stayed["numerator_change"]
    sides = [("gained", changes > 0, "reason_before"), ("lost", changes < 0, "reason")]
    for move, chosen, reason in sides if metric.kind != "quantile" else ():
        if chosen.any():
            size = _amount(metric, abs(changes[chosen].sum()), metric.numerator_unit)
            verb = "补" if move == "gained" else "缺"
            posts = _lacked(stayed.loc[chosen, reason], verb) if listing else ""
            said.append((chosen.sum(), metric.move(move, size) + posts))
    said.sort(key=lambda one: -one[0])
    verbs = metric.moves
    if verbs["left"] == OF_LAST_YEAR and (flows["flow"] == LEFT).any():  # each year counts its own
        own = verbs["came"].removeprefix("新")
        verbs = verbs | {"came": f"本年{own}", "left": f"上年同期{own}"}
    for flow, side, move in ((CAME, "", "came"), (LEFT, "_before", "left")):
        rows = flows[flows["flow"] == flow]
        if rows[[f"numerator{side}", f"denominator{side}"]].any(axis=None):
            said.append((len(rows), verbs[move] + _weight(metric, rows, side)))
    return [text for _, text in said]


def _lacked(reasons: pd.Series, verb: str) -> str:
    """Return what was lacking most often, where the reasons list it: "空缺1岗：网格长".

    `verb` says what became of it: 缺, 补. It is counted in the measure that the reasons have (岗).
    """
    known = [str(reason) for reason in reasons if not words.is_missing(reason)]
    lists = [reason.partition("：")[2] for reason in known]
    measures = {found[1] for reason in known if (found := re.search(r"\d(\D{1,2})：", reason))}
    measure = measures.pop() if len(measures) == 1 else "个"
    counts = Counter(chain.from_iterable(one.split("、") for one in lists if one)).most_common()
    plain = [re.sub(r"[（(]示意[）)]$", "", name) for name, _ in counts]
    named, _ = _foremost(plain, [f"{count}{measure}" for _, count in counts])
    most = "得最多" if counts and counts[0][1] > counts[-1][1] else ""
    return (
        f"（{verb}{most}的是{'、'.join(name + count for name, count in named)}）" if named else ""
    )


def _amount(metric: Metric, size: float, unit: str | None) -> str:
    """Return how much moved: of a total to the digits of its change."""
    return (
        words.in_full(size, unit or "").text if metric.kind == "total" else words.number(size, unit)
    )


def _weight(metric: Metric, rows: pd.DataFrame, side: str) -> str:
    """Return how much came or went, and how much of it counted."""
    top, bottom = rows[f"numerator{side}"].sum(), rows[f"denominator{side}"].sum()
    if metric.kind == "quantile":
        return f"{len(rows):,}{'项' if metric.entities[0] == 'opinion' else '个'}"
    part = _amount(metric, top, metric.numerator_unit)
    if metric.kind == "total" or (len(metric.entities) > 1 and not bottom):
        return part
    whole = words.number(bottom, metric.denominator_unit)
    if len(metric.entities) > 1:
        return whole
    if metric.numerator_unit != metric.denominator_unit:
        return f"{whole}（{metric.move('counted', part)}）" if top else whole
    if metric.is_payment:  # what is paid may be for what was planned before: no part of what came
        return f"{whole}，{metric.moves['counted'].removeprefix('已')}{part}" if top else whole
    counted_word = metric.moves["counted"]
    if not top:
        return f"{whole}（{'均' if bottom > 1 else ''}未{counted_word.removeprefix('已')}）"
    if top == bottom:
        return f"{whole}（{'均' if bottom > 1 else ''}{counted_word}）"
    return f"{whole}（其中{part}{counted_word}）"


def _pulls(change: Change) -> str:
    """Return the places that gave most to a change, and what the others gave together.

    Equal ones that are too many are counted. The sizes that are written add up to the written
    change: what rounding leaves is the others'.
    """
    places, unit = change.places, change.metric.unit
    name = "community_name" if "community_name" in places else "street_name"
    code = name.replace("name", "code")
    sign = np.sign(change.written or 0)
    pulling = places[places[code].notna() & (places["contribution"] * sign > 0)]
    parts = [change.part(size) for size in pulling["contribution"]]
    seen = [part.text for part in parts]
    if len(places) < 2 or not seen:
        return ""
    verb = words.way(sign, unit)
    if verb in ("上升", "下降"):
        verb = "拉高" if sign > 0 else "拉低"
    kind = "社区" if code == "community_code" else "街道"
    moved = (places["contribution"].round(12) != 0).sum()
    if moved == 1:
        return f"变动均在{pulling[name].iloc[0]}"
    named, alike = _foremost(list(pulling[name]), seen)
    count = len(named) or alike
    pulled = sum((one.value or Decimal(0) for one in parts[:count]), Decimal(0))
    rest = (Decimal(str(change.written)) - pulled * int(sign)).normalize()
    others = float(places["contribution"].sum() - pulling["contribution"].iloc[:count].sum())
    # What rounding leaves is the others', if there are any and it is theirs for the most part.
    about = bool(rest) and (moved <= count or abs(float(rest) - others) > abs(float(rest)) / 2)
    texts = [f"约{text}" if about else text for text in seen[:count]]
    if not named:
        said = f"{alike}个{kind}各{verb}{texts[0]}" + "，为最多" * (alike < len(seen))
    elif len(named) > 1 and len(set(texts)) == 1:
        said = f"{'、'.join(place for place, _ in named)}各{verb}{texts[0]}"
    elif moved == count:
        said = f"其中{'、'.join(f'{place}{verb}{text}' for (place, _), text in zip(named, texts, strict=True))}"
    else:
        pairs = (f"{place}（{text}）" for (place, _), text in zip(named, texts, strict=True))
        said = f"{verb}最多的是{'、'.join(pairs)}"
    if not rest or about:
        return said
    against = {"拉高": "拉低", "拉低": "拉高", "增加": "减少", "减少": "增加"}
    size = words.size(float(rest), unit)
    if change.metric.kind == "total":
        size = change.part(float(rest)).text
    return f"{said}，其余{kind}合计{verb if rest * int(sign) > 0 else against[verb]}{size}"


def _foremost(names: list[str], texts: list[str]) -> tuple[list[tuple[str, str]], int]:
    """Return the first three with their texts, no tie cut in two; and how many share the first."""
    pairs = list(zip(names, texts, strict=True))
    ends = [texts.index(text) + texts.count(text) for text in texts]
    named = [pair for pair, end in zip(pairs, ends, strict=True) if end <= _NAMED]
    return named, texts.count(texts[0]) if texts else 0
