"""Which language a piece of a form is in, told from names of files, folders and columns.

Answers are BCP 47 tags (``es``, ``zh-Hant``, ``pt-BR``), empty where nothing says it. Text itself is
not looked at here.
"""

from __future__ import annotations

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: ISO 639-1, and the three-letter codes that forms of cities have.
_CODES: Final = _words("""aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
    ie ig ii ik io is it iu iw ja ji jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
    lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps
    pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn
    to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ara bos cat chr cmn deu eng fas fil
    fra fre ger hat hau haw hin hmn hmong hun ita jpn khm kor kur lao mam mya nav nep pan pol por prs
    pus quc rus som spa swa tgl tha tir tur ukr urd vie yue zho""")
_THREE_TO_TWO: Final = dict(
    pair.split(":")
    for pair in _words("""ara:ar bos:bs cat:ca cmn:zh deu:de eng:en fas:fa fil:tl fra:fr fre:fr ger:de hat:ht hin:hi hmong:hmn
    hun:hu ita:it iw:he jpn:ja khm:km kor:ko kur:ku lao:lo mya:my nep:ne pan:pa pol:pl por:pt prs:fa
    pus:ps rus:ru som:so spa:es swa:sw tgl:tl tha:th tir:ti tur:tr ukr:uk urd:ur vie:vi zho:zh""")
)
#: Codes that are also common words or parts of names: believed only where the folder or format says so.
_ALSO_WORDS: Final = _words("""ae am an as at be by co do id ii in io is it la my na no of oj or os pi se so ss st sa sc sg si sm
    to ts tt tw us ve""")
_NAMES: Final = {
    name: entry.partition(": ")[0]
    for entry in """en: english, inglés, ingles, anglais; es: spanish, español, espanol, castellano, espagnol;
    fr: french, français, francais, francés; pt: portuguese, português, portugues, portugais;
    zh: chinese, 中文, mandarin; zh-Hans: simplified chinese, chinese simplified, 简体中文;
    zh-Hant: traditional chinese, chinese traditional, 繁體中文; yue: cantonese;
    vi: vietnamese, tiếng việt, tieng viet;
    ht: haitian, haitian creole, kreyòl ayisyen, kreyol, kreyòl, creole; tl: tagalog, filipino;
    ko: korean, 한국어; ja: japanese, 日本語; ar: arabic, arabe, العربية; ru: russian, русский;
    uk: ukrainian, українська; pl: polish, polski; de: german, deutsch; it: italian, italiano;
    nl: dutch, nederlands; ca: catalan, català; so: somali, soomaali; am: amharic; ti: tigrinya;
    sw: swahili, kiswahili; hmn: hmong; kar: karen; my: burmese; km: khmer; lo: lao; th: thai; hi: hindi;
    ur: urdu; bn: bengali, bangla; ne: nepali; pa: punjabi; gu: gujarati; ta: tamil; te: telugu;
    fa: persian, farsi; fa-AF: dari; ps: pashto; tr: turkish, türkçe; ku: kurdish; he: hebrew; el: greek;
    ro: romanian; bs: bosnian; sq: albanian; hy: armenian; nv: navajo; qu: quechua; cy: welsh; ga: irish;
    id: indonesian; ms: malay; yo: yoruba; ig: igbo; ha: hausa; rw: kinyarwanda""".split(";")
    for entry in [entry.strip()]
    for name in entry.partition(": ")[2].split(", ")
}
#: Countries that people name a file of translations after, for want of the language's own code.
_COUNTRIES: Final = {
    "vn": "vi", "cn": "zh", "kr": "ko", "jp": "ja", "ua": "uk", "cz": "cs", "dk": "da", "se": "sv", "gr": "el",
    "br": "pt-BR", "tw": "zh-TW", "hk": "zh-HK", "us": "en-US", "gb": "en-GB", "mx": "es-MX", "ir": "fa", "al": "sq",
}  # fmt: skip
#: Folders that hold translations and nothing else.
_FOLDERS: Final = _words("""locale locales lang langs language languages translation translations i18n l10n nls intl messages
    localization localisation localizations lproj""")
_ABOUT_WORDS: Final = re.compile(
    r"messages?|translations?|strings|labels|locali[sz]ations?|i18n|l10n|locales?|resources|phrases",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"([A-Za-z]{2,5})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?")
_BRACKETS: Final = re.compile(r"^(.*?)\s*[(\[]\s*([^()\[\]]{2,20})\s*[)\]]\s*$")
#: A longer label of a column names no language.
_LONGEST_LABEL: Final = 100
_ENDING: Final = re.compile(r"(?:^|[._-])([A-Za-z]{2,3}(?:[-_](?:[A-Za-z]{4}|[A-Z]{2}|\d{3})){0,2})$")
#: A tag as it stands as a key or in a path: a language, perhaps a script or a region.
_KEY: Final = re.compile(r"([a-z]{2,3})(?:[-_](?:[A-Z][a-z]{3}|[A-Z]{2}|[a-z]{2}|\d{3}))?")
#: Languages that public forms are written in. A key such as ``is`` or ``as`` is a word, though a tag too.
_WRITTEN: Final = frozenset(
    """en es fr de it pt nl zh vi tl fil ht ko ja ru ar so am hi ur fa pl uk ca eu gl ne my km lo hmn ps
    sw ro el he tr th bn gu pa ta te ml id ms cs sk hu bg hr sr bs sq da sv no nb fi et lv lt ga cy mt
    om ti ku sm to haw mh chk cht chs""".split()
)


def as_tag(text: str) -> str:
    """Return ``text`` as a BCP 47 tag in its usual writing; empty where it is none that is known.

    >>> as_tag("zh_TW"), as_tag("SPA"), as_tag("pt-br"), as_tag("title")
    ('zh-TW', 'es', 'pt-BR', '')
    """
    found = _TAG.fullmatch(text.strip().replace("__", "_"))
    if found is None or found[1].lower() not in _CODES:
        return ""
    code = _THREE_TO_TWO.get(found[1].lower(), found[1].lower())
    script = f"-{found[2].title()}" if found[2] else ""
    region = f"-{found[3].upper()}" if found[3] else ""
    return code + script + region


def is_language(key: object) -> bool:
    """Return whether ``key`` is the tag of a language that public forms are written in.

    >>> is_language("es-MX"), is_language("id_number"), is_language("no")
    (True, False, True)
    """
    found = _KEY.fullmatch(key) if isinstance(key, str) else None
    return found is not None and found[1] in _WRITTEN


def tag_of_label(label: str) -> str:
    """Return the language that a column or a setting names.

    >>> tag_of_label("English (en)"), tag_of_label("Français"), tag_of_label("Spanish(ES)"), tag_of_label("hint")
    ('en', 'fr', 'es', '')
    """
    label = label.strip()
    if len(label) > _LONGEST_LABEL:
        return ""
    if bracketed := _BRACKETS.match(label):
        return as_tag(bracketed[2]) or tag_of_label(bracketed[1])
    return _NAMES.get(label.lower(), "") or as_tag(label)


def tag_in_path(source: str, *, sure: bool = False) -> str:
    """Return the language that a file's name or folder tells.

    Args:
        source: Path with POSIX separators.
        sure: The format is one of translations, so a code that is also a word is believed.

    >>> tag_in_path("config/locales/es.yml"), tag_in_path("i18n/zh/intake.json"), tag_in_path("user_id.json")
    ('es', 'zh', '')
    >>> tag_in_path("i18n/vn.js"), tag_in_path("labels_jp.properties", sure=True)
    ('vi', 'ja')
    >>> tag_in_path("messages_pt_BR.properties", sure=True), tag_in_path("src/es/LC_MESSAGES/django.po")
    ('pt-BR', 'es')
    """
    *folders, file = source.split("/")
    stem = file.rsplit(".", 1)[0]
    sure = sure or is_locale_folder(source)
    ending = _ENDING.search(stem)
    if ending and sure and ending[1].lower() in _COUNTRIES:
        return _COUNTRIES[ending[1].lower()]
    if ending:
        tag = as_tag(ending[1]) or as_tag(ending[1][-2:] if ending[1][-3:-2] in "-_" else "")
        if tag and (sure or _believable(tag)):
            return tag
    if (
        (start := re.match(r"([A-Za-z]{2}(?:[-_][A-Z][A-Za-z]{1,3})?)[._-]", stem))
        and sure
        and as_tag(start[1])
    ):
        return as_tag(start[1])
    for folder in reversed(folders[-4:]):
        tag = as_tag(folder.removesuffix(".lproj").removeprefix("values-"))
        if tag and (_believable(tag) or (sure and len(tag) == 2)):
            return tag
    return ""


def is_locale_folder(source: str) -> bool:
    """Return whether one of the last five folders of ``source`` is one that holds translations."""
    return any(folder.lower() in _FOLDERS or folder.endswith(".lproj") for folder in source.split("/")[-6:-1])


def is_locale_file(source: str) -> bool:
    """Return whether folder or name say that a file holds translations, not just a language's records.

    >>> is_locale_file("i18n/intake.json"), is_locale_file("es.json"), is_locale_file("es/residents.json")
    (True, True, False)
    """
    stem = source.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return is_locale_folder(source) or bool(as_tag(stem)) or bool(_ABOUT_WORDS.search(stem))


def _believable(tag: str) -> bool:
    return tag.split("-", maxsplit=1)[0] not in _ALSO_WORDS
