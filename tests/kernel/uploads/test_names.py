"""Names that a person recognises and no system obeys."""

import pytest

from lacydon.kernel.uploads import clean_name


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("Avis d’imposition 2025.pdf", "Avis d’imposition 2025.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\photo.JPG", "photo.pdf"),
        ("virus.pdf.exe", "virus_pdf.pdf"),
        ("rapport v1.2 final.docx", "rapport v1_2 final.pdf"),
        ("fdp\u202eexe.x", "fdpexe.pdf"),
        ("a\x00b\x1b[31m\r\nSet-Cookie: x.pdf", "ab[31m Set-Cookie_ x.pdf"),
        ('"; rm -rf $HOME; `x`.pdf', "rm -rf _HOME_ _x.pdf"),
        ("<script>.pdf", "script.pdf"),
        ("CON", "_CON.pdf"),
        ("nul.txt", "_nul.pdf"),
        (".htaccess", "document.pdf"),
        ("...", "document.pdf"),
        ("", "document.pdf"),
        ("   ", "document.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("a" * 300 + ".pdf", "a" * 100 + ".pdf"),
        ("%2e%2e%2fx.pdf", "2e_2e_2fx.pdf"),
    ],
)
def test_it_is_cleaned(given, cleaned):
    assert clean_name(given, extension="pdf") == cleaned
