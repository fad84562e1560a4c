"""A made-up district at 45.8° N, 129° E, started the way a user would: from its maps and blank workbooks.

Nothing here goes through the package: positions are laid out on the ellipsoid by pyproj's geodesics,
the maps are written by GDAL in three formats, the workbooks filled in cell by cell. Two streets lie
side by side, each of 2 × 2 communities of 700 m, with streets to walk every 350 m.
"""

import datetime as dt
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import shapely
from pyproj import Geod

CODE, NAME = "230198", "松北样区（虚构）"
ORIGIN = (129.02, 45.80)
SIDE, STEP = 700.0, 350.0
STREETS = {f"{CODE}001": "白桦街道", f"{CODE}002": "红松街道"}
COMMUNITIES = {
    f"{street}{n:03d}": f"{name[:2]}{'一二三四'[n - 1]}社区"
    for street, name in STREETS.items()
    for n in (1, 2, 3, 4)
}
GEOD = Geod(ellps="GRS80")
SINCE = dt.date(2021, 3, 1)


def at(east: float, north: float) -> tuple[float, float]:
    """Metres east and north of the origin → degrees, along the ellipsoid."""
    lon, lat, _ = GEOD.fwd(*ORIGIN, 0, north)
    lon, lat, _ = GEOD.fwd(lon, lat, 90, east)
    return round(lon, 7), round(lat, 7)


def square(east: float, north: float, width: float, height: float) -> shapely.Polygon:
    """A rectangle by its south-western corner and sides in metres."""
    corners = ((0, 0), (width, 0), (width, height), (0, height))
    return shapely.Polygon([at(east + x, north + y) for x, y in corners])


def corner(community: str) -> tuple[float, float]:
    """The south-western corner of a community in metres."""
    street, n = int(community[6:9]) - 1, int(community[9:]) - 1
    return 2 * SIDE * street + SIDE * (n % 2), SIDE * (n // 2)


def write_maps(folder: Path) -> dict[str, Path]:
    """Write the outline (GeoJSON, among another district's), the streets (Shapefile in metres of their
    zone, zipped) and the communities (GeoPackage).
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = square(0, 0, 4 * SIDE, 2 * SIDE)
    found = {
        "outline": (folder / "各区.geojson", gpd.GeoDataFrame(
            {"代码": [CODE, "230197"], "名称": [NAME, "邻区（虚构）"]},
            geometry=[whole, square(0, 2 * SIDE, 4 * SIDE, SIDE)], crs=4326,
        )),
        "streets": (folder / "街道.shz", gpd.GeoDataFrame(
            {"XZQDM": [f"{code}000" for code in STREETS], "XZQMC": list(STREETS.values())},
            geometry=[square(2 * SIDE * n, 0, 2 * SIDE, 2 * SIDE) for n in range(2)], crs=4326,
        ).to_crs(4552)),
        "communities": (folder / "社区.gpkg", gpd.GeoDataFrame(
            {"code": list(COMMUNITIES), "name": list(COMMUNITIES.values())},
            geometry=[square(*corner(one), SIDE, SIDE) for one in COMMUNITIES], crs=4490,
        )),
    }  # fmt: skip
    for path, frame in found.values():
        pyogrio.write_dataframe(frame, path, encoding="utf-8")
    paths = {name: path for name, (path, _) in found.items()}
    paths["streets"] = paths["streets"].rename(folder / "街道.zip")
    return paths


def rows() -> dict[str, list[dict]]:
    """What is filled in, by ledger and header."""
    filled: dict[str, list[dict]] = {
        "网格岗位字典": [
            {"岗位编号": "R1", "岗位名称": "网格长", "网格长岗位": "是", "必配岗位": "是"}
        ],
        "步行节点": [], "步行路段": [], "小区台账": [], "网格台账": [], "网格岗位台账": [],
        "楼栋台账": [], "阵地台账": [], "阵地功能台账": [], "阵地开放时间台账": [],
        "大工委大党委台账": [], "党支部台账": [], "支部覆盖小区台账": [], "民情台账": [],
        "民情流转台账": [],
    }  # fmt: skip
    for n, (code, name) in enumerate(COMMUNITIES.items()):
        east, north = corner(code)
        street = STREETS[code[:9]]
        place = {"街道": street, "社区": name}
        lon, lat = at(east + 350, north + 350)
        middle = {"经度": lon, "纬度": lat}
        filled["小区台账"].append(
            {
                "小区编号": f"N{n}",
                "小区名称": f"{name[:3]}小区",
                "类别": "小区",
                **place,
                "建成年份": 1986,
                "老旧小区": "是",
                **middle,
            }
        )
        filled["网格台账"].append(
            {
                "网格编号": f"G{n}",
                "网格名称": f"{name[:3]}网格",
                **place,
                "户数": 360,
                "设立日期": SINCE,
                **middle,
            }
        )
        if n != 5:  # one grid has no leader
            filled["网格岗位台账"].append(
                {"岗位记录编号": f"P{n}", "网格编号": f"G{n}", "岗位编号": "R1", "到岗日期": SINCE}
            )
        for k in range(
            3
        ):  # along the street in the middle, 100 m apart, the first 60 m from a crossing
            lon, lat = at(east + 60 + 100 * k, north + 350)
            filled["楼栋台账"].append(
                {
                    "楼栋编号": f"L{n}{k}",
                    "楼栋名称": f"{k + 1}栋",
                    "小区编号": f"N{n}",
                    "网格编号": f"G{n}",
                    **place,
                    "建成年份": 1986,
                    "层数": 7,
                    "有电梯": "否",
                    "户数": 120,
                    "常住居民": 300,
                    "60岁及以上居民": 70,
                    "0至3岁婴幼儿": 9,
                    "经度": lon,
                    "纬度": lat,
                }
            )
        filled["大工委大党委台账"].append(
            {
                "组织编号": f"D{n}",
                "组织名称": f"{name}大党委",
                "层级": "社区大党委",
                **place,
                "成立日期": SINCE,
            }
        )
        filled["党支部台账"].append(
            {"支部编号": f"Z{n}", "支部名称": f"{name[:3]}小区党支部", **place, "成立日期": SINCE}
        )
        filled["支部覆盖小区台账"].append({"支部编号": f"Z{n}", "小区编号": f"N{n}"})
        for k in range(6):
            day = dt.date(2026, 9, 1) + dt.timedelta(days=8 * k)
            done = day + dt.timedelta(days=3 + k) if k < 5 else None
            filled["民情台账"].append(
                {
                    "事项编号": f"M{n}{k}",
                    **place,
                    "来源渠道": "网格走访",
                    "类别": "停车",
                    "受理日期": day,
                    "应办结日期": day + dt.timedelta(days=7),
                    "办结日期": done,
                    "办结层级": "社区" if done else None,
                    "小区编号": f"N{n}",
                }
            )
            steps = [("受理", day), *([("办结", done)] if done else [])]
            filled["民情流转台账"] += [
                {"事项编号": f"M{n}{k}", "步骤": at_, "层级": "社区", "动作": action, "日期": when}
                for at_, (action, when) in enumerate(steps, start=1)
            ]
        if n % 2 == 0:  # on the crossing at the western end of the street in the middle
            lon, lat = at(east, north + 350)
            filled["阵地台账"].append(
                {
                    "阵地编号": f"S{n}",
                    "阵地名称": f"{name}党群服务中心",
                    "层级": "社区",
                    **place,
                    "建筑面积": 640,
                    "启用日期": SINCE,
                    "经度": lon,
                    "纬度": lat,
                }
            )
            filled["阵地功能台账"] += [
                {"阵地编号": f"S{n}", "功能": one} for one in ("党群服务", "幸福食堂")
            ]
            filled["阵地开放时间台账"] += [
                {"阵地编号": f"S{n}", "星期": day, "开门时间": "08:30", "关门时间": "20:00"}
                for day in ("周一", "周二", "周三", "周四", "周五")
            ]
    across, up = int(4 * SIDE / STEP) + 1, int(2 * SIDE / STEP) + 1
    for k in range(across * up):
        lon, lat = at(STEP * (k % across), STEP * (k // across))
        filled["步行节点"].append({"节点编号": k, "类别": "路口", "经度": lon, "纬度": lat})
    ends = [(k, k + 1) for k in range(across * up) if k % across < across - 1]
    ends += [(k, k + across) for k in range(across * (up - 1))]
    for n, (a, b) in enumerate(ends):
        here, there = (filled["步行节点"][k] for k in (a, b))
        metres = GEOD.inv(here["经度"], here["纬度"], there["经度"], there["纬度"])[2]
        filled["步行路段"].append(
            {"路段编号": n, "起点": a, "终点": b, "类别": "街道", "长度": round(metres, 3)}
        )
    return filled


def fill(templates: Path, ledgers: Path) -> None:
    """Fill in some of the blank workbooks, each cell under its header, and hand them in."""
    for name, records in rows().items():
        (path,) = templates.rglob(f"{name}.xlsx")
        book = openpyxl.load_workbook(path)
        sheet = book[name]
        assert sheet["A1"].value == NAME + name
        titles = next(row for row in sheet.iter_rows() if len([c for c in row if c.value]) > 1)
        columns = {cell.value.partition("（")[0]: cell.column for cell in titles}
        for number, record in enumerate(records, start=titles[0].row + 1):
            for header, value in record.items():
                sheet.cell(number, columns[header], value)
        book.save(ledgers / f"{name}.xlsx")
