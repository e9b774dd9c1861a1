"""A provider of identities that says what the test wants: for the pages; the real ones are tested in connectors/."""

from collections.abc import Mapping
from typing import Any

from lacydon.capabilities.trust.ports import Beginning, Proven
from lacydon.kernel.errors import Refused, Unavailable


class SayingProvider:
    """`says`: what the next visitor proves; `refuses`: what is raised instead; `down`: does not answer."""

    def __init__(self, id: str = "essai", *, kind: str = "resident") -> None:
        self.id, self.kind, self.title = id, kind, f"Essai {id}"
        self.says: dict[str, Any] = {"subject": "s-1"}
        self.refuses: Refused | None = None
        self.down = False
        self.asked_anew = False

    def is_on(self) -> bool:
        return True

    def begin(self, *, redirect_uri: str, fresh: bool = False) -> Beginning:
        self.asked_anew = fresh
        if self.down:
            raise Unavailable("Le fournisseur ne répond pas.")
        return Beginning(url=f"https://{self.id}.example/authorize?back={redirect_uri}", pending={"state": "abc"})

    def finish(self, *, pending: object, parameters: Mapping[str, str], redirect_uri: str) -> Proven:
        if self.refuses is not None:
            raise self.refuses
        if pending != {"state": "abc"} or parameters.get("state") != "abc":
            raise Refused("Cette réponse ne correspond pas.", code="sign-in-callback")
        facts = {
            "issuer": f"https://{self.id}.example",
            "assurance": 1,
            "strong": False,
            "claims": {},
            "id_token": "t0k3n",
        }
        return Proven(**(facts | self.says))

    def logout(self, *, id_token: str, redirect_uri: str, state: str) -> str:
        return f"https://{self.id}.example/end?hint={id_token}&back={redirect_uri}"
