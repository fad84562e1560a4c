"""Published versions: one immutable DuckDB file and a manifest each, and a pointer to one.

    root/versions/v000001.duckdb   never changed once there
    root/versions/v000001.json     its manifest
    root/files/<sha256>            the ledger files the versions were made of, as they came
    root/history.jsonl             every publish and undo, appended before the pointer moves
    root/CURRENT                   the version readers are served, replaced atomically
    root/values/<version>/         what a city needs of it, where it is of one (pipeline/values)
    root/pinned/<version>          it is not to be discarded, for something elsewhere rests on it
    root/staging/, publish.lock    the writer's

A version may be built, compared with the one served, and published later.

A writer killed anywhere leaves an orphan in staging, or a complete version nobody points
at, or a history entry whose pointer never moved. Readers see none of the three, the next
publish clears the first and numbers past the second, and `history` marks the third.
"""

import json
import re
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import duckdb

from chunshui.errors import (
    ChunshuiError,
    NothingPublishedError,
    VersionDamagedError,
    VersionMissingError,
)
from chunshui.warehouse import verify
from chunshui.warehouse.manifest import Edition, Entry, Manifest, Serving
from chunshui.warehouse.reader import Reader

_NAME = re.compile(r"v\d{6,}")


class Store:
    """The versions under one folder. Holds no state: any number may look at the same folder."""

    def __init__(self, root: Path):
        self.root = Path(root)
        self.folder = self.root / "versions"
        self.staging = self.root / "staging"
        self.pinned = self.root / "pinned"
        self.values = self.root / "values"
        self.pointer_file = self.root / "CURRENT"
        self.history_file = self.root / "history.jsonl"

    # ---------------------------------------------------------------- reading

    def edition(self, version: str) -> Edition:
        """Return the key of a version of this store, whether or not there is one."""
        return Edition(str(self.root.resolve()), version)

    def current(self) -> Serving:
        """Say which version to serve: cheap, meant for every page run.

        The version pointed at when its file has the size its manifest gives (and, once per
        process, the sha256); else the last one served before it that is whole, with a
        warning. Raises NothingPublishedError, or VersionDamagedError when none is whole.
        """
        pointer = self.pointer()
        if pointer is None:
            wrong = "版本指针文件 CURRENT 缺失或损坏"
        else:
            fault = self._fault(pointer.version, pointer)
            if fault is None:
                return Serving(self.edition(pointer.version))
            wrong = f"版本{pointer.version}的{fault}"
        served = [entry for entry in self.history() if entry.effective]
        if pointer is None and not served:
            raise NothingPublishedError(self._nothing_published())
        for entry in reversed(served):
            if self._fault(entry.version, entry) is None:
                return Serving(
                    self.edition(entry.version),
                    f"{wrong}，现改用最近一个完好的版本{entry.version}。数据没有丢失；"
                    "请重新发布台账，或用 python -m chunshui undo 指定一个版本。",
                )
        raise VersionDamagedError(
            f"{wrong}，也没有其他完好的版本可用。请从备份恢复 {self.folder}，或重新发布台账。"
        )

    def open(self, version: str | Edition | None = None) -> Reader:
        """Open a version for reading; without a name the one `current` says, with its warning.

        Raises VersionMissingError or VersionDamagedError for a named version that is not whole,
        ValueError for an edition of another store.
        """
        if isinstance(version, Edition):
            if version != self.edition(version.version):
                raise ValueError(f"{version} is of another store than {self.root}")
            version = version.version
        serving = self.current() if version is None else self.sound(version)
        try:
            return Reader(
                self.path(serving.version), self.manifest(serving.version), serving.warning
            )
        except duckdb.Error as error:
            raise VersionDamagedError(
                f"版本{serving.version}无法打开。多半是由更新的软件建成："
                "请升级 chunshui，或用本机的软件重新发布台账。"
            ) from error

    def path(self, version: str) -> Path:
        """Return where the file of a version lies."""
        return self.folder / f"{version}.duckdb"

    def manifest(self, version: str) -> Manifest:
        """Read a manifest. Raises VersionMissingError when there is none, VersionDamagedError."""
        path = self.folder / f"{version}.json"
        try:
            if not _NAME.fullmatch(version):  # may come from a URL: no way out of the folder
                raise FileNotFoundError
            return Manifest(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            known = "、".join(self.numbered()) or "无"
            raise VersionMissingError(f"没有版本{version}。现有版本：{known}。") from None
        except (OSError, ValueError, TypeError) as error:
            raise VersionDamagedError(
                f"版本{version}的说明文件 {path.name} 损坏，请从备份恢复它，或改用其他版本。"
            ) from error

    def versions(self) -> list[Manifest]:
        """List every version whose manifest can be read, oldest first."""
        manifests = []
        for version in self.numbered():
            with suppress(ChunshuiError):
                manifests.append(self.manifest(version))
        return manifests

    def fault(self, version: str) -> str | None:
        """Say in Chinese what is wrong with the files of a version, or None."""
        return self._fault(version, None)

    def history(self) -> list[Entry]:
        """List every publish and undo, oldest first; lines a killed writer tore are skipped.

        An entry is effective when the pointer holds it or the next entry says it replaced it.
        """
        entries = []
        with suppress(FileNotFoundError):
            for line in self.history_file.read_text(
                encoding="utf-8", errors="replace"
            ).splitlines():
                with suppress(ValueError, TypeError):
                    entries.append(Entry(**json.loads(line)))
        pointer = self.pointer()
        held = [following.replaced for following in entries[1:]]
        held.append(pointer.serial if pointer else None)
        return [
            Entry(**asdict(entry) | {"effective": serial is None or serial == entry.serial})
            for entry, serial in zip(entries, held, strict=False)
        ]

    # ---------------------------------------------------------------- inside

    def pointer(self) -> Entry | None:
        """Read CURRENT; None when it is missing or cannot be understood."""
        try:
            return Entry(**json.loads(self.pointer_file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def numbered(self) -> list[str]:
        """Names of the versions that have a manifest, oldest first."""
        return sorted(path.stem for path in self.folder.glob("v*.json"))

    def _fault(self, version: str, entry: Entry | None) -> str | None:
        try:
            manifest = self.manifest(version)
        except ChunshuiError:
            return f"说明文件{version}.json 缺失或损坏"
        return verify.fault(self.path(version), manifest, entry)

    def _nothing_published(self) -> str:
        """Say why nothing can be served, and the way out."""
        if known := self.numbered():
            return (
                f"数据文件夹 {self.root} 里有版本{'、'.join(known)}，但没有发布记录和版本指针。"
                "请用 python -m chunshui publish 加版本号，指定要使用的版本。"
            )
        return (
            f"数据文件夹 {self.root} 里还没有发布过任何版本。"
            "请先运行 python -m chunshui run，或用 python -m chunshui publish 发布台账。"
        )

    def sound(self, version: str) -> Serving:
        """Return a version that is whole as it is served; raise a ChunshuiError when it is not."""
        self.manifest(version)
        fault = self._fault(version, None)
        if fault:
            raise VersionDamagedError(f"版本{version}的{fault}。请从备份恢复，或改用其他版本。")
        return Serving(self.edition(version))
