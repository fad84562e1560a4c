"""The main script: page config, navigation, the filters every page shares, the head."""

import streamlit as st

from chunshui import paths
from chunshui.ui import data
from chunshui.ui.shell import ahead, curtain, filters, head, navigation, notices, permit, pinned
from chunshui.ui.widgets import drill, search, views

ICON = "/app/static/icon.png"  # a file would be opened and decoded for every answer, twice

# Before the navigation: a browser fetches its icon from elsewhere where no other is set.
st.set_page_config(page_icon=ICON, layout="wide", initial_sidebar_state=200)
st.logo(ICON, size="large")
notices.speak_chinese()
person = permit.person_or_stop()
# What a role is not offered is not in the navigation, and what is not there cannot be run.
city = (navigation.CITY,) if paths.city_dir() and person.may_open(navigation.CITY.name) else ()
if city:
    pinned.follow()
own = () if permit.district() else navigation.OWN
offered = tuple(
    one.name
    for one in (*city, *navigation.PAGES.values())
    if person.may_open(one.name) and (one.name in own or one.name not in navigation.OWN)
)
# A server of a city alone has nothing to show on a district's pages until one of its districts is chosen.
leads_nowhere = bool(city) and not permit.district() and permit.store().pointer() is None
menu = offered, leads_nowhere
if st.session_state.get("offered") != menu:  # made once: each looks for its file
    st.session_state["offered"] = menu
    st.session_state["navigation"] = {
        section: [
            st.Page(
                one.path,
                title=one.title,
                icon=one.icon,
                default=one.name == navigation.FIRST,
                visibility="hidden" if leads_nowhere and one not in city else "visible",
            )
            for one in ((*city, *pages) if section == navigation.FIRST_SECTION else pages)
            if one.name in offered
        ]
        for section, pages in navigation.SECTIONS.items()
        if not {one.name for one in pages}.isdisjoint(offered)
    }
page = st.navigation(st.session_state["navigation"])
st.set_page_config(page_title=f"{page.title} · 春水")

if page.url_path == navigation.CITY.name and "leaving" not in st.session_state:
    st.session_state["page"] = page.url_path
    if pinned.leave():
        st.rerun()  # what only the own district has is offered again
    page.run()
    st.stop()
serving = notices.serving_or_stop()
curtain.draw()
filters.leave(serving.edition)
filters.follow_link(serving.edition, page.url_path)
with st.container(horizontal=True, gap="small", key="filters"):
    scope = filters.draw(serving.edition)
    search.draw(scope)
head.draw(page.title, scope, data.manifest(serving.edition), serving.warning)
pinned.draw()
with st.session_state["beside_title"]:
    views.draw()
    permit.draw_leave()
try:
    if notices.has_its_ledgers(page.url_path, scope):
        with ahead.AHEAD.drawing(scope):
            page.run()
finally:
    curtain.lift()
drill.draw_opened(scope)
