"""The archive outlives the software, and is found one's way in.

`archives/` holds what earlier software froze, as it lay on the disk: whatever is added since, it is
opened under its id, compared and exported. Nothing in it is ever changed.
"""

import dataclasses
import datetime as dt
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chunshui import clock
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, comparison, model
from chunshui.snapshots.render import export
from tests.snapshots.district import make

ARCHIVES = sorted((Path(__file__).parent / "archives").glob("*.zip"))
WHEN = dt.datetime(2026, 11, 2, 9, tzinfo=clock.zone())
EXPORTED = ("KZ-4A36-BA51-94C4", "KZ-63DA-9850-DA45", "KZ-258D-54EF-7883")
# Opens every snapshot of a folder while each dataclass of the model has fields that it has not yet.
LATER = """
import ast, importlib.util, sys
from pathlib import Path

class Later:
    def find_spec(self, name, path, target=None):
        if name != "chunshui.snapshots.model":
            return None
        return importlib.util.spec_from_loader(name, self)
    def create_module(self, spec):
        return None
    def exec_module(self, module):
        tree = ast.parse((Path(sys.argv[1]) / "chunshui/snapshots/model.py").read_text("utf-8"))
        new = "a: int | None = field(default=None, kw_only=True)\\nb: str = field(default='', kw_only=True)"
        classes = [one for one in tree.body if isinstance(one, ast.ClassDef)
                   and any("dataclass" in ast.dump(by) for by in one.decorator_list)]
        for one in classes:
            one.body += ast.parse(new.replace("a:", f"{one.name}_a:").replace("b:", f"{one.name}_b:")).body
        print(len(classes), "changed")
        exec(compile(ast.fix_missing_locations(tree), module.__name__, "exec"), vars(module))

sys.path.insert(0, sys.argv[1])
sys.meta_path.insert(0, Later())
import datetime as dt
from chunshui.snapshots import archive, comparison
from chunshui.snapshots.render import export
root = Path(sys.argv[2])
lines, damaged = archive.listing(root)
assert lines and not damaged, damaged
opened = [archive.reopen(one.id, root) for one in lines]
assert [one.id for one in opened] == [one.id for one in lines]
assert all(vars(one)["Snapshot_b"] == "" for one in opened)
for a, b in zip(opened, opened[1:]):
    assert comparison.differences(a, b) and not comparison.differences(a, a)
for one in opened:
    if one.id in sys.argv[3:]:
        made = export.documents(one, dt.datetime.fromisoformat("2026-11-02T09:00:00+08:00"))
        assert len(made.files) == len(export.USUAL) and not made.faults, made.faults
        assert all(one.id in name for name in made.files)
"""


@pytest.fixture(params=ARCHIVES, ids=lambda path: path.stem)
def old(request, tmp_path):
    """An archive of earlier software, unpacked."""
    with zipfile.ZipFile(request.param) as packed:
        packed.extractall(tmp_path / "old")
    return tmp_path / "old"


def test_what_earlier_software_froze_is_opened_under_its_id(old):
    lines, damaged = archive.listing(old)
    assert len(lines) == len(list(old.iterdir())) and not damaged
    for one in lines:
        snapshot = archive.reopen(one.id, old)
        assert snapshot.id == one.id
        # Frozen anew with nothing but what it has, it is the same: no field has crept in.
        assert dataclasses.replace(snapshot).id == one.id
    assert {one.template for one in lines} >= {"周通报", "月拉练", "年考评", "社区一页", ""}


def test_it_is_opened_compared_and_exported_when_every_part_has_new_fields(old):
    root = Path(__file__).parents[2]
    asked = [sys.executable, "-c", LATER, root, old, EXPORTED[0]]
    done = subprocess.run(list(map(str, asked)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    parts = [
        one
        for one in vars(model).values()
        if isinstance(one, type) and dataclasses.is_dataclass(one)
    ]
    assert f"{len(parts)} changed" in done.stdout


@pytest.mark.parametrize("exported", EXPORTED[1:])
def test_it_is_exported_as_today(tmp_path, exported):
    with zipfile.ZipFile(ARCHIVES[0]) as packed:
        packed.extractall(tmp_path, [one for one in packed.namelist() if one.startswith(exported)])
    made = export.documents(archive.reopen(exported, tmp_path), WHEN)
    assert len(made.files) == len(export.USUAL) and not made.faults


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda plain: plain.update(later="x"), "更新版本的软件"),
        (lambda plain: plain["sections"][0].update(later="x"), "更新版本的软件"),
        (lambda plain: plain["sections"][0].update(kind="later"), "更新版本的软件"),
        (lambda plain: plain.update(format=model.FORMAT + 1), "更新版本的软件"),
        (lambda plain: plain.pop("scope"), "缺少内容"),
        (lambda plain: plain.update(scope=3), "缺少内容"),
    ],
)
def test_what_this_software_has_no_field_for_is_refused_in_words(spoil, said):
    plain = json.loads(model.canonical_json(model.as_plain(make())))
    spoil(plain)
    with pytest.raises(model.SnapshotDamagedError, match=said):
        model.snapshot_from_plain(plain)


def test_how_it_is_filed_is_beside_the_content_and_changes_nothing_of_it(tmp_path):
    ids = [archive.store(make(seed=k, title=f"第{k}期"), now=WHEN + k * dt.timedelta(1),
                         root=tmp_path).id for k in range(3)]  # fmt: skip
    before = (tmp_path / ids[0] / "content.json").read_bytes()
    archive.file(ids[0], tmp_path, pinned=True, remark=" 常委会\n用过 ")
    archive.file(ids[1], tmp_path, trashed=True)
    lines, _ = archive.listing(tmp_path)
    assert [one.id for one in lines] == [ids[2], ids[0]]
    assert [one.id for one in comparison.matching(lines, "")] == [
        ids[0],
        ids[2],
    ]  # pinned ones first
    assert lines[1].filed.remark == "常委会 用过" and archive.trash(tmp_path)[0].id == ids[1]
    assert archive.reopen(ids[1], tmp_path).id == ids[1]
    assert (tmp_path / ids[0] / "content.json").read_bytes() == before
    with pytest.raises(ChunshuiError, match="先移入回收站"):
        archive.delete(ids[0], tmp_path)
    archive.file(ids[1], tmp_path, trashed=False)
    assert len(archive.listing(tmp_path)[0]) == 3
    archive.file(ids[1], tmp_path, trashed=True)
    archive.store(make(seed=1, title="第1期"), root=tmp_path)  # frozen once more it is there again
    assert not archive.trash(tmp_path)
    archive.file(ids[1], tmp_path, trashed=True)
    archive.delete(ids[1], tmp_path)
    assert not (tmp_path / ids[1]).exists() and len(list(tmp_path.iterdir())) == 2
    with pytest.raises(ChunshuiError, match="最多200字"):
        archive.file(ids[0], tmp_path, remark="长" * 201)
    (tmp_path / ids[0] / "filed.json").write_text("{", "utf-8")
    assert (
        "读不出"
        in next(one for one in archive.listing(tmp_path)[0] if one.id == ids[0]).filed.remark
    )


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda folder: (folder / "content.json").unlink(), "content.json 不见了"),
        (lambda folder: (folder / "content.json").write_bytes(b"{}"), "不一样大"),
        (lambda folder: (folder / "about.json").unlink(), "about.json 不见了或读不出"),
        (
            lambda folder: (folder / "about.json").write_text("[]", "utf-8"),
            "about.json 不见了或读不出",
        ),
    ],
)
def test_what_is_damaged_is_in_the_list_with_what_to_do(tmp_path, spoil, why):
    one = archive.store(make(), root=tmp_path)
    assert archive.listing(tmp_path) == ([one], [])  # and is seen to be damaged afterwards
    spoil(tmp_path / one.id)
    lines, (damaged,) = archive.listing(tmp_path)
    assert not lines and damaged.id == one.id and why in damaged.why and "备份" in damaged.why
    archive.delete(one.id, tmp_path)
    assert archive.listing(tmp_path) == ([], [])


@pytest.mark.parametrize(
    ("text", "hits"),
    [("月拉练", {0, 2}), ("yll", {0, 2}), ("组织部 第2", {2}), ("2026-11-20", {1}), ("2026-09", {0}),
     ("cwh", {1}), ("没有的", set()), ("  ", {0, 1, 2})],
)  # fmt: skip
def test_a_snapshot_is_found_by_what_is_known_of_it(tmp_path, text, hits):
    kinds = [("月拉练", "2026-09"), ("周通报", "2026-10"), ("月拉练", "2026-11")]
    lines = []
    for k, (kind, month) in enumerate(kinds):
        snapshot = dataclasses.replace(
            make(title=f"{kind}第{k}期"),
            template=kind,
            as_of=month,
            meeting_date=f"2026年11月{19 + k}日",
        )
        one = archive.store(snapshot, now=WHEN, root=tmp_path)
        lines.append(archive.file(one.id, tmp_path, remark="常委会" if k == 1 else ""))
    assert {lines.index(one) for one in comparison.matching(lines, text)} == hits
    assert comparison.matching(lines, lines[1].id) == [lines[1]]


def test_the_last_alike_is_chosen_by_its_day(tmp_path):
    lines = [
        archive.store(dataclasses.replace(make(seed=k), as_of=f"2026-{k + 1:02d}"),
                      now=WHEN + 30 * k * dt.timedelta(1), root=tmp_path)
        for k in range(4)
    ]  # fmt: skip
    assert comparison.previous_alike(lines[3], lines) == lines[2]
    assert comparison.previous_alike(lines[3], lines, lines[1].frozen_at[:10]) == lines[1]
    assert comparison.previous_alike(lines[3], lines, "2026-01-01") is None
