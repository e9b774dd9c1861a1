"""The agents' desk: their organisation's queue, a request with the acts beside it, many at once, how the work goes."""

from django.urls import path

from . import acts, board, bulk, file, kept, queue

urlpatterns = [
    path("agent/demandes", queue.queue, name="desk-queue"),
    path("agent/demandes/export", queue.export, name="desk-export"),
    path("agent/demandes/lot", bulk.prepare, name="desk-bulk"),
    path("agent/demandes/lots/<uuid:id>", bulk.one, name="desk-bulk-one"),
    path("agent/demandes/vues", kept.views, name="desk-views"),
    path("agent/demandes/reponses", kept.answers, name="desk-answers"),
    path("agent/demandes/<str:number>", file.show_file, name="desk-request"),
    path("agent/demandes/<str:number>/pieces/<uuid:attachment>", file.attachment, name="desk-attachment"),
    path("agent/demandes/<str:number>/<slug:act>", acts.act, name="desk-act"),
    path("agent/tableau", board.board, name="desk-board"),
    path("agent/tableau/point", board.choose_digest, name="desk-digest"),
]
