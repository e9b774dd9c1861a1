"""What is handed over of a request: the whole to the authority, no address without a yes, nothing that names in the open."""

from uuid import uuid4

import pytest

from lacydon.capabilities.requests.actions.opening import Where, open_request
from lacydon.kernel.access import NOBODY
from tests.capabilities.requests import made
from tests.capabilities.requests.delivery import handing
from tests.capabilities.trust import people

pytestmark = pytest.mark.django_db
PAGES = [
    {
        "id": "une",
        "title": {"fr": "Une page"},
        "fields": [
            {"id": "lieu", "type": "place", "label": {"fr": "Où ?"}},
            {"id": "quoi", "type": "longtext", "label": {"fr": "Quoi ?"}},
            {
                "id": "taille",
                "type": "choice",
                "label": {"fr": "Taille"},
                "options": [{"value": "l", "label": {"fr": "Grand"}}, {"value": "s", "label": {"fr": "Petit"}}],
            },
            {"id": "jours", "type": "number", "label": {"fr": "Depuis"}, "unit": "jours"},
            {"id": "nom", "type": "text", "label": {"fr": "Nom"}, "datum": "person.family-name"},
            {"id": "courriel", "type": "email", "label": {"fr": "Courriel"}, "datum": "person.email"},
            {
                "id": "accord",
                "type": "consent",
                "required": False,
                "label": {"fr": "D’accord"},
                "datum": "contact.share",
            },
        ],
    }
]
ANSWERS = {
    "lieu": {"lon": 5.1, "lat": 43.1, "label": "12 rue de la République"},
    "quoi": "Appelez Mme Nadia Bel au 06 12 34 56 78 : le couvercle est arraché.",
    "taille": "l",
    "jours": "3",
    "nom": "Bel",
    "courriel": "nadia@exemple.fr",
}


def sent(theirs, *, kind="report", **answers):
    form = made.form(f"bac-{kind}", pages=PAGES, kind=kind)
    form.digest = uuid4().hex * 2  # forms are held in memory by their digest
    form.save()
    people.organisation(made.BODY)
    open_request(
        actor=NOBODY,
        organisation=made.BODY,
        submission=uuid4(),
        form=form,
        where=Where(citycode="97001", lon=5.1, lat=43.1),
        answers=ANSWERS | answers,
        contact={"email": "autre@exemple.fr", "phone": "+33611111111"},
    )
    handing.work()
    return theirs.tried[-1]


def test_the_authority_gets_the_whole_in_words_and_as_it_is_kept(theirs):
    parcel = sent(theirs)
    words = dict(parcel.words)
    assert (words["Taille"], words["Depuis"].replace("\u00a0", " "), words["Nom"]) == ("Grand", "3 jours", "Bel")
    assert parcel.answers == ANSWERS and parcel.address == "12 rue de la République"
    assert parcel.description == ANSWERS["quoi"]
    assert parcel.as_json()["place"]["point"] == {"lon": 5.1, "lat": 43.1}


def test_nobody_is_named_in_what_everybody_may_read(theirs):
    text = sent(theirs).open_text
    assert "le couvercle est arraché" in text and "Taille : Grand" in text
    for secret in ("Nadia", "06 12", "Bel", "exemple.fr"):
        assert secret not in text


def test_what_was_chosen_in_a_request_is_not_for_everybody(theirs):
    assert "Grand" not in sent(theirs, kind="request").open_text


def test_how_to_reach_somebody_is_given_with_their_yes_only(theirs):
    assert sent(theirs).contact is None
    contact = sent(theirs, accord=True).contact
    assert (contact.family_name, contact.email, contact.phone) == ("Bel", "nadia@exemple.fr", "+33611111111")
    assert "nadia" not in repr(theirs.tried[-1])
