"""HTTPS with an authority of one's own, and a forward proxy, on the loopback interface.

`Door` is the encrypted way into a server that speaks plain HTTP; `Proxy` carries out
CONNECT (RFC 9110, 9.3.6) and remembers for whom.
"""

import ipaddress
import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from select import select
from threading import Thread
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from standin.github import GitHub
from standin.github.shapes import Site

_PIECE = 65_536
_SECONDS = 20


class Authority:
    """A certificate authority that nobody knows, and one certificate of it.

    The certificate is for this machine, and for `names`.
    """

    def __init__(self, folder: Path, *names: str) -> None:
        now = datetime.now(UTC)
        root_key = ec.generate_private_key(ec.SECP256R1())
        root_name = _name("Private authority")
        root = (
            _builder(root_name, root_name, root_key, now)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(is_authority=True), critical=True)
            .sign(root_key, hashes.SHA256())
        )
        key = ec.generate_private_key(ec.SECP256R1())
        own = [
            *map(x509.DNSName, ("localhost", *names)),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        ]
        serving = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        leaf = (
            _builder(_name("Server"), root_name, key, now, root_key)
            .add_extension(x509.SubjectAlternativeName(own), critical=False)
            .add_extension(_usage(is_authority=False), critical=True)
            .add_extension(serving, critical=False)
            .sign(root_key, hashes.SHA256())
        )
        self.pem = root.public_bytes(serialization.Encoding.PEM).decode()
        self.file = folder / "authority.pem"
        self.file.write_text(self.pem, encoding="utf-8")
        chain = folder / "server.pem"
        chain.write_bytes(
            leaf.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    signer: ec.EllipticCurvePrivateKey | None = None,
) -> x509.CertificateBuilder:
    public, signed_by = key.public_key(), (signer or key).public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by), False
        )
    )


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    names = (
        *("content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        **dict.fromkeys(names, False),
    )


class _Listening:
    """A socket on a free port of 127.0.0.1, each connection in a thread of its own."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            Thread(target=self._met, args=(connection,), daemon=True).start()

    def _met(self, connection: socket.socket) -> None:
        # A client that hangs up, or refuses the certificate, is no failure here.
        with suppress(OSError), connection:
            connection.settimeout(_SECONDS)
            self.serve(connection)

    def serve(self, connection: socket.socket) -> None:
        """Do what is to be done for one connection."""
        raise NotImplementedError


class Door(_Listening):
    """The encrypted way in to the plain server at `inner`, a port."""

    def __init__(self, context: ssl.SSLContext, inner: int) -> None:
        super().__init__()
        self._context, self._inner = context, inner
        self.url = f"https://127.0.0.1:{self.port}"

    def serve(self, connection: socket.socket) -> None:
        """Decrypt what comes, encrypt what goes back."""
        with (
            self._context.wrap_socket(connection, server_side=True) as outer,
            socket.create_connection(("127.0.0.1", self._inner)) as inner,
        ):
            _relay(outer, inner)


class Proxy(_Listening):
    """A forward proxy; `reached` are the hosts with ports that it connected to."""

    def __init__(self) -> None:
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"
        self.reached: list[str] = []

    def way(self, host: str, port: int) -> tuple[str, int]:
        """Where to connect to for a host and its port."""
        return host, port

    def serve(self, connection: socket.socket) -> None:
        """Carry out CONNECT; refuse everything else."""
        head = b""
        while b"\r\n\r\n" not in head and (piece := connection.recv(_PIECE)):
            head += piece
        verb, _, rest = head.decode("latin-1").partition(" ")
        target = rest.partition(" ")[0]
        if verb != "CONNECT":
            connection.sendall(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            return
        self.reached.append(target)
        host, _, port = target.rpartition(":")
        with socket.create_connection(self.way(host, int(port))) as inner:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _relay(connection, inner)


def _relay(one: Any, other: socket.socket) -> None:
    """Pass on what either says until one of them closes."""
    while True:
        held = isinstance(one, ssl.SSLSocket) and one.pending()
        ready = [one] if held else select([one, other], [], [], _SECONDS)[0]
        if not ready:
            return
        for each in ready:
            data = each.recv(_PIECE)
            if not data:
                return
            (other if each is one else one).sendall(data)


class SecureGitHub(GitHub):
    """GitHub behind HTTPS: its API, its GraphQL and its git."""

    def __init__(self, git_dir: Path, context: ssl.SSLContext, **details: Any) -> None:
        super().__init__(git_dir, **details)
        self.door = Door(context, int(self._server.server_address[1]))
        self.url = self.door.url
        self.api_url = f"{self.url}/api/v3"
        self.graphql_url = f"{self.url}/api/graphql"
        self.site = self._service.site = Site(self.api_url, self.url)

    def __enter__(self) -> Self:
        super().__enter__()
        self.door.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        self.door.__exit__()
        super().__exit__(*raised)
