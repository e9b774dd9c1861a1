"""The patterns that French schemas ask for, in words: a clerk does not read regular expressions."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

CITYCODE = (r"([013-9]\d|2[AB1-9])\d{3}", r"([013-9][0-9]|2[AB1-9])[0-9]{3}")
"""As SCDL and schema.data.gouv.fr write it."""
PART = re.compile(
    "|".join((
        f"(?P<city>{'|'.join(map(re.escape, CITYCODE))})",
        r"(?:\\d|\[0-9\])(?:\{(?P<digits>\d{1,3})\})?(?![*+?{])",
        r"(?P<text>(?:[A-Za-z0-9 _:/-](?![*+?{])|\\[-.])+)",
    ))
)  # fmt: skip


def in_words(pattern: str) -> str:
    """What a pattern asks for; nothing when it is made of more than codes, digits and letters in their order."""
    whole = re.fullmatch(r"\^?(.+?)\$?", pattern, re.DOTALL)
    inside, parts, start = whole[1] if whole else "", [], 0
    while start < len(inside):
        found = PART.match(inside, start)
        if found is None:
            return ""
        parts.append(_said(found, alone=found.end() - start == len(inside)))
        start = found.end()
    return _(", puis ").join(parts)


def _said(found: re.Match[str], *, alone: bool) -> str:
    if found["city"]:
        return _("un code INSEE de commune, comme 01004 ou 2A004") if alone else _("un code INSEE de commune")
    if found["text"]:
        return _("« %s »") % found["text"].replace("\\", "")
    count = int(found["digits"] or 1)
    return ngettext("%d chiffre", "%d chiffres", count) % count
