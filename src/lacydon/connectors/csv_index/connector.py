"""A CSV that lists datasets, one a line: **fetch** the file, **parse** it, pure, and hand its lines to the harvest.

Its columns are those of the SCDL schema « catalogue » (ID, TITRE, DESCRIPTION, LICENCE, URL…); other usual names are
understood. Lines of one ID are files of one dataset. UTF-8, or Windows-1252; `,` `;` tab or `|`.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.data.public import (
    NoCatalogue,
    Record,
    RecordFile,
    Visit,
    catalogues,
    day_told,
    moment_told,
    source_healths,
)
from lacydon.connectors import Check, check_of

MOST_LINES: Final = 50_000
MOST_FILES: Final = 500
"""Lines of one ID."""
LONGEST_CELL: Final = 100_000
SEPARATORS: Final = ";,\t|"
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "identifier": ("id", "identifiant", "identifier"),
    "title": ("titre", "title", "nom", "name"),
    "description": ("description", "resume"),
    "theme": ("theme", "themes", "categorie"),
    "publisher": ("producteur_nom", "producteur", "publisher", "coll_nom", "organisation"),
    "coverage": ("couv_spat_nom", "couv_spat_code", "insee", "code_insee", "spatial"),
    "starts": ("couv_temp_debut", "temporal_start", "date_debut"),
    "ends": ("couv_temp_fin", "temporal_end", "date_fin"),
    "issued": ("date_publ", "date_publication", "issued", "created_at"),
    "modified": ("date_maj", "date_mise_a_jour", "modified", "last_modified"),
    "frequency": ("freq_maj", "frequence", "frequency"),
    "keywords": ("mots_cles", "mots-cles", "keywords", "tags"),
    "licence": ("licence", "license"),
    "format": ("format_ressources", "format_ressource", "format", "formats"),
    "url": ("url", "lien", "adresse", "access_url", "download_url"),
    "page": ("page", "landing_page", "url_page"),
    "email": ("contact_email", "courriel", "email", "contact"),
}
"""Our word for a column → the names it may have (small letters, no accents), the SCDL one first."""


class CsvIndex:
    """The kind of catalogue."""

    id = "csv_index"
    title = _l("Liste en CSV (SCDL catalogue)")
    example = "https://www.example.fr/donnees/catalogue.csv"
    options: Mapping[str, Any] = {}

    def records(self, visit: Visit) -> Iterator[Record]:
        headers = {"If-None-Match": str(visit.state["etag"])} if visit.state.get("etag") else {}
        answer = visit.get(visit.url, headers={"Accept": "text/csv, text/plain;q=0.9, */*;q=0.1", **headers})
        if answer.status == 304:
            visit.unchanged = True
            return
        found, faults = parse(answer.content)
        for line, sentence in faults:
            visit.fault(sentence, title=_("Ligne %d") % line)
        yield from found
        visit.whole = True
        if etag := answer.headers.get("etag"):
            visit.keep(etag=etag)


def parse(content: bytes) -> tuple[list[Record], list[tuple[int, str]]]:
    """The datasets of a file, and its faults as (line, sentence). Raises NoCatalogue when it is no such list."""
    text = _decoded(content)
    head = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    csv.field_size_limit(LONGEST_CELL)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    names = [slugify(each).replace("-", "_") for each in next(rows, [])]
    columns = {word: next((names.index(each) for each in known if each in names), -1) for word, known in _known()}
    if columns["title"] < 0 or columns["url"] < 0:
        raise NoCatalogue(
            _("Ce fichier n’est pas une liste de jeux de données : il lui faut au moins les colonnes TITRE et URL.")
        )
    records: dict[str, Record] = {}
    faults: list[tuple[int, str]] = []
    try:
        for row in rows:
            if rows.line_num > MOST_LINES:
                faults.append((rows.line_num, _("Plus de %d lignes : les suivantes sont laissées.") % MOST_LINES))
                break
            if any(cell.strip() for cell in row):
                _add(records, faults, _cells(row, columns), line=rows.line_num)
    except csv.Error as error:
        faults.append((rows.line_num, _("Cette ligne n’est pas du CSV bien formé : %s") % error))
    return list(records.values()), faults


def check() -> Check:
    """Each source that uses it."""
    return check_of(source_healths(CsvIndex.id), nothing=_("Aucune liste en CSV n’est moissonnée."))


def _known() -> Iterator[tuple[str, tuple[str, ...]]]:
    for word, names in COLUMNS.items():
        yield word, tuple(each.replace("-", "_") for each in names)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _cells(row: list[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {word: row[at].strip() if 0 <= at < len(row) else "" for word, at in columns.items()}


def _add(records: dict[str, Record], faults: list[tuple[int, str]], cells: Mapping[str, str], *, line: int) -> None:
    title, url = cells["title"], cells["url"]
    if not title or not url:
        faults.append((line, _("Il manque le titre ou l’adresse.")))
        return
    identifier = cells["identifier"] or url
    # Formats of several files, given for one address, say nothing of that one.
    told = cells["format"] if ";" not in cells["format"] and "," not in cells["format"] else ""
    ending = url.split("?")[0].rsplit("/", 1)[-1].rsplit(".", 1)
    format = told or (ending[1] if len(ending) == 2 and len(ending[1]) <= 8 else "")
    file = RecordFile(title=title, access_url=url, download_url=url if format else "", format=format)
    if identifier in records:
        before = records[identifier]
        if len(before.distributions) >= MOST_FILES:
            faults.append((line, _("« %s » a déjà trop de fichiers.") % identifier[:100]))
            return
        records[identifier] = replace(before, distributions=(*before.distributions, file))
        return
    records[identifier] = Record(
        identifier=identifier,
        title={"fr": title},
        description={"fr": cells["description"]} if cells["description"] else {},
        keywords=tuple(_split(cells["keywords"])),
        themes=tuple(_split(cells["theme"])),
        licence=cells["licence"],
        publisher=cells["publisher"],
        issued=moment_told(cells["issued"]),
        modified=moment_told(cells["modified"]),
        starts_on=day_told(cells["starts"]),
        ends_on=day_told(cells["ends"], end=True),
        coverage=tuple(_split(cells["coverage"])),
        frequency=cells["frequency"],
        contact_email=cells["email"],
        url=cells["page"] or ("" if format else url),
        distributions=(file,),
    )


def _split(cell: str) -> Iterator[str]:
    separator = ";" if ";" in cell else "|" if "|" in cell else ","
    yield from (each.strip() for each in cell.split(separator) if each.strip())


catalogues.plug(CsvIndex())
