"""Turn what a form says into words that rules can be held against.

* Case, accents, width and typographic marks never matter: ``Número`` and ``NUMERO`` are one word.
* Chinese characters are words of their own; traditional ones are read as simplified.
* Markup, placeholders and numbering say nothing and are dropped.
* The end of a sentence is kept as a word of its own, so that no phrase runs across it.
* Names (columns, keys, variables) are split where people put several words in one.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

#: Stands in a list of words where a sentence ends; no rule can name it.
STOP: Final = "."
#: The same, where the sentence was a question.
ASK: Final = "?"

_CJK: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
#: Shortened words whose full stop ends no sentence.
_SHORTENED: Final = "soc sec nro num lic tel imm reg exp doc nac immig cert addr".split()
#: The full stop comes first: most characters are none, and looking back is slow.
_END: Final = r"[.](?=\s|$)(?<=\w\w\w[.])" + "".join(rf"(?<!\b{word}[.])" for word in _SHORTENED)
_ASCII_WORDS: Final = re.compile(rf"[a-z0-9]+|[?!;\n]|{_END}")
_WORDS: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+|[?!;\n。？！；؟]|{_END}")
_ASKS: Final = frozenset("?？؟")
_MARKS: Final = frozenset("?!;\n。？！；؟.")
_HAS_ENDS: Final = re.compile("[?!;\n。？！；؟]")
_NAME_WORDS: Final = re.compile(
    rf"[A-Z]{{2,}}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[.\[/:>|]|[{_CJK}]|[^\W_A-Za-z0-9{_CJK}]+"
)
#: What translation files call the parts of a question; such a part names nothing itself.
_ROLES: Final = frozenset(
    "label title header heading question prompt legend placeholder caption text hint tooltip".split()
)
_BORDERS: Final = frozenset(".[/:>|")
_CLUTTER: Final = re.compile(r"[{<&#%]|\[\[")
_MARKUP: Final = re.compile(r"<[^<>]{0,300}>")
_PLACEHOLDER: Final = re.compile(
    r"[$%#]?\{\{?[^{}]{0,200}\}?\}|%\([a-z_]{1,40}\)s|\[\[[^\]]{0,80}\]\]", re.IGNORECASE
)
_INITIALS: Final = re.compile(r"\b(?:[a-z]\.){2,}")
_POSSESSIVE: Final = re.compile(r"(?<=\w\w)['’ʼ](?=(?:s|t|re|ve|ll|d)\b)")
_QUESTION: Final = re.compile(r"‹Q:\s*(.*?)›", re.DOTALL)
#: Marks above and below letters: Latin, Greek and Cyrillic; Hebrew; Arabic.
_ACCENTS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_LETTERS: Final = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
    | {"Đ": "D", "Ø": "O", "Ł": "L", "Æ": "AE", "Œ": "OE", "Ð": "D", "Þ": "TH"}
)
#: Traditional characters that forms use, each before its simplified form.
_TRADITIONAL: Final = (
    "國国護护簽签證证號号碼码無无時时間间語语種种問问題题誰谁納纳稅税會会歲岁學学歷历業业職职場场電电話话郵邮處处縣县區区鄉乡鎮镇門门車车駕驾執执親亲屬属戶户貫贯類类別别狀状態态況况為为"
    "麼么嗎吗們们與与從从來来進进過过還还後后難难綠绿聯联個个識识醫医療疗殘残懷怀財财務务銀银帳账單单雙双兒儿華华歐欧亞亚韓韩臺台灣湾選选擇择請请輸输報报員员該该錄录滿满實实際际發发給给"
    "領领館馆許许審审終终產产養养歸归須须點点條条願愿達达爾尔維维蘭兰藝艺術术繫系係系婦妇僱雇傭佣營营買买賣卖質质鄰邻籤签數数據据關关應应當当僅仅獲获長长這这裡里現现權权譯译講讲說说讀读"
    "寫写聽听誕诞異异軍军傷伤繳缴險险補补貼贴貸贷機机構构辦办檢检驗验兩两樣样幾几歡欢錢钱樓楼頁页廳厅廣广東东馬马鳥鸟羅罗圖图書书備备註注籲吁擔担鑒鉴曆历參参確确認认邊边遷迁屆届滯滞離离"
    "簡简體体記记詢询談谈討讨論论評评讓让設设訪访訴诉詞词試试誠诚調调諾诺謝谢讚赞貧贫責责費费資资賃赁購购贈赠趕赶軟软較较載载輔辅轉转農农運运遠远遺遗適适鄭郑釋释針针鈔钞錯错鍵键閉闭開开"
    "閱阅隊队階阶隨随雜杂靈灵靜静響响頭头預预頻频顏颜顧顾風风飛飞飯饭餘余駐驻騷骚髮发鬧闹魚鱼麗丽黃黄黨党齡龄齒齿龍龙愛爱壓压壞坏夠够夢梦奪夺奮奋媽妈寶宝專专導导層层島岛帶带幫帮幹干廠厂"
    "張张強强彈弹復复慶庆慮虑憑凭憲宪懇恳戲戏戰战拋抛損损換换摯挚擁拥擬拟攜携敗败敵敌斷断暫暂暱昵朧胧棄弃榮荣槍枪標标樂乐橋桥檔档檯台欄栏殺杀氣气決决沒没淚泪淨净減减溝沟準准滅灭漢汉潔洁"
    "濟济濫滥災灾煙烟熱热燈灯爭争牽牵獎奖環环畢毕畫画瘋疯監监盤盘眾众睏困礎础禮礼稱称穩稳窮穷節节範范築筑籌筹紀纪約约紅红紙纸級级組组絕绝經经綜综綁绑網网緊紧緒绪線线編编緩缓練练縮缩總总"
    "績绩繼继續续罰罚羈羁習习聲声脫脱腦脑臨临舉举舊旧艱艰萬万葉叶蓋盖薦荐虛虚衛卫裝装複复規规視视覺觉觀观計计訂订訊讯託托訓训詳详誤误課课諮咨謀谋變变貨货販贩賠赔賬账軌轨輕轻輪轮辭辞醜丑"
    "釐厘鋼钢鏈链鐵铁閃闪閒闲閣阁陳陈陸陆陽阳雖虽頂顶項项順顺頓顿頗颇額额顯显飲饮騙骗驅驱鬆松麥麦齊齐僑侨傳传債债價价億亿優优儲储內内兇凶冊册凍冻則则剛刚創创劃划劇剧劑剂劉刘動动勝胜勞劳"
    "勢势勳勋匯汇協协卻却厭厌啟启喪丧嘗尝噴喷嚴严囑嘱園园圍围圓圆團团堅坚塊块墳坟墮堕壯壮壽寿夾夹妝妆姦奸娛娱孫孙寧宁將将尋寻對对屍尸"
)
_SIMPLIFY: Final = str.maketrans(dict(zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)))


def fold(text: str) -> str:
    """Return ``text`` without case, accents, width or typographic differences.

    >>> fold("País de NACIMIENTO"), fold("國籍"), fold("Địa chỉ")
    ('pais de nacimiento', '国籍', 'dia chi')
    """
    return text.lower() if text.isascii() else _plain(text).casefold()


def _plain(text: str) -> str:
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    if bare.isascii():
        return bare
    # Simplified last: radicals and compatibility ideographs are further spellings of the same characters.
    return unicodedata.normalize("NFC", bare).translate(_LETTERS).translate(_SIMPLIFY)


def simplify(text: str) -> str:
    """Return ``text`` with its traditional Chinese characters as simplified ones."""
    return text.translate(_SIMPLIFY)


def toned(text: str) -> str:
    """Return ``text`` lower-cased with its accents, for phrases that only their tones tell apart."""
    return unicodedata.normalize("NFC", text).lower()


def split_question(text: str) -> tuple[str, str]:
    """Take the question of the screen out of a label: ``(label, question)``.

    >>> split_question("Number ‹Q: What is on your passport?›")
    ('Number ', 'What is on your passport?')
    """
    if "‹Q:" not in text:
        return text, ""
    return _QUESTION.sub("", text), " \n ".join(_QUESTION.findall(text))


def words(text: str) -> list[str]:
    """Return the words of a text in order, with :data:`STOP` and :data:`ASK` where sentences end.

    >>> words("Driver's license No. (U.S.)?")
    ['drivers', 'license', 'no', 'us', '?']
    """
    if not text:
        return []
    if _CLUTTER.search(text):
        text = _tidy(text)
    text = fold(text)
    if "." in text:
        text = _INITIALS.sub(_join_initials, text)
    if "'" in text or "’" in text or "ʼ" in text:
        text = _POSSESSIVE.sub("", text)
    found = _ASCII_WORDS.findall(text) if text.isascii() else _WORDS.findall(text)
    return [_end(word) if word in _MARKS else word for word in found] if _HAS_ENDS.search(text) else found


def _tidy(text: str) -> str:
    """Drop placeholders and markup, and read ``A#`` as *A number*."""
    text = html.unescape(_MARKUP.sub(" ", _PLACEHOLDER.sub(" ", text)))
    return text.replace("#", " number ")


def _join_initials(found: re.Match[str]) -> str:
    return found[0].replace(".", "") + " "


def _end(word: str) -> str:
    return ASK if word in _ASKS else STOP


def name_words(name: str) -> tuple[list[str], int]:
    """Split a name into words, and say at which of them its last part begins.

    >>> name_words("applicants.birthCountryCd_2")
    (['applicants', 'birth', 'country', 'cd', '2'], 1)
    """
    if "{" in name:
        name = _PLACEHOLDER.sub(" ", name)
    if "'" in name:
        name = _POSSESSIVE.sub("", name)
    found = _NAME_WORDS.findall(name if name.isascii() else _plain(name))
    out: list[str] = []
    last = border = 0
    for word in found:
        if word in _BORDERS:
            border = len(out)
        else:
            out.append(word.lower() if word.isascii() else word.casefold())
            # A number alone is a position in a list (`passport[1]`), not a part with a name.
            if not word.isdigit() and out[-1] not in _ROLES:
                last = border
    return out, last
