"""Forms written by agents: drafts, publication, withdrawal; who may; what the folder says afterwards."""

import pytest

from lacydon.capabilities.requests.actions import forms as acts
from lacydon.capabilities.requests.errors import ChangedMeanwhile, UnknownForm
from lacydon.capabilities.requests.models import FormVersion
from lacydon.capabilities.requests.queries import forms
from lacydon.capabilities.trust.models import Entry
from lacydon.capabilities.trust.public import NotAllowed
from lacydon.config.commands.folder import load
from lacydon.kernel.access import NOBODY
from lacydon.kernel.errors import BadInput, Conflict, Forbidden
from tests.capabilities.requests import made
from tests.capabilities.requests.texts import CHANGED, TEXT, territory_with_a_form
from tests.capabilities.trust import people

pytestmark = pytest.mark.django_db
BODY = "metropole"


@pytest.fixture
def folder(tmp_path, territory_folder):
    copy = territory_with_a_form(territory_folder, tmp_path)
    assert load(copy) == 0
    return copy


def editor(organisation=BODY, **fields):
    body = people.organisation(organisation, kind="metropole" if organisation == BODY else "commune")
    person = people.agent(organisation=body, roles=("requests.editor",))
    return people.actor(person, organisation=organisation, **fields)


def test_a_draft_is_written_then_published_and_what_was_published_stays_what_it_was(folder):
    actor = editor()
    draft = acts.save_draft_version(actor=actor, form="bac", text=CHANGED)
    assert forms.published_form("bac").form.title["fr"] == "Un bac"
    seen = forms.mark_of(draft)
    again = acts.save_draft_version(actor=actor, form="bac", text=CHANGED + "# fin\n", seen=seen)
    assert again.pk == draft.pk and FormVersion.objects.count() == 2
    published = acts.publish_version(actor=actor, version=draft.pk, why="plus clair")
    assert (published.number, published.state, published.why) == (2, "published", "plus clair")
    assert forms.published_form("bac").form.title["fr"] == "Un bac à changer"
    first = FormVersion.objects.get(number=1)
    assert (first.state, forms.form_of_version(first.pk).title["fr"]) == ("withdrawn", "Un bac")
    assert acts.publish_version(actor=actor, version=published.pk).pk == published.pk
    noted = Entry.objects.filter(action__startswith="form.")
    assert sorted((each.action, each.object) for each in noted) == [
        ("form.publish", "form:bac:2"), ("form.save", "form:bac:2"), ("form.save", "form:bac:2"),
    ]  # fmt: skip
    assert {str(each.actor) for each in noted} == {actor.person} and {each.subject for each in noted} == {None}


def test_a_faulty_text_is_kept_and_not_published(folder):
    actor = editor()
    draft = acts.save_draft_version(actor=actor, form="bac", text="id: bac\npages: [")
    assert FormVersion.objects.get(pk=draft.pk).text == "id: bac\npages: ["
    with pytest.raises(BadInput):
        acts.publish_version(actor=actor, version=draft.pk)
    assert forms.published_form("bac").version.number == 1
    with pytest.raises(BadInput):
        acts.save_draft_version(actor=actor, form="bac", text="#" * 300_000)


def test_two_editors_do_not_overwrite_each_other(folder):
    first = acts.save_draft_version(actor=editor(), form="bac", text=CHANGED)
    with pytest.raises(ChangedMeanwhile):
        acts.save_draft_version(actor=editor(), form="bac", text=TEXT)
    assert FormVersion.objects.get(pk=first.pk).text == CHANGED
    acts.save_draft_version(actor=editor(), form="bac", text=CHANGED)
    acts.save_draft_version(actor=editor(), form="bac", text=TEXT, seen=forms.mark_of(first))


def test_a_version_published_before_is_published_again_as_a_new_one(folder):
    actor = editor()
    acts.publish_version(actor=actor, version=acts.save_draft_version(actor=actor, form="bac", text=CHANGED).pk)
    first = FormVersion.objects.get(number=1)
    again = acts.publish_version(actor=actor, version=first.pk)
    assert (again.number, again.digest) == (3, first.digest)
    first.refresh_from_db()
    assert first.state == "withdrawn"


@pytest.mark.parametrize("why", ["fusionné avec un autre", "folder"])
def test_a_form_is_withdrawn_and_a_draft_thrown_away(folder, why):
    actor = editor()
    draft = acts.save_draft_version(actor=actor, form="bac", text=CHANGED)
    acts.withdraw_version(actor=actor, version=draft.pk)
    assert not FormVersion.objects.filter(number=2).exists()
    held = forms.published_form("bac").version
    acts.withdraw_version(actor=actor, version=held.pk, why=why)
    with pytest.raises(UnknownForm):
        forms.published_form("bac")
    with pytest.raises(Conflict):
        acts.withdraw_version(actor=actor, version=held.pk)
    assert load(folder) == 0
    assert "bac" not in forms.published_forms(), "an unchanged folder does not undo what an agent withdrew"


def test_the_folder_leaves_what_an_agent_published_until_it_says_something_else(folder):
    actor = editor()
    acts.publish_version(actor=actor, version=acts.save_draft_version(actor=actor, form="bac", text=CHANGED).pk)
    load(folder)
    assert forms.published_form("bac").version.number == 2
    (folder / "forms" / "bac.yaml").write_text(CHANGED)
    load(folder)
    assert forms.published_form("bac").version.number == 2, "the folder now says what the agent published"
    (folder / "forms" / "bac.yaml").write_text(TEXT.replace("Un bac", "Le bac de tri"))
    load(folder)
    held = forms.published_form("bac")
    assert (held.version.number, held.form.title["fr"]) == (3, "Le bac de tri")


def test_a_form_of_an_agent_alone_is_not_withdrawn_for_not_being_in_the_folder(folder):
    actor = editor()
    text = TEXT.replace("id: bac\n", "id: autre\n", 1)
    acts.publish_version(actor=actor, version=acts.save_draft_version(actor=actor, form="autre", text=text).pk)
    load(folder)
    assert "autre" in forms.published_forms()


def test_a_draft_older_than_the_folder_s_version_is_published_after_it(folder):
    actor = editor()
    draft = acts.save_draft_version(actor=actor, form="bac", text=CHANGED)
    (folder / "forms" / "bac.yaml").write_text(TEXT.replace("Un bac", "Le bac de tri"))
    load(folder)
    assert acts.publish_version(actor=actor, version=draft.pk).number == 4


@pytest.mark.parametrize("who", ["nobody", "resident", "agent", "weak"])
def test_only_an_editor_writes(folder, who):
    actor = {
        "nobody": lambda: NOBODY,
        "resident": made.resident,
        "agent": lambda: made.agent(roles=("requests.agent", "requests.manager")),
        "weak": lambda: editor(strong=False),
    }[who]()
    version = FormVersion.objects.get()
    for act in (
        lambda: acts.save_draft_version(actor=actor, form="bac", text=CHANGED),
        lambda: acts.publish_version(actor=actor, version=version.pk),
        lambda: acts.withdraw_version(actor=actor, version=version.pk),
    ):
        with pytest.raises(Forbidden):
            act()
    assert FormVersion.objects.count() == 1


def test_a_commune_writes_its_own_forms_only(folder):
    actor = editor("commune-97001")
    own = TEXT.replace("id: bac\n", "id: bac-ici\n", 1).replace("pages:", 'communes: ["97001"]\npages:', 1)
    draft = acts.save_draft_version(actor=actor, form="bac-ici", text=own)
    acts.publish_version(actor=actor, version=draft.pk)
    for text in (CHANGED, own.replace("bac-ici", "bac", 1), "pages: ["):
        with pytest.raises(NotAllowed):
            acts.save_draft_version(actor=actor, form="bac", text=text)
    with pytest.raises(NotAllowed):
        acts.withdraw_version(actor=actor, version=forms.published_form("bac").version.pk)
    with pytest.raises(NotAllowed):
        acts.save_draft_version(actor=editor("commune-97002"), form="bac-ici", text=own.replace("97001", "97002"))
    with pytest.raises(NotAllowed):
        acts.save_draft_version(actor=actor, form="bac-ici", text=own.replace('["97001"]', '["97001", "97002"]'))
