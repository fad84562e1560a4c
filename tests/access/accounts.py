"""A dashboard with accounts in front of a small app that says what reached it."""

import re
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from chunshui.access import deployment
from chunshui.access.deployment import Deployment
from chunshui.access.signed_in_gate import SignedInGate

PASSWORD = "Hanjiang-59-pw"
ROLES = {"lina": "leader", "wang": "analyst", "zhao": "steward", "root1": "admin"}
BASE = "http://127.0.0.1"


async def reached(request: Request) -> JSONResponse:
    """Answer with the headers that came through."""
    return JSONResponse(dict(request.headers), headers={"server": "told", "set-cookie": "a=b"})


async def stream(socket: WebSocket) -> None:
    """Send back what came in, after the addresses and headers it is told to hand out."""
    await socket.accept()
    try:
        while True:
            data = await socket.receive_bytes()
            await socket.send_bytes(b"/media/" + b"a1" * 12 + b".csv|" + data)
    except WebSocketDisconnect:
        pass


def made(folder: Path) -> Deployment:
    """Return a deployment with an account of each role, in a data folder of its own."""
    accounts = deployment.Accounts(folder / "access" / "accounts.json")
    for account, role in ROLES.items():
        accounts.add(account, PASSWORD, role, account.title())
    found = deployment._deployment(folder / "access")
    assert found
    return found


def app(server: Deployment) -> Starlette:
    """Return the small app behind the gate."""
    gate = Middleware(
        SignedInGate,
        signins=server.signins,
        cookie=server.page.cookie,
        hosts=server.hosts,
        https=server.https,
    )
    return Starlette(
        routes=[
            *server.page.routes(),
            WebSocketRoute("/_stcore/stream", stream),
            Route("/{path:path}", reached, methods=["GET", "PUT", "DELETE", "POST", "PATCH"]),
        ],
        middleware=[gate],
    )


def client(server: Deployment) -> TestClient:
    """Return a browser's worth of cookies, signed in to nothing."""
    return TestClient(app(server), BASE, follow_redirects=False, headers={"accept": "text/html"})


def sign_in(
    browser: TestClient,
    account: str,
    password: str = PASSWORD,
    next_page: str = "/",
    **headers: str,
):
    """Fill in the page as a browser does, and return the answer."""
    form = re.search(r'name="form" value="([^"]+)"', browser.get("/signin").text)
    assert form
    fields = {"form": form[1], "next": next_page, "account": account, "password": password}
    return browser.post("/signin", data=fields, headers={"origin": BASE, **headers})
