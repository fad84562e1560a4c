"""The command line: make, check, publish and undo versions, compare two, open the dashboard."""

import os
import sys

from chunshui import clock
from chunshui.cli import access, backup, city, district, ledgers, network, serve, snapshot, versions
from chunshui.cli.parser import Parser
from chunshui.errors import ChunshuiError
from chunshui.warehouse import durable

EPILOG = "数据放在项目的 data 文件夹，或环境变量 CHUNSHUI_DATA 所指的文件夹；时间按 CHUNSHUI_TIMEZONE 所写的时区，默认 Asia/Shanghai。"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = Parser(prog="python -m chunshui", epilog=EPILOG)
    commands = parser.commands()
    for module in (serve, district, ledgers, network, versions, snapshot, access, backup, city):
        module.register(commands)
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments:
        parser.print_help(sys.stderr)
        return 2
    given = vars(parser.parse_args(arguments))
    try:
        clock.zone()  # before any page or lock has to write a time
        with durable.disk_in_words():
            given.pop("run")(**given)
    except ChunshuiError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("\n已中断；现用版本不变。", file=sys.stderr)
        return 130
    return 0
