"""A street's account: no row of another street is in its data, nor in any message, file or document."""

import io
import json
import random
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest, local_script_runner

from chunshui.access.roles import ROLES, Person
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import all_metrics
from chunshui.ledgers.base import read_base
from chunshui.ledgers.out.write import write
from chunshui.pipeline import IntakeOptions, examine
from chunshui.pipeline.narrow import SHARED_OUT, StreetStore, not_own
from chunshui.snapshots import archive, freeze
from chunshui.snapshots.model import Assignment
from chunshui.snapshots.selection import Choice, Selection
from chunshui.ui.shell import navigation, permit
from chunshui.ui.widgets import downloads
from chunshui.warehouse import Store
from chunshui.words import ERROR
from tests.access import planted
from tests.access.planted import CODES, MARKS, NAMES
from tests.ledgers.sample import STREETS
from tests.ui.conftest import FRAME

MONTH = "2026-10"
TABS = ("计入", "各社区", "为什么变", "差多少达标")
STEPS = 1  # choices made at random on each page


def others(street: str) -> list[str]:
    """Return what no row of a street has: the marks of the other, the codes of its communities."""
    (other,) = {*STREETS} - {street}
    return [MARKS[other], CODES[other], f"{other}001", f"{other}002"]


def found(text: str | bytes, street: str) -> list[str]:
    """Return what of the other street is in a message or a file, also as JSON writes it."""
    text = text.encode() if isinstance(text, str) else text
    ways = [(one, one.encode()) for one in others(street)]
    ways += [(one, json.dumps(one)[1:-1].encode()) for one in others(street)]
    return [one for one, way in ways if way in text]


@pytest.fixture(scope="module")
def district(tmp_path_factory) -> Path:
    """A data folder with two streets, every row of which bears its street's mark."""
    return planted.published(tmp_path_factory.mktemp("streets"))


@pytest.fixture
def run_as(district, monkeypatch):
    """Return what makes the runs of pages those of a street's account, or of nobody's (""); and its downloads."""
    monkeypatch.setenv("CHUNSHUI_DATA", str(district))
    made = []

    def guarded(make, act, **told):
        made.append((told.get("file", ""), make))
        return make

    draw = downloads.st.popover

    def popover(*words, **how):
        return Opened(draw(*words, **how))

    def become(street: str):
        person = Person(f"a{street}", "街道", ROLES["street"], "", street)
        monkeypatch.setattr(permit, "person", lambda: person if street else permit.OWNER)
        monkeypatch.setattr(permit, "guarded", guarded)
        monkeypatch.setattr(downloads.st, "popover", popover)
        return made

    return become


class Opened:
    """A popover that is open, so that all that can be downloaded in it is drawn."""

    open = True

    def __init__(self, popover):
        self.popover = popover

    def __enter__(self):
        self.popover.__enter__()
        return self

    def __exit__(self, *fault):
        return self.popover.__exit__(*fault)

    def __getattr__(self, name):
        return getattr(self.popover, name)


@pytest.fixture
def messages(monkeypatch):
    """Everything that goes to the browser in a run, as it goes."""
    sent: list[bytes] = []
    take = local_script_runner.LocalScriptRunner.forward_msgs

    def kept(self):
        some = take(self)
        sent.extend(one.SerializeToString() for one in some)
        return some

    monkeypatch.setattr(local_script_runner.LocalScriptRunner, "forward_msgs", kept)
    return sent


def opened(page: str, **params) -> AppTest:
    app = AppTest.from_file(str(FRAME), default_timeout=600)
    for key, value in params.items():
        app.query_params[key] = value
    if page != navigation.FIRST:
        app.switch_page(f"../pages/{page}.py")
    return app.run()


def edition(district: Path, street: str):
    store = StreetStore(Store(district / "versions"), street)
    return Store(store.root).open(store.current().edition)


@pytest.mark.parametrize("street", STREETS)
def test_no_row_of_another_street_is_in_its_file(district, street):
    with edition(district, street) as own, Store(district / "versions").open() as whole:
        for table in own.query("warehouse/tables")["table_name"]:
            text = own.query("warehouse/whole_table", table=table).to_csv()
            # Of other streets there are names and outlines, and their sums.
            if table not in ("street", "metric_value"):
                assert not found(text, street), table
        values = own.query("warehouse/whole_table", table="metric_value")
        assert not values["community_code"].isin(others(street)).any()
        assert own.manifest.street == street and own.manifest.street_name == NAMES[street]
        assert sum(own.manifest.checks.values()) < sum(whole.manifest.checks.values())


def test_its_figures_are_those_of_the_whole_version(district):
    street, metrics = STREETS[0], list(all_metrics())
    with edition(district, street) as own, Store(district / "versions").open() as whole:
        for where in (((), None), ((street,), None), ((), f"{street}001")):
            ours, theirs = (figures_of(one, metrics, MONTH, *where) for one in (own, whole))
            same = {m: (ours[m].value, ours[m].trend) for m in metrics}
            assert same == {m: (theirs[m].value, theirs[m].trend) for m in metrics}
        differ = {
            metric
            for metric in {*metrics[::6], *SHARED_OUT, "renovation_stalled"}
            if not members_of(own, metric, MONTH, (street,), None).equals(
                members_of(whole, metric, MONTH, (street,), None)
            )
        }
        assert differ <= SHARED_OUT


def test_whatever_is_chosen_on_a_page_shows_no_row_of_another(run_as, messages):
    """Of one street's account: that the file of each has its own rows alone is held above."""
    street, other = STREETS
    offered = run_as(street)
    own, dice = 0, random.Random(street)
    place = f"{MARKS[other]}一社区"
    asked = {"street": NAMES[other], "community": place, "of": NAMES[other]}
    pages = [one for one in navigation.PAGES if one in ROLES["street"].pages]
    for page in pages:
        metric, tab = dice.choice(list(all_metrics().values())), dice.choice(TABS)
        app = opened(page, open=metric.name, tab=tab, **asked)
        assert [one.value for one in app.warning if "本账号只看" in one.value], page
        for _ in range(STEPS):
            assert not app.exception, page
            for one in app.query_params.keys() & {"open", "of", "tab"}:
                del app.query_params[one]  # there is but one dialog at a time
            _choose(app, dice)
        for one in messages:
            own += MARKS[street].encode() in one
            # What the address asked for is said back.
            assert not found(one.replace(place.encode(), b""), street), page
        messages.clear()
    assert own > len(pages) / 3
    makers = dict(offered).items()
    files = [(name, make()) for name, make in makers if name.endswith((".csv", "模板.xlsx"))]
    assert len(files) > len(pages) / 3
    for name, content in files:
        for part in _parts(content):
            assert not found(part, street), name


def _choose(app: AppTest, dice: random.Random) -> None:
    """Set something on a page to something, or press a button."""
    kinds = ("selectbox", "multiselect", "radio", "button", "button_group", "toggle", "checkbox")
    every = [one for kind in kinds for one in app.get(kind) if not one.proto.disabled]
    if not every:
        return
    one = dice.choice(every)
    options = getattr(one, "options", None)
    if options:
        value = dice.choice(options)
        one.set_value([value] if isinstance(one.value, list) else value)
    elif one.type == "button":
        one.click()
    else:
        one.set_value(not one.value)
    app.run()


def _parts(content: bytes) -> list[bytes]:
    """Return a file, or what is packed in it."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return [part for name in packed.namelist() for part in _parts(packed.read(name))]


def test_of_the_archive_it_sees_what_is_of_it_alone(district, run_as, messages):
    street, other = STREETS
    kept = {}
    with Store(district / "versions").open() as whole:
        for name, streets, assigned in (
            ("own", (street,), ()),
            ("with a matter of another", (street,), (NAMES[other],)),
            ("another's", (other,), ()),
            ("the district's", (), ()),
        ):
            items = [
                Assignment("JD-1", "补齐", one, "", "街道", "2026-12-01", "", "2026-11-01")
                for one in assigned
            ]
            choices = (Choice("ranking", ("grid_leader_rate",), level="社区"),)
            asked = Selection(MONTH, choices, streets=streets, assigned=tuple(items))
            asked = replace(asked, day="2026-11-01") if items else asked
            kept[name] = freeze.snapshot_of(whole, asked)
            archive.store(kept[name], root=district / "snapshots")
    run_as(street)
    for name, one in kept.items():
        app = opened("snapshots", snapshot=one.id, mode="meeting")
        said = "本账号能看的快照里没有这一份" in "".join(fault.value for fault in app.error)
        assert said == (name != "own"), name
    messages.clear()
    opened("snapshots")
    sent = b"".join(messages)
    assert kept["own"].id.encode() in sent
    assert not [name for name, one in kept.items() if name != "own" and one.id.encode() in sent]  # fmt: skip
    assert not found(sent, street)


def test_it_reports_its_own_rows_alone(district, tmp_path):
    street, other = STREETS
    whole = Store(district / "versions")
    rows = planted.tables()
    mine = rows["opinion"][rows["opinion"]["community_code"].str.startswith(street)].head(1)
    rows["opinion"] = pd.concat(
        [
            rows["opinion"][rows["opinion"]["community_code"].str.startswith(street)],
            mine.assign(opinion_id=f"Y1-{CODES[other]}", neighbourhood_id=None),
        ]
    )
    plan = {"民情.xlsx": ["opinion"], "提法.xlsx": ["label"]}
    write(rows, tmp_path, demonstration=True, plan=plan)
    report = examine(
        tmp_path, store=StreetStore(whole, street), options=IntakeOptions(streets=(street,))
    )
    with whole.open() as reader:
        refused = not_own(report.given, read_base(reader, raw_rows=False), street)
    assert not [one for one in report.issues if one.severity == ERROR]
    where = {(one.file, one.row, one.column) for one in refused}
    assert where == {("民情.xlsx", 6, "事项编号"), ("提法.xlsx", None, None)}
    assert not found("".join(map(str, report.issues)), street)
