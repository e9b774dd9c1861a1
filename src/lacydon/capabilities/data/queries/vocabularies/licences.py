"""The licences data are published under in France, and how other catalogues name them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lacydon.kernel.french import plain
from lacydon.kernel.texts import Localised


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """`uri` is what catalogues compare; `page` what a person reads; `open`: anybody may use it for anything.

    `eu`: the term of the EU authority table, when there is one. `asks`: what it asks of who uses the data.
    """

    code: str
    label: Localised
    uri: str
    page: str
    open: bool = True
    eu: str = ""
    asks: Localised | None = None
    names: tuple[str, ...] = ()


_EU = "http://publications.europa.eu/resource/authority/licence/"
_SOURCE: Localised = {"fr": "Citer la source et la date.", "en": "Name the source and the date."}
_SHARE: Localised = {
    "fr": "Citer la source ; partager de la même façon une base qui en est tirée.",
    "en": "Name the source; share a database made from it in the same way.",
}
_NOTHING: Localised = {"fr": "Rien.", "en": "Nothing."}

LICENCES: Final[Mapping[str, Licence]] = {
    each.code: each
    for each in (
        Licence(
            code="lov2",
            label={"fr": "Licence Ouverte 2.0", "en": "Open Licence 2.0 (Etalab)"},
            uri="https://www.etalab.gouv.fr/licence-ouverte-open-licence",
            page="https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
            asks=_SOURCE,
            names=("lov2", "https://spdx.org/licenses/etalab-2.0", "etalab 2.0", "etalab-2.0", "licence ouverte v2.0",
                   "licence ouverte / open licence version 2.0",
                   "licence ouverte v2.0 (etalab)", "fr-lo"),
        ),
        Licence(
            code="lov1",
            label={"fr": "Licence Ouverte 1.0", "en": "Open Licence 1.0 (Etalab)"},
            uri="https://www.etalab.gouv.fr/wp-content/uploads/2014/05/Licence_Ouverte.pdf",
            page="https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
            asks=_SOURCE,
            names=("fr-lo-1.0", "licence ouverte / open licence", "licence ouverte", "licence ouverte v1.0",
                   "open licence", "etalab"),
        ),
        Licence(
            code="odbl",
            label={"fr": "Licence ODbL 1.0", "en": "Open Database License 1.0"},
            uri="https://spdx.org/licenses/ODbL-1.0",
            page="https://opendatacommons.org/licenses/odbl/1-0/",
            eu=f"{_EU}ODC_BL",
            asks=_SHARE,
            names=("odc-odbl", "odbl-1.0", "open database license (odbl)", "odbl", "open database license",
                   "licence odbl"),
        ),
        Licence(
            code="pddl",
            label={"fr": "Domaine public (PDDL)", "en": "Public Domain Dedication and License"},
            uri="https://spdx.org/licenses/PDDL-1.0",
            page="https://opendatacommons.org/licenses/pddl/1-0/",
            eu=f"{_EU}ODC_PDDL",
            asks=_NOTHING,
            names=("odc-pddl", "pddl-1.0"),
        ),
        Licence(
            code="odc-by",
            label={"fr": "ODC-BY 1.0", "en": "Open Data Commons Attribution 1.0"},
            uri="https://spdx.org/licenses/ODC-By-1.0",
            page="https://opendatacommons.org/licenses/by/1-0/",
            eu=f"{_EU}ODC_BY",
            asks=_SOURCE,
            names=("odc-by", "odc-by-1.0"),
        ),
        Licence(
            code="cc-by",
            label={"fr": "Creative Commons Attribution 4.0", "en": "Creative Commons Attribution 4.0"},
            uri="https://creativecommons.org/licenses/by/4.0/",
            page="https://creativecommons.org/licenses/by/4.0/deed.fr",
            eu=f"{_EU}CC_BY_4_0",
            asks=_SOURCE,
            names=("cc-by", "cc-by-4.0", "cc by 4.0", "creative commons attribution"),
        ),
        Licence(
            code="cc-by-sa",
            label={
                "fr": "Creative Commons Attribution, partage à l’identique 4.0",
                "en": "Creative Commons Attribution-ShareAlike 4.0",
            },
            uri="https://creativecommons.org/licenses/by-sa/4.0/",
            page="https://creativecommons.org/licenses/by-sa/4.0/deed.fr",
            eu=f"{_EU}CC_BYSA_4_0",
            asks=_SHARE,
            names=("cc-by-sa", "cc-by-sa-4.0", "cc by-sa 4.0"),
        ),
        Licence(
            code="cc0",
            label={"fr": "Creative Commons Zéro 1.0", "en": "Creative Commons Zero 1.0"},
            uri="https://creativecommons.org/publicdomain/zero/1.0/",
            page="https://creativecommons.org/publicdomain/zero/1.0/deed.fr",
            eu=f"{_EU}CC0",
            asks=_NOTHING,
            names=("cc0", "cc-zero", "cc0-1.0", "public domain", "other-pd"),
        ),
        Licence(
            code="closed",
            label={"fr": "Réutilisation non autorisée", "en": "No reuse allowed"},
            uri="",
            page="",
            open=False,
            names=("other-closed", "notspecified-closed"),
        ),
    )
}  # fmt: skip
"""By code; a dataset whose licence is none of these keeps what its source said, as it said it."""


def licence_named(text: str) -> Licence | None:
    """The licence another catalogue means by a name, a code or an address; None when it is none of ours."""
    asked = _bare(text)
    return _BY_NAME.get(asked) if asked else None


def _bare(text: str) -> str:
    """Small letters, no accents, no scheme, no `www.`, no page of one language, no slash at the end."""
    bare = re.sub(r"^https?://(www\.)?", "", plain(text.strip()))
    bare = re.sub(r"(/deed(\.[a-z-]+)?|/legalcode(\.[a-z-]+)?|\.html)$", "", bare.rstrip("/"))
    return " ".join(bare.rstrip("/").split())


def _pages(licence: Licence) -> tuple[str, ...]:
    """The two Licences Ouvertes have the same page; it means the second."""
    return () if licence.code == "lov1" else (licence.page,)


_BY_NAME = {
    _bare(name): each
    for each in reversed(list(LICENCES.values()))
    for name in (*each.names, each.code, each.uri, each.eu, *each.label.values(), *_pages(each))
    if name
}  # fmt: skip
