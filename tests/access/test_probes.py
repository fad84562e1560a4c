"""What programs are told that watch the server, and which of them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from chunshui.access.gate import came_directly
from chunshui.ui import probes
from chunshui.warehouse import Store, publish
from tests.access.wire import ask
from tests.warehouse import small


@pytest.fixture
def watched(tmp_path, monkeypatch):
    monkeypatch.setenv("CHUNSHUI_DATA", str(tmp_path))
    return TestClient(
        Starlette(routes=probes.routes()),
        base_url="http://127.0.0.1:8501",
        client=("127.0.0.1", 50000),
    )


def values(text):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_ready_degraded_and_not(watched, tmp_path):
    store = Store(tmp_path / "versions")
    for path in ("/healthz", "/readyz"):
        assert watched.get(path).status_code == 503
    assert values(watched.get("/metrics").text)["chunshui_can_serve",] == 0
    for _ in range(2):
        publish.build(store, small.build(), serve=True, note="", by="甲")
    assert watched.get("/readyz").text == "ok v000002"
    store.path("v000002").unlink()
    answer = watched.get("/readyz")
    assert answer.status_code == 200
    assert answer.text.startswith("degraded v000001：版本v000002的数据文件")
    said = values(watched.get("/metrics").text)
    assert said["chunshui_can_serve",] == said["chunshui_degraded",] == 1
    assert said["chunshui_served", "v000001"] == 1


@pytest.mark.parametrize(
    ("client", "headers", "direct"),
    [
        ("127.0.0.1", [], True),
        ("10.0.0.7", [], False),
        ("127.0.0.1", [(b"x-forwarded-for", b"10.0.0.7")], False),
        ("127.0.0.1", [(b"forwarded", b"for=10.0.0.7")], False),
    ],
)
def test_who_asks_directly(client, headers, direct):
    ends = {"server": ("127.0.0.1", 8501), "client": (client, 5)}
    assert came_directly({"type": "http", "headers": headers, **ends}) is direct


def test_metrics_of_a_real_server_count_what_is_refused(port):
    host = f"Host: 127.0.0.1:{port}"

    def refused():
        status, text = ask(port, host, line="GET /metrics HTTP/1.1")
        assert status == 200
        assert "process_resident_memory_bytes" in text
        return values(text.partition("\r\n\r\n")[2]).get(("chunshui_refused_total", "421"), 0)

    before = refused()
    assert ask(port, "Host: evil.example", line="GET /metrics HTTP/1.1")[0] == 421
    assert refused() == before + 1
    assert ask(port, host, "X-Forwarded-For: 1.2.3.4", line="GET /metrics HTTP/1.1")[0] == 403
