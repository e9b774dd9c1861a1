"""A session with an SFTP server whose key we know already, at an address that was checked, and for a stated time."""

import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import paramiko
from django.utils.translation import gettext as _

from lacydon.kernel.http import AddressRefused, Breaker, OutsideUnavailable, partner_socket

CONNECT: Final = 5.0
TOTAL: Final = 45.0
"""Seconds to connect, and for the whole session."""
KEY_TYPES: Final = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256")}
"""Names under which a server offers a key of this type, where they are not its own."""
breaker = Breaker(failures=10, rest=30.0)
logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # its tracebacks are told as our sentences


@contextmanager
def opened(settings: Any) -> Iterator[paramiko.SFTPClient]:
    """A signed-in session. Raises OutsideUnavailable, AddressRefused."""
    host = f"{settings.host}:{settings.port}"
    if not breaker.allows(host):
        raise OutsideUnavailable(_("« %s » ne répond plus depuis un moment ; réessayez plus tard.") % settings.host)
    try:
        with _transport(settings) as transport:
            client = paramiko.SFTPClient.from_transport(transport)
            if client is None:
                raise paramiko.SSHException("no sftp")
            with client:
                yield client
    except AddressRefused:
        breaker.succeeded(host)
        raise
    except OutsideUnavailable:
        breaker.failed(host)
        raise
    except (OSError, EOFError, paramiko.SSHException) as error:
        breaker.failed(host)
        raise OutsideUnavailable(_("Le serveur SFTP ne répond pas comme il faut : %s") % _why(error)) from error
    breaker.succeeded(host)


@contextmanager
def _transport(settings: Any) -> Iterator[paramiko.Transport]:
    """The server is the one we know before anything is said to it; all ends when the time is over."""
    type_, _space, encoded = settings.host_key.partition(" ")
    transport = paramiko.Transport(partner_socket(settings.host, settings.port, timeout=CONNECT))
    end = threading.Timer(TOTAL, transport.close)
    end.daemon = True
    end.start()
    try:
        transport.get_security_options().key_types = KEY_TYPES.get(type_, (type_,))
        transport.banner_timeout = transport.auth_timeout = transport.handshake_timeout = CONNECT * 2
        transport.start_client(timeout=TOTAL)
        if transport.get_remote_server_key().get_base64() != encoded:
            sentence = _("« %s » ne montre pas la clé que nous connaissons (host_key) : rien ne lui a été dit.")
            raise OutsideUnavailable(sentence % settings.host)
        if settings.private_key:
            transport.auth_publickey(settings.user, _private(settings.private_key))
        else:
            transport.auth_password(settings.user, settings.password, fallback=False)
        yield transport
    finally:
        end.cancel()
        transport.close()


def _private(text: str) -> paramiko.PKey:
    """A private key in OpenSSH's form. Raises OutsideUnavailable, so that what waits leaves once it is mended."""
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text.replace("\\n", "\n")))
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    raise OutsideUnavailable(_("La clé privée de cette destination (private_key) ne peut pas être lue."))


def _why(error: Exception) -> str:
    if isinstance(error, paramiko.AuthenticationException):
        return _("il refuse notre nom ou notre secret")
    if isinstance(error, FileNotFoundError):
        return _("le dossier n’existe pas")
    if isinstance(error, PermissionError):
        return _("il ne nous laisse pas écrire")
    return type(error).__name__
