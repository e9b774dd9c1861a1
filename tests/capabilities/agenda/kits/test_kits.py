"""A kit exported from one commune is adopted by another, whole; its service answers; then all is as it was."""

import os
import signal
import subprocess
import sys
from decimal import Decimal
from uuid import uuid4

import pytest

from lacydon.capabilities.agenda.actions.kits import adopt, export, follow, put_back
from lacydon.capabilities.agenda.errors import ChangedMeanwhile
from lacydon.capabilities.agenda.models import Applied, KitVersion, Reading, Standing
from lacydon.capabilities.agenda.public import chart
from lacydon.capabilities.agenda.queries.kits.exporting import made, offered
from lacydon.capabilities.agenda.queries.kits.preview import CLASH, preview
from lacydon.capabilities.agenda.queries.kits.putting_back import moved_since
from lacydon.capabilities.agenda.queries.nouns import Adoption, Kit
from lacydon.capabilities.requests.actions.forms import publish_version, save_draft_version
from lacydon.capabilities.requests.models import FormVersion
from lacydon.capabilities.requests.queries.forms import mark_of, version_in
from lacydon.capabilities.services.models import Layered
from lacydon.kernel.clock import now, today
from lacydon.kernel.errors import BadInput, Conflict
from tests import product
from tests.capabilities.agenda.writing.plan import put, thing
from tests.capabilities.trust.people import actor, agent, organisation, signed_in, visitor
from tests.markup import read

pytestmark = pytest.mark.django_db
FORM = """id: emprunter-un-velo-97001
service: {service}
communes: ["97001"]
title: {{fr: "Emprunter un vélo d’Olivette"}}
pages:
  - id: vous
    title: {{fr: "Vous"}}
    fields:
      - {{id: jours, type: number, min: 1, max: 30, decimals: 0, label: {{fr: "Combien de jours ?"}}}}
"""


def put_in_use(who, form, text):
    seen = mark_of(version_in(form, "draft"))
    draft = save_draft_version(actor=who, form=form, text=text, seen=seen)
    return publish_version(actor=who, version=draft.pk)


@pytest.fixture
def olivette(small_territory, settings):
    settings.SNAPSHOT_SECONDS = 0
    body = organisation("commune-97001")
    who = actor(agent(organisation=body, roles=("agenda.replicator", "requests.editor")), organisation=body.id)
    put_in_use(who, "emprunter-un-velo-97001", FORM.format(service="pret-de-velos"))
    return who


@pytest.fixture
def salines(olivette):
    body = organisation("commune-97003")
    return actor(agent(organisation=body, roles=("agenda.replicator", "requests.editor")), organisation=body.id)


def kit(**said):
    told = {"id": "velos", "title": {"fr": "Prêter des vélos"}, "description": {"fr": "Un prêt de vélos."}}
    return Kit.model_validate(told | said)


def exported(who, documents=None):
    keys = [each.key for each in offered("97001")]
    files = made("97001", keys, documents or {"deliberation.md": "Le conseil d’Olivette décide."}).files
    return export(actor=who, kit=kit(), files=files)


def adopted(who, version, *, also=()):
    found = preview(version, who.organisation.rpartition("-")[2])
    taken = {each.key for each in found.items if each.taken} | set(also)
    return adopt(actor=who, version=version, taken=taken, seen=found.seen)


def standing():
    """All that an adoption may touch, but history."""
    return {
        "layers": list(Layered.objects.order_by("pk").values()),
        "forms": list(FormVersion.objects.filter(state="published").order_by("pk").values()),
        "objects": {key: each for key, each in chart().objects.items() if key[0] != "adoption"},
    }


def test_a_kit_leaves_the_name_and_the_address_of_its_commune_behind(olivette):
    version = exported(olivette)
    assert set(version.files) == {"services.yaml", "forms/emprunter-un-velo.yaml", "documents/deliberation.md"}
    assert "Olivette" not in "".join(version.files.values()) and "97001" not in "".join(version.files.values())
    assert version.files["documents/deliberation.md"] == "Le conseil {de_commune} décide."
    assert exported(olivette).pk == version.pk
    assert exported(olivette, {"a.md": "Autre."}).number == 2
    assert chart().one(Kit, "velos").version == 2


def test_the_adopted_service_answers_at_once_and_then_everything_is_as_it_was(olivette, salines, get):
    version, before = exported(olivette), standing()
    get("/services/pret-de-velos-97003", status=404, citycode="97003")
    applied = adopted(salines, version)
    page = visitor().get("/services/pret-de-velos-97003?citycode=97003").content.decode()
    assert "Emprunter un vélo" in page and "/demarches/emprunter-un-velo-97003" in page
    get("/services/pret-de-velos-97003", status=404, citycode="97001")
    assert "Emprunter un vélo des Salines-sur-Rade" in get("/demarches/emprunter-un-velo-97003", citycode="97003").text
    assert "En service" in get("/agenda/kits/velos").text

    assert put_back(actor=salines, applied=applied, reason="Personne pour prêter.") == ()
    assert standing() == before
    get("/services/pret-de-velos-97003", status=404, citycode="97003")
    page = get("/agenda/kits/velos")
    assert "Abandonnée" in page.text and "Personne pour prêter." in page.text


def test_what_the_commune_has_otherwise_is_kept_unless_chosen(olivette, salines):
    version = exported(olivette)
    mine = FORM.format(service="bac-casse-ou-vole").replace("97001", "97003")
    put_in_use(salines, "emprunter-un-velo-97003", mine)
    before = standing()
    state = {each.key: each.state for each in preview(version, "97003").items}
    assert state["forms:emprunter-un-velo"] == CLASH
    first = adopted(salines, version)
    assert version_in("emprunter-un-velo-97003", "published").service_id == "bac-casse-ou-vole"
    put_back(actor=salines, applied=first, reason="essai")
    second = adopted(salines, version, also={"forms:emprunter-un-velo"})
    assert version_in("emprunter-un-velo-97003", "published").service_id == "pret-de-velos-97003"
    put_back(actor=salines, applied=second, reason="essai")
    assert standing() == before


def test_a_new_version_goes_over_the_first_and_comes_off_alone(olivette, salines):
    first = adopted(salines, exported(olivette))
    put_in_use(olivette, "emprunter-un-velo-97001", FORM.format(service="pret-de-velos").replace("30", "60"))
    second = exported(olivette)
    after_first = standing()
    states = {each.key: each.state for each in preview(second, "97003").items}
    assert states["forms:emprunter-un-velo"] == "changed" and states["services:pret-de-velos"] == "same"
    applied = adopted(salines, second)
    with pytest.raises(Conflict):
        put_back(actor=salines, applied=first, reason="essai")
    put_back(actor=salines, applied=applied, reason="essai")
    assert standing() == after_first
    assert chart().one(Adoption, "velos-97003").version == 1


def test_what_moved_since_is_said_and_may_stay(olivette, salines):
    applied = adopted(salines, exported(olivette))
    text = version_in("emprunter-un-velo-97003", "published").text.replace("30", "90")
    put_in_use(salines, "emprunter-un-velo-97003", text)
    assert [each.key for each in moved_since(applied)] == ["forms:emprunter-un-velo"]
    put_back(actor=salines, applied=applied, reason="essai", keep={"forms:emprunter-un-velo"})
    assert "90" in version_in("emprunter-un-velo-97003", "published").text


def test_a_preview_that_is_over_adopts_nothing(olivette, salines):
    version = exported(olivette)
    found = preview(version, "97003")
    adopted(salines, version)
    with pytest.raises(ChangedMeanwhile):
        adopt(actor=salines, version=version, taken={each.key for each in found.items}, seen=found.seen)
    with pytest.raises(BadInput):
        adopt(actor=salines, version=version, taken=set(), seen=preview(version, "97003").seen)


def test_stages_have_reasons(olivette, salines):
    exported(olivette)
    follow(actor=salines, kit="velos", stage="etude")
    with pytest.raises(BadInput):
        follow(actor=salines, kit="velos", stage="abandonne")
    follow(actor=salines, kit="velos", stage="abandonne", reason="Trop cher.")
    assert [each.stage for each in chart().one(Adoption, "velos-97003").stages] == ["etude", "abandonne"]


def test_agents_do_it_in_their_pages(olivette, salines):
    exported(olivette)
    body = organisation("commune-97003")
    browser = signed_in(visitor(), agent(organisation=body, roles=("agenda.replicator",)), organisation=body.id)
    page = browser.get("/agents/agenda/kits/velos/adopter").content.decode()
    seen = page.split('name="vu" value="')[1].split('"')[0]
    assert "Nouveau chez vous" in page and "Le conseil des Salines-sur-Rade" in page
    taken = ["services:pret-de-velos", "forms:emprunter-un-velo"]
    answer = browser.post("/agents/agenda/kits/velos/adopter", {"vu": seen, "prendre": taken})
    assert answer.status_code == 302 and Applied.objects.get().commune == "97003"
    mine = browser.get("/agents/agenda/kits/velos").content.decode()
    assert "Revenir en arrière" in mine and "Fait à Olivette" in mine
    address = mine.split('href="/services/pret-de-velos')[1].split('"')[0]
    assert browser.get(f"/services/pret-de-velos{address}").status_code == 200, "what was adopted is one click away"
    public = read(browser.get("/agenda/kits/velos").content.decode()).words
    assert public.index("Le plan") < public.index("Prêter des vélos Un prêt") and "Fait à Olivette" in public
    assert "Ce qui s’en va" in read(browser.get("/agents/agenda/kits/velos/retirer").content.decode()).words
    back = {"vu": str(Applied.objects.get().pk), "raison": "essai", "etape": "etude"}
    assert browser.post("/agents/agenda/kits/velos/retirer", back).status_code == 302
    assert chart().one(Adoption, "velos-97003").now.stage == "etude"
    home = organisation("metropole-rade-bleue", kind="metropole")
    other = signed_in(visitor(), agent(organisation=home, roles=("agenda.replicator",)), organisation=home.id)
    assert other.get("/agents/agenda/kits").status_code == 403


def test_an_agent_exports_in_their_pages(olivette):
    body = organisation("commune-97001")
    browser = signed_in(visitor(), agent(organisation=body, roles=("agenda.replicator",)), organisation=body.id)
    told = {"titre": "Prêter des vélos", "description": "Un prêt.", "prendre": ["services:pret-de-velos"]}
    looked = browser.post("/agents/agenda/kits/exporter", told | {"faire": "apercu"}).content.decode()
    assert "services.yaml" in looked and not KitVersion.objects.exists()
    assert browser.post("/agents/agenda/kits/exporter", told | {"faire": "exporter"}).status_code == 302
    assert KitVersion.objects.get().commune == "97001"
    assert browser.get("/agenda/kits/preter-des-velos/1.zip").status_code == 200
    for address in ("", "/preter-des-velos"):
        told = browser.get(f"/agents/agenda/kits{address}").content.decode()
        assert "C’est votre kit" in told and "Pas encore suivi ici" not in told


@pytest.mark.server
def test_killed_in_the_middle_nothing_is_adopted_and_it_can_be_done_again(tmp_path):
    with product.database_of("kits") as database:
        variables = product.environment(home=tmp_path / "home", **database) | {
            "DJANGO_SETTINGS_MODULE": "lacydon.config.settings",
            "PYTHONPATH": os.pathsep.join([str(product.ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        product.migrated(environment=variables)
        product.done("load", str(product.SMALL_TERRITORY), environment=variables)
        for step in ("lay", "write", "never"):
            run = subprocess.run(
                [sys.executable, "-m", "tests.faults.kits", step], env=variables, cwd=product.ROOT,
                capture_output=True, text=True, timeout=120, check=False,
            )  # fmt: skip
            assert run.returncode == (0 if step == "never" else -signal.SIGKILL), run.stderr
            assert step != "never" or run.stdout.splitlines()[-2:] == ["before: 0 0 0", "after: 1 1 1"]


def test_what_a_kit_measures_flows_back_to_its_page(olivette, salines, get):
    indicator = {
        "title": {"fr": "Vélos prêtés"}, "definition": {"fr": "…"}, "kind": "usage", "unit": {"fr": "vélos"},
        "frequency": "mois", "owner": "commune-97001",
    }  # fmt: skip
    put(("indicator", thing("indicator", "velos-pretes-97001", **indicator)))
    version = exported(olivette)
    assert "indicators.yaml" in version.files
    read_at("velos-pretes-97001", 12)
    applied = adopted(salines, version)
    (here,) = [each["here"] for each in applied.items if each["part"] == "indicators"]
    assert "pas encore mesuré" in get("/agenda/kits/velos").text
    read_at(here, 31)
    page = get("/agenda/kits/velos")
    (table,) = [each for each in page.all("table") if "Vélos prêtés" in each.words]
    assert "Olivette d’où vient le kit12 vélos" in spaced(table.words)
    assert "Les Salines-sur-Rade" in table.words and "31 vélos" in spaced(table.words)
    put_back(actor=salines, applied=applied, reason="essai")
    assert "31 vélos" not in spaced(get("/agenda/kits/velos").text)


def test_its_pages_read_right_in_english(olivette):
    body = organisation("commune-97001")
    there = signed_in(visitor(), agent(organisation=body, roles=("agenda.replicator",)), organisation=body.id)
    assert "Export a kit of Olivette" in there.get("/en/agents/agenda/kits/exporter").content.decode()
    other = organisation("commune-97003")
    there = signed_in(visitor(), agent(organisation=other, roles=("agenda.replicator",)), organisation=other.id)
    exported(olivette)
    assert "in Les Salines-sur-Rade" in there.get("/en/agents/agenda/kits/velos/adopter").content.decode()
    put(("experience", thing("experience", "essai", commune="97001")))
    assert "most like that of Olivette" in there.get("/en/agenda/experiences/essai").content.decode()


def read_at(id, value):
    one = Reading.objects.create(
        indicator=id, number=1, date=today(), value=Decimal(value), computed_at=now(), entry=uuid4()
    )
    Standing.objects.update_or_create(indicator=id, defaults={"reading": one, "checked_at": now(), "stale": ""})


def spaced(words):
    return words.replace("\u00a0", " ").replace("\u202f", " ")
