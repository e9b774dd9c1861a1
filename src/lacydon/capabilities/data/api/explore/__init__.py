"""The Explore API 2.1, as published by Opendatasoft, over our datasets: existing clients need no change.

Under `/api/explore/v2.1/catalog`: `/datasets[/{id}[/records[/{rid}]|/facets|/attachments|/exports[/{format}]]]`,
`/facets`, `/exports/{format}`. A refusal is a problem (RFC 9457) that also has the `error_code` and `message` these
clients read. An API key is accepted and not needed: what is open is open to all.
"""

from django.urls import path

from .answering import ROOT
from .catalogue import (
    attachments,
    catalogue,
    catalogue_export,
    catalogue_facets,
    dataset,
    export,
    exports,
)
from .records import facets, record, records

VIEWS = (
    ("datasets", catalogue),
    ("facets", catalogue_facets),
    ("exports", exports),
    ("exports/<slug:format>", catalogue_export),
    ("datasets/<slug:id>", dataset),
    ("datasets/<slug:id>/records", records),
    ("datasets/<slug:id>/records/<int:rid>", record),
    ("datasets/<slug:id>/facets", facets),
    ("datasets/<slug:id>/attachments", attachments),
    ("datasets/<slug:id>/exports", exports),
    ("datasets/<slug:id>/exports/<slug:format>", export),
)
urlpatterns = [path(f"{ROOT}/{address}{end}", view) for address, view in VIEWS for end in ("", "/")]
"""With a slash at the end as well: the client of Opendatasoft always writes one."""
