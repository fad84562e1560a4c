"""Write the tables of docs/ledgers.md from the contracts: `python -m chunshui.ledgers.out.document`.

What stands in the page above the first room is written by hand and left as it is.
"""

from chunshui import paths
from chunshui.ledgers.contracts import ALL, ROOMS
from chunshui.ledgers.contracts.contract import Column, Ledger

PATH = paths.ROOT / "docs" / "ledgers.md"

ROOM_NAMES = {
    "地点": "Places",
    "组织": "Organisation",
    "阵地": "Stations",
    "居民自治": "Neighbours",
    "活动与通报": "Activities and bulletins",
    "新就业群体": "New jobs",
    "民情": "Opinions",
    "会议": "Meetings",
    "更新与资金": "Renewal and money",
    "拉练": "Drills",
    "步行网络": "Walking network",
    "公开数据": "Published figures",
}

KIND_WORDS = {
    "text": "text, up to 200 characters",
    "code": "identifier, kept as text",
    "integer": "whole number",
    "number": "number",
    "money": "money in whole yuan",
    "date": "day, `2026-03-31`",
    "month": "month, `2026-03`",
    "boolean": "是 or 否",
    "choice": "one of the words listed",
    "weekday": "周一 … 周日",
    "time": "time of day, `08:30`",
    "street": "street by name or code",
    "community": "community by short name, official name or code",
    "lon": "longitude in decimal degrees",
    "lat": "latitude in decimal degrees",
    "geometry": "the geometry of the feature",
}


def document(page: str) -> str:
    """Return the page, as Markdown, with its tables made anew."""
    parts = [page[: page.index("## ")].rstrip() + "\n"]
    for room, ledgers in ROOMS.items():
        parts.append(f"## {ROOM_NAMES[room]} {room}\n")
        parts += [_section(ledger) for ledger in ledgers]
    return "\n".join(parts)


def _section(ledger: Ledger) -> str:
    facts = [
        f"Grain: {ledger.grain}.",
        f"Key: {_headers(ledger, ledger.key)}.",
        *(f"Also unique: {_headers(ledger, keys)}." for keys in ledger.unique),
        f"Files: {', '.join(ledger.formats)}.",
        *([f"Coordinates: {ledger.crs}."] if ledger.crs else []),
        *([f"Shapes: {', '.join(ledger.geometry)}."] if ledger.geometry else []),
    ]
    lines = [f"### {ledger.name} `{ledger.id}`", "", " ".join(facts), ""]
    lines += ["| Header | Fills | Required | Holds |", "|---|---|---|---|"]
    for column in ledger.columns:
        fills = f"`{column.key}`" if column.stored else "–"
        required = "yes" if column.required else "no"
        lines.append(f"| {column.title} | {fills} | {required} | {_holds(column)} |")
    if ledger.rules:
        lines += ["", "Refused besides: " + "; ".join(rule.what for rule in ledger.rules) + "."]
    return "\n".join(lines) + "\n"


def _headers(ledger: Ledger, keys: tuple[str, ...]) -> str:
    return " + ".join(ledger.column(key).header for key in keys)


def _holds(column: Column) -> str:
    words = KIND_WORDS[column.kind]
    if column.kind == "choice":
        words = "、".join(column.allowed).replace("|", "\\|")
    if column.length:
        words += f", {column.length} characters"
    if column.is_number and column.bounds:
        words += f", {column.bounds}"
    if column.usual:
        words += f", asked about outside {column.usual[0]:,} to {column.usual[1]:,} {column.unit}"
    if column.refers:
        words += f", a key of {ALL[column.refers].name}"
    if column.aliases:
        words += f"; also headed {'、'.join(column.aliases)}"
    if column.note:
        words += f"; {column.note}"
    return words


if __name__ == "__main__":
    PATH.write_text(document(PATH.read_text("utf-8")), encoding="utf-8")
