"""What a page would ask one filter further is asked while nobody waits, and is what the page then asks."""

import datetime as dt
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from unittest import mock

import pytest

from chunshui.circles.question import Question
from chunshui.ui import data
from chunshui.ui.data import remembering
from chunshui.ui.data.remembering import Call, remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import ahead, navigation
from chunshui.ui.shell.ahead import Ahead
from chunshui.warehouse import Edition
from tests.ui.test_two_stores import shown

HERE, THERE = {"month": "2025-04", "street": "汉水桥街道"}, "2025-02"
SCOPE = Scope(Edition("/a", "v000001"), "2026-10")


@pytest.fixture
def drawn(monkeypatch):
    """The Ahead of the frame, as if it went ahead; its thread is the test's."""
    one = Ahead()
    one._thread = one
    monkeypatch.setattr(ahead, "AHEAD", one)
    return one


def results() -> int:
    return sum(map(len, remembering._KEPT))


def follow(work, there: str) -> int:
    """Ask what is ahead of one scope, and with their answers what is kept beside them; count the calls."""
    number, answer, answers = 0, None, []
    with suppress(StopIteration):
        while True:
            call, answer = work.send(answer), None
            of_answer = any(call.args and call.args[0] is one for one in answers)
            if of_answer or there in str((call.args, call.kwargs)):
                answer = call.function(*call.args, **call.kwargs)
                answers.append(answer)
                number += 1
    return number


@contextmanager
def made():
    """Yield what is made meanwhile to be kept beside what is kept."""
    sizes = []

    def put_beside(owner, size):
        if remembering._PLACE in vars(owner):
            sizes.append(size)

    with mock.patch.object(remembering.SHELF, "put_beside", put_beside):
        yield sizes


@pytest.mark.parametrize("page", navigation.PAGES)
def test_a_page_of_another_month_finds_what_was_asked_ahead(open_app, published, drawn, page):
    """And shows the same as where nothing was."""
    alone = shown(open_app(published, page, **HERE | {"month": THERE}))
    for kept in remembering._KEPT:
        for key in [key for key in kept if THERE in str(key) or "2025, 2" in str(key)]:
            del kept[key]
    open_app(published, page, **HERE)
    asked = follow(drawn._work, THERE)
    before = results()
    with made() as anew:
        assert shown(open_app(published, page, **HERE | {"month": THERE})) == alone
    # What the worst metric of all decides is another.
    assert results() - before <= 3 + asked / 2
    assert sum(anew) < 1000  # bytes


def test_it_goes_ahead_when_nobody_draws_and_stops_when_somebody_does(monkeypatch):
    monkeypatch.setattr(ahead, "QUIET_SECONDS", 0.01)
    asked = []

    @remembered(256)
    def double(number):
        asked.append(number)
        return 2 * number

    def around(calls, _):
        assert [(one.function, one.args) for one in calls] == [(double, (1,))]
        return (one._replace(args=(number,)) for one in calls for number in range(2, 40))

    monkeypatch.setattr(ahead, "_calls_ahead", around)
    one = Ahead()
    one.start()
    with one.drawing(SCOPE):
        assert double(1) == 2
        time.sleep(0.1)
        assert asked == [1]
    with one.drawing(SCOPE):  # somebody else, who asks for nothing new
        double(1)
        held = len(asked)
        time.sleep(0.1)
        assert len(asked) <= held + 1
    deadline = time.monotonic() + 10
    while len(asked) < 39 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert asked == list(range(1, 40))


def test_the_scopes_one_filter_away_are_those_that_the_filters_come_to(open_app, published, drawn):
    """Whose results are kept by what decides their data, and hold its words and its links."""

    def asked(**params):
        scope = open_app(published, "fund", **params).session_state["scope"]
        return (*scope.key, scope.words, scope.query)

    here = open_app(published, "fund", **HERE).session_state["scope"]
    whole = Call(len, (here.district(), here.month, Question(dt.date(2025, 4, 30))), {})
    dear = Call(max, (here,), {}, None, ahead.TOO_DEAR_SECONDS + 0.1)
    third = Call(min, (replace(here, streets=("420104001",)),), {})
    calls = [*ahead._calls_ahead([Call(len, (here,), {}), whole, dear, third], here)]
    reached = {(*one.args[0].key, one.args[0].words, one.args[0].query) for one in calls}
    for change in (
        {"month": "2025-03"},
        {"month": "2026-10"},
        {"street": "古田街道"},
        {"community": "皮子街社区"},
    ):
        assert asked(**HERE | change) in reached
    assert asked(month=HERE["month"]) in reached
    assert (whole.args[0], "2025-03", Question(dt.date(2025, 3, 31))) in [
        (replace(one.args[0], month="2025-04"), *one.args[1:]) for one in calls
    ]
    assert {one.function for one in calls} == {len, min}
    assert {one.args[0].month for one in calls if one.function is min} == {
        *data.months(here.edition)
    } - {"2025-04"}
