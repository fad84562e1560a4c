"""The ready-made templates 周通报, 月拉练, 年考评, 社区一页, read strictly from templates.toml."""

import dataclasses
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chunshui.catalogue.metric import get_metric
from chunshui.errors import ChunshuiError
from chunshui.snapshots.selection import CHOICES, Choice

FILE = Path(__file__).parent / "templates.toml"
_FIELDS = {field.name for field in dataclasses.fields(Choice)}


@dataclass(frozen=True)
class Template:
    """A named list of sections to start from."""

    id: str
    name: str
    about: str
    choices: tuple[Choice, ...]


@cache
def all_templates(file: Path = FILE) -> dict[str, Template]:
    """Return the templates by id; raise ChunshuiError for an unknown key, kind or metric."""
    templates = {}
    for entry in tomllib.loads(file.read_text("utf-8"))["template"]:
        if set(entry) != {"id", "name", "about", "section"}:
            raise ChunshuiError(f"模板文件里“{entry.get('id')}”的项目不对：{sorted(entry)}。")
        choices = tuple(_choice(entry["id"], section) for section in entry["section"])
        templates[entry["id"]] = Template(entry["id"], entry["name"], entry["about"], choices)
    return templates


def get_template(name: str) -> Template:
    """Return a template by id or Chinese name; raise ChunshuiError when there is none."""
    for template in all_templates().values():
        if name in (template.id, template.name):
            return template
    names = "、".join(template.name for template in all_templates().values())
    raise ChunshuiError(f"没有“{name}”这个模板，可选：{names}。")


def _choice(template: str, section: dict) -> Choice:
    if strangers := set(section) - _FIELDS:
        raise ChunshuiError(f"模板“{template}”有不认识的项目：{'、'.join(sorted(strangers))}。")
    if section.get("kind") not in CHOICES:
        raise ChunshuiError(f"模板“{template}”有不认识的部分：{section.get('kind')}。")
    for metric in section.get("metrics", ()):
        get_metric(metric)
    return Choice(**section | {"metrics": tuple(section.get("metrics", ()))})
