"""The name a file is shown under: what a person recognises, nothing that a system could obey."""

import re
import unicodedata

LONGEST = 100
"""Characters of a name, its extension not counted."""
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
"""Names that Windows takes for machines."""


def clean_name(given: str, *, extension: str) -> str:
    """The given name without folders, without its own extension, without signs unseen or that a system obeys."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" or sign in "\t\n")
    stem = re.sub(r"\.\w{1,10}$", "", seen.strip())
    stem = re.sub(r"[\s]+", " ", re.sub(r'[<>:"|?*%;&$`\'{}.]', "_", stem)).strip(" _-")[:LONGEST].strip()
    if not stem:
        stem = "document"
    if DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem}.{extension}"
