"""Every type of question: shown so that everybody can answer it, read back as it was answered, refused when it is not."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.requests.models import FormVersion
from lacydon.capabilities.requests.queries import drafts
from lacydon.kernel.access import NOBODY
from tests.capabilities.requests.filling.made import Filler, field, page, published
from tests.markup import read

pytestmark = pytest.mark.django_db

OPTIONS = [{"value": each, "label": {"fr": each.title(), "en": each.title()}} for each in ("rouge", "vert")]
MANY = [{"value": f"o{each}", "label": {"fr": f"Option {each}"}} for each in range(12)]
ALL = (
    field("texte", max_length=40, help={"fr": "Une aide."}),
    field("longtexte", "longtext", max_length=500),
    field("courriel", "email"),
    field("telephone", "phone"),
    field("nombre", "number", unit="m²"),
    field("montant", "money"),
    field("jour", "date"),
    field("couleur", "choice", options=OPTIONS),
    field("liste", "choice", options=MANY),
    field("couleurs", "choices", options=OPTIONS),
    field("oui", "yesno"),
    field("iban", "iban"),
    field("siret", "siret"),
    field("adresse", "address"),
    field("commune", "commune"),
    field("signature", "signature", drawn=True),
    field("accord", "consent"),
    field("note", "info"),
    field(
        "enfants",
        "group",
        fields=[
            field("prenom"),
            field("naissance", "date"),
            field("malade", "yesno"),
            field("maladie", when={"malade": True}),
        ],
    ),
)
GOOD = {
    "texte": "Ada <b>& Grace</b>", "longtexte": "Une ligne\nune autre", "courriel": "ada@exemple.fr",
    "telephone": "06 12 34 56 78", "nombre": "12,5", "montant": "1 200,50",
    "jour-day": "4", "jour-month": "9", "jour-year": "2019", "couleur": "vert", "liste": "o7",
    "couleurs": ["rouge", "vert"], "oui": "no", "iban": "FR14 2004 1010 0505 0001 3M02 606",
    "siret": "732 829 320 00074", "adresse": "Quelque part", "commune": "97003",
    "signature": "Ada", "signature-certified": "yes", "accord": "yes",
    "enfants-0-prenom": "Lina", "enfants-0-naissance-day": "1", "enfants-0-naissance-month": "2",
    "enfants-0-naissance-year": "2015", "enfants-0-malade": "no",
}  # fmt: skip


def kept(there: Filler) -> dict:
    return drafts.draft(there.reference, actor=NOBODY).answers


def test_every_type_is_answered_and_read_back(client, small_territory):
    published(page("tout", *ALL))
    there = Filler(client).send(**GOOD)
    assert there.heading == "Vérifiez vos réponses"
    for words in (
        "Ada &lt;b&gt;&amp; Grace&lt;/b&gt;",
        "06 12 34 56 78",
        "4 septembre 2019",
        "Vert",
        "Option 7",
        "Les Salines-sur-Rade",
    ):
        assert words in there.text, words
    assert "1\u00a0200,50\u00a0€" in there.text and "12,5\u00a0m²" in there.text
    answers = kept(there)
    assert answers["telephone"] == "+33612345678" and answers["montant"] == "1200.50"
    there.open(f"/brouillons/{there.reference}/questions/tout?retour=verifier")
    _action, sent = there.form()
    assert sent["jour-year"] == ["2019"] and sent["nombre"] == ["12,5"] and sent["commune"] == ["97003"]
    assert (
        sent["liste"] == ["o7"] and sent["couleurs"] == ["rouge", "vert"] and sent["enfants-0-naissance-day"] == ["1"]
    )
    there.send()
    assert there.heading == "Vérifiez vos réponses" and kept(there) == answers


def test_every_question_has_a_name_and_its_error(client, small_territory):
    published(page("tout", *ALL))
    there = Filler(client).send(status=422)
    named = {each.attributes["for"] for each in there.page.all("label")}
    for each in there.page.all("form")[-1].all("input"):
        if each.attributes.get("type") not in ("hidden", "submit"):
            assert each.attributes["id"] in named
    ids = set(re.findall(r' id="([^"]+)"', there.text))
    links = [each.attributes["href"] for each in there.page.one("div", class_="summary").all("a")]
    assert len(links) >= 17 and all(each.removeprefix("#") in ids for each in links)
    for told in re.findall(r'aria-describedby="([^"]+)"', there.text):
        assert set(told.split()) <= ids
    assert len(ids) == len(re.findall(r' id="', there.text))


def test_rows_are_added_and_taken_away_without_a_script(client, small_territory):
    published(page("eux", field("enfants", "group", max="3", fields=[field("prenom")])))
    there = Filler(client)
    there.send(**{"enfants-0-prenom": "Lina", "faire": "ajouter:enfants"})
    there.send(**{"enfants-1-prenom": "Tom", "faire": "ajouter:enfants"})
    there.send(**{"enfants-2-prenom": "Zoé", "faire": "ajouter:enfants"})
    assert "enfants-3-prenom" not in there.form()[1]
    there.send(faire="retirer:enfants-1")
    there.send()
    assert [each["prenom"] for each in kept(there)["enfants"]] == ["Lina", "Zoé"]


def test_a_place_is_looked_for_and_chosen(client, small_territory):
    published(page("lieu", field("ou", "place")))
    there = Filler(client).send(ou="Olivette", status=422)
    assert there.troubles == ["Dites plus précisément où : une adresse, un carrefour, le nom d’une place."]
    assert there.send(ou="Olivette", status=422).troubles
    towns = there.send(ou="97100", status=422)
    assert towns.troubles == ["Cette adresse est inconnue. Écrivez-la autrement, ou montrez l’endroit sur le plan."]
    there.send(**{"ou-choice": "5.1|43.1|12 rue des Essais, Olivette"})
    assert kept(there)["ou"] == {"lon": 5.1, "lat": 43.1, "label": "12 rue des Essais, Olivette"}
    there.open(f"/brouillons/{there.reference}/questions/lieu")
    assert there.send(**{"ou-choice": "2.35|48.85|Ailleurs"}, status=422).troubles


NAMES = [
    *GOOD,
    "inconnu",
    "texte-shown",
    "enfants-9-prenom",
    "enfants-0-inconnu",
    "adresse-lon",
    "adresse-id",
    "vu",
    "faire",
    "jour",
    "note",
]
TYPED = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "yes",
            "no",
            "9" * 400,
            "-1",
            "1e99",
            "o7",
            "\u202e",
            "<script>",
            "ajouter:enfants",
            "retirer:enfants-0",
            "oter:x",
            "garder",
            "2019-02-31",
        ]
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES), st.lists(TYPED, max_size=3), max_size=12))
def test_whatever_is_posted_is_answered(client, small_territory, posted):
    if not FormVersion.objects.filter(form="essai").exists():
        published(page("tout", *ALL))
    answer = client.post("/demarches/essai/commencer?citycode=97001", posted)
    assert answer.status_code in (200, 303, 400, 409, 422), answer.status_code
    if answer.status_code in (200, 422):
        read(answer.content.decode())
