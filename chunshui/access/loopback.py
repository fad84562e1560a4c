"""Never listen where others could reach the server, whoever starts it: there is no sign-in yet."""

import gc
import ipaddress
import os
import socket
import sys
from typing import Any, NoReturn

OWN_NAMES = frozenset(("localhost", "127.0.0.1", "::1"))
STARTUP_FAILED = 3  # uvicorn's own status for it: its supervisor gives up instead of trying again


def is_loopback(address: str) -> bool:
    """Return whether an address is reached from this computer only; an empty one is every address."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def refusal(address: str) -> str:
    """Return the sentence that says why the dashboard is not opened at an address."""
    return (
        f"看板还没有登录，只能在本机打开，不能监听{address or '全部地址'}。"
        "请用127.0.0.1（python -m chunshui run 就是这样打开的）；"
        "要供多人使用，先用 python -m chunshui access add 建立账号并经 HTTPS，见 docs/operations.md。"
    )


def stay_on_loopback() -> None:
    """End the process if one of its server sockets is bound beyond loopback, now or later.

    No setting tells: Streamlit binds before it imports the app, uvicorn long after and without
    reading Streamlit's settings. So what is bound already, or asked of uvicorn, is looked up among
    the live objects, and an audit hook sees whatever is about to be bound.
    """
    for thing in gc.get_objects():
        kind = type(thing)
        if issubclass(kind, socket.socket):
            _end_if_beyond(_bound(thing))
        elif (kind.__module__, kind.__name__) == ("uvicorn.config", "Config"):
            _end_if_beyond(thing.host)
    sys.addaudithook(_watch)


def _watch(event: str, details: tuple[Any, ...]) -> None:
    if event == "socket.bind" and _is_tcp(details[0]):
        _end_if_beyond(details[1][0])


def _end_if_beyond(address: str | None) -> None:
    if address is not None and not is_loopback(address):
        end(refusal(address))


def end(sentence: str) -> NoReturn:
    """End the process with a sentence: in a running server an exception would become a long traceback."""
    print(sentence, file=sys.stderr, flush=True)
    os._exit(STARTUP_FAILED)


def _is_tcp(sock: socket.socket) -> bool:
    return sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM


def _bound(sock: socket.socket) -> str | None:
    """Return the address a server socket is bound to; None if it is a client's, closed or unbound."""
    if not _is_tcp(sock):
        return None
    try:
        address, port = sock.getsockname()[:2]
    except OSError:  # closed
        return None
    try:
        sock.getpeername()
    except OSError:
        return str(address) if port else None
    return None
