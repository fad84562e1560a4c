"""Tables: Chinese heads, right-aligned numbers, the rows that a screen holds."""

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.why import CAME, LEFT, Change

SHOWN = 500  # rows of a table on screen; a download has them all
WAN = 10_000
LEDGER = {"file_name": "台账文件", "sheet_name": "工作表", "source_row": "行号"}


def headed(frame: pd.DataFrame, heads: dict[str, str]) -> pd.DataFrame:
    """Return columns under their heads: days and yes or no written, gaps as a dash.

    A head that says 万元 has its yuan turned into units of ten thousand, with one decimal.
    """
    columns = {}
    for column, head in heads.items():
        cells = frame[column]
        if column == "sheet_name" and cells.isna().all():
            continue  # a CSV file has no sheets
        if head.endswith("（万元）"):
            cells = (cells / WAN).round(1)
        elif pd.api.types.is_datetime64_any_dtype(cells):
            cells = cells.dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_bool_dtype(cells):
            cells = cells.map({True: "是", False: "否"})
        elif column in ("plan_year", "source_row"):  # numbers that count nothing
            cells = cells.astype("Int64").astype("str")
        columns[head] = cells
    return readable(pd.DataFrame(columns, index=frame.index))


def labelled(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return some columns under their Chinese labels."""
    return frame[columns].rename(columns={column: words.label(column) for column in columns})


def member_table(members: pd.DataFrame, ratio: bool) -> pd.DataFrame:
    """Return a figure's members as they are shown: the thing, where it is, its ledger row."""
    # What makes the numerator comes first: a few stations would be lost among many buildings.
    members = members.sort_values("numerator", key=lambda n: n == 0, kind="stable")
    columns = ["entity_name", "entity_id", "street_name", "community_name", "part", "reason"]
    columns += ["numerator", "denominator"] if ratio else ["numerator"]
    columns += ["file_name", "sheet_name", "source_row"]
    columns = [column for column in columns if members[column].notna().any()]
    table = labelled(members, columns)
    if not ratio:
        table = table.rename(columns={words.label("numerator"): "数值"})
    return readable(table)


def place_table(places: pd.DataFrame) -> pd.DataFrame:
    """Return streets or communities as they are shown: value, n/N, status, change."""
    columns = ["community_name"] if "community_name" in places else ["street_name"]
    return readable(labelled(places, [*columns, "text", "fraction", "status", "change"]))


def contribution_table(change: Change) -> pd.DataFrame:
    """Return what each place gave to a change as it is shown, and all of them together."""
    metric, places = change.metric, change.places
    name = "community_name" if "community_name" in places else "street_name"
    texts = pd.DataFrame({words.label(name): [*places[name], "合计"]})
    for month, side in ((change.before, "value_before"), (change.after, "value")):
        cells = [words.number(value, metric.unit) for value in places[side].astype(float)]
        texts[month.month] = [*cells, month.text]
    if metric.kind == "quantile":
        return texts.iloc[:-1]
    heads = {"contribution": f"贡献（{points(metric)}）"}
    parts = ("numerator", "denominator")
    sizes = places.assign(
        **{f"{one}_change": places[one] - places[f"{one}_before"] for one in parts}
    )
    if sizes["denominator_change"].any():
        heads |= {
            "numerator_effect": f"分子带来（{points(metric)}）",
            "denominator_effect": f"分母带来（{points(metric)}）",
        }
    if metric.kind == "ratio":
        heads |= _changes(metric)
    cells = sizes[list(heads)].astype(float)
    cells = cells.assign(
        **{one: cells[one] / WAN for one in heads if heads[one].endswith("（万元）")}
    )
    whole = pd.DataFrame([cells.sum(min_count=1)])
    numbers = pd.concat([cells, whole], ignore_index=True).round(2) + 0.0
    moved = [one for one in heads if numbers[one].any()]
    return texts.join(numbers[moved].rename(columns=heads))


def points(metric: Metric) -> str:
    """Return the unit of a difference, as the head of a column has it."""
    return {"%": "百分点", "元": "万元"}.get(metric.unit, metric.unit)


def _changes(metric: Metric) -> dict[str, str]:
    """Return the heads of how numerator and denominator changed."""
    units = [(metric.numerator_unit, "分子变化"), (metric.denominator_unit or "", "分母变化")]
    heads = [f"{word}（{'万元' if unit == '元' else unit}）" for unit, word in units]
    return dict(zip(("numerator_change", "denominator_change"), heads, strict=True))


def flow_table(flows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return the members that came, went or changed as they are shown, with their ledger rows."""
    heads = {
        "flow": "变动",
        "entity_name": "名称",
        "street_name": "街道",
        "community_name": "社区",
        "reason_before": "前期原因",
        "reason": "本期原因",
    }
    if metric.kind == "ratio":
        heads |= {"numerator_change": f"分子变化（{metric.numerator_unit}）"}
        heads |= {"denominator_change": f"分母变化（{metric.denominator_unit}）"}
        heads |= {"contribution": f"贡献（{points(metric)}）"}
    else:
        heads |= {
            "numerator_before": f"前期（{metric.unit}）",
            "numerator": f"本期（{metric.unit}）",
        }
    side = flows["part"].where(flows["part"].notna(), flows["part_before"])
    moved = flows["flow"].isin((CAME, LEFT))
    rows = flows.assign(
        flow=flows["flow"].where(~moved, flows["flow"] + "（" + side + "）"),
        contribution=flows["contribution"].astype(float).round(4),
        numerator_before=flows["numerator_before"].where(flows["part_before"].notna()),
        numerator=flows["numerator"].where(flows["part"].notna()),
    )
    seen = {
        one: head
        for one, head in heads.items()
        if rows[one].notna().any() and not (one == "denominator_change" and (rows[one] == 0).all())
    }
    return headed(rows, seen | LEDGER | {"entity_id": "编号"})


def lacking_table(places: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return places as they are shown with how much each lacks to its own target."""
    name = "community_name" if "community_name" in places else "street_name"
    table = labelled(places, [name, "text", "fraction", "status"])
    return readable(
        table.assign(**{f"还差（{metric.numerator_unit}）": places["needed"].astype(int)})
    )


def nearest_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the members nearest to being counted as they are shown, with their ledger rows."""
    heads = {
        "enough": "补上即达标",
        "entity_name": "名称",
        "street_name": "街道",
        "community_name": "社区",
        "reason": "原因",
        "lacks": "还差",
        "weight": "分量",
    }
    seen = {one: head for one, head in heads.items() if rows[one].notna().any()}
    if (rows["weight"] == 1).all():
        del seen["weight"]
    rows = rows.assign(lacks=rows["lacks"].astype(float).round(1))
    return headed(rows, seen | LEDGER | {"entity_id": "编号"})


def separated(table: pd.DataFrame) -> dict:
    """Return the column settings that give numbers their thousands separators, points their sign."""
    plain = st.column_config.NumberColumn(format="localized")
    signed = st.column_config.NumberColumn(format="%+.2f")
    numbers = table.select_dtypes("number").columns
    return {name: signed if name.endswith("（百分点）") else plain for name in numbers}


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table for the screen whose empty cells say — and not None."""
    columns = {
        name: cells if pd.api.types.is_numeric_dtype(cells) else _without_gaps(cells)
        for name, cells in table.items()
    }
    return pd.DataFrame(columns, index=table.index)


def _without_gaps(cells: pd.Series) -> pd.Series:
    values = cells.to_numpy(dtype=object, copy=True)
    values[cells.isna().to_numpy()] = words.MISSING
    return pd.Series(values, cells.index, dtype=object)


def right_aligned(*columns: str) -> dict:
    """Return the column settings that align columns of written numbers as numbers are."""
    return {name: st.column_config.TextColumn(alignment="right") for name in columns}


def show(table: pd.DataFrame, nothing: str) -> None:
    """Show a table, or say why there is none."""
    if table.empty:
        st.info(nothing, icon=":material/check:")
    else:
        st.dataframe(table.head(SHOWN), hide_index=True)
        if len(table) > SHOWN:
            st.caption(f"共{len(table):,}条，这里列出前{SHOWN}条。")
