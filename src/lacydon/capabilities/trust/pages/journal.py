"""The published journal: a page for people, and for machines its head, its tiles and its key (C2SP tlog-tiles)."""

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

from ..actions.publication import publish_checkpoint
from ..errors import JournalDamaged
from ..models import Checkpoint
from ..queries import journal
from ..queries.signing import public_key, published_keys, succession
from ..queries.witnesses import latest_cosignatures

FOREVER = "public, max-age=31536000, immutable"
A_MOMENT = "public, max-age=5"
TEXT = "text/plain; charset=utf-8"
log = structlog.get_logger("lacydon.journal")


@open_to_all
def about(request: HttpRequest) -> HttpResponse:
    """What the journal is, how far it goes, who signed it, how to verify it."""
    title = _("Le journal")
    checkpoint = _latest()
    context = {
        "title": title,
        "size": checkpoint.size if checkpoint else 0,
        "signed_at": checkpoint.signed_at if checkpoint else None,
        "cosignatures": [
            (each.witness.partition("+")[0], each.checkpoint_id, each.at) for each in latest_cosignatures()
        ],
        "key": str(public_key()),
        "terms": _terms(),
        "address": request.build_absolute_uri("/journal"),
    }
    return HttpResponse(page("trust/journal.html", context, address=request.get_full_path(), title=title))


@open_to_all
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The latest head, signed by the journal and by its witnesses."""
    found = _latest()
    if found is None:
        raise Http404
    return HttpResponse(journal.cosigned(found), content_type=TEXT, headers={"Cache-Control": A_MOMENT})


@open_to_all
def tile(_request: HttpRequest, path: str) -> HttpResponse:
    """One tile: what its address names never changes."""
    hashes = journal.tile(f"tile/{path}")
    if hashes is None:
        raise Http404
    return HttpResponse(hashes, content_type="application/octet-stream", headers={"Cache-Control": FOREVER})


@open_to_all
def key(_request: HttpRequest) -> HttpResponse:
    """What to verify with."""
    return HttpResponse(f"{public_key()}\n", content_type=TEXT, headers={"Cache-Control": A_MOMENT})


@open_to_all
def keys(_request: HttpRequest) -> HttpResponse:
    """What the keys said of one another: whoever knows one of them finds the others. Empty while there is but one."""
    return HttpResponse(published_keys(), content_type=TEXT, headers={"Cache-Control": A_MOMENT})


def _terms() -> list[dict[str, object]]:
    """Each key and what it signed, oldest first; none when the keys do not agree (the log says why)."""
    try:
        terms = succession().terms
    except JournalDamaged as damage:
        log.error("journal.damaged", sentence=str(damage.sentence))
        return []
    following = [term.after for term in terms[1:]]
    return [
        {"key": str(term.key), "first": max(term.after, 0) + 1, "in_charge_to": last, "until": term.until}
        for term, last in zip(terms, [*following, None], strict=True)
    ]


def _latest() -> Checkpoint | None:
    """The latest head, of all that was recorded unless something stored was damaged."""
    if journal.waiting():
        try:
            return publish_checkpoint()
        except JournalDamaged as damage:
            log.error("journal.damaged", sentence=str(damage.sentence))
    return journal.latest_checkpoint()
