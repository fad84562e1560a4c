"""What the page of the demonstration sites shows, asked of a version and kept."""

from dataclasses import dataclass

import pandas as pd

from chunshui.catalogue.metric import Metric, get_metric
from chunshui.renewal import shares
from chunshui.renewal.shares import Share
from chunshui.ui.data import reader, views
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope

COMPARED = (
    "full_items_rate",
    "opinion_on_time_rate",
    "opinion_local_rate",
    "group_leader_rate",
    "grid_roles_filled",
    "two_new_coverage",
    "walkup_older_rate",
)


@dataclass(frozen=True)
class Compared:
    """One metric for demonstration communities and the others; `difference` is its interval."""

    metric: Metric
    ours: Share
    others: Share
    difference: tuple[float, float]


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope, whatever is filtered."""
    for ask in (sites, items, dimensions, covenants, matters):
        ask(scope)


def sites(scope: Scope) -> pd.DataFrame:
    """Return the demonstration sites in scope with what their community lacks."""
    return views.within("views/sites_list", scope)


def dimensions(scope: Scope) -> pd.DataFrame:
    """Return the four dimensions of the checklist by community."""
    return views.within("views/sites_dimensions", scope)


@remembered(256)
def items(scope: Scope) -> pd.DataFrame:
    """Return every item of the checklist with how many communities in scope meet and lack it."""
    every = reader(scope.edition).query("views/sites_items")
    counts = views.added("views/sites_standing", scope, ("item_id",)).set_index("item_id")
    return every.join(counts.reindex(every["item_id"], fill_value=0), on="item_id")


def covenants(scope: Scope) -> pd.DataFrame:
    """Return the communities with the residents' covenant of each, those without first."""
    return views.within("views/neighbours_covenants", scope)


def matters(scope: Scope) -> pd.DataFrame:
    """Return what residents' forums raised within a year or is not settled, the oldest open first."""
    return views.within("views/neighbours_matters", scope)


def checklist(scope: Scope, community: str) -> pd.DataFrame:
    """Return the checklist of one community, item by item."""
    return views.district("views/sites_checklist", scope, community=community)


def lacking(scope: Scope, dimension: str, item: str) -> pd.DataFrame:
    """Return the communities that lack one item, with their ledger rows."""
    return views.filtered("views/sites_lacking", scope, dimension=dimension, item=item)


@remembered(64)
def comparison(scope: Scope) -> list[Compared]:
    """Return the same metrics for demonstration communities and the others, where both have any."""
    values = views.filtered("views/sites_comparison", scope, metrics=list(COMPARED))
    compared = []
    for metric_id in COMPARED:
        own = values[values["metric_id"] == metric_id]
        ours, others = (
            shares.share(group["numerator"].to_numpy(), group["denominator"].to_numpy())
            for group in (own[own["is_demo"]], own[~own["is_demo"]])
        )
        if ours and others:
            difference = shares.difference(ours, others)
            compared.append(Compared(get_metric(metric_id), ours, others, difference))
    return compared
