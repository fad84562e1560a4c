"""What the gates count for whoever watches the server."""

from prometheus_client import Counter, Gauge

REFUSED = Counter("chunshui_refused", "Requests and sockets refused, by status", ["status"])
SOCKETS = Gauge("chunshui_open_sockets", "Pages open now")
