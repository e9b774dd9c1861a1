"""Background work of trust."""

from lacydon.kernel.jobs import job

from .actions.mandates import notices


@job(attempts=8)
def tell_principal(*, mandate: str, what: str, about: str) -> None:
    """Tell the principal of a mandate what happened, at their own addresses."""
    notices.carry(mandate=mandate, what=what, about=about)
