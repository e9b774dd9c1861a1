"""A request as a CSV file, and what came back as one: pure."""

import csv
import io
import re
from typing import Final

from lacydon.capabilities.requests.public import News, Parcel, Status
from lacydon.kernel.http import OutsideUnavailable

FORMULA: Final = re.compile(r"^[\s]*[=+\-@]")
NUMBER: Final = re.compile(r"^[+-]?[\d\s.,]+$")
RETURNED: Final = {
    "received": ("received", ""),
    "in-progress": ("in-progress", ""),
    "waiting": ("waiting", ""),
    "solved": ("closed", "solved"),
    "unsolved": ("closed", "unsolved"),
    "accepted": ("closed", "accepted"),
    "partly": ("closed", "partly"),
    "refused": ("closed", "refused"),
    "duplicate": ("closed", "duplicate"),
}
"""What may stand in the column `state` of a file that comes back."""


def table(parcel: Parcel, *, files: list[str], delimiter: str) -> bytes:
    """Two lines, the names and the values, in UTF-8 with its mark, as spreadsheets and imports of France expect
    them."""
    contact = parcel.contact
    columns = [
        ("number", parcel.number),
        ("opened_at", parcel.opened_at.isoformat()),
        ("form", parcel.form),
        ("service", parcel.service),
        ("title", parcel.title),
        ("authority", parcel.authority),
        ("citycode", parcel.citycode),
        ("address", parcel.address),
        ("lon", "" if parcel.lon is None else f"{parcel.lon:.6f}"),
        ("lat", "" if parcel.lat is None else f"{parcel.lat:.6f}"),
        ("description", parcel.description),
        ("given_name", contact.given_name if contact else ""),
        ("family_name", contact.family_name if contact else ""),
        ("email", contact.email if contact else ""),
        ("phone", contact.phone if contact else ""),
        ("files", " ".join(files)),
        ("return_page", parcel.back.page),
        *parcel.words,
    ]
    return _written(columns, delimiter)


def news_table(parcel: Parcel, news: News, *, files: list[str], delimiter: str) -> bytes:
    """The same for what the resident did since."""
    columns = [
        ("number", parcel.number),
        ("kind", news.kind),
        ("at", news.at.isoformat()),
        ("message", news.words),
        ("files", " ".join(files)),
    ]
    return _written(columns, delimiter)


def _written(columns: list[tuple[str, str]], delimiter: str) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(name) for name, _value in columns])
    writer.writerow([harmless(value) for _name, value in columns])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def harmless(value: str) -> str:
    """The same text, that no spreadsheet takes for a formula; numbers and telephones are left alone."""
    return f"'{value}" if FORMULA.match(value) and not NUMBER.match(value) else value


def parse_return(content: bytes) -> Status:
    """What a file with the columns `state` and `message` says. Raises OutsideUnavailable when it is another."""
    text = content.decode("utf-8-sig", errors="replace")
    first = text.partition("\n")[0]
    try:
        row = next(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ","), None)
    except csv.Error:
        row = None
    state = RETURNED.get(str((row or {}).get("state", "")).strip().lower())
    if row is None or state is None:
        raise OutsideUnavailable(f"state: {', '.join(RETURNED)}")
    message = row.get("message")
    words = message.strip()[:4_000] if isinstance(message, str) else ""
    return Status(state=state[0], outcome=state[1], words=words)  # type: ignore[arg-type]
