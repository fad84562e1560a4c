"""What a browser loads of Streamlit before it can draw: named to it at once, and compressed once.

Streamlit's page names the scripts it begins with. Those of charts and fields, that of the charts by far
the largest, it asks for when the first of them is to be drawn; named in the header of the page they come
while the server still makes the first answer. Compressed for each visitor anew, they would
hold up all others for a tenth of a second.
"""

import gzip
import re
from functools import cache, lru_cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

STATIC = Path(file_util.get_static_dir())
SCRIPTS = STATIC / "static" / "js"
# What the first page draws: how the names of the scripts begin that Streamlit's release ends.
DRAWN = ("PlotlyChart", "BidiComponent", "Selectbox", "Multiselect", "Button", "Html")
FONTS = ("/app/static/fonts/NotoSansSC-Regular.woff2", "/app/static/fonts/NotoSansSC-Bold.woff2")
IMPORTED = re.compile(r'(?:from|import) ?"\./([\w.-]+\.js)"')
ADDRESS = re.compile(r"/static/js/([\w.-]+\.js)")
UNCHANGING = {
    "Cache-Control": "public, immutable, max-age=31536000",
    "Content-Encoding": "gzip",
    "Vary": "Accept-Encoding",
}


class Assets:
    """ASGI middleware: pages tell in their header what else will be needed; scripts come compressed."""

    def __init__(self, app: ASGIApp):
        self.app = app
        fonts = [f"<{font}>; rel=preload; as=font; crossorigin" for font in FONTS]
        scripts = [f"</static/js/{name}>; rel=modulepreload" for name in late_scripts()]
        self.link = ", ".join([*fonts, *scripts])
        for name in (*named_scripts(), *late_scripts()):
            _zipped(name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a script, or as the app does."""

        async def linked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # Streamlit's page is a file; to the sign-in page, which is none, scripts are refused.
                if headers.get("content-type", "").startswith("text/html") and "etag" in headers:
                    headers.append("link", self.link)
            await send(message)

        if script := _script(scope):
            await script(scope, receive, send)
        else:
            await self.app(scope, receive, linked if scope["type"] == "http" else send)


def named_scripts() -> list[str]:
    """Return the names of the scripts that Streamlit's page names."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    return re.findall(r"static/js/([\w.-]+\.js)", page)


@cache
def late_scripts() -> tuple[str, ...]:
    """Return the names of the scripts that the first page needs besides."""
    named, found = set(named_scripts()), {}
    ahead = [path.name for drawn in DRAWN for path in SCRIPTS.glob(f"{drawn}.*.js")]
    while ahead:
        name = ahead.pop()
        if name not in named and name not in found:
            found[name] = True
            ahead += IMPORTED.findall((SCRIPTS / name).read_text(encoding="utf-8"))
    return tuple(found)


def _script(scope: Scope) -> Response | None:
    """Return the answer to who asks for one of Streamlit's scripts and reads it compressed."""
    asked = ADDRESS.fullmatch(scope.get("path", ""))
    if not asked or scope.get("method") != "GET":
        return None
    accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
    body = _zipped(asked[1]) if b"gzip" in accepted else None
    if body is None:
        return None
    return Response(body, media_type="text/javascript", headers=UNCHANGING)


@lru_cache(512)  # more than there are: whoever asks for names that are none fills no memory
def _zipped(name: str) -> bytes | None:
    """Return a script compressed; None where there is none of that name."""
    path = SCRIPTS / name
    return gzip.compress(path.read_bytes(), 6) if path.is_file() else None
