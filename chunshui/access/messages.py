"""What a page may say over its WebSocket: only what our own pages send, and only so much of it."""

from time import monotonic

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg

MOST_BYTES = 10**6  # as `server.maxWidgetStateSize`, which knows no words
MOST_ENTRIES = 1_000  # widgets, or files to upload, that one message may name
KINDS = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"}
OPERATIONS = {"deferred_file"}  # a download that is made when it is clicked


class Rate:
    """So many a second on average, and at most `burst` at once."""

    def __init__(self, per_second: float, burst: float):
        self.per_second, self.burst = per_second, burst
        self.left, self.at = burst, monotonic()

    def allows(self) -> bool:
        """Return whether one more may be, and count it if so."""
        now = monotonic()
        self.left = min(self.burst, self.left + (now - self.at) * self.per_second)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


def of_a_page() -> Rate:
    """Return the rate at which one page may send."""
    return Rate(per_second=20, burst=80)


def is_used(kind: str) -> bool:
    """Whether our pages send messages of a kind; what else there is nobody needs."""
    return kind in KINDS | OPERATIONS


def read(data: bytes | None, rate: Rate) -> tuple[BackMsg, str, str | None]:
    """Return a message, its kind, and what is wrong with it if its connection must be closed."""
    message = BackMsg()
    if not rate.allows():
        return message, "", "消息太多。"
    if data is None:
        return message, "", "不接受文字消息。"
    if len(data) > MOST_BYTES:
        return message, "", "消息太大。"
    try:
        message.ParseFromString(data)
    except DecodeError:
        return message, "", "看不懂的消息。"
    kind: str = message.WhichOneof("type") or "空"
    if kind == "backend_operation_request":
        kind = message.backend_operation_request.WhichOneof("payload") or "空"
    widgets = message.rerun_script.widget_states.widgets
    if max(len(widgets), len(message.file_urls_request.file_names)) > MOST_ENTRIES:
        return message, kind, "消息太大。"
    return message, kind, None
