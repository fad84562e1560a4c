"""A table as a file: Excel, CSV, GeoJSON where its rows lie somewhere, Parquet; all stamped.

One button per table; the formats are behind it. A file is written when it is asked for, outside
the script: what it needs is handed over, nothing is asked of the session.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

import pandas as pd
import shapely
import streamlit as st

from chunshui import words
from chunshui.access.roles import Act
from chunshui.catalogue import small_numbers
from chunshui.catalogue.metric import Metric
from chunshui.month import Month
from chunshui.snapshots import stamp
from chunshui.snapshots.model import Map
from chunshui.snapshots.render import table_files
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import permit

ANY_LEDGER = "入库台账，来源见“版本”页"
Shapes = Callable[[], Sequence[shapely.Geometry | None]]

SEEN = "seen"  # of the session: what the page shows, by heading; the head empties it


class Seen(NamedTuple):
    """A table that the page shows, with the sentence on it and its one number; or a picture.

    `compares` says that its streets are held against each other: in the room they go by letters. By one that
    is `nameless` no place is known.
    """

    table: pd.DataFrame
    finding: str
    number: tuple[str, str] | None
    names: tuple[str, ...]
    version: str
    picture: Callable[[], Map] | None = None
    compares: bool = False
    nameless: bool = False


_FORMATS = {
    "Excel": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "CSV": ("csv", "text/csv"),
    "GeoJSON": ("geojson", "application/geo+json"),
    "Parquet": ("parquet", "application/vnd.apache.parquet"),
}


def offer(
    table: pd.DataFrame,
    title: str,
    scope: Scope,
    *,
    key: str,
    label: str | None = None,
    source: str = ANY_LEDGER,
    shapes: Shapes | None = None,
    unpublished: str = "",
    look: Literal["secondary", "tertiary"] = "secondary",
    finding: str = "",
    number: tuple[str, str] | None = None,
    names: Sequence[str] = (),
    taken: pd.DataFrame | None = None,
    compares: bool = False,
) -> None:
    """Draw the download of a table whose columns bear their Chinese names; a meeting may take it.

    `finding` is the sentence on it and `number` its one number with what that says, `names` what
    finding and title name, `taken` those of its rows that are on the screen (None: all), `compares` as
    in `Seen`, all for a meeting; `shapes` gives the geometry of every row (WGS 84), if they have any; `unpublished` is the
    nature (演示, 实有) of rows that are in no version yet; `key` is unique on the page.
    """
    if not unpublished:
        shown = table if taken is None else taken
        seen(shown, title, scope, finding, number, names, compares=compares)
    if not permit.may(Act.EXPORT):
        return
    with st.popover(
        label or f"下载{title}",
        icon=":material/download:",
        type=look,
        key=f"download_{key}",
        on_change="rerun",
    ) as one:
        if not one.open:
            return
        table = small_numbers.withhold(table, permit.least())
        origin = partial(
            table_files.Origin,
            title=title,
            scope=scope.words,
            as_of=Month.parse(scope.month).words,
            version="尚未发布" if unpublished else scope.version,
            nature=unpublished or data.manifest(scope.edition).nature,
            source=source,
        )
        # Month and version are whole whatever the title is.
        behind = f"_{stamp.safe_name(stamp.shorten(scope.words, 20))}_{scope.month}_{scope.version}"
        name = stamp.safe_name(title, stamp.NAME_LENGTH - len(behind)) + behind
        with st.container(horizontal=True, gap="small"):
            for written, (ending, media) in _FORMATS.items():
                if ending == "geojson" and shapes is None:
                    continue
                button(
                    written,
                    partial(_file, ending, table, origin, shapes),
                    f"{name}.{ending}",
                    media,
                    key=f"download_{ending}_{key}",
                    rows=len(table),
                    version=scope.version,
                )


def button(
    label: str,
    make: Callable[[], bytes],
    name: str,
    media: str | None = None,
    *,
    act: Act = Act.EXPORT,
    icon: str | None = None,
    key: str | None = None,
    disabled: bool = False,
    **told: Any,
) -> None:
    """Draw the one kind of download there is: made at the click, for who may, and written down.

    `told` is what the audit log says of it beside the file's name; nothing is drawn for others.
    """
    if permit.may(act):
        st.download_button(
            label,
            permit.guarded(make, act, file=name, **told),
            name,
            media,
            icon=icon,
            key=key,
            disabled=disabled,
            on_click="ignore",
        )


def seen(
    table: pd.DataFrame,
    title: str,
    scope: Scope,
    finding: str = "",
    number: tuple[str, str] | None = None,
    names: Sequence[str] = (),
    picture: Callable[[], Map] | None = None,
    compares: bool = False,
    nameless: bool = False,
) -> None:
    """Note a table, or a map, that this page shows; 加入会议材料 offers it as it stands.

    Without a `finding` of its own it stands under the page's.
    """
    heading = f"{title.replace('_', ' · ')} · {scope.words} · {Month.parse(scope.month).words}"
    if scope.against and words.label("change") in table:
        heading += f" · 与{Month.parse(scope.against).words}相比"
    said = finding or st.session_state["finding"]
    noted = Seen(table, said, number, tuple(names), scope.version, picture, compares, nameless)
    st.session_state[SEEN][heading] = noted


def _file(ending: str, table: pd.DataFrame, origin: Callable, shapes: Shapes | None) -> bytes:
    stamped = origin(exported_at=stamp.now())
    if shapes and ending == "geojson":
        return table_files.to_geojson(table, stamped, shapes())
    write = {
        "xlsx": table_files.to_xlsx,
        "csv": table_files.to_csv,
        "parquet": table_files.to_parquet,
    }[ending]
    return write(table, stamped)


def offer_members(
    table: pd.DataFrame,
    members: pd.DataFrame,
    scope: Scope,
    metric: Metric,
    part: str,
    key: str,
    finding: str,
) -> None:
    """Draw the download of a table of a metric's members, with where they lie if they have a place."""
    offer(
        table,
        f"{metric.name}_{part}",
        scope,
        key=key,
        label=f"下载{part}名单",
        source=ledgers(scope, metric),
        shapes=points(scope, members),
        finding=finding,
    )


def ledgers(scope: Scope, metric: Metric) -> str:
    """Name the ledgers behind a metric, for the stamp."""
    files = data.source_files(scope.edition)
    names = files.loc[files["ledger_id"].isin(metric.entities), "ledger_name"]
    return "、".join(names.drop_duplicates()) or ANY_LEDGER


def places(scope: Scope, codes: pd.Series) -> Shapes:
    """Return the outlines of streets and communities by their codes."""
    land = data.district(scope.edition)
    known = {place.code: place.shape for place in (*land.streets, *land.communities)}
    return lambda: [known.get(code) for code in codes]


def points(scope: Scope, members: pd.DataFrame) -> Shapes | None:
    """Return where members (entity_table, entity_id) lie; None when none of them has a place."""
    known = data.points(scope.edition)
    things = list(zip(members["entity_table"], members["entity_id"], strict=True))
    if known.keys().isdisjoint(things):
        return None
    return lambda: [shapely.Point(known[one]) if one in known else None for one in things]
