"""The server listens on loopback or not at all, whoever starts it."""

import os
import socket
import subprocess
import sys

import pytest

from chunshui import paths
from chunshui.access import loopback

SENTENCE = "看板还没有登录，只能在本机打开，不能监听"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_of_this_computer(address):
    assert loopback.is_loopback(address)


@pytest.mark.parametrize(
    "address",
    [
        *("", "0.0.0.0", "::", "192.168.1.4", "10.0.0.1", "fe80::1", "2001:db8::1", "evil.example"),
        *(
            "evil.localhost",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.1",
            "0x7f.0.0.1",
            "2130706433",
        ),
        *("0177.0.0.1", "127.0.0.1 ", "127.0.0.1:80", "[::1]", "unix:///tmp/socket", "*"),
    ],
)
def test_of_others_or_of_nobody_knows(address):
    assert not loopback.is_loopback(address)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


STREAMLIT = ("-m", "streamlit", "run", "app.py", "--server.port", "{port}")
UVICORN = ("-m", "uvicorn", "app:app", "--port", "{port}")
ANYWHERE = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}


@pytest.mark.parametrize(
    ("command", "environment"),
    [
        ((*STREAMLIT, "--server.address", "0.0.0.0"), {}),
        (STREAMLIT, ANYWHERE),
        ((*STREAMLIT, "--server.address", ""), {}),
        ((*UVICORN, "--host", "0.0.0.0"), {}),
        ((*UVICORN, "--host", "::", "--workers", "2"), {}),
        (UVICORN, {"UVICORN_HOST": "0.0.0.0"}),
        (("-m", "chunshui", "run", "--port", "{port}"), ANYWHERE),
    ],
    ids=["streamlit", "environment", "no address", "uvicorn", "workers", "uvicorn's own", "run"],
)
def test_a_start_beyond_loopback_ends_with_a_sentence(command, environment, tmp_path):
    port = free_port()
    done = subprocess.run(
        [sys.executable, *(part.format(port=port) for part in command)],
        env=os.environ | {"CHUNSHUI_DATA": str(tmp_path)} | environment,
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode or "--workers" in command  # whose supervisor ends well
    assert SENTENCE in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "external IP" not in done.stdout + done.stderr, "asked outside for its address"
    for family, own in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe:
            assert probe.connect_ex((own, port))


STAY = "import socket; from chunshui.access import loopback; "
BIND = {
    "to all": "socket.create_server(('', 0))",
    "to all of both kinds": (
        "socket.create_server(('::', 0), family=socket.AF_INET6, dualstack_ipv6=True)"
    ),
    "without listening": "(s := socket.socket()).bind(('0.0.0.0', 0))",
}


@pytest.mark.parametrize("bind", BIND.values(), ids=BIND)
@pytest.mark.parametrize("order", ["before", "after"])
def test_a_socket_bound_beyond_loopback_ends_the_process(bind, order):
    stay = "loopback.stay_on_loopback()"
    code = STAY + "; ".join([stay, bind] if order == "after" else [f"kept = {bind}", stay])
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print('goes on')"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (loopback.STARTUP_FAILED, "")
    assert done.stderr.startswith(SENTENCE)


def test_what_stays_inside_goes_on():
    inside = [
        "socket.create_server(('127.0.0.1', 0))",
        "socket.create_server(('::1', 0), family=socket.AF_INET6)",
        "socket.socketpair()",
        "socket.socket(type=socket.SOCK_DGRAM).bind(('', 0))",  # as a resolver does
        "socket.socket()",
    ]
    code = STAY + "; ".join([*inside, "loopback.stay_on_loopback()", *inside, "print('goes on')"])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=paths.ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "goes on\n", "")
