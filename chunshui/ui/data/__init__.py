"""What pages show, asked of the catalogue and kept: edition and scope are the key.

Nothing here computes a figure. Everything kept is keyed by the store and its version, so a publish
or an undo is a new key; what was kept for other versions falls out of the bounded caches in time.
Results are shared by every session and must not be changed.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import shapely
import streamlit as st

from chunshui import paths
from chunshui.catalogue import sources
from chunshui.catalogue.attention import Item, items_of, items_within
from chunshui.catalogue.bands import Classes
from chunshui.catalogue.by_place import Saturation, map_classes, place_table, saturation_of
from chunshui.catalogue.checks import check_findings
from chunshui.catalogue.claims import Claim, claims_of
from chunshui.catalogue.figure import Figure
from chunshui.catalogue.figure import rounding_note as note_of
from chunshui.catalogue.figures import figures_of, variants_of
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import Metric, all_metrics
from chunshui.catalogue.target_grid import TargetGrid, aimed, furthest_first
from chunshui.catalogue.target_grid import target_grid as grid_of
from chunshui.catalogue.to_target import ToTarget, nearest, places_to_target, to_target_of
from chunshui.catalogue.why import Change, change_of, member_flows
from chunshui.pipeline.narrow import SHARED_OUT
from chunshui.snapshots.sections.job import district_name as name_of
from chunshui.ui.data.remembering import Remembering, remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.data.turnover import TURNOVER
from chunshui.ui.map import land
from chunshui.ui.map.land import District, Place
from chunshui.warehouse import Comparison, Edition, Manifest, Serving, Store, compare

FIRST_METRIC = "two_new_coverage"  # what the dictionary shows unasked
FIRST_TILES = 6  # figures on the first page: those furthest from their targets


def store() -> Store:
    """Return the versions under this computer's data folder."""
    return Store(paths.versions_dir())


def serving() -> Serving:
    """Return the version to show now; raise a ChunshuiError in words when there is none."""
    return TURNOVER.shown(store().current())


@remembered(4)
def reader(edition: Edition) -> Remembering:
    """Return the open version, shared by every session; it asks each question once."""
    return Remembering(Store(Path(edition.root)).open(edition))


def manifest(edition: Edition) -> Manifest:
    """Return what the version says of itself."""
    return reader(edition).manifest


def has_ledger(scope: Scope, ledger: str) -> bool:
    """Return whether the version has rows of a ledger: without, nothing is known, which is not 0."""
    return manifest(scope.edition).has(ledger)


@remembered(4)
def months(edition: Edition) -> tuple[str, ...]:
    """Return the months that can be asked for, the latest first: "2026-10"."""
    return tuple(reader(edition).query("views/months")["month"])


@remembered(4)
def district_name(edition: Edition) -> str:
    """Return what the district is called."""
    return name_of(reader(edition))


@remembered(4)
def district(edition: Edition) -> District:
    """Return streets, communities, river and railway with their shapes."""
    streets = reader(edition).query("views/streets")
    communities = reader(edition).query("views/communities")
    barriers = reader(edition).query("views/barriers")
    return land.gathered(
        [
            Place(row.street_code, row.street_name, row.street_code, shape)
            for row, shape in zip(streets.itertuples(), _shapes(streets), strict=True)
        ],
        [
            Place(
                row.community_code,
                row.community_name,
                row.street_code,
                shape,
                row.valid_from.date(),
            )
            for row, shape in zip(communities.itertuples(), _shapes(communities), strict=True)
        ],
        list(zip(barriers["kind"], barriers["barrier_name"], _shapes(barriers), strict=True)),
    )


def _shapes(rows: pd.DataFrame) -> list:
    return shapely.from_wkb([bytes(shape) for shape in rows["shape"]]).tolist()


@remembered(1024)
def _asked_so_far(scope: Scope) -> dict[str, Figure]:
    """Return the figures of the scope asked so far, by id; `figures` adds to them."""
    return {}


def figures(scope: Scope, metric_ids: Iterable[str]) -> dict[str, Figure]:
    """Return the figures of some metrics by id, each with its trend; the new ones in one query."""
    wanted = tuple(metric_ids)
    kept = _asked_so_far(scope)
    if new := [metric_id for metric_id in wanted if metric_id not in kept]:
        kept |= figures_of(reader(scope.edition), new, scope.month, scope.streets, scope.community)
    return {metric_id: kept[metric_id] for metric_id in wanted}


def figure(scope: Scope, metric_id: str) -> Figure:
    """Return one figure of the scope."""
    return figures(scope, (metric_id,))[metric_id]


def every_figure(scope: Scope) -> dict[str, Figure]:
    """Return the figure of every metric of the dictionary, by id."""
    return figures(scope, all_metrics())


def targeted(scope: Scope) -> list[Figure]:
    """Return the figures that have a target, those furthest from it first."""
    return furthest_first(figures(scope, [metric.id for metric in aimed()]).values())


def worst_to_map(scope: Scope, targeted: list[Figure]) -> Metric:
    """Return the metric furthest from its target that a map can show: half of the communities judged.

    Few opinions fall on a community in a month; their rates would leave the whole map grey.
    """
    street = home_street(scope)
    for figure in targeted:
        rows = by_community(scope.district(), figure.metric.id)
        of_place = rows["street_code"] == street if street else rows["community_code"].notna()
        if (rows["value"].notna() & ~rows["small"])[of_place].mean() >= 0.5:
            return figure.metric
    return targeted[0].metric


def target_grid(scope: Scope) -> TargetGrid:
    """Return every metric with a target for the streets in scope, or the communities of the one."""
    street = home_street(scope)
    return _target_grid(
        replace(scope.district(), against=scope.against),
        "community" if street else "street",
        street,
        scope.streets,
    )


@remembered(512, against=True)
def _target_grid(
    district: Scope, level: str, street: str | None, streets: tuple[str, ...]
) -> TargetGrid:
    within = (street,) if street else streets
    return grid_of(reader(district.edition), district.month, level, within, district.against)


def places(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return what a ranking ranks: the communities of the one street in scope, else all streets."""
    street = home_street(scope)
    if street:
        rows = by_community(scope.district(), metric_id)
        return rows[rows["street_code"] == street].reset_index(drop=True)
    return by_street(scope.district(), metric_id)


def home_street(scope: Scope) -> str | None:
    """Return the one street whose communities are ranked; None when it is the streets."""
    if scope.community:
        land = district(scope.edition)
        return next(c.street_code for c in land.communities if c.code == scope.community)
    return scope.streets[0] if len(scope.streets) == 1 else None


@remembered(512, against=True)
def by_street(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return the figure of every street in scope, the best first."""
    return place_table(
        reader(scope.edition),
        metric_id,
        scope.month,
        "street",
        scope.streets,
        against=scope.against,
    )


@remembered(512, against=True)
def by_community(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return the figure of every community of the district, the best first."""
    return place_table(
        reader(scope.edition), metric_id, scope.month, "community", against=scope.against
    )


@remembered(512)
def community_classes(edition: Edition, metric_id: str) -> Classes:
    """Return the classes of a metric's map by community: the same for every month and scope."""
    return map_classes(reader(edition), metric_id, "community")


@remembered(32)
def members(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return the members of a figure, counted and not, each with its ledger row."""
    where = (scope.streets, scope.community)
    return _told(
        scope, metric_id, members_of(reader(scope.edition), metric_id, scope.month, *where)
    )


def _told(scope: Scope, metric_id: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return members as they may be listed: of a street's rows alone some would be counted otherwise."""
    alone = manifest(scope.edition).street and metric_id in SHARED_OUT
    return rows.head(0) if alone else rows


@remembered(256)
def sensitivity(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return the figure under every accepted way of counting."""
    return variants_of(
        reader(scope.edition), metric_id, scope.month, scope.streets, scope.community
    )


@remembered(128)
def change(scope: Scope, metric_id: str, against: str, level: str) -> Change:
    """Return a figure's change since another month, taken apart by street or community."""
    where = (scope.streets, scope.community)
    return change_of(reader(scope.edition), metric_id, scope.month, against, level, *where)


@remembered(64)
def flows(scope: Scope, metric_id: str, against: str) -> pd.DataFrame:
    """Return the members that came, went or changed since another month, with their ledger rows."""
    where = (scope.streets, scope.community)
    rows = member_flows(reader(scope.edition), metric_id, scope.month, against, *where)
    return _told(scope, metric_id, rows)


@remembered(128)
def to_target(scope: Scope, metric_id: str) -> ToTarget:
    """Return what is between a figure and its target, and its pace."""
    where = (scope.streets, scope.community)
    return to_target_of(reader(scope.edition), metric_id, scope.month, *where)


@remembered(32)
def nearest_members(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return the members that could bring the figure to its target, the nearest first."""
    gap = to_target(scope, metric_id)
    rows = nearest(reader(scope.edition), gap, scope.streets, scope.community)
    return _told(scope, metric_id, rows)


@remembered(128)
def lacking_places(scope: Scope, metric_id: str, level: str) -> pd.DataFrame:
    """Return the places in scope with how much each lacks to its own target, the most first."""
    street = home_street(scope)
    streets = (street,) if street else scope.streets
    return places_to_target(reader(scope.edition), metric_id, scope.month, level, streets)


def saturation(scope: Scope, metric_id: str) -> Saturation:
    """Return whether the metric still tells the streets of the district apart."""
    return saturation_of(metric_id, by_street(scope.district(), metric_id))


def attention(scope: Scope) -> list[Item]:
    """Return all that needs attention in scope, the gravest first."""
    return items_within(_findings(scope.edition, scope.month), scope.streets, scope.community)


@remembered(64)
def _findings(edition: Edition, month: str) -> list[Item]:
    return items_of(reader(edition), month)


def rounding_note(scope: Scope, metric: Metric) -> str:
    """Return the footnote of a total whose places, as they are written, do not add up; "" else."""
    if metric.kind != "total":
        return ""
    values = list(places(scope, metric.id)["value"])
    return note_of(values, figure(scope, metric.id).value, metric.unit)


def claims(scope: Scope, *metric_ids: str) -> list[Claim]:
    """Return the published figures beside the district's: all, or those about some metrics."""
    every = _claims(scope.edition)
    return [one for one in every if one.metric_id in metric_ids] if metric_ids else every


@remembered(64)
def quoted_communities(edition: Edition) -> list[str]:
    """Return the codes of the communities that the district's ledger of terms quotes by name."""
    return list(reader(edition).query("views/communities_quoted")["community_code"])


@remembered(64)
def _claims(edition: Edition) -> list[Claim]:
    return claims_of(reader(edition))


@st.cache_resource(show_spinner="正在逐行比较两个版本…", max_entries=8)
def comparison(a: Edition, b: Edition) -> Comparison:
    """Return what differs between two versions of one store."""
    return compare(Store(Path(a.root)), a.version, b.version)


@remembered(4)
def points(edition: Edition) -> dict[tuple[str, str], tuple[float, float]]:
    """Return longitude and latitude of what has them, by entity table and id."""
    rows = reader(edition).query("views/points")
    things = zip(rows["entity_table"], rows["entity_id"], strict=True)
    return dict(zip(things, zip(rows["lon"], rows["lat"], strict=True), strict=True))


@remembered(4)
def source_files(edition: Edition) -> pd.DataFrame:
    """Return the ledger sheets the version was built from."""
    return sources.source_files(reader(edition))


@remembered(4)
def unused_rows(edition: Edition) -> pd.DataFrame:
    """Return how many ledger rows did not enter the tables, by sheet and what became of them."""
    return sources.unused_rows(reader(edition))


@remembered(4)
def check_results(edition: Edition) -> pd.DataFrame:
    """Return what the rules and the reading of the ledgers found, the gravest first."""
    return check_findings(reader(edition))
