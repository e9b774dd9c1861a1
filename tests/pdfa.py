"""What ISO 19005-3 (PDF/A-3, level A) asks of a file, as far as a program reads it: `faults` tells what is broken.

Numbers are the standard's clauses. The one complete judge, veraPDF, is in no registry these machines reach; this looks at
every rule that pages of ours could break: they have text, drawings, links, and no image, form, sound or attachment.
"""

import io
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pikepdf
from fontTools.ttLib import TTFont

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
ID = "{http://www.aiim.org/pdfa/ns/id/}"
DC = "{http://purl.org/dc/elements/1.1/}"
ACTIONS = {"/URI", "/GoTo", "/GoToR", "/Named"}
STANDARD = set(
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody "
    "Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP "
    "Figure Formula Form".split()
)
OF_CMYK = {"k", "K"}
SHOWING = {"Tj", "TJ", "'", '"'}


def faults(content: bytes) -> list[str]:
    """Every rule that is broken, each once."""
    found = [*_file(content)]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for part in (_metadata, _colours, _objects, _fonts, _notes, _structure):
            found += part(pdf)
    return sorted(set(found))


def _file(content: bytes) -> Iterator[str]:
    first, second = content.split(b"\n", 2)[:2]
    if not (first.startswith(b"%PDF-1.") and len(first) == 8):
        yield "6.1.2 header"
    if not (second.startswith(b"%") and len(second) >= 5 and all(each > 127 for each in second[1:5])):
        yield "6.1.2 binary comment"
    if not content.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3 end of file"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "6.1.3 encrypted"
    if "/ID" not in pdf.trailer:
        yield "6.1.3 no identifier"
    stream = pdf.Root.get("/Metadata")
    if stream is None:
        yield "6.6.2.1 metadata"
        return
    text = stream.read_bytes().decode()
    if "<?xpacket" not in text:
        yield "6.6.2.1 packet"
    about = list(ElementTree.fromstring(text).iter(f"{RDF}Description"))

    def said(name: str) -> str:
        attribute = next((each.attrib[name] for each in about if name in each.attrib), "")
        return attribute or next((node.text or "" for each in about for node in each.iter(name)), "")

    if (said(f"{ID}part"), said(f"{ID}conformance")) != ("3", "A"):
        yield "6.6.4 part and conformance"
    title = next(
        (item.text for each in about for node in each.iter(f"{DC}title") for item in node.iter(f"{RDF}li")), ""
    )
    if not title or title != str(pdf.docinfo.get("/Title", "")):
        yield "6.6.3 title"


def _colours(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents = [each for each in pdf.Root.get("/OutputIntents", []) if each.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1:
        yield "6.2.3 output intent"
        return
    profile = intents[0].get("/DestOutputProfile")
    if profile is None or "/OutputConditionIdentifier" not in intents[0]:
        yield "6.2.3 profile"
        return
    icc = profile.read_bytes()
    if icc[36:40] != b"acsp" or icc[16:20] != b"RGB " or profile.get("/N") != 3 or icc[8] > 4:
        yield "6.2.3 profile is not of RGB"
    for page in pdf.pages:
        for operands, operator in pikepdf.parse_content_stream(page):
            spaces = [str(each) for each in operands if isinstance(each, pikepdf.Name)]
            if str(operator) in OF_CMYK or (str(operator) in {"cs", "CS"} and "/DeviceCMYK" in spaces):
                yield "6.2.4.3 CMYK without its profile"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    if {"/OpenAction", "/AA", "/NeedsRendering", "/Requirements"} & set(pdf.Root.keys()):
        yield "6.5.2 action of the document"
    if "/JavaScript" in pdf.Root.get("/Names", {}) or "/EmbeddedFiles" in pdf.Root.get("/Names", {}):
        yield "6.8 names"
    for each in pdf.objects:
        if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if {"/AA", "/JS"} & set(each.keys()):
            yield "6.5.1 script"
        if each.get("/Type") == "/Action" and str(each.get("/S")) not in ACTIONS:
            yield "6.5.1 action"
        if each.get("/Type") == "/ExtGState" and (
            {"/TR", "/HTP"} & set(each.keys()) or str(each.get("/TR2", "/Default")) != "/Default"
        ):
            yield "6.2.5 graphics state"
        if each.get("/Subtype") == "/Image" and (
            each.get("/Interpolate") or {"/Alternates", "/OPI"} & set(each.keys())
        ):
            yield "6.2.8 image"
        if isinstance(each, pikepdf.Stream):
            filters = each.get("/Filter", pikepdf.Array())
            names = [str(one) for one in (filters if isinstance(filters, pikepdf.Array) else [filters])]
            if {"/LZWDecode", "/Crypt"} & set(names):
                yield "6.1.7.2 filter"
            if {"/F", "/FFilter", "/FDecodeParms"} & set(each.keys()):
                yield "6.1.7.1 stream elsewhere"
            if each.get("/Subtype") == "/PS" or "/Ref" in each:
                yield "6.2.9 external object"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Each embedded, each glyph that is shown is in it, as wide as it is said, with its letters."""
    for page in pdf.pages:
        fonts: dict[str, tuple[Any, Any]] = {}
        for name, font in page.get("/Resources", {}).get("/Font", {}).items():
            if font.get("/Subtype") != "/Type0" or str(font.get("/Encoding")) != "/Identity-H":
                yield f"6.2.11.3 font {font.get('/Subtype')}"
                continue
            (inner,) = font.DescendantFonts
            program = inner.get("/FontDescriptor", {}).get("/FontFile2") or inner.FontDescriptor.get("/FontFile3")
            if program is None:
                yield "6.2.11.4 font not embedded"
                continue
            if inner.get("/Subtype") == "/CIDFontType2" and str(inner.get("/CIDToGIDMap")) != "/Identity":
                yield "6.2.11.3 glyphs"
            if "/ToUnicode" not in font:
                yield "6.2.11.7 no letters"
            fonts[name] = (TTFont(io.BytesIO(program.read_bytes()), lazy=True), _widths(inner))
        yield from _shown(page, fonts)


def _widths(font: Any) -> dict[int, float]:
    told, found = list(font.get("/W", [])), {}
    while told:
        first, then = int(told.pop(0)), told.pop(0)
        if isinstance(then, pikepdf.Array):
            found |= {first + at: float(each) for at, each in enumerate(then)}
        else:
            found |= dict.fromkeys(range(first, int(then) + 1), float(told.pop(0)))
    return found


def _shown(page: Any, fonts: dict[str, tuple[Any, Any]]) -> Iterator[str]:
    used = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            used = str(operands[0])
        if str(operator) not in SHOWING or used not in fonts:
            continue
        program, widths = fonts[used]
        pieces = operands[0] if isinstance(operands[0], pikepdf.Array) else operands
        for piece in (bytes(each) for each in pieces if isinstance(each, pikepdf.String)):
            for at in range(0, len(piece), 2):
                glyph = int.from_bytes(piece[at : at + 2], "big")
                if glyph == 0:
                    yield "6.2.11.8 a sign without a glyph"
                if glyph >= program["maxp"].numGlyphs:
                    yield "6.2.11.4.1 glyph not embedded"
                elif "hmtx" in program:
                    wide = program["hmtx"][program.getGlyphName(glyph)][0] * 1000 / program["head"].unitsPerEm
                    if abs(wide - widths.get(glyph, 1000)) > 1:
                        yield "6.2.11.5 width"


def _notes(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        for each in page.get("/Annots", []):
            if str(each.get("/Subtype")) != "/Link" or "/AA" in each:
                yield "6.3.1 annotation"
            if int(each.get("/F", 0)) & 0b100111 != 0b100:
                yield "6.3.2 annotation not printed"


def _structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "6.7.2 not marked"
    if not str(root.get("/Lang", "")):
        yield "6.7.4 language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "ISO 14289-1 7.1 title not shown"
    if "/StructTreeRoot" not in root:
        yield "6.7.3 no structure"
        return
    roles = {str(key): str(value) for key, value in root.StructTreeRoot.get("/RoleMap", {}).items()}
    kinds = []
    for each in _elements(root.StructTreeRoot):
        kind = str(each.S)
        kinds.append(kind)
        if roles.get(kind, kind).lstrip("/") not in STANDARD:
            yield f"6.7.3.4 {kind}"
        if kind == "/Figure" and not str(each.get("/Alt", "")):
            yield "6.7.7 figure without words"
    if kinds.count("/H1") != 1:
        yield "one title"
    for page in pdf.pages:
        depth = 0
        for _operands, operator in pikepdf.parse_content_stream(page):
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
            if str(operator) in SHOWING and not depth:
                yield "6.7.3 text outside the structure"


def _elements(node: Any) -> Iterator[Any]:
    below = node.get("/K", [])
    for each in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(each, pikepdf.Dictionary) and "/S" in each:
            yield each
            yield from _elements(each)
