"""The house rules, held by reading the code: arrows one way, rooms kept apart."""

import ast
import graphlib
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from chunshui.access import audit
from chunshui.ui.topics.meeting import stage

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "chunshui"
SOURCES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"], key=str)

# What a room may import of the others. These are open to all.
OPEN = {
    "drawing",
    "paths",
    "errors",
    "words",
    "month",
    "week",
    "coordinates",
    "clock",
    "child_process",
}
MAY_IMPORT = {
    "warehouse": set(),
    "catalogue": {"warehouse"},
    "circles": {"warehouse"},
    "renewal": {"warehouse", "catalogue"},
    "opinions": set(),
    "ranking": {"warehouse", "catalogue"},
    "community": {"warehouse", "catalogue"},
    "weekly": {"warehouse", "catalogue", "opinions"},
    "snapshots": {
        *("warehouse", "catalogue", "circles", "ranking", "community", "weekly", "ledgers", "city"),
    },
    "ledgers": {"warehouse"},
    "demo": {"warehouse", "ledgers"},
    "pipeline": {"warehouse", "ledgers", "catalogue", "circles"},
    "city": {"warehouse", "catalogue", "ledgers", "pipeline"},
    "access": {"warehouse"},
    "ui": {
        *("warehouse", "catalogue", "circles", "renewal", "opinions", "ranking", "weekly"),
        *("community", "snapshots", "access", "city"),
        *("ledgers", "pipeline"),
    },
    "frame": {"ui", "access"},
    "backup": {"warehouse", "catalogue", "access"},
    "cli": {
        *("warehouse", "catalogue", "snapshots", "ledgers", "demo", "pipeline", "access"),
        *("backup", "city"),
    },
    "__main__": {"cli"},
    "pages": {"ui", "catalogue", "renewal", "community", "snapshots", "weekly"},
    "app": {"ui", "frame", "access"},
    "drawing": set(),
    "paths": set(),
    "errors": set(),
    "words": set(),
    "month": set(),
    "clock": set(),
    "week": set(),
    "coordinates": set(),
    "child_process": set(),
    "__init__": set(),
}
SQL = re.compile(r"\b(select\s.+\sfrom|insert\s+into|create\s+(or\s+replace\s+)?(table|view)|"
                 r"delete\s+from|update\s+\w+\s+set|attach\s+')\b", re.IGNORECASE | re.DOTALL)  # fmt: skip


def room(path: Path) -> str:
    """Name the room a source file lies in: a folder or a module of the package, pages, app."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "chunshui" else parts[0]


@cache
def tree_of(path: Path) -> ast.Module:
    """Read a source file, once."""
    return ast.parse(path.read_text("utf-8"))


@cache
def imports(path: Path) -> set[str]:
    """List the dotted names that a source file imports, at the top or inside a function."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_arrows_point_one_way():
    for path in SOURCES:
        here = room(path)
        others = {name.split(".")[1] for name in imports(path) if name.startswith("chunshui.")}
        assert others - OPEN - {here} <= MAY_IMPORT[here], f"{path} imports {others}"


def test_streamlit_stays_in_the_shell():
    for path in SOURCES:
        used = {name for name in imports(path) if name.split(".")[0] == "streamlit"}
        if room(path) == "access":  # reads the messages of the page, and runs in no script
            used = {name for name in used if not name.startswith("streamlit.proto.")}
        assert not used or room(path) in {"frame", "ui", "pages", "app"}, path


def test_every_grid_is_drawn_by_one_function():
    """It is what makes a column of written numbers sort by them."""
    grid = re.compile(r"\.dataframe\(")
    drawing = [path.name for path in SOURCES if grid.search(path.read_text("utf-8"))]
    assert drawing == ["tables.py"]


def test_sql_lives_in_queries():
    for path in SOURCES:
        nodes = list(ast.walk(tree_of(path)))
        docs = {
            ast.get_docstring(node, clean=False)
            for node in nodes
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        }
        texts = [
            node.value
            for node in nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not [text for text in texts if text not in docs and SQL.search(text)], path


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda p: p.name)
def test_pages_are_thin_scripts(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 120
    banned = {"duckdb", "pandas", "geopandas", "shapely", "plotly"}
    assert not {name.split(".")[0] for name in imports(path)} & banned


# Within ui: what a layer may import of the others. A topic imports no other topic.
UI_LAYERS = {
    "markdown": set(),
    "charts": {"map"},
    "map": set(),
    "data": {"map"},
    "shell": {"data", "map", "markdown"},
    "widgets": {"shell", "data", "map", "charts", "markdown"},
    "topics": {"widgets", "shell", "data", "map", "charts", "markdown"},
    "warm": {"topics", "widgets", "shell", "data"},
    "probes": {"data"},
    "__init__": set(),
}


def test_the_layers_of_ui_and_its_topics_are_kept_apart():
    for path in sorted((PACKAGE / "ui").rglob("*.py")):
        here = path.relative_to(PACKAGE / "ui").with_suffix("").parts
        for name in imports(path):
            match name.split("."):
                case ["chunshui", "ui", layer, *rest]:
                    assert layer == here[0] or layer in UI_LAYERS[here[0]], f"{here}: {name}"
                    if layer == here[0] == "topics":
                        assert rest[0] == here[1], f"{here} imports another topic: {name}"
        hidden = "getattr(" in path.read_text("utf-8")
        assert not hidden, f"{path}: a name in a string is a call nobody finds"


def test_what_an_account_may_see_is_narrowed_in_one_place():
    """Pages ask `permit` for versions; whoever asks for the whole store shows nothing of it."""
    whole = re.compile(r"\bStore\(|\bdata\.(store|serving)\(|(?<![.\w])(store|serving)\(\)")
    asking = {
        path.relative_to(PACKAGE / "ui").as_posix()
        for path in (PACKAGE / "ui").rglob("*.py")
        if whole.search(path.read_text("utf-8"))
    }
    assert asking == {
        *("data/__init__.py", "shell/permit.py"),
        *("warm.py", "probes.py"),
        "data/former.py",  # the store of the edition asked for: of a street's account its own
        # Whose names are not to be told, whose keys are taken.
        *("topics/meeting/data.py", "topics/intake/data.py"),
    }
    assert not [path for path in (ROOT / "pages").glob("*.py") if whole.search(path.read_text())]


# What keeps what is chosen, with where its key stands among the arguments, if not by name.
CHOOSERS = dict.fromkeys(
    ("selectbox", "multiselect", "text_input", "text_area", "number_input", "date_input", "slider",
     "select_slider", "radio", "checkbox", "toggle", "segmented_control", "pills", "file_uploader",
     "tabs", "in_tabs", "expander", "data_editor")
) | {"one_of": 3, "metric": 2}  # fmt: skip


def test_no_two_choices_share_a_key():
    """What is chosen on one page must not turn up as the choice of another, nor as the screen of a meeting."""
    written: dict[str, list[str]] = {}
    for path in SOURCES:
        if room(path) not in {"ui", "pages"}:
            continue
        for call in ast.walk(tree_of(path)):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", None))
            if name not in CHOOSERS:
                continue
            at = CHOOSERS[name]
            keys = [word.value for word in call.keywords if word.arg == "key"]
            keys += call.args[at : at + 1] if at else []
            for key in keys:
                if isinstance(key, ast.Constant):
                    place = f"{path.relative_to(ROOT)}:{call.lineno}"
                    written.setdefault(key.value, []).append(place)
    assert len(written) > 20
    assert not {key: places for key, places in written.items() if len(places) > 1}
    assert not written.keys() & {*stage.OWN}


def test_no_circle_of_imports():
    modules = {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p
        for p in SOURCES
    }
    graph = {}
    for module, path in modules.items():
        names = {name if name in modules else name.rpartition(".")[0] for name in imports(path)}
        graph[module] = (names & set(modules)) - {module}
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_the_core_runs_without_streamlit():
    rooms = ["catalogue", "circles", "renewal", "ledgers", "demo", "warehouse", "pipeline", "city"]
    modules = [
        ".".join(p.relative_to(ROOT).with_suffix("").parts)
        for name in rooms
        for p in (PACKAGE / name).rglob("*.py")
        if p.name != "__main__.py"
    ] + ["chunshui.words"]
    code = f"import importlib, sys\nfor m in {modules!r}: importlib.import_module(m)\n"
    code += "sys.exit('streamlit' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_query_opens_with_what_it_is():
    for path in (ROOT / "queries").rglob("*.sql"):
        assert path.read_text("utf-8").startswith(("--", "/*")), path


def test_every_query_is_used():
    code = "\n".join(path.read_text("utf-8") for path in SOURCES)
    run_by_folder = {"schema", "metrics", "checks", "attention"}
    for path in (ROOT / "queries").rglob("*.sql"):
        name = path.relative_to(ROOT / "queries").with_suffix("").as_posix()
        if name.split("/")[0] not in run_by_folder:
            assert f'"{name}"' in code, f"nobody runs queries/{name}.sql"


def test_nothing_is_fetched_at_run_time():
    for path in [*SOURCES, *(ROOT / ".streamlit").glob("*.toml")]:
        hosts = re.findall(r"https?://([\w.-]+)", path.read_text("utf-8"))
        assert not [h for h in hosts if h not in {"127.0.0.1", "localhost"}], path


def test_downloads_go_through_the_one_button_that_asks_who_may():
    others = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "download_button(" in path.read_text("utf-8")
    }
    assert others == {"chunshui/ui/widgets/downloads.py"}


def test_pages_read_and_write_what_is_kept_in_the_folder_of_whoever_keeps_it():
    for path in SOURCES:
        text = path.read_text("utf-8")
        if room(path) in ("ui", "pages") and "chunshui.snapshots.kept" in imports(path):
            called = re.findall(
                r"kept\.(?:read|keep|keep_draft|keep_assigned|take|assign)\([^\n]*", text
            )
            # The head of notices is the installation's.
            assert all("own_folder()" in one or ").head" in one for one in called), path


def test_what_the_audit_log_is_told_has_a_chinese_word():
    told = {
        word.arg
        for path in SOURCES
        if room(path) in ("ui", "pages", "cli")
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func)
        in ("permit.demand", "permit.require", "permit.guarded", "_change")
        for word in call.keywords
        if word.arg
    }
    assert told and told <= set(audit.WORDS)


def test_what_is_kept_for_everybody_asks_nothing_of_whoever_is_there():
    """It is computed by the first who asks, or by nobody's session ahead of all (`shell/ahead.py`)."""
    of_session = re.compile(
        r"\b(st\.(session_state|query_params|context)|permit\.|is_nameless\(|is_dark\()"
    )
    kept = re.compile(r"remembered\(|^(pictures\.)?kept$|^beside$")
    found = 0
    for path in sorted((PACKAGE / "ui").rglob("*.py")):
        for one in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(one, ast.FunctionDef):
                continue
            if any(kept.search(ast.unparse(decorator)) for decorator in one.decorator_list):
                found += 1
                body = "\n".join(map(ast.unparse, one.body))
                assert not of_session.search(body), f"{path}: {one.name}"
    assert found > 100
