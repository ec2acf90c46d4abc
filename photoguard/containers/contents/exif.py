"""Sorts the tags of an Exif block (or a TIFF's directories) by what they tell about people."""

from __future__ import annotations

from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.directory import Directory, Entry, TiffBlock
from photoguard.containers.contents.pictures import collect_embedded, picture_size
from photoguard.domain import FindingKind

_DEVICE, _TIME, _AUTHOR, _TEXT = (
    FindingKind.DEVICE,
    FindingKind.TIME,
    FindingKind.AUTHOR,
    FindingKind.TEXT,
)
_MEANING: dict[int, tuple[FindingKind, str]] = {
    269: (_TEXT, "caption"),  # DocumentName
    270: (_TEXT, "caption"),  # ImageDescription
    271: (_DEVICE, "camera"),  # Make
    272: (_DEVICE, "camera"),  # Model
    285: (_TEXT, "caption"),  # PageName
    305: (_DEVICE, "software"),
    306: (_TIME, "taken"),
    315: (_AUTHOR, "creator"),
    316: (_DEVICE, "software"),  # HostComputer
    333: (_TEXT, "caption"),  # InkNames
    337: (_TEXT, "caption"),  # TargetPrinter
    18246: (_TEXT, "rating"),
    18249: (_TEXT, "rating"),
    33432: (_AUTHOR, "copyright"),
    36867: (_TIME, "taken"),
    36868: (_TIME, "taken"),
    36880: (_TIME, "taken"),  # OffsetTime: the time zone
    36881: (_TIME, "taken"),
    36882: (_TIME, "taken"),
    37510: (_TEXT, "comment"),  # UserComment
    37520: (_TIME, "taken"),
    37521: (_TIME, "taken"),
    37522: (_TIME, "taken"),
    37724: (FindingKind.PROVENANCE, "photoshop"),  # ImageSourceData: layers
    40091: (_TEXT, "caption"),
    40092: (_TEXT, "comment"),
    40093: (_AUTHOR, "creator"),
    40094: (_TEXT, "keywords"),
    40095: (_TEXT, "caption"),
    40964: (_TEXT, "sound_file"),
    41492: (_DEVICE, "settings"),
    42016: (_DEVICE, "serial"),  # ImageUniqueID
    42032: (_AUTHOR, "owner"),
    42033: (_DEVICE, "serial"),
    42034: (_DEVICE, "lens"),
    42035: (_DEVICE, "lens"),
    42036: (_DEVICE, "lens"),
    42037: (_DEVICE, "serial"),  # LensSerialNumber
    42038: (_TEXT, "caption"),
    42039: (_AUTHOR, "creator"),
    42040: (_AUTHOR, "creator"),
    42112: (FindingKind.PROVENANCE, "edit_history"),  # GDALMetadata
    50708: (_DEVICE, "camera"),
    50735: (_DEVICE, "serial"),
    50827: (_TEXT, "caption"),
    50971: (_TIME, "taken"),
    50781: (_DEVICE, "serial"),  # RawDataUniqueID
}
_GEO_KEYS = frozenset({33550, 33922, 34264, 34735, 34736, 34737})
_GPS_TIMES = frozenset({7, 29})
# Structure: needed to read the pixels, or of the directory itself.
_STRUCTURE = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283}
    | {284, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332}
    | {334, 336, 338, 339, 340, 341, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532}
    | {34665, 34853, 40965, 400, 33421, 33422}
)
_EXIF_IFD, _GPS_IFD, _INTEROP_IFD, _SUB_IFDS = 34665, 34853, 40965, 330
_MAKER_NOTE, _XMP, _IPTC, _PHOTOSHOP, _ICC = 37500, 700, 33723, 34377, 34675
_LEADS_ON = frozenset({_EXIF_IFD, _GPS_IFD, _INTEROP_IFD, _SUB_IFDS, _MAKER_NOTE, _XMP, _IPTC, _PHOTOSHOP, _ICC})
"""Tags whose values are directories or blocks of their own."""
_NONE, _PLACE, _GPS_TIME, _SETTINGS = (
    (_TEXT, ""),
    (FindingKind.LOCATION, "gps"),
    (_TIME, "taken"),
    (_DEVICE, "settings"),
)
_MEANINGS = (
    dict.fromkeys(_STRUCTURE, _NONE) | _MEANING | dict.fromkeys(_GEO_KEYS, _PLACE) | dict.fromkeys(_LEADS_ON, _NONE)
)
"""What each tag tells outside of a GPS directory, in one look; ``_NONE``: nothing by itself."""
_SMALL_BYTES = 1000
"""No picture is smaller; larger values of any tag are looked into."""
_ORIENTATION = 274
_JPEG_START, _JPEG_BYTES, _STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 513, 514, 273, 279, 324, 325
_MOST_DIRECTORIES = 64


def collect_exif(data: bytes | memoryview, place: str, into: Collector) -> None:
    """Note all that an Exif block tells; ``data`` may begin with the ``Exif`` prefix. Never fails."""
    tiff = data[6:] if bytes(data[:4]) == b"Exif" else data
    block = TiffBlock(tiff)
    if block.first is None:
        into.add(FindingKind.UNKNOWN, place, len(data), "broken_exif")
        collect_embedded(bytes(data), place, "preview", into)
        return
    if is_orientation_block(tiff):
        if not into.is_inside:
            only = block.read(block.first)
            into.orientation = block.number(only.entries[0]) if only is not None else 1
        return
    walker = DirectoryWalker(block, place, into)
    first = block.read(block.first)
    if first is None:
        into.add(FindingKind.UNKNOWN, place, len(data), "broken_exif")
        collect_embedded(bytes(data), place, "preview", into)
        return
    if not into.is_inside:
        orientation = block.number(first.get(_ORIENTATION), 1)
        into.orientation = orientation if 1 <= orientation <= 8 else 1
    walker.directory(first, "IFD0")
    if first.following:
        second = block.read(first.following)
        if second is not None:
            walker.directory(second, "IFD1")
            walker.thumbnail(second, "IFD1")
        else:
            walker.is_broken = True
    if walker.is_broken:
        into.add(FindingKind.UNKNOWN, place, len(data), "broken_exif")
        if not walker.has_picture:
            collect_embedded(bytes(data), place, "thumbnail", into)


def is_orientation_block(tiff: bytes | memoryview) -> bool:
    """Whether this is a directory of nothing but the orientation, with no byte besides."""
    block = TiffBlock(tiff)
    if block.first != 8 or block.is_big or len(tiff) != 26:
        return False
    only = block.read(8)
    if only is None or len(only.entries) != 1 or only.following or only.is_broken:
        return False
    entry = only.entries[0]
    is_short = entry.tag == _ORIENTATION and entry.kind == 3 and entry.values == 1
    return is_short and bytes(tiff[20:22]) == b"\x00\x00" and 1 <= block.number(entry) <= 8


class DirectoryWalker:
    """Goes through directories and their sub-directories, each at most once."""

    def __init__(self, block: TiffBlock, place: str, into: Collector, *, is_tiff: bool = False) -> None:
        self._block = block
        self._place = place
        self._into = into
        self._seen: set[int] = set()
        self._is_tiff = is_tiff
        self.is_broken = False
        self.has_picture = False
        self.spans: list[tuple[int, int]] = []
        """Of a TIFF: where directories, values and pictures lie; the rest belongs to nobody."""

    def directory(self, directory: Directory, name: str) -> None:
        """Note what the tags of one directory tell, then follow its sub-directories."""
        if directory.start in self._seen or len(self._seen) >= _MOST_DIRECTORIES:
            self.is_broken = True
            return
        self._seen.add(directory.start)
        self.spans.append((directory.start, directory.end))
        self.is_broken |= directory.is_broken
        sums: dict[tuple[FindingKind, str], int] = {}
        is_gps, no_device, leading = name == "GPS", self._is_tiff and name.startswith("IFD"), []
        for entry in directory.entries:
            tag, _, _, start, size, is_whole = entry
            if self._is_tiff and is_whole:
                self.spans.append((start, start + size))
            if is_gps:
                meaning = _GPS_TIME if tag in _GPS_TIMES else _PLACE
            else:
                meaning = _MEANINGS.get(tag) or (_unnamed(tag) if no_device else _SETTINGS)
            if meaning is not _NONE:
                sums[meaning] = sums.get(meaning, 0) + 12 + size * is_whole
            if size > _SMALL_BYTES or tag in _LEADS_ON:
                leading.append(entry)
        for (kind, detail), size in sums.items():
            self._into.add(kind, f"{self._place}/{name}", size, detail)
        for entry in leading:
            self._follow(entry, name)

    def thumbnail(self, directory: Directory, name: str, detail: str = "thumbnail") -> None:
        """Note the picture that a directory points at."""
        block, place = self._block, f"{self._place}/{name}/{detail}"
        start, size = block.number(directory.get(_JPEG_START)), block.number(directory.get(_JPEG_BYTES))
        if start and size:
            picture = bytes(block.data[start : start + size])
            if len(picture) < size:
                self.is_broken = True
            if picture:
                self.has_picture = True
                self.spans.append((start, start + size))
                self._into.add(
                    FindingKind.HIDDEN_PICTURE, place, len(picture), detail,
                    size=picture_size(picture), payload=picture,
                )  # fmt: skip
            return
        total = sum(self.picture_spans(directory))
        if total:
            self.has_picture = True
            self._into.add(FindingKind.HIDDEN_PICTURE, place, total, detail, size=self.stated_size(directory))

    def picture_spans(self, directory: Directory) -> list[int]:
        """Note where strips and tiles lie; return their sizes."""
        sizes: list[int] = []
        for starts_tag, sizes_tag in ((_STRIPS, _STRIP_BYTES), (_TILES, _TILE_BYTES)):
            starts = self._block.numbers(directory.get(starts_tag))
            lengths = self._block.numbers(directory.get(sizes_tag))
            for start, length in zip(starts, lengths, strict=False):
                held = max(0, min(length, len(self._block.data) - start))
                self.spans.append((start, start + held))
                sizes.append(held)
        return sizes

    def stated_size(self, directory: Directory) -> tuple[int, int] | None:
        width, height = self._block.number(directory.get(256)), self._block.number(directory.get(257))
        return (width, height) if width and height else None

    def _follow(self, entry: Entry, name: str) -> None:
        block, into, place = self._block, self._into, f"{self._place}/{name}"
        if entry.tag in {_EXIF_IFD, _GPS_IFD, _INTEROP_IFD}:
            inner = {_EXIF_IFD: "ExifIFD", _GPS_IFD: "GPS", _INTEROP_IFD: "Interop"}[entry.tag]
            target = block.read(block.number(entry))
            if target is None:
                self.is_broken = True
            else:
                self.directory(target, inner)
        elif entry.tag == _SUB_IFDS:
            for start in block.numbers(entry)[:_MOST_DIRECTORIES]:
                target = block.read(start)
                if target is None:
                    self.is_broken = True
                    continue
                self.directory(target, f"{name}/SubIFD")
                self.thumbnail(target, f"{name}/SubIFD", "preview")
        elif entry.tag == _MAKER_NOTE:
            note = block.value(entry)
            into.add(_DEVICE, f"{place}/MakerNote", entry.size_bytes, "maker_note")
            collect_embedded(note, f"{place}/MakerNote", "preview", into)
        elif entry.tag in {_XMP, _IPTC, _PHOTOSHOP, _ICC} and entry.is_whole:
            self._block_inside(entry, place)
        elif entry.size_bytes > _SMALL_BYTES and entry.is_whole and entry.tag not in _STRUCTURE:
            collect_embedded(block.value(entry), place, "preview", into)

    def _block_inside(self, entry: Entry, place: str) -> None:
        from photoguard.containers.contents import photoshop, profile, xmp

        value = self._block.value(entry)
        if entry.tag == _XMP:
            xmp.collect_xmp(value, f"{place}/XMP", self._into)
        elif entry.tag == _IPTC:
            photoshop.collect_iptc(value, f"{place}/IPTC", self._into)
        elif entry.tag == _PHOTOSHOP:
            photoshop.collect_resources(value, f"{place}/8BIM", self._into)
        else:
            profile.collect_profile(value, f"{place}/ICC", self._into)


def _unnamed(tag: int) -> tuple[FindingKind, str]:
    return FindingKind.UNKNOWN, "private_tag" if tag >= 32768 else "tag"
