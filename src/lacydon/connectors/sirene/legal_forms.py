"""What a legal category is called: the code of the register, to the words people know.

Insee, « Catégories juridiques », https://www.insee.fr/fr/information/2028129. These are names of French law: they are
not translated. A code that is not here is called by its family (its first two figures, then its first).
"""

from collections.abc import Mapping
from typing import Final

NAMES: Final[Mapping[str, str]] = {
    "1": "entrepreneur individuel",
    "2": "groupement sans personnalité morale",
    "21": "indivision",
    "22": "société créée de fait",
    "23": "société en participation",
    "3": "personne morale de droit étranger",
    "4": "établissement public ou régie à caractère commercial",
    "5": "société commerciale",
    "52": "société en nom collectif",
    "53": "société en commandite",
    "54": "société à responsabilité limitée (SARL)",
    "5498": "société à responsabilité limitée à associé unique (EURL)",
    "55": "société anonyme (SA)",
    "5515": "société anonyme d’économie mixte",
    "56": "société anonyme à directoire (SA)",
    "57": "société par actions simplifiée (SAS)",
    "5720": "société par actions simplifiée à associé unique (SASU)",
    "58": "société européenne",
    "6": "personne morale inscrite au registre du commerce",
    "62": "groupement d’intérêt économique",
    "63": "société coopérative agricole",
    "64": "société d’assurance mutuelle",
    "65": "société civile",
    "6540": "société civile immobilière (SCI)",
    "7": "organisme public",
    "71": "administration de l’État",
    "72": "collectivité territoriale",
    "7210": "commune",
    "73": "établissement public administratif",
    "7361": "centre communal d’action sociale",
    "74": "organisme public",
    "8": "organisme privé spécialisé",
    "81": "organisme de protection sociale",
    "82": "mutuelle",
    "83": "comité d’entreprise",
    "84": "organisme professionnel",
    "85": "caisse de retraite non obligatoire",
    "9": "groupement de droit privé",
    "91": "syndicat de propriétaires",
    "92": "association",
    "9210": "association non déclarée",
    "9220": "association déclarée",
    "9230": "association déclarée d’utilité publique",
    "9260": "association de droit local",
    "93": "fondation",
}


def legal_form(code: str) -> str:
    """The legal form in words; empty for a code of no known family."""
    return next((NAMES[code[:length]] for length in (4, 2, 1) if code[:length] in NAMES and len(code) >= length), "")
