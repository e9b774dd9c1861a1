"""The request as one page of HTML that stands alone: to print, or to file away."""

from html import escape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lacydon.capabilities.requests.public import Parcel
from lacydon.kernel.clock import LOCAL


def sheet(parcel: Parcel) -> str:
    """The page; nothing in it is fetched from elsewhere."""
    opened = date_format(timezone.localtime(parcel.opened_at, LOCAL), "j F Y, H:i")
    rows = [
        (_("Numéro"), parcel.number),
        (_("Déposée le"), opened),
        (_("Démarche"), parcel.title),
        (_("Lieu"), parcel.address),
        *parcel.words,
        (_("Documents"), "\n".join(file.name for file in parcel.files)),
    ]
    told = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows if value
    )
    return (
        f"<!doctype html><html lang=fr><meta charset=utf-8><title>{escape(parcel.number)}</title>"
        "<style>body{font:1rem/1.5 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}"
        "th,td{text-align:left;vertical-align:top;padding:.4rem;border:1px solid #888;white-space:pre-wrap}</style>"
        f"<h1>{escape(parcel.title)}</h1><table>{told}</table></html>"
    )
