"""The search of the house, as any capability may use it."""

import pytest

from lacydon.kernel.errors import BadInput
from lacydon.kernel.search import Document, Index, WordList

DOCUMENTS = [
    Document(
        id="bin",
        kind="service",
        title={"fr": "Remplacer un bac à déchets", "en": "Replace a waste bin"},
        keywords={"fr": ["poubelle jaune"]},
        summary={"fr": "Votre conteneur est cassé ou volé."},
        tags={"audience": {"particulier"}},
    ),
    Document(
        id="registration",
        kind="service",
        title={"fr": "Obtenir un certificat d’immatriculation", "en": "Register a vehicle"},
        tags={"audience": {"particulier", "professionnel"}},
    ),
    Document(
        id="school",
        kind="service",
        title={"fr": "Inscrire son enfant à l’école", "en": "Enrol a child at school"},
        events={"fr": ["je déménage"]},
    ),
    Document(id="market", kind="service", title={"fr": "Vendre au marché"}, citycodes={"97001"}),
]
WORDS = WordList.parse("carte grise = certificat d’immatriculation\ngamin = enfant\n")


@pytest.fixture(scope="module")
def index():
    return Index.build(DOCUMENTS, WORDS)


def first(index, q, **asked):
    hits = index.search(q, **asked).hits
    return hits[0][0] if hits else None


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("poubelle jaune", "bin"),
        ("MA POUBELLE JAUNE EST CASSEE", "bin"),
        ("poubele", "bin"),
        ("conteneurs cassés", "bin"),
        ("carte grise", "registration"),
        ("certificat immatriculation", "registration"),
        ("lecole", "school"),
        ("l'ecole", "school"),
        ("inscri", "school"),
        ("mon gamin", "school"),
        ("je demenage", "school"),
    ],
)
def test_what_residents_type_finds_what_they_mean(index, q, expected):
    assert first(index, q) == expected


@pytest.mark.parametrize(("q", "expected"), [("waste bin", "bin"), ("register my vehicle", "registration")])
def test_english_finds_french_services(index, q, expected):
    assert first(index, q, lang="en") == expected


def test_a_misspelt_question_tells_how_it_was_understood(index):
    assert index.search("pubelle jaune").corrected == "poubelle jaune"
    assert index.search("poubelle jaune").corrected is None


@pytest.mark.parametrize("q", ["le la les", "xyzzyq", "\U0001f6a2", "'\"%_*"])
def test_nothing_found_is_an_empty_answer(index, q):
    assert index.search(q).hits == ()


@pytest.mark.parametrize("q", ["", "   "])
def test_an_empty_question_finds_everything(index, q):
    assert index.search(q).count == len(DOCUMENTS)


def test_what_exists_elsewhere_only_is_not_found_here(index):
    assert first(index, "marché", citycode="97001") == "market"
    assert first(index, "marché", citycode="97002") is None


def test_a_filter_by_audience(index):
    assert first(index, "certificat", tags={"audience": "professionnel"}) == "registration"
    assert first(index, "poubelle", tags={"audience": "professionnel"}) is None


def test_pages_follow_each_other_without_a_gap():
    many = [Document(id=f"s{at:02}", kind="service", title={"fr": "Aide au logement"}) for at in range(25)]
    index = Index.build(many, WordList.parse(""))
    seen = []
    for offset in range(0, 25, 10):
        results = index.search("logement", limit=10, offset=offset)
        assert results.count == 25
        seen += [id for id, _score in results.hits]
    assert sorted(seen) == [document.id for document in many]


def test_the_same_document_twice_is_refused():
    with pytest.raises(ValueError, match="bin"):
        Index.build([DOCUMENTS[0], DOCUMENTS[0]], WORDS)


def test_a_question_as_long_as_a_book_is_refused(index):
    with pytest.raises(BadInput):
        index.search("mot " * 1000)
