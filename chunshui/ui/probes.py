"""Answers to machines that watch the server: whether it lives, can serve, and how it fares.

`/healthz` answers 200 with the version served, or 503 with the reason in words. `/readyz` does, too,
and begins with "degraded" while another version than the published one is served. `/metrics` is
text for Prometheus, to programs of this computer only.
"""

from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chunshui.access.deployment import deployment
from chunshui.access.gate import came_directly
from chunshui.errors import ChunshuiError
from chunshui.ui import data


def routes() -> list[Route]:
    """Return the addresses."""
    return [Route("/healthz", _healthz), Route("/readyz", _readyz), Route("/metrics", _metrics)]


async def _healthz(request: Request) -> Response:
    try:
        return PlainTextResponse(f"ok {data.serving().version}")
    except ChunshuiError as error:
        return PlainTextResponse(str(error), status_code=503)


async def _readyz(request: Request) -> Response:
    try:
        serving = data.serving()
    except ChunshuiError as error:
        return PlainTextResponse(str(error), status_code=503)
    if serving.warning:
        return PlainTextResponse(f"degraded {serving.version}：{serving.warning}")
    return PlainTextResponse(f"ok {serving.version}")


async def _metrics(request: Request) -> Response:
    if not came_directly(request.scope):
        return PlainTextResponse("没有这个地址。", status_code=404)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


class _Served(Collector):
    """The version served, the sign-ins and the audit log, looked up when asked."""

    def describe(self) -> Iterator[Metric]:
        return iter(())  # nothing is looked up at registration

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("chunshui_can_serve", "1: there is a version to serve")
        degraded = GaugeMetricFamily("chunshui_degraded", "1: not the published version is served")
        served = GaugeMetricFamily("chunshui_served", "The version served", labels=["version"])
        try:
            serving = data.serving()
            served.add_metric([serving.version], 1)
            degraded.add_metric([], bool(serving.warning))
            up.add_metric([], 1)
        except ChunshuiError:
            up.add_metric([], 0)
        yield from (up, degraded, served)
        if server := deployment():
            yield GaugeMetricFamily(
                "chunshui_signins", "Sign-ins that hold", value=server.signins.count()
            )
            yield GaugeMetricFamily(
                "chunshui_audit_lines", "Lines of the audit log", value=server.audit.number()
            )


REGISTRY.register(_Served())
