"""The rules of people: how many took part, and their names (the grammar stands in ``grammar``)."""

from __future__ import annotations

from decimal import Decimal

from handlers.errors import Refusal
from handlers.notes import parties, words
from handlers.notes.cursor import Cursor, Phrase, act_of, words_known
from handlers.notes.signs import Token, glued

_BETWEEN = ("・", "、", ",", "/", "と", "and", "&")


class People(Cursor):
    """``people`` is true when it took tokens, else it leaves them where they were."""

    # people = n "名" { "と" [word] n "名" } [firm] | names | "with" names [firm] | "参加者:" entry { "・" entry }
    def people(self) -> bool:
        start = self.at
        if self.sort() == "people":
            side = self.at > 0 and self.sort(-1) == "word" and glued(self.tokens[self.at - 1], self.tokens[self.at])
            self.add(Phrase("people", value=self._heads(), code="side" if side else ""))
            return self._of_a_firm(())
        if self.skip("attending"):
            return self.listed()
        if self.sort() == "name":
            names = [self.take().text]
            while self.sort() in ("particle", "comma", "name") and (
                self.sort() == "name" or (self.sort(1) == "name" and self.sort() in ("particle", "comma"))
            ):
                token = self.take()
                if token.sort == "name":
                    names.append(token.text)
            self.skip("particle")
            return self.add(Phrase("names", names=tuple(names)))
        met = self.sort(1) == "particle" and self.tokens[self.at + 1].text == "と" and self.sort(2) == "thing"
        if self.sort() == "word" and met and self.tokens[self.at].text.endswith(words.FIRMS):  # 山田商事と会食
            self.add(Phrase("names", names=(self.take().text,)))
            return self.skip("particle")
        if self.skip("with"):
            if self.sort() == "people":  # with 3 guests from Acme
                return True
            present = self._english_names()
            if not present:
                self.place(wide=True)  # "with clients"
            return self._of_a_firm(present)
        self.at = start
        return False

    def _english_names(self) -> tuple[str, ...]:
        """Mr. Sato, Ms. Kato and Tanaka-san."""
        names: list[str] = []
        self._titles()
        while self.sort() == "word" and self.tokens[self.at].text[0].isupper():
            name = [self.take().text]
            while self.sort() == "word" and self.tokens[self.at].text[0].isupper() and len(name) < 3:
                if self.tokens[self.at].start - self.tokens[self.at - 1].end > 1:  # a bracket stands between
                    break
                name.append(self.take().text)
            if self.sort() == "dash" and self.sort(1) == "word" and self.tokens[self.at + 1].text == "san":
                self.at += 2
            names.append(" ".join(name))
            if self.sort() not in ("and", "comma") or not self._name_follows():
                break
            self.at += 1
            self._titles()
        return tuple(names)

    # firm = ("from" | "of") word
    def _of_a_firm(self, names: tuple[str, ...]) -> bool:
        """Guests from Acme: whom they work for, where nobody is named; never a way that begins there."""
        here = self.at
        joins = self.sort() == "from" or (self.sort() == "filler" and self.tokens[self.at].text.lower() == "of")
        ridden = any(made.kind == "ride" for made in self.made)
        if joins and self.tokens[self.at].text.isascii() and self.sort(1) == "word":
            self.at += 1
            firm = self.place(wide=True) or ""
            if self.sort() == "to" or (ridden and words_known(firm)):  # a taxi with guests from Haneda to Shinjuku
                self.at = here
            elif not names and not words_known(firm):
                names = (firm,)
        if self.sort() == "and" and self.tokens[self.at].text.isascii() and self._name_follows():
            self.at += 1
            names += self._english_names()  # guests from Acme and Ms. Mori
        if names:
            self.add(Phrase("names", names=names))
        return True

    def _heads(self) -> Decimal:
        """3名とこちら2名: together five."""
        heads = self.take().value or Decimal(0)
        while self.sort() in ("and", "particle", "word", "comma"):
            if self.sort() == "comma":  # 先方2名、当方3名
                side = self.tokens[self.at + 1].text if self.sort(1) == "word" else ""
                if side not in words.PARTIES or self.sort(2) != "people":
                    break
                self.at += 2
                heads += self.take().value or 0
                continue
            if self.sort() != "and" and not self.tokens[self.at].text.startswith("と"):
                break
            ahead = 2 if self.sort(1) == "word" else 1  # 3名と2名, 3名と、こちら2名
            if self.sort(ahead) != "people":
                break
            self.at += ahead
            heads += self.take().value or 0
        return heads

    def listed(self) -> bool:
        """A list behind a word that says so; what its entries mean, ``parties`` says (as for the form)."""
        entries: list[str] = []
        while (entry := self._entry()) is not None:
            entries.append(entry)
            between = self.tokens[self.at].text if self.at < len(self.tokens) else ""
            if between not in _BETWEEN or self.sort(1) not in ("word", "name"):
                break
            self.at += 1
        if entries:
            self.add(_names_of(entries))
        return True

    # entry = [ company ["の"] ] ( word | name ) | ( company | "ほか" ) n "名"
    def _entry(self) -> str | None:
        """青葉商事 佐藤様, 自社 2名; None where nobody stands. A company is no entry by itself while a name follows."""
        if self.sort() == "name":
            return self._called(self.take())
        if self.sort() != "word":
            return None
        first = self.tokens[self.at].text
        sides = (*parties.OWN, *parties.OUTSIDE, *words.OTHERS)
        if first in words.PARTIES and first not in (*sides, *parties.SELF):
            return None
        if self.sort(1) == "people" and not (first in sides or parties.is_company(first)):
            if glued(self.tokens[self.at], self.tokens[self.at + 1]):  # 担当3名 is no name
                return None
            return self.take().text
        said = (self.place(wide=True) or "") if first.isascii() and first[0].isupper() else self.take().text
        while parties.is_company(said) or said in words.OTHERS:
            of = 1 if self.sort() == "particle" and self.tokens[self.at].text == "の" else 0
            if self.sort(of) == "people":
                self.at += of
                return f"{said} {self.take().value}名"
            if self.sort(of) == "name":
                self.at += of
                return f"{said} {self._called(self.take())}"
            if self.sort(of) != "word" or act_of(self.tokens[self.at + of].text):  # 参加者 青葉商事 商談
                break
            self.at += of
            said = f"{said} {self.take().text}"
        return said

    def _called(self, name: Token) -> str:
        """With the form of address, which tells whose guest it is."""
        return name.text + (name.code if name.code in parties.HONORIFICS else "")

    def _titles(self) -> None:
        """Mr., Ms. and their points."""
        while self.skip("filler"):
            pass

    def _name_follows(self) -> bool:
        ahead = 1
        while self.sort(ahead) == "filler":
            ahead += 1
        return self.sort(ahead) == "word" and self.tokens[self.at + ahead].text[0].isupper()


def _names_of(entries: list[str]) -> Phrase:
    """The people of a list, and how many they are where some are only counted."""
    text = "、".join(entries)
    try:
        table = parties.read(text)
    except Refusal:  # 青葉商事 alone: the words themselves are all that is known
        return Phrase("names", names=tuple(entries))
    names = tuple(party.name for party in table.parties if party.name and party.name not in parties.SELF)
    counted = any(not party.name for party in table.parties)
    return Phrase("names", text=text, names=names, value=Decimal(table.total) if counted else None)
