"""What a register of companies must offer to be plugged in, and the registry it is plugged into.

It is asked when somebody presses a button, never by itself: who fills in a form sees what it says, corrects it, or goes
on without. So a register only has to be honest: it raises `Unavailable` when it cannot answer now, `UnknownCompany`
when it knows no such number, and leaves empty what it may not tell.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from lacydon.kernel.errors import NotFound


class UnknownCompany(NotFound):
    """The register knows no company of this number."""

    code = "unknown-company"


@dataclass(frozen=True, slots=True)
class CompanyAddress:
    """Where an establishment is. `citycode`: the commune's INSEE code, empty abroad; `lon, lat`: WGS 84, if known."""

    label: str
    citycode: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """One establishment (SIRET) of a company, association or public body (SIREN), as the register has it.

    `name`: the legal name; `trade_name`: what is written above the door, when that is another; `legal_form`: in words;
    `activity`: the NAF (APE) code. `active`: both the establishment and the company; `closed_on`: since when it is not,
    when that is known. `hidden`: its holder asked that the public not read its name or address, which are then empty.
    `as_of`: the day it was read.
    """

    siret: str
    siren: str
    name: str
    as_of: date
    trade_name: str = ""
    legal_form: str = ""
    activity: str = ""
    address: CompanyAddress | None = None
    head_office: bool = False
    active: bool = True
    closed_on: date | None = None
    hidden: bool = False


class CompanyRegister(Protocol):
    """A register of companies. `title`: how it is named in a sentence, with its article (« le répertoire Sirene »)."""

    id: str

    @property
    def title(self) -> Any:
        """Its name, translated."""

    def is_on(self) -> bool:
        """Whether this installation is meant to use it."""

    def find(self, number: str) -> Company:
        """The establishment of a SIRET (14 digits), or the head office of a SIREN (9 digits).

        Raises UnknownCompany, Unavailable."""

    def search(self, words: str, *, citycode: str = "", limit: int = 6) -> tuple[Company, ...]:
        """Active companies by their name, best first; `citycode`: only those that have an establishment there.

        Raises Unavailable."""


class CompanyRegisters:
    """The registry of the port: registers by id."""

    def __init__(self) -> None:
        self._registers: dict[str, CompanyRegister] = {}

    def plug(self, register: CompanyRegister) -> None:
        """Plug a register in; the same id twice replaces it, so that a module can be imported again."""
        self._registers[register.id] = register

    def on(self) -> CompanyRegister | None:
        """The register to ask; None when this installation uses none."""
        return next((each for _id, each in sorted(self._registers.items()) if each.is_on()), None)

    @contextmanager
    def only(self, *registers: CompanyRegister) -> Iterator[None]:
        """For tests: these registers and no other."""
        before = self._registers
        self._registers = {register.id: register for register in registers}
        try:
            yield
        finally:
            self._registers = before


company_registers = CompanyRegisters()
