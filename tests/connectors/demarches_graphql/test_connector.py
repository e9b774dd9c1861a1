"""demarche.numerique against a server that answers as it does: prefilling, GraphQL, direct uploads."""

import base64
import hashlib
import json

import pytest

from lacydon.capabilities.requests.public import ParcelRefused
from lacydon.connectors import FOLDER
from lacydon.connectors.demarches_graphql import answers
from lacydon.connectors.demarches_graphql.connector import Demarches, Settings
from lacydon.kernel.errors import Unavailable
from lacydon.kernel.http import OutsideUnavailable
from tests.connectors import parcels
from tests.kernel.http.test_client import send

SAMPLES = FOLDER / "demarches_graphql" / "samples"
channel = Demarches()
FIELDS = {
    "champ_Q2hhbXAtMQ": "quoi",
    "champ_Q2hhbXAtMg": "jours",
    "champ_Q2hhbXAtMw": "urgent",
    "champ_Q2hhbXAtNA": "@number",
    "champ_Q2hhbXAtNQ": "rien",
}


def sample(name: str):
    return json.loads((SAMPLES / f"{name}.json").read_bytes())


class Platform:
    """What it was asked, and how it answers: `dossier` is None until the resident has submitted it."""

    def __init__(self, server) -> None:
        self.server, self.url = server, server.url
        self.prefilled: list[dict] = []
        self.messages: list[dict] = []
        self.uploads: list[tuple[dict, bytes]] = []
        self.dossier = None
        self.tokens: set[str] = set()
        server.reply = self.reply

    def reply(self, handler) -> None:
        if handler.path.startswith("/put/"):
            self.uploads.append((dict(handler.headers), handler.body))
            return send(handler, 200)
        told = json.loads(handler.body)
        if handler.path.startswith("/api/public/v1/demarches/7/dossiers"):
            self.prefilled.append(told)
            made = sample("prefilled") | {"dossier_url": f"{self.url}/commencer/bac-casse?prefill_token=bK8w"}
            return send(handler, 201, json.dumps(made).encode())
        self.tokens.add(handler.headers["Authorization"])
        return send(handler, 200, json.dumps(self.graphql(told["query"], told["variables"])).encode())

    def graphql(self, query: str, variables: dict) -> dict:
        if "createDirectUpload" in query:
            self.asked = variables["input"]
            made = sample("upload")
            made["data"]["createDirectUpload"]["directUpload"]["url"] = f"{self.url}/put/1"
            return made
        if "dossierEnvoyerMessage" in query:
            self.messages.append(variables["input"])
            return {"data": {"dossierEnvoyerMessage": {"message": {"id": "m"}, "errors": None}}}
        if "demarche(number" in query:
            return sample("demarche")
        if self.dossier is None:
            return sample("missing")
        told = sample("dossier")
        told["data"]["dossier"] |= {
            "state": self.dossier,
            "messages": [{"id": "m", "body": each["body"]} for each in self.messages],
        }
        return told


@pytest.fixture
def platform(partner_server):
    return Platform(partner_server)


def way(platform, **fields):
    return Settings(**({"url": platform.url, "demarche": 7, "fields": FIELDS, "token": "jeton"} | fields))


def test_a_file_is_prefilled_and_the_resident_is_told_where_to_finish_it(platform):
    receipt = channel.send(parcels.parcel(), way(platform))
    assert (receipt.state, receipt.reference) == ("sent", "1234")
    assert receipt.leads_to == f"{platform.url}/commencer/bac-casse?prefill_token=bK8w"
    assert platform.prefilled == [
        {
            "champ_Q2hhbXAtMQ": "Le couvercle est arraché.",
            "champ_Q2hhbXAtMg": ["lundi", "mardi"],
            "champ_Q2hhbXAtMw": True,
            "champ_Q2hhbXAtNA": parcels.NUMBER,
        }
    ]


def test_nobody_sees_it_there_until_it_is_submitted(platform):
    assert channel.pull("1234", way(platform)) is None
    platform.dossier = "en_construction"
    assert channel.pull("1234", way(platform)).state == "received"
    assert platform.tokens == {"Bearer jeton"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("en_instruction", ("in-progress", "")),
        ("accepte", ("closed", "accepted")),
        ("refuse", ("closed", "refused")),
        ("sans_suite", ("closed", "unsolved")),
    ],
)
def test_what_each_state_means(platform, state, expected):
    platform.dossier = state
    told = channel.pull("1234", way(platform))
    assert ((told.state, told.outcome), told.words) == (expected, "Le bac n’est pas public.")


def test_documents_follow_once_it_is_submitted_and_only_once(platform):
    platform.dossier = "en_construction"
    mine = way(platform, instructor="SW5zdHJ1Y3RldXItMQ==")
    assert channel.pull("1234", mine).takes_files and not channel.pull("1234", way(platform)).takes_files
    parcel = parcels.parcel(files=(parcels.photo(), parcels.photo(b"other", id="two", name="plan.pdf")))
    for _try in range(2):
        channel.hand_files(parcel, "1234", mine)
    assert [content for _headers, content in platform.uploads] == [parcels.PHOTO, b"other"]
    assert platform.uploads[0][0]["Content-MD5"] == "x"
    assert platform.asked["checksum"] == base64.b64encode(hashlib.md5(b"other").digest()).decode()
    assert [each["attachment"] for each in platform.messages] == ["eyJfcmFpbHMi"] * 2
    channel.hand_files(parcel, "1234", way(platform))
    assert len(platform.messages) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, ParcelRefused), (422, ParcelRefused), (401, Unavailable), (404, Unavailable), (503, Unavailable)],
)
def test_what_an_answer_means(platform, partner_server, status, kind):
    partner_server.reply = lambda handler: send(handler, status)
    with pytest.raises(kind):
        channel.send(parcels.parcel(), way(platform))


def test_residents_are_led_nowhere_else(platform):
    with pytest.raises(OutsideUnavailable, match="autre site"):
        answers.parse_prefilled(sample("prefilled"), base=platform.url)
    assert answers.parse_prefilled(sample("prefilled"), base="https://demarche.example")[0] == "1234"


@pytest.mark.parametrize(
    "answer", [None, [], {}, {"dossier_number": True, "dossier_url": "https://x"}, {"dossier_number": 3}]
)
def test_a_prefilling_without_a_number_is_none(answer):
    with pytest.raises(OutsideUnavailable):
        answers.parse_prefilled(answer, base="https://x")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b'{"errors": [{"message": "Unauthorized"}]}',
        b'{"errors": "x"}',
        b'{"data": {"dossier": {"state": "perdu"}}}',
    ],
)
def test_other_answers_are_asked_again(platform, partner_server, answer):
    partner_server.reply = lambda handler: send(handler, 200, answer)
    with pytest.raises(OutsideUnavailable):
        channel.pull("1234", way(platform))


def test_check_asks_for_the_procedure(platform, partner_server):
    told = channel.check(way(platform))
    assert told.ok and "Signaler un bac cassé" in told.sentence
    assert not channel.check(way(platform, token="")).ok
    partner_server.reply = lambda handler: send(handler, 200, b'{"data": {"demarche": null}}')
    assert not channel.check(way(platform)).ok
