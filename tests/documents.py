"""Makes small files of many formats from what they shall say, so that what reading gives back is known."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO


def pdf(pages: Sequence[Sequence[str]], info: Mapping[str, str] | None = None) -> bytes:
    """A PDF written by hand: each page's lines one below the other, in a font whose codes are Unicode's."""
    kids = " ".join(f"{6 + 2 * at} 0 R" for at in range(len(pages)))
    facts = "".join(f"/{name} <FEFF{_hex(value)}>" for name, value in (info or {}).items())
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"
        b"/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>]/ToUnicode 4 0 R>>",
        _stream(_identity({character for lines in pages for line in lines for character in line})),
        f"<<{facts}>>".encode(),
    ]
    for at, lines in enumerate(pages):
        shown = "".join(f"1 0 0 1 50 {800 - 20 * row} Tm <{_hex(line)}> Tj\n" for row, line in enumerate(lines))
        bodies.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {7 + 2 * at} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>".encode()
        )
        bodies.append(_stream(f"BT /F 10 Tf\n{shown}ET".encode()))
    return _file(bodies)


def _identity(characters: Iterable[str]) -> bytes:
    """The table of a font that says of each code that it is this character."""
    pairs = "".join(f"<{_hex(character)}> <{_hex(character)}> " for character in sorted(characters))
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange "
        f"{len(pairs)} beginbfchar {pairs}endbfchar endcmap end end"
    ).encode()


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _stream(data: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(data), data)


def _file(bodies: Sequence[bytes]) -> bytes:
    written, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R/Info 5 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (
            len(bodies) + 1,
            table,
            len(bodies) + 1,
            len(written),
        )
    )


def epub(chapters: Mapping[str, str], facts: str = "", opf: str = "OEBPS/book.opf") -> bytes:
    """An EPUB of these chapters, by their hrefs in the package document; ``facts`` is its metadata."""
    items = "".join(
        f'<item id="i{at}" href="{href}" media-type="application/xhtml+xml"/>' for at, href in enumerate(chapters)
    )
    refs = "".join(f'<itemref idref="i{at}"/>' for at in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{facts}</metadata><manifest>{items}</manifest><spine>{refs}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        f'<rootfile full-path="{opf}"/></rootfiles></container>'
    )
    members = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, opf: package}
    return zipped({**members, **{f"OEBPS/{href}": page for href, page in chapters.items()}})


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these members."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()
