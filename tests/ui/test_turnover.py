"""A running server goes on with the version before until the new one is prepared."""

import threading
import time

import numpy as np
import pandas as pd
import pytest
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from chunshui.ui import warm
from chunshui.ui.data import remembering, turnover
from chunshui.ui.data.remembering import Shelf, beside, remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.data.turnover import Turnover
from chunshui.warehouse import Edition, Serving

OLD, NEW, OTHER = Edition("/a", "v000001"), Edition("/a", "v000002"), Edition("/b", "v000001")


@pytest.fixture
def gate():
    """What the preparing waits for."""
    gate = threading.Event()
    yield gate
    gate.set()


@pytest.fixture
def watched(gate):
    """A turnover that shows the old version, and what it has prepared."""
    prepared = []

    def prepare(edition):
        assert gate.wait(10)
        prepared.append(edition)

    one = Turnover()
    one.start(OLD, prepare)
    return one, prepared


def test_without_a_server_nothing_is_held_back():
    one = Turnover()
    assert one.begin(NEW) is None
    one.wait(NEW)
    assert one.shown(Serving(NEW)) == Serving(NEW)


def test_the_old_one_is_shown_until_the_new_one_is_prepared_once(watched, gate):
    one, prepared = watched
    assert one.shown(Serving(OLD)) == Serving(OLD)
    for _ in range(3):
        assert one.shown(Serving(NEW)) == Serving(OLD)
    gate.set()
    one.wait(NEW)
    assert one.shown(Serving(NEW)) == Serving(NEW)
    assert one.shown(Serving(NEW)) == Serving(NEW)
    assert prepared == [NEW]
    assert one.shown(Serving(OLD)) == Serving(OLD)  # an undo: prepared already


def test_what_was_prepared_at_the_preview_is_shown_at_once(watched, gate):
    one, prepared = watched
    gate.set()
    one.wait(NEW)
    assert one.shown(Serving(NEW)) == Serving(NEW)
    assert prepared == [NEW]


def test_patience_ends(watched, monkeypatch):
    one, prepared = watched
    assert one.shown(Serving(NEW)) == Serving(OLD)
    monkeypatch.setattr(turnover, "PATIENCE_SECONDS", 0)
    assert one.shown(Serving(NEW)) == Serving(NEW)
    assert not prepared


@pytest.mark.parametrize("published", [Serving(NEW, "已改用完好的版本"), Serving(OTHER)])
def test_another_store_and_what_stands_in_for_a_damaged_one_are_not_held_back(watched, published):
    one, _ = watched
    assert one.shown(published) == published


def test_a_version_that_cannot_be_prepared_is_shown_and_the_fault_logged(caplog):
    one = Turnover()

    def fail(edition):
        raise ValueError("broken")

    one.start(OLD, fail)
    one.wait(NEW)
    assert one.shown(Serving(NEW)) == Serving(NEW)
    assert "v000002" in caplog.text


def test_many_at_once_prepare_it_once(watched, gate):
    one, prepared = watched
    shown = []
    asking = [
        threading.Thread(target=lambda: shown.append(one.shown(Serving(NEW)))) for _ in range(8)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert shown == [Serving(OLD)] * 8
    gate.set()
    one.wait(NEW)
    assert prepared == [NEW]


def test_what_was_kept_of_the_old_one_goes_a_while_after(watched, gate, monkeypatch):
    monkeypatch.setattr(turnover, "LET_GO_SECONDS", 0.05)
    asked = []

    @remembered(8)
    def ask(scope: Scope, metric: str) -> str:
        asked.append((scope.edition, metric))
        return metric

    @remembered(8)
    def ask_of_two(pair: tuple[Edition, Edition]) -> int:
        asked.append(pair)
        return 1

    def ask_all():
        for edition in (OLD, NEW):
            ask(Scope(edition, "2026-10"), "a")
        ask_of_two((OLD, NEW))

    ask_all()
    ask_all()
    assert len(asked) == 3
    one, prepared = watched
    gate.set()
    one.wait(NEW)
    assert one.shown(Serving(NEW)) == Serving(NEW)
    time.sleep(0.3)
    ask_all()
    assert asked[3:] == [(OLD, "a"), (OLD, NEW)]  # of the one shown nothing went
    one.wait(OLD)  # an undo later on prepares it anew
    assert prepared == [NEW, OLD]
    assert one.shown(Serving(OLD)) == Serving(OLD)


@pytest.mark.parametrize("section", ["theme", "theme.light", "theme.dark", "theme.dark.sidebar"])
def test_the_theme_that_is_read_once_is_the_one_that_streamlit_reads(section, monkeypatch):
    wanted, told = CustomThemeConfig(), [CustomThemeConfig(), CustomThemeConfig()]
    app_session._populate_theme_msg(wanted, section)
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)
    warm._read_theme_once()
    for one in told:
        app_session._populate_theme_msg(one, section)
    assert told == [wanted, wanted]
    assert wanted.ByteSize() or section == "theme.dark.sidebar"


def test_all_that_is_kept_shares_one_budget(monkeypatch):
    """Whoever asked: what was asked for least lately goes, but for what is of whole editions."""
    monkeypatch.setattr(remembering, "SHELF", shelf := Shelf(100_000, 40_000))
    asked = []

    @remembered(256)
    def table(number):
        asked.append(number)
        return pd.DataFrame({"value": np.zeros(3500)})  # 34 kB

    @remembered(256)
    def drawn(number):
        asked.append(f"drawn {number}")
        return {"data": [{"lon": [0.5] * 800}], "layout": {}}  # 26 kB

    @remembered(2)
    def whole(edition):
        asked.append(edition)
        return np.zeros(10**6)

    whole(OLD)
    for ask, number in ((table, 1), (table, 2), (drawn, 3), (table, 1), (drawn, 4), (table, 1)):
        ask(number)
        assert 0 < shelf.bytes <= 100_000
    assert asked == [OLD, 1, 2, "drawn 3", "drawn 4"]
    table(2)
    assert asked[5:] == [2]
    drawn(3)
    whole(OLD)
    assert asked[6:] == ["drawn 3"]
    remembering.forget(OLD)
    with shelf.guessing() as has_room:  # pushes out other guesses alone, until somebody asks for it
        assert has_room()
        table(5)
        assert not has_room()
        table(6)
        table(2)
    del asked[:]
    drawn(3)
    table(6)
    table(5)
    assert asked == [5]
    for number in range(300):  # and each function its own bound
        drawn(str(number))
    assert shelf.bytes <= 140_000


def test_what_is_kept_beside_an_answer_weighs_with_it(monkeypatch):
    monkeypatch.setattr(remembering, "SHELF", shelf := Shelf(100_000, 40_000))
    asked = []

    @remembered(256)
    def table(number):
        asked.append(number)
        return pd.DataFrame({"value": np.zeros(500)})  # 10 kB

    @beside
    def doubled(rows):
        asked.append("doubled")
        return pd.DataFrame({"value": 2 * rows["value"]})

    @beside
    def written(rows):
        return "行" * 15_000  # 30 kB

    table(1)
    alone = shelf.bytes
    for _ in range(2):
        written(doubled(table(1)))
    assert asked == [1, "doubled"]
    assert shelf.bytes > 2 * alone + 30_000
    with shelf.guessing():  # of what somebody asked for: it makes it no guess
        written(table(1))
    assert shelf.bytes > 2 * alone + 60_000
    written(table(2))
    assert shelf.bytes < 100_000
    table(1)
    assert asked == [1, "doubled", 2, 1]
    pd.testing.assert_frame_equal(
        doubled(pd.DataFrame({"value": [1.0]})), pd.DataFrame({"value": [2.0]})
    )
    assert shelf.bytes < 100_000


def test_a_table_that_is_kept_forgets_its_copies():
    @remembered(256)
    def table(number):
        return pd.DataFrame({"value": [1.0], "name": ["a"]})

    for _ in range(400):
        table(1).copy(deep=False)
    assert [len(block.refs.referenced_blocks) for block in table(1)._mgr.blocks] <= [51, 51]
