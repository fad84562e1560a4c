"""Start the dashboard: `streamlit run app.py` (or any ASGI server on `app:app`).

The main script is chunshui/frame.py and not a file beside `pages/`: a folder of that name next
to the main script sends the first deep link after a restart to a bare page. Without
accounts (`python -m chunshui access add`) there is no sign-in: whatever server runs this, it then
listens on loopback or not at all.
"""

from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chunshui.access import loopback
from chunshui.access.deployment import deployment, may_leave_loopback
from chunshui.access.gate import Gate
from chunshui.access.signed_in_gate import SignedInGate
from chunshui.errors import ChunshuiError
from chunshui.ui import assets, probes

try:
    server = deployment()
except ChunshuiError as error:
    loopback.end(str(error))
if not may_leave_loopback():
    loopback.stay_on_loopback()
ROOT = Path(__file__).resolve().parent


@asynccontextmanager
async def lifespan(app: st.App):
    """Import and load before the first visitor."""
    from chunshui.ui import warm

    warm.up()
    yield


async def land(request: Request) -> Response:
    """Answer with shapes that maps are drawn on; an address never means others."""
    from chunshui.ui.map.land import FETCHED

    found = FETCHED.get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("没有这份地图。", status_code=404)
    told = {"Cache-Control": "private, max-age=31536000, immutable", "Content-Encoding": "gzip"}
    return Response(found.zipped, media_type="application/geo+json", headers=told)


def in_words(error: Exception) -> bool:
    """Show a failed page as a Chinese sentence; the traceback goes to the server's log."""
    from chunshui.ui.shell import notices

    return notices.failed(error)


gate = (
    Middleware(
        SignedInGate,
        signins=server.signins,
        cookie=server.page.cookie,
        hosts=server.hosts,
        https=server.https,
    )
    if server
    else Middleware(Gate)
)

app = st.App(
    ROOT / "chunshui" / "frame.py",
    lifespan=lifespan,
    routes=[
        *probes.routes(),
        Route("/land/{name}.json", land),
        *(server.page.routes() if server else []),
    ],
    # The level that is quickest for its size: the ninth takes three times as long for a twentieth less.
    middleware=[
        gate,
        Middleware(assets.Assets),
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=4),
    ],
    on_script_error=in_words,
)
