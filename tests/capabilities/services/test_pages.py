"""The pages of the catalogue: families, sheets, life events; through Django's client."""

import json

import pytest

pytestmark = pytest.mark.django_db


class TestSheet:
    def test_tells_everything_one_needs(self, get):
        page = get("/services/bac-casse-ou-vole?citycode=97003")

        headings = [each.words for each in page.one("main").all("h2")]
        assert headings == [
            "En facile à lire",
            "À quoi cela sert",
            "Ce qu’il vous faut",
            "Comment faire",
            "Ce que vous obtenez",
            "Qui décide, et selon quelle loi",
        ]
        facts = [each.words for each in page.one("dl").all("dd")]
        assert facts == ["Environ 10 jours", "Gratuit"]
        assert page.one("a", class_="tel").attributes["href"] == "tel:0999000001"
        assert "Un justificatif de domicile" in page.one("ul", class_="ticks").words

    def test_a_channel_without_an_address_of_its_own_is_only_named(self, get):
        page = get("/services/bac-casse-ou-vole?citycode=97003")

        assert [each.one("b").words for each in page.all("li", class_="way")] == ["Par téléphone"]
        assert page.one("p", class_="other").words == "Aussi possible : en ligne."

    def test_when_no_channel_leads_anywhere_the_authority_is_given(self, get):
        page = get("/services/bac-casse-ou-vole?citycode=97002")

        (directory,) = page.one("ul", class_="ways").all("a")
        assert directory.attributes["href"].endswith("Le%20Galet%2097100")
        assert page.one("p", class_="other").words == "Aussi possible : en ligne, par téléphone."

    def test_before_the_answer_the_channels_are_named_and_the_question_recalled(self, get):
        page = get("/services/bac-casse-ou-vole")

        assert [each.words for each in page.all("p", class_="other")] == [
            "Cela se fait : en ligne, par téléphone.",
            "Dites où vous êtes : vous verrez à qui vous adresser.",
        ]

    def test_a_commune_says_its_own_delay(self, get):
        page = get("/services/bac-casse-ou-vole?citycode=97001")

        assert page.one("dl").all("dd")[0].words == "Environ 3 jours"

    def test_without_a_place_asks_where_and_comes_back(self, client, get):
        form = get("/services/bac-casse-ou-vole").one("form")
        assert form.attributes["action"] == "/lieu"
        onward = form.one("input", name="suite").attributes["value"]

        response = client.get("/lieu", {"lieu": "Olivette", "suite": onward})

        assert response["Location"] == "/services/bac-casse-ou-vole?citycode=97001"

    def test_asks_no_place_when_it_is_the_same_everywhere(self, get):
        page = get("/services/carte-identite")

        assert not page.one("main").all("form")
        assert page.one("p", class_="name").words == "État"
        assert page.one("p", class_="why").words == "L’État délivre les papiers d’identité."
        assert "Code d’essai, 4" in page.one("details").words.replace("'", "’")

    def test_the_one_question_then_the_answer_that_can_be_changed(self, get):
        asking = get("/services/signaler-un-nid-de-poule?citycode=97001")
        assert "Le panneau porte un numéro" in asking.one("fieldset").words
        assert asking.one("input", name="citycode").attributes["value"] == "97001"

        answered = get("/services/signaler-un-nid-de-poule?citycode=97001&voie.classe=communale")
        assert answered.one("p", class_="name").words == "Mairie d’Olivette"
        assert "entretient ses rues depuis 2023" in answered.one("p", class_="why").words
        again = next(each for each in answered.all("a") if each.words == "changer la réponse")
        assert get(again.attributes["href"]).one("fieldset")

    def test_what_only_one_commune_offers_is_unknown_elsewhere(self, get):
        assert get("/services/pret-de-velos?citycode=97001")
        assert get("/services/pret-de-velos?citycode=97002", status=404)

    @pytest.mark.parametrize(
        ("query", "status"), [("citycode=75056", 404), ("citycode=%3Cb%3E", 404), ("citycode=97001&voie.classe=x", 422)]
    )
    def test_wrong_parameters_are_refused_with_a_sentence(self, get, query, status):
        page = get(f"/services/signaler-un-nid-de-poule?{query}", status=status)

        assert page.one("main").all("p", class_="lead")[0].words

    def test_in_english_what_is_not_translated_says_its_language(self, get):
        page = get("/en/services/bac-casse-ou-vole?citycode=97001")

        assert page.one("h1").words == "Replace or repair a waste bin"
        assert "Le bac est remplacé à domicile." in [each.words for each in page.all("p", lang="fr")]

    def test_search_engines_are_told_who_provides_it(self, get):
        page = get("/services/bac-casse-ou-vole?citycode=97001")

        told = json.loads(page.one("script", type="application/ld+json").text)
        assert told["@type"] == "GovernmentService"
        assert told["name"] == "Remplacer ou réparer un bac à déchets"
        assert told["provider"] == {
            "@type": "GovernmentOrganization",
            "name": "Métropole de la Rade bleue",
            "identifier": "999999901",
        }
        assert told["areaServed"]["name"] == "Olivette"


class TestLists:
    def test_families_with_their_number_of_services(self, get):
        assert [each.words for each in get("/services").all("a", class_="card")] == [
            "Déchets 1 service",
            "Rues 1 service",
            "Papiers et école 3 services",
        ]

    def test_a_family(self, get):
        rows = get("/services?secteur=papiers").one("ul", class_="rows").all("li")

        assert rows[0].words == "Carte nationale d’identité Demander ou renouveler votre carte."

    def test_an_unknown_family(self, get):
        assert get("/services?secteur=%3Cscript%3E", status=404)


class TestEvents:
    def test_all(self, get):
        page = get("/evenements-de-vie")

        assert [each.one("b").words for each in page.all("a", class_="card")] == ["Je déménage", "J’ouvre un commerce"]

    def test_at_a_place_services_are_grouped_by_who_answers(self, get):
        page = get("/evenements-de-vie/demenager?citycode=97002")

        assert [each.words for each in page.all("h2")] == ["Mairie du Galet", "État"]
        link = page.all("ul", class_="rows")[0].one("a")
        assert link.attributes["href"] == "/services/bac-casse-ou-vole?citycode=97002"

    def test_without_a_place_they_are_one_list_and_the_place_is_asked(self, get):
        page = get("/evenements-de-vie/demenager")

        assert not page.all("h2")
        assert len(page.one("ul", class_="rows").all("li")) == 2
        assert page.one("input", name="suite").attributes["value"] == "/evenements-de-vie/demenager"
