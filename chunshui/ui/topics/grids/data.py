"""What the page of the grids shows, asked of a version."""

import datetime as dt

import pandas as pd

from chunshui.catalogue.metric import get_metric, window_start
from chunshui.month import Month
from chunshui.ui.data import views
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope

# What a grid may lack, by the words it is chosen with.
LEADER, GROUP_LEADER, CENTRE, NEITHER = (
    "没有网格长",
    "没有楼栋党小组长",
    "没有党员中心户",
    "两样都没有",
)
LACKS = (NEITHER, LEADER, GROUP_LEADER, CENTRE)


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope, whatever is filtered."""
    for ask in (grids, vacancies, roles):
        ask(scope)


def bounds() -> tuple[int, int]:
    """Return the fewest and the most households that a grid should have."""
    params = get_metric("grid_compliance").variant().params
    return params["lowest"], params["highest"]


def handover_days() -> int:
    """Return the days within which a post without a leader is being handed over."""
    return get_metric("grid_leader_gap").variant().params["handover_days"]


@remembered(256)
def grids(scope: Scope) -> pd.DataFrame:
    """Return the grids in scope: homes, posts, vacancies, leaders and centre households."""
    lowest, highest = bounds()
    return views.within("views/grids_list", scope, lowest=lowest, highest=highest)


@remembered(256)
def vacancies(scope: Scope) -> pd.DataFrame:
    """Return the vacant posts in scope, the longest first."""
    return views.within("views/grids_vacancies", scope)


@remembered(256)
def roles(scope: Scope) -> pd.DataFrame:
    """Return the posts of each role of the dictionary in scope, those filled, homes and days."""
    return views.added("views/grids_roles", scope, ("role_id", "role_name"), _since)


def _since(month: Month) -> dt.date:
    return window_start(get_metric("grid_post_days").window, month)


def posts(scope: Scope, grid_id: str) -> pd.DataFrame:
    """Return the records of one grid's posts and of the leaders and centre households in it."""
    return views.district("views/grids_posts", scope, grid=grid_id)


def lacking(grids: pd.DataFrame, lack: str) -> pd.Series:
    """Return of each grid whether it lacks one of `LACKS`; what is not known is not lacking."""
    if lack == LEADER:
        return grids["leader_days"].notna()
    leaders, centres = grids["leaders"] == 0, grids["centres"] == 0
    return {GROUP_LEADER: leaders, CENTRE: centres, NEITHER: leaders & centres}[lack]
