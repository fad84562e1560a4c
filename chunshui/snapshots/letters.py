"""Letters in the place of streets' names: A街道, B街道, …, the same on pages and in materials.

They are made from a key of this installation, which no page, file or repository holds: from what
everybody sees (names, the version) anyone could work them out.
"""

import secrets
from collections.abc import Collection
from functools import cache
from pathlib import Path

from chunshui import paths, words
from chunshui.warehouse import durable

FILE = "letters.key"


def letters(names: Collection[str], version: str) -> dict[str, str]:
    """Return what each street is called, in no known order; the same for a data version."""
    return words.letters(names, f"{_key(paths.data_dir())}|{version}")


@cache
def _key(folder: Path) -> str:
    """The installation's key, made once; where nothing can be written one of this process."""
    path, fresh = folder / FILE, secrets.token_hex(16)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        durable.add(path, fresh, staging=folder, mode=0o600)
    except FileExistsError:
        return path.read_text("ascii")
    except OSError:
        pass
    return fresh
