"""`lacydon purge`: what has passed its time goes. `lacydon people reapply-erasures`: after an old backup."""

from django.utils.translation import gettext as _

from lacydon.capabilities.trust.actions.erasure import reapply_erasures as reapply
from lacydon.capabilities.trust.actions.retention import purge_all


def purge(*, dry_run: bool) -> int:
    """Apply the retention rules, or count what they would remove; exit code."""
    counted = purge_all(dry_run=dry_run)
    for name, count in counted.items():
        print(f"{name}: {count}")
    print(_("Rien n’a été effacé : c’était un essai.") if dry_run else _("C’est fait."))
    return 0


def reapply_erasures() -> int:
    """Erase again who came back with an old backup; exit code."""
    print(_("Personnes effacées à nouveau : %d.") % reapply())
    return 0
