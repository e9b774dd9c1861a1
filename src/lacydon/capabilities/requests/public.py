"""The door of requests."""

from .actions.delivery import keep_here, queue_delivery
from .actions.delivery import replay as replay_delivery
from .actions.forms import Put as PutForm
from .actions.forms import checked as checked_form
from .actions.forms import put_form, take_form_back
from .actions.mail_replies import receive_mail
from .actions.opening import Opened, Where, open_request
from .actions.reading import File, read_by_secret, read_request
from .actions.reports import api_keys, make_api_key, revoke_api_key
from .actions.routes import open_again as open_route_again
from .actions.routes import set_secret
from .errors import (
    ChangedMeanwhile,
    NameTaken,
    NobodyCompetent,
    NotNow,
    UnknownDraft,
    UnknownForm,
    UnknownRequest,
    WrongAnswers,
)
from .events import DeliveryDied, DeliveryQueued, RequestMoved, RequestOpened
from .ports import (
    Channel,
    ChannelClosed,
    Contact,
    Health,
    News,
    Order,
    Parcel,
    ParcelFile,
    ParcelRefused,
    PaymentProvider,
    PaymentRefused,
    PaymentResult,
    Receipt,
    Return,
    StartedPayment,
    Status,
    channels,
    payment_providers,
)
from .ports.companies import Company, CompanyAddress, CompanyRegister, UnknownCompany, company_registers
from .queries.delivery import every_dead_letter, ways
from .queries.figures import figures
from .queries.forms import differences, forms_of_commune, forms_of_service, published_forms, requests_made_with, text_of
from .queries.masking import masked
from .queries.routes import route_healths

__all__ = [
    "ChangedMeanwhile",
    "Channel",
    "ChannelClosed",
    "Company",
    "CompanyAddress",
    "CompanyRegister",
    "Contact",
    "DeliveryDied",
    "DeliveryQueued",
    "File",
    "Health",
    "NameTaken",
    "News",
    "NobodyCompetent",
    "NotNow",
    "Opened",
    "Order",
    "Parcel",
    "ParcelFile",
    "ParcelRefused",
    "PaymentProvider",
    "PaymentRefused",
    "PaymentResult",
    "PutForm",
    "Receipt",
    "RequestMoved",
    "RequestOpened",
    "Return",
    "StartedPayment",
    "Status",
    "UnknownCompany",
    "UnknownDraft",
    "UnknownForm",
    "UnknownRequest",
    "Where",
    "WrongAnswers",
    "api_keys",
    "channels",
    "checked_form",
    "company_registers",
    "differences",
    "every_dead_letter",
    "figures",
    "forms_of_commune",
    "forms_of_service",
    "keep_here",
    "make_api_key",
    "masked",
    "open_request",
    "open_route_again",
    "payment_providers",
    "published_forms",
    "put_form",
    "queue_delivery",
    "read_by_secret",
    "read_request",
    "receive_mail",
    "replay_delivery",
    "requests_made_with",
    "revoke_api_key",
    "route_healths",
    "set_secret",
    "take_form_back",
    "text_of",
    "ways",
]
