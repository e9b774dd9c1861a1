"""What PayFiP is asked, and what it answers: SOAP 1.1, a few fields, read without entities (defusedxml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

SERVICE: Final = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/contrat_paiement_securise/"
    "PaiementSecuriseService"
)
ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"


class Unreadable(Exception):  # noqa: N818  (what the answer is)
    """Not an answer of this service."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: its fields by name, or the code of what it refuses (and its words, in French)."""

    fields: Mapping[str, str]
    code: str = ""
    words: str = ""


def question(operation: str, fields: Mapping[str, str]) -> bytes:
    """One call, as UTF-8."""
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{ENVELOPE}" xmlns:pai="{SERVICE}">'
        f"<soapenv:Header/><soapenv:Body><pai:{operation}><arg0>{inside}</arg0></pai:{operation}></soapenv:Body>"
        "</soapenv:Envelope>"
    ).encode()


def answer(content: bytes) -> Told:
    """What it says, whatever its prefixes. Raises Unreadable."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable from error
    if (returned := _first(root, "return")) is not None:
        return Told({_name(each): (each.text or "").strip() for each in returned})
    for kind in (
        "FonctionnelleErreur",
        "TechIndisponibiliteErreur",
        "TechProtocolaireErreur",
        "TechDysfonctionnementErreur",
    ):
        if (wrong := _first(root, kind)) is not None:
            told = {_name(each): (each.text or "").strip() for each in wrong}
            return Told({}, code=told.get("code", "") or kind, words=told.get("libelle", "")[:200])
    raise Unreadable


def _first(root: Any, name: str) -> Any:
    return next((each for each in root.iter() if _name(each) == name), None)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
