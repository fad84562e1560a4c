"""Tables of the archive: its snapshots, the sections of one, what differs between two."""

import pandas as pd

from chunshui import words
from chunshui.snapshots.archive import About, Damaged
from chunshui.snapshots.comparison import Difference
from chunshui.snapshots.model import KIND_WORDS, Snapshot
from chunshui.ui.topics.meeting.data import OWN


def line_words(one: About) -> str:
    """Return what a snapshot is called where one is chosen: its date first."""
    pinned = "置顶　" if one.filed.is_pinned else ""
    return f"{pinned}{one.frozen_at[:10]}　{one.title}（{one.scope}，截至{one.as_of}）　{one.id}"


def snapshots(lines: list[About], damaged: list[Damaged]) -> pd.DataFrame:
    """Return the archive as a table, what is damaged first: it is to be seen to."""
    rows: list[dict[str, object]] = [
        {"编号": one.id, "标题": "打不开", "备注": one.why} for one in damaged
    ]
    rows += [
        {
            "编号": one.id,
            "标题": one.title,
            "置顶": "置顶" if one.filed.is_pinned else "",
            "备注": one.filed.remark or words.MISSING,
            "冻结时间": one.frozen_at[:16].replace("T", " "),
            "会议日期": one.meeting_date or words.MISSING,
            "范围": one.scope,
            "统计截至": one.as_of,
            "模板": one.template or OWN,
            "数据版本": one.data_version,
            "部分": one.sections,
            "经办": one.frozen_by or words.MISSING,
        }
        for one in lines
    ]
    table = pd.DataFrame(rows)
    return table.astype({"部分": "Int64"}) if lines else table


def sections(snapshot: Snapshot) -> pd.DataFrame:
    """Return the sections of a snapshot with what each found."""
    return pd.DataFrame(
        {
            "部分": [KIND_WORDS[section.kind] for section in snapshot.sections],
            "内容": [section.heading for section in snapshot.sections],
            "结论": [section.title for section in snapshot.sections],
        }
    )


def differences(a: str, b: str, every: list[Difference]) -> pd.DataFrame:
    """Return in what two snapshots differ, the changes as numbers."""
    return pd.DataFrame(
        {
            "项目": [one.what for one in every],
            "地点": [one.place for one in every],
            a: [one.a for one in every],
            b: [one.b for one in every],
            "变化": [None if one.change is None else float(one.change) for one in every],
        }
    )
