"""Typos, with hypothesis: a word with one wrong letter is always recognised, however it is wrong."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from lacydon.kernel.search.spelling import Speller

KNOWN = dict.fromkeys(("poubelle", "immatriculation", "assainissement", "encombrants", "bibliotheque", "piscine"), 1)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@given(
    word=st.sampled_from(sorted(KNOWN)), at=st.integers(0, 40), letter=st.sampled_from(LETTERS), how=st.integers(0, 3)
)
def test_one_wrong_letter(word, at, letter, how):
    at %= len(word) - 1
    typed = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )[how]
    assert OSA.distance(typed, word) <= 1
    if typed not in KNOWN:
        assert word in [suggestion.word for suggestion in Speller(KNOWN).suggestions(typed)]


def test_a_word_like_no_other_has_no_suggestion():
    assert Speller(KNOWN).suggestions("zzzzzzzz") == []
