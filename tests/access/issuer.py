"""An OpenID Connect issuer that signs whoever it is told to, and can be told to spoil its tokens."""

import base64
import hashlib
import secrets
import time
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

URL = "https://id.example"


def _key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256", "use": "sig"})


class Issuer:
    """The issuer's app; `spoil` says how the next tokens are wrong, `subject` whose they are."""

    def __init__(self) -> None:
        self.key, self.other_key = _key(), _key()
        self.asked: dict[str, dict[str, str]] = {}
        self.subject, self.spoil = "u-1001", ""
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._about),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _about(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": URL,
                "authorization_endpoint": f"{URL}/authorize",
                "token_endpoint": f"{URL}/token",
                "jwks_uri": f"{URL}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe(16)
        self.asked[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self.asked.pop(str(form["code"]), None)
        digest = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or challenge != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "sub": self.subject,
            "iss": "https://evil.example" if self.spoil == "issuer" else URL,
            "aud": "other" if self.spoil == "audience" else asked["client_id"],
            "iat": now,
            "exp": now - 4000 if self.spoil == "time" else now + 300,
            "nonce": "bad" if self.spoil == "nonce" else asked["nonce"],
        }
        key = self.other_key if self.spoil == "key" else self.key
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)
        if self.spoil == "unsigned":
            parts = token.split(".")
            head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
            token = f"{head}.{parts[1]}."
        answer = {"access_token": "at", "token_type": "Bearer", "expires_in": 300}
        return JSONResponse(answer if self.spoil == "absent" else answer | {"id_token": token})

    async def _keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})
