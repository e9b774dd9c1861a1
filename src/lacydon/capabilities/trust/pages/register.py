"""What anybody may read: the register of processing activities, and how trust is earned here."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import signing
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import NotFound
from lacydon.kernel.ui.shell import page

from ..queries import figures
from ..queries.words import activities, purposes

MEMBERS = ("id", "name", "purpose", "legal_basis", "people", "data", "recipients", "retention", "security")


@open_to_all
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """GDPR art. 30, as pages: what is done, then one page for each."""
    title = _("Registre des traitements")
    context = {
        "title": title,
        "activities": [each for _name, each in activities()],
        "purposes": purposes().values(),
        "editor": settings.PUBLISHER,
        "contact": settings.CONTACT,
    }
    return HttpResponse(page("trust/register.html", context, address=request.get_full_path(), title=title))


@open_to_all
@require_safe
def activity(request: HttpRequest, activity: str) -> HttpResponse:
    """One processing activity, with all that article 30 asks."""
    found = next((each for _name, each in activities() if each.id == activity), None)
    if found is None:
        raise NotFound(_("Le registre n’a pas ce traitement."))
    context = {"title": str(found.name), "each": found}
    return HttpResponse(page("trust/activity.html", context, address=request.get_full_path(), title=context["title"]))


@open_to_all
@require_safe
def register_json(_request: HttpRequest) -> JsonResponse:
    """The same for machines."""
    told = {
        "controller": {"name": settings.PUBLISHER, "contact": settings.CONTACT},
        "activities": [
            {member: str(getattr(each, member)) for member in MEMBERS} | {"capability": name, "fields": each.fields}
            for name, each in activities()
        ],
        "purposes": [
            {"id": each.id, "words": str(each.words), "ground": each.ground, "law": str(each.law)}
            for each in purposes().values()
        ],
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})


@open_to_all
@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """In plain words: what is kept, who sees it, how to verify."""
    title = _("Pourquoi nous faire confiance")
    context = {"title": title, "figures": figures.figures(), "public_key": signing.public_key()}
    return HttpResponse(page("trust/trust.html", context, address=request.get_full_path(), title=title))
