"""Booked once, never beyond what there is, moved and cancelled by a link, told by mail, noted by who receives."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import icalendar
import pytest
from django.db import transaction
from django.utils import timezone

from lacydon.capabilities.requests.actions import appointments, retention
from lacydon.capabilities.requests.errors import NotNow, SlotTaken, UnknownAppointment, WrongAnswers
from lacydon.capabilities.requests.jobs import appointments as jobs
from lacydon.capabilities.requests.models import Appointment, HeldTime
from lacydon.capabilities.requests.queries import appointments as found
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel import mail
from lacydon.kernel.access import NOBODY
from tests.capabilities.requests import made
from tests.capabilities.trust import people

from .meeting import MONDAY, booked, counters, free

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 9, 8, 0, tzinfo=UTC)


@pytest.fixture
def letters(monkeypatch):
    """What the mail server was given: (message, id, files)."""
    sent = []
    monkeypatch.setattr(mail, "hand_over", lambda message, *, id, files=(): sent.append((message, id, list(files))))
    return sent


def test_the_same_booking_is_one_appointment(clock):
    counters(counters=2)
    key = uuid4()
    assert booked(AT, booking=key).pk == booked(AT, booking=key).pk
    assert Appointment.objects.count() == 1 and HeldTime.objects.count() == 4
    assert b"Lou" not in bytes(Appointment.objects.get().sealed)


def test_what_is_not_offered_cannot_be_booked(clock):
    counters()
    for wrong in (AT + timedelta(minutes=5), AT + timedelta(hours=5), AT - timedelta(days=7), AT + timedelta(days=90)):
        with pytest.raises(SlotTaken):
            booked(wrong)
    for fields in ({"name": " "}, {"email": "non"}, {"email": f"{'a' * 250}@exemple.fr"}, {"phone": "0" * 31}):
        with pytest.raises(WrongAnswers):
            booked(AT, **fields)
    assert Appointment.objects.count() == 0


def test_the_database_itself_refuses(clock):
    counters()
    row = booked(AT)
    held = HeldTime.objects.first()
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        HeldTime.objects.create(appointment=row, desk=held.desk, counter=held.counter, at=held.at)


def test_moved_then_cancelled_by_its_link(clock, letters):
    counters()
    row = booked(AT)
    secret = found.secret_of(row)
    with pytest.raises(UnknownAppointment):
        appointments.move(
            actor=NOBODY, number=row.number, secret="AAAA-BBBB-CCCC", starts_at=AT + timedelta(minutes=20)
        )
    other = booked(AT + timedelta(minutes=40))
    with pytest.raises(SlotTaken):
        appointments.move(actor=NOBODY, number=row.number, secret=secret, starts_at=other.starts_at)
    row.refresh_from_db()
    assert row.starts_at == AT and row.held.count() == 4
    moved = appointments.move(actor=NOBODY, number=row.number, secret=secret, starts_at=AT + timedelta(minutes=20))
    assert moved.sequence == 1 and [each.starts_at for each in free(date(2027, 3, 9))] == [AT]
    appointments.cancel(actor=NOBODY, number=row.number, secret=secret)
    appointments.cancel(actor=NOBODY, number=row.number, secret=secret)
    row.refresh_from_db()
    assert (row.state, row.sequence) == ("cancelled", 2) and len(free(date(2027, 3, 9))) == 2
    with pytest.raises(NotNow):
        appointments.move(actor=NOBODY, number=row.number, secret=secret, starts_at=AT)
    assert set(Entry.objects.values_list("action", flat=True)) == {
        "appointment.book", "appointment.move", "appointment.cancel",
    }  # fmt: skip


def test_each_change_is_told_once_with_its_file(clock, letters):
    counters()
    row = booked(AT, name="Zoé O’Neil")
    appointments.tell(appointment=str(row.pk))
    appointments.tell(appointment=str(row.pk))
    ((message, id, (file,)),) = letters
    assert message.to == "lou@exemple.fr" and found.secret_of(row) in message.action.address
    assert message.action.address.startswith("http"), "a link of a letter is whole, whatever the settings"
    calendar = icalendar.Calendar.from_ical(file.content)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST" and event["SEQUENCE"] == 0 and calendar.walk("VTIMEZONE")
    assert event["DTSTART"].params["TZID"] == "Europe/Paris" and event.decoded("DTSTART") == AT
    assert event["ATTENDEE"] == "mailto:lou@exemple.fr"
    appointments.cancel(actor=NOBODY, number=row.number, secret=found.secret_of(row))
    appointments.tell(appointment=str(row.pk))
    gone = icalendar.Calendar.from_ical(letters[1][2][0].content)
    assert gone["METHOD"] == "CANCEL" and gone.walk("VEVENT")[0]["UID"] == event["UID"]
    assert gone.walk("VEVENT")[0]["SEQUENCE"] == 1 and gone.walk("VEVENT")[0]["STATUS"] == "CANCELLED"
    assert letters[1][1] != id


def test_what_no_worker_told_is_found_again(clock, monkeypatch):
    counters()
    row = booked(AT)
    enqueued = []
    monkeypatch.setattr(type(jobs.tell), "enqueue", lambda _job, **arguments: enqueued.append(arguments))
    jobs.tell_late()
    assert enqueued == []
    clock.forward(timedelta(minutes=1))
    jobs.tell_late()
    jobs.tell_late()
    assert enqueued == [{"appointment": str(row.pk)}]


def test_reminded_once_on_the_day_before(clock, letters):
    counters()
    row = booked(AT)
    booked(AT + timedelta(days=1))
    appointments.tell(appointment=str(row.pk))
    assert appointments.remind() == 1 and appointments.remind() == 0
    appointments.tell(appointment=str(row.pk))
    assert [each[0].subject[:6] for each in letters] == ["Rendez", "Rappel"] and letters[1][2] == []
    assert letters[0][1] != letters[1][1]


def test_only_who_receives_sees_and_notes(clock):
    counters()
    row = booked(AT, actor=(person := made.resident()))
    agent, other = made.agent(), made.agent("commune-97002")
    for wrong in (other, person, made.agent(roles=("requests.reader",))):
        with pytest.raises(UnknownAppointment):
            appointments.mark(actor=wrong, number=row.number, state="honoured")
    with pytest.raises(NotNow):
        appointments.mark(actor=agent, number=row.number, state="honoured")
    clock.at = AT + timedelta(minutes=5)
    assert appointments.mark(actor=agent, number=row.number, state="missed").state == "missed"
    assert appointments.mark(actor=agent, number=row.number, state="honoured").state == "honoured"
    names = appointments.read_day(actor=agent, rows=found.of_day("commune-97001", day=AT.date()))
    assert names[row.pk].name == "Lou Martin" and found.of_day("commune-97002", day=AT.date()) == []
    read = Entry.objects.get(action="appointment.read")
    assert str(read.subject) == person.person


def test_an_agent_cancels_and_the_person_is_told(clock):
    counters()
    row = booked(AT)
    appointments.cancel_by_agent(actor=made.agent(), number=row.number)
    row.refresh_from_db()
    assert (row.state, row.to_tell) == ("cancelled", "cancelled") and not HeldTime.objects.exists()


def test_a_name_does_not_stay(clock):
    counters()
    person = made.resident()
    row = booked(AT, actor=person)
    retention.erase(person.person)
    row.refresh_from_db()
    assert (row.state, row.wrapped, row.sealed) == ("cancelled", None, None) or row.starts_at < timezone.now()
    old = booked(AT + timedelta(minutes=20))
    retention.purge(old.ends_at + timedelta(days=91))
    old.refresh_from_db()
    assert old.wrapped is None and found.comer(old).name == "" and not HeldTime.objects.exists()


# Pages, without a script


def test_from_the_motive_to_the_confirmation_and_back(clock, client):
    counters()
    assert b'href="/rendez-vous/carte"' in client.get("/rendez-vous").content
    assert b'href="/rendez-vous/carte/mairie"' in client.get("/rendez-vous/carte").content
    days = client.get("/rendez-vous/carte/mairie?jour=2027-03-09")
    assert b"/rendez-vous/carte/mairie/20270309T080000Z" in days.content
    address = "/rendez-vous/carte/mairie/20270309T080000Z"
    page = client.get(address).content.decode()
    key = page.split('name="cle" value="')[1].split('"')[0]
    wrong = client.post(address, {"cle": key, "nom": "", "courriel": "x"})
    assert wrong.status_code == 422 and wrong.content.count(b'class="trouble"') == 2
    filled = {"cle": key, "nom": "Lou Martin", "courriel": "lou@exemple.fr"}
    first, again = client.post(address, filled), client.post(address, filled)
    assert first.status_code == 303 and first["Location"] == again["Location"]
    assert Appointment.objects.count() == 1
    link = first["Location"]
    assert b"confirm" in client.get(link).content
    calendar = client.get(f"{link}/agenda.ics")
    assert calendar["Content-Type"].startswith("text/calendar") and b"BEGIN:VEVENT" in calendar.content
    assert b"20270309T082000Z" in client.get(f"{link}/deplacer").content
    assert client.post(f"{link}/deplacer", {"heure": "20270309T082000Z"}).status_code == 303
    client.get(f"{link}/annuler")
    assert Appointment.objects.get().state == "booked"
    assert client.post(f"{link}/annuler").status_code == 303
    assert Appointment.objects.get().state == "cancelled" and "annulé" in client.get(link).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/rendez-vous/rien", "/rendez-vous/carte/rien", "/rendez-vous/carte/mairie/demain",
        "/rendez-vous/carte/mairie/99999999T999999Z", "/rendez-vous/suivi/V-2027-AAAAAA/AAAA-BBBB-CCCC",
        "/rendez-vous/carte/mairie/20270309T0800é0Z",
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere_say_so(clock, client, address):
    counters()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("day", ["2027-99-99", "0001-01-01", "9999-12-31", "x" * 500, "", "2020-01-01", "2099-01-01"])
def test_any_day_can_be_asked(clock, client, day):
    counters()
    assert client.get("/rendez-vous/carte/mairie", {"jour": day}).status_code == 200


def test_nobody_takes_all_the_places(clock, client, settings):
    counters(counters=50)
    address = "/rendez-vous/carte/mairie/20270309T080000Z"
    told = [
        client.post(address, {"cle": str(uuid4()), "nom": "Lou Martin", "courriel": "lou@exemple.fr"}).status_code
        for _each in range(7)
    ]
    assert told == [303] * 5 + [429] * 2


def test_the_day_of_an_agent(clock, client):
    counters()
    row = booked(AT)
    agent = people.agent(organisation=people.organisation(made.BODY), roles=("requests.agent",))
    people.signed_in(client, agent, organisation=made.BODY)
    page = client.get("/agent/rendez-vous?jour=2027-03-09").content.decode()
    assert "Lou Martin" in page and "etat" in page
    clock.at = AT + timedelta(hours=1)
    answer = client.post(f"/agent/rendez-vous/{row.number}", {"etat": "honoured", "jour": "2027-03-09", "lieu": "x"})
    assert answer["Location"] == "/agent/rendez-vous?jour=2027-03-09&lieu=x"
    row.refresh_from_db()
    assert row.state == "honoured" and clock.at > MONDAY


def test_whoever_is_signed_in_finds_theirs(clock, client):
    counters()
    person = people.resident()
    row = booked(AT, actor=people.actor(person))
    people.signed_in(client, person)
    assert found.link(row) in client.get("/mon-espace/rendez-vous").content.decode()
    assert found.link(row) in client.get("/mon-espace").content.decode()
