"""The main script: page config, navigation, the filters every page shares, the head."""

import streamlit as st

from chunshui import paths
from chunshui.ui import data
from chunshui.ui.shell import filters, head, notices

PAGES = paths.ROOT / "pages"
ICON = paths.ROOT / "chunshui" / "ui" / "shell" / "icon.png"

st.set_page_config(
    page_icon=ICON,
    layout="wide",
    initial_sidebar_state=236,
)
st.logo(ICON, size="large")
notices.speak_chinese()
page = st.navigation(
    {
        "总览": [
            st.Page(PAGES / "overview.py", title="一池春水", icon=":material/water:", default=True),
        ],
        "智 服务": [
            st.Page(PAGES / "circles.py", title="十分钟圈", icon=":material/distance:"),
            st.Page(PAGES / "coverage.py", title="覆盖率", icon=":material/percent:"),
            st.Page(PAGES / "renovation.py", title="旧改进度", icon=":material/construction:"),
            st.Page(PAGES / "demo_sites.py", title="四创示范", icon=":material/verified:"),
            st.Page(PAGES / "fund.py", title="社区基金", icon=":material/savings:"),
        ],
        "会议": [
            st.Page(PAGES / "snapshots.py", title="会议快照", icon=":material/co_present:"),
        ],
        "数据": [
            st.Page(PAGES / "intake.py", title="台账入库", icon=":material/upload_file:"),
            st.Page(PAGES / "quality.py", title="数据质量", icon=":material/fact_check:"),
            st.Page(PAGES / "dictionary.py", title="指标口径", icon=":material/menu_book:"),
            st.Page(PAGES / "versions.py", title="版本", icon=":material/history:"),
        ],
    },
    position="top",
)
st.set_page_config(page_title=f"{page.title} · 春水")

serving = notices.serving_or_stop()
with st.sidebar:
    scope = filters.draw(serving.version)
head.draw(page.title, scope, data.manifest(serving.version), serving.warning)
page.run()
