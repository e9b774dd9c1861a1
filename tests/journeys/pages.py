"""Every page of the platform, once: what a visitor may see, in its different states."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Page:
    """`path` in French; the same page in English is under /en. `state_of`: another page, which has the same title."""

    name: str
    path: str
    status: int = 200
    state_of: str = ""

    def at(self, lang: str) -> str:
        if lang == "fr":
            return self.path
        return f"/{lang}{self.path}"


def _results(q: str, **more: str) -> str:
    return "/recherche?" + "&".join(f"{name}={quote(value)}" for name, value in {"q": q, **more}.items())


PAGES = (
    Page("home", "/"),
    Page("results", _results("ma poubelle est cassée")),
    Page("results-here", _results("ma poubelle jaune est cassée", lieu="Aubagne")),
    Page("results-second-page", _results("école", citycode="13055", page="2")),
    Page("results-which-place", _results("un bac cassé", lieu="13100")),
    Page("results-unknown-place", _results("un bac volé", lieu="Zanzibar")),
    Page("results-none", _results("xylophonistique")),
    Page("results-nothing-asked", "/recherche"),
    Page("results-too-long", _results("poubelle " * 40), status=422),
    Page("services", "/services"),
    Page("family", "/services?secteur=dechets"),
    Page("sheet", "/services/bac-casse-ou-vole"),
    Page("sheet-here", "/services/bac-casse-ou-vole?citycode=13005"),
    Page("sheet-question", "/services/nid-de-poule?citycode=13005"),
    Page("sheet-answered", "/services/nid-de-poule?citycode=13001&voie.classe=departementale"),
    Page("sheet-everywhere", "/services/carte-identite"),
    Page("events", "/evenements-de-vie"),
    Page("event", "/evenements-de-vie/demenager"),
    Page("event-here", "/evenements-de-vie/avoir-un-enfant?citycode=13055"),
    Page("data", "/donnees"),
    Page("data-found", "/donnees?q=vélo&theme=TRAN"),
    Page("data-nothing", "/donnees?q=xylophonistique"),
    Page("dataset", "/donnees/arbres-remarquables"),
    Page("dataset-links", "/donnees/contours-des-communes"),
    Page("dataset-closed", "/donnees/consommation-d-eau"),
    Page("data-sql", "/donnees/sql?q=SELECT+*+FROM+%22arbres-remarquables%22+LIMIT+5"),
    Page("data-sql-wrong", "/donnees/sql?q=DROP+TABLE+x", status=422, state_of="data-sql"),
    Page("communes", "/communes"),
    Page("commune", "/communes/13005-aubagne"),
    Page("who", "/qui-fait-quoi"),
    Page("who-family", "/qui-fait-quoi?secteur=voirie&citycode=13039"),
    Page("who-map", "/qui-fait-quoi?theme=voirie.entretien"),
    Page("who-map-here", "/qui-fait-quoi?theme=dechets.bacs&citycode=13005"),
    Page("place", "/lieu"),
    Page("place-which", "/lieu?lieu=13100&suite=/services/bac-casse-ou-vole", state_of="place"),
    Page("help", "/aide"),
    Page("accessibility", "/accessibilite"),
    Page("legal", "/mentions-legales"),
    Page("sitemap", "/plan-du-site"),
    Page("api", "/api/v1/docs"),
    Page("sign-in", "/connexion"),
    Page("procedures", "/demarches"),
    Page("procedures-found", "/demarches?q=cantine", state_of="procedures"),
    Page("procedure", "/demarches/corbeille-de-rue?citycode=13005"),
    Page("procedure-first-page", "/demarches/cantine-ecole/commencer?citycode=13005"),
    Page("report-something", "/signaler"),
    Page("reports", "/signalements?citycode=13005"),
    Page("follow-request", "/suivi"),
    Page("figures", "/chiffres"),
    Page("data-series", "/donnees/series/subventions-aux-associations"),
    Page("data-rows-settings", "/donnees/equipements-sportifs/table?reglages=oui", state_of="data-rows"),
    Page("data-rows", "/donnees/equipements-sportifs/table?q=stade"),
    Page("data-chart", "/donnees/comptages-velo-2025/graphique"),
    Page("data-map", "/donnees/equipements-sportifs/carte"),
    Page("data-map-of-communes", "/donnees/equipements-sportifs/carte?fond=communes", state_of="data-map"),
    Page("data-row", "/donnees/equipements-sportifs/lignes/3"),
    Page("signed-out", "/deconnexion/retour"),
    Page("journal", "/journal"),
    Page("trust", "/confiance"),
    Page("register", "/registre"),
    Page("register-activity", "/registre/proofs"),
    Page("appointments", "/rendez-vous"),
    Page("appointment-places", "/rendez-vous/inscription-scolaire"),
    Page("appointment-days", "/rendez-vous/inscription-scolaire/exemple-guichet-13001"),
    Page("email-sign-in", "/connexion/courriel"),
    Page("passphrase-sign-in", "/connexion/phrase"),
    Page("passkey-sign-in", "/connexion/cle"),
    Page("link-spent", "/connexion/courriel/un-lien-d-hier", status=404),
    Page("nothing-to-cancel", "/coordonnees/annuler/un-lien-d-hier", status=404),
    Page("data-validate", "/donnees/verifier"),
    Page("data-origin", "/donnees/arbres-remarquables/origine"),
    Page("data-sources", "/donnees/sources"),
    Page("reuses", "/donnees/reutilisations"),
    Page("reuse-propose", "/donnees/reutilisations/proposer"),
    Page("data-follow", "/donnees/arbres-remarquables/suivre"),
    Page("stop", "/transports/arrets/port-13055"),
    Page("stop-poster", "/transports/arrets/port-13055/affiche"),
    Page("stop-elsewhere", "/transports/arrets/port-13055/donnees"),
    Page("departures-around", "/transports/autour"),
    Page("departures-around-a-stop", "/transports/autour?lieu=port"),
    Page("vehicles", "/transports/carte?ligne=EX:m1"),
    Page("agenda", "/agenda"),
    Page("agenda-axis", "/agenda/axes/territoire-intelligent"),
    Page("agenda-actions", "/agenda/actions"),
    Page("agenda-action", "/agenda/actions/remplissage-des-points-d-apport"),
    Page("agenda-promises", "/agenda/promesses"),
    Page("agenda-calendar", "/agenda/calendrier"),
    Page("agenda-map", "/agenda/carte?le=2025-06-01"),
    Page("agenda-changes", "/agenda/changements"),
    Page("agenda-dashboard", "/agenda/tableau-de-bord"),
    Page("agenda-commune", "/agenda/communes/13055"),
    Page("agenda-money", "/agenda/budget"),
    Page("agenda-money-lines", "/agenda/budget/lignes?par=axe&cle=territoire-intelligent"),
    Page("agenda-money-line", "/agenda/budget/lignes/portail-des-services"),
    Page("agenda-money-annex", "/agenda/budget/annexes/fag-172-7820-19-cm"),
    Page("not-found", "/nulle-part", status=404),
)
