"""The HTML face of trust."""

from django.urls import path

from . import agents, help, journal, local, mandates, sign_in, space, stop

for_machines = [
    path("journal/checkpoint", journal.checkpoint, name="journal-checkpoint"),
    path("journal/key", journal.key, name="journal-key"),
    path("journal/tile/<path:path>", journal.tile, name="journal-tile"),
]
urlpatterns = [
    *local.urlpatterns,
    path("journal", journal.about, name="journal"),
    path("connexion", sign_in.sign_in, name="sign-in"),
    path("connexion/<slug:provider>/depart", sign_in.begin, name="sign-in-begin"),
    path("connexion/<slug:provider>/retour", sign_in.come_back, name="sign-in-return"),
    path("deconnexion", sign_in.sign_out, name="sign-out"),
    path("deconnexion/retour", sign_in.signed_out, name="signed-out"),
    path("mon-espace", space.space, name="space"),
    path("mon-espace/identites", space.identities, name="space-identities"),
    path("mon-espace/identites/<int:id>/defaire", space.unlink, name="space-identity-unlink"),
    path("agent", agents.desk, name="agent"),
    path("agent/organisme", agents.organisation, name="agent-organisation"),
    path("agent/equipe", agents.team, name="agent-team"),
    path("agent/equipe/<int:membership>/role", agents.change_role, name="agent-role"),
    path("agent/equipe/<int:membership>/retirer", agents.end_membership, name="agent-leave"),
    path("mon-espace/mandats", mandates.mandates, name="mandates"),
    path("mon-espace/mandats/nouveau", mandates.place, name="mandate-place"),
    path("mon-espace/mandats/nouveau/<slug:body>", mandates.new, name="mandate-new"),
    path("mon-espace/mandats/code", mandates.confirm, name="mandate-code"),
    path("mon-espace/mandats/declarer/<slug:kind>", mandates.declare, name="mandate-declare"),
    path("mon-espace/mandats/<str:reference>", mandates.one, name="mandate"),
    path("mon-espace/mandats/<str:reference>/lire", mandates.read, name="mandate-read"),
    path("mon-espace/mandats/<str:reference>/arreter", mandates.revoke, name="mandate-revoke"),
    path("mon-espace/mandats/<str:reference>/contester", mandates.contest, name="mandate-contest"),
    path("mandats/<str:reference>/prendre", mandates.take, name="mandate-take"),
    path("mandats/<str:reference>/renoncer", mandates.renounce, name="mandate-renounce"),
    path("mandats/rendre", mandates.hand_back, name="mandate-hand-back"),
    path("mandats/fini", mandates.over, name="mandate-over"),
    path("mandats/stop", stop.ask, name="mandate-stop-ask"),
    path("mandats/stop/<str:code>", stop.stop, name="mandate-stop"),
    path("agent/aide", help.desk, name="helping"),
    path("agent/aide/preparer", help.prepare, name="help-prepare"),
    path("agent/aide/guichet", help.counter, name="help-counter"),
    path("agent/aide/<str:reference>", help.one, name="help-one"),
    path("agent/aide/<str:reference>/code", help.confirm, name="help-confirm"),
    path("agent/aide/<str:reference>/temoin", help.witness, name="help-witness"),
    path("agent/mandats-a-verifier", help.checks, name="checks"),
    path("agent/mandats-a-verifier/<str:reference>", help.check, name="check"),
]
