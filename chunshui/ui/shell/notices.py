"""What the screen says when something is missing or broken: what happened, where, how to mend."""

from pathlib import Path

import streamlit as st

from chunshui import paths
from chunshui.access.roles import Act
from chunshui.errors import ChunshuiError, NothingPublishedError
from chunshui.ledgers.contracts import ALL
from chunshui.ui import data
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import navigation, permit, pinned
from chunshui.warehouse import Serving, durable

_STYLE, *_SCRIPTS = (
    Path(__file__).with_name(name).read_text(encoding="utf-8")
    for name in ("page.css", "chinese.js", "maps.js")
)
_PAGE = f"<style>{_STYLE}</style><script>{''.join(_SCRIPTS)}</script>"


def speak_chinese() -> None:
    """Put Streamlit's own English into Chinese, draw anew when the screen turns dark, make paper fit.

    And give maps what plotly has not.
    """
    st.html(_PAGE, unsafe_allow_javascript=True)


def serving_or_stop() -> Serving:
    """Return the version to serve, or show a page that says what to do and stop."""
    try:
        serving = permit.serving()
        data.reader(serving.edition)
    except ChunshuiError as error:
        if pinned.leave():
            not_in_city(error)
        elif not isinstance(error, NothingPublishedError):
            nothing_readable(error)
        elif paths.city_dir():
            st.switch_page(navigation.CITY.path)  # each district has its own server
        else:
            nothing_published(error)
        st.stop()
    return serving


def nothing_published(error: ChunshuiError) -> None:
    """Show that this computer has no version yet, and the two ways to get one."""
    st.title("还没有数据")
    st.info(str(error), icon=":material/inbox:")
    st.markdown(
        "在安装目录的命令行里任选一种做法，完成后刷新本页：\n\n"
        "1. **先看演示区**：写出演示台账，建成并发布第一个版本，然后打开本页。"
    )
    st.code("python -m chunshui run", language=None)
    st.markdown("2. **用自己的台账**：把台账放进一个文件夹，检查通过后发布。")
    st.code("python -m chunshui publish 台账文件夹 --note 首次发布", language=None)


def not_in_city(error: ChunshuiError) -> None:
    """Show why a district of the city cannot be looked at, and the way back."""
    st.title("打不开这个区")
    st.error(str(error), icon=":material/error:")
    st.page_link(navigation.CITY.path, label="回到全市", icon=navigation.CITY.icon)


def nothing_readable(error: ChunshuiError) -> None:
    """Show that no published version can be read, and the way out."""
    st.title("数据版本无法读取")
    st.error(str(error), icon=":material/error:")
    st.markdown(
        "已发布的版本从不改写，台账也没有受影响。请在安装目录的命令行里查看有哪些版本，"
        "再指定一个完好的版本，或重新发布台账；完成后刷新本页。"
    )
    st.code(
        "python -m chunshui versions\npython -m chunshui undo 版本号\n"
        "python -m chunshui publish 台账文件夹 --note 重新发布",
        language=None,
    )


def failed(error: Exception) -> bool:
    """Show an error that no page expected; True keeps Streamlit's own English box away."""
    if isinstance(error, ChunshuiError):
        st.error(str(error), icon=":material/error:")
    elif reason := durable.disk_fault(error):
        st.error(f"没有成功：{reason}。", icon=":material/error:")
    else:
        st.error(
            "本页没有画完：程序遇到了没有料到的情况。筛选条件还在，可换一个筛选或刷新再试；"
            f"如仍不行，请把这一行连同时间告诉维护人员：{type(error).__name__}。"
            "详细经过已记在服务器日志里。",
            icon=":material/error:",
        )
    return True


def has_its_ledgers(page: str, scope: Scope) -> bool:
    """Return whether a page (its address) has something to say of the version; else say what lacks."""
    about = navigation.PAGES[page or navigation.FIRST].about
    has = data.manifest(scope.edition).has
    if not about or any(map(has, about)):
        return True
    names = "、".join(ALL[ledger].name for ledger in about)
    st.info(
        f"现用版本没有{names}，本页无从计算。在“台账入库”补报并发布后，本页自动有数。",
        icon=":material/inbox:",
    )
    if permit.may(Act.UPLOAD):
        st.page_link(navigation.PAGES["intake"].path, label="去台账入库")
    return False


def empty(what: str, way_out: str = "可在上方换一个街道或月份。") -> None:
    """Say why there is nothing to show and offer the way out."""
    st.info(f"{what}{way_out}", icon=":material/search_off:")
