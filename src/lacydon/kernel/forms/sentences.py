"""What is said beside a field whose answer does not suit: what to do, in one sentence, in the visitor's language."""

from collections.abc import Mapping

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.kernel.texts import said

from .conditions import day
from .definition import NUMBERS, Field

CODES: Mapping[str, tuple[str, ...]] = {
    "text": ("too_long", "too_short"),
    "longtext": ("too_long", "too_short"),
    "number": ("too_low", "too_high", "too_precise"),
    "money": ("too_low", "too_high", "too_precise"),
    "date": ("too_early", "too_late"),
    "choices": ("too_few", "too_many"),
    "address": ("too_long",),
    "place": ("too_long",),
    "commune": ("elsewhere",),
    "file": ("too_many",),
    "group": ("too_few", "too_many"),
    "signature": ("too_long", "unsigned"),
}
"""The codes of `cleaning.Unfit` for a type, besides "required" and "wrong"."""


def codes(field: Field) -> tuple[str, ...]:
    """Every code that an answer to this field may meet."""
    return ("required", "wrong", *CODES.get(field.type, ()))


def sentence(field: Field, code: str) -> str:
    """What to tell. The form's own `message` stands for all but an empty answer."""
    if field.message and code != "required":
        return said(field.message)
    if code == "required":
        return _required(field.type)
    if code == "wrong":
        return _wrong(field)
    return _bound(field, code)


def unknown() -> str:
    """About an answer to what the form does not ask."""
    return _("Ce formulaire ne pose pas cette question : la réponse n’est pas gardée.")


def _required(type: str) -> str:
    match type:
        case "choice" | "choices" | "yesno":
            return _("Choisissez une réponse.")
        case "date":
            return _("Indiquez une date.")
        case "number" | "money":
            return _("Indiquez un nombre.")
        case "file":
            return _("Joignez un document.")
        case "consent":
            return _("Cochez cette case pour continuer.")
        case "signature":
            return _("Écrivez votre nom et cochez la case pour signer.")
        case "place":
            return _("Indiquez le lieu : un point sur la carte, ou une adresse.")
        case "commune":
            return _("Choisissez une commune.")
        case "address":
            return _("Indiquez une adresse.")
        case "group":
            return _("Ajoutez au moins une ligne.")
    return _("Remplissez ce champ.")


def _wrong(field: Field) -> str:
    match field.type:
        case "text":
            return _("Cette réponse n’est pas de la forme attendue : vérifiez-la.")
        case "email":
            return _("Écrivez une adresse électronique complète, comme nom@exemple.fr.")
        case "phone":
            return _("Écrivez un numéro de téléphone complet, comme 06 12 34 56 78 ou +33 6 12 34 56 78.")
        case "number":
            return _("Écrivez un nombre en chiffres, comme 12 ou 12,5.")
        case "money":
            return _("Écrivez un montant en euros, comme 12 ou 12,50.")
        case "date":
            return _("Écrivez une date qui existe : jour, mois, année, comme 31/12/2020.")
        case "choice" | "choices" | "yesno" | "consent":
            return _("Choisissez parmi les réponses proposées.")
        case "iban":
            return _("Cet IBAN n’est pas valable : recopiez-le du relevé d’identité bancaire, sans rien omettre.")
        case "siret":
            return _("Ce SIRET n’est pas valable : il a 14 chiffres.")
        case "address":
            return _("Cette adresse n’a pas pu être lue : choisissez-la de nouveau.")
        case "place":
            return _("Ce lieu n’a pas pu être lu : indiquez-le de nouveau.")
        case "commune":
            return _("Choisissez une commune dans la liste.")
        case "file":
            return _("Ce document n’a pas été reçu : joignez-le de nouveau.")
        case "signature":
            return _("Cette signature n’a pas pu être lue : signez de nouveau.")
    return _("Cette réponse n’a pas pu être lue : répondez de nouveau.")


def _bound(field: Field, code: str) -> str:
    match code:
        case "too_long":
            most = field.max_length or 200
            return ngettext("Écrivez %d caractère au plus.", "Écrivez %d caractères au plus.", most) % most
        case "too_short":
            least = field.min_length
            return ngettext("Écrivez au moins %d caractère.", "Écrivez au moins %d caractères.", least) % least
        case "too_low":
            return _("Indiquez %s ou plus.") % _amount(field, field.min)
        case "too_high":
            return _("Indiquez %s ou moins.") % _amount(field, field.max)
        case "too_precise":
            most = 2 if field.type == "money" else field.decimals or 0
            if not most:
                return _("Indiquez un nombre entier.")
            return ngettext("Écrivez %d décimale au plus.", "Écrivez %d décimales au plus.", most) % most
        case "too_late":
            if field.before == "today":
                return _("Indiquez une date passée.")
            return _("Indiquez une date avant le %s.") % date_format(day(field.before))
        case "too_early":
            if field.after == "today":
                return _("Indiquez une date à venir.")
            return _("Indiquez une date après le %s.") % date_format(day(field.after))
        case "unsigned":
            return _("Écrivez votre nom et cochez la case pour signer.")
        case "elsewhere":
            return _("Choisissez une commune du territoire.")
    return _count(field, code)


def _count(field: Field, code: str) -> str:
    few = code == "too_few"
    count = field.least if few else field.most
    match field.type, few:
        case "file", _few:
            return ngettext("Joignez %d document au plus.", "Joignez %d documents au plus.", count) % count
        case "choices", True:
            return ngettext("Choisissez au moins %d réponse.", "Choisissez au moins %d réponses.", count) % count
        case "choices", False:
            return ngettext("Choisissez %d réponse au plus.", "Choisissez %d réponses au plus.", count) % count
        case _type, True:
            return ngettext("Ajoutez au moins %d ligne.", "Ajoutez au moins %d lignes.", count) % count
    return ngettext("Gardez %d ligne au plus.", "Gardez %d lignes au plus.", count) % count


def _amount(field: Field, told: str) -> str:
    unit = field.unit or ("€" if field.type == "money" else "")
    shown = number_format(told, use_l10n=True) if field.type in NUMBERS else told
    return f"{shown}\u00a0{unit}" if unit else shown
