"""Where there are accounts: nothing to anybody but the sign-in page, to people what they may have.

Four rules. Every path is closed that is not listed here. A media or upload address works for whom
it was handed to. Of what a page can say, only what ours say goes through, and each message asks
anew whether the sign-in holds. Streamlit learns who it is from headers that nobody else can bring.
"""

import asyncio
import contextlib
import logging
import re
from contextvars import ContextVar
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chunshui.access import counted, messages
from chunshui.access.gate import (
    ANSWERED_WITH,
    MOST_BODY_BYTES,
    came_directly,
    is_part_of_another_page,
)
from chunshui.access.loopback import OWN_NAMES
from chunshui.access.messages import Rate
from chunshui.access.roles import Act, Person
from chunshui.access.signin import OIDC, OIDC_BACK
from chunshui.access.signins import SignIn, SignIns

USER, SIGNIN = "x-chunshui-user", "x-chunshui-signin"
CALLER: ContextVar[str] = ContextVar("caller", default="")  # whose socket this runs on
OPEN = {"/signin", OIDC, OIDC_BACK, "/healthz", "/readyz", "/_stcore/health"}
PROBES = {"/healthz", "/readyz", "/metrics"}  # to programs of this computer by its own names
PAGES = re.compile(r"/[a-z_]*")
OFFERED = re.compile(
    r"/(?:[a-z_]*|static/[\w./~-]+|app/static/(?:fonts/[\w.-]+|icon\.png)|favicon\.png|manifest\.json"
    r"|_stcore/host-config|land/[\w.-]+\.json)"
)
HANDED = re.compile(rb"/(?:media|_stcore/upload_file)/[0-9A-Za-z./_-]{16,120}")
MEDIA, UPLOADS = "/media/", "/_stcore/upload_file/"
MOST_ADDRESSES = 4000
SOCKETS_PER_SIGNIN, SOCKETS = 12, 300
LOOK_EVERY_SECONDS = 3.0
ENDED, REFUSED = 4401, 1008  # codes that a socket is closed with
CONTENT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data:; worker-src 'self' blob:; frame-src 'none'; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
PERMISSIONS = "geolocation=(), camera=(), microphone=(), payment=(), usb=()"
SAID = {
    401: "请先登录。",
    403: "没有权限。",
    404: "没有这个地址。",
    405: "不支持这种请求。",
    411: "上传时须写明长度。",
    413: "文件太大。",
    421: "不认识这个网址。",
}

log = logging.getLogger(__name__)


class SignedInGate:
    """ASGI middleware. `hosts` are the names the dashboard is known by, `https` whether by TLS."""

    def __init__(
        self, app: ASGIApp, signins: SignIns, cookie: str, hosts: frozenset[str], *, https: bool
    ):
        self.app, self.signins, self.cookie = app, signins, cookie
        self.hosts, self.https = hosts, https
        self.sockets = 0
        self._lines = Rate(per_second=1, burst=1000)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what its person may have, refuse the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        brought = (USER.encode(), SIGNIN.encode())
        scope["headers"] = [(k, v) for k, v in scope["headers"] if k.lower() not in brought]
        headers = Headers(scope=scope)
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, headers)
            return
        answer = self._with_headers(scope, send)
        if refusal := self._refusal(scope, headers):
            await self._refuse(scope, receive, answer, refusal)
        else:
            await self.app(scope, receive, answer)

    # -- HTTP

    def _refusal(self, scope: Scope, headers: Headers) -> int | Response | None:
        """Return the status, or the way to the sign-in page, to answer with; None to pass it on."""
        path, reads = scope["path"], scope["method"] in ("GET", "HEAD")
        if path in PROBES and came_directly(scope) and _host(headers) in OWN_NAMES:
            return None
        if not self._is_ours(headers):
            return 421
        if is_part_of_another_page(headers) or not (reads or self._is_own(headers)):
            return 403
        if path in OPEN:
            return None
        signin = self._signin(headers)
        person = self.signins.person(signin)
        if signin is None or person is None:
            wants_page = "text/html" in headers.get("accept", "text/html")
            if scope["method"] == "GET" and wants_page and PAGES.fullmatch(path):
                return _to_signin(scope)
            return 401
        if path == "/signout":
            return None if reads or scope["method"] == "POST" else 405
        if path.startswith((MEDIA, UPLOADS)):
            return self._refused_address(scope, headers, signin, person)
        if not reads:
            return 405
        return None if OFFERED.fullmatch(path) else 404

    @staticmethod
    def _refused_address(
        scope: Scope, headers: Headers, signin: SignIn, person: Person
    ) -> int | None:
        path, method = scope["path"], scope["method"]
        writes = method in ("PUT", "DELETE")
        if not writes and method not in ("GET", "HEAD"):
            return 405
        if path not in signin.addresses or (writes and not person.may(Act.UPLOAD)):
            return 403
        if method == "PUT":
            length = headers.get("content-length", "")
            if not length.isdigit():
                return 411
            return 413 if int(length) > MOST_BODY_BYTES else None
        return None

    # -- WebSocket

    async def _socket(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        signin = self._signin(headers)
        person = self.signins.person(signin)
        full = self.sockets >= SOCKETS or (signin and signin.sockets >= SOCKETS_PER_SIGNIN)
        # A browser always says where a WebSocket is opened from.
        is_own = "origin" in headers and self._is_ours(headers) and self._is_own(headers)
        if scope["path"] != "/_stcore/stream" or not is_own or not signin or not person or full:
            return await self._refuse(scope, receive, send, 401 if is_own and not person else 403)
        told = {USER: person.account, SIGNIN: signin.public}
        scope["headers"] += [(name.encode(), value.encode()) for name, value in told.items()]
        CALLER.set(signin.public)  # downloads run in threads of this task
        signin.sockets += 1
        self.sockets += 1
        connection = _Connection(self, signin, receive, send)
        reading = asyncio.create_task(connection.read())
        try:
            with counted.SOCKETS.track_inprogress():
                await self.app(scope, connection.inbox.get, connection.send)
        finally:
            signin.sockets -= 1
            self.sockets -= 1
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading

    # -- both

    def _signin(self, headers: Headers) -> SignIn | None:
        cookies = cookie_parser("; ".join(headers.getlist("cookie")))
        return self.signins.of_token(cookies.get(self.cookie))

    def _is_ours(self, headers: Headers) -> bool:
        """Whether a request names a host the dashboard is known by: none that was rebound to it."""
        return _host(headers) in self.hosts

    def _is_own(self, headers: Headers) -> bool:
        """Whether a request comes from our own pages, or from no page."""
        origins = headers.getlist("origin")
        if not origins:
            return True
        try:
            parts = urlsplit(origins[0])
        except ValueError:
            return False
        is_tls = parts.scheme == "https" or not self.https
        return len(origins) == 1 and is_tls and parts.netloc == headers.get("host")

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in ("server", "access-control-allow-origin"):
                    if name in headers:
                        del headers[name]
                for name, value in ANSWERED_WITH.items():
                    headers.setdefault(name, value)
                if headers["content-security-policy"] == ANSWERED_WITH["content-security-policy"]:
                    headers["content-security-policy"] = CONTENT
                headers["permissions-policy"] = PERMISSIONS
                if self.https:
                    headers["strict-transport-security"] = "max-age=31536000"
                if scope["path"].startswith((MEDIA, "/_stcore/")):
                    headers["cache-control"] = "no-store"
                else:
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        return answer

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, refusal: int | Response
    ) -> None:
        if isinstance(refusal, Response):
            await refusal(scope, receive, send)
            return
        if refusal not in (401, 404) and self._lines.allows():
            log.warning("%s %s（%r）", refusal, SAID[refusal], scope["path"][:80])
        counted.REFUSED.labels(refusal).inc()
        heads = {"cache-control": "no-store"}
        await PlainTextResponse(SAID[refusal], refusal, headers=heads)(scope, receive, send)
        await asyncio.sleep(0)  # lets uvicorn see the end of a handshake: else it logs a fault


class _Connection:
    """One open page: what comes in is looked at, what goes out is remembered as handed out."""

    def __init__(self, gate: SignedInGate, signin: SignIn, receive: Receive, send: Send):
        self._gate, self._signin = gate, signin
        self._receive, self._send = receive, send
        self._rate, self._closed = messages.of_a_page(), False
        self.inbox: asyncio.Queue[Message] = asyncio.Queue(maxsize=64)

    async def read(self) -> None:
        """Take in messages until the page leaves or its sign-in ends."""
        coming: asyncio.Task[Message] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(self._receive())
                done, _ = await asyncio.wait({coming}, timeout=LOOK_EVERY_SECONDS)
                if self._gate.signins.person(self._signin) is None:
                    return await self._end(ENDED)
                if not done:
                    continue
                message, coming = coming.result(), None
                if message["type"] == "websocket.receive":
                    back, kind, fault = messages.read(message.get("bytes"), self._rate)
                    if fault:
                        return await self._end(REFUSED)
                    if not self._may(kind):
                        continue
                    # What a timer sends keeps nobody signed in.
                    if kind == "rerun_script" and not back.rerun_script.is_auto_rerun:
                        self._gate.signins.use(self._signin)
                await self.inbox.put(message)
                if message["type"] == "websocket.disconnect":
                    return None
        finally:
            if coming:
                coming.cancel()

    async def send(self, message: Message) -> None:
        """Send a message on, unless the page is gone; addresses in it are from now on its own."""
        if self._closed:
            return
        if message["type"] == "websocket.close":
            self._closed = True
        elif data := message.get("bytes"):
            self._hand_out(data)
        await self._send(message)

    def _may(self, kind: str) -> bool:
        if kind != "file_urls_request":
            return messages.is_used(kind)
        person = self._gate.signins.person(self._signin)
        return person is not None and person.may(Act.UPLOAD)

    def _hand_out(self, data: bytes) -> None:
        addresses = self._signin.addresses
        if MEDIA.encode() in data or UPLOADS.encode() in data:
            for found in HANDED.findall(data):
                addresses.pop(found.decode(), None)
                addresses[found.decode()] = None
            while len(addresses) > MOST_ADDRESSES:
                addresses.pop(next(iter(addresses)))

    async def _end(self, code: int) -> None:
        if not self._closed:
            self._closed = True
            with contextlib.suppress(Exception):
                await self._send({"type": "websocket.close", "code": code})
        await self.inbox.put({"type": "websocket.disconnect", "code": code})


def _host(headers: Headers) -> str:
    """Return the name a request calls the server by, "" where it is none or several."""
    hosts = headers.getlist("host")
    try:
        name = urlsplit(f"//{hosts[0]}").hostname if len(hosts) == 1 else None
    except ValueError:
        return ""
    return (name or "").rstrip(".")


def _to_signin(scope: Scope) -> Response:
    query = scope["query_string"].decode("latin-1")
    page = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(
        "/signin" + ("" if page == "/" else f"?next={quote(page, safe='')}"), 303
    )
