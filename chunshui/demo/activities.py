"""Activities of streets and communities, the training camp, and the weekly bulletins."""

import datetime as dt

import numpy as np
import pandas as pd

from chunshui.demo.days import FIRST, LAST, MONTHS, between, weekday
from chunshui.demo.planted import TRUTHS
from chunshui.demo.stream import Stream

Day = np.datetime64
EVERY_MONTHS = 2  # each community holds one activity at least in so many months
MORE = 1_100  # over all communities, and of the streets
OF_STREET, AT_STATION = 0.07, 0.6
# Kind → how often, its titles, how many take part at least and at most.
KINDS = {
    "湾有引力": (0.17, ("汉江湾健步走", "湾畔读书会", "湾区集市"), 40, 260),
    "5点半话筒": (0.15, ("文明楼栋播报", "垃圾分类播报", "安全知识播报"), 8, 30),
    "大树下的议事会": (0.25, ("停车议事", "加梯议事", "楼道整治议事", "公约修订议事"), 12, 60),
    "共同缔造": (0.19, ("口袋公园共建", "楼道彩绘", "花坛认养"), 15, 90),
    "红色朋友圈": (0.10, ("成员单位联办义诊", "成员单位联办招聘"), 20, 120),
    "其他": (0.14, ("重阳敬老", "消防演练", "邻里节"), 20, 150),
}
BAY = "湾有引力"
NAMED = ("荣东社区", "红色朋友圈")  # by the report; what else is held there counts as this
TOPICS = (
    "基层党建实务",
    "议事协商方法",
    "网格走访与民情受理",
    "两新组织党建",
    "应急处置",
    "楼栋骨干履职",
)


def build(
    streets: pd.DataFrame, communities: pd.DataFrame, stations: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Table name → frame: activity, training and bulletin."""
    return {
        "activity": _activities(streets, communities, stations),
        "training": _trainings(streets),
        "bulletin": _bulletins(),
    }


def _activities(
    streets: pd.DataFrame, communities: pd.DataFrame, stations: pd.DataFrame
) -> pd.DataFrame:
    """One activity of each community in two months at least, and more where they are keen."""
    draw = Stream("activities")
    quiet, rush = TRUTHS["community_without_activity"], TRUTHS["activity_rush"]
    codes = communities["community_code"].tolist()
    spans = [(MONTHS[k].first, MONTHS[k + 1].last) for k in range(0, len(MONTHS), EVERY_MONTHS)]
    days = np.concatenate([between(draw, len(codes), *span) for span in spans])
    held = pd.DataFrame({"held_on": days, "community_code": codes * len(spans)})
    keen = draw.lognormal(len(codes), 0.6)
    more = pd.DataFrame(
        {
            "held_on": between(draw, MORE, FIRST, LAST),
            "community_code": draw.choose(MORE, codes, keen),
        }
    )
    held = pd.concat([held, more], ignore_index=True)
    held["kind"] = draw.choose(len(held), list(KINDS), [share for share, *_ in KINDS.values()])
    monday = Day(rush["week_start"])
    rushed = pd.DataFrame(
        {
            "held_on": monday + draw.whole(rush["more"], 0, 6),
            "community_code": draw.choose(rush["more"], codes),
            "kind": BAY,
        }
    )
    held = pd.concat([held, rushed], ignore_index=True)
    silent = held["community_code"] == quiet["community"]
    held = held[~(silent & (held["held_on"] >= Day(quiet["since"])))]
    held = held.sort_values(["held_on", "community_code"], kind="stable", ignore_index=True)
    of_street = draw.many(len(held)) < OF_STREET
    names = communities.set_index("community_code")["community_name"]
    home, circle = NAMED
    named = held["community_code"].map(names).eq(home) & held["kind"].eq("其他")
    held["kind"] = held["kind"].mask(named, circle)
    street_names = streets.set_index("street_code")["street_name"]
    held["street_code"] = held["community_code"].str[:9]
    held["held_by"] = np.where(
        of_street,
        held["street_code"].map(street_names) + "大工委",
        held["community_code"].map(names) + "大党委",
    )
    held["station_id"] = _stations(draw, held, stations, of_street)
    held["community_code"] = held["community_code"].mask(of_street)
    rows = [_told(draw, kind) for kind in held["kind"]]
    held[["title", "theme", "attendees"]] = rows
    held.insert(0, "activity_id", [f"HD{k:04d}" for k in range(1, len(held) + 1)])
    early = TRUTHS["activity_before_station"]
    row = held["activity_id"] == early["activity"]
    place = stations.set_index("station_id").loc[early["station"]]
    held.loc[row, ["station_id", "street_code", "community_code"]] = [
        early["station"], place["street_code"], place["community_code"],
    ]  # fmt: skip
    held.loc[row, "held_by"] = names[place["community_code"]] + "大党委"
    return held


def _stations(
    draw: Stream, held: pd.DataFrame, stations: pd.DataFrame, of_street: np.ndarray
) -> list[str | None]:
    """A station of the community that is open on the day, of most activities; else none."""
    own = dict(iter(stations.groupby("community_code")))
    found: list[str | None] = []
    for row, away in zip(held.itertuples(), of_street, strict=True):
        chance, which = draw.one(), draw.one()
        rows = own.get(row.community_code)
        if away or rows is None or chance >= AT_STATION:
            found.append(None)
            continue
        open_then = rows[(rows["opened_on"] <= row.held_on) & ~(rows["closed_on"] <= row.held_on)]
        ids = open_then["station_id"].tolist()
        found.append(ids[int(which * len(ids))] if ids else None)
    return found


def _told(draw: Stream, kind: str) -> tuple:
    """Title, theme, and how many took part."""
    _, titles, least, most = KINDS[kind]
    many = least + int((most - least) * draw.one() ** 2)
    return draw.pick(titles), "红色汉江湾" if kind == BAY else None, many


def _trainings(streets: pd.DataFrame) -> pd.DataFrame:
    """A course of the district every month, of each street every quarter."""
    draw = Stream("trainings")
    rows = []
    for k, month in enumerate(MONTHS):
        due = [(None, 90, 180)]
        due += [(code, 24, 70) for n, code in enumerate(streets["street_code"]) if (k + n) % 3 == 0]
        for street, least, most in due:
            day = Day(month.first) + int(28 * draw.one())
            day -= max(int(weekday(np.array([day]))[0]) - 5, 0)  # on a weekday
            invited = least + int((most - least) * draw.one())
            share = min(1.0, 0.91 + 0.04 * float(draw.normal(1)[0]))
            rows.append(
                (
                    max(day, Day(FIRST)), "街道" if street else "区", street, draw.pick(TOPICS),
                    draw.pick((2.0, 4.0, 8.0)), invited, round(invited * max(share, 0.78)),
                )
            )  # fmt: skip
    columns = ["held_on", "level", "street_code", "topic", "hours", "invited", "attended"]
    table = pd.DataFrame(rows, columns=columns).sort_values("held_on", kind="stable")
    table.insert(0, "training_id", [f"XL{k:03d}" for k in range(1, len(table) + 1)])
    thin = TRUTHS["training_thin"]
    row = table["training_id"] == thin["training"]
    table.loc[row, "attended"] = (table.loc[row, "invited"] * thin["share"]).astype(int)
    return table.reset_index(drop=True)


def _bulletins() -> pd.DataFrame:
    """One for every whole week of the months of history, on the Monday or Tuesday after it; but one."""
    draw = Stream("bulletins")
    skipped = dt.date.fromisoformat(TRUTHS["bulletin_skipped"]["week_start"])
    rows = []
    issues: dict[int, int] = {}
    monday = FIRST + dt.timedelta(-FIRST.weekday() % 7)
    while monday + dt.timedelta(8) <= LAST:
        late = 7 if draw.one() < 0.8 else 8
        if monday != skipped:
            issues[monday.year] = issues.get(monday.year, 0) + 1
            issue = f"{monday.year}年第{issues[monday.year]}期"
            rows.append((issue, monday, monday + dt.timedelta(late), "基层党建工作一周动态"))
        monday += dt.timedelta(7)
    table = pd.DataFrame(rows, columns=["issue", "week_start", "issued_on", "headline"])
    days = ["week_start", "issued_on"]
    return table.assign(**table[days].astype("datetime64[s]"))
