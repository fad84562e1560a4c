"""The same bytes every time: rewrite an Office file without the clock of the machine."""

import datetime as dt
import io
import re
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def normalise(data: bytes, when: dt.datetime) -> bytes:
    """Return an Office file with fixed dates inside and out, embedded workbooks included.

    `when` (with a time zone) becomes the date of creation and of the last change.
    """
    stamp = f"{when.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for entry in source.infolist():
            part = source.read(entry.filename)
            if entry.filename.endswith(".xlsx"):
                part = normalise(part, when)
            elif entry.filename == "docProps/core.xml":
                part = _DATES.sub(rb"\g<1>" + stamp + rb"\g<2>", part)
            clean = zipfile.ZipInfo(entry.filename, _EPOCH)
            clean.compress_type = zipfile.ZIP_DEFLATED
            clean.create_system = 3
            clean.external_attr = 0o644 << 16
            target.writestr(clean, part)
    return out.getvalue()
