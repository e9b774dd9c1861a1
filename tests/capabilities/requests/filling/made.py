"""Forms of the tests, and somebody who fills them in as a browser without JavaScript does."""

import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from django.test import Client

from lacydon.capabilities.requests.models import FormVersion
from lacydon.capabilities.requests.queries.forms import SNAPSHOT
from lacydon.kernel import forms
from lacydon.kernel.clock import now
from lacydon.kernel.snapshots import moved
from tests.markup import Element, read


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\xff\xff\xff"))
    + _chunk(b"IEND", b"")
)
"""One pixel."""


def field(id: str, type: str = "text", **more: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "label": {"fr": f"La question {id}", "en": f"Question {id}"}} | more


def page(id: str, *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": id, "title": {"fr": f"Page {id}", "en": f"Page {id}"}, "fields": list(fields)} | more


TWO_STEPS = (
    page("vous", field("nom"), field("courriel", "email", required=False, prefill="contact.email")),
    page(
        "besoin",
        field("mots", "longtext"),
        field("urgent", "yesno"),
        field("pourquoi", "text", when={"urgent": True}),
    ),
)


def published(
    *pages: dict[str, Any], id: str = "essai", service: str = "bac-casse-ou-vole", **more: Any
) -> FormVersion:
    """A form one can fill in; a version more when there is one already, which is withdrawn."""
    written = {"id": id, "service": service, "title": {"fr": "Un essai", "en": "A try"}}
    form = forms.read_form(written | {"pages": list(pages or TWO_STEPS)} | more)
    FormVersion.objects.filter(form=id, state="published").update(state="withdrawn", withdrawn_at=now())
    moved(SNAPSHOT)
    return FormVersion.objects.create(
        form=id, number=FormVersion.objects.filter(form=id).count() + 1, digest=forms.digest(form),
        content=dict(form.source), service_id=service, state="published", made_at=now(), published_at=now(),
    )  # fmt: skip


class Filler:
    """Follows links and posts forms as they stand on the page, with what is typed."""

    def __init__(self, client: Client, start: str = "/demarches/essai/commencer?citycode=97001") -> None:
        self.client = client
        self.address = start
        self.posts = 0
        self.open(start)

    def open(self, address: str, *, status: int = 200) -> "Filler":
        answer = self.client.get(address, follow=True)
        assert answer.status_code == status, (answer.status_code, answer.content.decode())
        return self._arrived(answer, address)

    def _arrived(self, answer: Any, address: str) -> "Filler":
        if answer.redirect_chain:
            address = answer.redirect_chain[-1][0]
        self.answer, self.address, self.text = answer, address, answer.content.decode()
        self.page: Element = read(self.text)
        return self

    @property
    def heading(self) -> str:
        return self.page.one("h1").words

    @property
    def troubles(self) -> list[str]:
        return [each.words for each in self.page.all("p", class_="trouble")]

    def form(self, **more: Any) -> tuple[str, dict[str, Any]]:
        """The action of the page's own form and all that it would send."""
        posting = [each for each in self.page.all("form") if each.attributes.get("method") == "post"]
        form = next((each for each in posting if "data-rules" in each.attributes), posting[0])
        _without_templates(form)
        sent: dict[str, Any] = {}
        for each in form.all("input"):
            name, kind = each.attributes.get("name"), each.attributes.get("type", "text")
            if (
                not name
                or kind in ("file", "image")
                or (kind in ("radio", "checkbox") and "checked" not in each.attributes)
            ):
                continue
            sent.setdefault(name, []).append(each.attributes.get("value", ""))
        for each in form.all("textarea"):
            sent[each.attributes["name"]] = [each.text.removeprefix("\n")]
        for each in form.all("select"):
            chosen = [option.attributes["value"] for option in each.all("option") if "selected" in option.attributes]
            sent[each.attributes["name"]] = chosen or [""]
        return form.attributes.get("action") or self.address, sent | more

    def send(self, *, status: int = 200, **typed: Any) -> "Filler":
        """Type, press the first button, arrive somewhere."""
        action, sent = self.form()
        data = sent | {"faire": "suivre"} | {name.replace("__", "-"): value for name, value in typed.items()}
        self.posts += 1
        answer = self.client.post(action, data, follow=True)
        assert answer.status_code == status, (
            answer.status_code,
            re.findall(r"trouble.*?</span>", answer.content.decode()),
        )
        return self._arrived(answer, action)

    @property
    def reference(self) -> str:
        found = re.search(r"/brouillons/([\w-]+)", self.address)
        assert found, self.address
        return found[1]


def _without_templates(element: Element) -> None:
    """What waits for a script is not sent."""
    element.inside = [each for each in element.inside if each.name != "template"]
    for each in element.inside:
        _without_templates(each)


def filled(client: Client, **typed: Any) -> Filler:
    """The two pages of the usual form, up to the summary."""
    return Filler(client).send(nom="Ada", courriel="ada@exemple.fr").send(mots="Mon bac", urgent="no", **typed)


def values(page: Element) -> Mapping[str, str]:
    return {each.attributes["name"]: each.attributes.get("value", "") for each in page.all("input", type="hidden")}
