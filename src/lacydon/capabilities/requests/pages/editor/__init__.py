"""The pages of those who write forms: /agent/formulaires."""

from django.urls import path

from . import previews, texts, versions

urlpatterns = [
    path("agent/formulaires", texts.list_forms, name="forms"),
    path("agent/formulaires/<slug:form>", texts.edit, name="form-edit"),
    path("agent/formulaires/<slug:form>/fautes", texts.faults, name="form-faults"),
    path("agent/formulaires/<slug:form>/versions", versions.list_versions, name="form-versions"),
    path("agent/formulaires/<slug:form>/versions/<int:number>", versions.one, name="form-version"),
    path("agent/formulaires/<slug:form>/versions/<int:number>/apercu", previews.preview, name="form-preview"),
]
