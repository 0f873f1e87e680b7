"""Java, Kotlin, C#, PHP, Go, Swift, Rust, Scala and Dart: what classes, records and structs hold, line by line.

Light on purpose: a member at the right depth of brackets, the annotations and comments right above it,
and nothing of what a method does.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.connectors.reading.text import decode, join, refuse_long_lines, shorten
from curtilage.foundation.place import Place

_WORD: Final = r"[^\W\d]\w*"
_TYPE: Final = rf"{_WORD}(?:\.{_WORD})*(?:<[\w\s,.?<>\[\]]{{1,200}}>)?(?:\[\])?\??"


@dataclass(frozen=True, slots=True)
class _Language:
    """How one language writes classes and members.

    Attributes:
        tells: Without this a file declares no record.
        heading: Begins a class; group ``name``.
        member: A whole line that declares a member; groups ``name`` and ``type``.
    """

    tells: re.Pattern[bytes]
    heading: re.Pattern[str]
    member: re.Pattern[str]


_JAVA: Final = _Language(
    re.compile(
        rb"@(?:Entity|Table|Column|Document|Data|Getter|Builder|Value|Embeddable|MappedSuperclass|JsonProperty|NotNull|NotBlank"
        rb"|NotEmpty|Size|ApiModelProperty|Schema|Field|XmlElement|Convert)\b|\brecord\s+\w+\s*\(|\bget[A-Z]\w*\(\)"
    ),
    re.compile(rf"\b(?:class|record|interface|enum)\s+(?P<name>{_WORD})"),
    re.compile(
        rf"\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:private|protected|public|final|transient|volatile)\s+)*(?P<type>{_TYPE})\s+(?P<name>{_WORD})\s*(?:=[^;]*)?;"
        rf"|\s*(?:@\w+(?:\([^)]*\))?\s+)*(?P<type2>{_TYPE})\s+(?P<name2>{_WORD})\s*[,)]?\s*(?:\{{.*)?"
    ),
)
_LANGUAGES: Final[Mapping[str, _Language]] = {
    "java": _JAVA,
    "groovy": _JAVA,
    "kt": _Language(
        re.compile(rb"\bdata\s+class\b|@(?:Entity|Serializable|Column|Document)\b"),
        re.compile(rf"\b(?:class|interface|object)\s+(?P<name>{_WORD})"),
        re.compile(
            rf"\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:private|protected|public|internal|override|open|lateinit)\s+)*va[lr]\s+(?P<name>{_WORD})\s*:\s*(?P<type>{_TYPE})\s*(?:=.*?)?[,)]?\s*(?:\{{.*)?"
        ),
    ),
    "cs": _Language(
        re.compile(rb"\{\s*get\s*;|\brecord\s+\w+\s*\("),
        re.compile(rf"\b(?:class|record|struct|interface)\s+(?P<name>{_WORD})"),
        re.compile(
            rf"\s*(?:\[[^\]]*\]\s*)*(?:(?:public|protected|internal|private|virtual|override|required|new|abstract)\s+)*(?P<type>{_TYPE})\s+(?P<name>{_WORD})\s*\{{\s*(?:get|set|init)\b.*"
            rf"|\s*(?:\[[^\]]*\]\s*)*(?P<type2>{_TYPE})\s+(?P<name2>{_WORD})\s*(?:=\s*\w+\s*)?[,)]\s*;?\s*"
        ),
    ),
    "php": _Language(
        re.compile(rb"\$fillable|\$casts|@ORM\\|#\[ORM\\|function rules\(|->validate\(|Validator::make\(|->(?:string|text|integer|date|boolean|enum)\(|\bprivate\s+\??\w+\s+\$\w"),
        re.compile(rf"\b(?:class|trait)\s+(?P<name>{_WORD})|\bSchema::(?:create|table)\(\s*['\"](?P<table>\w+)"),
        re.compile(
            rf"\s*(?:(?:private|protected|public|readonly|var)\s+)+(?P<type>\??[\w\\|]+\s+)?\$(?P<name>{_WORD})\s*(?:=[^;]*)?[;,]"
            r"|\s*\$\w+->(?P<type2>\w+)\(\s*['\"](?P<name2>\w+)['\"].*"
        ),
    ),
    "swift": _Language(
        re.compile(rb"\b(?:struct|class|actor)\s+\w+[^{\n]{0,200}\b(?:Codable|Decodable|Identifiable|NSManagedObject|Object|Content|Model)\b|@Model\b"),
        re.compile(rf"\b(?:struct|class|actor|enum|protocol|extension)\s+(?P<name>{_WORD})"),
        re.compile(
            rf"\s*(?:@[\w.]+(?:\([^)]*\))?\s+)*(?:(?:public|private|internal|fileprivate|open|weak|lazy|dynamic)(?:\(set\))?\s+)*(?:let|var)\s+(?P<name>{_WORD})\s*:\s*(?P<type>[\w.<>\[\]:, ]{{1,200}}[?!]?)\s*(?:=[^{{]*)?"
        ),
    ),
    "rs": _Language(
        re.compile(rb"#\[derive\([^)]*(?:Serialize|Deserialize|FromRow|Queryable|Insertable|Model)|\btable!"),
        re.compile(rf"\bstruct\s+(?P<name>{_WORD})"),
        re.compile(rf"\s*(?:pub(?:\([a-z]+\))?\s+)?(?P<name>{_WORD})\s*:\s*(?P<type>[\w:<>\[\], &']{{1,200}})\s*,?"),
    ),
    "scala": _Language(
        re.compile(rb"\bcase\s+class\s+\w+"),
        re.compile(rf"\b(?:class|object|trait)\s+(?P<name>{_WORD})"),
        re.compile(rf"\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:va[lr]\s+)?(?P<name>{_WORD})\s*:\s*(?P<type>[\w.\[\], ]{{1,200}}?)\s*(?:=[^,]*)?,"),
    ),
    "dart": _Language(
        re.compile(rb"\bfromJson\b|@JsonSerializable|@freezed|@HiveType|@Entity|@collection"),
        re.compile(rf"\bclass\s+(?P<name>{_WORD})"),
        re.compile(rf"\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:late|final|required|covariant)\s+)*(?P<type>{_TYPE})\s+(?P<name>{_WORD})\s*(?:=[^;]*)?;"),
    ),
    "go": _Language(
        re.compile(rb"\bstruct\s*\{[^}]*`\w+:\""),
        re.compile(rf"\btype\s+(?P<name>{_WORD})\s+struct\b"),
        re.compile(r"\s*(?P<name>[A-Z]\w*)\s+(?P<type>[\w.*\[\]]+)\s*(?:`(?P<tag>[^`]*)`)?\s*(?://.*)?"),
    ),
}  # fmt: skip
_STRIPPED: Final = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|//.*|/\*.*?\*/")
_SAYING: Final = re.compile(
    r"(?:Schema|ApiModelProperty|ApiProperty|Display|DisplayName|Description|Comment|JsonPropertyDescription|Column|Label)\b"
    r"[^\"]*\"((?:[^\"\\]|\\.)*)\""
)
_COMMENT_CALL: Final = re.compile(r"->comment\(\s*['\"]([^'\"]*)['\"]")
_LISTED: Final = re.compile(r"->(?:enum|set)\(\s*['\"]\w+['\"]\s*,\s*\[([^\]]*)\]")
_REQUIRED: Final = re.compile(
    r"@Not(?:Null|Blank|Empty)\b|\[Required|nullable\s*=\s*false|validate:\"[^\"]*required|\bnot null\b"
)
_FACTS: Final = {"required": _REQUIRED, "encrypted": re.compile(r"[Ee]ncrypt")}
_NO_MEMBER: Final = re.compile(
    r"return|throw|new|package|import|using|namespace|else|case|goto|await|yield|assert|const|static|break|continue"
    r"|(?:Logger|Log|\w*Service|\w*Repository|\w*Controller|\w*Factory|\w*Mapper|\w*Client|index|foreign|unique|primary|dropColumn)\Z"
)
#: Members of a Laravel model that list its columns and are none.
_LISTS: Final = frozenset(
    {"fillable", "guarded", "casts", "hidden", "table", "dates", "appends", "with", "timestamps"}
)
_FILLABLE: Final = re.compile(r"\$(?:fillable|guarded|casts|hidden)\s*=\s*\[([^\]]{0,20000})\]")


#: A name in a list: not the type behind its arrow.
_NAMED: Final = re.compile(r"(?<!=>)(?<!=>\s)['\"](\w+)['\"](?!\s*=>\s*\[)(?=\s*(?:,|=>|\Z|\]|\n))")
#: What Laravel's requests check: a name, and its rules.
_RULES: Final = re.compile(r"\bfunction\s+rules\s*\(|->validate\(\s*(?:\$\w+,\s*)?\[|\bValidator::make\(")
_LONGEST_RULES: Final = 40_000
_MOST_RULES: Final = 20
_RULE: Final = re.compile(r"^\s*['\"]([\w.*]+)['\"]\s*=>([^\n]*)", re.MULTILINE)
_AMONG: Final = re.compile(r"\bin:([^'\"|]{1,2000})")


@dataclass(slots=True)
class _Above:
    """What stands right above a member: annotations and comments."""

    marks: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


class ClassReader:
    """Reads members of classes in languages that have no reader of their own."""

    name = "classes"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return how sure this is source that declares records."""
        language = _LANGUAGES.get(document.suffix)
        return 0.8 if language and language.tells.search(document.content) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the members in the order of the file.

        Raises:
            LimitReachedError: A line is too long, or the file is slower or fuller than source code gets.
            UnreadableError: It is no text.
        """
        refuse_long_lines(document)
        text = decode(document)
        file = _File(document, _LANGUAGES.get(document.suffix, _JAVA))
        for count, place in enumerate(file.places(text), start=1):
            if count > document.limits.places:
                raise LimitReachedError(source=document.source, what="It declares too many members")
            yield place


class _File:
    """One file while its lines go by."""

    def __init__(self, document: Document, language: _Language) -> None:
        self.source, self.language = document.source, language
        self.deadline = time.monotonic() + document.limits.seconds
        self.classes: list[tuple[str, int]] = []
        self.above, self.depth, self.commenting = _Above(), 0, False

    def places(self, text: str) -> Iterator[Place]:
        for number, line in enumerate(text.split("\n"), start=1):
            if number % 1000 == 0 and time.monotonic() > self.deadline:
                raise LimitReachedError(source=self.source, what="Reading it takes too long", line=number)
            if len(line) < 2000 and not self._aside(line.strip()):
                yield from self._line(line, number)
        yield from self._fillable(text)
        yield from self._rules(text) if self.source.endswith(".php") else ()

    def _aside(self, line: str) -> bool:
        """Keep a comment or an annotation that stands on its own line."""
        if self.commenting or line.startswith(("//", "/*", "*")):
            self.commenting = (self.commenting or line.startswith("/*")) and "*/" not in line
            said = re.sub(r"^[/*\s]+|\*+/\s*$", "", line)
            self.above.said += [said] if not said.startswith(("@", "TODO")) else []
            return True
        if re.fullmatch(r"@\w[\w.]*(?:\(.*\))?|\[.*\]|#\[.*\]", line):
            self.above.marks.append(line)
            return True
        return False

    def _line(self, line: str, number: int) -> Iterator[Place]:
        bare = _STRIPPED.sub('""', line)
        heading = self.language.heading.search(bare) or self.language.heading.search(line)
        if heading:
            found = heading.groupdict()
            self.classes.append((found["name"] or found.get("table") or "", self.depth))
            # A record may declare its first members behind its name.
            inside = line[heading.end() :].partition("(")[2].rpartition("//")[0 if "//" in line else 2]
            for part in re.split(r",(?![^<]*>)", inside.rpartition(")")[0] or inside):
                yield from self._member(f"{part},", number)
        elif (self.classes and self.depth == self.classes[-1][1] + 1) or (self.classes and "->" in line):
            yield from self._member(line, number)
        if line.strip():
            self.above = _Above()
        self.depth += sum(map(bare.count, "({")) - sum(map(bare.count, ")}"))
        while len(self.classes) > 1 and self.depth <= self.classes[-1][1]:
            self.classes.pop()

    def _member(self, line: str, number: int) -> Iterator[Place]:
        match = self.language.member.fullmatch(re.sub(r"\s*//.*", "", line).rstrip())
        if not match:
            return
        found = match.groupdict()
        name, type_ = (
            found.get("name") or found.get("name2"),
            (found.get("type") or found.get("type2") or "").strip(" ,"),
        )
        if not name or name in _LISTS or _NO_MEMBER.match(type_) or re.search(r"\b(?:static|const)\b", line):
            return
        marks = " ".join([*self.above.marks, line])
        behind = re.search(r"//+\s*(.+)$", line)
        said = [*_SAYING.findall(marks), *_COMMENT_CALL.findall(line), *([behind.group(1)] if behind else [])]
        yield Place(
            source=self.source,
            locator=f"line:{number}",
            kind="column",
            name=f"{self.classes[-1][0]}.{name}",
            text=join(*said, " ".join(self.above.said[-6:])),
            options=shorten(
                one for listed in _LISTED.findall(line) for one in re.findall(r"['\"]([^'\"]*)['\"]", listed)
            ),
            type=type_,
            facts=tuple(sorted(fact for fact, sign in _FACTS.items() if sign.search(marks))),
        )

    def _fillable(self, text: str) -> Iterator[Place]:
        """Give the columns that a Laravel model lists by name."""
        for match in _FILLABLE.finditer(text):
            headings = list(re.finditer(r"\bclass\s+(\w+)", text[: match.start()]))[-1:]
            owner = headings[0].group(1) if headings else ""
            for one in _NAMED.finditer(match.group(1)):
                line = text.count("\n", 0, match.start(1) + one.start()) + 1
                yield Place(
                    source=self.source, locator=f"line:{line}", kind="column", name=f"{owner}.{one.group(1)}"
                )

    def _rules(self, text: str) -> Iterator[Place]:
        """Give what a Laravel request takes, with the answers that its rules list."""
        for match in islice(_RULES.finditer(text), _MOST_RULES):
            headings = list(re.finditer(r"\bclass\s+(\w+)", text[: match.start()]))[-1:]
            owner = headings[0].group(1) if headings else ""
            inside = re.split(
                r"\n\s*(?:\}|\]\s*\)?\s*;)", text[match.start() : match.start() + _LONGEST_RULES], maxsplit=1
            )[0]
            for one in _RULE.finditer(inside):
                among = _AMONG.search(one.group(2))
                yield Place(
                    source=self.source,
                    locator=f"line:{text.count(chr(10), 0, match.start() + one.start(1)) + 1}",
                    kind="column",
                    name=f"{owner}.{one.group(1)}".lstrip("."),
                    options=shorten(among.group(1).split(",")) if among else (),
                    facts=("required",) if re.search(r"['\"|]required['\"|,]", one.group(2)) else (),
                )
