"""Papers are archives that machines read: and the judge sees what is wrong in a file that is not."""

import io

import pikepdf
import pytest

from lacydon.kernel.paper import printed, qr
from tests.pdfa import faults

PAGE = (
    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Un récépissé</title>'
    "<style>@page {{ @bottom-right {{ content: counter(page) }} }} body {{ font-family: 'DejaVu Sans', sans-serif }}</style>"
    "</head><body><h1>Récépissé n° 1</h1><dl><div><dt>Déposé</dt><dd>œuvre, 12 €</dd></div></dl>{qr}"
    '<p><a href="https://exemple.fr/">Un lien</a></p></body></html>'
)


@pytest.fixture(scope="module")
def paper():
    return printed(PAGE.format(qr=qr("https://exemple.fr/verifier/R-1")))


def test_a_paper_is_an_archive_with_its_structure(paper):
    assert faults(paper) == []


def broken(content, change, **saved):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        made = io.BytesIO()
        pdf.save(made, **saved)
    return faults(made.getvalue())


def _without(*names):
    def change(pdf):
        for each in names:
            del pdf.Root[each]

    return change


def _no_alternative(pdf):
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure":
            del each["/Alt"]


def _hidden_link(pdf):
    pdf.pages[0].Annots[0].F = 2


def _no_font(pdf):
    for each in pdf.pages[0].Resources.Font.values():
        del each.DescendantFonts[0].FontDescriptor["/FontFile2"]


def _script(pdf):
    pdf.Root.OpenAction = pikepdf.Dictionary(Type=pikepdf.Name.Action, S=pikepdf.Name.JavaScript, JS="1")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (_without("/OutputIntents"), "6.2.3"),
        (_without("/Metadata"), "6.6.2.1"),
        (_without("/Lang"), "6.7.4"),
        (_without("/StructTreeRoot"), "6.7.3"),
        (_no_alternative, "6.7.7"),
        (_hidden_link, "6.3.2"),
        (_no_font, "6.2.11.4"),
        (_script, "6.5"),
    ],
)
def test_the_judge_sees_what_is_missing(paper, change, rule):
    assert any(each.startswith(rule) for each in broken(paper, change))


def test_the_judge_sees_a_locked_file(paper):
    locked = pikepdf.Encryption(owner="a", user="", R=6)
    assert any(each.startswith("6.1.3") for each in broken(paper, lambda _pdf: None, encryption=locked))
