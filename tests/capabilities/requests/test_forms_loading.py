"""The folder's forms: a version only when the text says something else, faults with their line, what goes and comes back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lacydon.capabilities.requests.errors import UnknownForm
from lacydon.capabilities.requests.models import FormVersion
from lacydon.capabilities.requests.queries import forms
from lacydon.config.commands.folder import check, load
from lacydon.kernel.forms import digest, read_form
from tests.capabilities.requests.texts import TEXT, territory_with_a_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, territory_folder):
    return territory_with_a_form(territory_folder, tmp_path)


def versions(form="bac"):
    rows = FormVersion.objects.filter(form=form).order_by("number")
    return [(row.number, row.state) for row in rows]


def test_a_form_is_loaded_once_and_kept_with_its_text(folder, capsys):
    assert load(folder) == 0
    assert "formulaires 1" in capsys.readouterr().out
    row = FormVersion.objects.get()
    assert (row.number, row.state, row.service_id, row.text) == (1, "published", "bac-casse-ou-vole", TEXT)
    assert row.digest == digest(read_form(row.content))
    assert load(folder) == 0
    assert "formulaires" not in capsys.readouterr().out
    assert versions() == [(1, "published")]


def test_another_way_to_write_the_same_makes_no_version_and_another_text_makes_one(folder):
    load(folder)
    file = folder / "forms" / "bac.yaml"
    file.write_text(
        TEXT.replace("# Le service des bacs", "# Une autre note").replace("service:", "kind: request\nservice:")
    )
    load(folder)
    assert versions() == [(1, "published")]
    file.write_text(TEXT.replace('"Un bac"', '"Un bac cassé"'))
    load(folder)
    assert versions() == [(1, "withdrawn"), (2, "published")]
    held = forms.published_form("bac")
    assert (held.version.number, held.form.title["fr"]) == (2, "Un bac cassé")
    first = FormVersion.objects.get(number=1)
    assert first.withdrawn_at and forms.form_of_version(first.pk).title["fr"] == "Un bac"


def test_the_published_forms_are_read_once_for_all_who_show_them_and_anew_after_a_load(folder, client):
    file = folder / "forms" / "bac.yaml"
    file.write_text(TEXT.replace("service:", "kind: report\nservice:", 1))
    load(folder)
    services = "/open311/v2/services.json"
    assert [each["service_name"] for each in client.get(services).json()] == ["Un bac"]
    with CaptureQueriesContext(connection) as asked:
        assert client.get(services).status_code == client.get("/signaler").status_code == 200
    assert "requests_formversion" not in " ".join(each["sql"] for each in asked)
    file.write_text(file.read_text().replace('"Un bac"', '"Un bac cassé"'))
    load(folder)
    assert [each["service_name"] for each in client.get(services).json()] == ["Un bac cassé"]


def test_a_form_that_leaves_the_folder_is_withdrawn_and_comes_back_with_it(folder):
    load(folder)
    file = folder / "forms" / "bac.yaml"
    file.unlink()
    load(folder)
    load(folder)
    assert versions() == [(1, "withdrawn")]
    with pytest.raises(UnknownForm):
        forms.published_form("bac")
    file.write_text(TEXT)
    load(folder)
    load(folder)
    assert versions() == [(1, "withdrawn"), (2, "published")]
    assert list(forms.published_forms()) == ["bac"]


@pytest.mark.parametrize(
    ("before", "after", "line", "told"),
    [
        ("id: bac\nservice", "id: bacs\nservice", 2, "comme le nom du fichier"),
        ("bac-casse-ou-vole", "nulle-part", 3, "l’id d’un service"),
        ("type: choice", "type: couleur", 9, "couleur"),
        ("pages:", 'communes: ["97999"]\npages:', 5, "le code INSEE d’une commune"),
        ("pages:", "themes: [famille, sante]\npages:", 5, "papiers, famille, social, travail, logement"),
        ("type: choice", "type: choice, datum: fact.voie.classe", 9, "casse"),
        ("type: choice", "type: choice, datum: fact.rien", 9, "un fait des compétences"),
        ('title: {fr: "Le bac"', "title: {fr: [", 7, "du YAML bien formé"),
        ("    title: {fr", "   title: {fr", 7, "du YAML bien formé"),
        ('{fr: "Un bac"', "{fr: 'Un bac", 10, "du YAML bien formé"),
    ],
)
def test_faults_are_told_with_their_file_and_line(folder, capsys, before, after, line, told):
    assert before in TEXT
    (folder / "forms" / "bac.yaml").write_text(TEXT.replace(before, after, 1))
    assert check(folder) == 1
    said = capsys.readouterr().out
    assert f"forms/bac.yaml:{line}\u00a0:" in said and told in said, said


def test_the_forms_of_a_service_are_those_of_the_commune_when_it_has_its_own(folder):
    own = TEXT.replace("id: bac\n", "id: bac-ici\n", 1).replace("pages:", 'communes: ["97001"]\npages:', 1)
    (folder / "forms" / "bac-ici.yaml").write_text(own)
    load(folder)

    def found(**place):
        return [each.form.id for each in forms.forms_of_service("bac-casse-ou-vole", **place)]

    assert found() == ["bac", "bac-ici"]
    assert found(citycode="97001") == ["bac-ici"]
    assert found(citycode="97002") == ["bac"]
    assert forms.forms_of_service("carte-identite") == []


def test_the_snapshot_is_read_once(folder, django_assert_num_queries, settings):
    load(folder)
    forms.published_form("bac")
    settings.SNAPSHOT_SECONDS = 60
    with django_assert_num_queries(0):
        assert forms.published_form("bac").form.pages[0].id == "bac"


def test_a_version_no_longer_readable_does_not_take_the_others_with_it(folder):
    load(folder)
    row = FormVersion.objects.get(form="bac")
    row.pk, row.form, row.content, row.digest = None, "vieux", {"id": "vieux"}, "f" * 64
    row.made_by = None
    row.save(force_insert=True)
    (folder / "forms" / "vieux.yaml").write_text(TEXT.replace("id: bac\n", "id: vieux\n", 1))
    FormVersion.objects.filter(form="vieux").update(digest=_digest_of("vieux"))
    (folder / "forms" / "autre.yaml").write_text(TEXT.replace("id: bac\n", "id: autre\n", 1))
    load(folder)
    assert FormVersion.objects.get(form="vieux").state == "published"
    assert set(forms.published_forms()) == {"autre", "bac"}


def _digest_of(id):
    content = FormVersion.objects.get(form="bac").content
    return digest(read_form(content | {"id": id}))
