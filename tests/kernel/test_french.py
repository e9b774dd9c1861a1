"""French as it is printed."""

import pytest

from lacydon.kernel import french


@pytest.mark.parametrize(
    ("name", "of", "at"),
    [
        ("Angers", "d’Angers", "à Angers"),
        ("Éguzon", "d’Éguzon", "à Éguzon"),
        ("Nantes", "de Nantes", "à Nantes"),
        ("Le Havre", "du Havre", "au Havre"),
        ("Les Ulis", "des Ulis", "aux Ulis"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
    ],
)
def test_small_words_before_a_town(name, of, at):
    assert (french.of(name), french.at(name)) == (of, at)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("l'eau", "l’eau"),
        ("Pourquoi ?", "Pourquoi\u202f?"),
        ("ici : là", "ici\u00a0: là"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("1 234 567 €", "1\u202f234\u202f567\u00a0€"),
        ("https://a.example/b?c=d", "https://a.example/b?c=d"),
    ],
)
def test_typography(typed, printed):
    assert french.typeset(typed) == printed
    assert french.typeset(printed) == printed


def test_addresses_of_pages():
    assert french.slug("Les Sables-d’Olonne") == "les-sables-d-olonne"
    assert french.plain("Œuvre À Noël") == "oeuvre a noel"
