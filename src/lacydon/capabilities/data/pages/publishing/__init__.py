"""The pages of those who publish data: /agent/donnees."""

from django.urls import path

from . import checks, desk, files, versions

urlpatterns = [
    path("agent/donnees", desk.list_datasets, name="data-desk"),
    path("agent/donnees/nouveau", desk.describe, name="data-new"),
    path("agent/donnees/<slug:id>", desk.dataset, name="data-publish"),
    path("agent/donnees/<slug:id>/decrire", desk.describe, name="data-describe"),
    path("agent/donnees/<slug:id>/envoyer", files.send, name="data-send"),
    path("agent/donnees/<slug:id>/adresse", files.send_address, name="data-send-address"),
    path("agent/donnees/<slug:id>/cle", versions.make_key, name="data-key"),
    path("agent/donnees/<slug:id>/versions", versions.list_versions, name="data-versions"),
    path("agent/donnees/<slug:id>/versions/<int:number>/reprendre", versions.restore, name="data-restore"),
    path("agent/donnees/<slug:id>/fichiers/<uuid:arrival>", files.columns, name="data-columns"),
    path("agent/donnees/<slug:id>/fichiers/<uuid:arrival>/lire", files.read_again, name="data-read-again"),
    path("agent/donnees/<slug:id>/fichiers/<uuid:arrival>/apercu", files.preview, name="data-preview"),
    path("agent/donnees/<slug:id>/fichiers/<uuid:arrival>/rapport", checks.report, name="data-arrival-report"),
    path("agent/donnees/<slug:id>/fichiers/<uuid:arrival>/copie", checks.copy, name="data-arrival-copy"),
    path("agent/donnees/<slug:id>/fichiers/<uuid:arrival>/rapport.json", checks.as_json, name="data-arrival-json"),
    path("agent/donnees/<slug:id>/fichiers/<uuid:arrival>/abandonner", files.drop, name="data-drop"),
]
