"""The HTML face of trust."""

from django.urls import path

from . import agents, local, sign_in, space

urlpatterns = [
    *local.urlpatterns,
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
]
