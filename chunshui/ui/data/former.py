"""What things were called in earlier versions, by their ids: links and kept views hold the names of then."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import duckdb

from chunshui.catalogue.search import Thing, things_of
from chunshui.errors import ChunshuiError
from chunshui.ui import data
from chunshui.ui.data.remembering import remembered
from chunshui.warehouse import Edition, Reader, Store

VERSIONS = 12  # so many are looked into, the latest first


@remembered(4)
def names(edition: Edition) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what is called otherwise now than in an earlier version, by kind and id: its names of then, the latest first."""
    store = Store(Path(edition.root))  # of a street's account its own
    now = {(one.kind, one.thing_id): one.names[0] for one in things(edition)}
    before: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    others = [one for one in store.numbered() if one != edition.version]
    for version in others[: -VERSIONS - 1 : -1]:
        # One that is damaged, or of other software, tells no names.
        with (
            suppress(ChunshuiError, duckdb.Error),
            Reader(store.path(version), store.manifest(version)) as reader,
        ):
            for one in things_of(reader):
                key, name = (one.kind, one.thing_id), one.names[0]
                if now.get(key, name) != name:
                    before[key][name] = None
    return {key: tuple(then) for key, then in before.items()}


@remembered(4)
def things(edition: Edition) -> list[Thing]:
    """Return the metrics and everything of a version that has a name."""
    return things_of(data.reader(edition))


def now_called(edition: Edition, kinds: Iterable[str], then: str) -> Thing | None:
    """Return the one thing of some kinds that an earlier version called so, in a filter too (name·id,
    name（street）); None where none was, or several were, or one is called so now.
    """
    asked = {then, then.rpartition("·")[0], then.rpartition("（")[0]} - {""}
    if any(one.kind in kinds and one.names[0] in asked for one in things(edition)):
        return None
    keys = [
        key for key, old in names(edition).items() if key[0] in kinds and not asked.isdisjoint(old)
    ]
    if len(keys) != 1:
        return None
    return next(one for one in things(edition) if (one.kind, one.thing_id) == keys[0])
