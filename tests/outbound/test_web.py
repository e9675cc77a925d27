import socket
import ssl
import struct
import subprocess
import threading
import time
from dataclasses import replace

import pytest

from portal.outbound.allowed import AllowList
from portal.outbound.errors import (
    BadAddressError,
    GarbledError,
    NotAllowedError,
    OutboundError,
    TooSlowError,
    UnknownHostError,
    UnreachableError,
    UntrustedError,
)
from portal.outbound.sockets import Limits
from portal.outbound.web import LARGEST_ANSWER, Policy, request
from tests.fixtures.web import serving
from tests.guards.tree import code, named

HERE = Policy(AllowList.read(["127.0.0.0/8"], loopback=True), Limits(connect=2, read=2, total=4))
HASTY = replace(HERE, limits=Limits(connect=1, read=0.4, total=0.8))


def ask(receiver, path="/", policy=HERE, **options):
    return request("POST", receiver.address(path), policy=policy, **options)


def names(monkeypatch, *answers):
    """Let names lead to these addresses, one answer after the other; gives how often somebody asked."""
    asked = []

    def look(host, port, **_options):
        addresses = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return asked


def test_an_answer_is_given_whatever_its_status(receiver):
    receiver.answers["/x"] = (418, {"Retry-After": "7"}, b"tea")
    answer = ask(receiver, "/x", body=b"{}", headers={"Content-Type": "application/json"})
    assert (answer.status, answer.headers["retry-after"], answer.body) == (418, "7", b"tea")
    (came,) = receiver.received
    assert (came.body, came.headers["content-type"]) == (b"{}", "application/json")
    assert came.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_what_is_not_allowed_is_not_connected_to(receiver):
    for policy in (Policy(), Policy(AllowList.read(["127.0.0.0/8"])), Policy(AllowList.read(["10.0.0.0/8"]))):
        with pytest.raises(NotAllowedError):
            ask(receiver, policy=policy)
    assert receiver.received == []


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "127.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_other_ways_to_write_this_machine_are_the_same_machine(receiver, host):
    with pytest.raises((NotAllowedError, UnknownHostError)):
        request("POST", receiver.address(host=host), policy=Policy(AllowList.read(["0.0.0.0/0", "::/0"])))
    assert receiver.received == []


@pytest.mark.parametrize(
    "address",
    [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//127.0.0.1/",
        "http://",
        "http://user:word@127.0.0.1/",
        "http://127.0.0.1\\@x/",
        "http://127.0.0.1/ x",
        "http://127.0.0.1/\r\nX: y",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://主机/",
        "http://127.0.0.1/" + "x" * 2001,
    ],
)
def test_an_address_that_is_none(address):
    with pytest.raises(BadAddressError):
        request("POST", address, policy=HERE)


def test_a_name_is_asked_once_and_what_it_said_is_connected_to(receiver, monkeypatch):
    asked = names(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
    policy = Policy(AllowList.read(["127.0.0.1"], loopback=True), HERE.limits)
    assert request("POST", receiver.address(host="hooks.example.cn"), policy=policy).status == 204
    assert asked == ["hooks.example.cn"]
    assert receiver.received[0].headers["host"] == f"hooks.example.cn:{receiver.port}"


def test_a_name_that_turns_inward_is_not_followed(receiver, monkeypatch):
    names(monkeypatch, ["127.0.0.1"])
    with pytest.raises(NotAllowedError):
        request(
            "POST",
            receiver.address(host="hooks.example.cn"),
            policy=Policy(AllowList.read(["hooks.example.cn"])),
        )
    assert receiver.received == []


def test_of_several_addresses_the_allowed_one_is_taken(receiver, monkeypatch):
    names(monkeypatch, ["169.254.169.254", "127.0.0.1"])
    assert request("POST", receiver.address(host="hooks.example.cn"), policy=HERE).status == 204


def test_a_name_that_nobody_answers_for_ends_in_time(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: over.wait(30) and [])
    with pytest.raises(TooSlowError):
        request("POST", "http://hooks.example.cn/", policy=HASTY)
    over.set()


def test_an_unknown_name(monkeypatch):
    def nowhere(*_args, **_options):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(UnknownHostError):
        request("POST", "http://hooks.example.cn/", policy=HERE)


def test_a_redirect_is_followed_as_it_was(receiver):
    receiver.answers["/old"] = (308, {"Location": "/new?a=1"}, b"")
    assert ask(receiver, "/old", body=b"x").status == 204
    assert [(each.path, each.body) for each in receiver.received] == [("/old", b"x"), ("/new?a=1", b"x")]


def test_a_redirect_that_would_change_the_request_is_not_followed(receiver):
    receiver.answers["/old"] = (302, {"Location": "/new"}, b"")
    assert ask(receiver, "/old", body=b"x").status == 302
    assert request("GET", receiver.address("/old"), policy=HERE).status == 204


def test_a_ring_of_redirects_ends(receiver):
    receiver.answers["/a"] = (307, {"Location": "/b"}, b"")
    receiver.answers["/b"] = (307, {"Location": "/a"}, b"")
    with pytest.raises(GarbledError):
        ask(receiver, "/a")
    assert len(receiver.received) == 4


@pytest.mark.parametrize(
    ("onward", "error"),
    [
        ("http://169.254.169.254/latest/meta-data", NotAllowedError),
        ("http://10.0.0.1/", NotAllowedError),
        ("file:///etc/passwd", BadAddressError),
        ("http://u:p@127.0.0.1/", BadAddressError),
    ],
)
def test_a_redirect_leads_nowhere_else(receiver, onward, error):
    receiver.answers["/a"] = (307, {"Location": onward}, b"")
    with pytest.raises(error):
        ask(receiver, "/a")


def test_another_host_does_not_hear_what_was_meant_for_the_first(receiver):
    receiver.answers["/a"] = (307, {"Location": receiver.address("/b", host="localhost")}, b"")
    policy = replace(HERE, allowed=AllowList.read(["127.0.0.0/8", "::1"], loopback=True))
    ask(receiver, "/a", policy, headers={"X-Api-Key": "k", "Authorization": "a", "webhook-id": "i"})
    first, second = receiver.received
    assert first.headers["x-api-key"] == "k"
    assert {"x-api-key", "authorization"} & second.headers.keys() == set()
    assert second.headers["webhook-id"] == "i"


@pytest.mark.parametrize(
    "pair",
    [("X", "a\r\nBcc: b"), ("X", "a\nb"), ("X\r\nY", "a"), ("X", "a\r\n b"), ("X", "a\0"), ("X", "中文")],
)
def test_nothing_can_be_added_to_the_headers(receiver, pair):
    with pytest.raises(GarbledError):
        ask(receiver, headers=dict([pair]))
    assert receiver.received == []


def trickle(connection, receiver, piece):
    """A byte now and then, for as long as anybody listens."""
    while not receiver.released.wait(0.1):
        try:
            connection.sendall(piece)
        except OSError:
            return


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"]
)
def test_a_byte_now_and_then_does_not_keep_it_waiting(receiver, start):
    def answer(connection):
        connection.sendall(start)
        trickle(connection, receiver, b"a")

    receiver.answers["/"] = answer
    before = time.monotonic()
    with pytest.raises(TooSlowError):
        ask(receiver, policy=HASTY)
    # Not a measure of speed: without a limit over everything it would never end.
    assert time.monotonic() - before < 30


def test_endless_go_on_answers_end_in_time(receiver):
    receiver.answers["/"] = lambda connection: trickle(connection, receiver, b"HTTP/1.1 100 Continue\r\n\r\n")
    with pytest.raises(TooSlowError):
        ask(receiver, policy=HASTY)


def test_a_status_is_enough_where_no_body_is_wanted(receiver):
    def answer(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        trickle(connection, receiver, b"a")

    receiver.answers["/"] = answer
    assert ask(receiver, policy=HASTY, most=0).status == 200


def test_no_answer_at_all(receiver):
    receiver.answers["/"] = receiver.hang
    with pytest.raises(TooSlowError):
        ask(receiver, policy=HASTY)


def test_a_reset(receiver):
    def reset(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    receiver.answers["/"] = reset
    with pytest.raises((UnreachableError, GarbledError)):
        ask(receiver)


def test_nobody_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(UnreachableError):
        request("POST", f"http://127.0.0.1:{port}/", policy=HERE)


def test_of_a_huge_answer_only_the_beginning_is_read(receiver):
    def flood(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                connection.sendall(b"x" * 65536)
        except OSError:
            return

    receiver.answers["/"] = flood
    assert len(ask(receiver).body) == LARGEST_ANSWER


@pytest.mark.parametrize(
    "noise",
    [
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70000,
    ],
)
def test_what_is_no_answer(receiver, noise):
    receiver.answers["/"] = lambda connection: connection.sendall(noise)
    with pytest.raises(OutboundError):
        ask(receiver)


def test_packed_answers_are_not_asked_for_nor_unpacked(receiver):
    receiver.answers["/"] = (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b")
    assert ask(receiver).body == b"\x1f\x8b"
    assert receiver.received[0].headers["accept-encoding"] == "identity"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of its own authority for hooks.example.cn."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "3650",
            "-subj",
            "/CN=hooks.example.cn",
            "-addext",
            "subjectAltName=DNS:hooks.example.cn",
            "-keyout",
            folder / "key.pem",
            "-out",
            folder / "cert.pem",
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def secure(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    yield from serving(lambda plain: context.wrap_socket(plain, server_side=True))


def https(receiver, policy, host="hooks.example.cn"):
    return request("POST", receiver.address(host=host).replace("http:", "https:"), policy=policy)


def test_certificates_are_verified_by_name_whatever_the_address(secure, certificate, monkeypatch):
    names(monkeypatch, ["127.0.0.1"])
    known = replace(HERE, authorities=certificate / "cert.pem")
    assert https(secure, known).status == 204
    with pytest.raises(UntrustedError):
        https(secure, known, host="other.example.cn")
    with pytest.raises(UntrustedError):
        https(secure, HERE)


def test_over_tls_a_byte_now_and_then_ends_as_well(secure, certificate, monkeypatch):
    names(monkeypatch, ["127.0.0.1"])
    secure.answers["/"] = lambda connection: trickle(connection, secure, b"a")
    with pytest.raises(TooSlowError):
        https(secure, replace(HASTY, authorities=certificate / "cert.pem"))


def test_a_redirect_does_not_take_the_encryption_off(secure, receiver, certificate, monkeypatch):
    names(monkeypatch, ["127.0.0.1"])
    secure.answers["/"] = (307, {"Location": receiver.address(host="hooks.example.cn")}, b"")
    with pytest.raises(GarbledError):
        https(secure, replace(HERE, authorities=certificate / "cert.pem"))
    assert receiver.received == []


def test_a_handshake_that_never_ends(certificate):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(TooSlowError):
            request("POST", f"https://127.0.0.1:{silent.getsockname()[1]}/", policy=HASTY)


def test_the_rest_of_the_portal_opens_no_connection_of_its_own():
    ways = ("import requests", "httpx", "urllib.request", "http.client", "urllib3", "import socket", "SMTP(")
    wrong = [
        f"{named(path)}: {way}"
        for path in code("portal", "admin", "jobs")
        if not named(path).startswith("portal/outbound/")
        for way in ways
        if way in path.read_text("utf-8")
    ]
    assert wrong == []
