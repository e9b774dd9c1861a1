"""One object of the agenda: a new one, changed, gone, back as it was."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lacydon.kernel.access import Actor, needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, troubled

from ...actions.editing import edit as make
from ...actions.editing import restore as bring_back
from ...actions.writing import Wanted
from ...errors import ChangedMeanwhile, NotCoherent
from ...queries.chart import Chart
from ...queries.nouns import SHAPES, Action, LegalAct, Object
from ...queries.writing import past
from ...queries.writing.differences import differences
from ...queries.writing.fields import fields_of
from ...queries.writing.names import Names, name_of
from ...queries.writing.rights import check_steers, steers
from ...queries.writing.typed import (
    LONGEST_ID,
    Fault,
    Path,
    Tree,
    blank,
    new_id,
    read_object,
    typed_of,
    without_empty_rows,
)
from ...queries.writing.words import KINDS
from ..tabs import maybe
from . import conflict
from .form import Form, Section, change_rows, faults_of, path_of, posted
from .frame import actor_of, kind_of, opened, shown, whole

HISTORY = 30


@needs("agenda.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Write a new one."""
    now, actor, of = past.fresh(), actor_of(request), kind_of(kind)
    if of != "action":
        check_steers(actor, now)
    return Writing(request, now, of, kind, None).answer()


@needs("agenda.write")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    """Change one."""
    now, of = past.fresh(), kind_of(kind)
    return Writing(request, now, of, kind, opened(now, of, id, actor_of(request))).answer()


@needs("agenda.write")
@require_POST
def remove(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    """Take one out of the agenda; its history stays."""
    of, now = kind_of(kind), past.fresh()
    each = opened(now, of, id, actor_of(request))
    gone = Wanted(kind=of, id=id, object=None, number=whole(request.POST.get("vu")))
    try:
        make(actor=actor_of(request), wanted=[gone], reason=request.POST.get("raison", ""))
    except NotCoherent as wrong:
        others = ", ".join(dict.fromkeys(_named(now, fault) for fault in wrong.facts["faults"][:8]))
        sentence = _("Ceci est encore nommé par : %s. Changez-les d’abord.") % others
        return troubled(request, sentence, "agenda-writing-edit", kind=kind, id=id)
    except Refused as refusal:
        return troubled(request, refusal.sentence, "agenda-writing-edit", kind=kind, id=id)
    sentence = _("« %s » n’est plus dans l’agenda. Vous pouvez le rétablir, plus bas.") % name_of(each)
    return done(request, sentence, "agenda-writing" if of == "action" else "agenda-writing-plan")


@needs("agenda.write")
@require_POST
def restore(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    """Make one again what it was."""
    of, form = kind_of(kind), request.POST
    try:
        changed = bring_back(
            actor=actor_of(request), kind=of, id=id, number=whole(form.get("etat")), seen=whole(form.get("vu"))
        )
    except Refused as refusal:
        if past.fresh().get(SHAPES[of], id) is None:
            return troubled(request, refusal.sentence, "agenda-writing" if of == "action" else "agenda-writing-plan")
        return troubled(request, refusal.sentence, "agenda-writing-edit", kind=kind, id=id)
    sentence = _("C’est rétabli.") if changed else _("Rien n’a changé : c’était déjà ainsi.")
    return done(request, sentence, "agenda-writing-edit", kind=kind, id=id)


def _named(now: Chart, wrong: Any) -> str:
    found = now.objects.get((wrong.kind, wrong.object))
    return f"« {name_of(found)} »" if found else str(wrong.object)


class Writing:
    """One answer of the form."""

    back = "agenda-writing-plan"
    """The name of the page one came from, when it is no action."""
    said = ""
    """The reason that is kept when none is typed; empty: one must be."""

    def __init__(self, request: HttpRequest, now: Chart, of: str, word: str, object: Object | None) -> None:
        self.request, self.now, self.of, self.word, self.object = request, now, of, word, object
        self.actor: Actor = actor_of(request)
        self.names = Names(now)
        self.verb = request.POST.get("faire", "")
        self.reason = request.POST.get("_reason", "")[:600]
        self.act = request.POST.get("_act", "")[:80]
        self.english = bool(request.POST.get("_anglais")) != (self.verb in ("anglais", "francais"))
        self.number = now.numbers.get((of, object.id), 0) if object else 0
        self.errors: dict[str, Any] = {}
        self.status = 200

    def answer(self) -> HttpResponse:
        if self.request.method != "POST":
            tree = typed_of(self.of, self.object, self.names) if self.object else self._fresh()
            return self._form(tree)
        if self.verb == "reunir" and self.object:
            return self._reunite(self.object)
        tree = self._posted()
        if self.verb not in self.saving:
            change_rows(self.of, tree, self.verb)
            return self._form(tree)
        return self._save(without_empty_rows(fields_of(self.of), tree))

    saving: tuple[str, ...] = ("enregistrer",)
    """The buttons that write."""

    def _posted(self) -> Tree:
        return posted(self.of, self.request.POST)

    def _fixed(self) -> frozenset[Path]:
        """What this agent sees and may not change."""
        if self.of != "action" or steers(self.actor, self.now):
            return frozenset()
        return frozenset((("owner",), *(_frozen(self.object) if isinstance(self.object, Action) else ())))

    def _shown_sections(self, sections: list[Section]) -> list[Section]:
        return sections

    def _more(self) -> dict[str, Any]:
        """What else the page is told."""
        return {}

    def _fresh(self) -> Tree:
        tree = blank(self.of)
        if self.of == "action":
            tree["owner"] = self.names.label("authority", self.actor.organisation)
            tree["axes"] = [{"axis": "", "weight": "100"}]
            tree["status"] = "idee"
        return tree

    def _save(self, tree: Tree) -> HttpResponse:
        id = self.object.id if self.object else self._id(tree)
        made, faults = read_object(self.of, id or "sans-titre", tree, self.names)
        self.reason = self.reason if self.reason.strip() else str(self.said)
        if not self.reason:
            self.errors["reason_fault"] = _("Dites pourquoi : la raison est gardée avec le changement.")
        if made is None or not id or self.errors:
            self.status = 422
            return self._form(tree, faults)
        number = whole(self.request.POST.get("_number")) if self.object else 0
        wanted = Wanted(kind=self.of, id=id, object=made, number=number)
        try:
            changed = make(actor=self.actor, wanted=[wanted], reason=self.reason, act=self.act)
        except ChangedMeanwhile as meanwhile:
            if self.object:
                return self._clash(made, base=number, choices={})
            self.status, self.errors["id_fault"] = meanwhile.status, _("Ce nom est déjà pris : changez-le.")
        except NotCoherent as wrong:
            self.status = wrong.status
            faults = faults_of(wrong.facts["faults"], self.of, id)
        except Refused as refusal:
            self.status = refusal.status
            if refusal.field in ("reason", "act"):
                self.errors[f"{refusal.field}_fault"] = refusal.sentence
            elif refusal.field:
                faults = [Fault(path_of(refusal.field), str(refusal.sentence))]
            else:
                self.errors["refusal"] = refusal.sentence
        else:
            return self._done(id, changed)
        return self._form(tree, faults)

    def _done(self, id: str, changed: int) -> HttpResponse:
        sentence = _("C’est enregistré.") if changed else _("Rien n’a changé : c’était déjà ainsi.")
        return done(self.request, sentence, "agenda-writing-edit", kind=self.word, id=id)

    def _id(self, tree: Tree) -> str:
        """Of a new object: what was typed, else made of the title; empty when it is wrong."""
        typed = self.request.POST.get("_id", "").strip()
        if typed and (not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", typed) or len(typed) > LONGEST_ID):
            self.errors["id_fault"] = _("Des lettres minuscules sans accent, des chiffres et des tirets.")
            return ""
        taken = [id for kind, id in self.now.objects if kind == self.of]
        return typed or new_id(tree["title"]["fr"], taken)

    def _clash(self, mine: Object, *, base: int, choices: dict[str, str]) -> HttpResponse:
        now = past.fresh()
        theirs = opened(now, self.of, mine.id, self.actor)
        context = conflict.points(
            self.of, base=base, mine=mine, theirs=theirs, names=Names(now), choices=choices,
            number=now.numbers[self.of, mine.id],
        )  # fmt: skip
        state = past.states(self.of, mine.id)[0]
        context |= {
            "theirs": theirs, "theirs_at": state.at, "theirs_reason": state.reason,
            "reason": self.reason, "act": self.act,
            "name": name_of(theirs), "here_address": self._address(), "kind": self.of,
        }  # fmt: skip
        return shown(self.request, "conflict", context, title=_("Deux personnes ont changé ceci"), status=409)

    def _reunite(self, theirs: Object) -> HttpResponse:
        """What was chosen of each, once everything was."""
        form = self.request.POST
        mine, base = conflict.mine_of(self.of, theirs.id, form.get("_mine", "")), whole(form.get("_base"))
        choices = {name.removeprefix("choix."): form.get(name, "") for name in form if name.startswith("choix.")}
        if whole(form.get("_number")) != self.number:
            return self._clash(mine, base=base, choices={})
        made = conflict.reunited(self.of, base=base, mine=mine, theirs=theirs, choices=choices)
        if made is None:
            return self._clash(mine, base=base, choices=choices)
        wanted = Wanted(kind=self.of, id=theirs.id, object=made, number=self.number)
        try:
            return self._done(theirs.id, make(actor=self.actor, wanted=[wanted], reason=self.reason, act=self.act))
        except ChangedMeanwhile:
            return self._clash(mine, base=base, choices={})
        except Refused as refusal:
            self.status = refusal.status
            if isinstance(refusal, NotCoherent):
                faults = faults_of(refusal.facts["faults"], self.of, theirs.id)
            else:
                faults = [Fault(path_of(refusal.field or ""), str(refusal.sentence))]
            return self._form(typed_of(self.of, made, self.names), faults)

    def _address(self) -> str:
        if self.object is None:
            return reverse("agenda-writing-new", kwargs={"kind": self.word})
        return reverse("agenda-writing-edit", kwargs={"kind": self.word, "id": self.object.id})

    def _form(self, tree: Tree, faults: list[Fault] | None = None) -> HttpResponse:
        one, several = KINDS[self.of]
        form = Form(self.of, tree, self.names, english=self.english)
        form.faults, form.fold = faults or [], self.object is not None
        steering = steers(self.actor, self.now)
        form.fixed = self._fixed()
        sections = self._shown_sections(form.sections())
        summary = form.summary()
        for field, anchor in (("reason_fault", "_reason"), ("id_fault", "_id"), ("act_fault", "_act")):
            if field in self.errors:
                summary.append((anchor, str(self.errors[field])))
        is_action = self.of == "action"
        posted = self.request.method == "POST"
        context: dict[str, Any] = {
            "sections": sections, "lists": form.lists(), "faults": summary, "english": self.english,
            "object": self.object, "new": self.object is None, "id_typed": self.request.POST.get("_id", ""),
            "number": (self.request.POST.get("_number") if posted else self.number) or 0, "word": self.word,
            "reason": self.reason, "act": self.act, "here_address": self._address(),
            "acts": {each.id: name_of(each) for each in self.now.all(LegalAct)} if steering else {},
            "back": reverse("agenda-writing" if is_action else self.back), "optional": bool(self.said),
            "back_to": _("Les actions") if is_action else several,
            **self.errors, **self._more(),
        }  # fmt: skip
        if self.object:
            context |= _history(self.of, self.object, self.number, self.names)
            context["public"] = maybe(f"agenda-{self.of}", id=self.object.id)
        title = name_of(self.object) if self.object else _("Écrire : %s") % str(one).lower()
        return shown(
            self.request, "edit", context, title=title, status=self.status,
            here="agenda-writing" if is_action else self.back,
        )  # fmt: skip


def _frozen(action: Action) -> list[tuple[str | int, ...]]:
    """The dates of an action that the last vote froze."""
    vote = past.last_vote()
    voted = vote.chart.get(Action, action.id) if vote else None
    if voted is None:
        return []
    frozen = {each.id for each in voted.milestones}
    found: list[tuple[str | int, ...]] = [("planned", "start"), ("planned", "end")]
    found += [("milestones", n, "baseline") for n, each in enumerate(action.milestones) if each.id in frozen]
    return found


def _history(kind: str, object: Object, number: int, names: Names) -> dict[str, Any]:
    """The states of an object, each with what it changed."""
    rows = past.states(kind, object.id)[: HISTORY + 1]
    held = [SHAPES[kind].model_validate(row.content) if not row.removed else None for row in rows]
    found = []
    for n, row in enumerate(rows[:HISTORY]):
        before = held[n + 1] if n + 1 < len(held) else None
        changes = differences(kind, before, held[n], names) if before and held[n] else []
        act = names.chart.get(LegalAct, row.act) if row.act else None
        found.append(
            {
                "number": row.number, "at": row.at, "reason": row.reason, "removed": row.removed,
                "act_name": name_of(act) if act else "", "differences": changes,
                "may_return": row.number != number and held[n] is not None and held[n] != object,
            }
        )  # fmt: skip
    return {"states": found, "since": rows[0].at}


urlpatterns = [
    path("agents/agenda/<str:kind>/nouveau", new, name="agenda-writing-new"),
    path("agents/agenda/<str:kind>/<str:id>", edit, name="agenda-writing-edit"),
    path("agents/agenda/<str:kind>/<str:id>/retirer", remove, name="agenda-writing-remove"),
    path("agents/agenda/<str:kind>/<str:id>/retablir", restore, name="agenda-writing-restore"),
]
