"""`lacydon connectors`: each connector of this installation, and whether it can work now."""

from django.utils.translation import gettext as _

from lacydon.connectors import checks


def list_connectors() -> int:
    """One line for each; exit code 1 when one that is switched on cannot work."""
    broken = False
    for description, check in checks():
        state = {True: _("marche"), False: _("ne marche pas"), None: _("éteint")}[check.ok]
        print(f"{description.id} : {state}\n    {description.title}\n    {check.sentence}")
        broken = broken or check.ok is False
    return int(broken)
