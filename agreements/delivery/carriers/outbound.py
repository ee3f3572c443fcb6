"""One HTTP request to an address that somebody typed: to no private network, without redirects, within seconds.

The name is looked up once, every address it has is judged, and the connection goes to the one that was judged, so
that a name that answers differently the second time gains nothing. Proxies of the environment are not asked.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from portal.ui.errors import Refused

LONGEST = 500
PORTS = range(1, 65536)
# Names that only this machine has.
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# IPv6 that a gateway turns into IPv4 (RFC 6052): what is behind it cannot be judged.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class Forbidden(Exception):
    """The address lies where nothing of ours goes. Trying again changes nothing."""


@dataclass(frozen=True)
class Target:
    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str, field: str = "url") -> Target:
    """An address taken apart. Raises Refused at the field for one that may never be asked."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("This is no address.", field=field) from None
    host = (parts.hostname or "").rstrip(".").lower()
    if len(url) > LONGEST or not host or any(ord(sign) <= 32 or ord(sign) == 127 for sign in url):
        raise Refused("Give an address such as https://alerts.example.org/entente.", field=field)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("Put no password and no # into the address: a header can carry a key.", field=field)
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.DELIVERY_LOOPBACK and host in LOOPBACK):
        raise Refused("Only https addresses are asked.", field=field)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def addresses_of(target: Target) -> list[str]:
    """The addresses that a host has, all of them judged. Raises Forbidden when one is private, OSError without any."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(item[4][0]) for item in found))
    for address in addresses:
        if not _is_allowed(target.host, address):
            raise Forbidden(target.host)
    return addresses


def _is_allowed(host: str, address: str) -> bool:
    """Public addresses are; private ones where the installation's settings name the host; never link-local ones."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    ip = mapped or ip
    if ip.is_loopback:
        return bool(settings.DELIVERY_LOOPBACK) and host in LOOPBACK
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved or ip in TRANSLATED:
        return False
    return ip.is_global or host in settings.DELIVERY_PRIVATE_HOSTS


class _Connection(http.client.HTTPConnection):
    """To an address that was judged, whatever the name says by now; with TLS the certificate is the name's."""

    def __init__(self, target: Target, address: str, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.target, self.address = target, address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.target.port), self.timeout)
        if self.target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.target.host)

    def hang_up(self) -> None:
        """From another thread: whoever answers one byte at a time holds up nobody."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def ask(method: str, url: str, headers: Mapping[str, str], body: bytes) -> int:
    """Send one request; the status of the answer, of which nothing else is read. A redirect is an answer like others.

    Raises Forbidden for an address that nothing goes to, Refused for one that is none, OSError or
    http.client.HTTPException when nobody answers in time.
    """
    target = target_of(url)
    seconds = settings.DELIVERY_HTTP_SECONDS
    connection = _Connection(target, addresses_of(target)[0], seconds)
    watch = threading.Timer(seconds, connection.hang_up)
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, target.path, body=body or None, headers={**headers, "Connection": "close"})
        return connection.getresponse().status
    finally:
        watch.cancel()
        connection.close()
