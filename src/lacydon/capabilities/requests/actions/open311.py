"""A report received by machine (Open311 GeoReport v2, POST Service Request): the same rules as on the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import BadInput, NotFound
from lacydon.kernel.forms import Field, Form, given, validate
from lacydon.kernel.uploads import Use

from ..errors import WrongAnswers
from ..queries.competence import competent, conditions_of
from ..queries.published import Held
from ..queries.reports import report_forms
from .files import attach
from .opening import Opened, Where, open_request

PICTURES = Use(name="open311", allowed=frozenset({"jpeg", "png", "webp"}), largest=10_000_000)
SIMPLE = ("text", "number", "date", "choice", "choices", "yesno", "longtext")
"""Types of fields that are attributes of a service definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What was posted; `attributes`: code → values; `media`: (name, content) of each picture.

    `key`: what makes it the same when it is sent again (an Idempotency-Key of this client); empty, never the same.
    """

    service_code: str
    lon: float | None
    lat: float | None
    address: str
    description: str
    email: str
    attributes: Mapping[str, Sequence[str]]
    media: Sequence[tuple[str, bytes]] = ()
    client: str = ""
    key: str = ""


@trust.in_house
def receive(said: Received) -> Opened:
    """Raises NotFound (no such service), WrongAnswers, BadInput, OutsideTerritory, NobodyCompetent, UploadRefused."""
    offered = service_of(said.service_code)
    version, form = offered.version, offered.form
    lon, lat = _point(said)
    raw = {name: list(values) for name, values in said.attributes.items()}
    wanted = Parts.of(form)
    if wanted.place:
        raw |= {wanted.place.id: [said.address or f"{lat:.5f}, {lon:.5f}"]}
        raw |= {f"{wanted.place.id}-lon": [str(lon)], f"{wanted.place.id}-lat": [str(lat)]}
    if wanted.description and said.description:
        raw[wanted.description.id] = [said.description]
    if wanted.email and said.email:
        raw[wanted.email.id] = [said.email]
    answers = {each.id: given(each, raw, each.id) for each in form.fields() if each.asks and each.type != "file"}
    place = territory.place_at(lon=lon, lat=lat)
    attachments = []
    if wanted.picture:
        most = wanted.picture.max_files
        attachments = [
            attach(content, name=name, field=wanted.picture.id, use=PICTURES) for name, content in said.media[:most]
        ]
        answers[wanted.picture.id] = [str(each.pk) for each in attachments]
    checked = validate(form, answers)
    if not checked.good:
        name, sentence = next(iter(checked.errors.items()))
        raise WrongAnswers(sentence, field=f"attribute[{name}]", errors=checked.errors)
    found = competent(
        service=version.service_id, citycode=place.commune.code, conditions=conditions_of(form, checked.answers)
    )
    if not found.organisation:
        question = found.resolution.question
        raise WrongAnswers(
            _("Il manque une réponse pour savoir qui est compétent."), field=question.id if question else None
        )
    return open_request(
        actor=MACHINE,
        form=version,
        answers=checked.answers,
        where=Where(citycode=place.commune.code, lon=lon, lat=lat),
        organisation=found.organisation,
        submission=_submission(said),
        attachments=attachments,
        contact={"email": said.email} if said.email else None,
        source="open311",
        facts={"client": said.client},
    )


def _submission(said: Received) -> UUID:
    return uuid5(NAMESPACE_URL, f"open311:{said.client}:{said.key}") if said.key else uuid4()


def _point(said: Received) -> tuple[float, float]:
    """The point that was given, or that of the address."""
    if said.lon is not None and said.lat is not None:
        return said.lon, said.lat
    if not said.address:
        raise BadInput(_("Dites où : lat et long, ou address_string."), field="lat")
    found = territory.find_place(said.address)
    if isinstance(found, territory.PlaceChoice) or found.lon is None or found.lat is None:
        raise BadInput(_("Cette adresse n’est pas assez précise : donnez lat et long."), field="address_string")
    return found.lon, found.lat


@dataclass(frozen=True, slots=True)
class Parts:
    """The fields of a form that Open311 has names of its own for."""

    place: Field | None
    description: Field | None
    email: Field | None
    picture: Field | None

    @classmethod
    def of(cls, form: Form) -> "Parts":
        def first(*types: str) -> Field | None:
            return next((each for each in form.fields() if each.type in types), None)

        return cls(first("place", "address"), first("longtext"), first("email"), first("file"))

    def attributes(self, form: Form) -> list[Field]:
        """What is left to ask: the attributes of the service definition."""
        own = {each.id for each in (self.place, self.description, self.email, self.picture) if each}
        return [each for each in form.fields() if each.type in SIMPLE and each.id not in own]


def service_of(code: str) -> Held:
    """The form that is a service of this code. Raises NotFound."""
    found = next((each for each in report_forms() if each.form.id == code), None)
    if found is None:
        raise NotFound(_("Le service « %s » n’existe pas.") % code[:80], field="service_code")
    return found


def attributes_of(form: Form) -> list[Field]:
    """What a service asks besides what Open311 has names of its own for."""
    return Parts.of(form).attributes(form)
