"""A city of seven small districts, all v000001, of which four count something otherwise.

Three count alike, though one has its dictionaries in another order and other comments. The figures differ by district.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from chunshui.catalogue import fill
from chunshui.catalogue.metric import get_metric
from chunshui.warehouse import Manifest, Store, publish, reader, software
from tests.catalogue import district

OTHER_METRES, OTHER_ROLES, OTHER_STAGES, OLDER = "420104", "420105", "420106", "420107"
NAMES = {
    "420101": "江一区",
    "420102": "江二区",
    "420103": "江三区",
    OTHER_METRES: "江四区",
    OTHER_ROLES: "江五区",
    OTHER_STAGES: "江六区",
    OLDER: "江七区",
}
METRICS = (
    "circle_coverage",
    "circle_walk",
    "grid_leader_rate",
    "opinion_closing_rate",
    "opinions_received",
    "renovation_done_rate",
)
LAST = district.LAST
NEEDED = (
    *("district", "street", "community", "neighbourhood", "grid_unit", "grid_role", "grid_post"),
    *("building", "station", "station_function", "station_hours", "opinion", "opinion_event"),
    *("renovation_step", "renovation_project", "renovation_stage"),
)


def tables(code: str, number: int) -> dict[str, pd.DataFrame]:
    """The rows of a district: others' codes, fewer leaders and opinions the higher its number."""
    draw = np.random.default_rng(number)
    made = {name: table for name, table in district.tables().items() if name in NEEDED}
    for table in made.values():
        for column in table.columns[table.columns.str.endswith("_code")]:
            table[column] = table[column].str.replace("420104", code)
    made["district"]["district_name"] = NAMES.get(code, code)
    made["grid_post"] = made["grid_post"].iloc[number % 3 :].reset_index(drop=True)
    lost = made["opinion"]["opinion_id"].iloc[2 : 2 + number % 4].tolist()
    for name in ("opinion", "opinion_event"):
        made[name] = made[name][~made[name]["opinion_id"].isin(lost)].reset_index(drop=True)
    made["opinion"]["closed_on"] = pd.to_datetime(made["opinion"]["closed_on"])
    nodes = [(n, "路口", 114.2, 30.58 + n / 1000) for n in range(2)]
    made["walk_node"] = pd.DataFrame(nodes, columns=["node_id", "kind", "lon", "lat"])
    columns = ["edge_id", "from_node", "to_node", "kind", "metres"]
    made["walk_edge"] = pd.DataFrame([(0, 0, 1, "街道", 111.0)], columns=columns)
    made["reach"] = pd.DataFrame(
        [(b, s, draw.uniform(300, 1100)) for b in range(12) for s in range(5)],
        columns=["building_no", "station_no", "metres"],
    )
    doors = [
        (kind, one, n, n, n, 5.0)
        for kind in ("building", "station")
        for n, one in enumerate(made[kind][f"{kind}_id"])
    ]
    columns = ["entity_table", "entity_id", "door_no", "east", "north", "leg"]
    made["walk_door"] = pd.DataFrame(doors, columns=columns)
    return made


def publish_district(
    root: Path,
    code: str,
    number: int = 0,
    *,
    rows: dict[str, pd.DataFrame] | None = None,
    months: list[dt.date] = district.MONTHS,
    nature: str = "演示",
    metrics: Iterable = (),
    older: bool = False,
    serve: bool = True,
    inputs: str | None = None,
) -> Manifest:
    """Publish a district of a city; `metrics` take the place of the catalogue's of their ids."""
    rows = tables(code, number) if rows is None else rows
    known = {one: get_metric(one) for one in METRICS[: -1 if older else None]}
    known |= {metric.id: metric for metric in metrics}
    known = {one: dataclasses.replace(it, variants=it.variants[:1]) for one, it in known.items()}

    def build(con):
        ledgers = {name: rows[name] for name in rows if name not in ("walk_door", "reach")}
        district.build(con, ledgers, months)
        for name in rows.keys() - ledgers.keys():
            con.append(name, rows[name], by_name=True)
        con.execute("update source_file set nature = $1", [nature])
        with mock.patch.object(fill, "all_metrics", return_value=known):
            fill.fill_values(con)
        if older:  # it kept no rules
            con.execute("create table kept as select metric_id, variant, digest from metric_input")
            con.execute("drop table metric_input")
            con.execute("alter table kept rename to metric_input")

    small_blocks = mock.patch.dict(reader.BUILDING, {"default_block_size": 16384})  # 4 MB, not 64
    made_with = software.describe() | ({"chunshui": "0.1.0"} if older else {})
    with small_blocks, mock.patch.object(software, "describe", return_value=made_with):
        return publish.build(
            Store(root / "districts" / code / "versions"),
            build,
            note="首版",
            by="测试",
            serve=serve,
            inputs=inputs,
        )


def build_city(root: Path) -> None:
    """Publish the seven districts."""
    coverage = get_metric("circle_coverage")
    variants = [
        dataclasses.replace(one, params=one.params | {"farthest": 600}) for one in coverage.variants
    ]
    nearer = dataclasses.replace(coverage, variants=tuple(variants))
    rate = get_metric("opinion_closing_rate")
    told = re.sub(r"\n(?=from )", " -- a word on it\n\n-- and a line of its own\n", rate.sql)
    told = dataclasses.replace(rate, sql=told)
    for number, code in enumerate(NAMES):
        rows = tables(code, number)
        if code == "420103":
            for name in ("grid_role", "renovation_step"):
                rows[name] = pd.DataFrame(rows[name].to_dict("records")[::-1])
        if code == OTHER_ROLES:
            rows["grid_role"].loc[1, "is_required"] = False
        if code == OTHER_STAGES:
            rows["renovation_step"].loc[6, "milestone"] = None
        publish_district(
            root,
            code,
            number,
            rows=rows,
            metrics={OTHER_METRES: [nearer], "420103": [told]}.get(code, ()),
            older=code == OLDER,
        )


def alter(path: Path, at: int = -200, keep: int | None = None) -> None:
    """Alter a byte of a file, or keep its beginning; others that share it by a link keep theirs."""
    content = bytearray(path.read_bytes())
    if keep is None:
        content[at] ^= 1
    path.unlink()
    path.write_bytes(content[:keep])
