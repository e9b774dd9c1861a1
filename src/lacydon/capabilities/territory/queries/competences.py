"""Who is in charge: the answer, the one question that decides, or nobody; always with the rules that led there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lacydon.kernel import clock
from lacydon.kernel.errors import OutsideTerritory
from lacydon.kernel.texts import Localised, said

from ..errors import UnknownAuthority, UnknownCommune, UnknownCondition, UnknownTheme, WrongDate
from .chart import AuthorityView, Chart, CommuneView, FactView, ThemeView, chart
from .contours import Located
from .rules import NOBODY, DatedRule, Timeline, most_telling, outcome


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that led to the answer: its id, a sentence for residents, its legal basis, since when."""

    rule: str
    sentence: Localised
    legal_basis: str
    since: date | None
    status: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """Just one of `authority`, `question` and `nobody` is set. `handled_by`: who does the work for the authority."""

    theme: str
    citycode: str
    on: date
    conditions: Mapping[str, str]
    authority: AuthorityView | None
    handled_by: AuthorityView | None
    question: FactView | None
    nobody: bool
    because: tuple[Reason, ...]
    located: Located | None = None


def themes() -> tuple[ThemeView, ...]:
    """Every theme, in the order of the folder."""
    return tuple(chart().themes.values())


def theme(id: str) -> ThemeView:
    """Raises UnknownTheme."""
    found = chart().themes.get(id)
    if found is None:
        raise UnknownTheme(_("Le thème « %s » n’existe pas.") % id[:80], field="theme")
    return found


def authority(id: str) -> AuthorityView:
    """Raises UnknownAuthority."""
    found = chart().authorities.get(id)
    if found is None:
        raise UnknownAuthority(_("L’autorité « %s » n’existe pas.") % id[:80])
    return found


def authorities() -> tuple[AuthorityView, ...]:
    """Every authority: those of authorities.yaml, then the communes."""
    return tuple(chart().authorities.values())


def resolve(
    *,
    theme: str,
    citycode: str | None = None,
    lon: float | None = None,
    lat: float | None = None,
    conditions: Mapping[str, str] | None = None,
    on: date | None = None,
) -> Resolution:
    """Who is in charge of `theme` at an INSEE code or at a point (WGS 84 degrees), under `conditions`, on a day.

    `on` defaults to today (Europe/Paris). Raises UnknownTheme, UnknownCommune, OutsideTerritory, UnknownCondition
    (a fact the theme does not depend on, or a value it does not know) and WrongDate (before the territory existed).
    """
    held = chart()
    subject = held.themes.get(theme)
    if subject is None:
        raise UnknownTheme(_("Le thème « %s » n’existe pas.") % theme[:80], field="theme")
    located = None
    if citycode is None:
        if lon is None or lat is None:
            raise UnknownCommune(_("Dites où : un code INSEE (citycode) ou un point (lon et lat)."), field="citycode")
        located = held.locate(lon=lon, lat=lat)
        citycode = located.code
    commune = held.communes.get(citycode)
    if commune is None:
        # Municipal arrondissements are places of a commune: their codes are accepted and answered for it.
        part = held.arrondissements.get(citycode)
        if part is None:
            raise unknown_commune(citycode, held)
        commune = held.communes[part.commune]
    known = dict(conditions or {})
    if known:
        _refuse_unknown(subject, known)
    day = on or clock.today()
    if held.territory and day < held.territory.since:
        raise WrongDate(
            _("Les compétences sont connues depuis le %s.") % held.territory.since.isoformat(), field="date"
        )
    line = held.timelines[subject.source][commune.code]
    return _answer(held, subject=subject, commune=commune, line=line, known=known, day=day, located=located)


def unknown_commune(citycode: str, held: Chart) -> UnknownCommune | OutsideTerritory:
    """The refusal for a code that is not one of the territory's: a wrong one, or a commune outside."""
    if len(citycode) == 5 and citycode[:2].isalnum() and citycode[2:].isdigit() and held.territory:
        sentence = _("La commune %(code)s n’est pas dans le territoire. %(outside)s") % {
            "code": citycode,
            "outside": said(held.territory.outside),
        }
        return OutsideTerritory(sentence, field="citycode", code="unknown-commune")
    return UnknownCommune(_("« %s » n’est pas un code INSEE de commune.") % citycode[:20], field="citycode")


def _answer(
    held: Chart,
    *,
    subject: ThemeView,
    commune: CommuneView,
    line: Timeline,
    known: Mapping[str, str],
    day: date,
    located: Located | None,
) -> Resolution:
    period = line.on(day)
    if len(line.facts) == len(known):
        rules: Iterable[DatedRule] = period.winners[tuple(known[fact] for fact in line.facts)]
        outcomes = {outcome(rule) for rule in rules}
        question = None
    else:
        remaining = list(line.possible(day=day, known=known))
        rules = dict.fromkeys(rule for _combination, winners in remaining for rule in winners)
        outcomes = {outcome(rule) for rule in rules}
        question = held.facts[most_telling(line, remaining, known)] if len(outcomes) > 1 else None
    authority = handled_by = None
    nobody = False
    if question is None:
        competent, handler = next(iter(outcomes))
        nobody = competent == NOBODY
        authority = None if nobody else held.authority_of(competent, commune=commune)
        handled_by = held.authority_of(handler, commune=commune) if handler else None
    return Resolution(
        theme=subject.id,
        citycode=commune.code,
        on=day,
        conditions=known,
        authority=authority,
        handled_by=handled_by,
        question=question,
        nobody=nobody,
        because=tuple(_reason(rule, held=held, commune=commune) for rule in rules),
        located=located,
    )


def _reason(rule: DatedRule, *, held: Chart, commune: CommuneView) -> Reason:
    sentence = rule.sentence
    if any("{" in text for text in sentence.values()):
        departement = held.authority_of("departement", commune=commune).name
        sentence = {
            lang: _filled(text, lang=lang, commune=commune, departement=said(departement, lang=lang))
            for lang, text in sentence.items()
        }
    return Reason(rule.id, sentence, rule.legal_basis, rule.since, rule.status)


def _filled(text: str, *, lang: str, commune: CommuneView, departement: str) -> str:
    french_text = lang == "fr"
    return (
        text.replace("{commune}", commune.name)
        .replace("{de_commune}", commune.of if french_text else f"of {commune.name}")
        .replace("{a_commune}", commune.at if french_text else f"in {commune.name}")
        .replace("{departement}", departement)
    )


def _refuse_unknown(subject: ThemeView, known: Mapping[str, str]) -> None:
    facts = {fact.id: [each.value for each in fact.values] for fact in subject.facts}
    for fact, value in known.items():
        if fact not in facts:
            depends = ", ".join(facts) or _("aucune")
            raise UnknownCondition(
                _("Le thème « %(theme)s » ne dépend pas de « %(fact)s » ; conditions connues : %(known)s.")
                % {"theme": subject.id, "fact": fact[:80], "known": depends},
                field=fact[:80],
            )
        if value not in facts[fact]:
            raise UnknownCondition(
                _("« %(value)s » n’est pas une valeur de « %(fact)s » ; valeurs connues : %(known)s.")
                % {"value": value[:80], "fact": fact, "known": ", ".join(facts[fact])},
                field=fact,
            )
