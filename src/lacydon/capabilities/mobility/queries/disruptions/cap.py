"""A disruption as a message of the Common Alerting Protocol 1.2 (OASIS Standard, 1 July 2010)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import site
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.texts import said

from ..live.alerts import Severity
from .views import DisruptionView
from .words import CAUSES, EFFECTS

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SEVERITY = {Severity.SEVERE: "Severe", Severity.WARNING: "Moderate", Severity.INFO: "Minor"}
LANGUAGES = dict(fr="fr-FR", en="en-GB")  # noqa: C408
"""As RFC 3066 has them: names of languages, not words in two of them."""
IMMEDIATE = timedelta(hours=1)


def cap(view: DisruptionView, when: datetime | None = None) -> bytes:
    """One message, in each language in which it is written."""
    when = when or now()
    over, withdrawn = view.over(when), view.state == "withdrawn"
    alert = Element("alert", xmlns=NAMESPACE)
    _put(alert, "identifier", identifier(view))
    _put(alert, "sender", sender())
    _put(alert, "sent", _time(view.changed_at))
    _put(alert, "status", "Actual")
    _put(alert, "msgType", "Cancel" if over or withdrawn else "Update" if view.revision > 1 else "Alert")
    _put(alert, "scope", "Public")
    if view.revision > 1 or over or withdrawn:
        first = view.published_at or view.made_at
        _put(alert, "references", f"{sender()},{identifier(view, revision=1)},{_time(first)}")
    written = {lang for lang in LANGUAGES if view.title.get(lang)} | {"fr"}
    for lang in sorted(written, reverse=True):
        with translation.override(lang):
            _info(alert, view, lang, when)
    body: bytes = tostring(alert, encoding="utf-8", xml_declaration=True)
    return body


def identifier(view: DisruptionView, *, revision: int = 0) -> str:
    """No spaces, commas nor signs of XML: section 3.2.1."""
    return f"disruption-{view.id}-{revision or view.revision}"


def sender() -> str:
    return urlsplit(site.address()).hostname or "localhost"


def _info(alert: Element, view: DisruptionView, lang: str, when: datetime) -> None:
    running, over = view.running(when), view.over(when) or view.state == "withdrawn"
    info = SubElement(alert, "info")
    _put(info, "language", LANGUAGES[lang])
    _put(info, "category", "Transport")
    _put(info, "event", str(EFFECTS[view.effect]))
    _put(info, "responseType", "AllClear" if over else "Avoid" if view.is_severe else "Monitor")
    begins = view.begins_at
    soon = begins is not None and begins <= when + IMMEDIATE
    _put(info, "urgency", "Past" if over else "Immediate" if running else "Expected" if soon else "Future")
    _put(info, "severity", SEVERITY.get(view.severity, "Unknown"))
    _put(info, "certainty", "Observed" if running and not over else "Likely")
    _put(info, "effective", _time(view.published_at or view.made_at))
    if begins:
        _put(info, "onset", _time(begins))
    if view.ends_at:
        _put(info, "expires", _time(view.ends_at))
    _put(info, "senderName", ", ".join(view.sources) or territory.territory_name())
    _put(info, "headline", said(view.title)[:160])
    if view.text:
        _put(info, "description", said(view.text))
    prefix = "" if lang == settings.LANGUAGE_CODE[:2] else f"/{lang}"
    _put(info, "web", f"{site.address()}{prefix}/transports/perturbations/{view.id}")
    for name, value in _parameters(view):
        parameter = SubElement(info, "parameter")
        _put(parameter, "valueName", name)
        _put(parameter, "value", value)
    _areas(info, view)


def _areas(info: Element, view: DisruptionView) -> None:
    area = SubElement(info, "area")
    named = ", ".join(each.name for each in view.communes if each.name)
    _put(area, "areaDesc", named or territory.territory_name() or _("Tout le réseau"))
    for each in view.communes:
        code = SubElement(area, "geocode")
        _put(code, "valueName", "INSEE")
        _put(code, "value", each.ref)


def _parameters(view: DisruptionView) -> Iterable[tuple[str, str]]:
    yield "cause", str(CAUSES[view.cause])
    for each in view.routes:
        yield "route_id", each.ref
    for each in view.places:
        yield "place", each.ref
    for each in view.stops:
        yield "stop_id", each.ref


def _put(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = "".join(sign for sign in text if sign >= " " or sign in "\n\t")


def _time(moment: datetime) -> str:
    """Section 3.2.1: seconds, and an offset that is never « Z »."""
    return moment.astimezone(LOCAL).replace(microsecond=0).isoformat()
