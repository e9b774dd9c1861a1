"""Pages of ours as files to keep: PDF/A-3 (ISO 19005-3), tagged, so that they are read and said aloud in ten years."""

import warnings
from typing import Any

import segno
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def printed(html: str) -> bytes:
    """A whole page (its language, title and style in it) as a PDF/A-3a; nothing is fetched."""
    from weasyprint import HTML  # heavy: only who asks for a paper pays for it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # its own colour profile is left open
        made: bytes = HTML(string=html, url_fetcher=_nothing).write_pdf(
            pdf_variant="pdf/a-3a", pdf_tags=True, custom_metadata=False, optimize_images=False
        )
    return made


def qr(address: str) -> SafeString:
    """The address as a drawing for telephones; its title is what a screen reader says of it."""
    told = _("Adresse de vérification, à lire avec un téléphone")
    return SafeString(segno.make(address, error="m").svg_inline(scale=4, border=2, title=told))


def _nothing(url: str, *_arguments: Any, **_named: Any) -> dict[str, Any]:
    raise ValueError(f"a paper fetches nothing: {url}")
