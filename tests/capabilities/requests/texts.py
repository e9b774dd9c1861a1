"""Forms as text, and a folder of a territory that has one."""

import shutil
from pathlib import Path

TEXT = """\
# Le service des bacs
id: bac
service: bac-casse-ou-vole
title: {fr: "Un bac", en: "A bin"}
pages:
  - id: bac
    title: {fr: "Le bac", en: "The bin"}
    fields:
      - {id: etat, type: choice, label: {fr: "État"}, options: [{value: casse, label: {fr: "Cassé"}}]}
"""
CHANGED = TEXT.replace('"Un bac"', '"Un bac à changer"')
TWO_PAGES = """\
id: bac
service: bac-casse-ou-vole
title: {fr: "Un bac", en: "A bin"}
pages:
  - id: etat
    title: {fr: "L'état", en: "The state"}
    fields:
      - {id: casse, type: yesno, label: {fr: "Est-il cassé ?"}}
      - {id: ou, type: text, label: {fr: "Où ?"}, when: {casse: true}}
      - {id: photo, type: file, label: {fr: "Une photo"}}
  - id: vol
    title: {fr: "Le vol"}
    when: {casse: false}
    fields: [{id: quand, type: date, label: {fr: "Quand ?"}, before: today+1}]
  - id: vous
    title: {fr: "Vous"}
    fields:
      - {id: email, type: email, label: {fr: "E-mail"}, help: {fr: "<b>jamais</b> donné"}}
"""


def territory_with_a_form(of: Path, at: Path) -> Path:
    """A copy of a folder, whose only form is TEXT."""
    copy = Path(shutil.copytree(of, at / "territory"))
    shutil.rmtree(copy / "forms", ignore_errors=True)
    for name in ("appointments.yaml", "deliveries.yaml"):  # they name the forms taken away
        (copy / name).unlink(missing_ok=True)
    (copy / "forms").mkdir()
    (copy / "forms" / "bac.yaml").write_text(TEXT, encoding="utf-8")
    return copy
