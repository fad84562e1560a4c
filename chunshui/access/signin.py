"""The sign-in page: plain HTML in Chinese that needs no script and works on a phone."""

import asyncio
import html
import logging
import re
import secrets
from string import Template
from urllib.parse import parse_qs, quote

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from chunshui.access.accounts import Accounts, AccountsDamagedError
from chunshui.access.audit import Audit
from chunshui.access.oidc import IssuerError, Oidc
from chunshui.access.roles import ROLES
from chunshui.access.signins import SignIns
from chunshui.access.throttle import Throttle
from chunshui.drawing.theme import PAPER
from chunshui.errors import ChunshuiError

PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>登录 · 春水</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><style>
body{font:16px/1.6 "Noto Sans SC","Microsoft YaHei","PingFang SC",sans-serif;margin:0;background:$panel;color:$ink}
main{max-width:22rem;margin:12vh auto 0;padding:1.5rem;background:#fff;border:1px solid $rule;border-radius:6px}
h1{font-size:1.5rem;margin:0 0 .25rem}label{display:block;margin:1rem 0 .25rem}
input{box-sizing:border-box;width:100%;font:inherit;padding:.6rem;border:1px solid $rail;border-radius:6px}
button{width:100%;margin-top:1.25rem;padding:.7rem;font:inherit;color:#fff;background:$accent;border:0;border-radius:6px}
:focus-visible{outline:3px solid $leading;outline-offset:2px}
.said{border:1px solid $accent;background:$panel;padding:.5rem .75rem;border-radius:6px}small{color:$quiet}
.way{display:block;text-align:center;padding:.7rem;border:1px solid $accent;border-radius:6px;color:$accent;text-decoration:none}
@media (max-width:24rem){main{margin:0;border:0;border-radius:0;min-height:100vh}}
</style></head><body><main><h1>春水</h1>$body</main></body></html>"""
ENTER = """<p>请登录后查看。</p>$said<form method="post" action="/signin">
<input type="hidden" name="form" value="$form"><input type="hidden" name="next" value="$next">
<label for="account">账号</label><input id="account" name="account" autocomplete="username" autocapitalize="none" required maxlength="32" autofocus>
<label for="password">口令</label><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="128">
<button>登录</button></form>$issuer<p><small>忘记口令，或账号已停用，请找本区管理员。</small></p>"""
WAY_IN = """<p><a class="way" href="/signin/oidc?next=$page">用统一身份认证登录</a></p>
<p><small>上面的账号和口令只供应急。</small></p>"""
LEAVE = """<p>退出登录后，这个浏览器里打开的各页都要重新登录。</p>
<form method="post" action="/signout"><button>退出登录</button></form><p><a href="/">返回看板</a></p>"""
STRICT = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
NEXT = re.compile(r"/[a-z_]{0,20}(\?[^\\\x00-\x20]{0,1500})?")  # a page of ours, nothing else
_COLOURS = ("panel", "ink", "rule", "rail", "accent", "leading", "quiet")
MOST_BODY_BYTES = 8192
FORM_SECONDS, DEVICE_SECONDS = 900, 180 * 86400
FORM_COOKIE, DEVICE_COOKIE, WAY_COOKIE = "chunshui_form", "chunshui_device", "chunshui_way"
OIDC, OIDC_BACK = "/signin/oidc", "/signin/oidc/back"
_HASHING, _WAITING = (
    2,
    20,
)  # passwords tried at once and in line: guessing must not stop the dashboard

log = logging.getLogger(__name__)


class SignInPage:
    """The routes `/signin` and `/signout`. `https` says whether the browser sees TLS."""

    def __init__(
        self,
        accounts: Accounts,
        signins: SignIns,
        throttle: Throttle,
        audit: Audit,
        secret: str,
        *,
        https: bool,
        oidc: Oidc | None = None,
    ):
        self._accounts, self._signins, self._oidc = accounts, signins, oidc
        self._throttle, self._audit, self._https = throttle, audit, https
        self._forms = URLSafeTimedSerializer(secret, salt="form")
        self._devices = URLSafeTimedSerializer(secret, salt="device")
        self.cookie = "__Host-chunshui" if https else "chunshui"
        self._turn, self._waiting = asyncio.Semaphore(_HASHING), 0
        # What has to be known again when a browser comes back from the issuer: state, nonce, page.
        self._way = Middleware(
            SessionMiddleware,
            secret_key=secret,
            session_cookie=WAY_COOKIE,
            max_age=FORM_SECONDS,
            path="/signin",
            same_site="lax",
            https_only=https,
        )

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/signin", self._show, methods=["GET"]),
            Route("/signin", self._enter, methods=["POST"]),
            Route(OIDC, self._to_issuer, methods=["GET"], middleware=[self._way]),
            Route(OIDC_BACK, self._from_issuer, methods=["GET"], middleware=[self._way]),
            Route("/signout", self._ask_to_leave, methods=["GET"]),
            Route("/signout", self._leave, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        return self._page(_page_of(request.query_params.get("next", "/")))

    async def _enter(self, request: Request) -> Response:
        form = await _fields(request)
        if isinstance(form, Response):
            return form
        page = _page_of(form.get("next", "/"))
        account = form.get("account", "").strip().lower()[:32]
        address = request.client.host if request.client else "-"
        if not self._is_own_form(form.get("form", ""), request.cookies.get(FORM_COOKIE, "")):
            return self._page(page, "页面已过期，请再试一次。", 403)
        device = self._device(request, account)
        if self._throttle.refuses(address, account, device):
            self._note("登录受限", account, address)
            return self._page(page, "尝试次数过多，请15分钟后再试，或找本区管理员。", 429)
        try:
            self._accounts.all()
        except AccountsDamagedError as fault:
            return self._page(page, str(fault), 503)
        if self._waiting >= _WAITING:
            return self._page(page, "登录的人太多，请稍后再试。", 503)
        self._waiting += 1
        try:
            async with self._turn:
                password = form.get("password", "")[:128]
                is_right = await asyncio.to_thread(self._accounts.verify, account, password)
        finally:
            self._waiting -= 1
        known = self._accounts.get(account)
        # Where there is an issuer a password is for emergencies: one that was told stays shut.
        is_right = is_right and (self._oidc is None or (known is not None and known.emergency))
        if not is_right:
            self._throttle.failed(address, account, device)
            self._note("登录失败", account, address)
            return self._page(page, "账号或口令不对。", 401)
        self._throttle.forget(device)
        self._note("登录", account, address)
        return self._let_in(page, account)

    async def _to_issuer(self, request: Request) -> Response:
        if self._oidc is None:
            return PlainTextResponse("没有这个地址。", 404)
        page = _page_of(request.query_params.get("next", "/"))
        request.session["next"] = page
        scheme = "https" if self._https else "http"
        try:
            return await self._oidc.begin(request, f"{scheme}://{request.url.netloc}{OIDC_BACK}")
        except IssuerError as fault:
            log.warning("统一身份认证：%s", fault.__cause__)
            return self._page(page, str(fault), 502)

    async def _from_issuer(self, request: Request) -> Response:
        if self._oidc is None:
            return PlainTextResponse("没有这个地址。", 404)
        page = _page_of(request.session.get("next", "/"))
        address = request.client.host if request.client else "-"
        try:
            subject = await self._oidc.subject(request)
        except IssuerError as fault:
            log.warning("统一身份认证：%s", fault.__cause__ or fault)
            self._note("统一身份认证未通过", "?", address)
            return self._page(page, str(fault), 403)
        finally:
            request.session.clear()
        account = self._accounts.of_subject(self._oidc.issuer, subject)
        if account is None:
            self._note("统一身份没有账号", subject[:64], address)
            return self._page(page, "您的统一身份在这里还没有账号，请找本区管理员。", 403)
        self._note("登录（统一身份认证）", account, address)
        return self._let_in(page, account)

    def _let_in(self, page: str, account: str) -> Response:
        answer = RedirectResponse(page, 303)
        token = self._signins.open(account)
        # Without an age the cookie ends with the browser; Strict would make links in chats look signed out.
        answer.set_cookie(self.cookie, token, httponly=True, samesite="lax", secure=self._https)
        device = str(self._devices.dumps([account, secrets.token_hex(8)]))
        self._give(answer, DEVICE_COOKIE, device, DEVICE_SECONDS)
        answer.delete_cookie(FORM_COOKIE, path="/signin")
        return answer

    async def _ask_to_leave(self, request: Request) -> Response:
        heads = {"cache-control": "no-store", "content-security-policy": STRICT}
        return HTMLResponse(_html(LEAVE), headers=heads)

    async def _leave(self, request: Request) -> Response:
        token = request.cookies.get(self.cookie, "")
        if signin := self._signins.of_token(token):
            self._note("退出", signin.account, request.client.host if request.client else "-")
            self._signins.close(token)
        answer = RedirectResponse("/signin", 303, headers={"clear-site-data": '"cache"'})
        answer.delete_cookie(self.cookie, secure=self._https, httponly=True)
        return answer

    def _page(self, page: str, said: str = "", status: int = 200) -> Response:
        nonce = secrets.token_urlsafe(12)
        way = Template(WAY_IN).substitute(page=quote(page, safe="")) if self._oidc else ""
        text = _html(
            ENTER,
            issuer=way,
            said=f'<p class="said" role="alert">{html.escape(said)}</p>' if said else "",
            form=str(self._forms.dumps(nonce)),
            next=html.escape(page, quote=True),
        )
        heads = {"cache-control": "no-store", "content-security-policy": STRICT}
        answer = HTMLResponse(text, status, headers=heads)
        self._give(answer, FORM_COOKIE, nonce, FORM_SECONDS)
        return answer

    def _give(self, answer: Response, name: str, value: str, seconds: int) -> None:
        """Have the browser keep something for this page alone."""
        answer.set_cookie(
            name,
            value,
            seconds,
            path="/signin",
            secure=self._https,
            httponly=True,
            samesite="strict",
        )

    def _is_own_form(self, signed: str, nonce: str) -> bool:
        """Whether a form was drawn for the browser that sends it, a while ago."""
        try:
            return secrets.compare_digest(self._forms.loads(signed, max_age=FORM_SECONDS), nonce)
        except (BadSignature, TypeError):
            return False

    def _device(self, request: Request, account: str) -> str | None:
        """Return what names the browser if the account's person came in by it before."""
        signed = request.cookies.get(DEVICE_COOKIE, "")
        try:
            known, nonce = self._devices.loads(signed, max_age=DEVICE_SECONDS)
        except (BadSignature, ValueError, TypeError):
            return None
        return str(nonce) if known == account else None

    def _note(self, what: str, account: str, address: str) -> None:
        """Write it down; where that fails people still come in, and the server's log says so."""
        known = self._accounts.get(account)
        try:
            self._audit.write(
                what, by=account, role=ROLES[known.role].words if known else "", address=address
            )
        except ChunshuiError as fault:
            log.warning("审计记录没有写成：%s", fault)


def _html(body: str, **filled: str) -> str:
    """Return the page around a body whose places are filled with HTML."""
    colours = {name: getattr(PAPER, name) for name in _COLOURS}
    return Template(PAGE).substitute(colours, body=Template(body).substitute(filled))


async def _fields(request: Request) -> dict[str, str] | Response:
    """Return the fields of a form, or the answer to what is none."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("application/x-www-form-urlencoded"):
        return PlainTextResponse("请用登录页登录。", 415)
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or int(length) > MOST_BODY_BYTES:
        return PlainTextResponse("内容太长。", 413)
    body = await request.body()
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=8)
    except ValueError:
        return PlainTextResponse("请用登录页登录。", 400)
    return {key: values[0] for key, values in fields.items()}


def _page_of(wanted: str) -> str:
    """Return where to go after signing in: a page of ours, else the first."""
    return wanted if NEXT.fullmatch(wanted) else "/"
