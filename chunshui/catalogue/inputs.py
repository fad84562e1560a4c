"""Tell what stored values depend on: where nothing of it changed, neither did they.

The inputs of a metric are the rows of every table that its SELECT names, also through macros and
views, whatever their order; the texts of the SELECT, the macros and views; its window, parameters
and ledgers; the release, the engine and the code that runs it. A word counts as the name of a table
wherever it stands but in a comment: too much is computed anew rather than too little. Two things
count only where they can matter: where a row is written in its ledger, when the text asks for it;
and the table of months never, since a month's value may not depend on which others there are (a
test).
"""

import hashlib
import re
from collections.abc import Iterable
from functools import cache, partial

import duckdb

from chunshui.catalogue.metric import Metric, Variant
from chunshui.warehouse import schema, software, sql

MONTHS = "month"
# Read with the code itself: an upgrade may replace the files under a running server.
CODE = software.code(
    "catalogue/fill.py", "catalogue/frontmatter.py", "catalogue/metric.py", "month.py"
)
_WORD = re.compile(r"[a-z_][a-z0-9_]*")

Key = tuple[str, str]  # metric and variant


def input_digests(
    con: duckdb.DuckDBPyConnection, measured: Iterable[tuple[Metric, Variant]]
) -> dict[Key, str]:
    """Return a sha256 of all that the values of each metric and variant depend on."""
    made_with = software.describe()
    always = [made_with["chunshui"], made_with["duckdb"], CODE]
    always += [sql.text(f"catalogue/{name}_members") for name in ("sum", "quantile")]
    bodies = schema.named_texts()
    names = {*schema.tables(con), *bodies}

    rows = cache(partial(schema.table_digest, con))
    digests: dict[Key, str] = {}
    for metric, variant in measured:
        statement = sql.plain(metric.sql)
        words = _reached(statement, bodies)
        beside = () if words & set(schema.SOURCE) else schema.SOURCE
        parts = [*always, statement, metric.kind, variant.window, repr(metric.entities)]
        parts.append(repr(sorted(variant.params.items())))
        for name in sorted(words & names - {MONTHS}):
            parts += [name, bodies.get(name) or rows(name, beside)]
        digests[metric.id, variant.id] = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return digests


def rules(measured: Iterable[tuple[Metric, Variant]]) -> dict[Key, str]:
    """Return how each metric and variant is computed, as one text: equal texts, equal rules.

    What its figure is judged by (target, direction) and how it is called are no part of it, nor is
    what a district's own ledgers say.
    """
    bodies = schema.named_texts()
    texts: dict[Key, str] = {}
    for metric, variant in measured:
        statement = sql.plain(metric.sql)
        used = sorted(_reached(statement, bodies) & bodies.keys())
        around = "quantile" if metric.kind == "quantile" else "sum"
        parts = [
            f"-- kind: {metric.kind}; unit: {metric.unit}; scale: {metric.scale:g}",
            f"-- finest place: {metric.level}; window: {variant.window}",
            *(f"-- ${name}: {value!r}" for name, value in sorted(variant.params.items())),
            statement,
            *(bodies[name] for name in used),
            sql.plain(sql.text(f"catalogue/{around}_members")),
        ]
        texts[metric.id, variant.id] = "\n\n".join(parts) + "\n"
    return texts


def _reached(statement: str, bodies: dict[str, str]) -> set[str]:
    """Return the words of a statement, and of the views and macros that it names."""
    words: set[str] = set()
    waiting = [statement]
    while waiting:
        found = set(_WORD.findall(waiting.pop().lower())) - words
        words |= found
        waiting += [bodies[name] for name in found & bodies.keys()]
    return words
