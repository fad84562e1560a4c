"""Signing in by a unified identity (OpenID Connect): who somebody is comes from the issuer, what they may from us.

Authorization code with PKCE, state and nonce; the token's signature, issuer, audience, times and nonce
are Authlib's to check. An account is found by issuer and subject, never by a name or an address that
the issuer may give to somebody else. The environment says which: CHUNSHUI_OIDC_ISSUER,
CHUNSHUI_OIDC_CLIENT and CHUNSHUI_OIDC_SECRET_FILE (readable by the server only).
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from chunshui.access.loopback import is_loopback
from chunshui.errors import ChunshuiError

_SECONDS = 10.0  # to wait for the issuer
NAMES = ("CHUNSHUI_OIDC_ISSUER", "CHUNSHUI_OIDC_CLIENT", "CHUNSHUI_OIDC_SECRET_FILE")


class IssuerError(ChunshuiError):
    """The issuer did not answer, or what came back does not prove who somebody is."""


class Oidc:
    """An issuer, and us as its client. `client_kwargs` go to the HTTP client (tests)."""

    def __init__(self, issuer: str, client: str, secret: str, **client_kwargs: Any):
        self.issuer = issuer.rstrip("/")
        kwargs = {"scope": "openid", "code_challenge_method": "S256", "timeout": _SECONDS}
        self._client = OAuth().register(
            "issuer",
            server_metadata_url=f"{self.issuer}/.well-known/openid-configuration",
            client_id=client,
            client_secret=secret,
            client_kwargs=kwargs | client_kwargs,
        )

    async def begin(self, request: Request, back: str) -> Response:
        """Return the way to the issuer, who sends the browser to the address `back`.

        Raises IssuerError where the issuer does not answer.
        """
        try:
            answer: Response = await self._client.authorize_redirect(request, back)
        except (httpx2.HTTPError, AuthlibBaseError, ValueError, KeyError, RuntimeError) as fault:
            raise IssuerError("统一身份认证没有应答，请稍后再试，或找本区管理员。") from fault
        return answer

    async def subject(self, request: Request) -> str:
        """Return who came back from the issuer: a name of theirs that is nobody else's.

        Raises IssuerError for whatever does not prove it: the state of another browser, a code used
        before, a token of another issuer, for another client, out of date or not signed by the issuer.
        """
        try:
            token = await self._client.authorize_access_token(request)
            claims: Mapping[str, Any] = token["userinfo"]
            issuer, subject = str(claims["iss"]), str(claims["sub"])
        except (
            *(httpx2.HTTPError, AuthlibBaseError, JoseError),
            *(ValueError, KeyError, TypeError, RuntimeError),
        ) as fault:
            raise IssuerError("统一身份认证没有成功，请再试一次。") from fault
        if issuer.rstrip("/") != self.issuer or not subject:
            raise IssuerError("统一身份认证没有成功，请再试一次。")
        return subject


def from_environment() -> Oidc | None:
    """Return what the environment names, None where it names nothing.

    Raises ChunshuiError for half a configuration, an issuer not reached by TLS (unless it is on this
    computer), and a secret that others can read.
    """
    issuer, client, file = (os.environ.get(name, "").strip() for name in NAMES)
    if not (issuer or client or file):
        return None
    if not (issuer and client and file):
        raise ChunshuiError(f"统一身份认证要同时写明 {'、'.join(NAMES)} 三个环境变量。")
    parts = urlsplit(issuer)
    if not (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    ):
        raise ChunshuiError(f"{NAMES[0]} 应是 https 开头的网址。")
    path = Path(file)
    try:
        secret = path.read_text("utf-8").strip()
        if path.stat().st_mode & 0o077:
            raise ChunshuiError(f"{path.name} 别人也能读，请改为只有本用户能读写（chmod 600）。")
    except OSError as fault:
        raise ChunshuiError(f"读不到 {NAMES[2]} 所指的文件 {file}。") from fault
    return Oidc(issuer, client, secret)
