"""What the page of riders shows, asked of a version: stations, hours, meals, posts, needs. No persons."""

import numpy as np
import pandas as pd

from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.parametrised import figure_with
from chunshui.month import Month
from chunshui.ui.data import figure, reader, views
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope

NIGHT, WINDOW, MEALS, BALANCE, ROLES = (
    "rider_night",
    "rider_window_rate",
    "rider_meals",
    "rider_balance",
    "job_roles",
)
WALK = "circle_rider"  # stands in for riders, who have no register: see its definition
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
HOURS = tuple(range(24))
BRANDED, EVERY = "品牌驿站", "全部小哥驿站"
OPEN, SHUT, UNKNOWN = "在开", "已关门", "没有登记时间"


def prepare(scope: Scope) -> None:
    """Ask ahead what the page needs of the month of a scope, whatever is filtered."""
    for ask in (stations, meals, posts, needs):
        ask(scope)
    walks(scope, *usual())


def usual() -> tuple[int, int]:
    """Return the weekday (1 to 7) and the hour that the metric of the night is of."""
    params = get_metric(NIGHT).variant().params
    return params["weekday"], params["minute"] // 60


@remembered(256)
def stations(scope: Scope) -> pd.DataFrame:
    """Return the stations in scope that riders are for: of a brand, with 小哥驿站, canteens."""
    return views.within("views/riders_stations", scope)


@remembered(256)
def chosen(scope: Scope, which: str) -> pd.DataFrame:
    """Return the stations of a brand, or all with 小哥驿站 or of a brand."""
    rows = stations(scope)
    return rows[rows["is_brand"] if which == BRANDED else rows["is_brand"] | rows["is_post"]]


def open_then(scope: Scope, rows: pd.DataFrame, weekday: int, hour: int) -> pd.Series:
    """Return of each station whether it is open at the hour, 已关门 or 没有登记时间."""
    hours, minute = reader(scope.edition).query("views/circle_hours"), 60 * hour
    then = hours[
        (hours["weekday"] == weekday)
        & (hours["opens_minute"] <= minute)
        & (hours["closes_minute"] > minute)
    ]
    said = rows["has_hours"].map({True: SHUT, False: UNKNOWN})
    return said.mask(rows["station_id"].isin(then["station_id"]), OPEN)


def hours(scope: Scope, station: str) -> pd.DataFrame:
    """Return when one station is open: weekday, opens_minute, closes_minute, the ledger row."""
    return reader(scope.edition).query("views/riders_hours", station=station)


def week(scope: Scope, which: str) -> pd.DataFrame:
    """Return how many of the chosen stations are open: a row per weekday (1 to 7), a column per hour."""
    hours = reader(scope.edition).query("views/circle_hours")
    hours = hours[hours["station_id"].isin(chosen(scope, which)["station_id"])]
    minutes = 60 * np.array(HOURS)
    opens, closes = (hours[f"{end}_minute"].to_numpy()[:, None] for end in ("opens", "closes"))
    then = pd.DataFrame((opens <= minutes) & (closes > minutes), columns=list(HOURS))
    keys = [hours["weekday"].to_numpy(), hours["station_id"].to_numpy()]
    counts = then.groupby(keys).any().groupby(level=0).sum()
    return counts.reindex(range(1, 8), fill_value=0)


def walks(scope: Scope, weekday: int, hour: int) -> pd.DataFrame | None:
    """Return who of each community has a 小哥驿站 open then in ten minutes' walk; None without walks."""
    if figure(scope.district(), WALK).value is None:
        return None
    return _walks(scope.district(), weekday, hour)


@remembered(128)
def _walks(district: Scope, weekday: int, hour: int) -> pd.DataFrame:
    params = {"weekday": weekday, "minute": 60 * hour}
    return figure_with(reader(district.edition), WALK, district.month, params).communities


@remembered(256)
def meals(scope: Scope) -> pd.DataFrame:
    """Return meals by canteen and month in scope, the latest first, with the balance so far."""
    return views.within("views/riders_meals", scope)


@remembered(256)
def meal_months(scope: Scope) -> pd.DataFrame:
    """Return deliveries, discounted meals and the balance at the end of each month in scope."""
    rows = meals(scope).groupby("month")[["deliveries", "discounted"]].sum().sort_index()
    return rows.assign(balance=(rows["deliveries"] - rows["discounted"]).cumsum()).reset_index()


@remembered(256)
def canteens(scope: Scope) -> pd.DataFrame:
    """Return the canteens that keep such books: this month's meals, all so far, the least balance.

    Those that ever used more than was earned first, then the greatest balance.
    """
    rows = meals(scope)
    stations = rows.groupby("station_id")
    latest = rows.drop_duplicates("station_id").set_index("station_id")
    sums = stations[["deliveries", "discounted", "elders"]].sum()
    sums = sums.assign(least=stations["balance"].min())
    names = ["station_name", "street_name", "community_name", "balance"]
    sums = latest[names].join(sums).sort_index()
    now = rows[rows["month"] == str(Month.parse(scope.month))].set_index("station_id")
    sums = sums.assign(now=now["deliveries"].reindex(sums.index), over=(-sums["least"]).clip(0))
    order = ["over", "balance", "station_name"]
    return sums.reset_index().sort_values(order, ascending=[False, False, True], ignore_index=True)


@remembered(256)
def posts(scope: Scope) -> pd.DataFrame:
    """Return the posts in scope, those filled first."""
    return views.within("views/riders_posts", scope)


def needs(scope: Scope) -> pd.DataFrame:
    """Return what may be told of the surveys: the district and the areas that the scope is part of.

    Never sums of areas: what a street's page shows is what the district's shows of it.
    """
    rows = views.district("views/riders_needs", scope)
    codes = {*scope.streets} | ({scope.community[:9]} if scope.community else set())
    if not codes:
        return rows
    inside = [
        area is None or area != area or bool(codes & set(streets))
        for area, streets in zip(rows["area_no"], rows["street_codes"], strict=True)
    ]
    return rows[inside]
