"""What machines look for at the root: robots.txt, sitemap.xml, favicon.ico."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from lacydon.capabilities.data import public as data
from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel import plugs
from lacydon.kernel.access import open_to_all

NOT_TO_CRAWL = ("results", "place")
"""Pages without end: one for each thing that can be typed."""

WORTH_FINDING = (
    "home", "services", "events", "who", "communes", "procedures", "report-something", "reports", "appointments",
    "datasets", "data-validate", "reuses", "figures", "agenda", "agenda-actions", "agenda-promises", "agenda-calendar",
    "agenda-map", "agenda-plans", "help", "accessibility", "legal",
)  # fmt: skip


@open_to_all
def robots(request: HttpRequest) -> HttpResponse:
    closed = [f"Disallow: {prefix}{reverse(name)}" for prefix in ("", "/en") for name in NOT_TO_CRAWL]
    lines = ["User-agent: *", *closed, f"Sitemap: {_base(request)}{reverse('sitemap-xml')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@open_to_all
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page worth finding, in both languages (https://www.sitemaps.org/protocol.html)."""
    base = _base(request)
    found = "".join(f"<url><loc>{escape(base + address)}</loc></url>" for address in _addresses())
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{found}</urlset>'
    )
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


@open_to_all
def favicon(_request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect(static("ui/favicon.svg"))


def _addresses() -> Iterator[str]:
    for lang in ("fr", "en"):
        with translation.override(lang):
            for name in WORTH_FINDING:
                yield reverse(name)
            for service in services.services():
                yield reverse("service", args=[service.id])
            for event in services.events():
                yield reverse("event", args=[event.id])
            for dataset in data.datasets():
                yield reverse("dataset", args=[dataset.id])
            for series in data.shown_series():
                yield reverse("data-series", args=[series])
            for _name, offer in plugs.pages_worth_finding.items():
                yield from offer()
            for commune in territory.communes():
                yield reverse("commune", kwargs={"code": commune.code, "slug": commune.slug})


def _base(request: HttpRequest) -> str:
    return str(settings.PUBLIC_URL) or request.build_absolute_uri("/").rstrip("/")
