"""The company somebody fills in a form for: by its number or its name, as the register has it; told in words."""

import re

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from stdnum.fr import siren, siret

from lacydon.kernel.errors import BadInput

from ..ports.companies import Company, CompanyRegister, company_registers

NUMBER = re.compile(r"[0-9]+")
SPACES = re.compile(r"[\s.\u00a0\u202f-]")
MOST_OFFERED = 6


def register() -> CompanyRegister | None:
    """The register of companies that this installation asks; None when it asks none."""
    return company_registers.on()


def number_in(text: str) -> str:
    """The SIRET or SIREN that was typed, without its spaces; empty when these are words.

    Raises BadInput when it is a number of another kind.
    """
    digits = SPACES.sub("", text)
    if not NUMBER.fullmatch(digits):
        return ""
    if siret.is_valid(digits) or siren.is_valid(digits):
        return digits
    raise BadInput(_("Ce numéro n’est pas valable : un SIRET a 14 chiffres, un SIREN en a 9."))


def by_name(source: CompanyRegister, words: str, *, citycode: str) -> tuple[Company, ...]:
    """Companies of this name: those of the commune, or of the whole country when it has none. Raises Unavailable."""
    here = source.search(words, citycode=citycode, limit=MOST_OFFERED) if citycode else ()
    return here or source.search(words, limit=MOST_OFFERED)


def values_of(company: Company) -> dict[str, str]:
    """What the register knows, by what a form calls it (`prefill: company.…`); what it does not is not there."""
    told = {
        "company.siret": company.siret,
        "company.siren": company.siren,
        "company.name": company.name,
        "company.trade_name": company.trade_name or company.name,
        "company.legal_form": company.legal_form,
        "company.activity": company.activity,
        "company.address": company.address.label if company.address else "",
    }
    return {name: value for name, value in told.items() if value}


def in_a_line(company: Company) -> str:
    """The company as one of several to choose from."""
    address = company.address.label if company.address else ""
    return " – ".join(filter(None, (company.name, company.trade_name, address, number_in_groups(company.siret))))


def sentences_about(company: Company, source: CompanyRegister) -> list[str]:
    """What the register says of the company that was found, and what to mind."""
    day = date_format(company.as_of, "j F Y")
    facts = ", ".join(filter(None, (company.name, company.legal_form)))
    told = []
    if facts:
        given = {"facts": facts, "register": source.title, "day": day}
        told.append(_("%(facts)s, selon %(register)s, le %(day)s.") % given)
    if company.hidden and not (company.name and company.address):
        told.append(_("Le reste n’y est pas public, à la demande de l’entreprise : écrivez-le vous-même."))
    if not company.active:
        closed = {"register": source.title, "day": date_format(company.closed_on, "j F Y") if company.closed_on else ""}
        if company.closed_on:
            told.append(_("Attention : selon %(register)s, cet établissement est fermé depuis le %(day)s.") % closed)
        else:
            told.append(_("Attention : selon %(register)s, cet établissement est fermé.") % closed)
        told.append(_("Vérifiez le numéro. S’il est bon, continuez : l’administration en tiendra compte."))
    return told


def number_in_groups(number: str) -> str:
    """732 829 320 00074."""
    return " ".join(filter(None, (number[:3], number[3:6], number[6:9], number[9:])))
