"""What search engines read of a sheet: schema.org GovernmentService, as a block of JSON-LD."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.texts import said

from ..queries import catalogue

ORGANISATIONS = {"operator": "Organization"}
INSIDE_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
"""As in Django's json_script: no end of element can be written inside."""


def government_service(
    service: catalogue.ServiceView,
    *,
    authority: territory.AuthorityView | None,
    place: territory.Place | None,
    address: str,
) -> SafeString:
    """A `<script type="application/ld+json">`: data, never executed, so the policy on scripts leaves it alone."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": address,
        "name": said(service.title),
        "description": said(service.summary),
        "url": address,
        "areaServed": {
            "@type": "AdministrativeArea",
            "name": place.commune.name if place else territory.territory_name(),
        },
        "audience": [{"@type": "Audience", "audienceType": each} for each in service.audience],
    }
    if authority:
        provider = {
            "@type": ORGANISATIONS.get(authority.kind, "GovernmentOrganization"),
            "name": said(authority.name),
        }
        if authority.siren:
            provider["identifier"] = authority.siren
        told["serviceOperator"] = told["provider"] = provider
    if service.output:
        told["serviceOutput"] = {"@type": "Thing", "name": said(service.output)}
    channels = [{"@type": "ServiceChannel", "serviceUrl": each["url"]} for each in service.channels if each.get("url")]
    if channels:
        told["availableChannel"] = channels
    if service.cost and service.cost.get("amount") is not None:
        told["offers"] = {"@type": "Offer", "price": service.cost["amount"], "priceCurrency": "EUR"}
    block = json.dumps(told, ensure_ascii=False, separators=(",", ":")).translate(INSIDE_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{block}</script>')  # noqa: S308 (escaped above)
