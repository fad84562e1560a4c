"""What an attacker has who ignores the browser: raw requests, and Streamlit's WebSocket messages."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\nSec-WebSocket-Protocol: streamlit\r\n"
)


def send(port: int, request: str, body: bytes = b"", host: str = "127.0.0.1") -> tuple[int, str]:
    """Send bytes as they are; return the status and the text of the answer, headers included."""
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(request.encode("latin-1") + body)
        answer = b""
        try:
            while chunk := connection.recv(65536):
                answer += chunk
                if b" 101 " in answer.split(b"\r\n")[0]:  # a WebSocket stays open
                    break
        except ConnectionResetError:  # refused before it had read everything
            pass
    return int(answer.split(b" ")[1]), answer.decode("utf-8", "replace")


def ask(port: int, *headers: str, line: str = "GET /healthz HTTP/1.1", body: bytes = b""):
    """Send one request with these headers and nothing else but an end of the connection."""
    lines = "".join(f"{header}\r\n" for header in headers)
    return send(port, f"{line}\r\n{lines}Connection: close\r\n\r\n", body)


def handshake(port: int, *headers: str) -> tuple[int, str]:
    """Ask for the WebSocket with these headers beside those of the handshake."""
    lines = "".join(f"{header}\r\n" for header in headers)
    return send(port, f"GET /_stcore/stream HTTP/1.1\r\n{lines}{UPGRADE}\r\n")


@contextmanager
def own_socket(port: int) -> Iterator[ClientConnection]:
    """Open the WebSocket as our own page does."""
    with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        origin=f"http://127.0.0.1:{port}",
        subprotocols=["streamlit"],
        max_size=None,
        compression=None,
        proxy=None,
    ) as wire:
        yield wire


def rerun(wire: ClientConnection, message: BackMsg | None = None) -> None:
    """Run the script, and read until it has finished."""
    if message is None:
        message = BackMsg()
        message.rerun_script.query_string = ""
    wire.send(message.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(wire.recv(timeout=20))
        if answer.WhichOneof("type") == "script_finished":
            return
