"""Who asks at an address of machines that also answers to POST without a token."""

from django.http import HttpRequest

from lacydon.kernel.access import NOBODY, Actor
from lacydon.kernel.middleware.origins import SAFE, is_ours


def asker(request: HttpRequest) -> Actor:
    """The visitor; nobody when another site may have sent a form in their name (docs/adr/0009)."""
    if request.method in SAFE or is_ours(request):
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return actor
    return NOBODY
