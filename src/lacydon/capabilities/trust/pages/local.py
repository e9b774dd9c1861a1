"""Addresses of the local accounts: entering by e-mail, passphrase or passkey; security and contact points of one's own.

They come before those of the providers, whose names stand at the same place (/connexion/…).
"""

from django.urls import path

from . import again, contacts, demonstration, email_link, factors, passkeys, passphrase, security, strengthening

urlpatterns = [
    path("connexion/courriel", email_link.ask, name="email-sign-in"),
    path("connexion/courriel/envoye", email_link.sent, name="email-sent"),
    path("connexion/courriel/<str:token>", email_link.follow, name="email-link"),
    path("connexion/phrase", passphrase.enter, name="passphrase-sign-in"),
    path("connexion/code", strengthening.second_factor, name="second-factor"),
    path("connexion/cle", passkeys.enter, name="passkey-sign-in"),
    path("connexion/encore", again.sign_in_again, name="sign-in-again"),
    path("connexion/renforcer", strengthening.strengthen, name="strengthen"),
    path("demonstration/courriel/<uuid:letter>", demonstration.letter, name="demonstration-letter"),
    path("mon-espace/securite", security.security, name="security"),
    path("mon-espace/securite/courriel", email_link.add, name="security-email"),
    path("mon-espace/securite/courriel/<str:token>", email_link.confirm_added, name="security-email-confirm"),
    path("mon-espace/securite/phrase", passphrase.change, name="security-passphrase"),
    path("mon-espace/securite/phrase/retirer", passphrase.remove, name="security-passphrase-remove"),
    path("mon-espace/securite/application", factors.authenticator, name="security-authenticator"),
    path("mon-espace/securite/application/retirer", factors.remove_authenticator, name="security-authenticator-remove"),
    path("mon-espace/securite/cles/nouvelle", passkeys.add, name="security-passkey"),
    path("mon-espace/securite/cles/<int:passkey>/retirer", passkeys.remove, name="security-passkey-remove"),
    path("mon-espace/securite/secours", factors.recovery_codes, name="security-recovery"),
    path("mon-espace/securite/appareils/deconnecter", security.end, name="security-session-end"),
    path("mon-espace/coordonnees", contacts.contacts, name="contacts"),
    path("mon-espace/coordonnees/courriel", contacts.change_email, name="contact-email"),
    path("mon-espace/coordonnees/courriel/annuler", contacts.cancel_email, name="contact-email-cancel"),
    path("mon-espace/coordonnees/courriel/<str:token>", contacts.confirm_email, name="contact-email-confirm"),
    path("mon-espace/coordonnees/telephone", contacts.change_phone, name="contact-phone"),
    path("mon-espace/coordonnees/adresse", contacts.change_postal, name="contact-postal"),
    path("coordonnees/annuler/<str:token>", contacts.cancel_by_link, name="contact-cancel-link"),
]
