"""« Retrouver l’entreprise »: what the register says comes in the fields of the page, where it is read and changed.

Only when the button is pressed. A field that says something else already is left as it is, and told what the register
says; a register that is silent, or that knows nothing, stops nobody.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lacydon.kernel import attempts
from lacydon.kernel.errors import BadInput, NotFound, TooManyRequests, Unavailable
from lacydon.kernel.forms import Field, Page
from lacydon.kernel.middleware.clients import accountable, client_address

from ...ports.companies import Company, CompanyAddress, CompanyRegister
from ...queries import companies
from . import posting
from .posting import Posted

ACT = "entreprise:"
"""What the button says; the id of the question follows."""
AN_HOUR = 60
"""Questions to the register from one network."""
FILLED = ("text", "longtext", "address")
"""Types of questions that what the register says suits."""


def look_for(request: HttpRequest, told: Posted, page: Page, act: str, *, citycode: str) -> str:
    """Ask the register what the button asks it; the act that is left to do.

    When one of several companies was chosen, what comes with it is shown before going on.
    """
    source = companies.register()
    chosen = next((each for each in _askable(page) if posting.text_of(told, f"{each.id}-choice")), None)
    if chosen is not None:
        told.raw[chosen.id] = [posting.text_of(told, f"{chosen.id}-choice")]
        act = f"{ACT}{chosen.id}" if act == "suivre" else act
    asked = next((each for each in _askable(page) if act == f"{ACT}{each.id}"), None)
    if asked is None or source is None:
        return act
    try:
        attempts.spend(
            what="company-search", who=accountable(client_address(request)), most=AN_HOUR, per=timedelta(hours=1)
        )
        found = _found(told, asked, source, citycode=citycode)
    except BadInput as refusal:
        told.errors[asked.id] = str(refusal.sentence)
    except NotFound as refusal:
        told.sources[asked.id] = _("%s Vous pouvez aussi continuer sans.") % refusal.sentence
    except (TooManyRequests, Unavailable):
        sentence = _("Impossible de consulter %s pour l’instant : remplissez les questions vous-même, puis continuez.")
        told.sources[asked.id] = sentence % source.title
    else:
        if found is not None:
            _fill(told, page, asked, found, source)
    return act


def _askable(page: Page) -> Iterator[Field]:
    return (each for each in page.fields if each.type == "siret")


def _found(told: Posted, asked: Field, source: CompanyRegister, *, citycode: str) -> Company | None:
    """The one company meant; None when it has to be chosen, or when there is none, which is said."""
    text = posting.text_of(told, asked.id)
    if not text:
        raise BadInput(_("Écrivez le SIRET, le SIREN ou le nom, puis cherchez de nouveau."))
    number = companies.number_in(text)
    if number:
        return source.find(number)
    offered = companies.by_name(source, text, citycode=citycode)
    if not offered:
        raise NotFound(_("Aucune entreprise ouverte de ce nom dans %s.") % source.title)
    told.errors[asked.id] = _("Choisissez dans la liste, ou écrivez le numéro.")
    told.choices[asked.id] = [{"label": companies.in_a_line(each), "value": each.siret} for each in offered]
    return None


def _fill(told: Posted, page: Page, asked: Field, company: Company, source: CompanyRegister) -> None:
    """The number, and each question of the page that the register answers."""
    told.raw[asked.id] = [companies.number_in_groups(company.siret)]
    told.sources[asked.id] = " ".join(companies.sentences_about(company, source))
    known = companies.values_of(company)
    given = {"register": source.title, "day": date_format(company.as_of, "j F Y")}
    for each in page.fields:
        value = known.get(each.prefill, "")
        if not value or each.type not in FILLED:
            continue
        value = value[: each.max_length].rstrip() if each.max_length else value
        before, proposed = posting.text_of(told, each.id), posting.text_of(told, f"{each.id}-from")
        if before and before != proposed and before.casefold() != value.casefold():
            told.sources[each.id] = _("Selon %(register)s, le %(day)s : « %(value)s ».") % (given | {"value": value})
            continue
        told.raw[each.id] = [value]
        told.sources[each.id] = _("Selon %(register)s, le %(day)s. Vous pouvez corriger.") % given
        if each.type == "address" and company.address is not None:
            _put_address(told, each.id, company.address)
        told.raw[f"{each.id}-from"] = [posting.text_of(told, each.id)]


def _put_address(told: Posted, name: str, address: CompanyAddress) -> None:
    """As the national base of addresses writes it when it is the same place, else as the register does."""
    posting.forget_place(told, name)
    posting.look_for_address(told, name, address.label)
    if posting.text_of(told, f"{name}-citycode") != address.citycode:
        lon, lat = ("" if each is None else str(each) for each in (address.lon, address.lat))
        told.raw |= {
            name: [address.label], f"{name}-id": [""], f"{name}-citycode": [address.citycode],
            f"{name}-lon": [lon], f"{name}-lat": [lat],
        }  # fmt: skip
    told.raw[f"{name}-known"] = [posting.text_of(told, name)]
