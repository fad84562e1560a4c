"""Every metric of organisation and governance counted again with pandas, for every street and community.

From the ledgers' rows, by what each definition says, and by none of our SQL.
"""

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue.metric import all_metrics
from chunshui.month import Month

CHANCE = np.random.default_rng(14)
MONTHS = ["2026-10", f"2025-{CHANCE.integers(1, 13):02d}"]
NEVER = pd.Timestamp("2200-01-01")
NAMES = (
    "community", "neighbourhood", "grid_unit", "grid_role", "grid_post", "building", "building_post",
    "party_committee", "party_branch", "branch_neighbourhood", "member_unit", "pledge", "brand",
    "industry_committee", "linkage", "two_new_org", "station", "station_function", "station_hours",
    "training", "bulletin", "new_job_role", "meal_exchange", "covenant", "forum_matter", "opinion",
    "opinion_event", "opinion_callback", "workday", "challenge", "assignment", "action_task",
)  # fmt: skip
TIERS = ("小区", "社区", "街道", "部门")


class Ledgers:
    """The rows of the ledgers, as of the end of a month."""

    def __init__(self, rows: dict[str, pd.DataFrame], month: str) -> None:
        self.rows = rows
        self.end = pd.Timestamp(Month.parse(month).last)
        self.month = self.end.replace(day=1)
        self.year = self.end.replace(month=1, day=1)
        self.quarter = self.end.replace(month=(self.end.month - 1) // 3 * 3 + 1, day=1)

    def __getattr__(self, name: str) -> pd.DataFrame:
        found = self.rows[name].copy()
        if "community_code" in found and "street_code" not in found:
            found["street_code"] = found["community_code"].str[:9]
        return found

    def at(self, name: str, start: str, until: str) -> pd.DataFrame:
        """The rows that had begun and were not over."""
        rows = getattr(self, name)
        return rows[(rows[start] <= self.end) & ~(rows[until] <= self.end)]

    def since(self, name: str, day: str, first: pd.Timestamp) -> pd.DataFrame:
        rows = getattr(self, name)
        return rows[rows[day].between(first, self.end)]

    def committees(self) -> pd.DataFrame:
        return self.at("party_committee", "established_on", "dissolved_on")

    def units(self) -> pd.DataFrame:
        homes = self.party_committee.set_index("committee_id")["street_code"]
        found = self.at("member_unit", "joined_on", "left_on")
        return found.assign(street_code=found["committee_id"].map(homes))

    def promised(self) -> pd.DataFrame:
        """Promises of units that have not left, with their street."""
        units = self.member_unit
        staying = units[~(units["left_on"] <= self.end)]
        homes = self.party_committee.set_index("committee_id")["street_code"]
        where = staying.set_index("unit_id")["committee_id"].map(homes)
        found = self.pledge[self.pledge["unit_id"].isin(where.index)]
        return found.assign(street_code=found["unit_id"].map(where))

    def held(self, kind: str) -> pd.Series:
        """How many posts of a kind each building has."""
        posts = self.at("building_post", "since_on", "until_on")
        return posts[posts["kind"] == kind].groupby("building_id").size()

    def buildings(self) -> pd.DataFrame:
        found = self.building
        for name, kind in (("leaders", "楼栋党小组长"), ("centres", "党员中心户")):
            found[name] = found["building_id"].map(self.held(kind)).fillna(0)
        return found

    def grids(self) -> pd.DataFrame:
        """Grids at work with how many required roles are vacant, and whether a leader is."""
        found = self.at("grid_unit", "set_on", "merged_on").set_index("grid_id", drop=False)
        posts = self.at("grid_post", "filled_on", "vacated_on")
        roles = self.grid_role
        for name, asked in (("vacant", "is_required"), ("led", "is_leader")):
            wanted = roles.loc[roles[asked], "role_id"]
            got = posts[posts["role_id"].isin(wanted)].groupby("grid_id")["role_id"].nunique()
            found[name] = found.index.map(got).fillna(0)
        found["required"] = int(roles["is_required"].sum())
        found["vacant"] = found["required"] - found["vacant"]
        return found

    def cored(self) -> pd.DataFrame:
        """Grids at work that have buildings, with the posts in these."""
        sums = self.buildings().groupby("grid_id")[["leaders", "centres"]].sum()
        return self.grids().join(sums, how="inner")

    def branch_tails(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """The neighbourhoods of each branch at work, the centre households (posts) in each neighbourhood."""
        branches = set(self.at("party_branch", "established_on", "dissolved_on")["branch_id"])
        covers: dict[str, set[str]] = {one: set() for one in branches}
        for row in self.branch_neighbourhood.itertuples():
            if row.branch_id in branches:
                covers[row.branch_id].add(row.neighbourhood_id)
        posts = self.at("building_post", "since_on", "until_on")
        posts = posts[posts["kind"] == "党员中心户"]
        homes = self.building.set_index("building_id")["neighbourhood_id"]
        inside: dict[str, set[str]] = {}
        for post, home in zip(posts["post_id"], posts["building_id"].map(homes), strict=True):
            inside.setdefault(home, set()).add(post)
        return covers, inside

    def working(self) -> list[dt.date]:
        off = set(self.workday.loc[self.workday["kind"] == "放假", "day"].dt.date)
        made_up = set(self.workday.loc[self.workday["kind"] == "上班", "day"].dt.date)
        days = pd.date_range("2023-09-01", "2027-03-01").date
        return [d for d in days if d in made_up or (d.isoweekday() < 6 and d not in off)]

    def reached(self) -> pd.DataFrame:
        found = self.since("opinion_callback", "called_on", self.year)
        found = found[found["is_reached"]]
        where = self.opinion.set_index("opinion_id")["street_code"]
        return found.assign(street_code=found["opinion_id"].map(where))


def share(rows: pd.DataFrame, hits, cases=1) -> pd.DataFrame:
    """Return a row per thing: its street, its community where known, and what it counts."""
    found = pd.DataFrame({"street_code": rows["street_code"].to_numpy()}, dtype=object)
    found["community_code"] = rows.get("community_code", pd.Series(None, rows.index)).to_numpy()
    found["numerator"] = np.broadcast_to(np.asarray(hits, float), len(rows))
    found["denominator"] = np.broadcast_to(np.asarray(cases, float), len(rows))
    return found


def count(rows: pd.DataFrame, hits=1) -> pd.DataFrame:
    return share(rows, hits, np.nan)


def covered(ledgers: Ledgers, *kinds: str) -> pd.DataFrame:
    rows = ledgers.at("two_new_org", "opened_on", "closed_on")
    return rows.assign(hit=rows["cover"].isin(kinds) & (rows["covered_on"] <= ledgers.end))


@cache
def chain(books: Ledgers) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Walk the linkage from the district down: where it breaks itself, and what hangs on a whole chain.

    Returns the breaks (street_code) and the neighbourhoods (street_code, whole, households).
    """
    most = {"区-街道": 2, "街道-社区": 5, "社区-小区": 5, "小区-中心户": 10}
    committees = books.committees()
    streets = committees[committees["level"] == "街道大工委"]
    communities = committees[committees["level"] == "社区大党委"]
    branches = books.at("party_branch", "established_on", "dissolved_on")
    covers, inside = books.branch_tails()
    of_street = streets.set_index("street_code")["committee_id"]
    of_community = communities.set_index("community_code")["committee_id"]
    above: dict[tuple[str, str], set[str]] = {}
    where: dict[tuple[str, str], str] = {}
    for row in streets.itertuples():
        above["区-街道", row.committee_id], where["区-街道", row.committee_id] = (
            {""},
            row.street_code,
        )
    for row in communities.itertuples():
        key = "街道-社区", row.committee_id
        above[key], where[key] = set(of_street.get([row.street_code], [])), row.street_code
    for row in branches.itertuples():
        key = "社区-小区", row.branch_id
        above[key], where[key] = set(of_community.get([row.community_code], [])), row.street_code
    homes = books.building.set_index("building_id")[["neighbourhood_id", "community_code"]]
    by_home: dict[str, set[str]] = {}
    for branch, own_homes in covers.items():
        for home in own_homes:
            by_home.setdefault(home, set()).add(branch)
    home_of = dict(zip(homes.index, homes.itertuples(index=False), strict=True))
    posts = books.at("building_post", "since_on", "until_on")
    for row in posts[posts["kind"] == "党员中心户"].itertuples():
        key, home = ("小区-中心户", row.post_id), home_of[row.building_id]
        above[key] = by_home.get(home.neighbourhood_id, set())
        where[key] = home.community_code[:9]
    links: dict[tuple, tuple] = {}
    for row in books.at("linkage", "since_on", "until_on").itertuples():
        unit = next(x for x in (row.committee_id, row.branch_id, row.post_id) if isinstance(x, str))
        by = next(
            (x for x in (row.backer_committee_id, row.backer_branch_id) if isinstance(x, str)), ""
        )
        key = row.tier, unit, by, row.backer_post
        links[key] = min(links.get(key, (NEVER, "")), (row.since_on, row.link_id))
    turn: dict[tuple, int] = {}
    own: dict[tuple[str, str], set[str]] = {}  # in force, by a post above, within its bound
    gone = 0
    broken = []
    for (tier, unit, by, post), _ in sorted(links.items(), key=lambda one: one[1]):
        nth = turn[tier, by, post] = turn.get((tier, by, post), 0) + 1
        if (tier, unit) not in where:
            gone += 1  # its object is dissolved
            broken.append((tier, unit))
        elif by in above[tier, unit] and nth <= most[tier]:
            own.setdefault((tier, unit), set()).add(by)
    # Broken at their own link: none that holds, though there is something above to hang on.
    selves = [key for key in where if key not in own and above[key]]
    tailless = [b for b, own_homes in covers.items() if not any(inside.get(h) for h in own_homes)]
    dissolved = dict(
        zip(books.party_branch["branch_id"], books.party_branch["street_code"], strict=True)
    )
    dissolved |= dict(
        zip(
            books.party_committee["committee_id"], books.party_committee["street_code"], strict=True
        )
    )
    posted = books.building_post
    dissolved |= dict(
        zip(
            posted["post_id"],
            posted["building_id"].map(homes["community_code"]).str[:9],
            strict=True,
        )
    )
    at = [where[key] for key in selves]
    at += [where["社区-小区", one] for one in tailless]
    at += [dissolved[unit] for _, unit in broken]
    whole: set[str] = set()
    reach: dict[str, set[str]] = {tier: set() for tier in most}
    for tier, higher in zip(most, (None, *most), strict=False):
        for (own_tier, unit), bys in own.items():
            if own_tier == tier and (higher is None or bys & reach[higher]):
                reach[tier].add(unit)
    for branch, own_homes in covers.items():
        # A branch reaches down where one of its centre households hangs on it.
        tails = {post for home in own_homes for post in inside.get(home, ())}
        if branch in reach["社区-小区"] and any(
            branch in own.get(("小区-中心户", post), ()) for post in tails
        ):
            whole |= own_homes
    rows = books.neighbourhood
    sums = books.building.groupby("neighbourhood_id")["households"].sum()
    rows["households"] = rows["neighbourhood_id"].map(sums).fillna(0)
    rows["whole"] = rows["neighbourhood_id"].isin(whole)
    return pd.DataFrame({"street_code": at}), rows


def post_days(books: Ledgers, first: pd.Timestamp) -> pd.DataFrame:
    """Required posts' days in the span while the grid was there, and those on which somebody was in it."""
    found = []
    grids = books.grid_unit
    grids = grids[(grids["set_on"] <= books.end) & ~(grids["merged_on"] <= first)]
    roles = books.grid_role.loc[books.grid_role["is_required"], "role_id"].tolist()
    posts = books.grid_post[books.grid_post["role_id"].isin(roles)]
    spans: dict[tuple, list] = {}
    for post in posts.itertuples():
        spans.setdefault((post.grid_id, post.role_id), []).append(post)
    origin, length = first, (books.end - first).days + 1
    for grid in grids.itertuples():
        begins = max(0, (grid.set_on - origin).days)
        until = length if pd.isna(grid.merged_on) else min(length, (grid.merged_on - origin).days)
        due = filled = 0
        for role in roles:
            days = np.zeros(length, bool)
            for post in spans.get((grid.grid_id, role), []):
                end = length if pd.isna(post.vacated_on) else (post.vacated_on - origin).days
                days[max(0, (post.filled_on - origin).days) : max(0, min(length, end))] = True
            due += until - begins
            filled += int(days[begins:until].sum())
        found.append((grid.street_code, filled, due))
    return pd.DataFrame(found, columns=["street_code", "filled", "due"])


def leaderless(books: Ledgers) -> pd.DataFrame:
    """Grids at work without a leader, with the days since the last one left, or since it was set up."""
    grids = books.grids()
    leaders = books.grid_role.loc[books.grid_role["is_leader"], "role_id"]
    past = books.grid_post[
        books.grid_post["role_id"].isin(leaders) & (books.grid_post["filled_on"] <= books.end)
    ]
    left = past.groupby("grid_id")["vacated_on"].max()
    rows = grids[grids["led"] == 0].copy()
    since = pd.concat([rows["grid_id"].map(left), rows["set_on"]], axis=1).max(axis=1)
    return rows.assign(days=(books.end - since).dt.days)


def waits(books: Ledgers) -> pd.DataFrame:
    """Days of the year that items lay at tiers, and of these before they were taken on there."""
    where = books.opinion.set_index("opinion_id")["street_code"]
    found = []
    for item, events in books.opinion_event.sort_values("step").groupby("opinion_id"):
        came = taken = None
        pending = whole = 0

        def leave(day, came, taken):
            first, last = max(came, books.year), min(day, books.end)
            accepted = min(taken if taken is not None else books.end, books.end)
            if day < books.year:
                return 0, 0
            return max((accepted - first).days, 0), max((last - first).days, 0)

        for event in events[events["happened_on"] <= books.end].itertuples():
            day = event.happened_on
            if event.action == "受理":
                came = day if came is None else came
                taken = day
            else:
                p, w = leave(day, came, taken)
                pending, whole = pending + p, whole + w
                came, taken = (None, None) if event.action == "办结" else (day, None)
        if came is not None:
            p, w = leave(books.end, came, taken)
            pending, whole = pending + p, whole + w
        if whole:
            found.append((where[item], pending, whole))
    return pd.DataFrame(found, columns=["street_code", "pending", "whole"])


def ripe(books: Ledgers, days: int) -> pd.DataFrame:
    working = np.array(books.working(), "datetime64[D]")
    rows = books.opinion
    at = np.searchsorted(working, rows["received_on"].to_numpy("datetime64[D]"), side="right")
    rows["last"] = pd.to_datetime(working[at + days - 1])
    return rows[rows["last"].between(books.year, books.end)]


def stations(books: Ledgers, *functions: str) -> pd.DataFrame:
    rows = books.at("station", "opened_on", "closed_on")
    rows["street_code"] = rows["street_code"].fillna(rows["community_code"].str[:9])
    for function in functions:
        rows[function] = rows["station_id"].isin(
            books.station_function.loc[books.station_function["function"] == function, "station_id"]
        )
    return rows


def meals(books: Ledgers) -> pd.DataFrame:
    where = stations(Ledgers(books.rows, "2199-12")).set_index("station_id")["street_code"]
    every = books.rows["station"].set_index("station_id")["street_code"]
    found = books.meal_exchange
    return found.assign(
        street_code=found["station_id"].map(where).fillna(found["station_id"].map(every))
    )


def night(books: Ledgers) -> pd.DataFrame:
    rows = stations(books)
    hours = books.station_hours
    open_at = hours[
        (hours["weekday"] == 3) & (hours["opens_minute"] <= 1320) & (hours["closes_minute"] > 1320)
    ]
    rows = rows[rows["brand"].isin(["江城红领驿站", "汉江湾驿站"])]
    rows = rows[rows["station_id"].isin(hours["station_id"])]
    return share(rows, rows["station_id"].isin(open_at["station_id"]))


def level(books: Ledgers, name: str) -> pd.DataFrame:
    rows = books.committees()
    return count(rows[rows["level"] == name])


def in_time(rows: pd.DataFrame, done: str, due: str) -> pd.DataFrame:
    return share(rows, rows[done] <= rows[due])


def open_late(books: Ledgers) -> pd.DataFrame:
    rows = books.at("opinion", "received_on", "closed_on")
    return count(rows, rows["due_on"] <= books.end)


def returned(books: Ledgers) -> pd.DataFrame:
    rows, events = books.since("opinion", "received_on", books.year), books.opinion_event
    back = events[(events["action"] == "退回") & (events["happened_on"] <= books.end)]
    return share(rows, rows["opinion_id"].isin(back["opinion_id"]))


def branded(books: Ledgers) -> pd.DataFrame:
    brands, rows = books.at("brand", "declared_on", "ended_on"), books.committees()
    key = ["street_code", "community_code"]
    have = set(map(tuple, brands[key].fillna("").to_numpy()))
    return share(rows, [tuple(one) in have for one in rows[key].fillna("").to_numpy()])


def tailed(books: Ledgers) -> pd.DataFrame:
    covers, inside = books.branch_tails()
    rows = books.at("party_branch", "established_on", "dissolved_on")
    return share(rows, [any(inside.get(h) for h in covers[b]) for b in rows["branch_id"]])


def promise_less(books: Ledgers) -> pd.DataFrame:
    rows, made = books.units(), books.pledge
    after = (books.end - pd.DateOffset(months=12)).normalize()
    recent = made[(made["promised_on"] > after) & (made["promised_on"] <= books.end)]
    return share(rows, ~rows["unit_id"].isin(recent["unit_id"]))


def with_covenant(books: Ledgers) -> pd.DataFrame:
    rows = books.at("community", "valid_from", "valid_to")
    ones = books.at("covenant", "adopted_on", "ended_on")
    return share(rows, rows["community_code"].isin(ones["community_code"]))


def due_since(name: str, day: str):
    return lambda books: books.since(name, day, books.year)


def waiting(name: str, day: str, done: str, days: int):
    def counted(books: Ledgers) -> pd.DataFrame:
        rows = books.at(name, day, done)
        return count(rows[(books.end - rows[day]).dt.days > days])

    return counted


def pledged(books: Ledgers) -> pd.DataFrame:
    rows = books.promised()
    return rows[rows["due_on"].between(books.year, books.end)]


def closed(books: Ledgers) -> pd.DataFrame:
    return books.since("opinion", "closed_on", books.year)


def claims(books: Ledgers) -> pd.DataFrame:
    rows = books.since("challenge", "posted_on", books.year)
    return share(rows, (rows["mode"] == "主动认领") & (rows["claimed_on"] <= books.end))


def claimed_in_time(books: Ledgers) -> pd.DataFrame:
    rows = books.since("challenge", "due_on", books.year)
    rows = rows[rows["claimed_on"] <= books.end]
    return share(rows, (rows["done_on"] <= rows["due_on"]) & (rows["result"] == "完成"))


def overdue_promises(books: Ledgers) -> pd.DataFrame:
    rows = books.promised()
    rows = rows[rows["due_on"] <= books.end]
    return count(rows, ~(rows["delivered_on"] <= books.end))


def district(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(street_code=None)


def of_buildings(hits: str, cases: str):
    def counted(books: Ledgers) -> pd.DataFrame:
        rows = books.buildings()
        return share(rows, rows[hits], rows[cases])

    return counted


def of_cored(hit):
    def counted(books: Ledgers) -> pd.DataFrame:
        rows = books.cored()
        return share(rows, hit(rows))

    return counted


def of_grids(hit, cases=None):
    def counted(books: Ledgers) -> pd.DataFrame:
        rows = books.grids()
        return share(rows, hit(rows), 1 if cases is None else rows[cases])

    return counted


COUNTED = {
    "street_committees": lambda books: level(books, "街道大工委"),
    "community_committees": lambda books: level(books, "社区大党委"),
    "party_branches": lambda books: count(
        books.at("party_branch", "established_on", "dissolved_on")
    ),
    "member_units": lambda books: count(books.units()),
    "industry_committees": lambda books: count(
        district(books.at("industry_committee", "established_on", "dissolved_on"))
    ),
    "two_new_coverage": lambda books: share(r := covered(books, "单独组建", "联合组建"), r["hit"]),
    "two_new_own_rate": lambda books: share(r := covered(books, "单独组建"), r["hit"]),
    "two_new_work_coverage": lambda books: share(
        r := covered(books, *(set(books.two_new_org["cover"]) - {"未覆盖"})), r["hit"]
    ),
    "two_new_gap": lambda books: count(r := covered(books, "单独组建", "联合组建"), ~r["hit"]),
    "action_on_time": lambda books: in_time(
        district(books.since("action_task", "planned_on", books.year)), "done_on", "planned_on"
    ),
    "branch_cover_rate": lambda books: share(
        r := books.neighbourhood,
        r["neighbourhood_id"].isin(set().union(*books.branch_tails()[0].values())),
    ),
    "branch_tail_rate": tailed,
    "neighbourhood_tail_rate": lambda books: share(
        r := books.neighbourhood, r["neighbourhood_id"].isin(books.branch_tails()[1])
    ),
    "brand_rate": branded,
    "bulletins_issued": lambda books: count(
        district(r := books.bulletin)[
            (r["week_start"] >= books.year) & (r["issued_on"] <= books.end)
        ]
    ),
    "committee_unit_rate": lambda books: share(
        r := books.committees(), r["committee_id"].isin(books.units()["committee_id"])
    ),
    "linkage_broken": lambda books: count(chain(books)[0]),
    "linkage_reach_rate": lambda books: share(
        r := chain(books)[1], r["whole"] * r["households"], r["households"]
    ),
    "pledge_kept_rate": lambda books: in_time(pledged(books), "delivered_on", "due_on"),
    "pledges_overdue": overdue_promises,
    "training_attendance_rate": lambda books: share(
        r := books.since("training", "held_on", books.quarter), r["attended"], r["invited"]
    ),
    "trainings_held": lambda books: count(books.since("training", "held_on", books.year)),
    "unit_idle": promise_less,
    "opinions_received": lambda books: count(
        books.opinion[books.opinion["received_on"] <= books.end]
    ),
    "group_leaders": lambda books: count(r := books.buildings(), r["leaders"]),
    "centre_households": lambda books: count(r := books.buildings(), r["centres"]),
    "centre_household_density": of_buildings("centres", "households"),
    "households_per_centre": of_buildings("households", "centres"),
    "households_per_leader": of_buildings("households", "leaders"),
    "group_leader_rate": lambda books: share(r := books.buildings(), r["leaders"] > 0),
    "assignment_done_rate": lambda books: share(
        r := books.since("assignment", "issued_on", books.year), r["done_on"] <= books.end
    ),
    "assignment_on_time": lambda books: in_time(
        books.since("assignment", "due_on", books.year), "done_on", "due_on"
    ),
    "assignments_issued": lambda books: count(books.since("assignment", "issued_on", books.year)),
    "assignments_overdue": lambda books: count(
        r := books.at("assignment", "issued_on", "done_on"), r["due_on"] <= books.end
    ),
    "challenge_claim_rate": claims,
    "challenge_on_time": claimed_in_time,
    "challenge_waiting": waiting("challenge", "posted_on", "claimed_on", 30),
    "covenant_rate": with_covenant,
    "forum_matters": lambda books: count(books.since("forum_matter", "held_on", books.year)),
    "forum_settled_rate": lambda books: share(
        r := books.since("forum_matter", "held_on", books.year), r["settled_on"] <= books.end
    ),
    "forum_waiting": waiting("forum_matter", "held_on", "settled_on", 90),
    "grid_compliance": of_grids(lambda r: r["households"].between(300, 500)),
    "grid_households_staffed": of_grids(
        lambda r: (r["vacant"] == 0) * r["households"], "households"
    ),
    "grid_leader_gap": lambda books: count(
        r := leaderless(books), (r["days"] > 30) * r["households"]
    ),
    "grid_leader_rate": of_grids(lambda r: r["led"] > 0),
    "grid_no_centre": of_cored(lambda r: r["centres"] == 0),
    "grid_no_core": of_cored(lambda r: (r["centres"] == 0) & (r["leaders"] == 0)),
    "grid_no_group_leader": of_cored(lambda r: r["leaders"] == 0),
    "grid_post_days": lambda books: share(r := post_days(books, books.year), r["filled"], r["due"]),
    "grid_posts_filled": of_grids(lambda r: r["required"] - r["vacant"], "required"),
    "grid_roles_filled": of_grids(lambda r: r["vacant"] == 0),
    "job_roles": lambda books: count(books.at("new_job_role", "filled_on", "vacated_on")),
    "opinion_closed_within": lambda books: in_time(ripe(books, 10), "closed_on", "last"),
    "opinion_closing_rate": lambda books: share(
        r := books.since("opinion", "due_on", books.year), r["closed_on"] <= books.end
    ),
    "opinion_on_time_rate": lambda books: in_time(
        books.since("opinion", "due_on", books.year), "closed_on", "due_on"
    ),
    "opinion_local_rate": lambda books: share(
        r := closed(books), r["closed_tier"].isin(["小区", "社区"])
    ),
    "opinion_pending_share": lambda books: share(r := waits(books), r["pending"], r["whole"]),
    "opinion_quick_close": lambda books: share(
        r := closed(books), r["closed_on"] == r["received_on"]
    ),
    "opinion_repeat_rate": lambda books: share(
        r := books.since("opinion", "received_on", books.year), r["repeat_of"].notna()
    ),
    "opinion_return_rate": returned,
    "opinion_satisfied_rate": lambda books: share(
        r := books.reached(), r["is_satisfied"].astype(bool)
    ),
    "opinion_solved_rate": lambda books: share(r := books.reached(), r["is_solved"].astype(bool)),
    "opinions_open_overdue": open_late,
    "rider_balance": lambda books: count(
        r := meals(books)[lambda m: m["month"] <= books.end], r["deliveries"] - r["discounted"]
    ),
    "rider_meals": lambda books: count(
        r := meals(books)[lambda m: m["month"] == books.month], r["deliveries"]
    ),
    "rider_night": night,
    "rider_window_rate": lambda books: share(
        r := stations(books, "幸福食堂", "小哥窗口")[lambda s: s["幸福食堂"]], r["小哥窗口"]
    ),
}
QUANTILES = {"opinion_closing_days": 0.5}


@pytest.fixture(scope="module")
def ledgers(reader):
    with reader.cursor() as cursor:
        return {name: cursor.table(name).df() for name in NAMES}


@pytest.mark.parametrize("month", MONTHS)
def test_every_metric_is_what_pandas_counts(reader, ledgers, month):
    """For the district, each street, and each community where the rows lie in one."""
    asked = {m for m in all_metrics().values() if m.group in ("帜 组织", "治 共治")}
    assert {metric.id for metric in asked} == COUNTED.keys() | QUANTILES.keys()
    with reader.cursor() as cursor:
        stored = cursor.table("metric_value").df()
    first = Month.parse(month).first.isoformat()
    stored = stored[(stored["month"] == first) & (stored["variant"] == "base")]
    rows, differ, equal = Ledgers(ledgers, month), [], 0
    for metric in sorted(asked, key=lambda one: one.id):
        values = stored[stored["metric_id"] == metric.id]
        if metric.id in QUANTILES:
            done = closed(rows)
            days = (done["closed_on"] - done["received_on"]).dt.days
            want = days.groupby(done["street_code"]).quantile(QUANTILES[metric.id], "lower")
            want["全区"] = days.quantile(QUANTILES[metric.id], "lower")
            have = values[values["community_code"].isna()].copy()
            have = have.set_index(have["street_code"].fillna("全区"))["numerator"]
            pairs = [(want.to_frame(), have.to_frame("numerator"))]
        else:
            sums = ["numerator", "denominator"]
            found = COUNTED[metric.id](rows)
            levels = ["street_code", "community_code"][: 2 if metric.level == "community" else 1]
            pairs = [(one.groupby(key)[sums].sum(), two.groupby(key)[sums].sum())
                     for key in levels for one, two in [(found, values)] if found[key].notna().any()]  # fmt: skip
            pairs.append((found[sums].sum().to_frame().T, values[sums].sum().to_frame().T))
        for want, have in pairs:
            every = want.index.union(have.index)
            both = [one.reindex(every, fill_value=0).to_numpy(float) for one in (want, have)]
            same = np.isclose(*both).all(1)
            equal += int(same.sum())
            differ += [(metric.id, one) for one in every[~same]]
    print(f"{month}: {equal:,} equal, {len(differ)} differ")
    assert not differ
