"""A place pointed at on the plan, as a browser without JavaScript does: presses send pixels, buttons send what they do."""

import re

import pytest

from lacydon.capabilities.requests.models import Draft
from lacydon.capabilities.requests.queries.drafts import draft
from lacydon.kernel.access import NOBODY
from lacydon.kernel.ui.plans import HEIGHT, WIDTH, View
from tests.capabilities.requests import made as core
from tests.capabilities.territory.invented import imported, street
from tests.capabilities.trust import people

from .made import Filler, field, page, published

pytestmark = pytest.mark.django_db
NEAR = View.at(5.102, 43.1, 3)


@pytest.fixture
def there(client, small_territory):
    """The first page of a form that asks where, its plan open and near the Rue des Lilas."""
    people.organisation(core.BODY)
    imported(street())
    published(page("lieu", field("ou", "place"), field("mots")), page("fin", field("nom")))
    filler = Filler(client).send(faire="plan:ou:voir")
    filler.at = lambda view=NEAR, **more: filler.send(**{"ou-vue": view.name, "mots": "Un trou"} | more)
    return filler


def press(x, y):
    """What a browser adds when an image is pressed; no button is named."""
    return {"ou-plan.x": str(x), "ou-plan.y": str(y), "faire": ""}


def told(there):
    return there.page.one("div", class_="told").words


def view_of(there):
    return View.named(there.form()[1]["ou-vue"][0])


def test_it_is_opened_when_asked_and_closed_again(client, small_territory):
    published(page("lieu", field("ou", "place")))
    there = Filler(client)
    assert not there.page.all("street-plan") and "plan.js" not in there.text
    there.send(faire="plan:ou:voir")
    [image] = there.page.all("input", type="image")
    assert client.get(image.attributes["src"]).status_code == 200
    assert "Plan des rues" in image.attributes["alt"] and "plan.js" in there.text
    assert image.attributes["formaction"].endswith("#ou-plan") and "#" not in there.form()[0]
    there.send(faire="plan:ou:fermer")
    assert not there.page.all("street-plan")
    assert Draft.objects.count() == 0, "looking at a plan begins no draft"


def test_a_plan_without_a_street_says_so(client, small_territory):
    published(page("lieu", field("ou", "place")))
    there = Filler(client).send(faire="plan:ou:voir")
    assert "Les rues ne sont pas encore sur ce plan" in there.text
    imported(street())
    assert "Les rues ne sont pas encore" not in there.send(faire="plan:ou:plus").text


def test_the_first_view_is_where_the_procedure_is_asked_for(there):
    assert view_of(there) == View.at(5.10, 43.10, 1)
    assert "La croix au milieu : près de 1 Rue des Lilas 97100 Olivette." in told(there)


def test_a_press_puts_the_marker_there_and_says_the_address_and_who_answers(there):
    x, y = (round(each) for each in NEAR.pixel(5.1024, 43.1001))
    there.at(**press(x, y))
    sent = there.form()[1]
    assert (float(sent["ou-lon"][0]), float(sent["ou-lat"][0])) == pytest.approx((5.1024, 43.1001), abs=1e-5)
    assert re.fullmatch(r"\d+ Rue des Lilas 97100 Olivette", sent["ou"][0]) and sent["mots"] == ["Un trou"]
    assert f"près de {sent['ou'][0]}. C’est là que répond :" in told(there)
    [pin] = there.page.all("path", class_="pin")
    assert pin.attributes["transform"] == f"translate({x} {y})"
    assert view_of(there) == NEAR, "close enough: the view stays"


def test_from_far_a_press_comes_closer(there):
    far = View.at(5.10, 43.10, 1)
    there.at(far, **press(*(round(each) for each in far.pixel(5.1024, 43.1001))))
    assert view_of(there).zoom == 2 and view_of(there).shows(5.1024, 43.1001)
    there.at(view_of(there), faire="plan:ou:moins")
    assert view_of(there).zoom == 1


def test_by_keyboard_the_middle_is_moved_told_and_chosen(there):
    there.at(faire="plan:ou:est")
    assert view_of(there) == NEAR.moved("est")
    before = told(there)
    there.at(view_of(there), faire="plan:ou:est")
    assert told(there) != before and "La croix au milieu : près de" in before
    middle = view_of(there)
    there.at(middle, faire="plan:ou:centre")
    sent = there.form()[1]
    assert (float(sent["ou-lon"][0]), float(sent["ou-lat"][0])) == pytest.approx((middle.lon, middle.lat), abs=1e-5)
    there.at(middle, **press(0, 0))  # Enter on the image: browsers say 0, 0
    assert there.form()[1]["ou-lon"] == sent["ou-lon"]


def test_the_choice_survives_errors_drafts_and_corrections(there):
    there.at(**press(WIDTH // 2, HEIGHT // 2))
    label = there.form()[1]["ou"][0]
    there.send(mots="", status=422)
    assert there.form()[1]["ou"] == [label] and there.page.all("street-plan"), "the plan stays open beside an error"
    there.send(mots="Un trou")
    assert there.heading == "Page fin" and Draft.objects.count() == 1
    kept = draft(there.reference, actor=NOBODY).answers["ou"]
    assert kept == {"lon": 5.102, "lat": 43.1, "label": label}
    there.open(f"/brouillons/{there.reference}/questions/lieu")
    assert there.form()[1]["ou"] == [label]
    there.send(faire="plan:ou:voir")
    assert view_of(there) == View.at(5.102, 43.1, 3), "it opens around the marker"
    there.at(faire="plan:ou:ouest").at(view_of(there), faire="plan:ou:centre")
    there.send()
    assert draft(there.reference, actor=NOBODY).answers["ou"]["lon"] < 5.102
    assert Draft.objects.count() == 1


def test_words_typed_after_the_plan_count_and_move_it(there):
    there.at(**press(WIDTH // 2, HEIGHT // 2))
    there.send(ou="4 Rue des Lilas, Olivette", faire="plan:ou:voir")
    assert there.form()[1]["ou"] == ["4 Rue des Lilas 97100 Olivette"]
    assert view_of(there).shows(*(float(there.form()[1][f"ou-{part}"][0]) for part in ("lon", "lat")))


def test_a_point_outside_is_refused_with_a_sentence_and_keeps_the_one_before(there):
    there.at(**press(WIDTH // 2, HEIGHT // 2))
    before = there.form()[1]["ou"]
    there.at(View.at(2.35, 48.85, 3), **press(10, 10))
    assert "Ce point est hors du territoire." in there.troubles[0]
    assert there.form()[1]["ou"] == before


def test_another_commune_than_the_one_said_is_told(there):
    there.at(View.at(5.20, 43.10, 3), faire="plan:ou:centre")
    assert "Ce point est dans une autre commune que celle que vous aviez dite : Le Galet." in told(there)


@pytest.mark.parametrize(
    "sent",
    [
        {"faire": "plan:ou:nulle-part"}, {"faire": "plan:mots:centre"}, {"faire": "plan:"}, {"faire": "plan:autre:voir"},
        {"ou-vue": "9/x,y", "faire": "plan:ou:centre"}, {"ou-vue": "<b>", "faire": "plan:ou:est"}, press("1e9", "-4"),
        press("٣", "7" * 40), {"ou-lon": "nan", "ou-lat": "inf", "ou-known": "a", "ou": "a", "faire": "plan:ou:voir"},
        {"ou-lon": "x", "ou-lat": "", "ou-known": "a", "ou": "a", "faire": "plan:ou:moins"},
    ],
)  # fmt: skip
def test_whatever_is_sent_the_page_answers(there, sent):
    action, form = there.form()
    answer = there.client.post(action, form | {"ou-vue": NEAR.name} | sent)
    assert answer.status_code in (200, 422)


def test_enter_in_a_field_goes_on_rather_than_pressing_the_plan(there):
    form = there.text.partition('<form class="form questions"')[2]
    first = re.search(r'<[^>]*type="(?:submit|image)"[^>]*>', form)
    assert first and 'value="suivre"' in first[0] and " hidden" in first[0]


def test_a_row_of_a_group_has_a_plan_too(client, small_territory):
    imported(street())
    published(page("eux", field("arbres", "group", max="3", fields=[field("ou", "place")])))
    there = Filler(client).send(faire="plan:arbres-0-ou:voir")
    there.send(**{"arbres-0-ou-vue": NEAR.name, "faire": "plan:arbres-0-ou:centre"})
    assert there.form()[1]["arbres-0-ou-lon"] == ["5.102000"]


def test_the_script_is_told_the_same(there, client):
    ask = "/demarches/essai/ici"
    found = client.get(ask, {"lon": "5.1024", "lat": "43.1001", "citycode": "97001"}).json()
    assert "Rue des Lilas" in found["label"] and "C’est là que répond" in found["who"] and not found["trouble"]
    assert "hors du territoire" in client.get(ask, {"lon": "2.35", "lat": "48.85"}).json()["trouble"]
    assert client.get(ask, {"lon": "nan", "lat": "1"}).json()["trouble"]
    assert client.get(ask, {"lon": "là", "lat": "1"}).status_code == 422
    assert client.get("/demarches/nulle-part/ici", {"lon": "5", "lat": "43"}).status_code == 404
