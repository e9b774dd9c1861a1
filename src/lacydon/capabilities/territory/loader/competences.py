"""Competences: reading facts, themes and rules, and the proof that each question has one answer.

The proof takes every theme × every commune × every combination of conditions × every period, from the day the territory
exists: none may be without a rule (a hole) nor have two (an overlap), and no rule may be there for nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from lacydon.kernel.folder import Document, Folder

from .. import models
from ..queries.chart import timelines_of
from ..queries.rules import SYMBOLS, DatedRule, Period, Timeline, Where
from . import texts
from .read import TerritoryRead


@dataclass
class CompetencesReader:
    """Reads `competences/` into `read`; faults go to `folder`."""

    folder: Folder
    read: TerritoryRead
    rules: dict[str, list[DatedRule]] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)

    def read_all(self) -> None:
        self._read_facts()
        for name in self.folder.names("competences/*.yaml"):
            if name != "competences/facts.yaml":
                self._read_themes(name)
        if not self.read.themes:
            self.folder.fault(file="competences/", found=_("aucun thème"), expected=_("au moins un thème"))
        self._check_follows()
        self._prove()

    def _read_facts(self) -> None:
        if not self.folder.names("competences/facts.yaml"):
            return
        facts: list[texts.Fact] | None
        facts, document = self.folder.read("competences/facts.yaml", list[texts.Fact])
        for position, fact in enumerate(facts or ()):
            values = [each.value for each in fact.values]
            if fact.id in self.read.facts or len(set(values)) < len(values):
                line = document.line(position) if document else 0
                self.folder.fault(
                    file="competences/facts.yaml",
                    line=line,
                    found=_("« %s » deux fois") % fact.id,
                    expected=_("des noms distincts"),
                )
            self.read.facts[fact.id] = fact

    def _read_themes(self, name: str) -> None:
        competences, document = self.folder.read(name, texts.Competences)
        if competences is None or document is None:
            return
        for position, theme in enumerate(competences.themes):
            at = ("themes", position)
            if theme.id in self.read.themes:
                self._fault(document, (*at, "id"), _("le thème « %s » une seconde fois") % theme.id, _("un id nouveau"))
            if bool(theme.follows) == bool(theme.rules):
                self._fault(document, at, _("« %s »") % theme.id, _("des règles, ou « follows », mais pas les deux"))
            for fact in theme.facts:
                if fact not in self.read.facts:
                    self._fault(document, (*at, "facts"), f"« {fact} »", _("un fait de competences/facts.yaml"))
            self.read.themes[theme.id] = theme
            self.places[theme.id] = (name, document.line(*at))
            for number, rule in enumerate(theme.rules):
                self._read_rule(document, (*at, "rules", number), theme, rule)

    def _read_rule(self, document: Document, at: tuple[str | int, ...], theme: texts.Theme, rule: texts.Rule) -> None:
        if any(row.id == rule.id for row in self.read.rules):
            self._fault(document, (*at, "id"), _("la règle « %s » une seconde fois") % rule.id, _("un id nouveau"))
        if not rule.id.startswith(f"{theme.id}/"):
            self._fault(document, (*at, "id"), f"« {rule.id} »", f"« {theme.id}/… »")
        self._check_authority(document, (*at, "competent"), rule.competent)
        if rule.handled_by:
            self._check_authority(document, (*at, "handled_by"), rule.handled_by)
        if rule.from_ and rule.until and rule.until < rule.from_:
            self._fault(document, (*at, "until"), rule.until.isoformat(), _("un jour après %s") % rule.from_)
        for fact, values in rule.when.items():
            if fact not in theme.facts:
                self._fault(
                    document,
                    (*at, "when", fact),
                    f"« {fact} »",
                    _("l'un des faits du thème : %s") % ", ".join(theme.facts),
                )
            elif fact in self.read.facts:
                allowed = {each.value for each in self.read.facts[fact].values}
                for value in values:
                    if value not in allowed:
                        self._fault(document, (*at, "when", fact), f"« {value} »", ", ".join(sorted(allowed)))
        where = self._where(document, (*at, "where"), rule)
        row = models.Rule(
            id=rule.id,
            theme_id=theme.id,
            competent=rule.competent,
            where={"kind": where.kind, "codes": sorted(where.codes)},
            when=dict(rule.when),
            since=rule.from_,
            until=rule.until,
            handled_by=rule.handled_by or "",
            legal_basis=rule.legal_basis,
            sentence=rule.sentence.stored(),
            status=rule.status,
            file=document.name,
            line=document.line(*at),
            position=len(self.read.rules),
        )
        self.read.rules.append(row)
        self.rules.setdefault(theme.id, []).append(
            DatedRule(
                id=row.id,
                theme=theme.id,
                competent=row.competent,
                where=where,
                when={fact: frozenset(values) for fact, values in rule.when.items()},
                since=row.since,
                until=row.until,
                handled_by=row.handled_by,
                legal_basis=row.legal_basis,
                sentence=row.sentence,
                status=row.status,
                file=row.file,
                line=row.line,
            )
        )

    def _where(self, document: Document, at: tuple[str | int, ...], rule: texts.Rule) -> Where:
        match rule.where:
            case texts.Communes(communes=codes):
                where = Where("communes", frozenset(codes))
            case texts.Departements(departements=codes):
                where = Where("departements", frozenset(codes))
            case texts.Except(except_=codes):
                where = Where("except", frozenset(codes))
            case _:
                return Where()
        known = (
            {each.departement for each in self.read.communes.values()}
            if where.kind == "departements"
            else set(self.read.communes)
        )
        for code in sorted(where.codes - known):
            self._fault(document, at, f"« {code} »", _("un code du territoire (communes.csv)"))
        return where

    def _check_authority(self, document: Document, at: tuple[str | int, ...], id: str) -> None:
        if id not in SYMBOLS and id not in self.read.authorities:
            self._fault(document, at, f"« {id} »", _("une autorité de authorities.yaml, ou : %s") % ", ".join(SYMBOLS))

    def _fault(self, document: Document, at: tuple[str | int, ...], found: str, expected: str) -> None:
        self.folder.fault(file=document.name, line=document.line(*at), found=found, expected=expected)

    def _check_follows(self) -> None:
        for theme in self.read.themes.values():
            seen = [theme.id]
            while theme.follows:
                file, line = self.places[seen[0]]
                if theme.follows not in self.read.themes or theme.follows in seen:
                    self.folder.fault(
                        file=file,
                        line=line,
                        found=_("follows : « %s »") % theme.follows,
                        expected=_("un autre thème, sans tourner en rond"),
                    )
                    break
                theme = self.read.themes[theme.follows]
                seen.append(theme.id)

    def _prove(self) -> None:
        if self.folder.faults or self.read.territory is None:
            return  # a proof over broken rules would only repeat their faults
        communes = {each.code: each.departement for each in self.read.communes.values()}
        for theme in self.read.themes.values():
            if theme.follows:
                continue
            facts = {fact: [each.value for each in self.read.facts[fact].values] for fact in theme.facts}
            rules = self.rules.get(theme.id, [])
            timelines = timelines_of(rules, communes=communes, facts=facts, since=self.read.territory.since)
            self.read.proven += sum(len(p.winners) for line in timelines.values() for p in line.periods)
            self._tell_differences(theme, rules, timelines)

    def _tell_differences(
        self, theme: texts.Theme, rules: Sequence[DatedRule], timelines: Mapping[str, Timeline]
    ) -> None:
        used: set[int] = set()
        situations: dict[int, list[str]] = {}
        for code, line in timelines.items():
            situations.setdefault(id(line), []).append(code)
        for codes in situations.values():
            line = timelines[codes[0]]
            for period, end in zip(line.periods, [*line.starts[1:], None], strict=True):
                self._tell_period(theme, line, period, end, codes)
                used.update(id(rule) for winners in period.winners.values() for rule in winners)
        for rule in rules:
            if id(rule) not in used:
                self.folder.fault(
                    file=rule.file,
                    line=rule.line,
                    found=_("la règle « %s », jamais appliquée") % rule.id,
                    expected=_("une règle qui décide quelque part"),
                )

    def _tell_period(
        self, theme: texts.Theme, line: Timeline, period: Period, end: date | None, codes: Sequence[str]
    ) -> None:
        wrong: dict[tuple[DatedRule, ...], list[str]] = {}
        for combination, winners in period.winners.items():
            if len(winners) != 1:
                words = ", ".join(f"{fact} = {value}" for fact, value in zip(line.facts, combination, strict=True))
                wrong.setdefault(winners, []).append(words or _("toujours"))
        for winners, conditions in wrong.items():
            context = _("%(theme)s, %(where)s, %(when)s, %(conditions)s") % {
                "theme": theme.id,
                "where": _listed(codes),
                "when": _dates(period.since, end),
                "conditions": _listed(conditions, "; "),
            }
            if not winners:
                file, at = self.places[theme.id]
                self.folder.fault(
                    file=file, line=at, found=_("un trou : aucune règle pour %s") % context, expected=_("une règle")
                )
            for rule in winners:
                others = _listed([f"{each.id} ({each.file}:{each.line})" for each in winners if each is not rule])
                self.folder.fault(
                    file=rule.file,
                    line=rule.line,
                    found=_("un recouvrement : %(rule)s et %(others)s pour %(context)s")
                    % {"rule": rule.id, "others": others, "context": context},
                    expected=_("une seule règle"),
                )


def _listed(items: Iterable[str], separator: str = ", ") -> str:
    shown = list(items)
    more = len(shown) - 4
    return separator.join(shown[:4]) + (_(" et %d autres") % more if more > 0 else "")


def _dates(start: date, end: date | None) -> str:
    if end is None:
        return _("depuis le %s") % start
    return _("du %(start)s au %(end)s") % {"start": start, "end": end - timedelta(days=1)}
