"""Signed messages: the example of the standard, and what is no longer, or was never, what was signed."""

import base64
from datetime import UTC, datetime

import pytest

from lacydon.kernel import webhooks
from lacydon.kernel.webhooks import NoSecret, WrongSignature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
ID, MOMENT = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture(autouse=True)
def then(monkeypatch):
    """The moment of the example, and `then(seconds)` later."""

    def move(seconds: int) -> None:
        monkeypatch.setattr(webhooks, "now", lambda: datetime.fromtimestamp(int(MOMENT) + seconds, UTC))

    move(0)
    return move


def headers(**changed: str) -> dict[str, str]:
    told = {"webhook-id": ID, "webhook-timestamp": MOMENT, "webhook-signature": SIGNATURE}
    return told | {name.replace("_", "-"): value for name, value in changed.items()}


def test_the_example_of_the_standard():
    assert webhooks.signed_headers(BODY, id=ID, secret=SECRET) == headers()
    assert webhooks.proven_id(BODY, headers=headers(), secret=SECRET) == ID


def test_a_secret_can_be_changed_while_messages_are_under_way():
    both = f"v1,{'A' * 43}= {SIGNATURE}"
    assert webhooks.proven_id(BODY, headers=headers(webhook_signature=both), secret=SECRET) == ID


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook_id": "msg_other"},
        {"webhook_id": ""},
        {"webhook_id": "x" * 201},
        {"webhook_timestamp": "1614265331"},
        {"webhook_timestamp": "hier"},
        {"webhook_timestamp": "²"},
        {"webhook_timestamp": ""},
        {"webhook_signature": ""},
        {"webhook_signature": SIGNATURE.replace("v1,", "v1a,")},
        {"webhook_signature": "é"},
        {"webhook_signature": " ".join(["v1,no"] * 11 + [SIGNATURE])},
    ],
)
def test_anything_else_is_refused(changed):
    with pytest.raises(WrongSignature):
        webhooks.proven_id(BODY, headers=headers(**changed), secret=SECRET)
    with pytest.raises(WrongSignature):
        webhooks.proven_id(BODY + b" ", headers=headers(), secret=SECRET)


@pytest.mark.parametrize("seconds", [301, -301])
def test_an_old_message_cannot_be_sent_again(then, seconds):
    then(seconds)
    with pytest.raises(WrongSignature):
        webhooks.proven_id(BODY, headers=headers(), secret=SECRET)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_courte", "whsec_" + base64.b64encode(b"x" * 65).decode(), "é"])
def test_a_secret_of_another_form_signs_nothing(secret):
    with pytest.raises(NoSecret):
        webhooks.signed_headers(BODY, id=ID, secret=secret)
    with pytest.raises(NoSecret):
        webhooks.proven_id(BODY, headers=headers(), secret=secret)
