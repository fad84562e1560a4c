"""A short list as a page to print: one HTML file that needs nothing but itself."""

from html import escape

import pandas as pd

from chunshui.circles.question import Question
from chunshui.month import Month
from chunshui.ui.data.scope import Scope
from chunshui.warehouse import Manifest
from chunshui.words import DEMONSTRATION

_LOOK = """
body { font-family: 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif; margin: 2cm; }
h1 { font-size: 16pt; } p { font-size: 10pt; color: #444; }
table { border-collapse: collapse; width: 100%; font-size: 12pt; }
th, td { border-bottom: 1px solid #999; padding: 5pt 6pt; text-align: left; vertical-align: top; }
@page { size: A4; margin: 1.5cm; } @media print { body { margin: 0; } }
"""


def sheet(
    title: str, table: pd.DataFrame, scope: Scope, manifest: Manifest, asked: Question
) -> bytes:
    """Write a table with its title, scope, version and the mark of synthetic data."""
    heads = "".join(f"<th>{escape(str(column))}</th>" for column in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in table.itertuples(index=False)
    )
    mark = f"<p><b>{DEMONSTRATION}</b></p>" if manifest.nature == "演示" else ""
    return (
        f"<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<style>{_LOOK}</style><h1>{escape(title)}</h1>{mark}"
        f"<table><tr>{heads}</tr>{rows}</table>"
        f"<p>步行距离按路网量，两头门前的路都计入；步速每秒 {asked.speed:g} 米。"
        f"截至 {Month.parse(scope.month).words}，数据版本 {scope.version}。</p></html>"
    ).encode()
