"""Routes: read from a folder that holds no secret, given their secrets, worked with by operators."""

import io
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from lacydon.capabilities.requests.actions.mail_replies import answer_in, receive_mail
from lacydon.capabilities.requests.actions.routes import set_secret
from lacydon.capabilities.requests.models import Delivery, Request, Route, RouteSecret
from lacydon.capabilities.requests.ports import ParcelRefused
from lacydon.capabilities.requests.queries import returns, routes
from lacydon.capabilities.requests.queries.sealed import key_of, unseal
from lacydon.config.command_line import main
from lacydon.config.commands.folder import load
from lacydon.kernel import rotation, sealing
from lacydon.kernel.errors import BadInput, NotFound
from tests.capabilities.requests import made
from tests.capabilities.requests.delivery import handing

pytestmark = pytest.mark.django_db
WRITTEN = """
- id: olivette-rue
  authority: commune-97001
  channel: open311
  services: [signaler-un-nid-de-poule]
  skills: [rue]
  patience: 3
  settings: {url: "https://signaler.olivette.example/v2", services: {signaler-un-nid-de-poule: POTHOLE}}
- id: olivette-accueil
  authority: commune-97001
  channel: letter
  settings: {to: accueil@olivette.example}
"""


class TestFolder:
    @pytest.fixture
    def folder(self, small_territory, tmp_path) -> Path:
        import shutil

        return Path(shutil.copytree(small_territory, tmp_path / "territory"))

    def test_routes_are_loaded_and_loading_again_changes_nothing(self, folder, capsys):
        (folder / "deliveries.yaml").write_text(WRITTEN)
        assert load(folder) == 0, capsys.readouterr().out
        assert "routes 2" in capsys.readouterr().out
        row = Route.objects.get(pk="olivette-rue")
        assert (row.channel, row.patience_days, row.services, row.position) == (
            "open311",
            3,
            ["signaler-un-nid-de-poule"],
            0,
        )
        assert load(folder) == 0 and "routes" not in capsys.readouterr().out
        (folder / "deliveries.yaml").unlink()
        assert load(folder) == 0 and not Route.objects.exists()

    @pytest.mark.parametrize(
        ("written", "line", "said"),
        [
            (WRITTEN.replace("channel: letter", "channel: pigeon"), 11, "« pigeon »"),
            (WRITTEN.replace("to: accueil", "from: accueil"), 12, "from"),
            (WRITTEN.replace("accueil@olivette.example", "accueil"), 12, "accueil"),
            (WRITTEN.replace("[signaler-un-nid-de-poule]", "[licorne]"), 5, "« licorne »"),
            (WRITTEN.replace("97001\n  channel: letter", "99999\n  channel: letter"), 10, "« commune-99999 »"),
            (WRITTEN.replace("id: olivette-accueil", "id: olivette-rue"), 9, "« olivette-rue »"),
            (WRITTEN.replace("patience: 3", "patience: 400"), 7, "400"),
            (WRITTEN.replace("{url:", "{api_key: abc, url:"), 8, "set-secret olivette-rue api_key"),
        ],
        ids=range(8),
    )
    def test_each_fault_is_named_with_its_line(self, folder, capsys, written, line, said):
        (folder / "deliveries.yaml").write_text(written)
        assert load(folder) == 1
        told = capsys.readouterr().out
        assert f"deliveries.yaml:{line}" in told and said in told
        assert not Route.objects.exists()


class TestSecrets:
    def test_a_secret_is_sealed_and_only_the_channel_gets_it(self, theirs):
        set_secret(route="route-0", name="secret", value="canari")
        held = RouteSecret.objects.get()
        assert b"canari" not in bytes(held.sealed) + bytes(held.wrapped)
        assert routes.opened(routes.route("route-0"))[1].secret == "canari"
        set_secret(route="route-0", name="secret", value="autre")
        assert routes.opened(routes.route("route-0"))[1].secret == "autre"
        set_secret(route="route-0", name="secret", value="")
        assert routes.opened(routes.route("route-0"))[1].secret == ""

    def test_it_stays_when_the_folder_is_loaded_again(self, theirs):
        set_secret(route="route-0", name="secret", value="canari")
        handing.routes({})
        assert routes.opened(routes.route("route-0"))[1].secret == "canari"

    def test_it_is_wrapped_again_with_the_ring(self, theirs, settings, tmp_path):
        settings.KEYS = tmp_path / "keys"
        set_secret(route="route-0", name="secret", value="canari")
        rotation.rotate()
        assert sealing.kek_of(bytes(RouteSecret.objects.get().wrapped)) == sealing.ring().newest.id
        assert routes.opened(routes.route("route-0"))[1].secret == "canari"

    def test_the_environment_comes_first(self, theirs, settings):
        set_secret(route="route-0", name="secret", value="canari")
        settings.ROUTE_SECRETS = "other.secret=x route-0.secret=a=b route-0.url=https://x.example"
        its = routes.opened(routes.route("route-0"))[1]
        assert (its.secret, its.url) == ("a=b", "https://theirs.example")

    def test_a_wrong_name_is_told_with_the_right_ones(self, theirs):
        with pytest.raises(BadInput, match="secret"):
            set_secret(route="route-0", name="api_key", value="x")
        with pytest.raises(NotFound):
            set_secret(route="rien", name="secret", value="x")


class TestCommands:
    def test_a_secret_is_read_from_a_pipe(self, theirs, monkeypatch, capsys):
        monkeypatch.setattr("sys.stdin", io.StringIO("canari\n"))
        assert main(["routes", "set-secret", "route-0", "secret"]) == 0
        assert "canari" not in capsys.readouterr().out
        assert routes.opened(routes.route("route-0"))[1].secret == "canari"

    @pytest.mark.parametrize("asked", [["routes"], ["deliveries"], ["open311-keys", "list"]])
    def test_an_empty_list_says_so(self, db, capsys, asked):
        assert main(asked) == 0
        assert capsys.readouterr().out.startswith("Aucune ")

    def test_what_waits_for_a_person_is_listed_replayed_kept(self, theirs, capsys):
        def refuse() -> None:
            raise ParcelRefused("Non.")

        rows = [handing.queued(), handing.queued()]
        theirs.behave = refuse
        handing.work()
        assert main(["routes"]) == 1 and "ne marche plus\u00a0: Non." in capsys.readouterr().out
        assert main(["deliveries"]) == 1
        assert rows[0].request.number in capsys.readouterr().out
        assert main(["deliveries", "--keep", str(rows[0].pk)]) == 1
        assert main(["deliveries", "--replay", "all"]) == 0
        theirs.behave = lambda: None
        handing.work()
        assert [Delivery.objects.get(pk=row.pk).state for row in rows] == ["kept", "accepted"]
        capsys.readouterr()
        assert main(["deliveries", "--replay", "x"]) == 1 and "«\u00a0x\u00a0»" in capsys.readouterr().err
        assert main(["routes"]) == 0


def mail(to: str, body: str, *, id: str = "<1@mairie.example>", **headers: str) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"], message["Message-ID"] = (
        "accueil@mairie.example",
        to,
        "Re: x",
        id,
    )
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


class TestReplies:
    @pytest.fixture
    def row(self, theirs, settings) -> Delivery:
        settings.MAIL_REPLIES = "reponses@lacydon.example"
        found = handing.queued()
        handing.work()
        return found

    def said(self) -> list[str]:
        request = Request.objects.get()
        found = request.steps.filter(kind="status")
        return [unseal(step.sealed, key=key_of(request), holder=step, field="sealed")["message"] for step in found]

    def test_what_a_town_hall_answers_is_on_the_timeline_once(self, row):
        content = mail(
            f"Lacydon <{returns.mailbox(row.pk)}>",
            "Bonjour,\n\nNous passons mardi.\n\nLe lun. 9 mars 2026 à 09:30, Lacydon a écrit :\n> Demande",
        )
        assert [receive_mail(content), receive_mail(content)] == ["noted", "known"]
        assert self.said() == ["Bonjour,\n\nNous passons mardi."]

    def test_it_is_found_by_the_envelope_too(self, row):
        content = mail("reponses@lacydon.example", "Mardi.", Delivered_To=returns.mailbox(row.pk).upper())
        assert receive_mail(content) == "noted"

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (lambda address: mail("autre@lacydon.example", "x"), "not-ours"),
            (lambda address: mail(address.replace("+", "+0"), "x"), "not-ours"),
            (lambda address: mail(address.replace("lacydon", "ailleurs"), "x"), "not-ours"),
            (lambda address: mail(address[:60].replace("@", "") + "0@lacydon.example", "x"), "not-ours"),
            (lambda address: mail(address, "Absent.", Auto_Submitted="auto-replied"), "automatic"),
            (lambda address: mail(address, "> tout cité\n"), "empty"),
            (lambda address: b"\xff\xfe\x00", "not-ours"),
            (
                lambda address: b"To: " + address.encode() + b"\nContent-Type: text/plain; charset=nulle-part\n\nx",
                "empty",
            ),
            (lambda address: b"To: " + address.encode() + b"\nContent-Type: multipart/mixed\n\nx", "empty"),
        ],
        ids=range(9),
    )
    def test_other_messages_say_nothing(self, row, change, told):
        assert receive_mail(change(returns.mailbox(row.pk))) == told
        assert self.said() == []

    def test_a_page_is_read_as_words(self):
        page = b"Content-Type: text/html; charset=utf-8\n\n<style>p{}</style><p>Nous <b>passons</b> mardi.</p><blockquote>cit\xc3\xa9</blockquote><script>x</script>"
        message = message_from_bytes(page, policy=policy.default)
        assert answer_in(message) == "Nous passons mardi."

    def test_a_mailbox_is_read_and_each_message_marked(self, row, tmp_path, capsys):
        for name in ("new", "cur", "tmp"):
            (tmp_path / name).mkdir()
        (tmp_path / "new" / "1.host").write_bytes(mail(returns.mailbox(row.pk), "Mardi."))
        (tmp_path / "new" / "2.host").write_bytes(mail("x@y.example", "Pub."))
        assert main(["receive", str(tmp_path)]) == 0
        assert "not-ours 1, noted 1" in capsys.readouterr().out
        assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == ["1.host:2,S", "2.host:2,S"]
        assert self.said() == ["Mardi."]
        assert main(["receive", str(tmp_path / "cur")]) == 1

    def test_without_a_mailbox_no_address_is_given(self, row, settings):
        settings.MAIL_REPLIES = ""
        assert returns.mailbox(row.pk) == "" and made.BODY
