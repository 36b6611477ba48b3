"""What people type for amounts, dates, categories and codes."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import categories, commands, dates, forms, money, people
from handlers.errors import NotAllowed, Refusal
from handlers.keys import Keys

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("1280", "JPY", 1280),
        ("¥12,800", "JPY", 12800),
        ("１２，８００円", "JPY", 12800),
        ("￥980-", "JPY", 980),
        ("0", "JPY", 0),
        ("12.50", "USD", 1250),
        ("$12", "USD", 1200),
    ],
)
def test_an_amount_as_people_write_it(typed: str, currency: str, amount: int) -> None:
    assert money.parse(typed, currency) == amount


@pytest.mark.parametrize("typed", ["", "abc", "-5", "12.5", "1e5", "千円", "1280 1280x", "９" * 30, "∞", "1_000"])
def test_what_is_no_amount_of_yen_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refusal):
        money.parse(typed, "JPY")


@given(st.integers(min_value=0, max_value=10**11), st.sampled_from(["JPY", "USD", "EUR", "KWD"]))
def test_an_amount_shown_in_a_form_is_read_back_as_itself(amount: int, currency: str) -> None:
    assert money.parse(money.plain(amount, currency), currency) == amount


@given(st.text(max_size=40))
def test_no_text_makes_the_amount_or_date_reader_fail_otherwise_than_by_refusing(text: str) -> None:
    for parse in (lambda: money.parse(text, "JPY"), lambda: dates.parse_day(text, today=TODAY)):
        with suppress(Refusal):
            parse()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026/11/20", date(2026, 11, 20)),
        ("2026年11月20日", date(2026, 11, 20)),
        ("令和8年11月20日", date(2026, 11, 20)),
        ("Ｒ８．１１．２０", date(2026, 11, 20)),
        ("20261120", date(2026, 11, 20)),
        ("26/11/20", date(2026, 11, 20)),
        ("11/20", date(2026, 11, 20)),
        ("12/30", date(2025, 12, 30)),  # ahead of today: last year's
    ],
)
def test_a_day_as_people_write_it(typed: str, day: date) -> None:
    assert dates.parse_day(typed, today=TODAY) == day


@pytest.mark.parametrize("typed", ["", "昨日", "2026-13-01", "2026-02-30", "11", "令和8年", "0000-00-00"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        dates.parse_day(typed, today=TODAY)


def test_days_and_moments_are_shown_in_the_readers_way() -> None:
    assert dates.show_day(date(2026, 11, 20), "ja") == "2026/11/20（金）"
    assert dates.show_day(date(2026, 11, 20), "en") == "20 Nov 2026"
    assert dates.show_moment(datetime(2026, 11, 23, 5, 2, tzinfo=UTC), "Asia/Tokyo") == "11/23 14:02"


def test_a_category_is_found_by_code_japanese_and_english_name() -> None:
    code = "travel_transport"
    for typed in (code, categories.label("ja", code), categories.label("en", code), " 旅費交通費 "):
        assert categories.find(typed) == code
    with pytest.raises(Refusal):
        categories.find("存在しない科目")


def test_every_category_has_both_names_and_a_way_to_be_chosen() -> None:
    assert len(categories.codes()) >= 25
    for code in categories.codes():
        assert categories.find(categories.label("ja", code)) == code


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/keihi add 田中 a@example.jp", ["add", "田中", "a@example.jp"]),
        ("経費 追加 “田中 健一” x@example.jp", ["追加", "田中 健一", "x@example.jp"]),
        ('add "田中 健一" a@example.jp', ["add", "田中 健一", "a@example.jp"]),
        ("ｓｔａｔｕｓ", ["status"]),
        ('add "stray', ["add", '"stray']),
        ("/keihi", []),
    ],
)
def test_a_command_line_is_split_as_meant(line: str, words: list[str]) -> None:
    assert commands.split(line) == words


def test_every_command_word_is_unique_and_listed() -> None:
    words = [word for command in commands.COMMANDS for word in (command.name, *command.words)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("typed", ["ABCD-EFGH", "abcd-efgh", "ＡＢＣＤ－ＥＦＧＨ", " ABCDEFGH "])
def test_a_registration_code_is_recognised_however_it_is_typed(typed: str) -> None:
    assert people.looks_like_code(typed) == "ABCDEFGH"


@pytest.mark.parametrize("typed", ["hello", "ABCD-EFG", "ABCD EFGH IJKL", "領収書です", "0OIL-1234"])
def test_other_words_are_no_code(typed: str) -> None:
    assert people.looks_like_code(typed) == ""


class TestKeys:
    keys = Keys(b"one secret")

    def test_a_signed_value_comes_back_and_a_changed_one_is_refused(self) -> None:
        token = self.keys.sign("action", ["submit", "x", 1, ""])
        assert self.keys.unsign("action", token) == ["submit", "x", 1, ""]
        with pytest.raises(Refusal):
            self.keys.unsign("action", token[:-1] + ("A" if token[-1] != "A" else "B"))

    def test_a_button_is_no_link_and_another_secret_opens_nothing(self) -> None:
        token = self.keys.sign("action", "x")
        with pytest.raises(Refusal):
            self.keys.unsign("picture", token)
        with pytest.raises(Refusal):
            Keys(b"another").unsign("action", token)

    def test_an_encrypted_token_reads_back_only_with_its_own_secret(self) -> None:
        hidden = self.keys.encrypt("xoxb-1")
        assert "xoxb" not in hidden
        assert self.keys.decrypt(hidden) == "xoxb-1"
        with pytest.raises(ValueError, match="another secret"):
            Keys(b"another").decrypt(hidden)


def test_a_category_that_is_none_is_answered_with_those_it_may_have_been() -> None:
    with pytest.raises(Refusal) as refused:
        categories.find("旅費公通費")
    assert forms.sentence("ja", refused.value).startswith("「旅費公通費」は選べません。候補：旅費交通費、")
    assert forms.sentence("en", refused.value).startswith(
        "“旅費公通費” is not known here. Possible: Travel transport, "
    )
    assert str(refused.value) == forms.sentence("en", refused.value)  # as the server prints it
    assert len(refused.value.values["choices"].names) == categories.OFFERED  # type: ignore[attr-defined]


def test_words_that_several_have_are_answered_with_these_alone() -> None:
    with pytest.raises(Refusal) as refused:
        categories.find_payment("corporate")
    assert forms.sentence("ja", refused.value) == "「corporate」は選べません。候補：法人カード、法人IC"


def test_a_refusal_names_roles_as_its_reader_writes_them() -> None:
    only = NotAllowed("Only people with the role “{role}” can use this command.", role="admin")
    assert forms.sentence("ja", only) == "このコマンドは「管理者」の役割を持つ人だけが使えます。"
    assert "“admin”" in forms.sentence("en", only)
    either = NotAllowed("Only people with the role “{role}” can use this command.", role="accountant / admin")
    assert forms.sentence("ja", either) == "このコマンドは「経理 / 管理者」の役割を持つ人だけが使えます。"
    wrong = Refusal("“{role}” is not a role. Roles: {roles}.", role="king", roles=", ".join(people.ROLES))
    assert forms.sentence("ja", wrong) == "「king」という役割はありません。役割：申請者、承認者、経理、管理者"
    assert people.parse_roles("申請者、承認者、経理、管理者") == list(people.ROLES)
