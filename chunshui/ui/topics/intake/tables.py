"""Tables of an intake as they are shown: sheets understood, issues, cells read otherwise."""

from functools import partial

import numpy as np
import pandas as pd

from chunshui.ledgers import personal
from chunshui.ledgers.issue import Issue
from chunshui.ui.topics.intake.data import Draft
from chunshui.ui.widgets.tables import readable
from chunshui.words import REFUSED, SEVERITIES


def understood(draft: Draft) -> pd.DataFrame:
    """Return what each sheet was taken for, and what became of its rows: they add up. What is refused
    whole comes first, and of a file that could not be read at all there is nothing but that.
    """
    staged = draft.report.staged
    files = staged.source_file
    given = ~files["source_id"].isin(staged.carried)
    files = files[given & files["file_name"].isin(draft.labels)]
    whole = [one for one in draft.report.issues if one.of_all_rows and one.file in draft.labels]
    unread = {(one.file, one.sheet) for one in whole if one.file not in {*files["file_name"]}}
    if files.empty and not unread:
        return pd.DataFrame()
    files = files.drop_duplicates(["file_name", "sheet_name", "ledger_id"], keep="last")
    fates = staged.source_row.groupby(["source_id", "fate"]).size().unstack(fill_value=0)
    order = ["合格", "有错", REFUSED, "合计", "表头", "脚注", "空行"]
    fates = fates.reindex(columns=order, fill_value=0).reindex(files["source_id"], fill_value=0)
    gone = {(one.file, one.sheet) for one in whole}
    refused = np.array(
        [
            file in draft.refused or not gone.isdisjoint({(file, None), (file, sheet)})
            for file, sheet in zip(files["file_name"], files["sheet_name"], strict=True)
        ],
        dtype=bool,
    )
    fates.loc[refused, REFUSED] = fates.loc[refused, order[:2]].sum(axis=1)
    fates.loc[refused, order[:2]] = 0
    if not (refused.any() or unread):
        order.remove(REFUSED)
    shown = pd.DataFrame(
        {
            "文件": files["file_name"],
            "工作表": files["sheet_name"],
            "认作": files["ledger_name"],
            "性质": files["nature"],
            "坐标系": files["crs"],
            "总行数": files["row_total"],
        }
    ).reset_index(drop=True)
    for fate in order:
        shown[fate] = fates[fate].to_numpy()
    shown = shown.iloc[np.argsort(~refused, kind="stable")]
    lost = [
        {"文件": file, "工作表": sheet, "认作": REFUSED} for file, sheet in sorted(unread, key=str)
    ]
    return readable(pd.concat([pd.DataFrame(lost), shown], ignore_index=True) if lost else shown)


def issues(draft: Draft, levels: list[str]) -> pd.DataFrame:
    """Return every issue of the ledgers and every finding of the rules of some levels."""
    rows = [
        (
            issue.severity, _where(draft.labels, issue),
            issue.column, issue.value, _what(draft.labels, issue), issue.mend, issue.file,
            issue.sheet,
        )
        for issue in sorted(draft.report.issues, key=partial(_place, draft.labels))
        if issue.severity in levels
    ]  # fmt: skip
    rows += [
        (
            row.severity, "" if pd.isna(row.source_row) else f"第{row.source_row:.0f}行",
            None, row.entity_id, row.message, row.mend, row.file_name, row.sheet_name,
        )
        for row in draft.findings.itertuples()
        if row.severity in levels
    ]  # fmt: skip
    columns = ["程度", "单元格", "列", "现在的内容", "问题", "怎么改", "文件", "工作表"]
    return readable(pd.DataFrame(rows, columns=columns).replace("", None))


def _where(uploaded: set[str], issue: Issue) -> str:
    """The cell or row, or all of a sheet or file that is refused whole."""
    if issue.of_all_rows and issue.file in uploaded:
        return "整张表" if issue.sheet else "整个文件"
    return issue.cell or (f"第{issue.row}行" if issue.row else "")


def _what(uploaded: set[str], issue: Issue) -> str:
    """What is wrong; of a whole file with its name, for no cell says where."""
    whole = issue.file in uploaded and issue.row is None
    return f"《{issue.file}》{issue.what}" if whole else issue.what


def _place(uploaded: set[str], issue: Issue) -> tuple:
    """Where an issue stands in a list: the gravest first, what refuses a whole file before all.

    What is wrong with a whole file or sheet comes before its rows, what it does to ledgers that stay last.
    """
    follows, of_rows = issue.file not in uploaded, issue.row is not None
    gravity = SEVERITIES.index(issue.severity), not personal.refuses(issue), follows, of_rows
    return *gravity, issue.sheet is not None, issue.file, issue.sheet or "", issue.row or 0


def readings(draft: Draft) -> pd.DataFrame:
    """Return every cell that was read otherwise than it stands."""
    rows = draft.report.staged.readings
    labels = {
        "file": "文件", "sheet": "工作表", "cell": "单元格", "row": "行", "column": "列",
        "raw": "原文", "value": "读作", "why": "依据",
    }  # fmt: skip
    return readable(rows[list(labels)].rename(columns=labels))
