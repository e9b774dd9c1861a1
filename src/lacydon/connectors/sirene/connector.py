"""The public API that searches Sirene: **fetch** over the network, **parse**, and answer as a register of companies.

Documentation: https://recherche-entreprises.api.gouv.fr/docs/ (GET /search). No key; 7 questions a second from one
address, then 429 with how long to wait. Who fills in a form waits for the answer: three seconds and one try.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.requests.public import Company, CompanyAddress, UnknownCompany, company_registers
from lacydon.capabilities.territory.public import UnknownCommune, commune, communes
from lacydon.connectors import Check
from lacydon.kernel.clock import now, today
from lacydon.kernel.errors import Refused
from lacydon.kernel.http import AddressRefused, Breaker, HttpClient, OutsideUnavailable, Timeout, own_machine

from .legal_forms import legal_form

TIMEOUT: Final = Timeout(connect=1.0, read=2.5, total=3.0)
LARGEST: Final = 1_000_000
MOST: Final = 25
"""The most results the API gives at once."""
SHORTEST: Final = 3
"""Characters; the API refuses a shorter question."""
ASKED: Final = {"minimal": "true", "include": "siege,matching_etablissements"}
"""Neither who runs a company nor its accounts are asked for: no form needs them."""
KEPT: Final = 500
KEPT_FOR: Final = timedelta(hours=1)
"""Companies found lately, so that a page corrected three times asks once."""
LONGEST_REST: Final = 60.0
HIDDEN: Final = "P"
"""statut_diffusion: the holder asked that the public not read everything (Code de commerce, article A. 123-96)."""
MASK: Final = re.compile(r"\[N(?:D|ON-DIFFUSIBLE)\]")
CITYCODE: Final = re.compile(r"(?:2[AB]|[0-9]{2})[0-9]{3}")
LONGEST_ADDRESS: Final = 200


class Sirene:
    """The register of companies that asks the public API."""

    id = "sirene"
    title = _l("le répertoire Sirene")

    def is_on(self) -> bool:
        return bool(settings.COMPANY_REGISTER_URL)

    def find(self, number: str) -> Company:
        held = _kept.get(number)
        if held is not None:
            return held
        for unit in fetch({"q": number, "per_page": 1}):
            found = _of_number(unit, number)
            if found is not None:
                _kept.keep(number, found)
                return found
        raise UnknownCompany(
            _("Le répertoire Sirene ne connaît pas le numéro %s, ou ne le montre pas. Vérifiez-le.") % number
        )

    def search(self, words: str, *, citycode: str = "", limit: int = 6) -> tuple[Company, ...]:
        words = " ".join(words.split())[:150]
        if len(words) < SHORTEST:
            return ()
        asked: dict[str, str | int | float] = {"q": words, "per_page": min(limit, MOST), "etat_administratif": "A"}
        if citycode:
            asked["code_commune"] = ",".join(_codes(citycode))
        found = []
        for unit in fetch(asked):
            chosen = next(iter(_establishments(unit, "matching_etablissements")), None) if citycode else None
            company = _company(unit, chosen or _head_office(unit))
            if company is not None and company.active and company.name:
                found.append(company)
        return tuple(found[:limit])


def fetch(asked: Mapping[str, str | int | float]) -> list[Mapping[str, Any]]:
    """Ask the API; the companies it found. Raises Unavailable."""
    base = settings.COMPANY_REGISTER_URL.rstrip("/")
    if _rest.left() > 0:
        raise OutsideUnavailable(_("Le répertoire Sirene reçoit trop de questions en ce moment."))
    try:
        answer = _client(base).get(f"{base}/search", params={**ASKED, **asked}, headers={"Accept": "application/json"})
    except AddressRefused as refusal:
        raise OutsideUnavailable(refusal.sentence) from refusal
    if answer.status == 429:
        _rest.begin(answer.headers.get("retry-after", ""))
        raise OutsideUnavailable(_("Le répertoire Sirene reçoit trop de questions en ce moment."))
    if answer.status == 400:  # a question it does not take: nothing is down, nothing is found
        return []
    if answer.status != 200:
        raise OutsideUnavailable(_("Le répertoire Sirene a répondu %d.") % answer.status)
    return parse(answer.json())


def parse(answer: Any) -> list[Mapping[str, Any]]:
    """The companies of an answer; what is not as documented is left out. Raises Unavailable when it is no list."""
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list):
        raise OutsideUnavailable(_("Le répertoire Sirene a répondu autre chose que des entreprises."))
    units = (each for each in results[:MOST] if isinstance(each, dict))
    return [each for each in units if re.fullmatch(r"[0-9]{9}", _text(each, "siren"))]


def check() -> Check:
    """Ask the API for the first commune of the territory: it is in the register like any other public body."""
    if not settings.COMPANY_REGISTER_URL:
        return Check(
            ok=None, sentence=_("LACYDON_COMPANY_REGISTER_URL n’est pas réglé : les entreprises s’écrivent à la main.")
        )
    town = next(iter(communes()), None)
    try:
        found = Sirene().search(f"commune de {town.name}" if town else "commune", limit=1)
    except Refused as refusal:
        return Check(ok=False, sentence=_("%s Les entreprises s’écrivent à la main.") % refusal.sentence)
    if not found:
        return Check(ok=False, sentence=_("Le répertoire Sirene répond, mais ne trouve aucune commune du territoire."))
    return Check(ok=True, sentence=_("Le répertoire Sirene répond : %s.") % found[0].name)


# What is kept between questions


class _Kept:
    """The companies found lately, the least used first to go."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[Company, float]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, number: str) -> Company | None:
        with self._lock:
            company, until = self._held.get(number, (None, 0.0))
            if company is None or now().timestamp() > until:
                return None
            self._held.move_to_end(number)
            return company

    def keep(self, number: str, company: Company) -> None:
        with self._lock:
            self._held[number] = company, (now() + KEPT_FOR).timestamp()
            while len(self._held) > KEPT:
                self._held.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._held.clear()


class _Rest:
    """How long the API asked to be left alone."""

    def __init__(self) -> None:
        self._until = 0.0

    def begin(self, retry_after: str) -> None:
        asked = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 1.0
        self._until = time.monotonic() + min(max(asked, 1.0), LONGEST_REST)

    def left(self) -> float:
        return self._until - time.monotonic()

    def clear(self) -> None:
        self._until = 0.0


_kept = _Kept()
_rest = _Rest()


def forget() -> None:
    """Keep nothing of what was found or asked: for tests."""
    _kept.clear()
    _rest.clear()
    _client.cache_clear()


@cache
def _client(base: str) -> HttpClient:
    """One for each address: it holds the connections and the state of the circuit."""
    return HttpClient(
        name="companies",
        timeout=TIMEOUT,
        retries=0,
        largest=LARGEST,
        allowed=own_machine(base),
        breaker=Breaker(failures=3, rest=30.0),
        readable=(429,),
    )


# What is read in an answer


def _codes(citycode: str) -> list[str]:
    """A commune as the register files its establishments: under its arrondissements, when it has some."""
    try:
        town = commune(citycode)
    except UnknownCommune:
        return [citycode]
    if town.arrondissements and town.code == citycode:
        return [each.code for each in town.arrondissements]
    return [citycode]


def _of_number(unit: Mapping[str, Any], number: str) -> Company | None:
    """The establishment that was asked for by its number, and no other."""
    if _text(unit, "siren") != number[:9]:
        return None
    head = _head_office(unit)
    if len(number) == 9:
        return _company(unit, head)
    every = [head, *_establishments(unit, "matching_etablissements")]
    return _company(unit, next((each for each in every if _text(each, "siret") == number), {}))


def _head_office(unit: Mapping[str, Any]) -> Mapping[str, Any]:
    told = unit.get("siege")
    return told if isinstance(told, dict) else {}


def _establishments(unit: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    told = unit.get(name)
    yield from (each for each in told if isinstance(each, dict)) if isinstance(told, list) else ()


def _company(unit: Mapping[str, Any], place: Mapping[str, Any]) -> Company | None:
    """One establishment of a company; None when it has no number."""
    siren, siret = _text(unit, "siren"), _text(place, "siret")
    if not re.fullmatch(rf"{siren}[0-9]{{5}}", siret):
        return None
    form = _text(unit, "nature_juridique")
    somebody = not form or form.startswith("1")  # a person's own name: never shown against their will
    hides_unit = HIDDEN in (_text(unit, "statut_diffusion"), _text(unit, "statut_diffusion_unite_legale"))
    hides_place = _text(place, "statut_diffusion_etablissement") == HIDDEN or (hides_unit and somebody)
    name = "" if hides_unit and somebody else _shown(unit, "nom_raison_sociale") or _shown(unit, "nom_complet")
    signs = [_shown({"sign": each}, "sign") for each in _list(place, "liste_enseignes")]
    trade_name = "" if hides_place else next(filter(None, [*signs, _shown(place, "nom_commercial")]), "")
    address = None if hides_place else _address(place)
    return Company(
        siret=siret,
        siren=siren,
        name=name,
        as_of=today(),
        trade_name="" if trade_name == name else trade_name,
        legal_form=legal_form(form),
        activity=_shown(place, "activite_principale") or _shown(unit, "activite_principale"),
        address=address,
        head_office=place.get("est_siege") is True,
        active=_text(place, "etat_administratif") != "F" and _text(unit, "etat_administratif") != "C",
        closed_on=_day(place, "date_fermeture") or _day(unit, "date_fermeture"),
        hidden=hides_unit or hides_place,
    )


def _address(place: Mapping[str, Any]) -> CompanyAddress | None:
    label = " ".join(_shown(place, "adresse").split())
    if not label:
        return None
    citycode = _text(place, "commune")
    lon, lat = _degrees(place, "longitude", 180), _degrees(place, "latitude", 90)
    known = lon is not None and lat is not None
    return CompanyAddress(
        label=label[:LONGEST_ADDRESS],
        citycode=citycode if CITYCODE.fullmatch(citycode) else "",
        lon=lon if known else None,
        lat=lat if known else None,
    )


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value.strip()[:300] if isinstance(value, str) else ""


def _shown(told: Mapping[str, Any], name: str) -> str:
    """A text, unless it is masked."""
    value = _text(told, name)
    return "" if MASK.search(value) else value


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    value = told.get(name)
    return value if isinstance(value, list) else []


def _day(told: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(_text(told, name)[:10])
    except ValueError:
        return None


def _degrees(told: Mapping[str, Any], name: str, most: int) -> float | None:
    value = told.get(name)
    try:
        degrees = float(value) if isinstance(value, str | float | int) and not isinstance(value, bool) else None
    except ValueError:
        return None
    return round(degrees, 6) if degrees is not None and abs(degrees) <= most else None


company_registers.plug(Sirene())
