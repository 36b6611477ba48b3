"""Characters: what a receipt can print, and the folding that makes OCR text comparable.

Nothing here knows fields. ``normal`` keeps a text readable; ``skeleton`` is for matching only, never for showing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Chinese and old forms that the recogniser leaks into Japanese text, each with what a Japanese till prints.
_FORMS = (
    "錄録 额額 对対 對対 费費 稅税 减減 话話 电電 號号 领領 收収 证証 證証 计計 舖舗 铺舗 车車 驿駅 "
    "东東 卡カ 现現 济済 濟済 经経 經経 团団 團団 卖売 賣売 价価 價価 单単 單単 个個 數数 总総 總総 "
    "點点 样様 樣様 发発 發発 區区 广広 廣広 气気 氣気 國国 會会 帐帳 账帳 银銀 实実 實実 员員 纯純 "
    "预預 买買 订訂 时時 间間 页頁 书書 门門 问問 贵貴 购購 资資 运運 贩販 钱銭 饮飲 饭飯 馆館 务務 "
    "营営 业業 产産 类類 颗顆 软軟 轻軽 輕軽 选選 适適 还還 进進 远遠 连連 录録 关関 开開 处処 處処 "
    "传伝 傳伝 圆円 圓円 约約 级級 组組 续続 續続 给給 缴納 网網 罗羅 责責 贡貢 负負 财財 赏賞 赔賠 "
    "质質 达達 边辺 邮郵 释釈 针針 铁鉄 鐵鉄 铃鈴 锁鎖 长長 闭閉 阴陰 阳陽 际際 险険 难難 项項 顺順 "
    "须須 频頻 题題 颜顔 风風 飞飛 马馬 鱼魚 鸟鳥 鸡鶏 齐斉 齿歯 龙竜 图図 圖図 场場 坏壊 备備 择択 "
    "换換 据拠 损損 显顕 樱桜 櫻桜 历歴 榮栄 荣栄 乐楽 樂楽 权権 杂雑 來来 极極 栋棟 检検 檢検 汤湯 "
    "沟溝 涩渋 满満 滨浜 濱浜 炼煉 烟煙 热熱 爱愛 环環 畫画 盐塩 鹽塩 禮礼 离離 种種 积積 竞競 笔筆 "
    "红紅 纸紙 练練 细細 绿緑 缩縮 罚罰 职職 联聯 肤膚 胜勝 节節 苏蘇 药薬 藥薬 莱萊 补補 见見 规規 "
    "览覧 觉覚 认認 讯訊 记記 讲講 许許 论論 设設 访訪 诉訴 诊診 译訳 试試 诚誠 详詳 语語 说説 请請 "
    "读読 调調 谈談 谢謝 议議 护護 贴貼 贷貸 赞賛 转転 轉転 输輸 辆輛 迟遅 乡郷 鄉郷 酱醤 钟鐘 钢鋼 "
    "钮鈕 铜銅 销銷 锅鍋 错錯 键鍵 镇鎮 隐隠 韩韓 顾顧 顿頓 饼餅 馒饅 骑騎 验験 鲜鮮 鸭鴨 "
)
FORMS = str.maketrans({pair[0]: pair[1] for pair in _FORMS.split()})

_EXTRA = frozenset("①②③④⑤⑥⑦⑧⑨⑩㈱㈲№℡㎏㎡★☆♪♥❤€£₩₹฿®©•·～−－￥¥髙﨑")
_DASHES = str.maketrans({c: "-" for c in "‐‑‒–—―−－─━"})
_QUOTES = str.maketrans(
    {"，": ",", "．": ".", "：": ":", "；": ";", "（": "(", "）": ")", "’": "'", "‘": "'", "`": "'"}
)


_RING = re.compile("([ハヒフヘホ])°")  # half-width ﾊﾟ whose ring came back as a degree sign


def plausible(character: str) -> bool:
    """Whether a receipt in Japanese or in a West-European language prints this character (JIS X 0208 and Latin)."""
    if character in _EXTRA or character.isascii() or "\u00a1" <= character <= "\u017f":
        return True
    try:
        return len(character.encode("shift_jis")) > 0
    except UnicodeEncodeError:
        return False


def normal(text: str) -> str:
    """Half-width digits and Latin, full-width kana, Japanese forms, one kind of dash; still readable."""
    folded = unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_QUOTES).translate(FORMS).strip()
    return _RING.sub(lambda match: chr(ord(match[1]) + 2), folded) if "°" in folded else folded


_DROP = re.compile(r"[\s\W_]+", re.UNICODE)
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("力", "カ"),
        **dict.fromkeys("工", "エ"),
        **dict.fromkeys("口囗", "ロ"),
        **dict.fromkeys("二", "ニ"),
        **dict.fromkeys("八", "ハ"),
        **dict.fromkeys("卜", "ト"),
        **dict.fromkeys("夕", "タ"),
        **dict.fromkeys("千", "チ"),
        **dict.fromkeys("三", "ミ"),
        **dict.fromkeys("へ", "ヘ"),
        **dict.fromkeys("べ", "ベ"),
        **dict.fromkeys("ぺ", "ペ"),
        **dict.fromkeys("り", "リ"),
        **dict.fromkeys("ァ", "ア"),
        **dict.fromkeys("ィ", "イ"),
        **dict.fromkeys("ゥ", "ウ"),
        **dict.fromkeys("ェ", "エ"),
        **dict.fromkeys("ォ", "オ"),
        **dict.fromkeys("ャ", "ヤ"),
        **dict.fromkeys("ュ", "ユ"),
        **dict.fromkeys("ョ", "ヨ"),
        **dict.fromkeys("ッ", "ツ"),
        **dict.fromkeys("ー一-", ""),
    }
)


@lru_cache(maxsize=4096)  # the words of the tables come again with every receipt
def skeleton(text: str) -> str:
    """What is left of a name when everything that OCR confuses is folded: for comparing names, not for showing."""
    folded = normal(text).lower().translate(_ALIKE)
    return _DROP.sub("", unicodedata.normalize("NFKC", folded))


_HAN_OR_KANA = "\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f々"
JAPANESE = re.compile(f"[{_HAN_OR_KANA}]")
KANA = re.compile("[\u3041-\u30fa\uff66-\uff9f]")
_KATAKANA_CONTEXT = re.compile(
    "(?<=[ァ-ヺー])[-一](?=[ァ-ヺー\u3041-\u3096\u4e00-\u9fff]|$)|(?<=[ァ-ヺ])[-一](?=[^0-9A-Za-z]|$)"
)
_IN_KATAKANA = {
    "力": "カ",
    "工": "エ",
    "口": "ロ",
    "二": "ニ",
    "卜": "ト",
    "夕": "タ",
    "八": "ハ",
    "三": "ミ",
    "千": "チ",
}
_LONE = re.compile("(?<=[ァ-ヺー])[力工口二卜夕八](?=[ァ-ヺー]|$)|^[力工口卜夕](?=[ァ-ヺー]{2})")


def repair_kana(text: str) -> str:
    """Look-alikes between katakana put right: ヨ-クベニマル → ヨークベニマル, マルヤ二 → マルヤニ; kanji words stay."""
    text = _KATAKANA_CONTEXT.sub("ー", text)
    return _LONE.sub(lambda match: _IN_KATAKANA[match.group()], text)


def squeeze(text: str) -> str:
    """``normal`` without any spaces: Japanese labels are printed with spaces between the characters (合 計)."""
    return re.sub(r"\s+", "", normal(text))
