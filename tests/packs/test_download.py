"""Downloads over real HTTP on the loopback: whole and right, or one clear reason why not."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytest_httpserver = pytest.importorskip("pytest_httpserver")
from pytest_httpserver import HTTPServer  # noqa: E402
from werkzeug import Request, Response  # noqa: E402

from photoguard.errors import Cancelled, Failed, ProblemCode  # noqa: E402
from photoguard.packs import download as downloading  # noqa: E402
from photoguard.packs.download import Transfer, download  # noqa: E402

DATA = bytes(range(8, 256)) * 2000
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the machine between the test and its own server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def running() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", threaded=True) as one:
        yield one


@pytest.fixture
def server(running: HTTPServer) -> HTTPServer:
    running.clear()
    return running


@dataclass
class Origin:
    """A file server that knows ranges and versions, and can break off."""

    data: bytes = DATA
    tag: str = '"one"'
    cut_after: int | None = None
    heeds_if_range: bool = True
    ranges: list[str | None] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        asked = request.headers.get("Range")
        self.ranges.append(asked)
        start = int(asked[6:-1]) if asked else 0
        if self.heeds_if_range and request.headers.get("If-Range") != self.tag:
            start = 0
        body = self.data[start:]
        headers = {"ETag": self.tag, "Content-Length": str(len(body)), "Content-Type": "application/octet-stream"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
        if self.cut_after is not None:
            body = body[: self.cut_after]
        return Response(iter([body]), 206 if start else 200, headers)


def serve(server: HTTPServer, handler: Callable[[Request], Response], path: str = "/file") -> str:
    server.expect_request(path).respond_with_handler(handler)
    return server.url_for(path)


def get(folder: Path, *urls: str, listener: Callable[[Transfer], None] = lambda _: None) -> bytes:
    path = download(urls, SHA, len(DATA), folder, listener)
    assert path.parent == folder
    return path.read_bytes()


def fails(folder: Path, *urls: str) -> ProblemCode:
    with pytest.raises(Failed) as caught:
        get(folder, *urls)
    return caught.value.problem.code


def parts(folder: Path) -> list[int]:
    return [path.stat().st_size for path in folder.glob("*.part")]


def test_a_file_arrives_whole_and_its_way_is_told(server: HTTPServer, tmp_path: Path) -> None:
    told: list[Transfer] = []
    assert get(tmp_path, serve(server, Origin()), listener=told.append) == DATA
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert told[-1].done == told[-1].total == len(DATA)
    assert told[-1].origin == "127.0.0.1"
    assert [path.name for path in tmp_path.iterdir()] == [f"{SHA}.part"]


def test_after_a_cut_only_the_rest_is_asked_for(server: HTTPServer, tmp_path: Path) -> None:
    origin = Origin(cut_after=150_000)
    assert get(tmp_path, serve(server, origin)) == DATA
    assert origin.ranges == [None, "bytes=150000-", "bytes=300000-", "bytes=450000-"]


def test_a_server_that_never_gets_to_the_end_is_given_up(server: HTTPServer, tmp_path: Path) -> None:
    origin = Origin(cut_after=1000)
    assert fails(tmp_path, serve(server, origin)) is ProblemCode.DOWNLOAD_CUT
    assert parts(tmp_path) == [1000 * len(origin.ranges)]
    # ... and what has arrived is built on next time
    origin.cut_after = None
    assert get(tmp_path, server.url_for("/file")) == DATA
    assert origin.ranges[-1] == f"bytes={1000 * (len(origin.ranges) - 1)}-"


def test_a_changed_version_is_fetched_from_its_beginning(server: HTTPServer, tmp_path: Path) -> None:
    origin = Origin(data=b"\x07" + DATA[1:], tag='"old"', cut_after=5000)
    url = serve(server, origin)
    fails(tmp_path, url)
    origin.data, origin.tag, origin.cut_after = DATA, '"new"', None
    assert get(tmp_path, url) == DATA


@pytest.mark.parametrize("tag", ['"new"', '"old"', "", 'W/"weak"'])
def test_a_server_that_ignores_versions_spoils_nothing(server: HTTPServer, tmp_path: Path, tag: str) -> None:
    origin = Origin(data=b"\x07" + DATA[1:], tag='"old"', cut_after=5000)
    url = serve(server, origin)
    fails(tmp_path, url)
    origin.data, origin.tag, origin.cut_after, origin.heeds_if_range = DATA, tag, None, False
    assert get(tmp_path, url) == DATA


def test_without_a_version_nothing_is_resumed(server: HTTPServer, tmp_path: Path) -> None:
    origin = Origin(tag="", cut_after=5000)
    url = serve(server, origin)
    fails(tmp_path, url)
    origin.cut_after = None
    assert get(tmp_path, url) == DATA
    assert set(origin.ranges) == {None}


@pytest.mark.parametrize("change", ["first", "last", "shorter", "longer", "empty", "pointer"])
def test_another_file_is_thrown_away(server: HTTPServer, tmp_path: Path, change: str) -> None:
    data = {
        "first": b"\x07" + DATA[1:],
        "last": DATA[:-1] + b"\x07",
        "shorter": DATA[:-1],
        "longer": DATA + b"\x07",
        "empty": b"",
        "pointer": b"version https://git-lfs.github.com/spec/v1\n",
    }[change]
    assert fails(tmp_path, serve(server, Origin(data))) is ProblemCode.DOWNLOAD_WRONG
    assert list(tmp_path.iterdir()) == []


def test_more_than_the_stated_size_is_never_stored(server: HTTPServer, tmp_path: Path) -> None:
    def endless(request: Request) -> Response:
        return Response((b"\x08" * 65536 for _ in range(10_000)), 200)

    assert fails(tmp_path, serve(server, endless)) is ProblemCode.DOWNLOAD_WRONG
    assert list(tmp_path.iterdir()) == []


def test_redirects_are_followed_and_loops_end(server: HTTPServer, tmp_path: Path) -> None:
    target = serve(server, Origin())
    hop = serve(server, lambda _: Response("", 302, {"Location": target}), "/hop")
    assert get(tmp_path, hop) == DATA
    loop = serve(server, lambda _: Response("", 302, {"Location": "/loop"}), "/loop")
    assert fails(tmp_path / "other", loop) is ProblemCode.DOWNLOAD_IS_PAGE


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (403, ProblemCode.DOWNLOAD_REFUSED),
        (404, ProblemCode.DOWNLOAD_REFUSED),
        (503, ProblemCode.DOWNLOAD_REFUSED),
        (407, ProblemCode.PROXY_REFUSED),
        (511, ProblemCode.DOWNLOAD_IS_PAGE),
        (206, ProblemCode.DOWNLOAD_REFUSED),
        (204, ProblemCode.DOWNLOAD_REFUSED),
    ],
)
def test_refusals_say_what_they_are(server: HTTPServer, tmp_path: Path, status: int, code: ProblemCode) -> None:
    refusing = serve(server, lambda _: Response("<html>no</html>", status, {"Content-Type": "text/plain"}))
    assert fails(tmp_path, refusing) is code
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream"])
def test_a_sign_in_page_is_not_taken_for_the_file(server: HTTPServer, tmp_path: Path, kind: str) -> None:
    page = b"\r\n <!DOCTYPE html><title>Sign in</title>".ljust(len(DATA))
    portal = serve(server, lambda _: Response(page, 200, {"Content-Type": kind}))
    assert fails(tmp_path, portal) is ProblemCode.DOWNLOAD_IS_PAGE
    assert list(tmp_path.iterdir()) == []


def test_origins_are_asked_in_order_and_the_first_problem_is_told(server: HTTPServer, tmp_path: Path) -> None:
    refusing = serve(server, lambda _: Response("", 403), "/refusing")
    wrong = serve(server, Origin(DATA[::-1]), "/wrong")
    good = Origin()
    assert get(tmp_path, refusing, wrong, serve(server, good)) == DATA
    assert len(good.ranges) == 1
    assert fails(tmp_path / "other", wrong, refusing) is ProblemCode.DOWNLOAD_WRONG
    assert fails(tmp_path / "other", refusing, wrong) is ProblemCode.DOWNLOAD_REFUSED


def test_a_server_that_falls_silent(server: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photoguard.packs.network.PATIENCE_S", 0.2)
    freed = threading.Event()

    def slow(request: Request) -> Response:
        def body() -> Iterator[bytes]:
            yield DATA[:1000]
            freed.wait(20)

        return Response(body(), 200, {"Content-Length": str(len(DATA)), "ETag": '"one"'})

    url = serve(server, slow)
    assert fails(tmp_path, url) is ProblemCode.DOWNLOAD_SLOW
    freed.set()
    assert parts(tmp_path) == [1000]


def test_nobody_there(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/file"
        assert fails(tmp_path, url) is ProblemCode.OFFLINE


def test_a_proxy_that_refuses(server: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(server, lambda _: Response("", 407), "/file")
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.setenv("HTTP_PROXY", server.url_for("/"))
    monkeypatch.setenv("HTTPS_PROXY", server.url_for("/"))
    assert fails(tmp_path, "http://models.invalid/file") is ProblemCode.PROXY_REFUSED
    # for https the proxy is asked for a tunnel; this one knows none
    assert fails(tmp_path, "https://models.invalid/file") is ProblemCode.PROXY_REFUSED


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
        "-days",
        "2",
    ]
    subprocess.run(["openssl", *made, "-subj", "/CN=127.0.0.1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with HTTPServer(host="127.0.0.1", ssl_context=context) as secure:
        url = serve(secure, Origin())
        assert url.startswith("https:")
        assert fails(tmp_path / "store", url) is ProblemCode.CERTIFICATE_REFUSED


def test_rules_can_forbid_the_network(server: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from photoguard.policy import Policy

    origin = Origin()
    url = serve(server, origin)
    monkeypatch.setattr("photoguard.packs.network.policy", lambda: Policy(network=False))
    assert fails(tmp_path, url) is ProblemCode.NETWORK_FORBIDDEN
    assert origin.ranges == []


def test_room_is_looked_for_before_anything_is_asked(
    server: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = Origin()
    url = serve(server, origin)
    monkeypatch.setattr(downloading, "SPARE_BYTES", 1 << 60)
    assert fails(tmp_path, url) is ProblemCode.NO_ROOM
    assert origin.ranges == []


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root to make a small disk")
def test_a_disk_that_fills_up_is_left_as_it_was(
    server: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("no small disk could be mounted")
    try:
        url = serve(server, Origin())
        assert fails(disk, url) is ProblemCode.NO_ROOM
        monkeypatch.setattr(downloading, "SPARE_BYTES", -(1 << 40))
        assert fails(disk, url) is ProblemCode.DISK_FULL
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_stopping_keeps_what_has_arrived(server: HTTPServer, tmp_path: Path) -> None:
    origin = Origin()
    url = serve(server, origin)

    def stop(transfer: Transfer) -> None:
        if transfer.done > 200_000:
            raise Cancelled

    with pytest.raises(Cancelled):
        get(tmp_path, url, listener=stop)
    (kept,) = parts(tmp_path)
    assert 200_000 < kept < len(DATA)
    assert get(tmp_path, url) == DATA
    assert origin.ranges == [None, f"bytes={kept}-"]


def _fetch_slowly(url: str, folder: str) -> None:
    def slowly(transfer: Transfer) -> None:
        time.sleep(0.05)

    download([url], SHA, len(DATA), Path(folder), slowly)


def test_after_a_kill_the_next_try_goes_on(server: HTTPServer, tmp_path: Path) -> None:
    origin = Origin()
    url = serve(server, origin)
    process = multiprocessing.get_context("spawn").Process(target=_fetch_slowly, args=(url, str(tmp_path)))
    process.start()
    while not any(length > 100_000 for length in parts(tmp_path)):
        assert process.is_alive()
        time.sleep(0.01)
    process.kill()
    process.join()
    (kept,) = parts(tmp_path)
    assert kept < len(DATA)
    assert get(tmp_path, url) == DATA
    assert origin.ranges == [None, f"bytes={kept}-"]


def test_a_whole_part_needs_no_network(tmp_path: Path) -> None:
    (tmp_path / f"{SHA}.part").write_bytes(DATA)
    assert get(tmp_path, "http://127.0.0.1:1/") == DATA


def test_a_part_that_rotted_is_fetched_again(server: HTTPServer, tmp_path: Path) -> None:
    url = serve(server, Origin())
    (tmp_path / f"{SHA}.part").write_bytes(DATA[:-1] + b"\x07")
    assert get(tmp_path, url) == DATA
    (tmp_path / f"{SHA}.part").write_bytes(b"\x07" * 5000)
    (tmp_path / f"{SHA}.json").write_text(f'{{"url": "{url}", "version": "\\"one\\""}}', encoding="utf-8")
    assert get(tmp_path, url) == DATA
