"""One small, strict relying party of OpenID Connect: the code flow, nothing else.

    provider = Provider(issuer="https://…", client_id="…", client_secret="…", acr=("eidas1",), acr_values=True)
    url, pending = begin(provider, redirect_uri=where)      # keep pending.as_json() in the visitor's session
    signed_in = finish(provider, Pending.from_json(popped), parameters=request.GET, redirect_uri=where)

Nothing is optional in what is verified: OpenID Connect Core 1.0 (3.1.3.7, 3.1.3.8, 5.3.4), RFC 7636 (PKCE), RFC 9207
(`iss`), RFC 8725 (algorithms named beforehand). docs/adr/0005-a-relying-party-of-our-own.md says why it is ours.
"""

from .agreement import Agreement, text_of
from .errors import (
    CallbackRefused,
    LevelTooLow,
    ProviderMisconfigured,
    ProviderUnavailable,
    SignInCancelled,
    SignInExpired,
    SignInRefused,
    TokenRefused,
)
from .flow import PATIENCE, Pending, SignedIn, begin, finish, introduce, logout_url
from .provider import Metadata, Provider

__all__ = [
    "PATIENCE",
    "Agreement",
    "CallbackRefused",
    "LevelTooLow",
    "Metadata",
    "Pending",
    "Provider",
    "ProviderMisconfigured",
    "ProviderUnavailable",
    "SignInCancelled",
    "SignInExpired",
    "SignInRefused",
    "SignedIn",
    "TokenRefused",
    "begin",
    "finish",
    "introduce",
    "logout_url",
    "text_of",
]
