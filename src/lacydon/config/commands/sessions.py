"""`lacydon sessions end`: everybody, or one person, has to sign in again."""

from django.utils.translation import gettext as _

from lacydon.capabilities.trust.actions.accounts import end_sessions_for_all


def end(*, person: str) -> int:
    """End the sessions of a person, or all when none is named; exit code."""
    print(_("Sessions terminées : %d.") % end_sessions_for_all(person=person))
    return 0
