"""What a passphrase must be: long, not one of those everybody tries, not one's own address. Nothing else is asked.

NIST SP 800-63B-4, 3.1.1.2 and OWASP ASVS 5.0, 6.2: no rule of composition, no periodic change.
"""

import re
import unicodedata
from collections.abc import Set
from functools import cache
from itertools import pairwise

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext as _

from ..errors import WeakPassphrase

SHORTEST, LONGEST = 12, 200
"""Characters."""
COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234 123456789101112 012345678901 112233445566 987654321012 123123123123
    1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedcrfv qwertyuiop123 qwertyuiopas qwertyuiopasdfgh qwertyuiop[] azertyuiop123
    azertyuiopqs azertyuiopqsdfgh azertyuiopqsdfghjklm 1a2z3e4r5t6y aqwzsxedcrfv qsdfghjklm123 wxcvbn123456
    motdepasse123 motdepasse1234 motdepassemotdepasse monmotdepasse monmotdepasse1 lemotdepasse unmotdepasse
    motdepassefort motdepassesecret nouveaumotdepasse phrasedepasse maphrasedepasse unephrasedepasse
    password1234 password12345 password123456 passwordpassword mypassword123 thepassword1 administrator administrateur
    adminadmin123 admin1234567 administrateur1 welcome12345 welcome123456 bienvenue123 bienvenue1234 bonjour12345
    bonjourbonjour bonjourtoutlemonde letmein12345 changeme1234 changezmoi12 changemaintenant iloveyou1234 iloveyou12345
    jetaime12345 jetaimejetaime jetaimemoncoeur moncoeur1234 monamour1234 soleilsoleil doudoudoudou chocolat1234
    parissaintgermain
    football1234 superman1234 starwars1234 pokemon12345 princess1234 princesse123 dragon123456 sunshine1234 trustno11234
    correcthorsebatterystaple abcdefghijkl abcdefghijklm abcdefghijklmn abcdefghijklmnop abcdefghijklmnopqrstuvwxyz
    abcd12345678 abc123456789 abc123abc123 a1b2c3d4e5f6 aaaaaaaaaaaa secretsecret topsecret123 liberteegalitefraternite
    vivelafrance lacydon12345 lacydonlacydon francefrance france123456
    """.split()
)
"""Those of twelve characters and more that people here choose most, beside the 20,000 that Django brings."""


def normal(passphrase: str) -> str:
    """The same passphrase however a keyboard composed its accents (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", passphrase)


def check(passphrase: str, *, email: str) -> None:
    """Raises WeakPassphrase, with how to mend it."""
    said = normal(passphrase)
    if len(said) < SHORTEST:
        raise WeakPassphrase(
            _("Il faut au moins 12 caractères : quatre mots qui vous viennent font l’affaire."), **_HERE
        )
    if len(said) > LONGEST:
        raise WeakPassphrase(_("Il faut au plus 200 caractères."), **_HERE)
    bare = re.sub(r"[\s_.,;:!?*\u0300-\u036f-]+", "", unicodedata.normalize("NFKD", said.casefold()))  # no accents
    if {bare, said.casefold()} & COMMON or _repeated(bare) or _counted(bare) or _commonplace(said.casefold(), bare):
        raise WeakPassphrase(_("Cette phrase est parmi les premières qu’on essaie : choisissez-en une autre."), **_HERE)
    name = email.casefold().partition("@")[0]
    if email and (
        email.casefold() in said.casefold() or (len(name) > 3 and len(bare.replace(name, "")) < SHORTEST / 2)
    ):
        raise WeakPassphrase(_("Cette phrase ressemble trop à votre adresse : choisissez-en une autre."), **_HERE)


_HERE = {"field": "passphrase"}


@cache
def _common() -> Set[str]:
    """The 20,000 most used of stolen passwords, which come with Django."""
    return frozenset(CommonPasswordValidator().passwords)


def _commonplace(said: str, bare: str) -> bool:
    """One of the 20,000 most used, or two of them, or one lengthened to our twelve signs by figures and marks: whoever
    tries them lengthens them in the same ways."""
    common = _common()
    letters = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", bare)
    if {said, bare, letters} & common:
        return True
    return any(bare[:at] in common and bare[at:] in common for at in range(1, len(bare)))


def _repeated(text: str) -> bool:
    """A short pattern again and again: « chatchatchatchat », « 111111111111 », or nothing but punctuation."""
    return not text or re.fullmatch(r"(.{1,6}?)\1+", text) is not None


def _counted(text: str) -> bool:
    """Signs that all follow each other, up or down: « 3456789:;<=> », « nmlkjihgfedcb »."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1}, {1, -9}, {-1, 9})
