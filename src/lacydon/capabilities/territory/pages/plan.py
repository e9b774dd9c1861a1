"""The plan of the streets as an image: anybody may keep it, it says nothing of who looks at it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.plans import View

from ..queries import plans

A_DAY = 86_400


def _mark(_request: HttpRequest, view: str) -> str | None:
    found = View.named(view)
    return f'"{found.name.replace(",", "_")}-{plans.plan_version()}"' if found else None  # a comma ends a mark


def _image(_request: HttpRequest, view: str) -> HttpResponse:
    found = View.named(view)
    if found is None:
        raise Http404
    answer = HttpResponse(plans.plan(found), content_type="image/svg+xml; charset=utf-8")
    answer["Cache-Control"] = f"public, max-age={A_DAY}"
    return answer


plan: Any = open_to_all(require_safe(condition(etag_func=_mark)(_image)))
"""`/plan/3/5.5702,43.2921.svg`: the zoom (0 to 4), the longitude and the latitude of the middle."""
