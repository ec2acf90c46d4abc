"""The only place that opens a connection, and only for what somebody just asked for.

Certificates are judged by the system's own store, so that a school's inspecting proxy works where its administrator
installed it; proxies are the system's too.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from photoguard.errors import Failed, ProblemCode
from photoguard.policy import policy

if TYPE_CHECKING:
    import httpx

_CONNECT_S = 15.0
PATIENCE_S = 60.0
"""How long a server may send nothing."""
_MOST_REDIRECTS = 8


@contextmanager
def answer(url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
    """The server's answer to a GET of ``url``, its body not read yet.

    Raises ``Failed``: NETWORK_FORBIDDEN, OFFLINE, PROXY_REFUSED, CERTIFICATE_REFUSED, DOWNLOAD_CUT, DOWNLOAD_SLOW; also for
    what happens while the body is read inside the ``with`` block.
    """
    if not policy().network:
        raise Failed(ProblemCode.NETWORK_FORBIDDEN)
    import httpx
    import truststore

    from photoguard import __version__

    origin = urlsplit(url).hostname or "?"
    own = {"User-Agent": f"photoguard/{__version__}", "Accept-Encoding": "identity"}
    with (
        _named_errors(origin),
        httpx.Client(
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=httpx.Timeout(PATIENCE_S, connect=_CONNECT_S),
            follow_redirects=True,
            max_redirects=_MOST_REDIRECTS,
            headers=own,
        ) as client,
        client.stream("GET", url, headers=dict(headers)) as response,
    ):
        if url.startswith("https:") and any(hop.url.scheme != "https" for hop in (*response.history, response)):
            # nobody may read along, or swap the file for one that wastes an evening
            raise Failed(ProblemCode.CERTIFICATE_REFUSED, origin=origin)
        yield response


@contextmanager
def _named_errors(origin: str) -> Iterator[None]:
    """Name the ways in which a network says no."""
    import httpx

    try:
        yield
    except httpx.TransportError as error:
        raise Failed(_code(error), origin=origin) from error
    except httpx.TooManyRedirects as error:
        raise Failed(ProblemCode.DOWNLOAD_IS_PAGE, origin=origin) from error
    except httpx.InvalidURL as error:
        raise Failed(ProblemCode.OFFLINE, origin=origin) from error


def _code(error: httpx.TransportError) -> ProblemCode:
    import httpx

    if _is_about_trust(error):
        return ProblemCode.CERTIFICATE_REFUSED
    for kinds, code in (
        ((httpx.ProxyError,), ProblemCode.PROXY_REFUSED),
        ((httpx.ReadTimeout, httpx.WriteTimeout), ProblemCode.DOWNLOAD_SLOW),
        ((httpx.ReadError, httpx.RemoteProtocolError), ProblemCode.DOWNLOAD_CUT),
    ):
        if isinstance(error, kinds):
            return code
    return ProblemCode.OFFLINE


def _is_about_trust(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
