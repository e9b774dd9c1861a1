"""A form with files, as browsers send it (RFC 7578)."""

import secrets
from collections.abc import Iterable
from urllib.parse import quote


def multipart(fields: Iterable[tuple[str, str]], files: Iterable[tuple[str, str, str, bytes]]) -> tuple[bytes, str]:
    """The body and its media type. `files`: (field, name, media type, content)."""
    boundary = f"lacydon-{secrets.token_hex(16)}"
    parts = []
    for name, value in fields:
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{_name(name)}"\r\n\r\n{value}\r\n'.encode()
        )
    for name, file, media_type, content in files:
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{_name(name)}"; filename="{_name(file)}"\r\n'
            f"Content-Type: {media_type}\r\n\r\n"
        )
        parts += [head.encode(), content, b"\r\n"]
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def _name(given: str) -> str:
    """A name that cannot end its line nor its quotes (RFC 7578, section 2; as browsers escape it)."""
    return quote(given, safe=" !#$&'()*+,-./:;<=>?@[]^_`{|}~éèêëàâäùûüîïôöçÉÈÀÇ")
