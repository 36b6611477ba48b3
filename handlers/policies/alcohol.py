"""Alcohol is bought for guests, if at all."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.policies.base import Case, Finding, Parameter, Parameters, Strength
from handlers.policies.words import bought, goods_parameters

WORDS = [
    *("ビール", "生中", "生ビール", "日本酒", "清酒", "地酒"),
    *("冷酒", "熱燗", "焼酎", "芋焼酎", "ハイボール", "チューハイ"),
    *("酎ハイ", "レモンサワー", "サワー", "ワイン", "ウイスキー", "ウィスキー"),
    *("ブランデー", "梅酒", "果実酒", "発泡酒", "カクテル", "飲み放題"),
    *("BEER", "WINE", "WHISKY", "WHISKEY", "SAKE", "COCKTAIL"),
    *("GIN", "VODKA", "RUM", "ALE", "LAGER"),
]
UNLESS = [
    *("ノンアル", "アルコールフリー", "0.00%", "ビネガー", "サワークリーム", "料理酒"),
    *("甘酒", "ルートビア", "ジンジャー", "ビールケース", "NON-ALCOHOLIC", "ALCOHOL FREE"),
    *("ROOT BEER", "GINGER", "VINEGAR"),
]


class _Alcohol:
    name = "alcohol"
    title = "Alcohol"
    what = "There is alcohol among the goods."
    strength: Strength = "note"
    parameters: tuple[Parameter, ...] = goods_parameters(WORDS, UNLESS, allowed=["entertainment"])

    def check(self, case: Case, parameters: Parameters) -> Iterable[Finding]:
        for line, values in bought(case, parameters):
            yield Finding(self.name, "Alcohol on the receipt: {items} ({amount}).", values, line.id)


ALCOHOL = _Alcohol()
