"""The tables of the versions' page, and the undo with its confirmation."""

import pandas as pd
import streamlit as st

from chunshui import clock, words
from chunshui.access.roles import Act
from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.data.turnover import TURNOVER
from chunshui.ui.markdown import plain
from chunshui.ui.shell import notices, permit
from chunshui.ui.widgets import tables
from chunshui.warehouse import Edition, Manifest, publish

SOFTWARE = {"chunshui": "春水", "duckdb": "DuckDB", "queries_sha256": "口径文件校验值"}


def finding(manifest: Manifest) -> str:
    """Say which version is in use, of how many, and what the quality rules found in it."""
    served = {entry.version for entry in permit.store().history()}
    count = sum(one.version in served for one in permit.store().versions())
    counts = "、".join(f"{severity}{rows}条" for severity, rows in manifest.checks.items() if rows)
    until = Month.parse(manifest.as_of).words if manifest.as_of else words.MISSING
    return (
        f"现在使用{manifest.version}，{clock.written(manifest.made_at)}建成，数据到{until}；"
        f"发布过{count}个版本，都没有改动过。"
        + (f"质量规则查出{counts}。" if counts else "质量规则没有查出问题。")
    )


def history() -> pd.DataFrame:
    """Return every publish and undo, the latest first."""
    entries = permit.store().history()
    rows = [
        {
            "时间": clock.written(entry.at),
            "动作": entry.action,
            "版本": entry.version,
            "说明": entry.note,
            "经办": entry.by,
            "结果": "生效" if entry.effective else "未完成",
        }
        for entry in reversed(entries)
    ]
    if rows and entries[-1].effective:
        rows[0]["结果"] = "使用中"
    return pd.DataFrame(rows)


def about(manifest: Manifest) -> dict[str, str]:
    """Return what a version says of itself; who published it and why, once somebody has."""
    entries = [one for one in permit.store().history() if one.version == manifest.version]
    signed = next((one for one in entries if one.effective), manifest)
    return {
        "版本": manifest.version,
        "建成时间": clock.written(manifest.made_at),
        "经办": plain(signed.by),
        "说明": plain(signed.note) or words.MISSING,
        "更新范围": plain(_updated(manifest)),
        "数据性质": manifest.nature,
        "数据截至": manifest.as_of or words.MISSING,
        "行数": f"{sum(manifest.rows.values()):,}行，{len(manifest.rows)}张表",
        "质量规则": "、".join(f"{severity}{rows}条" for severity, rows in manifest.checks.items())
        or "没有查出问题",
        "文件": f"{manifest.bytes / 2**20:,.1f}兆字节",
        "校验值": f"`{manifest.sha256[:16]}…`",
        "软件": "、".join(
            f"{SOFTWARE[name]} {number[:16]}"
            for name, number in manifest.software.items()
            if name in SOFTWARE
        ),
        "用时": f"{sum(manifest.timings.values()):,.1f}秒（"
        + "、".join(f"{step} {seconds:.1f}" for step, seconds in manifest.timings.items())
        + "）",
    }


def _updated(manifest: Manifest) -> str:
    """What a version has new, beside the version it carries on."""
    if manifest.base is None:
        return "全套台账"
    some = [
        f"{ledger}（{'、'.join(streets) or '空表'}）"
        for ledger, streets in manifest.updated.items()
    ]
    only = f"；只更新部分街道的：{'、'.join(some)}" if some else ""
    return f"在{manifest.base}上更新，没有再报的沿用{only}"


def sources(edition: Edition) -> pd.DataFrame:
    """Return the ledger sheets of a version under Chinese labels."""
    columns = ["file_name", "sheet_name", "ledger_name", "nature", "row_total", "row_used"]
    columns += ["crs", "sha256"]
    return tables.readable(tables.labelled(data.source_files(edition), columns))


def skipped() -> str:
    """Say which numbers no version has that was ever published: previews take one, published or not; "" for none."""
    published = {int(entry.version[1:]) for entry in permit.store().history()}
    missing = sorted(set(range(1, max(published, default=0))) - published)
    if not missing:
        return ""
    names = words.joined([f"v{number:06d}" for number in missing], 3)
    return f"{names}没有发布过：是发布前的预览，版本号不再给别的版本用，不缺台账。"


def draw_undo(present: str) -> None:
    """Draw the form that goes back to another version that was published, for whoever may."""
    if not permit.may(Act.UNDO):
        return
    st.subheader("回退到另一个版本", anchor=False)
    served = {entry.version for entry in permit.store().history()}
    names = [one.version for one in reversed(permit.store().versions()) if one.version in served]
    others = [name for name in names if name != present]
    if not others:
        notices.empty("没有别的版本可以回退。", "")
        return
    signed = permit.signature()
    with st.form("undo", border=False):
        which, by, note = st.columns([1, 1, 2])
        to = which.selectbox("回退到", others)
        typed = by.text_input("经办（岗位或姓名）", signed, max_chars=64, disabled=bool(signed))
        why = note.text_input("原因", max_chars=100, placeholder="例如：本月民情台账填错一列")
        pressed = st.form_submit_button("回退", icon=":material/undo:")
    who = signed or typed.strip()
    if pressed and who and why.strip():
        confirm_undo(present, to, who, why.strip())
    elif pressed:
        st.warning("请写明经办和原因：它们会记入发布与回退记录。", icon=":material/edit:")


@st.dialog("确认回退")
def confirm_undo(present: str, to: str, by: str, note: str) -> None:
    """Ask once more, then move the pointer and show the page anew."""
    st.markdown(
        f"所有人的页面将立即从 **{present}** 改用 **{to}**。版本都保留，随时可以再换回来。\n\n"
        f"经办：{plain(by)}\n\n原因：{plain(note)}"
    )
    with st.container(horizontal=True):
        if st.button("确认回退", type="primary", icon=":material/undo:"):
            try:
                permit.demand(Act.UNDO, version=to, note=note)
                with st.spinner("正在预备那个版本的页面…"):
                    TURNOVER.wait(permit.store().edition(to))
                publish.undo(permit.store(), to, by=by, note=note)
            except ChunshuiError as error:
                st.error(str(error), icon=":material/error:")
            else:
                st.rerun()
        if st.button("取消"):
            st.rerun()
