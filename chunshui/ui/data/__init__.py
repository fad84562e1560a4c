"""What pages show, asked of the catalogue and kept: version and scope are the key.

Nothing here computes a figure. Everything kept is keyed by the data version, so a publish or an
undo is a new key; what was kept for other versions falls out of the bounded caches in time.
Results are shared by every session and must not be changed.
"""

from collections.abc import Iterable

import pandas as pd
import shapely
import streamlit as st

from chunshui import paths
from chunshui.catalogue import attention as rules
from chunshui.catalogue import claims as published
from chunshui.catalogue import metric as catalogue
from chunshui.catalogue import runner, sources
from chunshui.catalogue.attention import Item
from chunshui.catalogue.claims import Claim
from chunshui.catalogue.runner import Figure, Saturation
from chunshui.ui.data.remembering import Remembering
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.warehouse import Comparison, Manifest, Serving, Store, compare

FIRST_METRIC = "two_new_coverage"  # what map, ranking and dictionary show unasked
FIRST_TILES = (
    "two_new_coverage",
    "grid_roles_filled",
    "opinion_on_time_rate",
    "area_per_100_households",
    "investment_paid_rate",
    "renovation_stalled",
)


def store() -> Store:
    """Return the versions under this computer's data folder."""
    return Store(paths.versions_dir())


def serving() -> Serving:
    """Return the version to serve now; raise a ChunshuiError in words when there is none."""
    return store().current()


@st.cache_resource(show_spinner=False, max_entries=4)
def reader(version: str) -> Remembering:
    """Return the open version, shared by every session; it asks each question once."""
    return Remembering(store().open(version))


def manifest(version: str) -> Manifest:
    """Return what the version says of itself."""
    return reader(version).manifest


@st.cache_resource(show_spinner=False, max_entries=4)
def months(version: str) -> tuple[str, ...]:
    """Return the months that can be asked for, the latest first: "2026-10"."""
    return tuple(reader(version).query("views/months")["month"])


@st.cache_resource(show_spinner=False, max_entries=4)
def district(version: str) -> maps.District:
    """Return streets, communities, river and railway with their shapes."""
    streets = reader(version).query("views/streets")
    communities = reader(version).query("views/communities")
    barriers = reader(version).query("views/barriers")
    return maps.district(
        [
            maps.Place(row.street_code, row.street_name, row.street_code, shape)
            for row, shape in zip(streets.itertuples(), _shapes(streets), strict=True)
        ],
        [
            maps.Place(row.community_code, row.community_name, row.street_code, shape)
            for row, shape in zip(communities.itertuples(), _shapes(communities), strict=True)
        ],
        list(zip(barriers["kind"], barriers["barrier_name"], _shapes(barriers), strict=True)),
    )


def _shapes(rows: pd.DataFrame) -> list:
    return shapely.from_wkb([bytes(shape) for shape in rows["shape"]]).tolist()


# What is kept is found again by what decides the data, not by the words of the scope.
BY_KEY = {Scope: lambda scope: scope.key}


@st.cache_resource(show_spinner=False, max_entries=1024, hash_funcs=BY_KEY)
def _kept(scope: Scope) -> dict[str, Figure]:
    """Return the figures of the scope asked so far, by id; `some` adds to them."""
    return {}


def some(scope: Scope, metric_ids: Iterable[str]) -> dict[str, Figure]:
    """Return the figures of some metrics by id, each with its trend; the new ones in one query."""
    wanted = tuple(metric_ids)
    kept = _kept(scope)
    if new := [metric_id for metric_id in wanted if metric_id not in kept]:
        kept |= runner.figures(
            reader(scope.version), new, scope.month, scope.streets, scope.community
        )
    return {metric_id: kept[metric_id] for metric_id in wanted}


def figure(scope: Scope, metric_id: str) -> Figure:
    """Return one figure of the scope."""
    return some(scope, (metric_id,))[metric_id]


def figures(scope: Scope) -> dict[str, Figure]:
    """Return the figure of every metric of the dictionary."""
    return some(scope, tuple(catalogue.load_all()))


def targeted(scope: Scope) -> list[Figure]:
    """Return the figures that have a target; the first page's are asked in the same query."""
    metrics = catalogue.load_all().values()
    aimed = [metric.id for metric in metrics if metric.target is not None]
    found = some(scope, dict.fromkeys([*aimed, *FIRST_TILES, FIRST_METRIC]))
    return [found[metric_id] for metric_id in aimed]


def places(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return what a ranking ranks: the communities of the one street in scope, else all streets."""
    street = home_street(scope)
    if street:
        found = by_community(scope.district(), metric_id)
        return found[found["street_code"] == street].reset_index(drop=True)
    return by_street(scope.district(), metric_id)


def home_street(scope: Scope) -> str | None:
    """Return the one street whose communities are ranked; None when it is the streets."""
    if scope.community:
        land = district(scope.version)
        return next(c.street_code for c in land.communities if c.code == scope.community)
    return scope.streets[0] if len(scope.streets) == 1 else None


@st.cache_resource(show_spinner=False, max_entries=512, hash_funcs=BY_KEY)
def by_street(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return the figure of every street in scope, the best first."""
    return runner.by_street(reader(scope.version), metric_id, scope.month, scope.streets)


@st.cache_resource(show_spinner=False, max_entries=512, hash_funcs=BY_KEY)
def by_community(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return the figure of every community of the district, the best first."""
    return runner.by_community(reader(scope.version), metric_id, scope.month)


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs=BY_KEY)
def members(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return the members of a figure, counted and not, each with its ledger row."""
    return runner.members(
        reader(scope.version), metric_id, scope.month, scope.streets, scope.community
    )


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=BY_KEY)
def sensitivity(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return the figure under every accepted way of counting."""
    return runner.sensitivity(
        reader(scope.version), metric_id, scope.month, scope.streets, scope.community
    )


def saturation(scope: Scope, metric_id: str) -> Saturation:
    """Return whether the metric still tells the streets of the district apart."""
    return runner.saturation(metric_id, by_street(scope.district(), metric_id))


def attention(scope: Scope) -> list[Item]:
    """Return what needs attention in scope, the gravest first."""
    return rules.within(_findings(scope.version, scope.month), scope.streets, scope.community, 2)


@st.cache_resource(show_spinner=False, max_entries=64)
def _findings(version: str, month: str) -> list[Item]:
    return rules.everything(reader(version), month)


@st.cache_resource(show_spinner=False, max_entries=64)
def claims(version: str, month: str) -> list[Claim]:
    """Return the published figures beside the district's."""
    return published.claims(reader(version), month)


@st.cache_resource(show_spinner="正在逐行比较两个版本…", max_entries=8)
def comparison(a: str, b: str) -> Comparison:
    """Return what differs between two versions."""
    return compare(store(), a, b)


@st.cache_resource(show_spinner=False, max_entries=4)
def points(version: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Return longitude and latitude of what has them, by entity table and id."""
    found = reader(version).query("views/points")
    things = zip(found["entity_table"], found["entity_id"], strict=True)
    return dict(zip(things, zip(found["lon"], found["lat"], strict=True), strict=True))


@st.cache_resource(show_spinner=False, max_entries=4)
def source_files(version: str) -> pd.DataFrame:
    """Return the ledger sheets the version was built from."""
    return sources.source_files(reader(version))


@st.cache_resource(show_spinner=False, max_entries=4)
def unused_rows(version: str) -> pd.DataFrame:
    """Return how many ledger rows did not enter the tables, by sheet and what became of them."""
    return sources.unused_rows(reader(version))
