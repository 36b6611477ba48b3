"""Who took part, as people write it (``山田商事 山田様、鈴木様、自社 2名``): one reader for forms, notes and captions.

    table   = line { newline line }
    line    = [ company ":" ] entry { separator entry }       a company holds until its line names another
    entry   = total | others | counted | person
    total   = ("計" | "全部で" | "total") number | number "名"    the latter last, and no less than all before
    others  = ("ほか" | "他" | "+") number
    counted = company number "名"
    person  = "本人" | [ company ] name [ honorific ] [ "(" ( company | "社外" ) ")" ]
    company = "自社" | words that end like one (商事, 市役所, 営業部, Inc.)

``relation``: own (of the organisation), outside, or empty where nothing says it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from handlers.errors import Refusal
from handlers.notes.normal import normal

Relation = Literal["", "own", "outside"]
MOST, MOST_PEOPLE, LONGEST = 50, 999, 60  # names, people, signs of a name

OWN = ("自社", "当社", "弊社", "社内", "当方", "当庁", "当町", "当市", "our side", "own", "ours", "internal")
OUTSIDE = ("社外", "先方", "来客", "outside", "external")
SELF = ("本人", "自分", "私", "申請者", "me", "myself")
HONORIFICS = ("様", "さま", "さん", "氏", "殿")
_COMPANIES = """
株式会社 有限会社 合同会社 (株) (有) 会社 社 商事 商会 商店 商工会 工業 工務店 工場 産業 建設 物産 製作所 製薬 製菓
電機 電気 電子 電力 運輸 運送 交通 不動産 保険 証券 銀行 信用金庫 農協 漁協 組合 協会 財団 機構 連盟 学会 大学 学園
学校 病院 医院 研究所 事務所 役所 役場 県庁 都庁 省 支社 支店 本店 営業所 センター システム システムズ ソフト
サービス ホールディングス グループ フーズ ホテル 旅館 設計 印刷 部 課 室 係 局
"""
_ENDS = tuple(_COMPANIES.split())
_BEGINS = ("株式会社", "有限会社", "合同会社", "(株)", "(有)")
_LATIN_ENDS = frozenset(["inc", "ltd", "corp", "co", "llc", "gmbh", "plc", "company", "corporation", "university"])
_PEOPLE = r"(?:名様|名|人|people|persons?)"
_SEPARATOR = re.compile(r"[、,;/&]|(?<![ァ-ヶー])・|・(?![ァ-ヶー])|\s+and\s+|(?<=[様氏殿名人])と|(?<=さん)と", re.I)
_JOINED = re.compile(
    r"(?<=\S)\s*(?=(?:その他|ほか|他)\s?\d)|(?<=[名人様氏殿んs])\s+(?=(?:合計|計|全|total))|(?<=[様氏殿])\s*(?=\d)|(?<=さん)\s*(?=\d)"
)
_TOTAL = re.compile(rf"(?:合計|計|全部で|全員で?|総勢|全|total|in total)[\s:]*(?P<n>\d{{1,4}})\s?{_PEOPLE}?", re.I)
_OTHERS = re.compile(
    rf"(?:その他|ほか|他|plus|\+)\s?(?P<n>\d{{1,4}})\s?{_PEOPLE}?|(?P<m>\d{{1,4}}) (?:others?|more)", re.I
)
_COUNTED = re.compile(rf"(?P<who>.*?)の?\s*(?P<n>\d{{1,4}})\s?{_PEOPLE}", re.I)
_BRACKET = re.compile(r"(?P<who>[^()]+?)\s*\((?P<note>[^()]+)\)")


@dataclass(frozen=True)
class Party:
    """A person, or (without a name) ``count`` people."""

    name: str
    company: str = ""
    relation: Relation = ""
    count: int = 1


@dataclass(frozen=True)
class Table:
    """Everybody. ``total``: how many in all, no fewer than the ``parties`` are together."""

    parties: tuple[Party, ...] = ()
    total: int = 0


def read(text: str, *, applicant: str = "", colleagues: Collection[str] = (), otherwise: Relation = "") -> Table:
    """What ``text`` says.

    ``colleagues``: names of the organisation's people; ``otherwise``: the relation where nothing says it. Raises
    :class:`Refusal` where a word is neither a person nor a number of people, or where the figures contradict.
    """
    own = {_plain(name) for name in (*colleagues, applicant) if name}
    entries = list(_entries(text))
    parties: list[Party] = []
    total = 0
    context = Party("")
    for number, (entry, begins) in enumerate(entries):
        context = Party("") if begins else context
        is_total = _TOTAL.fullmatch(entry)
        bare = _COUNTED.fullmatch(entry)
        if is_total:
            total = int(is_total["n"])
        elif bare and not bare["who"] and number == len(entries) - 1 and int(bare["n"]) >= heads(parties):
            total = int(bare["n"])
        else:
            party = _party(entry, context, applicant)
            parties += [_settled(party, own, otherwise)] if party.count else []
            context = Party("") if entry.endswith(")") else party  # what stands in brackets is one person's
    return checked(parties, total)


def checked(parties: Sequence[Party], total: int) -> Table:
    """The table of these people. ``total`` 0: as many as they are. :class:`Refusal` where that cannot be."""
    named = heads(parties)
    if total and total < named:
        raise Refusal("{named} people are listed, but only {total} are counted.", named=named, total=total)
    if len(parties) > MOST or max(total, named) > MOST_PEOPLE:
        raise Refusal("At most {names} names and {people} people, please.", names=MOST, people=MOST_PEOPLE)
    return Table(tuple(parties), total or named)


def heads(parties: Sequence[Party]) -> int:
    return sum(party.count for party in parties)


def _entries(text: str) -> Iterator[tuple[str, bool]]:
    """(entry, whether it begins a line) of all lines."""
    for line in normal(text.replace("㈱", "(株)").replace("㈲", "(有)")).split("\n"):
        head, colon, rest = line.partition(":")
        if colon and not _TOTAL.fullmatch(line) and rest.strip():
            yield f"{head.strip()}:", True
        begins = not (colon and not _TOTAL.fullmatch(line) and rest.strip())
        for part in _SEPARATOR.split(rest if not begins else line):
            for entry in _JOINED.split(part):
                if entry.strip(" 。."):
                    yield entry.strip(" 。."), begins
                    begins = False


def _party(entry: str, context: Party, applicant: str) -> Party:
    """One entry; ``context`` is the one before it in its line. A ``count`` of 0: only a company was named."""
    if entry.endswith(":"):
        return replace(_of(entry[:-1]), name="", count=0)
    others = _OTHERS.fullmatch(entry)
    counted = _COUNTED.fullmatch(entry)
    if others:
        return _some(replace(context, name="", count=int(others["n"] or others["m"])), entry)
    if counted and not counted["who"]:
        return _some(replace(context, name="", count=int(counted["n"])), entry)
    if counted:
        return _some(replace(_of(counted["who"]), name="", count=int(counted["n"])), entry)
    if entry.lower() in SELF and applicant:
        return Party(applicant, "", "own")
    bracket = _BRACKET.fullmatch(entry)
    if bracket and _stem(bracket["who"]):
        return replace(_of(bracket["note"]), name=_name(bracket["who"], entry))
    company, rest = _divided(entry)
    if not rest:
        raise Refusal("Please add a name or a number of people: {word}", word=entry[:LONGEST])
    said: Relation = "outside" if rest.endswith(("様", "さま", "殿")) else ""
    where = _of(company) if company else context
    return Party(_name(rest, entry), where.company, where.relation or said)


def _of(company: str) -> Party:
    """Nobody yet of a company; of one's own it has no name."""
    plain = company.strip()
    if plain.lower() in OWN:
        return Party("", "", "own")
    return Party("", "", "outside") if plain.lower() in OUTSIDE else Party("", plain[:LONGEST], "outside")


def _some(party: Party, entry: str) -> Party:
    if not party.count:
        raise Refusal("Please add a name or a number of people: {word}", word=entry[:LONGEST])
    return party


def _divided(entry: str) -> tuple[str, str]:
    """(company, name) of ``山田商事 山田様``, ``山田商事山田様``, ``自社 佐藤``; a company alone has no name."""
    words = entry.split()
    for cut in range(len(words), 0, -1):
        if is_company(" ".join(words[:cut])):
            return " ".join(words[:cut]), " ".join(words[cut:])
    if len(words) > 1 and words[0].isascii() and not words[-1].isascii():
        return " ".join(words[:-1]), words[-1]  # Acme 田中様
    polite = entry.endswith(HONORIFICS)
    for cut in range(len(entry) - 1, 0, -1):
        company, name = entry[:cut].removesuffix("の"), entry[cut:]
        own = company in OWN and not company.isascii()
        if (own or (polite and is_company(company) and not name.startswith("長"))) and _stem(name):
            return company, name.strip()
    return "", entry


def is_company(text: str) -> bool:
    plain = text.strip()
    if plain.lower() in (*OWN, *OUTSIDE):
        return True
    words = plain.split()
    if len(plain) < 2 or plain.endswith(HONORIFICS):
        return False
    begins = plain.startswith(_BEGINS) and len(words) == 1 + (words[0] in _BEGINS)
    return begins or plain.endswith(_ENDS) or words[-1].lower().rstrip(".") in _LATIN_ENDS


def _name(text: str, entry: str) -> str:
    name = _stem(text)
    if not any(sign.isalpha() for sign in name) or any(sign.isdigit() for sign in name) or len(name) > LONGEST:
        raise Refusal("I do not understand “{word}”. For example: 山田商事 山田様、自社 2名", word=entry[:LONGEST])
    return name


def _stem(text: str) -> str:
    """A name without its form of address."""
    plain = text.strip()
    return next((plain.removesuffix(end).strip() for end in HONORIFICS if plain.endswith(end)), plain)


def _plain(name: str) -> str:
    return "".join(normal(name).lower().split())


def _settled(party: Party, own: Collection[str], otherwise: Relation) -> Party:
    """With a relation: a colleague is one's own, whatever stands around."""
    if party.name and _plain(party.name) in own:
        return replace(party, company="", relation="own")
    return party if party.relation else replace(party, relation=otherwise)
