"""`backup` and `restore`: a copy of the data folder at a moment, and the way back."""

from pathlib import Path

from chunshui import backup, clock, paths
from chunshui.cli import terminal
from chunshui.cli.parser import Commands
from chunshui.errors import ChunshuiError


def register(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add("backup", "备份数据文件夹；备份过的内容不再重复存", back_up)
    parser.add_argument("folder", metavar="备份文件夹", help="最好在另一块磁盘上")
    parser = commands.add("restore", "从备份恢复到空的数据文件夹，逐个文件核对校验值", restore)
    parser.add_argument("folder", metavar="备份文件夹")
    parser.add_argument("--copy", metavar="备份", help="恢复哪一份，默认最近一份")
    parser.add_argument(
        "--verify", action="store_true", help="恢复后再核对现用版本、五个指标值和审计记录"
    )
    parser.add_argument("--list", action="store_true", help="只列出有哪些备份")


def back_up(folder: str) -> None:
    """Copy the data folder and say what that took."""
    name, copy, fresh = backup.back_up(paths.data_dir(), Path(folder), terminal.user())
    print(
        f"已备份为{name}：{len(copy.files):,}个文件，{copy.bytes / 1e6:,.1f} MB"
        f"（其中新增{fresh / 1e6:,.1f} MB），现用版本{copy.version or '（无）'}。"
    )


def restore(folder: str, copy: str | None, verify: bool, list: bool) -> None:
    """Lay a copy into the data folder, or list the copies."""
    source = Path(folder)
    if list:
        _list(source)
        return
    chosen, data = backup.read(source, copy), paths.data_dir()
    backup.restore(chosen, source, data)
    print(
        f"已恢复{clock.written(chosen.made_at)}的备份到 {data}："
        f"{len(chosen.files):,}个文件，校验值全部相符。"
    )
    if verify:
        if wrong := backup.differences(chosen, data):
            raise ChunshuiError("恢复后核对不上：" + "；".join(wrong) + "。")
        print(
            f"现用版本{chosen.version or '（无）'}，{len(chosen.figures)}个指标值与备份时一致，审计记录完好。"
        )


def _list(folder: Path) -> None:
    backup.read(folder)  # says in words that there is none
    for name in backup.copies(folder):
        one = backup.read(folder, name)
        print(
            f"{name}　现用版本{one.version or '（无）'}　{len(one.files):,}个文件　{one.bytes / 1e6:,.1f} MB"
        )
