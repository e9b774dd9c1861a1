"""The one edge where refusals and failures become answers: `application/problem+json` (RFC 9457) for machines.

`install(api)` gives a NinjaAPI the house's answers: a `Refused` says its sentence, a wrong value is told field by
field, a parameter nobody asked for is refused by name, and what was not foreseen tells nothing of the inside. Whatever
is left (unknown URL, wrong method, failure outside of the API) is translated by `kernel.middleware.problems`.
"""

import functools
import json
import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from .access import BY_OPERATION, admit, declared, declaring
from .errors import Refused, UnknownParameter

MEDIA_TYPE = "application/problem+json"
ALWAYS_KNOWN = frozenset({"lang"})
"""Parameters every operation accepts: `lang` is read by `kernel.middleware.language`."""

TITLES: Mapping[int, Any] = {
    400: gettext_lazy("Demande mal formée"),
    401: gettext_lazy("Connexion nécessaire"),
    403: gettext_lazy("Accès refusé"),
    404: gettext_lazy("Introuvable"),
    405: gettext_lazy("Méthode non permise"),
    406: gettext_lazy("Format indisponible"),
    409: gettext_lazy("Conflit avec un autre changement"),
    413: gettext_lazy("Demande trop grosse"),
    422: gettext_lazy("Valeur incorrecte"),
    429: gettext_lazy("Trop de demandes"),
    500: gettext_lazy("Erreur de notre côté"),
    503: gettext_lazy("Momentanément indisponible"),
}
SENTENCES: Mapping[int, Any] = {
    400: gettext_lazy("La demande est mal formée."),
    401: gettext_lazy("Il faut se connecter."),
    403: gettext_lazy("Cet accès n'est pas permis."),
    404: gettext_lazy("Il n'y a rien à cette adresse."),
    405: gettext_lazy("Cette adresse ne répond pas à cette méthode."),
    406: gettext_lazy("Ce contenu n'existe dans aucun des formats demandés."),
    413: gettext_lazy("La demande est trop grosse."),
    500: gettext_lazy("Une erreur imprévue est survenue ; elle est enregistrée sous l'identifiant de cette demande."),
    503: gettext_lazy("Le service est momentanément indisponible ; réessayez dans un instant."),
}
CODES: Mapping[int, str] = {404: "not-found", 405: "method-not-allowed", 422: "bad-input", 500: "unexpected"}

View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger("lacydon.problems")
security = structlog.get_logger("lacydon.security")
TOLD = frozenset({400, 401, 403, 413, 422, 429})
"""Refusals that may be somebody trying to get round a rule: each has a line of its own in the log."""


def for_machines(request: HttpRequest) -> bool:
    """Whether an error is told as problem+json: the API always, the catalogue unless a browser asks for a page."""
    if re.match(r"/api(/|$)", request.path):
        return True
    return request.path.startswith("/catalogue") and "text/html" not in request.headers.get("Accept", "")


def problem(
    request: HttpRequest,
    *,
    status: int,
    code: str | None = None,
    detail: Any = None,
    field: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A problem+json answer (RFC 9457, section 3); `facts` are added as extension members."""
    code = code or CODES.get(status, HTTPStatus(status).phrase.lower().replace(" ", "-"))
    tell_refusal(status=status, code=code)
    members: dict[str, Any] = {
        "type": f"urn:lacydon:problem:{code}",
        "title": TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail or SENTENCES.get(status, HTTPStatus(status).phrase),
        "code": code,
        "instance": getattr(request, "request_id", ""),
    }
    if field:
        members["field"] = field
    members |= {name: value for name, value in (facts or {}).items() if name not in members}
    body = json.dumps(members, ensure_ascii=False, cls=DjangoJSONEncoder)
    response = HttpResponse(body, status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def tell_refusal(*, status: int, code: str) -> None:
    """A line for those who watch: which rule refused, nothing of what was sent nor of who sent it."""
    if status in TOLD:
        security.warning("request.refused", status=status, code=code)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The answer to a refusal, with `Retry-After` when the refusal says how long to wait."""
    response = problem(
        request,
        status=refused.status,
        code=refused.code,
        detail=refused.sentence,
        field=refused.field,
        facts=refused.facts,
    )
    if "retry_after" in refused.facts:
        response["Retry-After"] = str(refused.facts["retry_after"])
    return response


def failure(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to what was not foreseen: nothing of the inside; the log has the rest under the request's id."""
    log.error("unexpected", request_id=getattr(request, "request_id", ""), exc_info=error)
    return problem(request, status=500)


def refuse_unknown_parameters(request: HttpRequest, *, known: Iterable[str]) -> None:
    """Raises UnknownParameter (400), naming the known ones, when the query string has a name nobody asked for."""
    names = sorted(set(known) | ALWAYS_KNOWN)
    for name in request.GET:
        if name not in names:
            sentence = _("« %(name)s » n'est pas un paramètre connu ici. Paramètres connus : %(known)s.")
            shown = {"name": name[:80], "known": ", ".join(names)}
            raise UnknownParameter(sentence % shown, field=name[:80], known=names)


def free_parameters(view: View) -> View:
    """Mark an operation whose parameters are not all declared; it then calls `refuse_unknown_parameters` itself."""
    view.free_parameters = True  # type: ignore[attr-defined]
    return view


def install(api: NinjaAPI) -> None:
    """Give `api` the house's answers; to be called before its URLs are read."""
    answer: Any = api.add_exception_handler  # its annotation asks handlers to accept classes of errors too
    answer(Refused, refusal)
    answer(ValidationError, _wrong_values)
    answer(HttpError, _http_error)
    answer(Http404, _not_found)
    answer(Exception, failure)
    api.add_decorator(_only_declared_parameters, mode="operation")
    api.add_decorator(_only_who_may, mode="operation")


def urls_of(api: NinjaAPI) -> Any:
    """The addresses of `api`, each declaring that its operations say to whom they are open (kernel.access)."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        if pattern.callback is not None:
            pattern.callback = declaring(pattern.callback, BY_OPERATION)
    return patterns, app, namespace


def _only_declared_parameters(view: Callable[..., Any]) -> Callable[..., Any]:
    operation = getattr(view, "_ninja_operation", None)
    if operation is None or getattr(view, "free_parameters", False):
        return view
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    known = {name for model in models for name in model.__ninja_flatten_map__}

    @functools.wraps(view)
    def strict(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        refuse_unknown_parameters(request, known=known)
        return view(request, *args, **kwargs)

    return strict


def _only_who_may(view: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that does not say to whom it is open stops the start."""
    action = declared(view)
    if action is None:
        raise TypeError(f"{view.__module__}.{view.__name__} needs @open_to_all or @needs: kernel.access")

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        admit(request, action)
        return view(request, *args, **kwargs)

    return guarded


def _not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(request, status=404)


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, status=error.status_code)


def _wrong_values(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with one sentence for each field: the first in `field`, all of them in `errors`."""
    errors = []
    for wrong in error.errors:
        places = [str(step) for step in wrong["loc"]]
        field = ".".join(places[1:]) or places[0]
        errors.append({"field": field, "code": wrong["type"], "sentence": sentence_for(wrong, field=field)})
    detail = " ".join(each["sentence"] for each in errors)
    return problem(request, status=422, detail=detail, field=errors[0]["field"], facts={"errors": errors})


_SHAPES: Mapping[str, Any] = {
    "missing": gettext_lazy("« %(field)s » est obligatoire."),
    "extra_forbidden": gettext_lazy("« %(field)s » n'est pas attendu ici."),
    "int": gettext_lazy("« %(field)s » doit être un nombre entier."),
    "float": gettext_lazy("« %(field)s » doit être un nombre."),
    "decimal": gettext_lazy("« %(field)s » doit être un nombre."),
    "finite": gettext_lazy("« %(field)s » doit être un nombre fini."),
    "bool": gettext_lazy("« %(field)s » doit être « true » ou « false »."),
    "date": gettext_lazy("« %(field)s » doit être une date comme 2026-01-31."),
    "datetime": gettext_lazy("« %(field)s » doit être une date et une heure comme 2026-01-31T14:30:00+01:00."),
    "uuid": gettext_lazy("« %(field)s » doit être un identifiant UUID."),
    "url": gettext_lazy("« %(field)s » doit être une adresse web."),
    "json": gettext_lazy("Le corps de la demande doit être du JSON bien formé."),
    "list": gettext_lazy("« %(field)s » doit être une liste."),
    "dict": gettext_lazy("« %(field)s » doit être un objet."),
    "model": gettext_lazy("« %(field)s » doit être un objet."),
    "string": gettext_lazy("« %(field)s » doit être un texte."),
    "literal_error": gettext_lazy("« %(field)s » doit être l'une de ces valeurs : %(expected)s."),
    "enum": gettext_lazy("« %(field)s » doit être l'une de ces valeurs : %(expected)s."),
    "greater_than_equal": gettext_lazy("« %(field)s » doit être au moins %(ge)s."),
    "greater_than": gettext_lazy("« %(field)s » doit être plus grand que %(gt)s."),
    "less_than_equal": gettext_lazy("« %(field)s » doit être au plus %(le)s."),
    "less_than": gettext_lazy("« %(field)s » doit être plus petit que %(lt)s."),
    "string_too_short": gettext_lazy("« %(field)s » doit avoir au moins %(min_length)s caractères."),
    "string_too_long": gettext_lazy("« %(field)s » doit avoir au plus %(max_length)s caractères."),
    "string_pattern_mismatch": gettext_lazy("« %(field)s » n'a pas la forme attendue."),
    "too_long": gettext_lazy("« %(field)s » a trop d'éléments : au plus %(max_length)s."),
}


def sentence_for(wrong: Mapping[str, Any], *, field: str) -> str:
    """A sentence a person can act on, for one difference told by pydantic (`type`, `ctx`)."""
    kind, context = wrong["type"], wrong.get("ctx", {})
    if kind in ("value_error", "assertion_error") and context.get("error"):
        return _("« %(field)s » : %(why)s.") % {"field": field, "why": str(context["error"]).rstrip(". ")}
    shape = _SHAPES.get(kind) or _SHAPES.get(kind.split("_")[0])
    return str(shape or gettext_lazy("« %(field)s » n'est pas valable.")) % {"field": field, **context}
