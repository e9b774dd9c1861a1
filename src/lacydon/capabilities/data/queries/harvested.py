"""What a record of another catalogue means here: its words and codes in ours, and what cannot be taken as it is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lacydon.kernel.errors import BadInput
from lacydon.kernel.french import plain

from ..ports import Record, RecordFile
from .vocabularies import FREQUENCIES, HVD, THEMES, format_named, licence_named

LONGEST_TITLE: Final = 300
LONGEST_TEXT: Final = 20_000
MOST_KEYWORDS: Final = 50
MOST_WORDS: Final = 500
"""Looked at, of each list of a record."""
MOST_FILES: Final = 200
MOST_PLACES: Final = 100
LONGEST_ADDRESS: Final = 2_000

_THEME_WORDS: Final[Mapping[str, str]] = {
    "agricultur": "AGRI", "alimentation": "AGRI", "peche": "AGRI", "foret": "AGRI",
    "econom": "ECON", "entreprise": "ECON", "emploi": "ECON", "commerce": "ECON", "tourisme": "ECON", "finance": "ECON",
    "budget": "ECON", "education": "EDUC", "culture": "EDUC", "patrimoine": "EDUC", "sport": "EDUC", "loisir": "EDUC",
    "enseignement": "EDUC", "energie": "ENER", "energy": "ENER", "environnement": "ENVI", "environment": "ENVI",
    "dechet": "ENVI", "eau": "ENVI", "biodiversite": "ENVI", "climat": "ENVI",
    "administration": "GOVE", "gouvernement": "GOVE", "government": "GOVE", "citoyen": "GOVE", "election": "GOVE",
    "institution": "GOVE", "sante": "HEAL", "health": "HEAL", "justice": "JUST", "securite": "JUST",
    "amenagement": "REGI", "urbanisme": "REGI", "territoire": "REGI", "logement": "REGI", "habitat": "REGI",
    "ville": "REGI", "region": "REGI", "equipement": "REGI", "population": "SOCI", "social": "SOCI", "societe": "SOCI",
    "solidarite": "SOCI", "demograph": "SOCI", "science": "TECH", "technolog": "TECH", "numerique": "TECH",
    "recherche": "TECH", "transport": "TRAN", "mobilite": "TRAN", "deplacement": "TRAN", "voirie": "TRAN",
}  # fmt: skip
"""Beginnings of words, without accents: French portals name their themes in words."""

_FREQUENCY_WORDS: Final[Mapping[str, str]] = {
    "continuous": "UPDATE_CONT", "cont": "UPDATE_CONT", "continu": "UPDATE_CONT", "temps reel": "UPDATE_CONT",
    "realtime": "UPDATE_CONT", "hourly": "HOURLY", "horaire": "HOURLY", "pt1h": "HOURLY",
    "daily": "DAILY", "quotidien": "DAILY", "quotidienne": "DAILY", "journaliere": "DAILY", "p1d": "DAILY",
    "semiweekly": "WEEKLY_2", "weekly": "WEEKLY", "hebdomadaire": "WEEKLY", "p1w": "WEEKLY", "p7d": "WEEKLY",
    "biweekly": "BIWEEKLY", "bimensuelle": "MONTHLY_2", "semimonthly": "MONTHLY_2",
    "monthly": "MONTHLY", "mensuel": "MONTHLY", "mensuelle": "MONTHLY", "p1m": "MONTHLY",
    "bimonthly": "BIMONTHLY", "bimestrielle": "BIMONTHLY", "p2m": "BIMONTHLY",
    "quarterly": "QUARTERLY", "trimestriel": "QUARTERLY", "trimestrielle": "QUARTERLY", "p3m": "QUARTERLY",
    "threetimesayear": "ANNUAL_3", "semiannual": "ANNUAL_2", "biannual": "ANNUAL_2", "semestriel": "ANNUAL_2",
    "semestrielle": "ANNUAL_2", "p6m": "ANNUAL_2", "annual": "ANNUAL", "annually": "ANNUAL", "yearly": "ANNUAL",
    "annuel": "ANNUAL", "annuelle": "ANNUAL", "p1y": "ANNUAL", "p12m": "ANNUAL",
    "biennial": "BIENNIAL", "p2y": "BIENNIAL", "triennial": "TRIENNIAL", "p3y": "TRIENNIAL",
    "irregular": "IRREG", "irreguliere": "IRREG", "asneeded": "AS_NEEDED", "si besoin": "AS_NEEDED",
    "punctual": "NEVER", "ponctuelle": "NEVER", "jamais": "NEVER", "notplanned": "NOT_PLANNED", "aucune": "NOT_PLANNED",
}  # fmt: skip


_NO_LICENCE: Final = frozenset({"notspecified", "license not specified", "non specifiee", "licence non specifiee"})
"""What portals write when nobody chose one."""


@dataclass(frozen=True, slots=True)
class Described:
    """Fields of models.Dataset, those of each models.Distribution, and what was left out, in sentences."""

    fields: Mapping[str, Any]
    files: tuple[Mapping[str, Any], ...]
    remarks: tuple[str, ...]


def described(record: Record) -> Described:
    """What this record becomes. Raises BadInput when it cannot become a dataset; the sentence says what to mend."""
    remarks: list[str] = []
    title = _localised(record.title, longest=LONGEST_TITLE)
    if not title:
        raise BadInput(_("Ce jeu n’a pas de titre : son catalogue doit lui en donner un."))
    files = _files(record.distributions[:MOST_FILES], remarks)
    if len(record.distributions) > MOST_FILES:
        remarks.append(_("Plus de %d fichiers : les suivants sont laissés.") % MOST_FILES)
    licence, rights = _licence(record)
    fields = {
        "title": title,
        "description": _localised(record.description, longest=LONGEST_TEXT) or title,
        "keywords": _words(record.keywords[:MOST_WORDS]),
        "themes": themes_named(record.themes[:MOST_WORDS]),
        "licence": licence,
        "rights": rights,
        "coverage": places_named(record.coverage[:MOST_WORDS]),
        "starts_on": record.starts_on,
        "ends_on": record.ends_on,
        "frequency": frequency_named(record.frequency),
        "hvd": next((code for code, term in HVD.items() if record.hvd in (code, term.uri)), ""),
        "contact_name": text_of(record.contact_name)[:200] or text_of(record.publisher)[:200],
        "contact_email": _email(record.contact_email),
        "landing_page": record.url if is_address(record.url) and len(record.url) <= 500 else "",
        "schema": record.schema if len(record.schema) <= 300 else "",
        "issued": record.issued,
    }
    return Described(fields=fields, files=tuple(files), remarks=tuple(remarks))


def slug_of(title: Mapping[str, str]) -> str:
    """The id a dataset would like to have, from its title; never empty, at most 90 signs."""
    return slugify(title.get("fr") or next(iter(title.values()), ""))[:90].strip("-") or "jeu"


def is_address(url: str) -> bool:
    """Whether a page may lead there: http or https, with a host, nothing that a browser would run."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"\x00-\x1f]", url)


def themes_named(told: Iterable[str]) -> list[str]:
    """Codes of data-theme: from its addresses and codes, or from the words of a French portal."""
    found: list[str] = []
    for each in told:
        code = each.rstrip("/").rsplit("/", 1)[-1].upper()
        if code in THEMES:
            found.append(code)
            continue
        words = re.findall(r"[a-z]+", plain(each))
        found += [code for word in words for start, code in _THEME_WORDS.items() if word.startswith(start)]
    return list(dict.fromkeys(found))[:6]


def frequency_named(told: str) -> str:
    """A code of the EU vocabulary frequency; empty when nothing is known."""
    last = told.strip().rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    if last.upper() in FREQUENCIES:
        return last.upper()
    return _FREQUENCY_WORDS.get(plain(last).strip(), "")


def places_named(told: Iterable[str]) -> list[str]:
    """INSEE codes of communes and SIREN of groups of communes, from what a catalogue writes of its places."""
    found = []
    for each in told:
        last = re.split(r"[/:#_]", each.strip().rstrip("/"))[-1].upper()
        other = "postal" in plain(each) or "iris" in plain(each)  # codes of the same shape, of something else
        if re.fullmatch(r"[0-9]{9}" if other else r"(?:2[AB]|[0-9]{2})[0-9]{3}|[0-9]{9}", last):
            found.append(last)
    return list(dict.fromkeys(found))[:MOST_PLACES]


def text_of(told: str) -> str:
    """Plain text of what may be HTML: paragraphs kept, nothing that runs."""
    kept = told[: 4 * LONGEST_TEXT].replace("\x00", "")
    if re.search(r"</?[a-zA-Z][^<>]*>", kept):
        reader = _Reader()
        reader.feed(kept)
        reader.close()
        kept = "".join(reader.pieces)
    else:
        kept = unescape(kept)
    kept = re.sub(r"[ \t\r\f\v\xa0]+", " ", kept)
    return re.sub(r" ?\n ?(?:\n ?)+", "\n\n", kept).strip()


class _Reader(HTMLParser):
    """The text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._hidden += tag in ("script", "style")
        if tag == "br":
            self.pieces.append("\n")
        elif tag == "li":
            self.pieces.append("\n- ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0
        if tag in ("p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "tr"):
            self.pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def _localised(told: Mapping[str, str], *, longest: int) -> dict[str, str]:
    found = {lang[:2].lower() or "fr": text_of(text)[:longest] for lang, text in told.items()}
    found = {lang: text for lang, text in found.items() if text}
    if found and "fr" not in found:  # what people read falls back on French
        found["fr"] = found.get("en") or next(iter(found.values()))
    return found


def _words(told: Iterable[str]) -> list[str]:
    words = (" ".join(text_of(each).split())[:100] for each in told)
    return list(dict.fromkeys(word for word in words if word))[:MOST_KEYWORDS]


def _licence(record: Record) -> tuple[str, str]:
    """Our code when it is known; else what the source said, as it said it."""
    every = [record.licence, *(each.licence for each in record.distributions)]
    told = next((each.strip() for each in every if each.strip() and plain(each) not in _NO_LICENCE), "")
    rights = text_of(record.rights)[:LONGEST_TEXT]
    known = licence_named(told) if told else None
    if known:
        return known.code, rights
    return (told, rights) if len(told) <= 40 else ("", rights or told)


def _email(told: str) -> str:
    written = told.strip().removeprefix("mailto:").split("?")[0]
    try:
        validate_email(written)
    except ValidationError:
        return ""
    return written if len(written) <= 200 else ""


def _files(given: Iterable[RecordFile], remarks: list[str]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for each in given:
        access, download = each.access_url.strip(), each.download_url.strip()
        wrong = next(
            (url for url in (access, download) if url and not (is_address(url) and len(url) <= LONGEST_ADDRESS)), ""
        )
        name = text_of(each.title)[:LONGEST_TITLE]
        if wrong or not (access or download):
            remarks.append(
                _("Le fichier « %(name)s » est laissé : « %(url)s » n’est pas une adresse du web.")
                % {"name": name or each.format, "url": wrong[:100]}
            )
            continue
        known = format_named(each.format) or format_named(each.media_type)
        found.append(
            {
                "title": name
                or each.format[:LONGEST_TITLE]
                or (download or access).rsplit("/", 1)[-1][:LONGEST_TITLE]
                or "?",
                "description": text_of(each.description)[:LONGEST_TEXT],
                "access_url": access or download,
                "download_url": download,
                "format": known.code if known else each.format.strip().rsplit("/", 1)[-1].upper()[:40],
                "media_type": (each.media_type.strip() or (known.media_type if known else ""))[:120],
                "byte_size": each.byte_size if each.byte_size is not None and 0 <= each.byte_size < 2**62 else None,
                "checksum": each.checksum[:140],
                "modified": each.modified,
                "position": len(found),
            }
        )
    return found
