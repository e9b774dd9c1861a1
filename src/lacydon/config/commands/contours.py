"""`lacydon contours import`: the contours of the communes, from a file or from an address."""

from django.utils.translation import gettext as _

from lacydon.connectors.commune_contours.connector import import_source
from lacydon.kernel.folder import FaultyFolder


def contours_import(source: str) -> int:
    """Import the contours; exit code."""
    try:
        done = import_source(source)
    except FaultyFolder as refusal:
        for fault in refusal.faults:
            print(fault)
        print(refusal.sentence, _("Rien n’a été importé."))
        return 1
    print(
        _("%(read)d contours lus, %(changed)d enregistrés.") % {"read": done.read, "changed": done.changed}
        if done.changed
        else _("%d contours lus : rien n’a changé.") % done.read
    )
    for codes, sentence in (
        (done.repaired, _("Contours qui se croisaient, réparés : %s.")),
        (done.ignored, _("Lieux d’autres territoires, laissés de côté : %s.")),
        (done.missing, _("Communes encore sans contour : %s.")),
    ):
        if codes:
            print(sentence % _listed(codes))
    return 0


def _listed(codes: tuple[str, ...], most: int = 12) -> str:
    more = f" … (+{len(codes) - most})" if len(codes) > most else ""
    return ", ".join(codes[:most]) + more
