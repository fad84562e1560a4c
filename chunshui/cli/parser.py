"""An argument parser that speaks Chinese; its help is made from the commands themselves."""

import argparse
import re
import sys
import unicodedata
from collections.abc import Callable
from typing import NoReturn

# argparse's own words; one that is not here stays English.
CHINESE = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示这份说明",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s：%(message)s",
    "the following arguments are required: %s": "还缺 %s",
    "unrecognized arguments: %s": "多出了 %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有“%(value)s”，可选 %(choices)s",
    "invalid %(type)s value: %(value)r": "“%(value)s”写法不对",
    "expected one argument": "后面要写一个值",
    "expected at least one argument": "后面至少要写一个值",
    "ignored explicit argument %r": "后面不写值，多出了 %s",
}
vars(argparse)["_"] = lambda text: CHINESE.get(text, text)  # its own name for gettext

_NOTHING = "\0"


def _widen(text: str) -> str:
    """Follow every character two cells wide by one of none, so that its length is its width."""
    return "".join(c + _NOTHING * (unicodedata.east_asian_width(c) in "WF") for c in text)


class _Formatter(argparse.HelpFormatter):
    """Aligns and breaks lines by the cells that Chinese characters take."""

    def _format_action_invocation(self, action: argparse.Action) -> str:
        return _widen(super()._format_action_invocation(action))

    def _expand_help(self, action: argparse.Action) -> str:
        return _widen(super()._expand_help(action))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return super()._fill_text(_widen(text), width, indent)

    def format_help(self) -> str:
        text = super().format_help().replace(_NOTHING, "")
        return re.sub(r"(?m)^(\w+):$", r"\1：", text)


class Parser(argparse.ArgumentParser):
    """The parser of the command line, and of each command."""

    def __init__(self, prog: str, description: str = "", epilog: str = ""):
        super().__init__(
            prog, None, description, epilog, formatter_class=_Formatter, allow_abbrev=False
        )

    def commands(self) -> "Commands":
        """Let a command follow."""
        added = self.add_subparsers(title="命令", metavar="命令", required=True)
        return Commands(added)

    def error(self, message: str) -> NoReturn:
        """Say what was not understood, and how it is written; exit with 2."""
        print(f"看不懂这条命令：{message}。\n\n{self.format_help()}", end="", file=sys.stderr)
        sys.exit(2)


class Commands:
    """The commands that may follow: names with what they do."""

    def __init__(self, added: "argparse._SubParsersAction[Parser]"):
        self._added = added

    def add(self, name: str, help: str, run: Callable[..., None] | None = None) -> Parser:
        """Add a command; `run` is called with its arguments by name."""
        parser = self._added.add_parser(name, help=help, description=f"{help}。")
        if run is not None:
            parser.set_defaults(run=run)
        return parser
