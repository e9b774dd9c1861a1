"""What a way of handing requests over must offer to be plugged in, and the registry it is plugged into.

A channel carries one request to the system of the competent authority, and may bring back what became of it. It keeps
nothing: `actions.delivery` remembers, tries again, and shows. So a channel only has to be honest about how it ended:

- it returns a `Receipt`: the other side has it;
- it raises `Unavailable`: nobody knows, or not now; the same parcel comes again later, with `tried_at`;
- it raises `ParcelRefused`: the other side will never take this one; a person must look at it;
- it raises `ChannelClosed`: the other side wants no more of them at all.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from dataclasses import field as kept
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.errors import Refused

OutsideState = Literal["received", "in-progress", "waiting", "closed"]
Outcome = Literal["", "solved", "unsolved", "accepted", "partly", "refused", "withdrawn", "duplicate"]


class ParcelRefused(Refused):
    """The other side does not take this request, today nor tomorrow: a wrong code, a missing answer."""

    code = "parcel-refused"


class ChannelClosed(ParcelRefused):
    """The other side asked not to be sent anything any more."""

    code = "channel-closed"


@dataclass(frozen=True, slots=True)
class ParcelFile:
    """A file that goes with a request. `load` opens the seal; `address`: where the other side can fetch it for a time
    (empty when the platform has no public address); `field`: the question it answers."""

    id: str
    field: str
    name: str
    media_type: str
    size: int
    sha256: str
    load: Callable[[], bytes] = kept(repr=False)
    address: str = kept(default="", repr=False)

    def as_json(self) -> dict[str, Any]:
        """Where it is and what it must be; not its content."""
        told = {name: getattr(self, name) for name in ("field", "name", "media_type", "size", "sha256")}
        return told | {"url": self.address}


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the resident, who agreed that it be given; what is not known is empty."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """How the other side can answer. `address` and `token`: for its machines (POST, Bearer); `page`: for its people,
    without an account; `mail`: an address whose mail is read. Each is empty when there is none; all are secret."""

    address: str = ""
    token: str = kept(default="", repr=False)
    page: str = kept(default="", repr=False)
    mail: str = kept(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request, as it is handed over.

    `words`: each answer as (question, answer) in the language `lang`; `answers`: the same as the form keeps them
    (JSON). `open_text`: what everybody may read of it, for systems that publish what they are sent. `idempotency_key`
    is the same at each try; `round` is 2 when the same request goes there a second time (it was opened again).
    `tried_at`: when an earlier try began whose end nobody knows, so that the channel looks there before it sends again.
    """

    number: str
    form: str
    form_digest: str
    service: str
    title: str
    lang: str
    opened_at: datetime
    authority: str
    idempotency_key: str
    citycode: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    description: str = kept(default="", repr=False)
    open_text: str = kept(default="", repr=False)
    words: tuple[tuple[str, str], ...] = kept(default=(), repr=False)
    answers: Mapping[str, Any] = kept(default_factory=dict, repr=False)
    files: tuple[ParcelFile, ...] = ()
    contact: Contact | None = kept(default=None, repr=False)
    back: Return = Return()
    tried_at: datetime | None = None
    round: int = 1

    @property
    def mark(self) -> str:
        """What tells this delivery among all of the same request, for systems that know no idempotency key."""
        return self.number if self.round == 1 else f"{self.number}/{self.round}"

    def as_json(self) -> dict[str, Any]:
        """The whole, for systems that read JSON; files by address and SHA-256. Version 1 of `lacydon.request`."""
        contact = {name: value for name, value in asdict(self.contact).items() if value} if self.contact else None
        point = None if self.lon is None or self.lat is None else {"lon": self.lon, "lat": self.lat}
        return {
            "schema": "lacydon.request/1",
            "number": self.number,
            "idempotency_key": self.idempotency_key,
            "opened_at": self.opened_at.isoformat(),
            "form": {"id": self.form, "digest": self.form_digest},
            "service": self.service,
            "title": self.title,
            "lang": self.lang,
            "authority": self.authority,
            "place": {"citycode": self.citycode, "address": self.address, "point": point},
            "description": self.description,
            "words": [{"question": question, "answer": answer} for question, answer in self.words],
            "answers": dict(self.answers),
            "contact": contact,
            "files": [file.as_json() for file in self.files],
        }


@dataclass(frozen=True, slots=True)
class News:
    """What the resident did since the request was handed over: wrote, gave a document, gave it up, opened it again.

    `id` is the same at each try, and another for each of them.
    """

    id: str
    kind: Literal["message", "document-given", "withdrawn", "reopened"]
    at: datetime
    words: str = kept(default="", repr=False)
    files: tuple[ParcelFile, ...] = ()

    @property
    def title(self) -> Any:
        """What it is, in a few words."""
        return {
            "message": _l("L’habitant écrit"),
            "document-given": _l("L’habitant donne un document"),
            "withdrawn": _l("L’habitant retire sa demande"),
            "reopened": _l("L’habitant rouvre sa demande"),
        }[self.kind]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side said. `accepted`: it gave its own `reference`; `sent`: it was handed over, no more is known.

    `facts` (JSON, nothing personal) is kept for the record. `leads_to`: an address where the resident has to finish it.
    """

    state: Literal["sent", "accepted"]
    reference: str = ""
    facts: Mapping[str, Any] = kept(default_factory=dict)
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What became of it there. `words`: what the other side says to the resident, plain text, never trusted as markup.

    `reference`: the one to ask with from now on (it gave a provisional one before). `takes_files`: it is ready for
    what `hand_files` brings.
    """

    state: OutsideState
    outcome: Outcome = ""
    words: str = kept(default="", repr=False)
    at: datetime | None = None
    expected_at: datetime | None = None
    reference: str = ""
    takes_files: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a route can be used now, in a sentence."""

    ok: bool
    sentence: str


class Channel(Protocol):
    """A way of handing requests over.

    `shape`: a pydantic model of its settings, as deliveries.yaml writes them and the secrets of the route added;
    `secrets`: the names of those that no folder may hold. Methods get an instance of `shape`.
    """

    id: str
    title: Any
    shape: type[Any]
    secrets: frozenset[str] = frozenset()
    pulls: bool = False
    """Whether `pull` can answer: if not, only a callback or a person tells what became of it."""
    carries: Literal["answers", "open-text"] = "answers"
    """What the other side gets: the answers, or only what everybody may read, because it publishes them."""

    def send(self, parcel: Parcel, settings: Any) -> Receipt:
        """Hand it over. The same idempotency key twice must be one request there, as far as the other side can.

        Raises Unavailable, ParcelRefused, ChannelClosed."""

    def pull(self, reference: str, settings: Any) -> Status | None:  # noqa: ARG002
        """What became of it; None when the other side does not say. Raises Unavailable."""
        return None

    def hand_files(self, parcel: Parcel, reference: str, settings: Any) -> None:  # noqa: ARG002
        """Bring the files that could not go with the request, when it has any such. Raises Unavailable."""
        return

    def tell(self, parcel: Parcel, reference: str, news: News, settings: Any) -> bool:  # noqa: ARG002
        """Tell what the resident did since; False when the other side takes no such news. Raises Unavailable,
        ParcelRefused."""
        return False

    def check(self, settings: Any) -> Health:
        """Ask the other side whether it would take a request, without making one."""


class Channels:
    """The registry of the port: channels by id."""

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}

    def plug(self, channel: Channel) -> None:
        """Plug a channel in; the same id twice replaces it, so that a module can be imported again."""
        self._channels[channel.id] = channel

    def get(self, id: str) -> Channel | None:
        return self._channels.get(id)

    def ids(self) -> list[str]:
        return sorted(self._channels)

    @contextmanager
    def only(self, *channels: Channel) -> Iterator[None]:
        """For tests: these channels and no other."""
        before = self._channels
        self._channels = {channel.id: channel for channel in channels}
        try:
            yield
        finally:
            self._channels = before


channels = Channels()


# Payments: what a provider of payments must offer, and its registry.


class PaymentRefused(Refused):
    """The provider takes no payment for this: an organisation it does not know, an amount out of its bounds."""

    code = "payment-refused"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be paid. `amount` in euros; `payer`: an e-mail address for the provider's own receipt.

    `return_url`: where the payer's browser comes back; `notify_url`: where the provider's machine says that it has
    ended (empty when the platform has no public address: it is then asked by a job).
    """

    reference: str
    amount: Decimal
    label: str
    organisation: str
    return_url: str = kept(repr=False)
    notify_url: str = ""
    payer: str = kept(default="", repr=False)


@dataclass(frozen=True, slots=True)
class StartedPayment:
    """The provider's own name for the operation, where the payer goes, until when they may enter."""

    external_id: str
    address: str
    open_until: datetime


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """What became of an operation. `facts` (JSON, nothing personal) go on the receipt. `pending`: not ended."""

    state: Literal["pending", "paid", "refused", "abandoned"]
    reference: str = ""
    amount: Decimal | None = None
    at: datetime | None = None
    facts: Mapping[str, Any] = kept(default_factory=dict)


class PaymentProvider(Protocol):
    """Takes money for an organisation. It keeps nothing here: `actions.payments` remembers, and asks again."""

    id: str

    @property
    def title(self) -> Any:
        """Where one pays, in words."""

    def serves(self, organisation: str) -> bool:
        """Whether it is set up for this organisation."""

    def start(self, order: Order) -> StartedPayment:
        """Open an operation. Raises Unavailable (nobody knows, try again), PaymentRefused."""

    def result(self, external_id: str) -> PaymentResult:
        """What became of it: the only word that counts, whatever a browser says. Raises Unavailable."""


class PaymentProviders:
    """The registry of the port: providers by id."""

    def __init__(self) -> None:
        self._providers: dict[str, PaymentProvider] = {}

    def plug(self, provider: PaymentProvider) -> None:
        """The same id twice replaces it, so that a module can be imported again."""
        self._providers[provider.id] = provider

    def get(self, id: str) -> PaymentProvider | None:
        return self._providers.get(id)

    def of(self, organisation: str) -> PaymentProvider | None:
        """The first that serves an organisation."""
        return next((each for _id, each in sorted(self._providers.items()) if each.serves(organisation)), None)

    @contextmanager
    def only(self, *providers: PaymentProvider) -> Iterator[None]:
        """For tests: these providers and no other."""
        before = self._providers
        self._providers = {provider.id: provider for provider in providers}
        try:
            yield
        finally:
            self._providers = before


payment_providers = PaymentProviders()
