"""What is shipped to other machines: the bundle installs without network, or says why not."""

import os
import platform
import shutil
import subprocess
import tarfile

import pytest

from chunshui.paths import ROOT
from deploy import bundle

HERE = platform.machine()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """A bundle with one small package, as it lies on the other machine."""
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "few.txt").write_text("itsdangerous==2.2.0\n")
    packed = bundle.make(folder / "few.txt", folder / "out", (HERE,))
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return folder / packed.name.removesuffix(".tar.gz")


def install(unpacked, target, **environment):
    return subprocess.run(
        ["sh", "install.sh", str(target)],
        cwd=unpacked,
        env=os.environ | {"PIP_CONFIG_FILE": os.devnull} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_it_installs_without_an_index_and_leaves_data_alone(unpacked, tmp_path):
    (tmp_path / "there" / "data" / "versions").mkdir(parents=True)
    (tmp_path / "there" / "data" / "versions" / "CURRENT").write_text("{}")
    done = install(unpacked, tmp_path / "there", PIP_INDEX_URL="http://127.0.0.1:1/")
    assert done.returncode == 0, done.stdout + done.stderr
    asked = [tmp_path / "there" / ".venv" / "bin" / "python", "-c", "import itsdangerous"]
    assert subprocess.run(asked).returncode == 0
    assert (tmp_path / "there" / "data" / "versions" / "CURRENT").read_text() == "{}"
    assert (tmp_path / "there" / "chunshui" / "frame.py").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda one: (one / "project" / "app.py").write_text("x"), "损坏或被改动"),
        (lambda one: next((one / "wheels").rglob("*.whl")).write_bytes(b"x"), "损坏或被改动"),
        (lambda one: (one / "wheels" / HERE).rename(one / "wheels" / "vax"), "只有：vax"),
        (lambda one: (one / "PYTHON").write_text("3.99\n"), "需要 Python 3.99（找到：没有）"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_installed(unpacked, tmp_path, spoil, said):
    copy = shutil.copytree(unpacked, tmp_path / "copy")
    spoil(copy)
    done = install(copy, tmp_path / "there")
    assert done.returncode == 1
    assert said in done.stdout
    assert not (tmp_path / "there").exists()


def test_the_unit_of_systemd_is_understood():
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd here")
    unit = ROOT / "deploy" / "chunshui.service"
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    # That /opt/chunshui is not here is no fault of the unit.
    faults = [line for line in done.stderr.splitlines() if "not executable" not in line]
    assert not [line for line in faults if "chunshui.service" in line]
