"""What needs attention: rules in `queries/attention/`, each finding a sentence with a link.

Front matter: id, severity (紧急, 关注, 提示), title and template (Chinese, with the row's columns
in braces: `{items:项}` writes the number with its unit, `{value:@unit}` takes the unit from the
row's column `unit`, a list is written as its first few names), page and link (where a click
leads: the page's path and its query parameters, templates too), params (defaults). The SELECT
gets $as_of, $month, $streets or $community as far as it asks for them and returns street_code,
community_code (NULL where the finding is no single place's), weight (the graver the larger) and
the columns of its templates.
"""

import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from chunshui import paths, words
from chunshui.catalogue import frontmatter
from chunshui.catalogue.metric import month_end, parse_month
from chunshui.warehouse import Reader

SEVERITIES = ("紧急", "关注", "提示")
_GIVEN = frozenset({"as_of", "month", "streets", "community"})
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
    community, month; names in Chinese). `alike` is how many findings the rule has in this scope,
    shown or not.
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
    alike: int = 1


class _Words(string.Formatter):
    """Fill a template: a format spec is a unit, or `@column` naming the column that holds it."""

    def format_field(self, value, spec: str) -> str:
        if isinstance(value, list | tuple):
            return words.joined([str(name) for name in value])
        if isinstance(value, str):
            return value
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
    """Return what needs attention in scope, the gravest first, at most `most` items per rule.

    With a community chosen, findings about whole streets stay (they are about its street only
    as far as the rule counts the community); findings about other places are left out.
    """
    streets = list(streets)
    items = []
    for rule in load_all().values():
        found = _findings(reader, rule, month, streets, community)
        items += [_item(rule, row, month, len(found)) for row in found[:most]]
    return sorted(items, key=lambda item: SEVERITIES.index(item.severity))


def _findings(reader, rule: Rule, month: str, streets: list[str], community) -> list[dict]:
    first = parse_month(month)
    offered = {
        "as_of": month_end(first),
        "month": first,
        "streets": streets,
        "community": community,
        **rule.params,
    }
    asked = {key: value for key, value in offered.items() if key in rule.parameters}
    found = reader.frame(rule.sql, **asked)
    if streets:
        found = found[found["street_code"].isin(streets) | found["street_code"].isna()]
    if community is not None:
        elsewhere = found["community_code"].notna() & (found["community_code"] != community)
        counted = "community" in rule.parameters
        found = found[~elsewhere & (found["community_code"].notna() | counted)]
    found = found.sort_values("weight", ascending=False, kind="stable")
    return found.to_dict("records")


def _item(rule: Rule, row: dict, month: str, alike: int) -> Item:
    fill = _Words()
    row = {key: _cell(value) for key, value in row.items()}
    return Item(
        rule=rule.id,
        severity=rule.severity,
        title=fill.format(rule.title, **row),
        sentence=fill.format(rule.template, **row),
        street_code=row["street_code"],
        community_code=row["community_code"],
        weight=float(row["weight"]),
        page=rule.page,
        params={
            **{key: fill.format(value, **row) for key, value in rule.link.items()},
            "month": month,
        },
        alike=alike,
    )


def _cell(value):
    """Make a cell of a frame plain: arrows' arrays become lists, NaN becomes None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return None if not isinstance(value, list) and pd.isna(value) else value
