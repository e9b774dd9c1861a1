"""`lacydon connectors`: each connector of this installation, and whether it can work now."""

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.connectors import checks

from .. import demo_provider


def list_connectors() -> int:
    """One line for each; exit code 1 when one that is switched on cannot work.

    A demonstration that is being served gives its own settings to its own processes: what it plays is not off.
    """
    broken, played = False, demo_provider.running(home=settings.HOME)
    for description, check in checks():
        state = {True: _("marche"), False: _("ne marche pas"), None: _("éteint")}[check.ok]
        sentence = check.sentence
        if check.ok is None and played and description.id in demo_provider.PLAYED:
            state = _("démonstration")
            sentence = _("Joué par la démonstration en marche, sur %s : aucun vrai fournisseur n’est réglé.") % played
        print(f"{description.id} : {state}\n    {description.title}\n    {sentence}")
        broken = broken or check.ok is False
    return int(broken)
