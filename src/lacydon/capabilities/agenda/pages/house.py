"""Pages that only the house that keeps the agenda opens: a role held in a commune opens what that commune keeps."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from lacydon.kernel.access import needs

from ..queries.chart import chart
from ..queries.writing.rights import check_of_house

View = Callable[..., HttpResponse]


def needs_in_the_house(action: str) -> Callable[[View], View]:
    """As `kernel.access.needs`, for this permission in the organisation whose agenda it is."""

    def mark(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            check_of_house(request.actor, chart(), action)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return needs(action)(checked)

    return mark
