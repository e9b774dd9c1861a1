"""`lacydon routes`, `lacydon deliveries`, `lacydon receive`: how requests are handed over, and what comes back."""

import getpass
import sys
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.capabilities.requests import public as requests
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import NotFound


def list_routes() -> int:
    """One line for each route, in the order of deliveries.yaml; exit code 1 when one does not work."""
    broken, ways = False, list(requests.ways())
    if not ways:
        print(_("Aucune destination dans deliveries.yaml : toutes les demandes se traitent sur la plateforme."))
    for way in ways:
        if way.stopped:
            state = _("fermée par le destinataire")
        elif way.failing_since:
            state = _("ne marche plus : %s") % way.why
        else:
            state = _("marche") if way.worked_at else _("pas encore utilisée")
        broken = broken or way.stopped or way.failing_since is not None
        counted = _("%(handed)d transmises, %(waiting)d en attente, %(dead)d à décider")
        told = counted % {"handed": way.handed, "waiting": way.waiting, "dead": way.dead}
        print(f"{way.id} ({way.channel}) : {state}\n    {told}")
    return int(broken)


def set_secret(*, route: str, name: str) -> int:
    """Keep a secret of a route, read from the keyboard without showing it, or from a pipe; empty takes it away.

    Raises NotFound, BadInput.
    """
    value = getpass.getpass(_("Secret : ")) if sys.stdin.isatty() else sys.stdin.read()
    requests.set_secret(route=route, name=name, value=value.strip())
    print(_("C’est noté, chiffré dans la base.") if value.strip() else _("Ce secret est retiré."))
    return 0


def open_again(*, route: str) -> int:
    """Send again to a route that its other side had closed."""
    requests.open_route_again(route=route)
    print(_("Les demandes y partent à nouveau."))
    return 0


def deliveries(*, replay: str | None, keep: str | None) -> int:
    """What could not be handed over; exit code 1 when there is any. Raises NotFound, NotNow."""
    dead = requests.every_dead_letter()
    for id in [str(each.id) for each in dead] if replay == "all" else [replay] if replay else []:
        requests.replay_delivery(actor=MACHINE, delivery=_id(id))
    if keep:
        requests.keep_here(actor=MACHINE, delivery=_id(keep))
    if replay or keep:
        print(_("C’est fait."))
        dead = requests.every_dead_letter()
    for each in dead:
        print(f"{each.id}  {each.number}  {each.way}  {each.attempts}×  {each.why}")
    if not dead and not replay and not keep:
        print(_("Aucune transmission n’attend une décision. « lacydon routes » dit lesquelles sont retentées."))
    return int(bool(dead))


def receive(folder: Path) -> int:
    """Read the new messages of a Maildir; each is then marked as seen, whatever it was. Raises NotFound."""
    new, seen = folder / "new", folder / "cur"
    if not new.is_dir() or not seen.is_dir():
        raise NotFound(_("%s n’est pas une boîte au format Maildir.") % folder)
    counts: dict[str, int] = {}
    for path in sorted(new.iterdir()):
        told = requests.receive_mail(path.read_bytes())
        counts[told] = counts.get(told, 0) + 1
        path.rename(seen / f"{path.name.partition(':')[0]}:2,S")
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or _("Rien de nouveau."))
    return 0


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFound(_("« %s » n’est le numéro d’aucune transmission.") % given[:80]) from None
