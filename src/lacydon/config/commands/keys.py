"""`lacydon keys`: the ring of keys that personal data hangs on."""

import sys

from django.utils.translation import gettext as _

from lacydon.kernel import clock, rotation, sealing


def list_keys() -> int:
    """One line for each key, from the oldest; exit code 1 when some wrapped keys hang on none of them."""
    ring = sealing.ring()
    for id, count in rotation.usage().items():
        if id in ring.keks:
            made = ring.keks[id].made.astimezone(clock.LOCAL)
            when = f"{made:%d/%m/%Y} {clock.hour(made)}"
            newest = _(" (la plus récente)") if id == ring.newest.id else ""
            print(_("%(id)s  du %(made)s  protège %(count)d clés") % {"id": id, "made": when, "count": count} + newest)
    lost = sum(count for id, count in rotation.usage().items() if id not in ring.keks)
    if lost:
        print(_("%d clés ne dépendent d’aucune de celles-ci : elles sont illisibles.") % lost, file=sys.stderr)
    return int(bool(lost))


def rotate() -> int:
    """A new key, and all wrapped under it; exit code 1 when some keys were found damaged. Raises Unavailable."""

    def tell(done: int) -> None:
        print(_("%d clés protégées à nouveau…") % done, file=sys.stderr, flush=True)

    rotated = rotation.rotate(progress=tell)
    if rotated.resumed:
        print(_("La rotation interrompue a repris."))
    print(_("%(done)d clés sont protégées par %(id)s.") % {"done": rotated.done, "id": rotated.kek.id})
    if rotated.damaged:
        print(_("%d clés sont illisibles et ont été laissées telles quelles.") % rotated.damaged, file=sys.stderr)
    print(_("Sauvegardez maintenant le dossier %s, à part de la base.") % sealing.ring().folder)
    return int(bool(rotated.damaged))


def retire(id: str) -> int:
    """Destroy a key nothing depends on; exit code. Raises NotFound, Conflict."""
    rotation.retire(id)
    print(_("La clé %s est détruite. Ôtez-la aussi des sauvegardes quand elles ne servent plus.") % id)
    return 0
