"""The commands, as one types them: what they print, and their exit status."""

import os
import re
import socket
import subprocess
import sys

import pytest

from chunshui import cli, paths
from chunshui.warehouse import Store
from tests.warehouse import small

pytestmark = pytest.mark.usefixtures("few_metrics")
reading_here = pytest.mark.usefixtures("reading_here")  # the life of versions reads in a child
TRACEBACK = re.compile("Traceback|Error|usage:|argument")


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    return small.ledgers(tmp_path_factory.mktemp("ledgers"))


@pytest.fixture
def say(capsys):
    """Run a command; return its exit status and all it printed."""

    def run(*arguments):
        try:
            status = cli.main([str(argument) for argument in arguments])
        except SystemExit as left:
            status = left.code
        out, err = capsys.readouterr()
        assert not TRACEBACK.search(out + err), out + err
        return status, out + err

    return run


def test_the_life_of_versions(say, ledgers, tmp_path):
    status, said = say("publish", ledgers, "--note", "首次")
    assert (status, "已发布v000001" in said) == (0, True)
    assert "各步用时（秒）：读入台账" in said
    stations = small.frames()["station"].drop(columns=["source_id", "source_row"])
    stations.loc[1, "area_m2"] = 350.0
    second = small.ledgers(tmp_path / "更正", station=stations)
    status, said = say("build", second, "--note", "更正面积")
    assert (status, "尚未发布" in said) == (0, True)
    status, said = say("compare", "v000002", "v000001")
    assert status == 0
    assert "阵地台账：3行 → 3行（新增0，删除0，修改1）" in said
    assert re.search(r"修改 Z001 建筑面积：350 → 100（台账\.xlsx·阵地台账第\d+行）", said)
    assert re.search(r"阵地.*面积（2026-10）：", said)
    status, said = say("publish", "v000002", "--note", "核对无误")
    assert (status, said.strip()) == (0, "已发布v000002。")
    status, said = say("versions")
    assert re.search("v000001  已发布过", said)
    assert re.search("v000002  使用中", said)
    assert "核对无误" in said
    assert say("undo") == (0, "已回退，现用版本v000001。\n")
    assert say("undo")[0] == 1
    assert say("undo", "v000002")[0] == 0
    status, said = say("compare", "v000002")
    assert (status, "没有差别" in said) == (0, True)
    status, said = say("rebuild")
    assert (status, "已发布v000003" in said) == (0, True)
    assert "软件升级后重算" in say("versions")[1]


@reading_here
def test_a_streets_file_and_the_streets_said(say, ledgers, tmp_path, data):
    say("publish", ledgers, "--note", "首次")
    stations = small.frames()["station"].drop(columns=["source_id", "source_row"])
    mine = stations[stations["street_code"] == small.STREETS[0]].assign(area_m2=350.0)
    small.ledgers(tmp_path / "甲", station=mine)
    file = tmp_path / "甲" / "台账.xlsx"
    status, said = say("check", file, "--streets", "甲街道，丙街道")
    assert (status, "“丙街道”不在街道名录中" in said) == (1, True)
    status, said = say("check", file, "--streets", "甲街道", "--whole")
    assert (status, "--whole 和 --streets 只能写一个" in said) == (1, True)
    status, said = say("check", file, "--streets", "乙街道")
    assert (status, "此行是甲街道的，这次只报乙街道的" in said) == (1, True)
    status, said = say("check", file)
    assert (status, "阵地台账只更新甲街道（2行），v000001里其余1行沿用" in said) == (0, True)
    status, said = say("publish", file, "--note", "甲街道十月")
    assert (status, "阵地台账只更新了：甲街道" in said) == (0, True)


@reading_here
def test_check_says_what_it_found_and_keeps_nothing(say, ledgers, data):
    status, said = say("check", ledgers)
    assert status == 0
    assert "可以发布" in said
    assert "错误0处" in said
    assert not (data / "versions").exists()


@reading_here
def test_check_of_bad_ledgers_fails(say, tmp_path):
    folder = small.ledgers(tmp_path / "bad")
    (folder / "阵地功能台账.csv").write_text("阵地编号,功能\nZ999,幸福食堂\n", encoding="utf-8-sig")
    status, said = say("check", folder)
    assert status == 1
    assert "Z999" in said
    assert "不能发布" in said


@reading_here
@pytest.mark.parametrize(
    ("typed", "expected", "status"),
    [
        ([], "用法：", 2),
        (["--help"], "用法：", 0),
        (["publish", "--help"], "用法：", 0),
        (["--help"], "publish   建成并发布；或发布已建成的版本", 0),
        (["publish", "--help"], "[--streets 街道]", 0),
        (["publish", "--help"], "--month 月份     指定统计月份", 0),
        (["fly"], "看不懂这条命令：命令：没有“fly”，可选 'run'", 2),
        (["fly"], "打开看板", 2),
        (["publish"], "看不懂这条命令：还缺 台账或版本号", 2),
        (["publish", "x", "--note"], "--note：后面要写一个值", 2),
        (["check", "x", "--fresh=1"], "--fresh：后面不写值，多出了 1", 2),
        (["undo", "a", "b"], "多出了 b", 2),
        (["run", "--port", "many"], "看不懂这条命令：--port：“many”写法不对", 2),
        (["run", "--port", "0"], "端口0不对", 1),
        (["publish", "/nowhere"], "没有台账文件夹 /nowhere", 1),
        (["publish", "v000007"], "没有版本v000007", 1),
        (["compare", "v000001", "v000002"], "没有版本v000001", 1),
        (["versions"], "还没有发布过任何版本", 1),
        (["undo"], "还没有发布过任何版本", 1),
        (["publish", ".", "--month", "2026年"], "", 1),
    ],
)
def test_what_cannot_be_done_is_said_in_chinese(
    say, monkeypatch, tmp_path, typed, expected, status
):
    monkeypatch.chdir(tmp_path)
    given, said = say(*typed)
    assert given == status
    assert expected in said


@reading_here
def test_a_month_that_cannot_be_read(say, ledgers):
    status, said = say("check", ledgers, "--month", "三月")
    assert (status, "月份“三月”看不懂" in said) == (1, True)


@pytest.fixture
def server(monkeypatch):
    """Catch the call that would replace this process by the server."""
    started = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: started.append(arguments))
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    return started


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_run_refuses_a_port_in_use_before_it_builds_anything(say, server, data):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, said = say("run", "--port", port)
    assert status == 1
    assert f"端口{port}已被占用" in said
    assert re.search(r"换一个端口：python -m chunshui run --port \d+", said)
    assert server == []
    assert list(data.iterdir()) == []


@reading_here
def test_run_publishes_the_ledgers_that_lie_there_and_serves_on_loopback(say, server):
    small.ledgers(paths.ledgers_dir())
    port = free_port()
    assert say("run", "--port", port)[0] == 0
    assert Store(paths.versions_dir()).current().version == "v000001"
    (arguments,) = server
    assert arguments[1:5] == ["-m", "streamlit", "run", "app.py"]
    assert arguments[arguments.index("--server.address") + 1] == "127.0.0.1"
    assert arguments[arguments.index("--server.port") + 1] == str(port)
    say("run", "--port", port)
    assert len(Store(paths.versions_dir()).versions()) == 1, "published once only"


def test_demo_refuses_a_folder_with_files(say, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "真.xlsx").write_bytes(b"x")
    status, said = say("demo", tmp_path / "mine")
    assert (status, "为免覆盖" in said) == (1, True)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["真.xlsx"]


def test_as_a_program(data):
    done = subprocess.run(
        [sys.executable, "-m", "chunshui", "versions"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1
    assert "还没有发布过任何版本" in done.stderr
    assert done.stdout == ""
