"""What needs attention: rules in `queries/attention/`, each finding a sentence with a link.

Front matter: id, kind (what its findings are called together), severity (紧急, 关注, 提示), title, template and ask (what a meeting asks for,
beginning with a verb; Chinese, with the row's columns in braces: `{items:项}` writes the number with its unit, `{value:@unit}` takes the unit from the
row's column `unit`, `{fraction}` writes numerator/denominator, a list is written as its first few
names), page and link (where a click leads: the page's path and its query parameters, templates
too; one that comes out missing is left away), params (defaults), tab (of the opened number where
it does not open on those that keep it from its target), unit (who answers for it, a template; without
one the street it is in).

The SELECT gets $as_of, $month and $figures as far as it asks for them, looks at the whole district, and
returns street_code, community_code (NULL for a finding about a whole street), weight (the graver
the larger), the columns of its templates, and where it counts both by street and by community
`narrow`: true for the community's rows, which show only when that community is chosen.
$figures (read by `street_figures`) has one for every metric and street of the month, with value, status,
change and the words of each as the catalogue has them: no rule computes a figure anew.
"""

import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chunshui import paths, words
from chunshui.catalogue import frontmatter
from chunshui.catalogue.figure import (
    base,
    change,
    fraction_text,
    status,
    target_text,
    values,
    written,
)
from chunshui.catalogue.metric import BASE, all_metrics, get_metric
from chunshui.catalogue.stored import known_month, month_ends, stored_values
from chunshui.catalogue.wording import filled
from chunshui.month import Month
from chunshui.warehouse import Days, Reader
from chunshui.words import URGENCIES

_GIVEN = frozenset({"as_of", "month", "figures"})
_REQUIRED = {
    **dict.fromkeys(("id", "kind", "title", "severity", "page", "template", "ask"), str),
    "link": dict,
}


@dataclass(frozen=True)
class Rule:
    """One rule as its file declares it."""

    id: str
    kind: str
    title: str
    severity: str
    page: str
    template: str
    ask: str
    link: dict[str, str] = field(hash=False)
    params: dict[str, Any] = field(hash=False)
    parameters: frozenset[str]
    sql: str = field(repr=False)
    tab: str | None = None
    unit: str = "{street_name}"

    @property
    def metric_id(self) -> str | None:
        """The metric whose figure the rule looks behind; None for a rule about any metric."""
        metric_id = self.link.get("metric", "{")
        return None if "{" in metric_id else metric_id


@dataclass(frozen=True)
class Item:
    """One thing that needs attention.

    `ask` is what a meeting asks for to mend it. `page` is the path of the page that shows it, `params` its query
    parameters (metric, street, community, month; names in Chinese). `narrow`: shown only when its community is
    chosen. `unit` answers for it; "" where nobody is known to.
    """

    rule: str
    kind: str
    severity: str
    title: str
    sentence: str
    street_code: str | None
    community_code: str | None
    weight: float
    page: str
    params: dict[str, str] = field(hash=False)
    ask: str = ""
    narrow: bool = False
    tab: str | None = None
    unit: str = ""


@cache
def all_rules(root: Path = paths.QUERIES) -> dict[str, Rule]:
    """Read and check every rule; return them by id. Raises `CatalogueError` for a faulty file."""
    rules = {}
    for query in frontmatter.read_folder("attention", root):
        frontmatter.check_keys(query, _REQUIRED, {"params": dict, "tab": str, "unit": str})
        front = {"params": {}} | query.front
        if front["severity"] not in URGENCIES:
            raise query.fault(f"severity 只能取{'、'.join(URGENCIES)}")
        frontmatter.check_parameters(query, set(front["params"]), _GIVEN)
        rules[front["id"]] = Rule(**front, parameters=query.parameters, sql=query.sql)
    return rules


def items_of(reader: Reader, month: str) -> list[Item]:
    """Return every finding of every rule in the district; `items_within` picks those of a scope."""
    this = Month.parse(month)
    figures = _street_figures(reader, month)
    offered = {
        "as_of": this.last,
        "month": this.first,
        "figures": json.dumps(figures, ensure_ascii=False),
    }
    labels = _community_labels(reader)
    stored = stored_values(reader, BASE)
    items = []
    for rule in all_rules().values():
        # Without its ledger nothing is wanting: it is not known.
        if rule.metric_id and stored.unmeasured(get_metric(rule.metric_id)):
            continue
        if "figures" in rule.parameters and not figures:
            continue
        params = {key: value for key, value in offered.items() if key in rule.parameters}
        if params.keys() == {"as_of"}:
            name = f"attention/{rule.id}"
            rows = reader.among(name, Days(this.last), month_ends, **rule.params)
        else:
            rows = reader.frame(rule.sql, **params, **rule.params)
        items += [_item(rule, row, month, labels) for row in rows.to_dict("records")]
    return _each_once(items)


def _each_once(items: list[Item]) -> list[Item]:
    """Leave out that a street misses a metric where a rule written for the metric says as gravely why.

    What several rules say of one project is one finding with all they say.
    """
    own = {rule.id for rule in all_rules().values() if rule.metric_id}
    said = {
        (item.params["metric"], item.street_code, item.severity)
        for item in items
        if item.rule in own and item.community_code is None
    }

    def is_said(item: Item) -> bool:
        graver = URGENCIES[: URGENCIES.index(item.severity) + 1]
        return any((item.params["metric"], item.street_code, one) in said for one in graver)

    left = [item for item in items if item.rule != "off_target" or not is_said(item)]
    of_project: dict[tuple[str, str | None], list[Item]] = {}
    for item in left:
        if name := item.params.get("project"):
            of_project.setdefault((name, item.community_code), []).append(item)
    joined = {key: _joined(key[0], alike) for key, alike in of_project.items()}
    whole = [joined.get((i.params.get("project", ""), i.community_code), i) for i in left]
    return [one for one, item in zip(whole, left, strict=True) if one.rule == item.rule]


def _joined(project: str, alike: list[Item]) -> Item:
    """Return the gravest of a project's findings, the last of equals, with what the others say of it."""
    first = min(reversed(alike), key=lambda one: URGENCIES.index(one.severity))
    others = [one for one in alike if one is not first]
    titles = [first.title, *(one.title.removeprefix(project) for one in others)]
    return replace(
        first,
        title="，".join(titles),
        sentence="".join([first.sentence, *(one.sentence for one in others)]),
    )


def items_within(
    items: Iterable[Item], streets: Iterable[str] = (), community: str | None = None
) -> list[Item]:
    """Return the items of a scope: the gravest first, then every rule's worst before the next.

    With a community chosen, only what is about that community; else what is about the streets
    chosen (none: all) and about the communities and projects in them.
    """
    chosen = set(streets)
    by_rule: dict[str, list[Item]] = {}
    for item in items:
        if community is not None:
            inside = item.community_code == community
        else:
            inside = not item.narrow and (not chosen or item.street_code in chosen)
        if inside:
            by_rule.setdefault(item.rule, []).append(item)
    ranked = [
        (rank, item)
        for alike in by_rule.values()
        for rank, item in enumerate(sorted(alike, key=_gravity))
    ]
    ranked.sort(key=lambda pair: (URGENCIES.index(pair[1].severity), pair[0], pair[1].rule))
    return [item for _, item in ranked]


def counts_of(items: Sequence[Item]) -> tuple[int, int]:
    """Return how many items there are, and how many of them are urgent: said so wherever they are."""
    return len(items), sum(item.severity == URGENCIES[0] for item in items)


def by_kind(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Return the items of each kind, the kind with the gravest first, in their order."""
    kinds: dict[str, list[Item]] = {}
    for item in items:
        kinds.setdefault(item.kind, []).append(item)
    return kinds


def _street_figures(reader: Reader, month: str) -> list[dict[str, Any]]:
    """Return every metric's figure for every street, as rows for the rules that look at figures."""
    this = known_month(reader, month)
    span = [this, this.shift(-1)]
    stored = stored_values(reader, BASE)
    places = reader.query("catalogue/place_names")
    names = dict(zip(places["place_code"], places["place_name"], strict=True))
    rows = []
    for metric in all_metrics().values():
        if metric.direction == "none" or metric.level == "district":
            continue
        for (street, _), sums in stored.by_place(metric, span, "street").items():
            value, before = values(metric, sums[0], sums[1]).tolist()
            if street is None or np.isnan(value):
                continue
            whole, members = sums[1, 0], np.nan_to_num(sums[2, 0])
            moved = change(metric, value, before) if metric.comparable(this, span[1]) else None
            gap = abs(value - metric.target) if metric.target is not None else 0.0
            rows.append(
                {
                    "metric_id": metric.id,
                    "metric_name": metric.name,
                    "kind": metric.kind,
                    "unit": metric.unit,
                    "direction": metric.direction,
                    "street_code": street,
                    "street_name": names.get(street, street),
                    "denominator": float(whole),
                    "status": status(metric, value, base(metric, whole, members), "street"),
                    "text": written(metric, value).text,
                    "fraction": fraction_text(metric, sums[0, 0], whole, int(members)),
                    "target_text": target_text(metric, "street"),
                    "gap": gap / max(abs(metric.target or 0), 1.0),
                    "change": moved,
                    "change_text": words.change(moved, metric.unit, metric.against(this, span[1])),
                }
            )
    return rows


def _gravity(item: Item) -> tuple[float, str, str, str, str]:
    """Order the findings of a rule; equally grave ones by place, for rows come in any order."""
    street, community = item.street_code or "", item.community_code or ""
    return -item.weight, street, community, item.title, item.sentence


def _item(rule: Rule, row: dict[Hashable, Any], month: str, labels: dict[str, str]) -> Item:
    cells = {str(key): _cell(value) for key, value in row.items()}
    if {"numerator", "denominator"} <= cells.keys():
        cells["fraction"] = words.fraction(
            cells["numerator"],
            cells["denominator"],
            cells["numerator_unit"],
            cells["denominator_unit"],
        )
    title, sentence, ask = (filled(one, cells) for one in (rule.title, rule.template, rule.ask))
    # A link names a community as the filter does: with its street where the name is not enough.
    cells["community_name"] = labels.get(cells["community_code"])
    unit = filled(rule.unit, cells).replace(words.MISSING, "")
    link = {key: filled(value, cells) for key, value in rule.link.items()}
    return Item(
        rule=rule.id,
        kind=rule.kind,
        severity=rule.severity,
        title=title,
        sentence=sentence,
        street_code=cells["street_code"],
        community_code=cells["community_code"],
        weight=float(cells["weight"]),
        page=rule.page,
        params={key: value for key, value in link.items() if value != words.MISSING}
        | {"month": month},
        ask=ask,
        narrow=bool(cells.get("narrow")),
        tab=rule.tab,
        unit=unit,
    )


def _community_labels(reader: Reader) -> dict[str, str]:
    places = reader.query("catalogue/community_labels")
    return dict(zip(places["community_code"], places["label"], strict=True))


def _cell(value: Any) -> Any:
    """Make a cell of a frame plain: arrows' arrays become lists, NaN becomes None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return None if not isinstance(value, list) and pd.isna(value) else value
