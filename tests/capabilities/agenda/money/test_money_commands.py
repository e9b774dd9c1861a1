"""`lacydon agenda`: the same files from a terminal, with the line of each fault and an exit code for who schedules it."""

from pathlib import Path

import pytest

from lacydon.capabilities.agenda.models import Annex, State
from lacydon.capabilities.agenda.public import chart
from lacydon.capabilities.agenda.queries.nouns import Budget
from lacydon.config.command_line import main
from tests.capabilities.agenda.money.test_money import (  # noqa: F401 (a fixture for each test)
    GRANTS,
    REGION,
    SIRET,
    a_territory_read_afresh,
    annexed,
    row,
    sent,
    whole_plan,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path):
    def write(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    return write


def told(capsys) -> tuple[str, str]:
    out, err = capsys.readouterr()
    return out.replace("\u00a0", " ").replace("\u202f", " "), err.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_budget_is_looked_at_then_loaded(file, capsys):
    whole_plan()
    path = file("ca.csv", sent(row(paid="450", left="10"), row(paid="1", operation="AILLEURS")))
    asked = ("agenda", "budget", "--as-of", "2026-06-30", "--source", "budget@4", path)
    assert main([*asked, "--dry-run"]) == 0
    assert "changerait 1 ligne de crédits. 1 ligne du fichier parle de l’agenda, 1 autre est laissée" in told(capsys)[0]
    assert chart().one(Budget, "credits").years[0].paid == 400
    assert main(asked) == 0
    assert "1 ligne de crédits a changé" in told(capsys)[0]
    year = chart().one(Budget, "credits").years[0]
    assert (year.paid, str(year.as_of), year.source) == (450, "2026-06-30", "budget@4")
    assert State.objects.get(object="credits", last=True).reason.endswith("ca.csv")


def test_a_budget_that_breaks_a_rule_is_refused_line_by_line_and_nothing_after_it_is_loaded(file, capsys):
    whole_plan()
    states = State.objects.count()
    wrong = file("faux.csv", sent(row(paid="douze"), row(account="611", paid="1")))
    assert main(["agenda", "budget", wrong, file("bon.csv", sent(row(paid="450")))]) == 1
    out, err = told(capsys)
    assert (
        out.splitlines()[0]
        == f"{wrong}:2 : BGT_MTREAL : trouvé « douze » ; attendu un montant en euros, comme 12500,00"
    )
    assert out.splitlines()[1].startswith(f"{wrong}:3 : BGT_CONTNAT : trouvé « 611 »")
    assert "Rien n’a été chargé : 2 points sont à corriger." in err
    assert State.objects.count() == states
    assert main(["agenda", "budget", file("plus.csv", sent(row(paid="601")))]) == 1
    assert ":2 : BGT_MTREAL : " in told(capsys)[0]
    assert main(["agenda", "budget", file("vide.csv", b"")]) == 1
    assert "vide.csv : trouvé un fichier vide" in told(capsys)[0]
    assert State.objects.count() == states


def test_grants_and_annexes_are_loaded_too(file, capsys):
    whole_plan()
    line = f"{REGION},2026-01-05,AP-1,Métropole,{SIRET},Portail,%s,aide en numéraire,unique,2026-02-01"
    grants = ("agenda", "grants", "--funder", "Etat")
    assert main([*grants, file("s.csv", sent(line % 200, head=GRANTS))]) == 0
    assert chart().one(Budget, "credits").funding[0].granted == 200
    assert main([*grants, file("moins.csv", sent(line % 39, head=GRANTS))]) == 1, "less than was received"
    assert main(["agenda", "annex", "--act", "vote", file("a.csv", annexed("usagers;AP-1;1 000"))]) == 0
    assert "1 ligne gardée." in told(capsys)[0] and Annex.objects.get(act="vote").name == "a.csv"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["budget", "--as-of", "hier", "b.csv"], 2, "Écrivez une date comme 2026-10-31."),
        (["budget", "nulle-part.csv"], 2, "nulle-part.csv ne se lit pas"),
        (["grants", "--funder", "Fisc", "b.csv"], 2, "l’un de : FEDER, Etat, Region"),
        (["annex", "--act", "inconnu", "b.csv"], 2, "inconnu"),
    ],
)
def test_what_cannot_be_read_or_chosen_is_a_sentence(arguments, code, sentence, file, capsys, monkeypatch, tmp_path):
    whole_plan()
    file("b.csv", sent(row(paid="450")))
    monkeypatch.chdir(tmp_path)
    assert main(["agenda", *arguments]) == code
    assert sentence in told(capsys)[1]
