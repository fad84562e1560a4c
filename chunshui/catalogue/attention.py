"""What needs attention: rules in `queries/attention/`, each finding a sentence with a link.

Front matter: id, severity (紧急, 关注, 提示), title and template (Chinese, with the row's columns
in braces: `{items:项}` writes the number with its unit, `{value:@unit}` takes the unit from the
row's column `unit`, `{fraction}` writes numerator/denominator, a list is written as its first few
names), page and link (where a click leads: the page's path and its query parameters, templates
too; one that comes out missing is left away), params (defaults).

The SELECT gets $as_of and $month as far as it asks for them, looks at the whole district, and
returns street_code, community_code (NULL for a finding about a whole street), weight (the graver
the larger), the columns of its templates, and where it counts both by street and by community
`narrow`: true for the community's rows, which show only when that community is chosen.
"""

import string
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pandas as pd

from chunshui import paths, words
from chunshui.catalogue import frontmatter
from chunshui.catalogue.metric import month_end, parse_month
from chunshui.warehouse import Reader

SEVERITIES = ("紧急", "关注", "提示")
_GIVEN = frozenset({"as_of", "month"})
_REQUIRED = {"id": str, "title": str, "severity": str, "page": str, "template": str, "link": dict}


@dataclass(frozen=True)
class Rule:
    """One rule as its file declares it."""

    id: str
    title: str
    severity: str
    page: str
    template: str
    link: dict = field(hash=False)
    params: dict = field(hash=False)
    parameters: frozenset[str]
    sql: str = field(repr=False)


@dataclass(frozen=True)
class Item:
    """One thing that needs attention.

    `page` is the path of the page that shows it, `params` its query parameters (metric, street,
    community, month; names in Chinese). `narrow`: shown only when its community is chosen.
    `alike` is how many findings the rule has in the scope, shown or not.
    """

    rule: str
    severity: str
    title: str
    sentence: str
    street_code: str | None
    community_code: str | None
    weight: float
    page: str
    params: dict = field(hash=False)
    narrow: bool = False
    alike: int = 1


class _Words(string.Formatter):
    """Fill a template: a format spec is a unit, or `@column` naming the column that holds it."""

    def format_field(self, value, spec: str) -> str:
        if isinstance(value, list | tuple):
            return words.joined([str(name) for name in value])
        if isinstance(value, str):
            return value
        if value is None:
            return words.MISSING
        return words.number(float(value), spec or None)

    def vformat(self, text: str, args, kwargs) -> str:
        for column, value in kwargs.items():
            if isinstance(value, str):
                text = text.replace(f":@{column}}}", f":{value}}}")
        return super().vformat(text, args, kwargs)


@cache
def load_all(root: Path = paths.QUERIES) -> dict[str, Rule]:
    """Read and check every rule; return them by id. Raises `CatalogueError` for a faulty file."""
    rules = {}
    for query in frontmatter.read_folder("attention", root):
        frontmatter.check_keys(query, _REQUIRED, {"params": dict})
        front = {"params": {}} | query.front
        if front["severity"] not in SEVERITIES:
            raise query.fault(f"severity 只能取 {'、'.join(SEVERITIES)}")
        frontmatter.check_parameters(query, set(front["params"]), _GIVEN)
        rules[front["id"]] = Rule(**front, parameters=query.parameters, sql=query.sql)
    return rules


def attention(
    reader: Reader,
    month: str,
    streets: Iterable[str] = (),
    community: str | None = None,
    most: int = 3,
) -> list[Item]:
    """Return what needs attention in scope, at most `most` items per rule; see `within`."""
    return within(everything(reader, month), streets, community, most)


def everything(reader: Reader, month: str) -> list[Item]:
    """Return every finding of every rule in the district; `within` picks those of a scope."""
    first = parse_month(month)
    offered = {"as_of": month_end(first), "month": first}
    labels = _community_labels(reader)
    items = []
    for rule in load_all().values():
        given = {key: value for key, value in offered.items() if key in rule.parameters}
        found = reader.frame(rule.sql, **given, **rule.params).to_dict("records")
        items += [_item(rule, row, month, labels) for row in found]
    return items


def within(
    items: Iterable[Item],
    streets: Iterable[str] = (),
    community: str | None = None,
    most: int = 3,
) -> list[Item]:
    """Return the items of a scope: the gravest first, then every rule's worst before the next.

    With a community chosen, only what is about that community; else what is about the streets
    chosen (none: all) and about the communities and projects in them.
    """
    streets = set(streets)
    by_rule: dict[str, list[Item]] = {}
    for item in items:
        if community is not None:
            inside = item.community_code == community
        else:
            inside = not item.narrow and (not streets or item.street_code in streets)
        if inside:
            by_rule.setdefault(item.rule, []).append(item)
    ranked = []
    for found in by_rule.values():
        found.sort(key=_gravest)
        ranked += [
            (rank, replace(item, alike=len(found))) for rank, item in enumerate(found[:most])
        ]
    ranked.sort(key=lambda pair: (SEVERITIES.index(pair[1].severity), pair[0], pair[1].rule))
    return [item for _, item in ranked]


def _gravest(item: Item) -> tuple:
    """Order the findings of a rule; equally grave ones by place, for rows come in any order."""
    place = (item.street_code or "", item.community_code or "")
    return (-item.weight, *place, item.title, item.sentence)


def _item(rule: Rule, row: dict, month: str, labels: dict[str, str]) -> Item:
    fill = _Words()
    row = {key: _cell(value) for key, value in row.items()}
    if {"numerator", "denominator"} <= row.keys():
        row["fraction"] = words.fraction(
            row["numerator"], row["denominator"], row["numerator_unit"], row["denominator_unit"]
        )
    title, sentence = fill.format(rule.title, **row), fill.format(rule.template, **row)
    # A link names a community as the filter does: with its street where the name is not enough.
    row["community_name"] = labels.get(row["community_code"])
    link = {key: fill.format(value, **row) for key, value in rule.link.items()}
    return Item(
        rule=rule.id,
        severity=rule.severity,
        title=title,
        sentence=sentence,
        street_code=row["street_code"],
        community_code=row["community_code"],
        weight=float(row["weight"]),
        page=rule.page,
        params={key: value for key, value in link.items() if value != words.MISSING}
        | {"month": month},
        narrow=bool(row.get("narrow")),
    )


def _community_labels(reader: Reader) -> dict[str, str]:
    places = reader.query("catalogue/community_labels")
    return dict(zip(places["community_code"], places["label"], strict=True))


def _cell(value):
    """Make a cell of a frame plain: arrows' arrays become lists, NaN becomes None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return None if not isinstance(value, list) and pd.isna(value) else value
