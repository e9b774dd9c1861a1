"""Pages of handing over: for machines, for a town hall without an account, for agents."""

from django.urls import path

from . import answering, desk, machines

for_machines = [
    path("livraisons/retour/<uuid:id>", machines.callback, name="delivery-callback"),
    path("livraisons/pieces/<uuid:id>/<uuid:attachment>/<slug:token>", machines.file, name="delivery-file"),
]
urlpatterns = [
    path("livraisons/reponse/<uuid:id>/<slug:token>", answering.answer, name="delivery-answer"),
    path("agent/livraisons", desk.deliveries, name="deliveries"),
    path("agent/livraisons/rejouer", desk.replay_all, name="deliveries-replay"),
    path("agent/livraisons/<uuid:id>/rejouer", desk.replay, name="delivery-replay"),
    path("agent/livraisons/<uuid:id>/garder", desk.keep, name="delivery-keep"),
    path("agent/livraisons/destinations/<slug:route>", desk.check, name="delivery-check"),
]
