"""For those who watch: /healthz (the process is alive), /readyz (it can answer residents), /metrics."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import jobs, metrics
from .access import open_to_all
from .plugs import readiness


@open_to_all
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "alive"})


@open_to_all
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and every `readiness` plug is content; else 503 and what is missing."""
    missing = missing_to_answer()
    if missing:
        return JsonResponse({"status": "not-ready", "missing": missing}, status=503)
    return JsonResponse({"status": "ready"})


@open_to_all
@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(metrics.exposition(), content_type=metrics.MEDIA_TYPE)


def missing_to_answer() -> list[dict[str, str]]:
    """What is missing, each with who says so and a sentence; empty when all is well."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return [{"part": "database", "sentence": _("La base de données ne répond pas.")}]
    if not _tables_are_ready():
        return [{"part": "tables", "sentence": _("Les tables ne sont pas à jour : lancez « lacydon migrate ».")}]
    missing = []
    for name, ask in readiness.items():
        try:
            sentence = ask()
        except DatabaseError:
            sentence = _("Les tables ne sont pas prêtes : lancez « lacydon migrate ».")
        if sentence:
            missing.append({"part": name, "sentence": str(sentence)})
    return missing


_seen_ready = False


def _tables_are_ready() -> bool:
    """Whether every migration of this code was applied; once true, it stays so for the life of the process."""
    global _seen_ready
    if not _seen_ready:
        executor = MigrationExecutor(connection)
        _seen_ready = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _seen_ready


metrics.asked_at_each_reading.append(jobs.figures)

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
]
