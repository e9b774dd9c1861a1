"""The pages of mandates, as residents, helpers and checking agents go through them."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from lacydon.capabilities.trust.actions import mandates
from lacydon.capabilities.trust.actions.mandates.codes import screen_code, sent_code, stop_code
from lacydon.capabilities.trust.models import Entry, Mandate
from lacydon.kernel import clock
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import HELPER, Help, moving_clock, named_agent, terms, verified_contact
from tests.markup import read

pytestmark = pytest.mark.django_db


OURS = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form of this site."""


class Visitor:
    """A browser that keeps a session and sends the token its last page had, as forms do."""

    def __init__(self, person, organisation=""):
        self.client = people.signed_in(
            Client(enforce_csrf_checks=True, headers=OURS), person, organisation=organisation
        )
        self.token = ""

    def get(self, path, status=200):
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        html = answer.content.decode()
        if found := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html):
            self.token = found[1]
        return read(html)

    def post(self, path, status=302, token=None, **fields):
        answer = self.client.post(path, {"csrfmiddlewaretoken": token or self.token, **fields})
        assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:3000])
        return answer


@pytest.fixture
def help_(small_territory):
    made = Help()
    named_agent(made.zoe, organisation="maison", given="Zoé", family="Martin")
    return made


@pytest.fixture
def lou(help_):
    return Visitor(help_.resident)


@pytest.fixture
def zoe(help_):
    return Visitor(help_.zoe, "maison")


@pytest.fixture
def ali(help_):
    return Visitor(help_.ali, "maison")


def test_a_resident_gives_reads_accepts_and_stops(help_, lou, zoe):
    assert "Personne ne peut agir pour vous" in lou.get("/mon-espace/mandats").words
    assert lou.get("/mon-espace/mandats/nouveau?lieu=MAISON").all("a", href="/mon-espace/mandats/nouveau/maison")
    assert "Aucun lieu" in lou.get("/mon-espace/mandats/nouveau?lieu=zzz").words
    form = lou.get("/mon-espace/mandats/nouveau/maison")
    assert not [each for each in form.all("input", name="themes") if "checked" in each.attributes]
    checked = [each.attributes["value"] for each in form.all("input", name="days") if "checked" in each.attributes]
    assert checked == ["1"]
    draft = lou.post(
        "/mon-espace/mandats/nouveau/maison", themes="logement", days="1", write="oui", helper=str(help_.zoe.id)
    )
    page = lou.get(draft.url)
    assert "Zoé Martin" in page.words
    assert Mandate.objects.get().confirmed_at is None
    seen = page.one("input", name="seen").attributes["value"]
    lou.post(draft.url, seen="0" * 64)
    assert "Le texte a changé" in lou.get(draft.url).words
    assert lou.post(draft.url, seen=seen, name="Lou").url == "/mon-espace/mandats"
    mandate = Mandate.objects.get()
    assert lou.client.get(draft.url).url == f"/mon-espace/mandats/{mandate.reference}"  # back, after yes
    assert "Lou" in zoe.get("/agent/aide").words
    page = lou.get("/mon-espace/mandats")
    assert "Zoé Martin" in page.words
    lou.post(f"/mon-espace/mandats/{mandate.reference}/arreter")  # one click, no page between
    mandate.refresh_from_db()
    assert mandate.revoked_way == "principal"
    page = lou.get("/mon-espace/mandats")
    assert "C’est arrêté" in page.words
    assert "Mandats finis" in page.words


def test_a_wrong_form_is_shown_again_with_what_was_typed(help_, lou):
    lou.get("/mon-espace/mandats/nouveau/maison")
    page = read(lou.post("/mon-espace/mandats/nouveau/maison", status=422, days="7", easy="oui").content.decode())
    assert "Choisissez au moins un sujet" in page.one("p", id="themes-wrong").words
    assert [e.attributes["value"] for e in page.all("input", name="days") if "checked" in e.attributes] == ["7"]
    assert Mandate.objects.count() == 0


def test_in_presence_the_code_of_one_screen_is_typed_on_the_other(help_, lou, zoe):
    zoe.get("/agent/aide/preparer")
    draft = zoe.post("/agent/aide/preparer", themes="logement", days="1", write="oui", evidence="presence")
    page = zoe.get(draft.url)
    code = page.one("p", class_="tel").words
    assert "Je ne demande jamais votre mot de passe" in page.words
    lou.get("/mon-espace/mandats/code")
    refused = read(lou.post("/mon-espace/mandats/code", status=422, code="AAAA-AAAA").content.decode())
    assert refused.one("input", id="code").attributes["aria-invalid"] == "true"
    page = read(lou.post("/mon-espace/mandats/code", status=200, code=code.lower()).content.decode())
    assert "Zoé Martin" in page.words
    assert Mandate.objects.get().confirmed_at is None
    lou.post("/mon-espace/mandats/code", code=code, seen=page.one("input", name="seen").attributes["value"], name="Lou")
    assert "Lou" in zoe.get("/agent/aide").words


def test_a_code_is_not_guessed(help_, lou):
    lou.get("/mon-espace/mandats/code")
    for _each in range(10):
        lou.post("/mon-espace/mandats/code", status=422, code="AAAA-AAAA")
    draft = help_.drafted()
    answer = lou.post("/mon-espace/mandats/code", status=422, code=screen_code(draft))
    assert "Trop d’essais" in answer.content.decode()


def test_a_colleague_does_not_see_the_code(help_, ali):
    draft = help_.drafted()
    assert screen_code(draft) not in ali.get(f"/agent/aide/{draft.reference}").words


def test_by_a_code_sent(help_, zoe):
    verified_contact(help_.resident, "lou@example.org")
    zoe.get("/agent/aide/preparer")
    draft = zoe.post("/agent/aide/preparer", themes="logement", days="1", evidence="code", contact="lou@example.org")
    zoe.get(draft.url)
    mandate = Mandate.objects.get()
    answer = zoe.post(f"{draft.url}/code", status=422, code="000000x")
    assert "Ce n’est pas le code" in answer.content.decode()
    assert zoe.post(f"{draft.url}/code", code=sent_code(mandate), name="Lou").url == "/agent/aide"
    assert "Lou" in zoe.get("/agent/aide").words


def test_on_paper_a_colleague_checks(help_, zoe, ali):
    zoe.get("/agent/aide/preparer")
    draft = zoe.post(
        "/agent/aide/preparer", themes="logement", days="1", evidence="paper", name="Mme Roux", paper="D12"
    )
    zoe.get(draft.url)
    zoe.post(f"{draft.url}/temoin")
    assert "Un collègue doit vérifier" in zoe.get(draft.url).words
    assert "Un collègue vous demande" in ali.get("/agent/aide").words
    ali.get(draft.url)
    ali.post(f"{draft.url}/temoin")
    assert "Mme Roux" in zoe.get("/agent/aide").words


def taken(help_, zoe, **changed):
    mandate = help_.given(**changed)
    zoe.get("/agent/aide")
    zoe.post(f"/mandats/{mandate.reference}/prendre")
    return mandate


def test_taking_in_hand_and_handing_back(help_, zoe):
    one, other = taken(help_, zoe), help_.given()
    page = zoe.get("/agent/aide")
    assert "J’ai fini" in page.words
    assert not page.all("form", action=f"/mandats/{other.reference}/prendre")
    for path in ("/", "/agent/aide", "/mon-espace/justificatifs"):
        assert "Rendre la main" in zoe.get(path).one("aside", class_="acting").words
    zoe.post(f"/mandats/{other.reference}/prendre", status=403)
    assert zoe.client.session["mandate"] == str(one.pk)
    zoe.post("/mandats/rendre")
    assert "mandate" not in zoe.client.session
    assert not zoe.get("/").all("aside", class_="acting")
    assert zoe.client.session["person"] == str(help_.zoe.id)


def test_with_a_mandate_the_space_leads_to_what_it_opens_and_to_nothing_else(help_, zoe):
    taken(help_, zoe)
    page = zoe.get("/mon-espace")
    led = {each.attributes["href"] for each in page.one("main").all("a")}
    assert {"/mon-espace/demandes", "/mon-espace/justificatifs", "/demarches"} <= led
    assert not led & {"/mon-espace/securite", "/mon-espace/coordonnees", "/mon-espace/mandats", "/mon-espace/acces"}
    for each in led:
        zoe.get(each)
    assert "Sécurité" not in zoe.get("/mon-espace/demandes").one("nav", aria_label="Mon espace").words


def test_a_mandate_without_reading_leads_to_no_list(help_, zoe):
    taken(help_, zoe, limits=["read"])
    main = zoe.get("/mon-espace").one("main")
    assert "ne permet pas de les lire" in main.words
    led = {each.attributes["href"] for part in main.all("section") for each in part.all("a")}
    assert led == {"/demarches"}


def nothing_written(before):
    assert (Entry.objects.count(), Mandate.objects.count()) == before


def written():
    return Entry.objects.count(), Mandate.objects.count()


def test_a_mandate_revoked_is_used_in_a_second_tab(help_, zoe):
    mandate = taken(help_, zoe)
    zoe.get("/agent/aide")  # the second tab is open
    mandates.revoke(actor=help_.me, reference=mandate.reference)
    before = written()
    answer = zoe.post("/mon-espace/mandats/nouveau/maison", themes="logement", days="1")
    assert answer.url == "/mandats/fini"
    page = zoe.get("/mandats/fini")
    assert "n’a pas été enregistré" in page.words
    nothing_written(before)
    assert zoe.get("/mandats/fini").all("form", action="/mandats/rendre")
    banner = zoe.get("/").one("aside", class_="acting").words
    assert "n’est plus valable" in banner and "Vous agissez" not in banner
    zoe.post("/mandats/rendre")
    assert "mandate" not in zoe.client.session
    zoe.get("/agent/aide")


def test_a_form_shown_for_one_person_is_not_kept_for_another(help_, zoe):
    taken(help_, zoe)
    zoe.get("/agent/aide")
    old = zoe.token
    zoe.post("/mandats/rendre")
    before = written()
    answer = zoe.post("/mon-espace/mandats/nouveau/maison", status=403, token=old, themes="logement", days="1")
    assert "Rien n’a été enregistré" in answer.content.decode()
    nothing_written(before)


def test_left_in_hand_for_half_an_hour_it_is_dropped(help_, zoe, monkeypatch):
    mandate = taken(help_, zoe)
    later = moving_clock(monkeypatch)
    for _each in range(3):  # visits keep it
        later(minutes=20)
        assert "J’ai fini" in zoe.get("/agent/aide").words
    later(minutes=30)
    before = written()
    assert zoe.post("/mon-espace/mandats/nouveau/maison", themes="logement", days="1").url == "/mandats/fini"
    assert "trente minutes" in zoe.get("/mandats/fini").words
    nothing_written(before)
    zoe.post("/mandats/rendre")
    zoe.get("/agent/aide")
    zoe.post(f"/mandats/{mandate.reference}/prendre")
    assert zoe.client.session["mandate"] == str(mandate.pk)


def test_the_resident_sees_each_act_by_whom_for_them(help_, lou, zoe):
    mandate = taken(help_, zoe)
    with mandates.acting(
        actor=help_.in_hand(mandate), action="proof.give", named="proof:1", purpose="logement"
    ):  # fmt: skip
        pass
    page = lou.get(f"/mon-espace/mandats/{mandate.reference}")
    assert "Zoé Martin a donné un justificatif" in page.words
    assert "Zoé Martin a commencé à agir pour vous" in page.words
    assert "maison" in page.words


def test_many_acts_are_paged(help_, lou):
    mandate = help_.given()
    for _each in range(21):
        with mandates.acting(actor=help_.in_hand(mandate), action="proof.see", named="proof:1", purpose="x"):
            pass
    first = lou.get(f"/mon-espace/mandats/{mandate.reference}")
    assert len(first.all("ul", class_="ticks")[0].all("li")) == 20
    assert "Plus ancien" not in lou.get(f"/mon-espace/mandats/{mandate.reference}?page=2").words


@pytest.mark.parametrize("path", ["", "/lire"])
def test_somebody_elses_mandate_is_not_found(help_, path):
    stranger = Visitor(people.resident())
    stranger.get(f"/mon-espace/mandats/{help_.given().reference}{path}", status=404)


def test_another_body_sees_nothing(help_):
    other = people.organisation("ailleurs", kind="help", themes=["logement"])
    stranger = Visitor(people.agent(organisation=other, roles=(HELPER,)), "ailleurs")
    for mandate in (help_.given(), help_.drafted()):
        stranger.get(f"/agent/aide/{mandate.reference}", status=404)
    assert "Aucun mandat" in stranger.get("/agent/aide").words


def test_the_stop_page_shows_then_stops_without_a_sign_in(help_):
    mandate = help_.given()
    nobody = Client(enforce_csrf_checks=True, headers=OURS)
    path = f"/mandats/stop/{stop_code(mandate)}"
    page = nobody.get(path)
    assert page.status_code == 200
    words = read(page.content.decode()).words
    assert mandate.reference in words
    assert "Zoé" not in words
    mandate.refresh_from_db()
    assert mandate.revoked_at is None  # a mail reader that follows links stops nothing
    assert "Le mandat est arrêté" in nobody.post(path).content.decode()
    mandate.refresh_from_db()
    assert mandate.revoked_way == "code"
    assert nobody.post(path).status_code == 200
    assert nobody.get("/mandats/stop/0000-0000-0000").status_code == 404
    assert nobody.get("/mandats/stop", {"code": stop_code(mandate).lower()}).status_code == 302
    assert nobody.get("/mandats/stop").status_code == 200


def test_stop_codes_are_not_guessed(help_):
    nobody = Client(headers=OURS)
    for _each in range(30):
        nobody.get("/mandats/stop/0000-0000-0000")
    answer = nobody.post(f"/mandats/stop/{stop_code(help_.given())}")
    assert answer.status_code == 429
    assert Mandate.objects.get().revoked_at is None


def test_at_the_counter(help_, ali):
    mandate = help_.given()
    ali.get("/agent/aide/guichet")
    ali.post("/agent/aide/guichet", status=422, reference=mandate.reference, paper=" ")
    ali.post("/agent/aide/guichet", reference=mandate.reference, paper="Lettre 4")
    mandate.refresh_from_db()
    assert mandate.revoked_way == "counter"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("enfant", {"born": "2018-05-03"}),
        ("protege", {"until": "2027-01-31"}),
        ("entreprise", {"siren": "732829320"}),
    ],
)
def test_declared_then_checked(help_, lou, kind, fields):
    town = people.organisation("mairie")
    agent = Visitor(people.agent(organisation=town, roles=("trust.verifier",)), "mairie")
    lou.get(f"/mon-espace/mandats/declarer/{kind}")
    said = {"me": "Dan", "name": "Iris", "paper": "Acte 7", "authority": "mairie", "themes": "famille", "write": "oui"}
    refused = lou.post(f"/mon-espace/mandats/declarer/{kind}", status=422, **said | dict.fromkeys(fields, "x"))
    assert "aria-invalid" in refused.content.decode()
    lou.post(f"/mon-espace/mandats/declarer/{kind}", **said, **fields)
    mandate = Mandate.objects.get()
    assert mandate.reference in agent.get("/agent/mandats-a-verifier").words
    page = agent.get(f"/agent/mandats-a-verifier/{mandate.reference}")
    assert all(each in page.words for each in ("Iris", "Acte 7", "Dan"))
    assert Entry.objects.filter(action="mandate.check", subject=mandate.principal_id).count() == 1
    agent.post(f"/agent/mandats-a-verifier/{mandate.reference}", decision="oui")
    lou.get("/mon-espace/mandats")
    lou.post(f"/mandats/{mandate.reference}/prendre")
    assert lou.client.session["mandate"] == str(mandate.pk)
    assert lou.get("/mon-espace/mandats").all("form", action="/mandats/rendre")


def test_the_protected_person_contests(help_):
    until = clock.today() + timedelta(days=100)
    people.organisation("mairie")
    mandate = mandates.declare_guardian(
        actor=people.actor(help_.zoe), me="Dan", name="Léo", until=until, paper="RG", authority="mairie",
        terms=terms(themes=["argent"]),
    )  # fmt: skip
    agent = people.actor(
        people.agent(organisation=people.organisation("mairie"), roles=("trust.verifier",)), organisation="mairie"
    )
    mandates.verify(actor=agent, reference=mandate.reference)
    protected = Visitor(people.Person.objects.get(pk=mandate.principal_id))
    page = protected.get(f"/mon-espace/mandats/{mandate.reference}")
    assert not page.all("form", action=f"/mon-espace/mandats/{mandate.reference}/arreter")
    protected.post(f"/mon-espace/mandats/{mandate.reference}/contester", words="Non.")
    mandate.refresh_from_db()
    assert mandate.contested_at
