"""Why a sign-in is refused. Each has a code, a sentence for the resident, and a reason (`why`) for the logs only.

SignInRefused                nobody is signed in
├── CallbackRefused          what came back is not the answer to what this visitor began
├── SignInCancelled          the visitor, or the provider, said no
├── SignInExpired            the visitor came back too late, or twice
├── TokenRefused             a token is not what it should be: forged, replayed, meant for another
└── LevelTooLow              who they are is not proven well enough
ProviderUnavailable          the provider does not answer, or not as it should: try again (503)
└── ProviderMisconfigured    the provider does not know us: an operator must look (503)
"""

from typing import ClassVar

from django.utils.translation import gettext as _

from ..errors import Refused, Unavailable


class SignInRefused(Refused):
    """`why` never holds a value that came from a token: it is written in the logs."""

    code = "sign-in-refused"
    status: ClassVar[int] = 400

    def __init__(self, *, why: str, code: str | None = None) -> None:
        super().__init__(self.words(), code=code)
        self.why = why

    def words(self) -> str:
        """What is said to the resident."""
        return _("La connexion n’a pas abouti : vous n’êtes pas connecté. Vous pouvez recommencer.")


class CallbackRefused(SignInRefused):
    code = "sign-in-callback"

    def words(self) -> str:
        return _(
            "Cette réponse ne correspond pas à la connexion que vous avez commencée ici : par sécurité, vous n’êtes "
            "pas connecté. Recommencez depuis la page de connexion."
        )


class SignInCancelled(SignInRefused):
    code = "sign-in-cancelled"

    def words(self) -> str:
        return _(
            "La connexion a été interrompue : rien n’a été transmis. Vous pouvez recommencer, ou continuer sans "
            "vous connecter."
        )


class SignInExpired(SignInRefused):
    code = "sign-in-expired"

    def words(self) -> str:
        return _("La connexion a pris trop de temps, ou a déjà servi. Recommencez depuis la page de connexion.")


class TokenRefused(SignInRefused):
    """`code` says which token and which fault: `id-token-audience`, `userinfo-signature`…"""

    code = "token-refused"
    status = 403

    def words(self) -> str:
        return _(
            "Nous n’avons pas pu vérifier la réponse du fournisseur d’identité : par sécurité, vous n’êtes pas "
            "connecté. Recommencez ; si cela se reproduit, prévenez-nous."
        )


class LevelTooLow(SignInRefused):
    code = "id-token-level"
    status = 403

    def words(self) -> str:
        return _(
            "Le compte choisi ne prouve pas assez votre identité pour ce service : vous n’êtes pas connecté. "
            "Recommencez avec un compte plus sûr, ou avec une seconde preuve (téléphone, clé, carte)."
        )


class ProviderUnavailable(Unavailable):
    code = "provider-unavailable"

    def __init__(self, *, why: str, code: str | None = None) -> None:
        super().__init__(self.words(), code=code)
        self.why = why

    def words(self) -> str:
        """What is said to the resident."""
        return _(
            "Le fournisseur d’identité ne répond pas comme il faut : vous n’êtes pas connecté, rien n’est perdu. "
            "Réessayez dans quelques minutes."
        )


class ProviderMisconfigured(ProviderUnavailable):
    code = "provider-misconfigured"

    def words(self) -> str:
        return _("La connexion par ce fournisseur d’identité est mal réglée chez nous. Nous en sommes avertis.")
