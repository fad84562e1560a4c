"""Who cannot walk there: the buildings of a place, opened over the page; a row leads to the map."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from chunshui import words
from chunshui.circles.question import Question
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.data.views import cut
from chunshui.ui.shell import filters
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles.data import Answer, building_labels
from chunshui.ui.topics.circles.finding import of_beyond_reach, question_words
from chunshui.ui.widgets import downloads, lists, tables

KEY = "beyond_reach"


def draw_opened(scope: Scope, answer: Answer) -> None:
    """Draw over the page, where the address asks for it, the buildings that are beyond reach.

    Those of a community that is chosen a meeting may take from the page itself.
    """
    if st.query_params.get(filters.OPEN) == filters.LEFT_OUT:
        within = filters.place(scope, st.query_params.get(filters.OF, "")) or scope
        title = f"{within.words}：走不到{answer.question.what}的楼"
        st.dialog(title, width="large", on_dismiss=filters.close)(_draw)(within, answer)
    elif scope.community:
        rows, told = _told(scope, answer)
        if len(rows):
            downloads.seen(_table(scope, answer, rows), scope=scope, **told)


def _told(scope: Scope, answer: Answer) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the buildings of a scope that are beyond reach, and what is said of their list."""
    question, rows = answer.question, cut(answer.beyond_reach, scope)
    return rows, {
        "title": f"走不到的楼_{question_words(question)}",
        "finding": of_beyond_reach(scope, question, rows),
        "number": (
            f"{rows[question.people].sum():,}{question.unit}",
            f"{question.whose}走不到{question.what}",
        ),
    }


def _draw(scope: Scope, answer: Answer) -> None:
    """List the buildings of a scope that are beyond reach, and offer them all."""
    rows, told = _told(scope, answer)
    st.markdown(f"**{told['finding']}。**")
    if rows.empty:
        return
    cut_short = f"列出前{tables.SHOWN}栋，下载的文件里是全部；" if len(rows) > tables.SHOWN else ""
    st.caption(f"人多的在前，{cut_short}点一行，到地图上看这栋楼和离它最近的阵地。")
    table = _table(scope, answer, rows)
    hidden = {"街道", "编号", *tables.LEDGER.values()} | ({"社区"} if scope.community else set())
    labels = filters.community_labels(data.district(scope.edition))

    def address_of(row: int) -> str:
        home, building = rows[["community_code", "building_id"]].iloc[row]
        ids = answer.circles.buildings["building_id"]
        known = building_labels(answer.circles, home).items()
        name = next(label for label, at in known if ids[at] == building)
        return filters.address(filters.place(scope, labels[home]) or scope, building=name)

    seen = [head for head in table if head not in hidden]
    tables.draw(table, "走不到的楼", column_order=seen, **lists.leading(KEY, address_of))
    downloads.offer(
        table,
        scope=scope,
        key=KEY,
        label=f"下载这{len(table):,}栋楼",
        source="楼栋台账",
        shapes=partial(shapely.points, rows["lon"].to_numpy(), rows["lat"].to_numpy()),
        **told,
    )
    if lists.has_led(KEY):
        st.rerun()


def _table(scope: Scope, answer: Answer, rows: pd.DataFrame) -> pd.DataFrame:
    with_ledger = rows.merge(circles_data.building_ledger(scope.edition), how="left")
    return building_table(answer.question, with_ledger)


def building_table(question: Question, rows: pd.DataFrame) -> pd.DataFrame:
    """Return buildings with who lives there, the walk to the nearest station and the ledger row."""
    walks = [
        lost or ("超过1,500" if np.isnan(metres) else f"{metres:,.0f}")
        for lost, metres in zip(rows["lost"].fillna(""), rows["metres"], strict=True)
    ]
    people = {"居民（人）": rows["residents"], "户数（户）": rows["households"]}
    if question.people not in ("residents", "households"):
        people = {f"{question.whose}（{question.unit}）": rows[question.people]} | people
    return tables.readable(
        pd.DataFrame(
            {
                "楼栋": rows["building_name"],
                "社区": rows["community_name"],
                "街道": rows["street_name"],
                **{head: column.astype(int) for head, column in people.items()},
                "最近的（米）": walks,
                words.label("entity_id"): rows["building_id"],
                **{head: rows[column] for column, head in tables.LEDGER.items()},
            }
        )
    )
