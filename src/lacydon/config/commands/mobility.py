"""`lacydon mobility`: import the timetables of a network (GTFS), see which are in force."""

import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.mobility.public import (
    FeedRemark,
    UnreadableFeed,
    describe_feed,
    feeds_shown,
    fetch_feed,
    keep_the_rest,
    receive_version,
    timetable,
)
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import Refused

DONE, REFUSED, CANNOT = 0, 1, 2
SEVERITIES = {"fatal": "refusé", "error": "à corriger", "warning": "à vérifier", "info": "à savoir"}


def mobility_import(
    source: str, *, feed: str = "", prefix: str = "", name: str = "", licence: str | None = None,
    producer: str | None = None,
) -> int:  # fmt: skip
    """Exit code 0: it is in force; 1: the file is refused, and the remarks say why; 2: it could not be had."""
    remote = source.startswith(("http://", "https://"))
    path = Path(source)
    if not remote and not path.exists():
        print(_("Le fichier %s n’existe pas.") % source, file=sys.stderr)
        return CANNOT
    stem = Path(urlsplit(source).path).stem if remote else path.name.removesuffix(".zip").removesuffix(".gtfs")
    began = time.monotonic()

    def progress(sentence: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {sentence}", flush=True)

    try:
        row = describe_feed(
            actor=MACHINE, id=feed or stem, name=name, prefix=prefix, url=source if remote else None,
            producer=producer, licence=licence,
        )  # fmt: skip
        if remote:
            version = fetch_feed(feed=row.pk, progress=progress)
        else:
            version = receive_version(actor=MACHINE, feed=row.pk, path=path, origin=path.name, progress=progress)
    except UnreadableFeed as refusal:
        _tell([FeedRemark.restored(each) for each in refusal.facts.get("remarks", ())])
        print(_("Refusé : %s Les horaires en service restent.") % refusal.sentence, file=sys.stderr)
        return REFUSED
    except Refused as refusal:
        print(refusal.sentence, file=sys.stderr)
        return CANNOT
    if version is None:
        print(_("Rien de nouveau à cette adresse : les horaires en service restent."))
        return DONE
    _tell([FeedRemark.restored(each) for each in version.remarks])
    counts = version.counts
    print(
        _(
            "En service : %(feed)s (préfixe %(prefix)s), du %(first)s au %(last)s ; %(routes)d lignes, "
            "%(stops)d arrêts, %(trips)d courses, %(calls)d passages, en %(seconds).1f s."
        )
        % {
            "feed": row.pk,
            "prefix": row.prefix,
            "first": version.first_day,
            "last": version.last_day,
            "seconds": time.monotonic() - began,
            **{name: counts.get(name, 0) for name in ("routes", "stops", "trips", "calls")},
        },
        flush=True,
    )
    progress(_("Préparation des itinéraires : dix secondes la première fois"))
    keep_the_rest(timetable())
    return DONE


def list_feeds() -> int:
    """One line for each feed: id, prefix, state, last day, name."""
    for each in feeds_shown():
        current = each.current
        last = str(current.version.last_day) if current else "–"
        print("\t".join((each.feed.pk, each.feed.prefix, each.state, last, each.feed.name)))
    return DONE


def _tell(remarks: list[FeedRemark]) -> None:
    for each in remarks:
        places = ", ".join(map(str, each.lines))
        where = f"{each.file}:{places}" if places else each.file
        times = ngettext("%d fois", "%d fois", each.count) % each.count
        examples = f" [{' · '.join(each.examples)}]" if each.examples else ""
        print(f"{SEVERITIES[each.severity]:<11} {where} ({times}) {each.sentence}{examples}")
