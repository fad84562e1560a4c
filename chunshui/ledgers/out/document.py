"""Write docs/ledgers.md from the contracts: `python -m chunshui.ledgers.out.document`."""

from chunshui import paths
from chunshui.ledgers.contracts import ALL, ROOMS
from chunshui.ledgers.contracts.contract import Column, Ledger

PATH = paths.ROOT / "docs" / "ledgers.md"

ROOM_NAMES = {
    "地点": "Places",
    "组织": "Organisation",
    "阵地": "Stations",
    "民情": "Opinions",
    "更新与资金": "Renewal and money",
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

INTRODUCTION = """# Ledgers

Generated from the contracts in `chunshui/ledgers/contracts` by
`python -m chunshui.ledgers.out.document`; do not edit by hand.

A ledger is a table of the data version as officials keep it. Its contract is declared once and
serves the reader, the checks, the blank workbook and this page. The file endings in which a ledger
may come are given with it. A sheet of a workbook is known by its name (`网格台账`), a csv or
GeoJSON file by its own; failing that, by its headers.

**What is read.** A header may be up to three rows high (merged group headers, a row of units, of
column numbers or of 必填 under it); numbering, stars and remarks on it (`2、街道*（必填）`) are left
off. Title rows above the header and again on every page, bands such as 一、古田街道, rows marked 示例,
footnotes, signatures, 合计, 小计 and 其中 rows are recognised and not counted; totals, also totals of
totals, are held against the sum of their rows, and one that differs is an error. Numbers may be
written 1,292, １２９２, 1292名, 34.9亿 or 一千二百九十二, and one whose format shows more than its digits
(0001, WG001, 12万元) is read as shown; the unit of the cell goes before that of the header, and that
before `单位：万元` above the table. A percentage is what its cell
shows, as text (`85.5％`) or formatted so; in a column of percentages a bare number counts only under a
header with （%）. Dates may be written
2026-03-05, 2026.3.5, 2026年3月5日, 20260305 or as Excel's own. `—`, `无` and an empty cell are
missing.

**What is refused.** Whatever cannot be read for certain is an error at its cell and never a guess:
约440, 300-400, 待定, money with no unit stated, a date without its day, 一百五, a formula without a
saved result, codes that lost their leading zeros, a hidden row, a date of which the cell shows year
and month alone, a number its format shows a thousandth of, units around the table that contradict
each other or every header, a merged cell (but 街道, 社区, the code of another ledger and a word out of
a list are filled in downwards, and said to be). Lines outside the table never become data, and a row
that might be data is never taken for such a line. All
issues of all ledgers are told at once, in Chinese, with file, sheet, row, column, value, what is
wrong and how to mend it. The user's own workbook can be had back with the cells marked.

**What is asked about.** An amount that can be right but is likelier a slip of the unit (yuan in a
column of 万元, or the other way) is named at its cell and must be confirmed: `--confirm`, or the box on
the page. The columns below say outside what they ask; beyond their bounds they refuse.

**What was interpreted** (a unit, full-width digits, a Chinese numeral, an Excel serial, the official
name of a community, a formula's saved result) is recorded cell by cell and shown for approval.

**Partial sets.** A ledger that is not given again stays as it is in the version served: its typed
rows, raw rows and sources are carried on, and what was noted of them when they were read. What the
kept ledgers refer to must still be there. A ledger, a street or a sum that has fallen by half is
asked about and must be confirmed.

**A street's file.** Where a ledger given has rows of some streets only and the version served has
others, the rows of those streets are replaced and the rows of the others stay, with their own file,
sheet and row; this is said (`民情台账只更新古田街道（65 行），v000001 里其余 647 行沿用`). The street of a
row is that of its 街道 or 社区 column, else of the thing it hangs on (a step of its opinion, a
station's hours of its station). The merged ledger is checked as one: a number that a row of another
street has already, or a kept row whose thing is gone, is an error; a fall by half is looked for in
the streets reported. Rows that belong to no street (income of the fund without 社区) stay unless such
rows are given; that is asked about, and so is a report of most streets but not all. An empty sheet takes
nothing away. 替换整本台账 on the page, `--whole` on the command line, replaces whole ledgers instead;
`--streets 古田街道` says which streets are reported, so that one without rows is emptied.

A file whose name, sheet or title names a street (古田街道民情.xlsx; not 古田街道等) holds that street's
rows only: a row of another street is an error at its cell.

**Every row has one fate** (表头, 空行, 脚注, 合计, 合格, 有错; 已替换 once its street has reported anew);
the fates add up to the rows of the sheet, and every row is kept as it stood, under the row number
that Excel shows.

**Coordinates** are degrees in WGS-84. CGCS2000 degrees are taken as they are (the two agree to well
under a metre). A ledger may state its system above the header (`坐标系：CGCS2000`), in a 坐标系
column, as 经度（GCJ-02）, or as a member of the map file. GCJ-02 and BD-09 are converted, and said to
be; projected systems are refused.

**Files.** Every file is read in a child process with limits on memory, time and disk. Workbooks with
macros, external links, embedded files, bombs, far cells or document type declarations are refused;
so are old .xls, .et and encrypted ones, with the way out. A map may be GeoJSON, GeoPackage or a
zipped Shapefile: what it is, is told from its bytes, and no library that follows paths or addresses
(GDAL) has a part in reading it.

**Nature.** A ledger that says 演示数据 in the name of its file or sheet, above or below the table,
or in the member `数据性质` of a GeoJSON file is synthetic; any other is real. The two are never
published together.

**No persons.** No contract has a column for a name, a telephone number or an identity number. A file
with a resident's identity number (GB 11643, also one that Excel has rounded), a mobile phone number
or persons' names in a column of names is refused whole, its cells named and their contents not
repeated. Comments, text boxes, page headers, texts that no cell shows any more, and the names of
sheets and files are looked at, too. A column that is in no contract is not read, and a warning names it; neither its cells nor
the lines that say who filled in the ledger are kept with the raw rows.
"""


def document() -> str:
    """The page, as Markdown."""
    parts = [INTRODUCTION]
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
        words += f", asked about outside {column.usual[0]:,} 至 {column.usual[1]:,} {column.unit}"
    if column.refers:
        words += f", a key of {ALL[column.refers].name}"
    if column.aliases:
        words += f"; also headed {'、'.join(column.aliases)}"
    if column.note:
        words += f"; {column.note}"
    return words


if __name__ == "__main__":
    PATH.write_text(document(), encoding="utf-8")
