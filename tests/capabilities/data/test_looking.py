"""Looking at rows: the table, the chart, the map, what is kept of them; each asked by an address."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from lacydon.capabilities.data.actions.publication import describe_dataset
from lacydon.kernel.access import MACHINE
from tests.capabilities.trust.people import resident, signed_in, visitor
from tests.markup import read

from .harbour import MARKETS, published

pytestmark = pytest.mark.django_db
MANY = """
    SELECT lpad((13001 + n % 4)::VARCHAR, 5, '0') AS citycode, 'lieu ' || n AS nom, DATE '2024-01-01' + n::INTEGER AS jour,
        n % 7 AS reste, 5.2 + (n % 50) / 100.0 AS lon, 43.2 + (n % 37) / 100.0 AS lat
    FROM (SELECT range AS n FROM range(700))
"""


@pytest.fixture
def look(client, small_territory):
    """A page of a dataset, read strictly."""

    def ask(path, status=200):
        response = client.get(f"/donnees/{path}", follow=True)
        assert response.status_code == status, response.content.decode().partition("<main")[2][:600]
        return read(response.content.decode())

    return ask


def cells(page):
    """The rows of the table, as texts."""
    body = page.one("table").one("tbody")
    return [[" ".join(cell.words.split()) for cell in row.inside] for row in body.all("tr")]


def test_rows_are_shown_as_people_write_them(look):
    published()
    page = look("marches/table")

    assert cells(page)[0] == [
        "1", "13055", "Marché de la Plaine", "02/03/2024", "120", "4,5", "5,3865", "43,2951", "43,29510 5,38650",
    ]  # fmt: skip
    assert cells(page)[3][3:6] == ["–", "–", "2"]
    assert page.one("p", class_="counted").words == "4 lignes"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=PLACE+marche", []),
        ("q=PLAINE+marche", ["1"]),
        ("nom.contient=march%C3%A9+du", ["2"]),
        ("nom.commence=MARCHE+D", ["1", "2", "3", "4"]),
        ("citycode.est=13005&citycode.est=13056", ["3", "4"]),
        ("etals.de=60&etals.a=80", ["2", "3"]),
        ("note.de=3,25", ["1", "2"]),
        ("ouvert_le.de=2024&ouvert_le.a=15/01/2024", ["2"]),
        ("note.vide=oui", ["3"]),
        ("ouvert_le.vide=non&tri=ouvert_le", ["3", "2", "1"]),
        ("tri=-etals", ["1", "2", "3", "4"]),
        ("cadre=5.38,43.25,5.39,43.29", ["2"]),
        ("colonne=etals&operation=de&valeur=80", ["1", "2"]),
        ("nom.contient=%25", []),
        ("nom.contient=%27+OR+1%3D1+--", []),
    ],
)
def test_an_address_asks_for_rows(look, asked, found):
    published()
    page = look(f"marches/table?{asked}")

    assert [row[0] for row in cells(page)] == found if found else page.all("table") == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("etals.de=beaucoup", "« beaucoup » ne convient pas à la colonne « Etals » : écrivez par exemple 12."),
        ("citycod.est=13055", "« citycode »"),
        ("cadre=1,2,3", "quatre nombres"),
        ("page=7", "Il n’y a que 1 pages."),
        ("tri=geometry", "Les positions n’ont pas d’ordre"),
    ],
)
def test_a_question_that_makes_no_sense_is_told_beside_the_rows(look, asked, said):
    published()
    page = look(f"marches/table?{asked}", status=400)

    alert = page.one("div", role="alert").words
    assert said in alert.replace("\u202f", " ").replace("\xa0", " ")
    assert len(cells(page)) == 4


def test_all_pages_together_are_all_the_rows(look):
    published("suite", MANY)
    seen, page = [], look("suite/table?tri=reste&taille=100")
    while True:
        seen += [row[0] for row in cells(page)]
        onward = page.all("a", rel="next nofollow")
        if not onward:
            break
        page = look(onward[0].attributes["href"].removeprefix("/donnees/"))
    assert sorted(map(int, seen)) == list(range(1, 701))


def test_what_is_seen_is_what_is_taken_away(look):
    published()
    page = look(
        "marches/table?nom.contient=march%C3%A9&etals.de=60&citycode.est=13055&tri=-etals&colonnes=nom&version=1"
    )

    href = next(each.attributes["href"] for each in page.all("a") if each.words == "CSV")
    assert urlsplit(href).path == "/donnees/marches/export.csv"
    assert parse_qs(urlsplit(href).query) == {
        "where": ['`nom` like "*marché*" and `etals` >= 60 and `citycode` = "13055"'],
        "order_by": ["`etals` desc"], "select": ["`nom`"], "version": ["1"],
    }  # fmt: skip


def test_another_version_is_seen_and_said(look):
    published()
    published(sql=MARKETS.replace("Prado", "Rouet"))
    now, before = look("marches/table"), look("marches/table?version=1")

    assert cells(now)[1][2] == "Marché du Rouet"
    assert cells(before)[1][2] == "Marché du Prado"
    assert "ce n’est plus la version actuelle" in before.words
    look("marches/table?version=9", status=404)


def test_texts_of_the_data_are_no_markup_and_lead_only_to_the_web(look):
    sql = """SELECT * FROM (VALUES ('<script>alert(1)</script>', 'javascript:alert(1)'), ('ok', 'https://exemple.fr/a b'),
             ('lien', 'https://exemple.fr/a?b=1&c=2')) AS t(nom, lien)"""
    published("pieges", sql, point=None)
    page = look("pieges/table")

    assert cells(page)[0][1] == "<script>alert(1)</script>"
    links = [
        each.attributes["href"] for each in page.one("tbody").all("a") if not each.attributes["href"].startswith("/")
    ]
    assert links == ["https://exemple.fr/a?b=1&c=2"]


def test_a_row_has_a_page(look):
    published()
    page = look("marches/lignes/2")
    assert "Marché du Prado" in [each.words for each in page.all("dd")]
    look("marches/lignes/9", status=404)


@pytest.mark.parametrize(
    ("asked", "title", "said"),
    [
        ("", "Nombre de lignes, par « Ouvert le »", "De 1 (4 novembre 2023) à 1 (2 mars 2024)"),
        ("par=citycode", "Nombre de lignes, par « Citycode »", "Le plus : "),
        ("par=citycode&mesure=etals&calcul=somme", "Somme de « Etals », par « Citycode »", "(200)"),
        ("par=citycode&mesure=note&calcul=moyenne&citycode.est=13055", "Moyenne de « Note »", "13055 : 3,88."),
        ("par=etals", "Nombre de lignes, par « Etals »", "Le plus : "),
        ("par=ouvert_le&pas=annee", "Nombre de lignes, par « Ouvert le »", "De 1 (2023) à 2 (2024)"),
        ("par=nom&premiers=2", "Nombre de lignes, par « Nom »", "(1). Toutes les autres : 2."),
        ("par=citycode&groupe=nom", "« Citycode » et « Nom »", "Le plus : "),
    ],
)
def test_a_chart_suits_the_columns_or_is_chosen(look, asked, title, said):
    published()
    figure = look(f"marches/graphique?{asked}").one("figure")

    def plain(text):
        return text.replace("\u202f", " ").replace("\xa0", " ")

    assert title in plain(figure.one("h2").words)
    assert said in plain(figure.one("desc").words)
    assert figure.one("tbody").all("tr")


def test_a_chart_compares_what_comes_back_and_not_what_names_each_row(look):
    published(sql="SELECT 'M' || range AS numero, 'quartier ' || range % 3 AS quartier FROM range(20)", point=None)
    assert "par « Quartier »" in look("marches/graphique").one("figure").one("h2").words


def test_what_has_no_date_is_said_of_a_chart(look):
    published()
    assert re.search(r"Lignes sans date.*: 1\.", look("marches/graphique").one("figcaption").words)


def test_rows_are_placed_on_a_map_and_gathered_when_they_are_many(look):
    published()
    published("suite", MANY)
    few, many = look("marches/carte"), look("suite/carte")

    assert len(few.all("a", class_="spot")) == 3
    assert "Lignes sans position : 1." in few.one("figcaption").words.replace("\xa0", " ")
    fine, coarse = many.one("g", class_="wide"), many.one("g", class_="thin")
    assert 0 < len(coarse.all("a")) < len(fine.all("a")) <= 17 * 13
    closer = fine.all("a", class_="heap")[0].attributes["href"]
    assert "cadre=" in closer
    assert look(closer.removeprefix("/donnees/")).all("a", class_="spot")


def test_communes_are_coloured_by_classes_of_values(look):
    published("suite", MANY.replace("13001 + n % 4", "97001 + n % 4"))
    page = look("suite/carte?fond=communes&calcul=somme&mesure=reste")

    assert page.one("figure").one("h2").words.endswith(", par commune")
    assert page.one("figure").one("tbody").all("tr")
    assert page.one("ul", class_="legend steps-of").all("li")


def test_a_view_is_kept_shown_framed_and_taken_away(small_territory):
    published()
    signed = signed_in(visitor(), resident())
    address = "/donnees/marches/garder/chart?par=citycode&etals.de=60"
    assert read(signed.get(address).content.decode()).one("h1").words == "Garder cette vue"
    assert signed.post(address, {"title": "  "}).status_code == 400

    kept = signed.post(address, {"title": "Marchés <par> commune", "pinned": "oui"})
    assert kept.status_code == 302
    published(sql=MARKETS.replace("80", "8"))

    anybody = visitor()
    page = read(anybody.get(kept["Location"]).content.decode())
    assert page.one("h1").words == "Marchés <par> commune"
    assert "(2)" in page.one("desc").words, "the pinned version still has two markets of 60 stalls in one commune"
    code = read(anybody.get(f"{kept['Location']}/integrer").content.decode()).one("textarea").words
    framed = urlsplit(re.search(r'src="([^"]+)"', code)[1]).path
    answer = anybody.get(framed)
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert len(answer.content) < 30_000
    assert read(answer.content.decode()).all("form") == []
    assert "Marchés" in read(signed.get("/donnees/vues").content.decode()).one("ul", class_="rows").words
    assert "Licence Ouverte" in answer.content.decode()
    assert anybody.get(kept["Location"])["X-Frame-Options"] == "DENY"

    assert signed_in(visitor(), resident()).post(f"{kept['Location']}/retirer").status_code == 403
    assert signed.post(f"{kept['Location']}/retirer").status_code == 302
    assert anybody.get(framed).status_code == 404


def test_what_is_not_open_is_not_looked_at_nor_framed(client, small_territory):
    published()
    signed = signed_in(visitor(), resident())
    kept = signed.post("/donnees/marches/garder/table", {"title": "Tout"})["Location"]
    describe_dataset(id="marches", actor=MACHINE, fields={"access": "restricted"})

    for path in ("marches/table", "marches/graphique", "marches/carte", "marches/lignes/1"):
        assert client.get(f"/donnees/{path}").status_code == 403
    assert client.get(kept).status_code == 403
    assert client.get(f"/integre/{kept.rsplit('/', 1)[1]}").status_code == 403


def test_tiles_hold_what_is_placed_and_are_kept_by_readers(client, small_territory):
    published()
    published("suite", MANY.replace("range(700)", "range(4000)"))
    one = client.get("/api/tiles/marches/10/527/375.mvt")

    assert one["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert all(word in one.content for word in (b"rows", "Marché du Prado".encode(), b"citycode"))
    assert client.get("/api/tiles/marches/10/527/375.mvt", headers={"If-None-Match": one["ETag"]}).status_code == 304
    assert b"Prado" not in client.get("/api/tiles/marches/10/527/375.mvt?etals.de=100").content
    assert client.get("/api/tiles/marches/10/0/0.mvt").status_code == 204
    assert client.get("/api/tiles/marches/3/8/0.mvt").status_code == 404
    heaps = client.get("/api/tiles/suite/8/131/93.mvt").content
    assert b"lieu" not in heaps
    # From afar, a tile with few of many rows is made as those beside it; from near, each row is there.
    whole = [client.get(f"/api/tiles/suite/11/{x}/{y}.mvt").content for x in range(1053, 1058) for y in range(746, 751)]
    assert not any(b"lieu" in each for each in whole)
    assert b"lieu" in client.get("/api/tiles/suite/14/8442/5995.mvt").content
    assert 100 < len(heaps) < 100_000
    described = client.get("/api/tiles/suite.json?reste.de=2").json()
    assert described["tiles"] == ["http://testserver/api/tiles/suite/{z}/{x}/{y}.mvt?reste.de=2"]


def test_a_visitor_is_told_why_keeping_a_view_asks_for_a_sign_in(client):
    published()
    page = read(client.get("/donnees/marches/garder/chart", follow=True).content.decode())
    assert "Garder une vue demande de se connecter" in page.one("p", class_="note").words
    plain = read(client.get("/connexion").content.decode())
    assert not plain.all("p", class_="note")


def test_what_changed_from_a_version_to_the_next_is_shown_row_by_row(look):
    published()
    published(sql=MARKETS.replace("120", "150").replace("'Marché du Prado'", "'Marché de nuit'"))
    page = look("marches/versions/2")
    corrected, *others = page.all("table")
    assert [[each.words for each in row.inside] for row in corrected.one("tbody").inside] == [
        ["Marché de la Plaine", "Etals", "120", "150"]
    ]
    assert [table.one("tbody").all("tr")[0].inside[1].words for table in others] == [
        "Marché de nuit",
        "Marché du Prado",
    ]
    assert "Rien avant" in look("marches/versions/1").one("main").words
    assert look("marches/origine").all("a", href="/donnees/marches/versions/2")
    look("marches/versions/3", status=404)


def test_columns_that_do_not_name_rows_leave_them_added_and_removed(look):
    published("suite", "SELECT 'x' AS nom, n FROM (VALUES (1), (1), (2)) t(n)", point=None)
    published("suite", "SELECT 'x' AS nom, n FROM (VALUES (1), (2), (2)) t(n)", point=None)
    page = look("suite/versions/2")
    assert [[cell.words for cell in row.inside] for table in page.all("table") for row in table.one("tbody").inside] == [
        ["x", "2"], ["x", "1"],
    ]  # fmt: skip
