"""The rules of GTFS most often broken, as the validators of MobilityData and of transport.data.gouv.fr tell them.

Source: GTFS Schedule Reference and Best Practices; the names between parentheses are those of MobilityData's notices.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _l


class Severity(StrEnum):
    """fatal: the feed is refused; error: something of it is left out or mended; warning, info: it is all read."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        return tuple(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Rule:
    severity: Severity
    sentence: Any


def _rule(severity: Severity, sentence: Any) -> Rule:
    return Rule(severity, sentence)


_F, _E, _W, _I = Severity.FATAL, Severity.ERROR, Severity.WARNING, Severity.INFO

RULES: dict[str, Rule] = {
    # -- the file as a whole
    "missing-file": _rule(_F, _l("Ce fichier obligatoire manque : ajoutez-le à l’archive.")),
    "missing-calendar": _rule(
        _F, _l("Il manque le calendrier : donnez calendar.txt ou calendar_dates.txt, avec au moins un jour de service.")
    ),
    "missing-column": _rule(_F, _l("Une colonne obligatoire manque : ajoutez-la à la première ligne du fichier.")),
    "empty-file": _rule(_F, _l("Ce fichier obligatoire ne contient aucune ligne : remplissez-le.")),
    "nothing-runs": _rule(
        _F, _l("Aucune course utilisable : vérifiez que les identifiants se répondent d’un fichier à l’autre.")
    ),
    "nested-folder": _rule(_W, _l("Les fichiers sont dans un dossier de l’archive : mettez-les à la racine.")),
    "file-name": _rule(_W, _l("Le nom du fichier a des majuscules : écrivez-le en minuscules.")),
    "unknown-file": _rule(_I, _l("Ce fichier n’est pas lu ici : il n’est pas dans GTFS, ou sert à un autre usage.")),
    "encoding": _rule(_W, _l("Le texte n’est pas en UTF-8 : enregistrez le fichier en UTF-8.")),
    "delimiter": _rule(_W, _l("Les colonnes ne sont pas séparées par des virgules : utilisez la virgule.")),
    "ragged-row": _rule(_E, _l("La ligne n’a pas autant de cases que l’en-tête : complétez-la.")),
    "quote": _rule(_E, _l("Un guillemet n’est pas refermé : fermez-le, ou doublez ceux qui sont dans le texte.")),
    "duplicate-column": _rule(_W, _l("Une colonne est écrite deux fois : la première est lue ; supprimez l’autre.")),
    # -- identifiers
    "missing-id": _rule(_E, _l("L’identifiant est vide : la ligne est laissée de côté. Donnez-lui un identifiant.")),
    "duplicate-id": _rule(_E, _l("L’identifiant sert deux fois : la première ligne est gardée. Donnez-en un autre.")),
    "unknown-agency": _rule(_E, _l("La ligne nomme un exploitant absent de agency.txt : ajoutez-le.")),
    "unknown-route": _rule(_E, _l("La course nomme une ligne absente de routes.txt : elle est laissée de côté.")),
    "unknown-service": _rule(
        _E, _l("La course nomme un service absent du calendrier : elle est laissée de côté. Ajoutez ses jours.")
    ),
    "unknown-trip": _rule(_E, _l("Une course nommée ici n’est pas dans trips.txt : ajoutez-la, ou ôtez la ligne.")),
    "unknown-stop": _rule(_E, _l("Un arrêt nommé ici n’est pas dans stops.txt : ajoutez-le, ou supprimez la ligne.")),
    "unknown-parent": _rule(_E, _l("La station à laquelle l’arrêt appartient n’est pas dans stops.txt : ajoutez-la.")),
    "unknown-shape": _rule(_W, _l("Le tracé nommé par la course n’est pas dans shapes.txt : ajoutez-le.")),
    "unused-stop": _rule(_I, _l("Aucune course ne passe à cet arrêt : supprimez-le, ou ajoutez ses horaires.")),
    "unused-route": _rule(_I, _l("La ligne n’a aucune course : supprimez-la, ou ajoutez ses courses.")),
    "unused-trip": _rule(_W, _l("La course n’a aucun horaire dans stop_times.txt : ajoutez-les, ou supprimez-la.")),
    # -- stops
    "missing-name": _rule(_E, _l("L’arrêt n’a pas de nom : donnez celui qui est écrit sur le poteau.")),
    "impossible-coordinates": _rule(
        _E, _l("La position est vide ou impossible : l’arrêt est laissé de côté. Corrigez latitude et longitude.")
    ),
    "elsewhere": _rule(
        _W, _l("Aucun arrêt n’est sur le territoire : vérifiez que latitude et longitude ne sont pas inversées.")
    ),
    "capitals": _rule(_I, _l("Le nom est tout en majuscules : écrivez-le comme on le lit, avec ses accents.")),
    "accessibility-unknown": _rule(
        _I, _l("On ne sait pas si l’arrêt est accessible en fauteuil : remplissez wheelchair_boarding.")
    ),
    "parent-kind": _rule(_W, _l("L’arrêt appartient à autre chose qu’une station : corrigez location_type.")),
    # -- routes and agencies
    "missing-route-name": _rule(_E, _l("La ligne n’a ni numéro ni nom : remplissez route_short_name.")),
    "long-route-name": _rule(_I, _l("Le numéro de ligne dépasse 12 signes : mettez le texte dans route_long_name.")),
    "same-route-names": _rule(_I, _l("Le nom long répète le numéro : écrivez d’où à où va la ligne.")),
    "route-type": _rule(_E, _l("Le type de la ligne n’est pas un nombre de GTFS : elle est lue comme un bus.")),
    "colour": _rule(_W, _l("La couleur n’est pas faite de six chiffres hexadécimaux : écrivez par exemple 0B5C8A.")),
    "contrast": _rule(
        _I, _l("Le numéro se lit mal sur la couleur de la ligne : choisissez un texte plus clair ou plus foncé.")
    ),
    "timezone": _rule(_E, _l("Le fuseau horaire n’est pas celui du territoire : écrivez Europe/Paris.")),
    "url": _rule(_I, _l("L’adresse n’est pas celle d’une page web : écrivez-la en entier, avec https://.")),
    # -- calendars
    "date": _rule(_E, _l("La date n’est pas écrite AAAAMMJJ : la ligne est laissée de côté.")),
    "dates-backwards": _rule(_E, _l("La fin vient avant le début : échangez les deux dates.")),
    "service-never": _rule(_W, _l("Le service ne circule aucun jour : vérifiez ses jours, ou supprimez-le.")),
    "calendar-long": _rule(_W, _l("Le calendrier dépasse quatre ans : ce qui vient après n’est pas lu.")),
    "expired": _rule(_W, _l("Les horaires sont finis : publiez ceux de la période en cours.")),
    "expires-soon": _rule(_W, _l("Les horaires finissent dans moins de 7 jours : publiez la suite.")),
    "not-yet": _rule(_W, _l("Les horaires ne commencent que plus tard : ajoutez la période en cours.")),
    "exception-type": _rule(_W, _l("exception_type vaut 1 (ajouté) ou 2 (supprimé) : corrigez la ligne.")),
    # -- times
    "time": _rule(_E, _l("L’heure n’est pas écrite HH:MM:SS : elle est lue comme vide.")),
    "no-times": _rule(_E, _l("La course n’a d’heure ni au départ ni à l’arrivée : elle est laissée de côté.")),
    "times-backwards": _rule(
        _E, _l("L’heure recule d’un arrêt au suivant : après minuit, écrivez 24:10:00, puis 25:00:00.")
    ),
    "departs-before-arriving": _rule(_E, _l("Le bus partirait avant d’arriver : échangez les deux heures.")),
    "one-stop": _rule(_W, _l("La course n’a qu’un arrêt : elle est laissée de côté. Ajoutez les autres.")),
    "duplicate-sequence": _rule(_E, _l("Deux passages d’une course ont le même rang : le premier est gardé.")),
    "sequence": _rule(_E, _l("Le rang du passage n’est pas un nombre entier positif : la ligne est laissée de côté.")),
    "interpolated": _rule(_I, _l("Des heures sont vides : elles sont calculées entre les heures connues.")),
    "too-fast": _rule(_W, _l("Le trajet entre deux arrêts est trop rapide : vérifiez les heures et les positions.")),
    "too-late": _rule(_W, _l("L’heure dépasse 72:00:00 : vérifiez-la.")),
    "on-demand": _rule(_I, _l("Des passages sont à réserver, ou dans une zone : seuls les arrêts fixes sont lus.")),
    "frequency": _rule(_E, _l("La fréquence est vide, négative ou plus courte que 10 secondes : elle n’est pas lue.")),
    # -- the rest
    "shape-point": _rule(_W, _l("Un point du tracé est illisible : il est laissé de côté.")),
    "transfer": _rule(_W, _l("La correspondance est illisible : corrigez transfer_type et min_transfer_time.")),
    "currency": _rule(_I, _l("Le prix n’est pas en euros : il n’est pas montré.")),
    "price": _rule(_W, _l("Le prix n’est pas un nombre : il n’est pas montré.")),
    "no-feed-info": _rule(_I, _l("feed_info.txt manque : dites qui publie, et de quand à quand les horaires valent.")),
    "same-trips": _rule(
        _W, _l("Ces courses sont déjà dans un autre fichier d’horaires : elles ne sont comptées qu’une fois.")
    ),
}  # fmt: skip
