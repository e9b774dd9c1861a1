"""A request to hand over, as the tests of every channel send it."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from lacydon.capabilities.requests.public import Contact, News, Parcel, ParcelFile, Return

PHOTO = b"\xff\xd8\xff photo"
NUMBER = "R-2026-7KQ4M2"


def photo(content: bytes = PHOTO, **fields: Any) -> ParcelFile:
    told = {
        "id": "7d3c4f0a-0000-4000-8000-000000000001",
        "field": "photo",
        "name": "bac « vert ».jpeg",
        "media_type": "image/jpeg",
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
        "load": lambda: content,
        "address": "https://lacydon.example/livraisons/pieces/x",
    }
    return ParcelFile(**(told | fields))


def parcel(**fields: Any) -> Parcel:
    told: dict[str, Any] = {
        "number": NUMBER,
        "form": "bac-casse",
        "form_digest": "0" * 64,
        "service": "dechets.bac-casse",
        "title": "Bac cassé",
        "lang": "fr",
        "opened_at": datetime(2026, 3, 9, 8, 30, tzinfo=UTC),
        "authority": "commune-97001",
        "idempotency_key": "3f0c2a5e-1111-4222-8333-abcdefabcdef",
        "citycode": "97001",
        "lon": 5.1012,
        "lat": 43.1011,
        "address": "12 Rue de la République 97100 Olivette",
        "description": "Le couvercle est arraché. Mon numéro : 06 12 34 56 78.",
        "open_text": "Le couvercle est arraché.",
        "words": (("Que se passe-t-il ?", "Le couvercle est arraché."), ("Quelle taille ?", "Grand")),
        "answers": {
            "quoi": "Le couvercle est arraché.",
            "taille": "large",
            "jours": ["lundi", "mardi"],
            "urgent": True,
        },
        "back": Return(
            address="https://lacydon.example/livraisons/retour/1",
            token="jeton",
            page="https://lacydon.example/livraisons/reponse/1/x",
        ),
    }
    return Parcel(**(told | fields))


def news(**fields: Any) -> News:
    told: dict[str, Any] = {
        "id": "3f0c2a5e-1111-4222-8333-abcdefabcdef-4",
        "kind": "message",
        "at": datetime(2026, 3, 10, 9, 0, tzinfo=UTC),
        "words": "Il est toujours là. Rappelez-moi au 06 12 34 56 78.",
    }
    return News(**(told | fields))


CONTACT = Contact(given_name="Nadia", family_name="Bel", email="nadia@exemple.fr", phone="+33612345678")
