"""`lacydon jobs`: the state of the background work, and what failed for good."""

from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.kernel.errors import NotFound
from lacydon.kernel.jobs import counts, dead_letters, put_back


def jobs(*, retry: str | None) -> int:
    """Show the queue; with `retry`, put one dead letter (or `all`) back first. Exit code 1 when any is dead.

    Raises NotFound.
    """
    if retry:
        again = put_back(None if retry == "all" else _known(retry))
        print(_("Remis dans la file : %d.") % again)
    state = counts()
    print(
        _(
            "En attente %(waiting)d (depuis %(oldest)d s pour le premier), en cours %(running)d, échoués %(dead)d ; "
            "ouvriers vivants %(workers)d."
        )
        % {
            "waiting": state.waiting,
            "oldest": state.oldest,
            "running": state.running,
            "dead": state.dead,
            "workers": state.workers,
        }
    )
    for letter in dead_letters():
        print(f"{letter.id}  {letter.name}  {letter.arguments}  {letter.attempts}×  {letter.error}")
    return 1 if state.dead else 0


def _known(given: str) -> str:
    """The id when a dead letter has it."""
    try:
        id = str(UUID(given))
    except ValueError:
        id = ""
    if id not in {letter.id for letter in dead_letters()}:
        raise NotFound(_("Aucun travail échoué n’a l’identifiant « %s ».") % given[:80])
    return id
