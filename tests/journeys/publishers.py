"""What who publishes data has under way in the harbour, for the pages that need it; in the product's own environment."""

import io
import json
import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

TOWN = "commune-13005"
DATASET = "deliberations-2025"
"""Of this town, and checked against a schema."""
SCHEMA = {
    "name": "scdl-deliberations",
    "title": "Délibérations",
    "version": "2.1.3",
    "fields": [
        {"name": "DELIB_ID", "type": "string", "constraints": {"required": True}},
        {"name": "DELIB_DATE", "type": "date", "constraints": {"required": True}},
        {"name": "VOTE_POUR", "type": "integer", "constraints": {"minimum": 0}},
    ],
}
SENT = "DELIB_ID;DELIB_DATE;VOTE_POUR;Nom de l'élu;Courriel;Téléphone\n" + "".join(
    f"DEL-{n:03};2025-01-{n:02};{n};Camille Durand;camille.{n}@exemple.fr;06 12 34 56 {n:02}\n" for n in range(1, 29)
).replace("2025-01-07", "31/02/2025")


def publishing_pages(actor: Any) -> dict[str, str]:
    """By the name of their address."""
    from django.conf import settings

    from lacydon.capabilities.data.actions import arrivals, checking
    from lacydon.capabilities.data.actions.contracts import give_contract
    from lacydon.capabilities.data.queries.schemas import read_schema
    from lacydon.kernel.clock import today
    from tests.capabilities.data.harbour import published

    shelf = Path(settings.HOME) / "schemas"
    shelf.mkdir(parents=True, exist_ok=True)
    (shelf / "scdl-deliberations.json").write_text(json.dumps(SCHEMA))
    sent = io.BytesIO(SENT.encode())
    arrival = arrivals.receive(dataset=DATASET, actor=actor, file=sent, name="déliberations de janvier.csv")
    arrivals.prepare(arrival=arrivals.read(arrival=arrival))
    published("reserve-des-marches", of=TOWN, access="private")
    contract = give_contract(
        actor=actor, id="reserve-des-marches", to="commune-13055", purpose="Étudier les marchés", fields=("nom", "etals"),
        rows='citycode = "13055"', until=today() + timedelta(days=30),
    )  # fmt: skip
    _source()
    token = checking.check_file(
        name="janvier.csv", pieces=[SENT.encode()], schema=read_schema(SCHEMA), title="Délibérations"
    )
    here = f"/agent/donnees/{DATASET}/fichiers/{arrival.pk}"
    return {
        "data-columns": here,
        "data-preview": f"{here}/apercu",
        "data-arrival-report": f"{here}/rapport",
        "personal-data": f"/donnees/publier/{arrival.pk}/donnees-personnelles",
        "data-contract": f"/agent/donnees-partagees/{contract.pk}",
        "harvest": "/agent/moissons/portail-voisin",
        "harvest-edit": "/agent/moissons/portail-voisin/modifier",
        "harvest-remove": "/agent/moissons/portail-voisin/supprimer",
        "data-check": f"/donnees/verifier/{token}",
        **_kept(actor),
        **_followed(),
    }


def _source() -> None:
    """A source that failed once, with something to mend and something that waits."""
    from lacydon.capabilities.data.models import Dataset, Harvest, Harvested, Source
    from lacydon.kernel.clock import now

    row = Source.objects.create(
        pk="portail-voisin", title="Portail du voisin", kind="ckan_catalogue", url="https://voisin.example",
        organisation_id=TOWN, failures=1, active=False,
    )  # fmt: skip
    at = now()
    Harvest.objects.create(source=row, started_at=at, ended_at=at, beat_at=at, failure="Ce catalogue ne répond pas.")
    dataset = Dataset.objects.get(pk="reserve-des-marches")
    dataset.source = row
    dataset.save()
    Harvested.objects.create(source=row, identifier="a", dataset=dataset, fingerprint="a", seen_at=at, waits=True)
    Harvested.objects.create(source=row, identifier="b", fingerprint="b", seen_at=at, fault="Il manque un titre.")


def _kept(actor: Any) -> dict[str, str]:
    from lacydon.capabilities.data.actions.views import keep_view

    pages = {"data-views": "/donnees/vues"}
    for kind, asked in (("table", [("q", "stade")]), ("chart", [("par", "type")]), ("map", [])):
        kept = keep_view(
            actor=actor, dataset="equipements-sportifs", kind=kind, title=f"Les stades, en {kind}", asked=asked, version=None
        )  # fmt: skip
        pages |= {f"data-view-{kind}": f"/donnees/vues/{kept.pk}", f"data-embedded-{kind}": f"/integre/{kept.pk}"}
    pages["data-view-embedding"] = f"/donnees/vues/{kept.pk}/integrer"
    pages["data-view-keep"] = "/donnees/equipements-sportifs/garder/chart?par=type"
    return pages


def _followed() -> dict[str, str]:
    """An address that has not said yes: the secret of its link is in the message to it."""
    from django.conf import settings

    from lacydon.capabilities.data.actions import following

    following.follow(id="arbres-remarquables", address="camille@exemple.fr", network="")
    letter = max((Path(settings.HOME) / "mail").glob("*.eml"), key=lambda each: each.stat().st_mtime_ns)
    text = message_from_bytes(letter.read_bytes(), policy=policy.default).get_body(("plain",))
    assert text is not None
    (secret,) = re.findall(r"/donnees/suivi/confirmer/([\w-]+)", str(text.get_content()))
    return {"follow-confirm": f"/donnees/suivi/confirmer/{secret}", "follow-stop": f"/donnees/suivi/fin/{secret}"}
