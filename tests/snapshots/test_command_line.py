"""`python -m chunshui snapshot …` as one types it: files, words, exit status."""

import re

import pytest

from chunshui import cli
from chunshui.snapshots import archive, model


@pytest.fixture
def data(published, tmp_path, monkeypatch):
    """A data folder over the published version; the command writes its archive there."""
    (tmp_path / "versions").symlink_to(published / "versions")
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def say(capsys):
    """Run a command line; return its exit status and all it printed."""

    def run(line: str):
        try:
            status = cli.main(line.split())
        except SystemExit as left:
            status = left.code
        out, err = capsys.readouterr()
        assert not re.search("Traceback|usage:", out + err), out + err
        return status, out + err

    return run


def test_mondays_notice(say, data, tmp_path):
    out = tmp_path / "通报"
    typed = f"snapshot 周通报 --street 古田 --unit 区委组织部 --time 2026-11-02T08:00 --out {out}"
    assert "主送：各街道" in say("snapshot head --issuer 区委组织部 --to 各街道")[1]
    status, said = say(
        f"{typed} --formats pptx,docx,pdf,xlsx --number 硚组〔2026〕3号 --require 抓落实"
    )
    assert status == 0, said
    assert "古田街道" in said and "已生成" in said
    (snapshot_id,) = re.findall(
        r"快照 (KZ-\w{4}-\w{4}-\w{4})：古田街道一周动态（2026年10月19日至25日）（", said
    )
    made = {path.name: path.read_bytes() for path in out.iterdir()}
    assert {name.rpartition(".")[2] for name in made} == {"pptx", "docx", "pdf", "xlsx"}
    frozen = archive.reopen(snapshot_id, data / "snapshots").head
    assert (frozen.number, frozen.addressee, frozen.requirements) == (
        "硚组〔2026〕3号", "各街道", ("抓落实",)
    )  # fmt: skip
    assert say("snapshot list")[1].startswith(snapshot_id)
    assert say(f"{typed} --formats xlsx --number 硚组〔2026〕3号 --require 抓落实")[0] == 0
    assert len(archive.listing(data / "snapshots")[0]) == 1, "frozen again it is the same"
    assert {path.name: path.read_bytes() for path in out.iterdir()} == made
    again = tmp_path / "again"
    assert say(f"snapshot export {snapshot_id} --time 2026-11-02T08:00 --out {again}")[0] == 0
    assert {path.name: path.read_bytes() for path in again.iterdir()} == made
    assert "内容相同" in say(f"snapshot compare {snapshot_id} {snapshot_id}")[1]
    status, said = say(
        f"snapshot 周通报 --street 古田街道 --week 2026-09-16 --formats xlsx --out {tmp_path}"
    )
    # Both may be of one second, in which none is the newer.
    (other,) = {one.id for one in archive.listing(data / "snapshots")[0]} - {snapshot_id}
    assert archive.reopen(other, data / "snapshots").head == model.Head(
        "区委组织部", addressee="各街道"
    )
    status, said = say(f"snapshot compare {snapshot_id} {other}")
    assert status == 0 and re.search(r"共\d+处不同", said)
    assert "置顶，备注：已印发" in say(f"snapshot file {other} --pin --remark 已印发")[1]
    assert say("snapshot list --find yyf")[1].startswith(other)  # by the remark's initials
    assert "没有说做什么" in say(f"snapshot file {other}")[1]
    assert "不在回收站" in say(f"snapshot delete {other} --confirm")[1]
    assert say(f"snapshot file {other} --trash")[0] == 0
    assert other in say("snapshot list --trash")[1] and other not in say("snapshot list")[1]
    assert "请加 --confirm" in say(f"snapshot delete {other}")[1]
    assert "已永久删除" in say(f"snapshot delete {other} --confirm")[1]
    assert "回收站里还没有快照" in say("snapshot list --trash")[1]


@pytest.mark.parametrize(
    ("typed", "expected", "status"),
    [
        ("snapshot --help", "周通报    冻结一份周通报", 0),
        ("snapshot 周通报 --help", "--street 街道", 0),
        ("--help", "snapshot  冻结会议快照", 0),
        ("snapshot", "看不懂这条命令：还缺 命令", 2),
        ("snapshot 周通报 --colour red", "看不懂这条命令：多出了 --colour red", 2),
        ("snapshot 季度会", "没有“季度会”，可选 '周通报'", 2),
        ("snapshot 周通报 --street 火星", "没有“火星”这个街道", 1),
        ("snapshot 周通报 --month 三月", "三月", 1),
        ("snapshot 周通报 --formats doc", "doc", 1),
        ("snapshot 周通报 --time 昨天", "昨天", 1),
        ("snapshot 周通报 --version v000009", "没有版本v000009", 1),
        ("snapshot export KZ-0000-0000-0000", "KZ-0000-0000-0000", 1),
        ("snapshot export KZ-1", "KZ-1", 1),
        ("snapshot list", "档案里还没有快照", 0),
    ],
)
def test_what_cannot_be_done_is_said_in_chinese(
    say, data, monkeypatch, tmp_path, typed, expected, status
):
    monkeypatch.chdir(tmp_path)
    given, said = say(typed)
    assert (given, expected in said) == (status, True), said
    assert not archive.listing(data / "snapshots")[0]
