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

urlpatterns = [
    path(f"{ROOT}/datasets", catalogue),
    path(f"{ROOT}/facets", catalogue_facets),
    path(f"{ROOT}/exports", exports),
    path(f"{ROOT}/exports/<slug:format>", catalogue_export),
    path(f"{ROOT}/datasets/<slug:id>", dataset),
    path(f"{ROOT}/datasets/<slug:id>/records", records),
    path(f"{ROOT}/datasets/<slug:id>/records/<int:rid>", record),
    path(f"{ROOT}/datasets/<slug:id>/facets", facets),
    path(f"{ROOT}/datasets/<slug:id>/attachments", attachments),
    path(f"{ROOT}/datasets/<slug:id>/exports", exports),
    path(f"{ROOT}/datasets/<slug:id>/exports/<slug:format>", export),
]
