# ruff: noqa: E501  (lists of words)
"""What is personal, as headings of columns say it: French words, folded (no accent, lower case, single spaces).

The categories, the words that name them, and the words that say otherwise (« nom de la commune », « syndicat mixte »).
A heading only suspects; values prove (`personal_data.py`).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of personal data. `special`: one of article 9 of the GDPR, or of article 10 (offences).

    `identifies`: it leads to one person by itself; otherwise it does so beside others (a quasi-identifier).
    """

    id: str
    title: Any
    named: re.Pattern[str]
    but: re.Pattern[str] | None = None
    special: bool = False
    identifies: bool = True


_WHOSE = (
    "famille|naissance|usage|usuel|jeune fille|marital|epou(x|se)|agent|eleve|enfant|patient|usager|habitant|adherent|"
    "demandeur|locataire|proprietaire|candidat|signataire|resident|parent|contact|responsable|president|titulaire|"
    "gerant|tuteur|elu|maire|conducteur|victime|defunt|concessionnaire|allocataire|assistante? maternelle|"
    "rapporteur|referent|abonne|client|pere|mere|declarant|petitionnaire|benevole|salarie|medecin"
)


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{each})\b" for each in patterns))


CATEGORIES: Mapping[str, Category] = {
    each.id: each
    for each in (
        Category(
            "person-name", _("nom ou prénom d’une personne"),
            _words(
                r"prenoms?", r"patronyme", rf"noms? (?:(?:de |d |du |de la |de l )?(?:{_WHOSE}))", r"noms? prenoms?",
                r"(?:first|last|given|family|full) ?name", r"surname", r"noms?", r"identite",
                rf"(?:{_WHOSE})",
            ),
            _words(
                r"coll nom", r"nombre", r"nb", r"taux", r"part", r"total", r"type", r"code", r"date", r"annee", r"mode", r"salle",
                r"noms? (?:de |d |du |de la |de l |des )?(?:commune|ville|voie|rue|site|station|equipement|lieu|dossier|"
                r"etablissement|ecole|arret|ligne|zone|quartier|parc|service|fichier|champ|organisme|structure|projet|"
                r"association|entreprise|societe|acheteur|attribuant|iris|epci|departement|region|jeu|marche|produit)s?",
                r"prenom (?:mixte|masculin|feminin)", r"raison sociale",
            ),
        ),
        Category(
            "birth", _("date ou lieu de naissance"),
            _words(r"naissances?", r"nee? le", r"dob", r"birth ?(?:date|day|place)?", r"ddn", r"date naiss"),
            _words(r"nombre", r"nb", r"taux", r"noms?", r"acte", r"nbre", r"total"),
        ),
        Category(
            "nir", _("numéro de sécurité sociale"),
            _words(r"nir", r"nss", r"securite sociale", r"(?:num|numero|no|n) (?:de )?secu", r"insee personne"),
        ),
        Category("email", _("adresse e-mail"), _words(
            r"e ?mails?", r"courriels?", r"mel", r"mails?", r"adresse (?:electronique|messagerie)"), identifies=True),
        Category(
            "phone", _("numéro de téléphone"),
            _words(r"tel", r"telephones?", r"portable", r"mobile", r"gsm", r"phone", r"telecopie", r"fax"),
            _words(r"ordinateur", r"application", r"couverture", r"type", r"wifi", r"sanitaire"),
        ),
        Category(
            "address", _("adresse d’un domicile"),
            _words(r"adresses?", r"domicile", r"rue", r"numero (?:de )?(?:voie|rue)", r"voie", r"residence",
                   r"complement adresse"),
            _words(r"adresse (?:web|url|internet|electronique|mail|ip|mac|site|messagerie)", r"site web", r"nombre",
                   r"nb", r"code (?:de )?(?:la )?(?:rue|voie)", r"type (?:de )?voie", r"revetement"),
            identifies=False,
        ),
        Category("iban", _("coordonnées bancaires"), _words(
            r"iban", r"rib", r"bic", r"compte bancaire", r"coordonnees bancaires", r"carte bancaire")),
        Category("ip", _("adresse d’un appareil"), _words(
            r"ip", r"adresse (?:ip|mac)", r"mac", r"imei", r"imsi", r"user agent")),
        Category(
            "plate", _("plaque d’immatriculation"), _words(r"immatriculations?", r"plaque", r"immat"),
            _words(r"date", r"nombre", r"nb", r"siren", r"rcs", r"pays"),
        ),
        Category(
            "number", _("numéro qui désigne une personne"),
            _words(
                r"passeport", r"cni", r"carte (?:d |nationale d )?identite", r"(?:numero|no|num) (?:fiscal|allocataire|"
                r"agent|etudiant|eleve|adherent|abonne|usager|patient|electeur|licence|permis)", r"matricule", r"ine",
                r"spi", r"id (?:agent|eleve|usager|patient|adherent|personne|individu)", r"permis (?:de )?conduire",
                r"carte (?:de )?sejour", r"etranger", r"carte abonne",
            ),
            _words(r"nombre", r"nb", r"taux"),
        ),
        Category("position", _("position d’une personne"), _words(
            r"(?:lat|lon|lng|latitude|longitude|geo ?point|geolocalisation|position|coordonnees?)(?: gps)? "
            r"(?:domicile|usager|patient|eleve|personne|client|victime)")),
        Category("sex", _("sexe ou civilité"), _words(r"sexe", r"genre", r"civilite", r"titre civilite"),
                 _words(r"nombre", r"nb", r"musical", r"film", r"botanique", r"espece", r"arbre", r"litteraire"),
                 identifies=False),
        Category("age", _("âge"), _words(r"ages?"),
                 _words(r"nombre", r"nb", r"tranches?", r"moyen", r"median", r"arbre", r"batiment", r"peuplement",
                        r"canalisation", r"minimum", r"maximum", r"min", r"max", r"classe"), identifies=False),
        Category("situation", _("situation d’une personne"), _words(
            r"profession", r"csp", r"metier", r"situation (?:familiale|matrimoniale|maritale)", r"nationalite",
            r"nombre (?:d )?enfants", r"diplome"), _words(r"taux", r"part"), identifies=False),
        Category("income", _("revenus ou aides d’une personne"), _words(
            r"revenus?", r"quotient familial", r"qf", r"salaires?", r"rsa", r"impot", r"rfr", r"dettes?", r"impayes?",
            r"traitement (?:brut|net|indiciaire)"),
            _words(r"median", r"moyen", r"taux", r"decile", r"part", r"nombre", r"nb", r"fiscal (?:de la )?commune"),
            identifies=False),
        Category("health", _("santé ou handicap"), _words(
            r"sante", r"maladies?", r"pathologies?", r"handicap(?:e|ee|s)?", r"diagnostic(?:s)?", r"allergies?", r"mdph",
            r"aah", r"invalidite", r"vaccin(?:s|ation)?", r"grossesse", r"hospitalisation", r"ald", r"cim10", r"gir",
            r"medicaments?", r"groupe sanguin", r"arret maladie", r"taux (?:d )?incapacite", r"addiction",
            r"depression"),
            _words(r"acces(?:sible|sibilite)?", r"place", r"etablissement", r"centre", r"maison", r"pole", r"nombre",
                   r"nb", r"pmr", r"energetique", r"voirie", r"stationnement", r"batiment", r"technique"),
            special=True, identifies=False),
        Category("belief", _("religion ou convictions"), _words(
            r"religion", r"confession", r"croyances?", r"convictions?", r"regime (?:alimentaire|confessionnel)",
            r"sans porc", r"halal", r"casher"),
            _words(r"edifice", r"lieu", r"monument", r"batiment"), special=True, identifies=False),
        Category("politics", _("opinions politiques"), _words(
            r"opinions? politiques?", r"appartenance politique", r"parti(?: politique)?", r"couleur politique",
            r"nuance", r"etiquette politique"), _words(r"partie", r"en parti"), special=True, identifies=False),
        Category("union", _("appartenance syndicale"), _words(
            r"appartenance syndicale", r"syndicats?", r"syndique?e?s?"),
            _words(r"syndicat (?:mixte|intercommunal|des eaux|d initiative|de coproprietaires)", r"sivu", r"sivom",
                   r"copropriete", r"nom"), special=True, identifies=False),
        Category("origin", _("origine"), _words(
            r"origine ethnique", r"ethnie", r"race", r"origine (?:de la )?personne", r"couleur (?:de )?peau"),
            _words(r"chien", r"chat", r"animal", r"bovin"), special=True, identifies=False),
        Category("intimate", _("vie intime"), _words(
            r"orientation sexuelle", r"sexualite", r"vie sexuelle"), special=True, identifies=False),
        Category("biometric", _("donnée biométrique ou génétique"), _words(
            r"empreintes? digitales?", r"biometri(?:e|que)s?", r"genetique", r"adn"),
            _words(r"arbre", r"carbone", r"vegetal"), special=True),
        Category("offence", _("infraction ou condamnation"), _words(
            r"condamnations?", r"casier(?: judiciaire)?", r"infractions?", r"peine", r"mis en cause", r"garde a vue"),
            _words(r"nombre", r"nb", r"type infraction", r"taux"), special=True, identifies=False),
        Category("free-text", _("texte libre où des personnes sont nommées"), re.compile(r"(?!)")),
    )
}  # fmt: skip
"""By id, in the order they are looked for: the first that fits names the column."""

ALONE = re.compile(r"noms?|identite|beneficiaire|contact|responsable|titulaire|proprietaire|president|client|demandeur")
"""Headings that are as often those of things and of bodies: suspected only beside others."""
ROLE = (
    r"^(?:accueil|administration|agence|bibliotheque|bureau|cabinet|ccas|ce|commande|communication|compta[a-z]*|contact|"
    r"contacts|courrier|culture|dechets|direction|dpo|drh|dsi|dst|eau|ecole|economie|elections|enfance|environnement|"
    r"etat[._-]?civil|hello|info|infos|information|informations|jeunesse|mairie|maire|marches|mediatheque|musee|office|"
    r"opendata|patrimoine|petite[._-]?enfance|police|police[._-]?municipale|presse|proprete|residence|rgpd|rh|scolaire|"
    r"secretariat|service|services|social|sport|sports|standard|stade|support|technique|techniques|tourisme|transport|"
    r"transports|urbanisme|ville|voirie|webmaster|data|donnees)(?:[._+-].*)?@"
)
"""E-mail addresses of an office, not of somebody (RFC 2142 and town halls' habits), as a pattern of RE2."""
FIRST_NAMES = frozenset(
    "marie jean pierre michel andre philippe nathalie isabelle alain patrick catherine jacques bernard francois francoise "
    "daniel sylvie monique christophe nicolas christian martine laurent jacqueline stephane anne christine frederic "
    "sandrine veronique eric david gerard thierry olivier dominique pascal valerie sebastien julien nicole claude celine "
    "sophie chantal laurence pascale brigitte guillaume alexandre vincent thomas emilie camille julie antoine maxime "
    "stephanie caroline aurelie patricia corinne bruno mathieu matthieu didier benoit cedric marc paul louis lucas hugo "
    "lea emma manon chloe ines lina jade louise alice gabriel raphael arthur adam jules leo nathan enzo mohamed karim "
    "fatima yasmine mehdi samir nadia rachid sarah laura marine pauline charlotte clara mathilde marion anais lucie elodie "
    "audrey delphine jerome fabrice ludovic gilles yves serge robert rene marcel roger georges josette yvette suzanne "
    "denise odette simone jeanne germaine madeleine yvonne renee henri maurice joseph albert lucien raymond roland agnes "
    "florence helene claire virginie severine karine magali ahmed ali said omar aicha amina leila hakim"
    .split()
)  # fmt: skip
"""Frequent first names, without accents: a hint that a column names people, never a proof."""
THINGS = frozenset(
    "ecole rue place avenue boulevard chemin impasse square parc stade salle college lycee gymnase mairie hotel theatre "
    "centre maison residence creche musee eglise chapelle pont quai port parking piscine bibliotheque mediatheque espace "
    "jardin foyer groupe scolaire maternelle elementaire hopital clinique association societe sarl sas sa sci complexe "
    "allee cours traverse esplanade station arret immeuble cite lotissement domaine fondation institut club amicale"
    .split()
)  # fmt: skip
"""Words of things named after people: such a cell names no person of today."""


def folded(heading: str) -> str:
    """« dateDeNaissance », « Date_de_naissance » and « DATE DE NAISSANCE » are one heading."""
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", heading)
    plain = unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


def named(heading: str) -> Category | None:
    """The category that this heading names; None when it names none. `heading` is folded."""
    for each in CATEGORIES.values():
        if each.named.search(heading) and not (each.but and each.but.search(heading)):
            return each
    return None


def said_alone(heading: str) -> bool:
    """Whether the heading says too little to tell a person from a thing."""
    return bool(ALONE.fullmatch(heading))
