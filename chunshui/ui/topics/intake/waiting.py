"""Files that were checked and are not published yet: kept for who uploaded them, whatever becomes of the session.

A folder beside what a person keeps, until they are published or given up. The files of each check have a
folder of their own in it, and the index, replaced whole, says which waits: a kill at any moment leaves the
ones before or these. What held personal data is not among them: it was deleted when it was found.
"""

import io
import json
import shutil
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from chunshui import clock
from chunshui.access.deployment import deployment
from chunshui.access.roles import Act
from chunshui.pipeline import IntakeOptions
from chunshui.pipeline.options import Conversion
from chunshui.ui.shell import permit
from chunshui.warehouse import durable

FOLDER, INDEX = "waiting", "waiting.json"


class Upload(io.BytesIO):
    """A kept file as the uploader gives one."""

    def __init__(self, name: str, content: bytes):
        super().__init__(content)
        self.name = name


@dataclass(frozen=True)
class Waiting:
    """What waits: since when (ISO), the names of the files, how they were taken, the version built of them.

    `folder` is where its files are among all that is kept (older software: "", beside the index).
    """

    folder: str
    since: str
    labels: tuple[str, ...]
    options: IntakeOptions
    preview: str | None
    account: str = ""  # whose they are, where they are somebody else's

    def uploads(self) -> list[Upload]:
        """Return the files as they were uploaded."""
        return [
            Upload(label, (_folder(self.account) / self.folder / str(n)).read_bytes())
            for n, label in enumerate(self.labels)
        ]


def keep(
    files: Sequence[tuple[Path, str]], options: IntakeOptions, preview: str | None = None
) -> None:
    """Keep files (path, name) in the place of what waited before."""
    now, own = clock.now().isoformat(timespec="seconds"), uuid.uuid4().hex
    plain = asdict(replace(options, issued=None)) | {"conversions": list(options.conversions)}
    labels = [label for _, label in files]
    index = {"folder": own, "since": now, "labels": labels, "options": plain, "preview": preview}
    if not files:
        forget()
        return
    with durable.disk_in_words():
        with durable.folder(_folder() / own) as place:
            place.chmod(0o700)
            for n, (path, _) in enumerate(files):
                shutil.copyfile(path, place / str(n))
        durable.replace(_folder() / INDEX, json.dumps(index, ensure_ascii=False), mode=0o600)
        for old in _folder().iterdir():
            if old.name in {INDEX, own}:
                continue
            shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink()


def read(account: str = "") -> Waiting | None:
    """Return what waits of whoever asks, or of an account; None where nothing does or it cannot be read."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        index = json.loads((_folder(account) / INDEX).read_text("utf-8"))
        plain = index["options"]
        conversions = tuple(Conversion(*one) for one in plain.pop("conversions"))
        options = IntakeOptions(
            **plain | {"conversions": conversions, "streets": tuple(plain["streets"])}
        )
        return Waiting(
            index.get("folder", ""),
            index["since"],
            tuple(index["labels"]),
            options,
            index["preview"],
            account,
        )
    return None


def of_streets() -> list[tuple[str, Waiting]]:
    """Return what waits of the accounts of streets, with what each is called, for whoever may publish it."""
    server = deployment()
    if server is None or not permit.may(Act.PUBLISH):
        return []
    known = ((name, one) for name, one in sorted(server.accounts.all().items()) if one.street)
    left = ((one.name or name, read(name)) for name, one in known)
    return [(called, one) for called, one in left if one]


def forget(account: str = "") -> None:
    """Delete what waits of whoever asks, or of an account."""
    shutil.rmtree(_folder(account), ignore_errors=True)


def _folder(account: str = "") -> Path:
    return (permit.folder_of(account) if account else permit.own_folder()) / FOLDER
