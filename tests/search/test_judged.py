"""The questions residents type, judged by somebody who had not seen the words of the catalogue, on the real one."""

import statistics

import pytest

from lacydon.capabilities.services import public as services
from lacydon.config.commands.folder import load
from tests.search import corpus

FIRST_OF_THREE, ALL_OF_THREE, RANK = 0.95, 0.92, 0.92
"""Floors: one right service among the first three; all of them there; mean reciprocal rank."""
JUDGED = 120


@pytest.fixture
def answers(db, capsys):
    """For each judged question, the ids of the ten services found, best first."""
    assert load(corpus.FOLDER) == 0, capsys.readouterr().out
    found = {}
    for question in corpus.questions():
        results = services.search_services(q=question.text, limit=10)  # on the French page, also the English ones
        found[question] = [hit.service.id for hit in results.hits]
    capsys.readouterr()
    return found


def test_residents_find_the_right_service(answers):
    assert len(answers) >= JUDGED
    first = statistics.mean(bool(question.expected & {*found[:3]}) for question, found in answers.items())
    whole = statistics.mean(
        len(question.expected & {*found[:3]}) / min(3, len(question.expected)) for question, found in answers.items()
    )
    rank = statistics.mean(
        next((1 / at for at, one in enumerate(found, 1) if one in question.expected), 0)
        for question, found in answers.items()
    )
    for question, found in answers.items():
        if not question.expected & {*found[:3]}:
            print(f"missed: {question.text!r}: {sorted(question.expected)}, found {found[:3]}")
    print(f"one right in three {first:.3f}, all right in three {whole:.3f}, MRR {rank:.3f}")
    assert first >= FIRST_OF_THREE and whole >= ALL_OF_THREE and rank >= RANK


def test_every_judged_service_exists(answers):
    known = {service.id for service in services.services()}
    assert not {(question.text, *question.expected - known) for question in answers if question.expected - known}
