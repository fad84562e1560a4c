"""Which messages reach the server over our own page's WebSocket, and how many and how large."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed

from chunshui.access.messages import MOST_BYTES, MOST_ENTRIES
from tests.access.wire import own_socket, rerun

OPERATIONS = ("deferred_file", "install_skills", "dismiss_skills_nudge", "dataframe_chunk")
PASSED = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "deferred_file"}


def of_kind(kind: str) -> BackMsg:
    message = BackMsg()
    if kind in OPERATIONS:
        getattr(message.backend_operation_request, kind).SetInParent()
        message.backend_operation_request.request_id = "1"
        return message
    field = BackMsg.DESCRIPTOR.fields_by_name[kind]
    if field.message_type:
        getattr(message, kind).SetInParent()
    else:
        setattr(message, kind, True)
    return message


def closed(wire) -> tuple[int, str]:
    """Return the code and the reason that the server closes with."""
    while True:
        try:
            wire.recv(timeout=20)
        except ConnectionClosed as error:
            assert error.rcvd is not None
            return error.rcvd.code, error.rcvd.reason


def test_every_kind_of_message_is_known_here():
    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    request = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type
    assert {field.name for field in request.oneofs_by_name["payload"].fields} == set(OPERATIONS)
    assert kinds - {"backend_operation_request"} == {
        *("rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "clear_cache"),
        *("set_run_on_save", "load_git_info", "debug_disconnect_websocket"),
        "debug_shutdown_runtime",
    }


@pytest.mark.parametrize(
    "kind",
    [
        *("clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket"),
        *("debug_shutdown_runtime", "install_skills", "dismiss_skills_nudge", "dataframe_chunk"),
    ],
)
def test_what_nobody_needs_is_not_heard(server, kind):
    size = server.log.stat().st_size
    with own_socket(server.port) as wire:
        rerun(wire)
        wire.send(of_kind(kind).SerializeToString())
        rerun(wire)  # and the connection goes on
    assert server.lines_since(size).startswith(f"不理会 {kind} 消息")


@pytest.mark.parametrize("kind", sorted(PASSED))
def test_what_our_pages_send_is_heard(server, kind):
    size = server.log.stat().st_size
    with own_socket(server.port) as wire:
        wire.send(of_kind(kind).SerializeToString())
        rerun(wire)
    assert "不理会" not in server.lines_since(size)


def test_an_empty_message_and_one_of_the_future(server):
    with own_socket(server.port) as wire:
        wire.send(b"")
        wire.send(b"\xc2\x3e\x01x")  # field 1000, which nobody knows
        message = of_kind("install_skills").backend_operation_request
        message.ClearField("install_skills")
        wire.send(BackMsg(backend_operation_request=message).SerializeToString())
        rerun(wire)


def test_the_last_of_two_kinds_counts_as_for_streamlit(server):
    size = server.log.stat().st_size
    harmless, other = (of_kind(k).SerializeToString() for k in ("stop_script", "clear_cache"))
    with own_socket(server.port) as wire:
        wire.send(harmless + other)
        rerun(wire)
    assert "不理会 clear_cache" in server.lines_since(size)


def large(filler: str) -> BackMsg:
    message = BackMsg()
    widget = message.rerun_script.widget_states.widgets.add(id="x")
    setattr(widget, filler, "x" * MOST_BYTES)
    return message


def many(entries: int) -> list[BackMsg]:
    widgets, files = BackMsg(), BackMsg()
    for number in range(entries):
        widgets.rerun_script.widget_states.widgets.add(id=str(number), bool_value=True)
    files.file_urls_request.file_names.extend([""] * entries)
    return [widgets, files]


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("text", "不接受文字消息。"),
        (b"\xff\xff\xff", "看不懂的消息。"),
        (b"\x5a" * 1000, "看不懂的消息。"),
        (b"x" * (MOST_BYTES + 1), "消息太大。"),
        (large("string_value").SerializeToString(), "消息太大。"),
        (large("json_value").SerializeToString(), "消息太大。"),
        *((message.SerializeToString(), "消息太大。") for message in many(MOST_ENTRIES + 1)),
    ],
    ids=["text", "garbage", "nested", "large", "text field", "json field", "widgets", "files"],
)
def test_what_no_page_sends_closes_the_connection(server, sent, reason):
    size = server.log.stat().st_size
    with own_socket(server.port) as wire:
        wire.send(sent)
        assert closed(wire) == (1008, reason)
    (line,) = server.lines_since(size).strip().split("\n")
    assert line.startswith(f"已断开：{reason}")


def test_a_message_larger_than_the_server_takes_at_all(server):
    with pytest.raises(ConnectionClosed), own_socket(server.port) as wire:
        wire.send(b"x" * (33 * 2**20))
        wire.recv(timeout=20)


def test_as_much_as_is_allowed(server):
    with own_socket(server.port) as wire:
        for message in many(MOST_ENTRIES):
            wire.send(message.SerializeToString())
        rerun(wire)


def test_too_many_messages(server):
    with own_socket(server.port) as wire:
        try:
            for _ in range(400):
                wire.send(of_kind("app_heartbeat").SerializeToString())
        except ConnectionClosed:
            pass
        assert closed(wire) == (1008, "消息太多。")


def test_one_connection_closed_leaves_the_others(server):
    with own_socket(server.port) as wire, own_socket(server.port) as other:
        rerun(other)
        wire.send("text")
        closed(wire)
        rerun(other)


def test_a_session_answers_after_all_this(server):
    with own_socket(server.port) as wire:
        wire.send(of_kind("file_urls_request").SerializeToString())
        answer = ForwardMsg.FromString(wire.recv(timeout=20))
        assert answer.WhichOneof("type") == "file_urls_response"
    assert "Traceback" not in server.log.read_text("utf-8").partition("warm-up failed")[0]
