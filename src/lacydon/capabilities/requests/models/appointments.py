"""Appointments at a counter: where, for what, when it is open, and who comes."""

import uuid

from django.db import models

from .requests import Request


class Motive(models.Model):
    """What people come for, as appointments.yaml says. `active`: still in the folder."""

    id = models.CharField(max_length=80, primary_key=True)
    name = models.JSONField(help_text="Language → text.")
    about = models.JSONField(default=dict, help_text="What to know, language → text.")
    documents = models.JSONField(default=list, help_text="What to bring, each language → text.")
    forms = models.JSONField(default=list, help_text="Ids of the forms it goes with.")
    services = models.JSONField(default=list, help_text="Ids of the services it goes with, with a form or without.")
    minutes = models.PositiveSmallIntegerField(help_text="How long it takes: a multiple of five.")
    notice_hours = models.PositiveSmallIntegerField(default=24, help_text="Booked and moved no later than that before.")
    ahead_days = models.PositiveSmallIntegerField(default=60, help_text="Booked no sooner than that before.")
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(minutes__range=(5, 480)), name="motive_lasts_a_while"),
        ]

    def __str__(self) -> str:
        return self.id


class CounterPlace(models.Model):
    """Where people come; its organisation is the one that receives them."""

    id = models.CharField(max_length=80, primary_key=True)
    organisation = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.JSONField(help_text="Language → text.")
    address = models.CharField(max_length=200)
    citycode = models.CharField(max_length=5)
    lon = models.FloatField(null=True, help_text="Degrees, WGS 84.")
    lat = models.FloatField(null=True)
    access = models.JSONField(default=dict, help_text="How to get in, language → text.")
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.id


class CounterDesk(models.Model):
    """Counters of a place that receive for the same motives; `counters`: how many people at once."""

    place = models.ForeignKey(CounterPlace, on_delete=models.PROTECT, related_name="desks")
    name = models.CharField(max_length=80, help_text="Its id within the place.")
    motives = models.JSONField(default=list, help_text="Ids.")
    counters = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="desk_name_is_one")]

    def __str__(self) -> str:
        return f"{self.place_id}/{self.name}"


class Opening(models.Model):
    """Hours of a desk on a day of the week, on the clocks of Europe/Paris; `since`, `until`: days, both included."""

    desk = models.ForeignKey(CounterDesk, on_delete=models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField(help_text="0 = Monday.")
    begins = models.TimeField()
    ends = models.TimeField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(weekday__range=(0, 6)), name="opening_weekday_known"),
            models.CheckConstraint(
                condition=models.Q(begins__lt=models.F("ends")), name="opening_begins_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desk_id} {self.weekday} {self.begins:%H:%M}-{self.ends:%H:%M}"


class Closure(models.Model):
    """Days on which a place is closed, both included; public holidays need no line."""

    place = models.ForeignKey(CounterPlace, on_delete=models.CASCADE, related_name="closures")
    first = models.DateField()
    last = models.DateField()
    why = models.JSONField(default=dict, help_text="Language → text.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(first__lte=models.F("last")), name="closure_begins_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.first}/{self.last}"


class AppointmentState(models.TextChoices):
    BOOKED = "booked"
    CANCELLED = "cancelled"
    HONOURED = "honoured"
    MISSED = "missed"


class Appointment(models.Model):
    """Somebody comes to a desk at a moment (UTC). Who, and how to reach them, is sealed under its own key.

    `booking_key` makes a booking happen once; the secret of the link is made of it (queries/numbers.secret_of).
    `sequence` grows with each change, as calendars want (RFC 5545, SEQUENCE).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    desk = models.ForeignKey(CounterDesk, on_delete=models.PROTECT, related_name="appointments")
    place = models.ForeignKey(CounterPlace, on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey("trust.Organisation", on_delete=models.PROTECT, related_name="+")
    motive = models.ForeignKey(Motive, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    request = models.ForeignKey(Request, null=True, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey("trust.Person", null=True, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField(null=True, help_text="Its own key, wrapped; empty once erased.")
    sealed = models.BinaryField(null=True, help_text="name, email, phone, lang as JSON.")
    secret_hash = models.CharField(max_length=64)
    booking_key = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, choices=AppointmentState.choices, default=AppointmentState.BOOKED)
    sequence = models.PositiveIntegerField(default=0)
    booked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reminder_sent_at = models.DateTimeField(null=True)
    to_tell = models.CharField(
        max_length=10, blank=True, help_text="booked, moved, cancelled, reminder: still to be written."
    )
    tell_at = models.DateTimeField(null=True, help_text="When a worker looks whether it was.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=AppointmentState.values), name="appointment_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="appointment_begins_before_it_ends"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "starts_at"], name="appointment_day"),
            models.Index(fields=["person", "starts_at"], name="appointment_of_person"),
            models.Index(
                fields=["starts_at"],
                condition=models.Q(state="booked", reminder_sent_at=None),
                name="appointment_remind",
            ),
            models.Index(fields=["tell_at"], condition=models.Q(tell_at__isnull=False), name="appointment_to_tell"),
        ]

    def __str__(self) -> str:
        return self.number


class HeldTime(models.Model):
    """Five minutes of one counter, held by one appointment: the database itself refuses to give them twice.

    Whatever the motives of a desk and how long each takes, no two of its appointments share a counter for a moment.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="held")
    desk = models.ForeignKey(CounterDesk, on_delete=models.PROTECT, related_name="+")
    counter = models.PositiveSmallIntegerField(help_text="1, 2 … within the desk.")
    at = models.DateTimeField(help_text="Its first moment, on a multiple of five minutes.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "counter", "at"], name="counter_is_held_once")]

    def __str__(self) -> str:
        return f"{self.desk_id}#{self.counter} {self.at:%Y-%m-%dT%H:%M}"
