"""docs/architecture.md names what is there: every path it gives exists, and it leaves out no room."""

import re
from pathlib import Path

from chunshui.paths import ROOT

TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
NAMED = re.findall(r"`([\w./<>*-]+/[\w./<>*-]*|[\w]+\.(?:py|md|toml))`", TEXT)


def exists(named: str) -> bool:
    """Whether a path stands in the project or, without its ending, in the package."""
    pattern = re.sub(r"<\w+>", "*", named).rstrip("/")
    homes = (ROOT, ROOT / "chunshui")
    return any([*home.glob(pattern), *home.glob(f"{pattern}.py")] for home in homes)


def test_every_path_exists():
    assert len(NAMED) > 40
    assert not [named for named in NAMED if not exists(named)]


def test_every_room_is_on_the_plan():
    rooms = [path for path in (ROOT / "chunshui").iterdir() if (path / "__init__.py").exists()]
    rooms += [path for path in (ROOT / "chunshui" / "ui").iterdir() if path.is_dir()]
    names = {str(Path(room).relative_to(ROOT)) for room in rooms if room.name != "__pycache__"}
    assert not {name for name in names if f"`{name}`" not in TEXT}
