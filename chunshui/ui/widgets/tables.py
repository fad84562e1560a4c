"""Tables: Chinese heads, numbers that sort as numbers, the rows that a screen holds."""

import math
from collections.abc import Callable, Hashable, Mapping
from contextlib import nullcontext
from typing import Any, ClassVar

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from chunshui import words
from chunshui.catalogue import small_numbers
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.why_tables import name_head, with_people
from chunshui.ui.data.remembering import beside
from chunshui.ui.shell import permit

ROW_PX, EDGE_PX = 33, 3  # as Streamlit draws them
DAY_PX = 88  # of a day, and of a head of five letters
SHOWN = 500  # rows of a table on screen; a download has them all
WAN = 10_000
Forms = tuple[tuple[str, Callable[[Any], str]], ...]  # by column
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
            cells = cells.astype("Int64")
        columns[head] = cells
    return readable(pd.DataFrame(columns, index=frame.index))


def labelled(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return some columns under their Chinese labels."""
    return frame[columns].rename(columns={column: words.label(column) for column in columns})


def member_table(members: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return a figure's members as they are shown: the thing, where it is, its ledger row."""
    # What makes the numerator comes first: a few stations would be lost among many buildings.
    members = members.sort_values("numerator", key=lambda n: n == 0, kind="stable")
    columns = ["entity_name", "entity_id", "street_name", "community_name", "part", "reason"]
    columns += ["numerator", "denominator"] if metric.kind == "ratio" else ["numerator"]
    columns += ["file_name", "sheet_name", "source_row"]
    columns = [column for column in columns if members[column].notna().any()]
    table = labelled(members, columns)
    unit = metric.numerator_unit
    heads = {words.label("entity_name"): name_head(metric)}
    if metric.kind != "ratio":
        heads[words.label("numerator")] = with_people("数值", metric.unit)
    else:
        heads[words.label("numerator")] = with_people(words.label("numerator"), unit)
    below = words.label("denominator")
    heads[below] = with_people(below, metric.denominator_unit or "")
    return readable(table.rename(columns=heads))


def place_table(places: pd.DataFrame) -> pd.DataFrame:
    """Return streets or communities as they are shown: value, n/N, status, change."""
    columns = ["community_name"] if "community_name" in places else ["street_name"]
    return readable(labelled(places, [*columns, "text", "fraction", "status", "change"]))


def draw(
    table: pd.DataFrame,
    alt: str,
    *,
    most_px: int | None = 400,
    forms: Mapping[str, Callable[[Any], str]] | None = None,
    shades: Mapping[str, Callable[[Any], str]] | None = None,
    column_config: dict | None = None,
    **others: Any,
) -> None:
    """Draw the first rows of a table, as high as they are up to `most_px`: the one grid of all pages.

    Written numbers (96.6%, 86/89家, 较上月持平) and reasons that come to one (晚217天) are drawn as they are
    written and sorted by the number; `forms` writes columns of numbers, `shades` gives cells their CSS. They are
    the same functions each time, not made anew: what is prepared is kept by them.
    """
    every, least = table, permit.least()
    table = small_numbers.withhold(every, least)
    if table is not every:
        st.caption(small_numbers.note(least))
    if table.empty:  # the grid itself would say so in English
        st.caption("没有可列的行。")
        return
    in_words, in_colour = (tuple((one or {}).items()) for one in (forms, shades))
    shown, looks = _prepared(table, in_words, in_colour)
    # The grid is as wide as its first cells: days that come below gaps would be cut.
    gaps = [
        name
        for name in table
        if str(name).endswith("日期") and (table[name] == words.MISSING).any()
    ]
    looks = {name: st.column_config.Column(width=DAY_PX) for name in gaps} | looks
    rows_px = ROW_PX * (min(len(table), SHOWN) + 1) + EDGE_PX
    settings: dict[str, Any] = {"height": min(most_px, rows_px) if most_px else "content"}
    settings |= {
        "column_config": looks | (column_config or {}),
        "placeholder": words.MISSING,
    }
    opens = others.get("selection_mode") == "single-row"  # see chinese.js
    with st.container(key=f"rows_{others['key']}") if opens else nullcontext():
        st.dataframe(shown, hide_index=True, alt=alt, **settings | others)


@beside  # by functions that are the same ones each time: see `forms` and `shades` of `draw`
def _prepared(
    table: pd.DataFrame, with_forms: Forms, with_shades: Forms
) -> tuple[pd.DataFrame | Styler, dict[str, Any]]:
    """Return what the browser gets of a table, and the settings of its columns."""
    forms, shades = dict(with_forms), dict(with_shades)
    shown = table.head(SHOWN).reset_index(drop=True)
    columns = dict(shown.items())
    written: dict[Hashable, list[str]] = {}
    looks: dict[Any, Any] = {}
    for name, cells in shown.items():
        if form := forms.get(str(name)):
            written[name] = [one if isinstance(one, str) else form(one) for one in cells.tolist()]
        elif pd.api.types.is_float_dtype(cells) and not str(name).endswith("（百分点）"):
            if decimals := words.decimals(cells.dropna()):  # below each other, as on paper
                written[name] = [
                    words.MISSING if math.isnan(one) else f"{one:,.{decimals}f}" for one in cells
                ]
        elif not pd.api.types.is_numeric_dtype(cells):
            texts = list(map(str, cells.tolist()))
            numbers = _numbers(texts)
            if numbers is None and (numbers := _told(texts)) is not None:  # read as words
                looks[name] = st.column_config.NumberColumn(alignment="left")
            if numbers is not None:
                columns[name] = pd.Series(numbers)
                if any(isinstance(one, float) for one in numbers):
                    written[name] = texts
    shown = pd.DataFrame(columns)
    looks = {k: one for k, one in separated(shown).items() if k not in written} | looks
    if not written and not shades:
        return shown, looks
    both = _Written(shown.astype(dict.fromkeys(written, float)))
    both.texts = shown.astype("str")
    for name, texts in written.items():
        both.texts[name] = pd.Series(texts, dtype="str")
    # A name by chance would make every rerun another table, which the browser draws anew.
    look = both.style.set_uuid("written")
    return _as_it_says(look, shades), looks


def _numbers(texts: list[str]) -> list[float] | list[int] | None:
    """Return the numbers that most cells say, words below them all; None where few say one."""
    said = [words.counted_number(text) for text in texts]
    missing = [text in (words.MISSING, "None", "nan") for text in texts]
    found = len(said) - said.count(None)
    if found * 2 <= len(texts) - sum(missing):
        return None
    if all(
        one is not None and str(int(one)) == text for one, text in zip(said, texts, strict=True)
    ):
        return [int(text) for text in texts]  # row numbers and the like need no writing
    return [
        math.nan if gone else -math.inf if one is None else one
        for one, gone in zip(said, missing, strict=True)
    ]


def _told(texts: list[str]) -> list[float] | None:
    """Return the numbers of reasons, words without one below them.

    None where not all with digits, but for those of a day, come to one, or where they sort as texts as
    they do as numbers.
    """
    with_digits = list(filter(words.has_number, texts))
    told = {text: words.number_of_reason(text) for text in with_digits}
    if 2 * len(with_digits) <= len(texts) or None in told.values():
        return None
    if len({len(str(int(one or 0))) for one in told.values()}) == 1:
        return None
    return [-math.inf if (one := told.get(text)) is None else one for text in texts]


class _Written(pd.DataFrame):
    """Numbers with how they are written, `texts`: they go to the browser as both."""

    texts: pd.DataFrame
    _metadata: ClassVar = ["texts"]

    def astype(self, dtype: Any, *others: Any, **more: Any) -> Any:
        """Return the texts where texts are asked for, as Streamlit does for what is seen."""
        return self.texts if dtype is str else super().astype(dtype, *others, **more)


def _as_it_says(look: Styler, shades: Mapping[str, Callable[[Any], str]]) -> Styler:
    """Let each cell's text be that of `_Written`: pandas' way through HTML takes 20 times as long."""
    cells: dict[str, list[str]] = {}
    for name, shade in shades.items():
        column = look.columns.get_loc(name)
        for row, cell in enumerate(look.data[name].tolist()):
            cells.setdefault("" if cell == small_numbers.WITHHELD else shade(cell), []).append(
                f"row{row}_col{column}"
            )
    styles = [
        {"props": [one.split(": ") for one in css.split("; ")], "selectors": places}
        for css, places in cells.items()
        if css
    ]
    look._compute = lambda: look
    look._translate = lambda *_, **__: {"cellstyle": styles}
    return look


def draw_first(table: pd.DataFrame, alt: str) -> None:
    """Draw the first rows of a list of members, and say so where there are more."""
    if len(table) > SHOWN:
        st.caption(f"共{len(table):,}条，这里列出前{SHOWN}条；下载的文件里是全部。")
    draw(table, alt, most_px=420)


def separated(table: pd.DataFrame) -> dict:
    """Return the column settings that give numbers their separators, differences their sign."""
    looks = {}
    for name in table.select_dtypes("number"):
        form = "localized"
        if name.endswith("（百分点）"):
            form = "%+.2f"
        elif name.endswith(words.COUNT_NOTHING):
            form = "%d"
        looks[name] = st.column_config.NumberColumn(format=form)
    return looks


def readable(table: pd.DataFrame | Mapping[str, Any]) -> pd.DataFrame:
    """Return a table, or columns by their heads, for the screen, whose empty cells say — and not None."""
    table = pd.DataFrame(table)
    columns = {
        name: cells if pd.api.types.is_numeric_dtype(cells) else _without_gaps(cells)
        for name, cells in table.items()
    }
    return pd.DataFrame(columns, index=table.index)


def _without_gaps(cells: pd.Series) -> pd.Series:
    values = cells.to_numpy(dtype=object, copy=True)
    values[cells.isna().to_numpy()] = words.MISSING
    return pd.Series(values, cells.index, dtype=object)


def show(table: pd.DataFrame, nothing: str, alt: str) -> None:
    """Show a table, or say why there is none."""
    if table.empty:
        st.info(nothing, icon=":material/check:")
    else:
        draw(table, alt)
        if len(table) > SHOWN:
            st.caption(f"共{len(table):,}条，这里列出前{SHOWN}条。")
