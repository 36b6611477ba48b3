"""The rules of people: how many took part, and their names (the grammar stands in ``grammar``)."""

from __future__ import annotations

from decimal import Decimal

from handlers.notes import words
from handlers.notes.cursor import Cursor, Phrase, words_known
from handlers.notes.signs import glued


class People(Cursor):
    """``people`` is true when it took tokens, else it leaves them where they were."""

    # people = n "名" { "と" [word] n "名" } [firm] | names | "with" names [firm] | "参加者:" word { "・" word }
    def people(self) -> bool:
        start = self.at
        if self.sort() == "people":
            side = self.at > 0 and self.sort(-1) == "word" and glued(self.tokens[self.at - 1], self.tokens[self.at])
            self.add(Phrase("people", value=self._heads(), code="side" if side else ""))
            return self._of_a_firm(())
        if self.skip("attending"):
            return self._listed()
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

    def _listed(self) -> bool:
        """Names behind a word that says so, with or without their titles."""
        names: list[str] = []
        while self.sort() in ("word", "name"):
            if self.sort(1) == "people" or self.tokens[self.at].text in words.PARTIES:  # 先方3名 is no name
                break
            names.append(self.take().text)
            between = self.tokens[self.at].text if self.at < len(self.tokens) else ""
            if between not in ("・", "、", ",", "/", "と", "and", "&") or self.sort(1) not in ("word", "name"):
                break
            self.at += 1
        if names:
            self.add(Phrase("names", names=tuple(names)))
        return True

    def _titles(self) -> None:
        """Mr., Ms. and their points."""
        while self.skip("filler"):
            pass

    def _name_follows(self) -> bool:
        ahead = 1
        while self.sort(ahead) == "filler":
            ahead += 1
        return self.sort(ahead) == "word" and self.tokens[self.at + ahead].text[0].isupper()
