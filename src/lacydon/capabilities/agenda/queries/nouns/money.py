"""Money in the terms of French local finance. Source: CGCT L. 2311-3 and L. 5217-10-7; accounting plan M57.

An AP is the most that may be committed for an investment, until it is cancelled; the CP of a year are the most that may
be paid in it. AE and CP are the same for operating expenses.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lacydon.kernel.texts import Line, Written

from .objects import Change, Euros, Id, Object


class AmountRevised(Change):
    amount: Euros


class Authorisation(Written):
    kind: Literal["AP", "AE"]
    code: Line
    voted: Euros
    act: Id
    revisions: tuple[AmountRevised, ...] = ()
    cancelled: date | None = None


class Year(Written):
    """Credits of one year, in euros."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    voted: Euros
    revised: Euros | None = None
    engaged: Euros
    paid: Euros
    as_of: date
    source: Line | None = None
    """Dataset and version the figures come from: `budget-2026@4`."""


class Funding(Written):
    funder: Literal["FEDER", "Etat", "Region", "Departement", "commune", "autofinancement", "prive"]
    asked: Euros
    granted: Euros
    received: Euros
    agreement: Id | None = None


class Budget(Object):
    action: Id
    policy: Id
    section: Literal["investissement", "fonctionnement"]
    nature: Annotated[str, StringConstraints(pattern=r"^[0-9]{2,8}$")]
    """M57 nature."""
    function: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,5}$")] = "0"
    operation: Line | None = None
    vat: Literal["HT", "TTC"] = "TTC"
    authorisation: Authorisation
    years: tuple[Year, ...] = ()
    funding: tuple[Funding, ...] = ()
