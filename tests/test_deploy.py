"""What is shipped to other machines: the bundle installs without network, or says why not."""

import contextlib
import os
import platform
import shutil
import socket
import ssl
import subprocess
import tarfile
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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
        # Python 3.11.2, as Debian 12 has it, knows no filters yet.
        archive.extraction_filter = vars(tarfile).get("data_filter")
        archive.extractall(folder)
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
    unit = ROOT / "deploy" / "chunshui@.service"
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    # That /opt/chunshui is not here is no fault of the unit.
    faults = [line for line in done.stderr.splitlines() if "not executable" not in line]
    assert not [line for line in faults if "chunshui@" in line]


@pytest.fixture
def shared(tmp_path):
    """The shipped nginx before two stand-ins of the dashboard that say who they are: ports, and each alone."""
    if not shutil.which("nginx"):
        pytest.skip("no nginx here")
    front, *ports = _free_ports(3)
    certificate = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
    ]
    certificate += ["-nodes", "-subj", "/CN=localhost", "-keyout", "key", "-out", "crt"]
    subprocess.run(certificate, cwd=tmp_path, check=True, capture_output=True)
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    there = {
        "8501": f"{ports[0]}",
        "8502": f"{ports[1]}",
        "listen 443": f"listen 127.0.0.1:{front}",
    }
    there |= {"/etc/nginx/chunshui.crt": "crt", "/etc/nginx/chunshui.key": "key"}
    for word, ours in there.items():
        assert word in text
        text = text.replace(word, ours)
    own = "".join(f"{part}_temp_path {part};" for part in ("proxy", "client_body"))
    own += "".join(f"{part}_temp_path {part};" for part in ("fastcgi", "uwsgi", "scgi"))
    whole = f"pid pid; error_log stderr; events {{}} http {{ access_log off; {own} {text} }}"
    (tmp_path / "conf").write_text(whole)
    servers = {port: _stand_in(port) for port in ports}
    nginx = subprocess.Popen(["nginx", "-p", tmp_path, "-c", "conf", "-g", "daemon off;"])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", front)):
                break
            time.sleep(0.05)
        yield f"https://127.0.0.1:{front}", servers
    finally:
        nginx.terminate()
        nginx.wait(10)
        for one in servers.values():
            one.shutdown()
            one.server_close()


def _free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as held:
        found = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [one.getsockname()[1] for one in found]


def _stand_in(port: int) -> ThreadingHTTPServer:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(str(port).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _ask(url: str, cookie: str = "") -> tuple[str, str]:
    """Return who answered, and the cookie the answer sets, if any."""
    asked = urllib.request.Request(url, headers={"Cookie": cookie})
    context = ssl._create_unverified_context()
    with urllib.request.urlopen(asked, timeout=10, context=context) as answer:
        given = answer.headers.get_all("Set-Cookie") or [""]
        return answer.read().decode(), "; ".join(given)


def test_a_visitor_stays_with_one_process_and_moves_when_it_is_gone(shared):
    url, servers = shared
    first, given = _ask(url)
    assert int(first) in servers
    assert given == f"chunshui_node={first}; Path=/; Secure; HttpOnly; SameSite=Lax"
    cookie = given.partition(";")[0]
    assert [_ask(f"{url}/_stcore/upload_file/x", cookie) for _ in range(6)] == [(first, "")] * 6
    assert {_ask(url)[0] for _ in range(8)} == set(map(str, servers))
    assert _ask(url, "chunshui_node=80")[0] in map(str, servers)  # a cookie nobody gave
    gone = servers.pop(int(first))
    gone.shutdown()
    gone.server_close()
    (other,) = map(str, servers)
    answer, given = _ask(url, cookie)
    assert answer == other and given.startswith(f"chunshui_node={other};")
    assert _ask(url, given.partition(";")[0]) == (other, "")
    assert all(_ask(url)[0] == other for _ in range(3))
    servers[int(first)] = _stand_in(int(first))  # it is back: nobody is moved twice
    assert _ask(url, given.partition(";")[0]) == (other, "")
