"""Refusals of the territory."""

from lacydon.kernel.errors import BadInput, NotFound


class UnknownCommune(NotFound):
    code = "unknown-commune"


class UnknownTheme(NotFound):
    code = "unknown-theme"


class UnknownAuthority(NotFound):
    code = "unknown-authority"


class UnknownCondition(BadInput):
    """A condition the theme does not depend on, or a value it does not know."""

    code = "unknown-condition"


class WrongDate(BadInput):
    code = "wrong-date"
