"""How ODSQL is written: one grammar for its four clauses, read into trees that remember where each word stood.

LALR: the time to read is linear, whatever is written. The language is that of the published reference of the Explore
API 2.1; keywords and functions in any case, names of fields between back-quotes when they look like something else.
"""

from functools import cache
from typing import Literal

from django.utils.translation import gettext as _
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from ...errors import WrongQuestion

Clause = Literal["where", "select", "group_by", "order_by"]
Node = Tree[Token]

DEEPEST = 40
"""Parentheses, functions or negations inside one another."""
MOST_TERMS = 60
"""Terms of one sum or product."""

GRAMMAR = r"""
where: or_
select: item ("," item)*
group_by: named ("," named)*
order_by: sorted_ ("," sorted_)*

?item: "*" -> everything | (INCLUDE | EXCLUDE) "(" PATTERN ("," PATTERN)* ")" -> chosen | named
named: or_ [AS (NAME | QUOTED_NAME | STRING)]
sorted_: or_ [DESC | ASC]

?or_: and_ (OR and_)*
?and_: not_ (AND not_)*
?not_: NOT not_ -> negation | predicate
?predicate: sum
    | sum COMPARISON sum                  -> comparison
    | sum NOT? IN list                    -> among
    | sum NOT? IN range                   -> between
    | sum NOT? IN field                   -> holds
    | sum NOT? LIKE sum                   -> like
    | sum IS NOT? NULL                    -> is_null
    | sum IS NOT? BOOLEAN                 -> is_boolean
list: "(" or_ ("," or_)* ")"
range: OPENING bound (DOTS | TO) bound CLOSING | OPENING bound (DOTS | TO) bound OPENING
    | CLOSING bound (DOTS | TO) bound CLOSING | CLOSING bound (DOTS | TO) bound OPENING
?bound: sum | "*" -> unbounded
?sum: product ((PLUS | MINUS) product)*
?product: unary ((TIMES | OVER) unary)*
?unary: MINUS unary -> opposite | PLUS unary -> itself | atom
?atom: "(" or_ ")" | field | call
    | NUMBER -> number | STRING -> text | BOOLEAN -> boolean | DATE -> date | GEOMETRY -> geometry
    | LENGTH -> length | NULL -> null
field: NAME | QUOTED_NAME
call: NAME "(" [argument ("," argument)*] ")"
?argument: or_ | DISTINCT or_ -> distinct | "*" -> everything | OPENING bound ("," bound)* CLOSING -> bounds

INCLUDE.5: /include(?=\s*\()/i
EXCLUDE.5: /exclude(?=\s*\()/i
PATTERN: /[A-Za-z0-9_*]+/
DATE.4: /date\s*(?:'[^']*'|"[^"]*")/i
GEOMETRY.4: /geom\s*(?:'[^']*'|"[^"]*")/i
LENGTH.4: /\d+(?:\.\d+)?\s*/ (METRIC | PERIOD) /(?![A-Za-z0-9_])/
METRIC: /(?:km|mi|yd|ft|cm|mm|m(?![A-Za-z]))/i
PERIOD: /(?:milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|ms|s|h|d|w|q|y)/i
NUMBER.2: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![A-Za-z0-9_])/
STRING: /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"/s
BOOLEAN.3: /(?:true|false)(?![A-Za-z0-9_])/i
NULL.3: /null(?![A-Za-z0-9_])/i
AND.3: /and(?![A-Za-z0-9_])/i
OR.3: /or(?![A-Za-z0-9_])/i
NOT.3: /not(?![A-Za-z0-9_])/i
IN.3: /in(?![A-Za-z0-9_])/i
LIKE.3: /like(?![A-Za-z0-9_])/i
IS.3: /is(?![A-Za-z0-9_])/i
TO.3: /to(?![A-Za-z0-9_])/i
AS.3: /as(?![A-Za-z0-9_])/i
ASC.3: /asc(?![A-Za-z0-9_])/i
DESC.3: /desc(?![A-Za-z0-9_])/i
DISTINCT.3: /distinct(?![A-Za-z0-9_])/i
NAME: /[A-Za-z0-9_]*[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/
QUOTED_NAME: /`[^`]+`/
COMPARISON: ">=" | "<=" | "!=" | "<>" | "=" | ":" | "<" | ">"
DOTS: ".."
OPENING: "["
CLOSING: "]"
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
%ignore /\s+/
"""

SAID = {
    "NAME": "un champ",
    "QUOTED_NAME": "un champ",
    "NUMBER": "un nombre",
    "STRING": "un texte entre guillemets",
    "COMPARISON": "=, !=, <, <=, > ou >=",
    "RPAR": ")",
    "LPAR": "(",
    "COMMA": "une virgule",
    "OPENING": "[",
    "CLOSING": "]",
    "DOTS": "..",
    "$END": "la fin",
}
"""The few things worth telling of what could have come; signs of arithmetic and literals are not."""
WORDS = ("AND", "OR", "NOT", "IN", "LIKE", "IS", "NULL", "TO", "AS", "ASC", "DESC")


@cache
def _parser() -> Lark:
    starts: list[Clause] = ["where", "select", "group_by", "order_by"]
    return Lark(GRAMMAR, start=list(starts), parser="lalr", propagate_positions=True, maybe_placeholders=False)


def read(clause: Clause, text: str) -> Node:
    """The tree of a clause. Raises WrongQuestion with `position` (from 0) and what was expected."""
    try:
        tree = _parser().parse(text, start=clause)
    except UnexpectedInput as error:
        raise _misread(clause, text, error) from None
    _refuse_deep(clause, tree)
    return tree


def wrong(clause: str, sentence: str, node: Node | Token | None = None) -> WrongQuestion:
    """A refusal that tells the clause, and where in it."""
    position = None
    if isinstance(node, Token):
        position = node.start_pos
    elif node is not None and not node.meta.empty:
        position = node.meta.start_pos
    return WrongQuestion(sentence, field=clause, clause=clause, position=position)


def _misread(clause: Clause, text: str, error: UnexpectedInput) -> WrongQuestion:
    position = error.pos_in_stream if error.pos_in_stream is not None else len(text)
    ended = isinstance(error, UnexpectedEOF) or (isinstance(error, UnexpectedToken) and error.token.type == "$END")
    if ended or position < 0:
        position = len(text)
    names: set[str] = set()
    if isinstance(error, UnexpectedCharacters):
        names = set(error.allowed or ())
    elif isinstance(error, UnexpectedToken):
        names = set(error.accepts or error.expected or ())
    expected = [told for name, told in SAID.items() if name in names] + [each for each in WORDS if each in names]
    expected = list(dict.fromkeys(expected))
    found = text[position : position + 20]
    words = {"clause": clause, "place": position + 1, "found": found, "expected": ", ".join(expected[:8]) or "?"}
    if ended:
        sentence = _("« %(clause)s » s’arrête trop tôt. Attendu ensuite : %(expected)s.")
    else:
        sentence = _("« %(clause)s » n’est pas compris au caractère %(place)d, « %(found)s ». Attendu : %(expected)s.")
    return WrongQuestion(sentence % words, field=clause, clause=clause, position=position, expected=expected)


def _refuse_deep(clause: Clause, tree: Node) -> None:
    """Raises WrongQuestion for what would take the translation, or the engine, too deep."""
    waiting: list[tuple[Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            sentence = _("« %(clause)s » a trop de parenthèses les unes dans les autres : au plus %(most)d.")
            raise wrong(clause, sentence % {"clause": clause, "most": DEEPEST}, node)
        if node.data in ("sum", "product") and len(node.children) > 2 * MOST_TERMS:
            raise wrong(clause, _("Une somme a trop de termes : au plus %d.") % MOST_TERMS, node)
        waiting += [(each, depth + 1) for each in node.children if isinstance(each, Tree)]
