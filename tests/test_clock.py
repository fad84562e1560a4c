"""One clock: what is shown and written is the district's own time, wherever the machine stands."""

import datetime as dt

import pytest

from chunshui import clock
from chunshui.cli import main
from chunshui.errors import ChunshuiError
from chunshui.warehouse import Store

MOMENT = "2026-11-23T14:52:00+00:00"


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("", "2026-11-23 22:52"),
        ("Asia/Urumqi", "2026-11-23 20:52"),
        ("UTC", "2026-11-23 14:52"),
    ],
)
def test_a_time_is_written_as_the_district_has_it(monkeypatch, zone, written):
    monkeypatch.setenv("CHUNSHUI_TIMEZONE", zone)
    monkeypatch.setenv("TZ", "America/New_York")
    assert clock.written(MOMENT) == written
    assert clock.written(dt.datetime.fromisoformat(MOMENT)) == written
    assert abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize("name", ["武汉", "Asia/Nowhere", "../etc"])
def test_a_zone_that_is_none_is_said(monkeypatch, name):
    monkeypatch.setenv("CHUNSHUI_TIMEZONE", name)
    with pytest.raises(ChunshuiError, match=r"不是时区。请改成如 Asia/Shanghai"):
        clock.zone()


def test_the_console_has_that_clock(monkeypatch, published, capsys):
    monkeypatch.setenv("CHUNSHUI_DATA", str(published))
    made = Store(published / "versions").versions()[0].made_at
    for zone in ("Asia/Shanghai", "Asia/Urumqi"):
        monkeypatch.setenv("CHUNSHUI_TIMEZONE", zone)
        assert main(["versions"]) == 0
        assert clock.written(made) in capsys.readouterr().out
    monkeypatch.setenv("CHUNSHUI_TIMEZONE", "武汉")
    assert main(["versions"]) == 1
    assert capsys.readouterr().err.startswith("环境变量 CHUNSHUI_TIMEZONE 写的“武汉”不是时区")
