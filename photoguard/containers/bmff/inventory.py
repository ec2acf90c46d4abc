"""Takes inventory of HEIC, HEIF and AVIF: hidden items, metadata items, videos, and boxes of no one."""

from __future__ import annotations

from photoguard.containers.bmff.boxes import Box, boxes, spelled
from photoguard.containers.bmff.items import Item, ItemTable, read_items
from photoguard.containers.contents.collector import Collector
from photoguard.containers.contents.exif import collect_exif
from photoguard.containers.contents.jumbf import collect_jumbf
from photoguard.containers.contents.pictures import collect_embedded, video_extent
from photoguard.containers.contents.profile import collect_profile
from photoguard.containers.contents.trailer import collect_trailer
from photoguard.containers.contents.xmp import collect_xmp
from photoguard.domain import FindingKind

_PICTURES = frozenset(
    {
        b"hvc1",
        b"hev1",
        b"av01",
        b"grid",
        b"iovl",
        b"iden",
        b"jpeg",
        b"avc1",
        b"unci",
        b"j2k1",
        b"vvc1",
        b"tmap",
    }
)
_ALPHA = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1")
_AUXILIARY: tuple[tuple[bytes, str], ...] = (
    (b"hdrgainmap", "gain_map"),
    (b"gainmap", "gain_map"),
    (b"depth", "depth"),
    (b"disparity", "depth"),
    (b"urn:mpeg:hevc:2015:auxid:2", "depth"),
    (b"matte", "matte"),
    (b"semantic", "matte"),
    (b"linearthumbnail", "thumbnail"),
)
# Needed to decode and place the picture.
_PLAIN_PROPERTIES = frozenset(
    {
        b"ispe",
        b"hvcC",
        b"av1C",
        b"pixi",
        b"irot",
        b"imir",
        b"clap",
        b"pasp",
        b"auxC",
        b"colr",
        b"lhvC",
        b"tols",
    }
    | {b"a1op", b"a1lx", b"lsel", b"oinf", b"rloc", b"avcC", b"jpgC", b"uncC", b"cmpd", b"vvcC", b"free"}
)
# What encoders call their items; any other name was given by somebody.
_PLAIN_NAMES = frozenset({b"", b"Color", b"Alpha", b"Exif", b"XMP", b"GMap", b"HEVC Image", b"AV1 Image"})
_META_PLAIN = frozenset({b"hdlr", b"pitm", b"iinf", b"iref", b"iprp", b"iloc", b"idat", b"dinf", b"grpl", b"ipro"})
_C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_SEQUENCES = frozenset({b"avis", b"msf1", b"hevc", b"hevx", b"heim", b"heis"})
_MOST_ITEM_BYTES = 64 * 2**20


def collect(data: bytes, place: str, into: Collector) -> None:
    """Note everything in a HEIF file besides its primary picture; ``place`` is a prefix."""
    _Walk(data, f"{place}/" if place else "", into).run()


class _Walk:
    def __init__(self, data: bytes, prefix: str, into: Collector) -> None:
        self._data = data
        self._prefix = prefix
        self._into = into
        self._claimed: list[tuple[int, int]] = []
        self._stores: list[Box] = []
        self._has_tracks = False
        self._is_sequence = False

    def run(self) -> None:
        reached = 0
        for box in boxes(self._data, 0, len(self._data)):
            self._top(box)
            reached = box.end
        for store in self._stores:
            self._unclaimed(store)
        if reached < len(self._data):
            self._into.problem("truncated")
            collect_trailer(self._data, reached, f"{self._prefix}trailer", self._into)

    def _top(self, box: Box) -> None:
        data, into, place = self._data, self._into, self._prefix + spelled(box.name)
        body = data[box.body : box.end] if box.name not in {b"mdat", b"meta", b"moov"} else b""
        match box.name:
            case b"ftyp":
                brands = {body[at : at + 4] for at in range(0, min(len(body), 400), 4)}
                self._is_sequence = bool(brands & _SEQUENCES)
            case b"meta":
                self._meta(box)
            case b"mdat":
                self._stores.append(box)
            case b"moov":
                self._tracks(box)
            case b"mpvd":
                video = video_extent(body, 0)
                into.add(
                    FindingKind.HIDDEN_VIDEO, place, box.end - box.start, "motion_photo",
                    size=video.size if video else None,
                )  # fmt: skip
            case _:
                self._other(box, body, place)

    def _other(self, box: Box, body: bytes, place: str) -> None:
        """Note a box that is no part of any picture."""
        into = self._into
        if box.name == b"uuid" and body[:16] == _C2PA_UUID:
            # Behind the identity: version and flags, purpose, and for a manifest an offset.
            start = body.find(b"jumb", 16)
            collect_jumbf(body[max(start - 4, 16) :], f"{place}/C2PA", into)
        elif box.name == b"uuid" and body[:16] == _XMP_UUID:
            collect_xmp(body[16:], f"{place}/XMP", into)
        elif box.name == b"jumb":
            collect_jumbf(self._data[box.start : box.end], place, into)
        elif box.name in {b"free", b"skip", b"wide"}:
            if body.strip(b"\x00"):
                into.add(FindingKind.UNKNOWN, place, len(body), "padding")
                collect_embedded(body, place, "preview", into)
        elif box.name in {b"Exif", b"exif"}:
            collect_exif(body, place, into)
        else:
            detail = "samsung" if box.name == b"sefd" else "box"
            into.add(FindingKind.UNKNOWN, place, box.end - box.start, detail)
            collect_embedded(body, place, "preview", into)

    def _meta(self, meta: Box) -> None:
        data, into = self._data, self._into
        table = read_items(data, meta)
        if table.is_broken:
            into.problem("malformed")
        for child in boxes(data, meta.body + 4, meta.end):
            if child.name not in _META_PLAIN:
                self._other(child, data[child.body : child.end], f"{self._prefix}meta/{spelled(child.name)}")
        self._properties(table)
        roles = _roles(data, table)
        if not into.is_inside:
            into.size = _stated_size(data, table, table.items.get(table.primary))
        for number, item in table.items.items():
            self._claimed += item.extents
            if item.name not in _PLAIN_NAMES:
                into.add(FindingKind.TEXT, f"{self._prefix}meta/iinf", len(item.name), "caption")
            self._item(table, number, item, roles)

    def _item(self, table: ItemTable, number: int, item: Item, roles: dict[int, str]) -> None:
        into = self._into
        place = f"{self._prefix}meta/item_{spelled(item.kind)}"
        size = sum(held for _, held in item.extents)
        if item.kind in _PICTURES:
            role = roles.get(number, "second_picture")
            if role not in {"", "tile"}:
                tiles = (
                    to for name, source, targets in table.links for to in targets if (name, source) == (b"dimg", number)
                )
                size += sum(
                    held for tile in {*tiles} if roles.get(tile) == "tile" for _, held in table.item(tile).extents
                )
                payload = self._bytes_of(item) if item.kind == b"jpeg" else None
                into.add(
                    FindingKind.HIDDEN_PICTURE, place, size, role,
                    size=_stated_size(self._data, table, item), payload=payload,
                )  # fmt: skip
            return
        body = self._bytes_of(item)
        if item.kind == b"Exif":
            skipped = 4 + int.from_bytes(body[:4], "big")
            collect_exif(body[skipped:] if skipped < len(body) else body, f"{self._prefix}meta/Exif", into)
        elif item.kind == b"mime" and (b"rdf" in item.content_type or b"xmp" in body[:400]):
            collect_xmp(body, f"{self._prefix}meta/XMP", into)
        elif item.kind or item.extents:
            into.add(FindingKind.UNKNOWN, place, size, "item")
            collect_embedded(body, place, "preview", into)

    def _bytes_of(self, item: Item) -> bytes:
        parts, total = [], 0
        for start, held in item.extents:
            total += held
            if total > min(_MOST_ITEM_BYTES, len(self._data)):
                break
            parts.append(self._data[start : start + held])
        return b"".join(parts)

    def _properties(self, table: ItemTable) -> None:
        for box in table.properties:
            body = self._data[box.body : box.end]
            place = f"{self._prefix}meta/ipco/{spelled(box.name)}"
            if box.name == b"colr" and body[:4] in {b"prof", b"rICC"}:
                collect_profile(body[4:], place, self._into)
            elif box.name in {b"clli", b"mdcv", b"cclv", b"amve", b"ndwt", b"reve"}:
                self._into.add(FindingKind.COLOUR, place, len(body), "hint")
            elif box.name in {b"cmin", b"cmex"}:
                self._into.add(FindingKind.DEVICE, place, len(body), "settings")
            elif box.name in {b"udes", b"altt", b"crtt", b"mdft", b"aebr", b"dobr"}:
                kind = FindingKind.TIME if box.name in {b"crtt", b"mdft"} else FindingKind.TEXT
                self._into.add(kind, place, len(body), "caption" if kind is FindingKind.TEXT else "taken")
            elif box.name not in _PLAIN_PROPERTIES:
                self._into.add(FindingKind.UNKNOWN, place, len(body), "box")

    def _tracks(self, moov: Box) -> None:
        """Note the tracks: frames of a sequence, or a video beside the photo."""
        data, into = self._data, self._into
        self._has_tracks = True
        frames = 1
        for child in boxes(data, moov.body, moov.end):
            if child.name == b"trak":
                part = data[child.start : min(child.end, child.start + (1 << 20))]
                handler = part.find(b"hdlr")
                kind = part[handler + 12 : handler + 16] if handler > 0 else b""
                sizes = part.find(b"stsz")
                count = int.from_bytes(part[sizes + 12 : sizes + 16], "big") if sizes > 0 else 0
                if kind in {b"pict", b"vide"} and self._is_sequence:
                    frames = max(frames, count)
                elif kind in {b"vide", b"soun"}:
                    into.add(FindingKind.HIDDEN_VIDEO, f"{self._prefix}moov/trak", child.end - child.start, "track")
            elif child.name in {b"udta", b"meta", b"uuid"}:
                place = f"{self._prefix}moov/{spelled(child.name)}"
                self._other(child, data[child.body : child.end], place)
        if not into.is_inside:
            into.frames = max(into.frames, frames)

    def _unclaimed(self, store: Box) -> None:
        """Note bytes of a media box that no item claims; tracks claim theirs in tables we do not follow."""
        reached, unclaimed = store.body, 0
        for start, held in [*sorted(self._claimed), (store.end, 0)]:
            if start > store.end:
                start, held = store.end, 0  # noqa: PLW2901 - items of other boxes end this one
            gap = self._data[reached:start] if start > reached else b""
            if gap.strip(b"\x00") and not self._has_tracks:
                unclaimed += len(gap)
                collect_embedded(gap, f"{self._prefix}mdat/unclaimed", "preview", self._into)
            reached = max(reached, start + held)
            if start >= store.end:
                break
        if unclaimed:
            self._into.add(FindingKind.UNKNOWN, f"{self._prefix}mdat/unclaimed", unclaimed, "unclaimed")


def _roles(data: bytes, table: ItemTable) -> dict[int, str]:
    """Tell what each picture item is for; "" is the picture itself and its transparency."""
    roles: dict[int, str] = {table.primary: ""}
    parts: dict[int, tuple[int, ...]] = {}
    for name, source, targets in table.links:
        if name == b"dimg":
            parts[source] = targets
        elif name == b"thmb":
            roles.setdefault(source, "thumbnail")
        elif name == b"auxl":
            roles.setdefault(source, _auxiliary(data, table, table.item(source)))
    for source, targets in parts.items():
        if table.item(source).kind == b"tmap":
            roles.setdefault(source, "gain_map")
            for target in targets[1:]:
                roles.setdefault(target, "gain_map")
    _mark_parts(table.primary, parts, roles)
    for source, targets in parts.items():
        if table.item(source).kind != b"tmap":
            for target in targets:
                roles.setdefault(target, "tile")
    return roles


def _mark_parts(start: int, parts: dict[int, tuple[int, ...]], roles: dict[int, str]) -> None:
    waiting, seen = [start], {start}
    while waiting:
        for target in parts.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                roles.setdefault(target, "")
                waiting.append(target)


def _auxiliary(data: bytes, table: ItemTable, item: Item) -> str:
    for index in item.properties:
        if 1 <= index <= len(table.properties) and table.properties[index - 1].name == b"auxC":
            box = table.properties[index - 1]
            purpose = data[box.body + 4 : box.end].split(b"\x00", 1)[0]
            if purpose in _ALPHA:
                return ""
            return next((word for mark, word in _AUXILIARY if mark in purpose), "auxiliary")
    return "auxiliary"


def _stated_size(data: bytes, table: ItemTable, item: Item | None) -> tuple[int, int] | None:
    for index in item.properties if item is not None else ():
        if 1 <= index <= len(table.properties) and table.properties[index - 1].name == b"ispe":
            body = table.properties[index - 1].body
            return int.from_bytes(data[body + 4 : body + 8], "big"), int.from_bytes(data[body + 8 : body + 12], "big")
    return None
