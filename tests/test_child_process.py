"""What a child process gives back, and what its caller learns when it does not."""

import subprocess
import sys

import pytest

from chunshui import paths
from chunshui.child_process import ChildLostError, call
from chunshui.errors import LedgersRefusedError
from tests import child_work


def test_it_gives_the_result_and_how_far_it_was():
    told = []
    made = call(child_work.double, [1, 2], progress=lambda *said: told.append(said), seconds=30)
    assert made == [2, 4]
    assert told == [("一半", 0.5), ("全部", 1.0)]


def test_what_a_person_can_mend_comes_whole():
    with pytest.raises(LedgersRefusedError, match="第3行没有街道") as raised:
        call(child_work.refuse, progress=print, seconds=30)
    assert raised.value.issues == ["第3行"]


@pytest.mark.parametrize(
    ("how", "seconds", "said"),
    [("error", 30, "异常中止"), ("death", 30, "异常中止"), ("sleep", 1, "超过1秒，已中止")],
)
def test_what_nobody_foresaw_is_one_line_in_the_log(how, seconds, said, caplog, capfd):
    with pytest.raises(ChildLostError, match=said):
        call(child_work.fail, how, progress=print, seconds=seconds)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == (
        ["fail failed in a child process: KeyError: 'community'"] if how == "error" else []
    )
    assert capfd.readouterr() == ("", "")


def test_the_child_ends_with_whoever_asked():
    def leave(step: str, share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(child_work.double, [1], progress=leave, seconds=30)


ASKING = """
from chunshui.child_process import call
from tests import child_work
call(child_work.work_on, progress=lambda *told: print(*told, flush=True), seconds=60)
"""


def test_the_child_ends_with_a_caller_that_is_killed():
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", ASKING], cwd=paths.ROOT, **streams) as caller:
        assert caller.stdout.readline()
        caller.kill()
        caller.communicate(
            timeout=20
        )  # the child, which has the errors' stream, too, holds it open
