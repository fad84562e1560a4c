"""Why a figure changed and what is to its target, as tables: Chinese heads, yuan in ten thousands."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import written
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.small_numbers import BUILDING, PEOPLE
from chunshui.catalogue.why import CAME, LEFT, Change

_WAN = 10_000
_LEDGER = ("file_name", "sheet_name", "source_row")


def contribution_table(change: Change) -> pd.DataFrame:
    """Return what each place gave to a change, and in the last row all of them together.

    What does not move is left out: where no denominator changed, the numerators did it all. Of a
    quantile, only the values of both months.
    """
    metric, places = change.metric, change.places
    name = "community_name" if "community_name" in places else "street_name"
    texts = pd.DataFrame({words.label(name): [*places[name], "合计"]})
    for month, side in ((change.before, "value_before"), (change.after, "value")):
        cells = [written(metric, value).text for value in places[side].astype(float)]
        texts[month.month] = [*cells, month.text]
    if metric.kind == "quantile":
        return texts.iloc[:-1]
    parts = ("numerator", "denominator")
    sizes = places.assign(
        **{f"{one}_change": places[one] - places[f"{one}_before"] for one in parts}
    )
    unit = _points(metric)
    heads = {"contribution": _head("贡献", unit)}
    if sizes["denominator_change"].any():
        heads |= {"numerator_effect": _head("分子带来", unit)}
        heads |= {"denominator_effect": _head("分母带来", unit)}
    if metric.kind == "ratio":
        heads |= _change_heads(metric)
    numbers = sizes[list(heads)].astype(float)
    whole = pd.DataFrame([numbers.sum(min_count=1)])
    numbers = _in_wan(pd.concat([numbers, whole], ignore_index=True), heads).round(2) + 0.0
    moved = [one for one in heads if numbers[one].any()]
    return texts.join(numbers[moved].rename(columns=heads))


def flow_table(flows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return the members that came, went or changed, with their ledger rows."""
    side = flows["part"].where(flows["part"].notna(), flows["part_before"])
    moved = flows["flow"].isin((CAME, LEFT))
    rows = flows.assign(
        flow=flows["flow"].where(~moved, flows["flow"] + "（" + side + "）"),
        contribution=flows["contribution"].astype(float).round(4),
        numerator_before=flows["numerator_before"].where(flows["part_before"].notna()),
        numerator=flows["numerator"].where(flows["part"].notna()),
    )
    heads = {
        "flow": "变动",
        "entity_name": name_head(metric),
        "street_name": words.label("street_name"),
        "community_name": words.label("community_name"),
        "reason_before": "前期原因",
        "reason": "本期原因",
    }
    if metric.kind == "ratio":
        heads |= _change_heads(metric) | {"contribution": _head("贡献", _points(metric))}
    else:
        heads |= {"numerator_before": _head("前期", _points(metric))}
        heads |= {"numerator": _head("本期", _points(metric))}
    if (rows["denominator_change"] == 0).all():
        heads.pop("denominator_change", None)
    return _headed(rows, heads)


def effects_table(effects: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return what each kind of move gave to a change."""
    measure = words.THINGS[metric.entities[0]].measure
    heads = {"move": "变动", "members": _head("涉及", measure)}
    heads |= {"contribution": _head("带来", _points(metric))}
    rows = effects.assign(contribution=effects["contribution"].astype(float).round(2))
    return rows[list(heads)].rename(columns=heads)


def lacking_table(places: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return places with how much each lacks to its own target."""
    name = "community_name" if "community_name" in places else "street_name"
    heads = {name: words.label(name), "needed": _head("还差", metric.numerator_unit)}
    heads |= {one: words.label(one) for one in ("text", "fraction", "status")}
    needed = places["needed"].astype("Int64")
    return _in_wan(places.assign(needed=needed), heads)[list(heads)].rename(columns=heads)


def nearest_table(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return the members nearest to being counted, with their ledger rows."""
    heads = {
        "enough": "补上即达标",
        "entity_name": name_head(metric),
        "street_name": words.label("street_name"),
        "community_name": words.label("community_name"),
        "reason": words.label("reason"),
        "lacks": "还差",
        "weight": _head("分量", metric.numerator_unit),
    }
    if (rows["weight"] == 1).all():
        del heads["weight"]
    rows = rows.assign(
        lacks=rows["lacks"].astype(float).round(1),
        enough=rows["enough"].map({True: "是", False: "否"}),
    )
    return _headed(rows, heads)


def name_head(metric: Metric) -> str:
    """Return what stands over the names of a metric's members; of buildings no numbers of people are told."""
    alone = metric.entities == ("building",)
    return BUILDING if alone else words.label("entity_name")


def with_people(label: str, unit: str) -> str:
    """Return a head, with its unit where it counts people."""
    return f"{label}（{unit}）" if unit in PEOPLE else label


def _headed(rows: pd.DataFrame, heads: dict[str, str]) -> pd.DataFrame:
    """Return columns that hold something under their heads, then the ledger row and the id."""
    heads = {one: head for one, head in heads.items() if rows[one].notna().any()}
    ledger = [one for one in _LEDGER if rows[one].notna().any()]
    heads |= {one: words.label(one) for one in (*ledger, "entity_id")}
    rows = rows.assign(source_row=rows["source_row"].astype("Int64").astype("string"))
    return _in_wan(rows, heads)[list(heads)].rename(columns=heads)


def _in_wan(rows: pd.DataFrame, heads: dict[str, str]) -> pd.DataFrame:
    """Return rows with those columns in ten thousands whose heads say 万元."""
    wan = [one for one, head in heads.items() if head.endswith("（万元）")]
    return rows.assign(**{one: (rows[one].astype(float) / _WAN).round(2) for one in wan})


def _points(metric: Metric) -> str:
    """Return the unit of a difference."""
    return "百分点" if metric.unit == "%" else metric.unit


def _head(label: str, unit: str) -> str:
    return f"{label}（{'万元' if unit == '元' else unit}）"


def _change_heads(metric: Metric) -> dict[str, str]:
    return {
        "numerator_change": _head("分子变化", metric.numerator_unit),
        "denominator_change": _head("分母变化", metric.denominator_unit or ""),
    }
