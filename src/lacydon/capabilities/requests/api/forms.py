"""`/api/v1/forms`: the forms that can be filled in, and the JSON Schema of the answers to each."""

import json
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router

from lacydon.kernel.access import open_to_all
from lacydon.kernel.forms import json_schema
from lacydon.kernel.texts import said

from ..queries import forms

router = Router(tags=["forms"])
MEDIA_TYPE = "application/schema+json"


def _schema_url(request: HttpRequest, id: str) -> str:
    return f"{settings.PUBLIC_URL or request.build_absolute_uri('/').rstrip('/')}/api/v1/forms/{id}/schema"


@router.get("", summary="Forms that can be filled in, all or those of a service at a commune")
@open_to_all
def list_forms(
    request: HttpRequest, service: str | None = None, citycode: str | None = None, lang: Literal["fr", "en"] = "fr"
) -> dict[str, Any]:
    if service is None:
        found = [
            each
            for each in forms.published_forms().values()
            if citycode is None or not each.form.communes or citycode in each.form.communes
        ]
    else:
        found = forms.forms_of_service(service, citycode=citycode)
    return {
        "count": len(found),
        "results": [
            {
                "id": each.form.id,
                "version": each.version.number,
                "title": said(each.form.title, lang=lang),
                "service": each.form.service,
                "kind": each.form.kind,
                "who": each.form.who,
                "duration": each.form.duration or None,
                "communes": list(each.form.communes),
                "schema": _schema_url(request, each.form.id),
            }
            for each in found
        ],
    }


@router.get("/{id}/schema", summary="JSON Schema 2020-12 of the answers to a form")
@open_to_all
def schema(request: HttpRequest, id: str, lang: Literal["fr", "en"] = "fr") -> HttpResponse:
    form = forms.published_form(id).form
    told = json_schema(form, lang=lang, address=_schema_url(request, id))
    return HttpResponse(json.dumps(told, ensure_ascii=False), content_type=MEDIA_TYPE)
