"""What search engines read of a dataset: schema.org Dataset, as a block of JSON-LD."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.texts import said

from ..queries import addresses
from ..queries.datasets import DatasetView
from ..queries.vocabularies import LICENCES, THEMES, format_named

INSIDE_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
"""As in Django's json_script: no end of element can be written inside."""


def dataset_block(dataset: DatasetView, *, base: str) -> SafeString:
    """A `<script type="application/ld+json">`: data, never executed, so the policy on scripts leaves it alone."""
    address = f"{base}{addresses.page_of(dataset.id)}"
    licence = LICENCES.get(dataset.licence)
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "identifier": dataset.id,
        "name": said(dataset.title),
        "description": said(dataset.description)[:5000],
        "keywords": [*dataset.keywords, *(said(THEMES[code].label) for code in dataset.themes if code in THEMES)],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": said(dataset.organisation_name) or dataset.organisation},
        "spatialCoverage": _places(dataset),
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{base}/donnees"},
    }
    if licence and licence.page:
        told["license"] = licence.page
    if dataset.issued:
        told["datePublished"] = dataset.issued.isoformat()
    if dataset.modified:
        told["dateModified"] = dataset.modified.isoformat()
    if dataset.starts_on or dataset.ends_on:
        told["temporalCoverage"] = f"{dataset.starts_on or '..'}/{dataset.ends_on or '..'}"
    if dataset.version:
        told["version"] = str(dataset.version.number)
        told["variableMeasured"] = [
            {"@type": "PropertyValue", "name": each.label, "description": each.description} for each in dataset.columns
        ]
    downloads = [
        {"@type": "DataDownload", "encodingFormat": each.format.media_type, "contentUrl": f"{base}{each.path}"}
        for each in (addresses.exports(dataset) if dataset.open else ())
    ]
    for each in dataset.distributions:
        known = format_named(each.format)
        downloads.append(
            {
                "@type": "DataDownload",
                "name": each.title,
                "encodingFormat": each.media_type or (known.media_type if known else "") or each.format,
                "contentUrl": each.download_url or each.access_url,
            }
        )
    if downloads:
        told["distribution"] = downloads
    block = json.dumps(told, ensure_ascii=False, separators=(",", ":")).translate(INSIDE_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{block}</script>')  # noqa: S308 (escaped above)


def _places(dataset: DatasetView) -> list[dict[str, str]]:
    names = [each.name for each in territory.communes() if each.code in dataset.coverage]
    return [{"@type": "Place", "name": each} for each in names or [territory.territory_name()]]
