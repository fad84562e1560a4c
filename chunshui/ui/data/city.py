"""The edition of a city that is shown, where this server is of one (CHUNSHUI_CITY)."""

from pathlib import Path

from chunshui import paths
from chunshui.city.edition import City, CityEdition
from chunshui.errors import ChunshuiError
from chunshui.ui.data.remembering import remembered


def edition() -> CityEdition:
    """Return the edition that is shown now, open; raise a ChunshuiError in words where there is none."""
    root = paths.city_dir()
    if root is None:
        raise ChunshuiError("没有设置环境变量 CHUNSHUI_CITY，本机不是全市的服务器。")
    return _opened(str(root), City(root).pointer() or City(root).current().id)


@remembered(4)
def _opened(root: str, name: str) -> CityEdition:
    return City(Path(root)).edition(name)
