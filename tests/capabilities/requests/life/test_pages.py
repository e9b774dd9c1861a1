"""The pages of a resident about their requests: read strictly, acted on through the client, closed to others."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lacydon.capabilities.requests.actions import decisions, documents, messages
from lacydon.capabilities.requests.actions.enclosing import Sent
from lacydon.capabilities.requests.models import Attachment, Request, RequestState
from lacydon.capabilities.requests.pages import status
from lacydon.capabilities.requests.queries.satisfaction import rating_token
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel import clock
from tests import markup
from tests.capabilities.requests import made
from tests.capabilities.requests.life.test_acts import PDF
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import Help

pytestmark = pytest.mark.django_db
MINE = "/mon-espace/demandes"


@pytest.fixture
def me():
    person = people.resident()
    return people.actor(person), people.signed_in(people.visitor(), person)


def words(answer) -> str:
    return (
        unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
    )


def shown(client, address: str, status: int = 200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:300]
    page = markup.read(answer.content.decode())
    assert len(page.all("h1")) == 1
    return page, words(answer)


def test_what_waits_comes_first_then_what_goes_on_then_what_is_over(me):
    actor, client = me
    _page, said = shown(client, MINE)
    assert "Aucune demande pour l’instant" in said
    agent = made.agent()
    going, waiting, over = (made.opened(actor=actor).request.number for _turn in range(3))
    other = made.opened(actor=made.resident()).request.number
    documents.ask_document(actor=agent, number=waiting, revision=None, what="Acte")
    decisions.decide(actor=agent, number=over, revision=None, outcome="accepted", reason="")
    _page, said = shown(client, MINE)
    assert said.index(waiting) < said.index(going) < said.index(over)
    assert other not in said
    assert "En attente de vous" in said and "Donner mon avis" in said
    _page, said = shown(client, "/mon-espace")
    assert said.index("En attente de vous") < said.index("Reçue")


def test_the_whole_conversation_goes_through_the_page(me):
    actor, client = me
    agent = made.agent()
    number = made.opened(actor=actor, words="Une place, s’il vous plaît").request.number
    until = clock.today() + timedelta(days=9)
    row = documents.ask_document(
        actor=agent, number=number, revision=None, what="Avis d’impôt", why="Pour le tarif", until=until
    )
    _page, said = shown(client, f"{MINE}/{number}")
    assert "On vous demande : Avis d’impôt" in said and "Pour le tarif" in said and "Une place, s’il vous plaît" in said
    empty = client.post(f"{MINE}/{number}/pieces/{row.pk}", {"words": ""})
    assert empty.status_code == 422 and "Choisissez un fichier" in words(empty)
    markup.read(empty.content.decode())
    answer = client.post(
        f"{MINE}/{number}/pieces/{row.pk}", {"files": SimpleUploadedFile("avis.pdf", PDF)}, follow=True
    )
    assert "C’est donné" in words(answer)
    assert Request.objects.get().state == RequestState.IN_PROGRESS
    client.post(f"{MINE}/{number}/message", {"words": "Voilà <b>tout</b>"})
    _page, said = shown(client, f"{MINE}/{number}")
    assert "Voilà <b>tout</b>" in said and "avis.pdf" in said
    file = Attachment.objects.get()
    download = client.get(f"{MINE}/{number}/fichiers/{file.pk}")
    assert download.content == PDF and "attachment" in download["Content-Disposition"]


def test_what_agents_have_here_is_not_said_to_be_on_its_way(me):
    actor, client = me
    number = made.opened(actor=actor).request.number
    page, said = shown(client, f"{MINE}/{number}")
    assert "Elle est arrivée" in said and "transmettons" not in said
    assert [each.words for each in page.one("ol", class_="stages").all("li")] == ["Reçue", "Prise en charge", "Réponse"]


def test_a_message_that_is_refused_comes_back_with_what_was_typed(me):
    actor, client = me
    number = made.opened(actor=actor).request.number
    answer = client.post(f"{MINE}/{number}/message", {"words": "x" * 4001})
    assert answer.status_code == 422
    page = markup.read(answer.content.decode())
    assert page.one("textarea", id="message").text == "x" * 4001
    assert "Écrivez moins long" in words(answer)
    assert Request.objects.get().steps.count() == 1


def test_a_refusal_is_read_with_its_reason_disputed_and_kept_as_a_letter(me):
    actor, client = me
    number = made.opened(actor=actor).request.number
    decisions.decide(actor=made.agent(), number=number, revision=None, outcome="refused", reason="Hors délai")
    _page, said = shown(client, f"{MINE}/{number}")
    assert "Refusée" in said and "Hors délai" in said and "recours gracieux" in said
    letter = client.get(f"{MINE}/{number}/decision.pdf")
    assert letter.content.startswith(b"%PDF-")
    client.post(f"{MINE}/{number}/avis", {"rating": "2", "comment": "Trop sec"})
    assert Request.objects.get().rating == 2
    answer = client.post(f"{MINE}/{number}/rouvrir", {"reason": "Le délai était le 12"}, follow=True)
    assert "Recours gracieux : la demande est rouverte" in words(answer)
    row = Request.objects.get()
    assert (row.state, row.silence, row.due_at > clock.now() + timedelta(days=55)) == ("in-progress", "reject", True)
    assert client.get(f"{MINE}/{number}/decision.pdf").status_code == 404


def test_it_is_withdrawn_in_two_steps(me):
    actor, client = me
    number = made.opened(actor=actor).request.number
    shown(client, f"{MINE}/{number}/retirer")
    assert Request.objects.get().open
    answer = client.post(f"{MINE}/{number}/retirer", {"reason": ""}, follow=True)
    assert "Votre demande est retirée" in words(answer)
    assert client.get(f"{MINE}/{number}/retirer").status_code == 302


@pytest.mark.parametrize("path", ["", "/retirer", "/decision.pdf", "/fichiers/00000000-0000-4000-8000-000000000000"])
def test_somebody_elses_request_is_not_there_even_for_the_agent_in_charge(path):
    number = made.opened(actor=made.resident()).request.number
    body = people.organisation(made.BODY)
    stranger = people.signed_in(people.visitor(), people.resident())
    agent = people.signed_in(
        people.visitor(), people.agent(organisation=body, roles=("requests.agent",)), organisation=body.id
    )
    assert stranger.get(f"{MINE}/{number}{path}").status_code == 404
    assert agent.get(f"{MINE}/{number}{path}").status_code in (403, 404)
    assert stranger.post(f"{MINE}/{number}/message", {"words": "x"}).status_code == 404
    assert Request.objects.get().steps.count() == 1


def test_internal_notes_and_their_files_are_not_shown_to_the_resident(me):
    from lacydon.capabilities.requests.actions.enclosing import enclose, looked_at
    from lacydon.capabilities.requests.actions.moving import changing

    actor, client = me
    number = made.opened(actor=actor).request.number
    with changing(actor=made.agent(), action="request.handle", number=number) as change:
        step = change.note("note", words="Entre nous", public=False)
        (file,) = enclose(step, looked_at([Sent("note.pdf", PDF)]), field="note")
    _page, said = shown(client, f"{MINE}/{number}")
    assert "Entre nous" not in said
    assert client.get(f"{MINE}/{number}/fichiers/{file.pk}").status_code == 404


def test_a_helper_acts_for_somebody_and_it_is_said(db):
    help_ = Help()
    number = made.opened(actor=help_.me, form=made.form("aide", themes=["logement"])).request.number
    hidden = made.opened(actor=help_.me, form=made.form("ecole", themes=["sante"])).request.number
    held = help_.confirmed(themes=["logement"])
    client = people.signed_in(people.visitor(), help_.zoe, organisation=help_.body.id)
    client.post(f"/mandats/{held.reference}/prendre")
    _page, said = shown(client, MINE)
    assert number in said and hidden not in said
    assert client.get(f"{MINE}/{hidden}").status_code == 404
    _page, said = shown(client, f"{MINE}/{number}")
    assert "par la personne que vous aidez" in said
    client.post(f"{MINE}/{number}/message", {"words": "Nous arrivons"})
    mine = people.signed_in(people.visitor(), help_.resident)
    _page, said = shown(mine, f"{MINE}/{number}")
    assert "Nous arrivons" in said and re.search(r"par [^,]*\(maison\) pour vous", said)
    read = Entry.objects.filter(action="request.read", subject=help_.resident.pk)
    assert {str(each.mandate) for each in read} == {str(held.pk)}
    step = messages.send_message(actor=help_.me, number=number, words="Voici", attachments=[Sent("note.pdf", PDF)])
    before, file = read.all().count(), Attachment.objects.get(step=step)
    assert client.get(f"{MINE}/{number}/fichiers/{file.pk}").status_code == 200
    assert read.all().count() == before + 1, "a file read for somebody is in the journal as well"


# Without an account.


def followed(client, opened):
    return client.post("/suivi", {"numero": opened.request.number.lower(), "code": opened.secret.replace("-", "")})


def test_by_number_and_secret_one_reads_and_does_all_the_same(client):
    opened = made.opened(words="Sans compte")
    number = opened.request.number
    assert client.get(f"/suivi/{number}").status_code == 302
    answer = followed(client, opened)
    assert answer["Location"] == f"/suivi/{number}"
    _page, said = shown(client, f"/suivi/{number}")
    assert "Sans compte" in said and "Mes demandes" not in said
    client.post(f"/suivi/{number}/message", {"words": "Alors ?"})
    row = documents.ask_document(actor=made.agent(), number=number, revision=None, what="Photo")
    client.post(f"/suivi/{number}/pieces/{row.pk}", {"words": "Je n’en ai pas"})
    assert Request.objects.get().state == RequestState.IN_PROGRESS
    decisions.decide(actor=made.agent(), number=number, revision=None, outcome="partly", reason="À moitié")
    assert client.get(f"/suivi/{number}/decision.pdf").content.startswith(b"%PDF-")
    client.post(f"/suivi/{number}/avis", {"rating": "4"})
    client.post(f"/suivi/{number}/rouvrir", {"reason": "L’autre moitié"})
    client.post(f"/suivi/{number}/retirer", {})
    row = Request.objects.get()
    assert (row.outcome, row.reopened) == ("withdrawn", 1)
    assert not Entry.objects.exclude(actor=None).filter(action="request.write").exists()


def test_the_secret_is_asked_for_again_after_a_while(client, monkeypatch):
    opened = made.opened()
    followed(client, opened)
    later = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr(status, "now", lambda: later)
    assert client.get(f"/suivi/{opened.request.number}").status_code == 302


def test_a_wrong_secret_and_a_number_that_does_not_exist_are_told_alike_and_tried_a_few_times_only(client):
    number = made.opened().request.number
    answers = [
        client.post("/suivi", {"numero": typed, "code": "AAAA-BBBB-CCCC"}) for typed in (number, "R-2026-AAAAAA")
    ]
    told = [words(each).replace(number, "").replace("R-2026-AAAAAA", "") for each in answers]
    assert [each.status_code for each in answers] == [404, 404] and told[0] == told[1]
    for _turn in range(10):
        last = client.post("/suivi", {"numero": number, "code": "AAAA-BBBB-CCCC"})
    assert last.status_code == 429


def test_the_link_of_a_message_fills_the_form_in_and_opens_nothing_by_itself(client):
    opened = made.opened(words="canari")
    page, said = shown(client, f"/suivi?numero={opened.request.number}&code={opened.secret}")
    assert page.one("input", id="code").attributes["value"] == opened.secret
    assert "canari" not in said


def test_rated_from_a_message_in_one_click_once(client):
    number = made.opened(form=made.form("bac", kind="report")).request.number
    decisions.close_report(actor=made.agent(), number=number, revision=None, solved=True)
    link = f"/suivi/{number}/avis/{rating_token(Request.objects.get())}"
    shown(client, link)
    assert client.post(link, {"rating": ""}).status_code == 422
    assert "Merci" in words(client.post(link, {"rating": "5"}))
    assert client.post(link, {"rating": "1"}).status_code == 409
    assert Request.objects.get().rating == 5
    assert client.get(f"/suivi/{number}/avis/{'0' * 32}").status_code == 404


def test_pages_are_in_english_too(me):
    actor, client = me
    number = made.opened(actor=actor).request.number
    messages.send_message(actor=made.agent(), number=number, words="Bonjour")
    page, _said = shown(client, f"/en{MINE}/{number}")
    assert "Try" in page.one("h1").words
