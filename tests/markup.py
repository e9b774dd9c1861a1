"""Reads a page as strictly as a browser is lenient: nesting, ids, labels, inline scripts and styles."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "base", "link", "input", "br", "img", "hr"})
SELF_CLOSED = frozenset({"path", "use", "circle", "rect", "line"})


@dataclass
class Element:
    name: str
    attributes: dict[str, str]
    text: str = ""
    inside: list["Element"] = field(default_factory=list)

    def all(self, name: str, /, **attributes: str) -> list["Element"]:
        """Every element of this name inside, with these attributes (`class_` and `for_` for class and for)."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        found = []
        for each in self.inside:
            if each.name == name and all(each.attributes.get(key) == value for key, value in wanted.items()):
                found.append(each)
            found += each.all(name, **attributes)
        return found

    def one(self, name: str, /, **attributes: str) -> "Element":
        (only,) = self.all(name, **attributes)
        return only

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        assert len(element.attributes) == len(attrs), f"an attribute twice: {self.get_starttag_text()}"
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SELF_CLOSED, f"<{tag}/> does not close an HTML element"
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> where </{self.open[-1].name}> is expected, line {self.getpos()[0]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def read(html: str) -> Element:
    """The page as elements; AssertionError when it is not well made or would break the policy on scripts."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {[each.name for each in reader.open[1:]]}"
    page = reader.root
    everything = _everything(page)
    ids = [each.attributes["id"] for each in everything if "id" in each.attributes]
    assert len(ids) == len(set(ids)), f"the same id twice: {sorted(id for id in ids if ids.count(id) > 1)}"
    labels = {each.attributes.get("for") for each in everything if each.name == "label"}
    for each in everything:
        assert not any(name.startswith("on") or name == "style" for name in each.attributes), each.attributes
        assert each.name != "style"
        if each.name == "script":
            assert each.attributes.get("src") or each.attributes.get("type") == "application/ld+json"
        if each.attributes.get("type") == "image":  # a button: it says itself what it does
            assert each.attributes["alt"], f"nothing said of {each.attributes}"
        elif each.name == "input" and each.attributes.get("type") != "hidden":
            assert each.attributes["id"] in labels, f"no label for {each.attributes}"
        assert not each.attributes.get("href", "").lower().startswith(("javascript:", "data:")), each.attributes
    assert len(page.all("h1")) == 1
    assert page.all("title")
    return page


def _everything(element: Element) -> list[Element]:
    return [found for each in element.inside for found in (each, *_everything(each))]
