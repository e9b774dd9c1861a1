"""Filling in a procedure: chosen, begun, put aside, read again, sent once, proven."""

from django.urls import path

from . import plans, questions, resuming, sending, start, uploads, verifying

urlpatterns = [
    path("demarches", start.procedures, name="procedures"),
    path("demarches/<slug:form>", start.procedure, name="procedure"),
    path("demarches/<slug:form>/commencer", questions.begin, name="procedure-begin"),
    path("demarches/<slug:form>/ici", plans.spot, name="procedure-spot"),
    path("brouillons/<slug:draft>", resuming.resume, name="draft"),
    path("brouillons/<slug:draft>/questions/<slug:page>", questions.question, name="draft-page"),
    path("brouillons/<slug:draft>/verifier", sending.summary, name="draft-summary"),
    path("brouillons/<slug:draft>/envoyer", sending.send, name="draft-send"),
    path("brouillons/<slug:draft>/recu", sending.receipt, name="draft-receipt"),
    path("brouillons/<slug:draft>/recepisse.pdf", sending.receipt_pdf, name="draft-receipt-pdf"),
    path("brouillons/<slug:draft>/lien", resuming.link, name="draft-link"),
    path("brouillons/<slug:draft>/lieu", resuming.place, name="draft-place"),
    path("brouillons/<slug:draft>/effacer", resuming.discard, name="draft-discard"),
    path("brouillons/<slug:draft>/reprendre", resuming.adopt, name="draft-adopt"),
    path("brouillons/<slug:draft>/fichiers", uploads.announce, name="draft-uploads"),
    path("brouillons/<slug:draft>/fichiers/<uuid:id>", uploads.upload, name="draft-upload"),
    path("brouillons/<slug:draft>/fichiers/<uuid:id>/contenu", uploads.download, name="draft-file"),
    path("verifier", verifying.ask, name="verify-receipt"),
    path("verifier/<slug:code>", verifying.verify, name="verify"),
]
