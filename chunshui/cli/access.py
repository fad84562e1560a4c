"""`access`: the accounts of a server that others may reach, and what is written down of it.

A password comes from the terminal or by standard input, never as an argument: those are seen.
"""

import getpass
import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator

from chunshui import paths
from chunshui.access import deployment
from chunshui.access.accounts import Account, Accounts
from chunshui.access.audit import details_in_words, state
from chunshui.access.oidc import NAMES
from chunshui.access.roles import ROLES
from chunshui.cli import terminal
from chunshui.cli.parser import Commands
from chunshui.errors import ChunshuiError
from chunshui.warehouse import Store

ISSUER = NAMES[0]
_AFRESH = "看板若已在运行而此前没有账号，请重新启动，登录才会生效。"


def register(commands: Commands) -> None:
    """Add the commands."""
    within = commands.add("access", "登录账号与审计记录").commands()
    roles = "、".join(f"{key}（{role.words}）" for key, role in ROLES.items())
    add = within.add("add", "新增账号，口令从终端或标准输入读取", add_account)
    add.add_argument("account", metavar="账号", help="小写字母开头，字母、数字、点、横线")
    add.add_argument("role", metavar="角色", help=roles)
    _add_street(add)
    add.add_argument(
        "--name", default="", metavar="称呼", help="岗位或单位，写进经办；不写则用账号"
    )
    for name, words, run in (
        ("reset", "换口令，原有登录全部失效", reset),
        ("disable", "停用账号，原有登录全部失效", disable),
        ("enable", "重新启用账号", enable),
    ):
        within.add(name, words, run).add_argument("account", metavar="账号")
    role = within.add("role", "改角色，下一次刷新起生效", set_role)
    role.add_argument("account", metavar="账号")
    role.add_argument("role", metavar="角色", help=roles)
    _add_street(role)
    oidc = within.add("oidc", "让统一身份认证的一个人用这个账号登录", set_subject)
    oidc.add_argument("account", metavar="账号")
    oidc.add_argument(
        "subject", metavar="身份标识", nargs="?", default="", help="认证方给出的 sub；不写则取消"
    )
    emergency = within.add("emergency", "有统一身份认证时，仍可用口令登录（应急）", set_emergency)
    emergency.add_argument("account", metavar="账号")
    emergency.add_argument("--no", action="store_true", help="取消")
    within.add("list", "列出账号", list_accounts)
    within.add("verify", "核对审计记录有没有被改动", verify)
    log = within.add("log", "显示最近的审计记录", show_log)
    log.add_argument("--lines", type=int, default=20, metavar="行数", help="默认 %(default)s")


def add_account(account: str, role: str, street: str, name: str) -> None:
    """Add an account."""
    code = _street_code(street)
    _change(
        "新增账号",
        account,
        lambda one: one.add(account, _password(), role, name, code),
        given=_role(role) + street,
    )
    print(_AFRESH)


def reset(account: str) -> None:
    """Give an account a new password."""
    _change("换口令", account, lambda one: one.reset(account, _password()))


def set_role(account: str, role: str, street: str) -> None:
    """Give an account another role."""
    code = _street_code(street)
    given = _role(role) + street
    _change("改角色", account, lambda one: one.set_role(account, role, code), given=given)


def set_subject(account: str, subject: str) -> None:
    """Let the issuer's person sign in with an account."""
    issuer = os.environ.get(ISSUER, "").strip().rstrip("/")
    if subject and not issuer:
        raise ChunshuiError(f"请先写明环境变量 {ISSUER}：身份标识只对一个认证方有效。")
    words = "对上统一身份" if subject else "取消统一身份"
    _change(words, account, lambda one: one.set_subject(account, issuer, subject), subject=subject)


def set_emergency(account: str, no: bool) -> None:
    """Let an account in by password beside the issuer, or no more."""
    _change(
        "取消应急口令" if no else "可用应急口令",
        account,
        lambda one: one.set_emergency(account, not no),
    )


def disable(account: str) -> None:
    """Let nobody in by an account."""
    _change("停用账号", account, lambda one: one.set_disabled(account, True))


def enable(account: str) -> None:
    """Let people in by an account again."""
    _change("启用账号", account, lambda one: one.set_disabled(account, False))


def list_accounts() -> None:
    """Print the accounts."""
    known = deployment.accounts().all()
    if not known:
        print("还没有账号：看板只供本机使用，打开即用。")
    for account, one in sorted(known.items()):
        print("　".join(filter(None, (account, _role(one.role), one.name, *_marks(one)))))


def verify() -> None:
    """Print whether the audit log is whole; raise ChunshuiError where it is not."""
    whole, said = state(deployment.audit().path)
    if not whole:
        raise ChunshuiError(said)
    print(said)


def show_log(lines: int) -> None:
    """Print the last lines of the audit log."""
    for one in list(deployment.audit().lines())[-max(lines, 1) :]:
        rest = "，".join(part for part in (one.get("address", ""), details_in_words(one)) if part)
        print(f"{one['n']}　{one['at'][:19]}　{one['by']}　{one['what']}　{rest}".rstrip("　"))


def _add_street(command: ArgumentParser) -> None:
    command.add_argument(
        "--street", default="", metavar="街道名", help="街道账号写明是哪个街道的，只看得到它的行"
    )


def _street_code(name: str) -> str:
    """Return the code of a street of the version in use; "" for none. Raises ChunshuiError for another."""
    if not name:
        return ""
    with Store(paths.versions_dir()).open() as reader:
        streets = reader.query("views/streets")
    codes = dict(zip(streets["street_name"], streets["street_code"], strict=True))
    if name not in codes:
        raise ChunshuiError(f"现用版本里没有“{name}”，可写：{'、'.join(codes)}。")
    return str(codes[name])


def _marks(one: Account) -> Iterator[str]:
    if one.street:
        yield one.street
    if one.disabled:
        yield "停用"
    if one.subject:
        yield f"统一身份{one.subject[1]}"
    if one.emergency:
        yield "应急口令"


def _role(role: str) -> str:
    """Return a role's words; those of newer software are none here."""
    return ROLES[role].words if role in ROLES else f"{role}（本版软件没有这种角色，不能登录）"


def _change(what: str, account: str, change: Callable[[Accounts], None], **told: str) -> None:
    change(deployment.accounts())
    deployment.audit().write(what, by=f"命令行：{terminal.user()}", account=account, **told)
    print(f"{what}：{account}，已办。")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("口令：")
    if getpass.getpass("再输一次：") != first:
        raise ChunshuiError("两次输入的口令不一样，请重来。")
    return first
