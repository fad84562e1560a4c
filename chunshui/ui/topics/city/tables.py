"""The ranking of a city's districts as HTML, with a strip of the streets inside each; and as a table."""

from collections.abc import Collection, Iterable
from html import escape

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import base, is_small, written
from chunshui.catalogue.metric import Metric, get_metric
from chunshui.city.comparison import Total
from chunshui.city.edition import CityEdition, Pinned
from chunshui.ui.shell import pinned
from chunshui.ui.topics.city import data, finding
from chunshui.ui.topics.city.data import Standing
from chunshui.ui.widgets.tiles import badge

NO_RANK, APART = "不排名", "口径不同，不参与排名"


class Axis:
    """The one axis of all strips: from the least to the most of streets, districts, intervals, target, city."""

    def __init__(self, known: Iterable[float]):
        ends = list(known) or [0.0]
        self.low, self.high = min(ends), max(ends)

    def at(self, value: float) -> str:
        """Return where a value lies, as CSS writes it."""
        wide = self.high - self.low
        return f"{2 + 96 * (value - self.low) / wide if wide else 50:.1f}%"

    def bar(self, kind: str, value: float, words: str = "", to: float | None = None) -> str:
        """Return a mark of the strip at a value; `to` stretches it."""
        wide = "" if to is None else f";right:calc(100% - {self.at(to)})"
        said = f' title="{escape(words)}"' if words else ""
        return f'<i class="{kind}" style="left:{self.at(value)}{wide}"{said}></i>'


def ranking(edition: CityEdition, metric_id: str, month: str) -> str:
    """Return the districts that have a rank, the worst first, one row each, which leads to its pages."""
    metric = get_metric(metric_id)
    ranked = [one for one in data.standings(edition, metric_id, month) if one.rank is not None]
    if not ranked:
        return '<p class="said">没有可以排名的区。</p>'
    total = data.total(edition, metric_id, month)
    dots, few = _streets(edition, metric, month, {one.pinned.district for one in ranked})
    aim = metric.target if ranked[0].figure.target_text else None
    # A total of a city is no yardstick for one of its districts.
    whole = total.figure.value if metric.kind == "ratio" else None
    known = [value for _, _, value in dots]
    known += [one.figure.value for one in ranked if one.figure.value is not None]
    known += [end for one in ranked if one.span for end in one.span]
    axis = Axis([*known, *(one for one in (aim, whole) if one is not None)])
    rows = "".join(
        _row(one, month, axis, aim, whole, dots, _district_address(one.pinned, edition, month))
        for one in ranked
    )
    low, high = (written(metric, end).text for end in (axis.low, axis.high))
    across = f'<span class="ends"><small>{low}</small>各街道<small>{high}</small></span>'
    names = ("数值", "其中", "较上月", "状态")
    heads = f"<span>名次</span><span>区</span>{across}" + "".join(
        f"<span>{one}</span>" for one in names
    )
    legend = _legend(total, ranked, aim, whole, few)
    return f'<div class="league"><div class="row heads">{heads}</div>{rows}</div>{legend}'


def _row(
    one: Standing,
    month: str,
    axis: Axis,
    aim: float | None,
    whole: float | None,
    dots: list[tuple[str, str, float]],
    address: str,
) -> str:
    figure, metric = one.figure, one.figure.metric
    marks = []
    if one.span:  # first: under the lines
        ends = "到".join(written(metric, end).text for end in one.span)
        marks.append(axis.bar("span", one.span[0], f"95%区间{ends}", to=one.span[1]))
    marks += [axis.bar("aim", aim)] if aim is not None else []
    marks += [axis.bar("whole", whole)] if whole is not None else []
    marks += [
        axis.bar("dot", value, f"{name} {written(metric, value).text}")
        for district, name, value in dots
        if district == one.pinned.district
    ]
    marks += [axis.bar("own", figure.value)] if figure.value is not None else []
    moved = words.short_change(figure.change_month, metric.unit)
    name = escape(one.pinned.name) + (
        f"<small>{finding.state_words(one.pinned)}</small>" * one.pinned.carried
    )
    cells = (
        ("rank", str(one.rank)),
        ("who", name),
        ("strip", "".join(marks)),
        ("value", escape(figure.text)),
        ("parts", escape(figure.fraction_text or "")),
        ("moved", "" if figure.change_month is None else escape(moved)),
        ("state", badge(figure.status)),
    )
    inside = "".join(f'<span class="{kind}">{text}</span>' for kind, text in cells)
    title = f"打开{escape(one.pinned.name)}{one.pinned.version}的各页"
    return f'<a class="row" href="{escape(address)}" title="{title}">{inside}</a>'


def _legend(
    total: Total, ranked: list[Standing], aim: float | None, whole: float | None, few: bool
) -> str:
    said = ["差的在前；点一行看这个区", "小点是街道，竖条是区"]
    said += ["横带是95%区间，相叠的区差别不大"] if any(one.span for one in ranked) else []
    said += [f"虚线是{ranked[0].figure.target_text}"] if aim is not None else []
    said += ["基数小的街道不画"] if few else []
    said += [f"细线是全市{total.figure.text}"] if whole is not None else []
    return f'<p class="said">{escape("；".join(said))}。</p>'


def _streets(
    edition: CityEdition, metric: Metric, month: str, ranked: Collection[str]
) -> tuple[list[tuple[str, str, float]], bool]:
    """Return district, name and value of the streets that rest on enough, and whether some do not."""
    rows = data.streets(edition, metric.id, month)
    rows = rows[rows["district"].isin(ranked)]
    enough = [
        (row.district, row.street_name, row.value)
        for row in rows.itertuples()
        if not is_small(metric, base(metric, row.denominator, row.members), "street")
    ]
    return enough, len(enough) < len(rows)


def _district_address(one: Pinned, edition: CityEdition, month: str) -> str:
    return pinned.address(one.district, None if month == one.as_of else month)


def beside(edition: CityEdition, metric_id: str, month: str) -> str:
    """Return who is not in the ranking, and why: late, missing, broken, counted otherwise; "" for nobody."""
    found = data.standings(edition, metric_id, month)
    groups: dict[str, list[tuple[Pinned, str]]] = {}
    for one in found:
        if not one.pinned.counted:
            why = finding.absent_words(edition, one.pinned, metric_id)
            groups.setdefault(one.pinned.state, []).append((one.pinned, why))
        elif one.rank is None:
            group = APART if one.differs else NO_RANK
            groups.setdefault(group, []).append((one.pinned, finding.apart_words(one)))
    return "".join(
        f'<h4 class="head">{group}　{len(inside)}/{len(found)}个区</h4>'
        + "".join(_card(one, why, edition, month) for one, why in inside)
        for group, inside in groups.items()
    )


def _card(one: Pinned, why: str, edition: CityEdition, month: str) -> str:
    inside = f"<b>{escape(one.name)}</b><small>{escape(why)}</small>"
    if one.version is None or one.as_of is None:
        return f'<div class="card">{inside}</div>'
    asked = min(month, one.as_of)
    return f'<a class="card" href="{escape(_district_address(one, edition, asked))}">{inside}</a>'


def listed(edition: CityEdition, metric_id: str, month: str) -> pd.DataFrame:
    """Return every district as a row under Chinese heads, for a file and for documents."""
    rows = []
    for one in data.standings(edition, metric_id, month):
        figure, span = one.figure, one.span
        counted = one.pinned.counted
        note = finding.apart_words(one) if one.rank is None else ""
        rows.append(
            {
                "名次": one.rank,
                "区": one.pinned.name,
                "数值": figure.text,
                "其中": figure.fraction_text or "",
                "较上月": "" if figure.change_month is None else figure.change_text,
                "状态": figure.status if one.rank is not None else "",
                "95%区间": "至".join(written(figure.metric, end).text for end in span)
                if span
                else "",
                "报送": finding.state_words(one.pinned),
                "版本": one.pinned.version or "",
                "说明": note if counted else finding.absent_words(edition, one.pinned, metric_id),
            }
        )
    table = pd.DataFrame(rows).astype({"名次": "Int64"})
    return table if table["95%区间"].any() else table.drop(columns="95%区间")
