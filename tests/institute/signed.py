"""Files that tell in many places who made them: the name stands wherever its format has room for it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pikepdf

from tests import films, papers

NAME = "Lucia Ortega-Vance"
WHO = NAME.encode()
PLACE = b"+37.7749-122.4194"


def exif(orientation: int = 6) -> bytes:
    """Return a camera's notes: which way up, and whose it is (TIFF, big-endian)."""
    artist = WHO + b"\0"
    entries = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack(
        ">HHII", 0x013B, 2, len(artist), 38
    )
    return b"MM\0*" + struct.pack(">IH", 8, 2) + entries + struct.pack(">I", 0) + artist


def jpeg(*, orientation: int = 6) -> bytes:
    """Return a JPEG with Exif, XMP, IPTC, a comment, and another picture behind it."""

    def segment(mark: int, data: bytes) -> bytes:
        return bytes((0xFF, mark)) + struct.pack(">H", len(data) + 2) + data

    notes = (
        segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        segment(0xE1, b"Exif\0\0" + exif(orientation)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + WHO + b"</x:xmpmeta>"),
        segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(20)),
        segment(0xED, b"Photoshop 3.0\0" + WHO),
        segment(0xFE, WHO),
    )
    return b"\xff\xd8" + b"".join(notes) + jpeg_picture() + b"\xff\xd9" + b"trailer " + WHO


def jpeg_picture() -> bytes:
    """Return what of it is the picture."""
    table = b"\xff\xdb" + struct.pack(">H", 67) + bytes(65)
    scan = b"\xff\xda\0\x09\x01\x01\0\0\x3f\0\0" + b"\x12\xff\x00\x34\xff\xd3" * 30
    return table + scan


def png() -> bytes:
    """Return a PNG with texts, a time, notes and a chunk nobody knows."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    whole = papers.png()
    head, rest = whole[:33], whole[33:]
    notes = chunk(b"tEXt", b"Author\0" + WHO) + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + WHO)
    notes += (
        chunk(b"zTXt", b"Author\0\0" + zlib.compress(WHO)) + chunk(b"eXIf", exif(8)) + chunk(b"prVt", WHO)
    )
    return head + notes + rest


def webp() -> bytes:
    """Return a WebP with Exif and XMP."""
    chunks = [(b"VP8X", b"\x0c\0\0\0" + bytes(6)), (b"VP8L", bytes(21)), (b"EXIF", exif(3)), (b"XMP ", WHO)]
    body = b"WEBP" + b"".join(n + struct.pack("<I", len(d)) + d + b"\0" * (len(d) % 2) for n, d in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heic() -> bytes:
    """Return the frame of an HEIC whose notes are items of their own."""
    box = films.box
    camera, described = bytes(4) + exif(), b"<x:xmpmeta>" + WHO + b"</x:xmpmeta>"
    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")

    def listed(item: int, kind: bytes) -> bytes:
        return box(b"infe", b"\2\0\0\0", struct.pack(">HH", item, 0), kind, b"\0")

    def places(start: int) -> bytes:
        found, place = b"", start
        for item, length in ((1, 100), (2, len(camera)), (3, len(described))):
            found += struct.pack(">HHHII", item, 0, 1, place, length)
            place += length
        return box(b"iloc", b"\0\0\0\0\x44\x00", struct.pack(">H", 3), found)

    kinds = listed(1, b"hvc1") + listed(2, b"Exif") + listed(3, b"mime")
    size = len(box(b"meta", bytes(4), box(b"iinf", bytes(4), b"\0\3", kinds), places(0)))
    meta = box(b"meta", bytes(4), box(b"iinf", bytes(4), b"\0\3", kinds), places(len(head) + size + 8))
    return head + meta + box(b"mdat", b"\xaa" * 100, camera, described)


def film(brand: bytes = b"isom") -> bytes:
    """Return an MP4, or what a phone writes, with titles, places, a device's name and a track of places."""
    box = films.box
    head = box(b"ftyp", brand, bytes(4), brand)
    said = box(b"udta", box(b"\xa9xyz", PLACE), box(b"meta", bytes(4), WHO))

    def whole(start: int) -> bytes:
        sizes = box(b"stsz", bytes(4), struct.pack(">III", 0, 2, 30), struct.pack(">I", 40))
        runs = box(b"stsc", bytes(4), struct.pack(">IIII", 1, 1, 2, 1))
        tables = sizes + runs + box(b"stco", bytes(4), struct.pack(">II", 1, start))
        tracks = films.track(b"vide", name=WHO) + films.track(b"meta", tables=tables)
        return films.index(tracks, said, box(b"meta", WHO))

    start = len(head) + len(whole(0)) + 8 + len(picture())
    return (
        head
        + whole(start)
        + box(b"mdat", picture(), _places())
        + box(b"uuid", bytes(16), WHO)
        + box(b"free", WHO)
    )


def picture() -> bytes:
    """Return what of a recording is seen and heard."""
    return bytes(range(256)) * 20


def _places() -> bytes:
    return (PLACE * 5)[:70]


def element(name: bytes, data: bytes) -> bytes:
    """Return an element of EBML."""
    return name + b"\x01" + len(data).to_bytes(7) + data


def webm(*, endless: bool = False) -> bytes:
    """Return a WebM with a title, a date, tags, an attachment and a track's name; ``endless`` as browsers record it."""
    info = element(b"\x7b\xa9", WHO) + element(b"\x44\x61", bytes(8)) + element(b"\x4d\x80", WHO)
    info += element(b"\x57\x41", WHO) + element(b"\xbf", b"crc4")
    entry = element(b"\x86", b"V_VP8") + element(b"\x53\x6e", WHO)
    cluster = element(b"\xe7", b"\0") + element(b"\xa3", picture())
    parts = element(b"\x15\x49\xa9\x66", info) + element(b"\x16\x54\xae\x6b", element(b"\xae", entry))
    unknown = b"\x01" + b"\xff" * 7
    parts += (b"\x1f\x43\xb6\x75" + unknown + cluster) if endless else element(b"\x1f\x43\xb6\x75", cluster)
    tags = element(b"\x12\x54\xc3\x67", WHO) + element(b"\x19\x41\xa4\x69", WHO * 20)
    parts = (tags + parts) if endless else (parts + tags)
    segment = b"\x18\x53\x80\x67" + unknown + parts if endless else element(b"\x18\x53\x80\x67", parts)
    return element(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm") + segment


def mp3_frames() -> bytes:
    """Return what of an MP3 is heard."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * 6


def mp3() -> bytes:
    """Return an MP3 with every tag there is."""
    said = b"TPE1" + WHO
    before = b"ID3\4\0\0\0\0" + bytes([len(said) >> 7, len(said) & 127]) + said
    items = WHO + bytes(20)
    footer = b"APETAGEX" + struct.pack("<IIII", 2000, len(items) + 32, 1, 0) + bytes(8)
    return before + mp3_frames() + items + footer + b"TAG" + WHO.ljust(125, b"\0")


def pdf() -> bytes:
    """Return a PDF that names its author wherever it can, and acts."""
    file = pikepdf.new()
    file.add_blank_page(page_size=(200, 200))
    file.docinfo["/Author"] = NAME
    with file.open_metadata() as said:
        said["dc:creator"] = [NAME]
    file.attachments["notes.txt"] = pikepdf.AttachedFileSpec(
        file, WHO, filename=f"{NAME}.txt", description=NAME, mime_type="", creation_date="", mod_date=""
    )
    page = file.pages[0]
    image = pikepdf.Stream(
        file, jpeg(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=1, Height=1
    )
    image.Filter, image.ColorSpace, image.BitsPerComponent = (
        pikepdf.Name.DCTDecode,
        pikepdf.Name.DeviceGray,
        8,
    )
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.Contents = pikepdf.Stream(file, b"BT (What I learnt) Tj ET /Im0 Do")
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, T=NAME, Contents="A remark", Rect=[0, 0, 9, 9]
    )
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{NAME}')")
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script)
    page.Annots = pikepdf.Array([file.make_indirect(note), link])
    page.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=NAME))
    file.Root.OpenAction = script
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


OPEN_XML = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": '<Relationships><Relationship Id="a" Type="x/metadata/thumbnail" Target="docProps/thumbnail.jpeg"/>'
    '<Relationship Id="b" Type="y" Target="word/document.xml"/></Relationships>',
    "docProps/core.xml": f"<cp:coreProperties><dc:creator>{NAME}</dc:creator></cp:coreProperties>",
    "docProps/app.xml": f"<Properties><Company>{NAME}</Company></Properties>",
    "docProps/custom.xml": f"<Properties><property>{NAME}</property></Properties>",
    "word/comments.xml": f'<w:comments><w:comment w:id="1" w:author="{NAME}" w:initials="LO">'
    '<w:t>Why author="x"?</w:t></w:comment>'
    '<w:comment w:id="2" w:author="Amina Diallo" w:initials="AD"/></w:comments>',
    "word/document.xml": f'<w:document><w:ins w:id="3" w:author="{NAME}" w:date="2026-01-01">'
    "<w:t>What I learnt</w:t></w:ins>"
    f"<w:del w:author='{NAME}'/></w:document>",
    "word/people.xml": f'<w15:people><w15:person w15:author="{NAME}"><w15:presenceInfo w15:providerId="AD"'
    f' w15:userId="S::{NAME}"/></w15:person></w15:people>',
    "word/_rels/settings.xml.rels": f'<Relationships><Relationship Target="file:///C:/Users/{NAME}/x.dotx"/></Relationships>',
    "customXml/item1.xml": f"<b:Sources>{NAME}</b:Sources>",
    "ppt/commentAuthors.xml": f'<p:cmAuthorLst><p:cmAuthor id="0" name="{NAME}" initials="LO"/></p:cmAuthorLst>',
    "xl/persons/person.xml": f'<personList><person displayName="{NAME}" id="1" userId="{NAME}"/></personList>',
    "xl/comments1.xml": f"<comments><authors><author>{NAME}</author></authors></comments>",
    "xl/workbook.xml": f'<workbook><fileSharing userName="{NAME}"/>'
    f'<x15ac:absPath url="C:\\Users\\{NAME}\\"/></workbook>',
}
OPEN_DOCUMENT = {
    "mimetype": "application/vnd.oasis.opendocument.text",
    "content.xml": f"<office:body><office:annotation><dc:creator>{NAME}</dc:creator><text:p>What I learnt</text:p>"
    f"</office:annotation><text:author-name text:fixed='false'>{NAME}</text:author-name></office:body>",
    "meta.xml": f"<office:document-meta><meta:initial-creator>{NAME}</meta:initial-creator></office:document-meta>",
    "settings.xml": '<s><config:config-item config:name="PrinterName" config:type="string">'
    f"{NAME}</config:config-item></s>",
    "Thumbnails/thumbnail.png": "a picture of " + NAME,
}


def office(parts: dict[str, str], **more: bytes) -> bytes:
    """Return a document of these parts; a picture with notes and a document like it stand in it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        file.comment = WHO
        for name, text in parts.items():
            file.writestr(name, text)
        file.writestr("word/media/image1.jpeg", jpeg())
        for name, data in more.items():
            file.writestr(f"word/embeddings/{name}", data)
    return kept.getvalue()
