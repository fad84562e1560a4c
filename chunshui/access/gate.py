"""Answer only what our own pages ask, in a browser of this computer: the app's outermost layer.

There is no sign-in yet, so whoever gets a message through may publish and undo. Listening on
loopback keeps other computers out, but not a proxy on this one, nor any page open in the same
browser: it may use a name of its own that leads here (DNS rebinding), or frame our pages.
"""

import asyncio
import logging
import re

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chunshui.access import counted, messages
from chunshui.access.loopback import is_loopback
from chunshui.access.messages import Rate

HOST = re.compile(r"(localhost|[0-9.]+|\[[0-9a-f:]+\])(?::([0-9]{1,5}))?")
FORWARDED = (  # how the names of headers begin that proxies add
    *("forwarded", "via", "x-forwarded", "x-real", "x-original", "x-client", "x-cluster"),
    *("true-client", "cf-connecting"),
)
UPLOADS = "/_stcore/upload_file/"
MOST_BODY_BYTES = 21 * 2**20  # a ledger file of 20 MB and its envelope
ANSWERED_WITH = {
    "content-security-policy": "frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}

log = logging.getLogger(__name__)


class Gate:
    """ASGI middleware that refuses in one Chinese sentence and one line of the log."""

    def __init__(self, app: ASGIApp):
        self.app = app
        self.lines = Rate(per_second=1, burst=1000)  # a page that tries for ever fills no disk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with why not."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif refused := refusal(scope):
            status, words = refused
            counted.REFUSED.labels(status).inc()
            self._log(scope, f"{status} {words}")
            answer = PlainTextResponse(words, status, headers=ANSWERED_WITH)
            await answer(scope, receive, send)
            await asyncio.sleep(0)  # lets uvicorn see the end of a handshake: else it logs a fault
        elif scope["type"] == "http":
            await self.app(scope, receive, with_headers(send))
        else:
            with counted.SOCKETS.track_inprogress():
                await self._socket(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let only messages through that our pages send, and close on what no browser sends."""
        rate = messages.of_a_page()
        closed = False

        async def receive_checked() -> Message:
            nonlocal closed
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                _, kind, fault = messages.read(message.get("bytes"), rate)
                if fault:
                    self._log(scope, f"已断开：{fault}")
                    closed = True
                    await send({"type": "websocket.close", "code": 1008, "reason": fault})
                    return {"type": "websocket.disconnect", "code": 1008}
                if messages.is_used(kind):
                    return message
                self._log(scope, f"不理会 {kind} 消息")

        async def send_while_open(message: Message) -> None:
            if not closed:
                await send(message)

        await self.app(scope, receive_checked, send_while_open)

    def _log(self, scope: Scope, what: str) -> None:
        if self.lines.allows():
            headers = Headers(scope=scope)
            names = [f"{name} {headers.get(name, '')[:80]!r}" for name in ("host", "origin")]
            log.warning("%s（%r，%s）", what, scope["path"][:80], "，".join(names))


def refusal(scope: Scope) -> tuple[int, str] | None:
    """Return the status and the sentence to refuse a request with, None if it may pass."""
    headers = Headers(scope=scope)
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    if any(name.startswith(FORWARDED) for name in headers):
        return 403, "看板还没有登录，不能经代理打开。"
    ends = scope.get("server"), scope.get("client")
    if not all(end and is_loopback(end[0]) for end in ends):
        return 403, "看板还没有登录，只供本机使用。"
    if len(hosts) != 1 or not _is_ours(hosts[0], scope) or not scope["path"].startswith("/"):
        return 421, "不认识这个网址，请用启动时显示的网址打开看板。"
    own = f"{'https' if scope['scheme'] in ('https', 'wss') else 'http'}://{hosts[0]}".lower()
    is_http = scope["type"] == "http"  # and a browser's WebSocket always says its origin
    may_be = ([own], []) if is_http else ([own],)
    if [origin.lower() for origin in origins] not in may_be or is_part_of_another_page(headers):
        return 403, "不接受其他网页发来的请求。"
    return refused_body(scope, headers) if is_http else None


def came_directly(scope: Scope) -> bool:
    """Return whether a program of this computer asks, and no proxy for somebody else."""
    ends = scope.get("server"), scope.get("client")
    named = Headers(scope=scope)
    return all(end and is_loopback(end[0]) for end in ends) and not any(
        name.startswith(FORWARDED) for name in named
    )


def _is_ours(host: str, scope: Scope) -> bool:
    """Return whether a Host header names this server, by an address that nobody can redirect."""
    match = HOST.fullmatch(host.lower())
    usual = 443 if scope["scheme"] in ("https", "wss") else 80
    return bool(
        match and is_loopback(match[1].strip("[]")) and int(match[2] or usual) == scope["server"][1]
    )


def is_part_of_another_page(headers: Headers) -> bool:
    """Return whether another page fetches or frames this, by the browser's word; a link it is not."""
    fetched = [headers.get(f"sec-fetch-{what}") for what in ("site", "mode", "dest")]
    is_link = fetched[1:] == ["navigate", "document"]
    return fetched[0] not in (None, "same-origin", "none") and not is_link


def refused_body(scope: Scope, headers: Headers) -> tuple[int, str] | None:
    """Return why what a request brings is refused: a method or a size that no page uses."""
    if scope["method"] not in ("GET", "HEAD"):
        if scope["method"] not in ("PUT", "DELETE") or UPLOADS not in scope["path"]:
            return 405, "不支持这种请求。"
        if "transfer-encoding" in headers:
            return 411, "上传时须写明长度。"
        if int(headers.get("content-length", 0)) > MOST_BODY_BYTES:
            return 413, "文件太大。"
    return None


def with_headers(send: Send) -> Send:
    """Return a way to answer that adds what every answer says to browsers."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            added = [(name.encode(), value.encode()) for name, value in ANSWERED_WITH.items()]
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return send_with_headers
