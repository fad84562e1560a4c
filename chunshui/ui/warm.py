"""Load what visitors would otherwise wait for: the first page at start, the likely next ones after."""

import contextlib
import logging
import os
import threading
import time

import plotly.io  # noqa: F401  imported by st.plotly_chart at its first use
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from chunshui import paths
from chunshui.access.deployment import deployment
from chunshui.errors import ChunshuiError
from chunshui.pipeline.narrow import StreetStore
from chunshui.ui import data
from chunshui.ui.data import city
from chunshui.ui.data.scope import Scope
from chunshui.ui.data.turnover import TURNOVER, settle
from chunshui.ui.shell.ahead import AHEAD
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.city import data as city_data
from chunshui.ui.topics.community import data as community_data
from chunshui.ui.topics.drills import data as drills_data
from chunshui.ui.topics.fund import data as fund_data
from chunshui.ui.topics.grids import data as grids_data
from chunshui.ui.topics.opinions import data as opinions_data
from chunshui.ui.topics.organisation import data as organisation_data
from chunshui.ui.topics.renovation import data as renovation_data
from chunshui.ui.topics.riders import data as riders_data
from chunshui.ui.topics.sites import data as sites_data
from chunshui.ui.topics.two_new import data as two_new_data
from chunshui.ui.topics.week import data as week_data
from chunshui.ui.widgets import pictures, search
from chunshui.warehouse import Edition

TOPICS = (
    renovation_data,
    fund_data,
    sites_data,
    grids_data,
    opinions_data,
    organisation_data,
    two_new_data,
    riders_data,
    community_data,
    week_data,
    drills_data,
    circles_data,
)
SECONDS_AHEAD = 7  # of a core; what is not prepared takes a moment more when it is asked
LOG = logging.getLogger(__name__)
# Preparing outside a visit has no page to turn a spinner on, which Streamlit would warn of.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)


def up() -> None:
    """Open the served version and prepare its first page; then, unhurried, the likely next ones."""
    _read_theme_once()
    try:
        if paths.city_dir():
            city_data.prepare(city.edition())
            if data.store().pointer() is None:
                return
        edition = data.serving().edition
        page(Scope(edition, data.months(edition)[0]))
        search.index(edition)
    except Exception:  # the server must start, so that a page can say what is wrong
        LOG.exception("warm-up failed")
        return
    finally:
        settle()
    # A dozen seconds of a core that a small machine may lack.
    if os.environ.get("CHUNSHUI_AHEAD") != "0":
        TURNOVER.start(edition, ready)
        threading.Thread(target=_first_asked, args=(edition,), daemon=True).start()


def _read_theme_once() -> None:
    """Let what every answer says of fonts and colours be read from the settings once, not for each."""
    read, parts = app_session._populate_theme_msg, {}

    def populate(msg: CustomThemeConfig, section: str = "theme") -> None:
        if section not in parts:
            parts[section] = CustomThemeConfig()
            read(parts[section], section)
        msg.MergeFrom(parts[section])

    app_session._populate_theme_msg = populate


def ready(edition: Edition) -> None:
    """Prepare what visitors ask of a version as soon as it is shown: its last month, page by page."""
    search.index(edition)
    _walks(edition)
    scope = Scope(edition, data.months(edition)[0])
    for prepare in (page, *(topic.prepare for topic in TOPICS)):
        prepare(scope)
    _accounts(edition)


def _accounts(edition: Edition) -> None:
    """Make what the streets that have accounts may see of a version, which takes seconds each."""
    server = deployment()
    known = server.accounts.all().values() if server else ()
    for street in sorted({one.street for one in known if one.street and not one.disabled}):
        with contextlib.suppress(ChunshuiError):  # the page will say it to whoever opens it
            StreetStore(data.store(), street).edition(edition.version)


def _first_asked(edition: Edition) -> None:
    """Prepare what is asked first of each page: a street, or one of the last months."""
    for part in (_accounts, _walks, _streets, _months):
        try:
            part(edition)
        except Exception:  # the page will say it to whoever opens it; the other parts go on
            LOG.exception("preparing ahead failed")
    settle()
    AHEAD.start()


def _walks(edition: Edition) -> None:
    if circles := circles_data.circles(edition):
        _ = circles.mesh  # two seconds that the first visitor of the map need not wait


def _streets(edition: Edition) -> None:
    for street in data.district(edition).streets:
        page(Scope(edition, data.months(edition)[0], (street.code,)))


def _months(edition: Edition) -> None:
    """Prepare the last two months page by page, then the first page of those before, as far as the time goes.

    With the second month pages ask what they ask of all months at once.
    """
    started = time.thread_time()
    latest, earlier = data.months(edition)[:2], data.months(edition)[2:]
    all_pages = (page, *(topic.prepare for topic in TOPICS))
    work = [(prepare, month) for month in latest for prepare in all_pages]
    for prepare, month in [*work, *((page, month) for month in earlier)]:
        prepare(Scope(edition, month))
        if time.thread_time() - started > SECONDS_AHEAD:
            return


def page(scope: Scope) -> None:
    """Prepare what the first page shows of a scope, in both appearances."""
    worst = data.worst_to_map(scope, data.targeted(scope))
    data.target_grid(scope)
    data.attention(scope)
    data.claims(scope)
    for dark in (False, True):
        for picture in (pictures.district_map, pictures.ranking):
            picture(scope, worst.id, dark=dark)
