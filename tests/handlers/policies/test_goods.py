"""Names of goods as tills print them: which are found by the rules about goods, and which only sound like it."""

from __future__ import annotations

import pytest

from handlers.policies import Seen
from handlers.policies.words import speaks_of, table
from tests.handlers.policies.cases import case, found, line

FOUND = {
    "alcohol": """
        アサヒスーパードライ|ｱｻﾋｽ-ﾊﾟ-ﾄﾞﾗｲ350|スーパードライ中瓶|スーパー ドライ 500ml|キリン一番搾り
        |ｷﾘﾝ 一番搾り350ML|サッポロ黒ラベル|黒ラベル|プレミアムモルツ|ザ・プレミアム・モルツ|プレモル 350
        |エビスビール|ヱビス 中瓶|エビス|ほろよい 白いサワー|氷結レモン|ストロングゼロ|ストゼロW|檸檬堂 定番
        |角ハイ|角ハイボール|ハイボール|ジンジャーハイボール|ジントニック|獺祭 純米大吟醸45|久保田 千寿
        |久保田|八海山|黒霧島 25度|いいちこ|白州|白州 12年|山崎|山崎12年|サントリー山崎 700ml|響 ロック
        |グラスワイン赤|ﾌﾞﾗｯｸﾆﾂｶ|ウイスキー水割り|ｳｲｽｷ-|ウィスキー|レモンサワー|焼酎水割り|ウーロンハイ|生中
        |瓶ビール|金麦|のどごし生|ホッピーセット|梅酒ソーダ|カシスオレンジ|紹興酒|飲み放題 2h|酒類|House Wine
        |CRAFT BEER|Gin & Tonic|中瓶 2|バドワイザー|本麒麟350|ワンカップ大関|月桂冠 上撰|角瓶 700ml
        |シードル|ジン|ラガー 2|響 17年
    """,
    "tobacco": """
        メビウス|メビウス 10|ﾒﾋﾞｳｽ ｽ-ﾊﾟ-ﾗｲﾄ|マールボロ|マルボロ ゴールド|セブンスター|ｾﾌﾞﾝｽﾀ-
        |セブンスター ソフト|アイコステリア|アイコス イルマ|IQOS|テリア メンソール|TEREA|ピアニッシモ
        |キャメル ボックス|キャメル メンソール 20本|たばこ|タバコ|ﾀﾊﾞｺ|煙草|ハイライト メンソール
        |ハイライト 20本|ハイライト カートン|ホープ 10mg タバコ|ショートホープ|ピース ボックス 20本
        |ロングピース|ケント 6mg|ｹﾝﾄ ﾅﾉ ﾎﾞﾂｸｽ|ラーク|ラーク 12 BOX|ウィンストン|ｳｲﾝｽﾄﾝ ｷｬｽﾀ- 5|プルームX
        |PLOOM AURA|グロー メンソール|グローハイパー|ラッキーストライク|アメスピ|加熱式デバイス|葉巻
    """,
    "tips": """
        チップ|ﾁｯﾌﾟ|ﾁﾂﾌﾟ|チップ 15%|チップ(18%)|お礼チップ|ホテルチップ|枕チップ|ルームチップ
        |ドライバーへのチップ|レストラン チップ|ガイドチップ|チップ代|心付け|お心付け|運転手心付け|心づけ
        |こころづけ|TIP|Tip 20%|TIPS|Gratuity|GRATUITY 18%|Pourboire|Trinkgeld|Propina|枕銭
    """,
    "not-an-expense": """
        商品券|百貨店共通商品券|ギフトカード|ｷﾞﾌﾄｶ-ﾄﾞ|ギフト カード 5000|ギフトカー|JCBギフトカード
        |AppleGiftCard|APPLE GIFT CARD|APPLEGIFTCARD|Apple Gift Card 5,000円|アップルギフトカード
        |iTunesカード|iTunes Card|ITUNES ｶ-ﾄﾞ|Google Playカード|GooglePlayギフトカード|ｸﾞ-ｸﾞﾙﾌﾟﾚｲｶ-ﾄﾞ
        |nanacoギフト|ナナコギフト|Amazonギフト券|アマゾンギフト 3000|Amazonギフトカード|バニラVisa
        |バニラVISAプリペイド|バニラ Visa 5000|プリペイドカード|ﾌﾟﾘﾍﾟｲﾄﾞｶ-ﾄﾞ|プリペイドカー|QUOカード 1000
        |クオカ-ド|クオカード|図書カードNEXT|図書券|ビール券|Suica入金|Ｓｕｉｃａ　入金|ICカード入金
        |ICチャージ|ＩＣカードチャージ|PASMO_チャージ|PASMO ﾁﾔ-ｼﾞ|WAONチャージ|楽天Edyチャージ|nanaco 入金
        |電子マネーチャージ|現金チャージ|PayPayチャージ|チャージ(Suica)|POSAカード|Vプリカ|プリカ 3000
    """,
}
HARMLESS = {
    "alcohol": """
        ノンアルコールビール|ﾉﾝｱﾙｺ-ﾙﾋﾞ-ﾙ|アサヒ ドライゼロ|オールフリー|ビール 0.00%|料理酒|料理用清酒
        |本みりん|甘酒|八海山 あまさけ 甘酒|酒まんじゅう|日本酒まんじゅう|酒種あんぱん|アルコール消毒液
        |日本酒度計|ウイスキーボンボン|ブランデーケーキ|ワインビネガー|ワイングラス|ワインレッド インク
        |ビールジョッキ|ワインオープナー|赤ワイン煮込みハンバーグ|ビール券|山崎製パン ランチパック|山崎パン
        |山崎実業 tower 収納|山崎様|白州の天然水|久保田様|響カレー|GINGER ALE|ジンジャーエール
        |サワークリーム&オニオン|フルーツカクテル缶|一番搾りごま油|菊正宗 化粧水|チョコレート リキュール入
        |炭酸水|ウーロン茶|レモンスカッシュ|レモン|SALE 10%|サケおにぎり|酒井様|ジンジャーブレッド|ラムネ|プログラム
        |久保田 年賀はがき|黒ラベルシール
        |テプラ 黒ラベル 12mm|生中華麺|ベストセラー
    """,
    "tobacco": """
        ハイライト|ハイライト(蛍光ペン)|ハイライトマーカー 5色|蛍光マーカー ハイライト 10本|ホープ|ピース
        |2ピースチキン|ワンピース 20本|ジグソーパズル 1000ピース|ケーキ ピース|ケント|ケント紙 A4 BOX
        |キャメル 手帳|キャメルバッグ ボックス型|テリア|カフェテリア レギュラー|インテリアボックス
        |グローブ ボックス|グローバル BOX|クラーク ボックス|ライター|禁煙ステッカー たばこ|タバコ消臭スプレー
        |灰皿|ココアシガレット|加熱式加湿器|メビウスの輪|たばこ税|シガーソケット充電器
    """,
    "tips": """
        マイクロチップ|マイクロ チップ|ICチップ|半導体チップ|チップセット|チップソー|ポテトチップ
        |ポテトチップス|ﾎﾟﾃﾄﾁｯﾌﾟｽ|チョコチップクッキー|バナナチップ|ウッドチップ|スモークチップ|カジノチップ
        |チップ抵抗 100個|チップコンデンサ|フィルターチップ|ピペットチップ|チップカード|ペン先チップ
        |サービス料|サービスチャージ|心付け袋|チップスター|フィッシュ&チップス|FELT TIP PEN|Pipette tips
        |TIPTOP
    """,
    "not-an-expense": """
        サービスチャージ|ｻ-ﾋﾞｽﾁﾔ-ｼﾞ|SERVICE CHARGE|テーブルチャージ|席チャージ|お通し・席チャージ|チャージ料
        |チャージ|チャージ 2名|ルームチャージ|サーチャージ|燃油サーチャージ|チャージケーブル
        |USBチャージケーブル|充電器(チャージャー)|クイックチャージ対応 ACアダプタ|商品券入れ封筒|商品券用封筒
        |ギフト用紙袋|ギフトセット|ギフトボックス|アップルパイ ギフトセット|ギフトラッピング|プリペイドSIM
        |プリペイド SIM カード|レプリカ|アプリカ ベビーカー|回数券|切手|収入印紙|お釣り|SDカード|楽天カード
        |名刺カードケース|Apple Watch バンド|バニラアイス|スイカ 1/4|カタログギフト|ポイントカード|入金伝票
        |グリーティングカード
    """,
}


def names(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(rule, name.strip()) for rule, said in table.items() for name in said.split("|")]


@pytest.mark.parametrize(("rule", "name"), names(FOUND))
def test_what_a_till_prints_is_found(rule: str, name: str) -> None:
    assert found(rule, case(line(3_000, seen=Seen(items=((name, 600),)))))


@pytest.mark.parametrize(("rule", "name"), names(HARMLESS))
def test_what_only_sounds_like_it_is_left_alone(rule: str, name: str) -> None:
    assert not found(rule, case(line(3_000, seen=Seen(items=((name, 600),)))))


def test_words_that_need_each_other_or_nothing_else() -> None:
    assert speaks_of("ピース 20本", ["ピース|ホープ+20本|BOX"])
    assert speaks_of("BOX ホープ", ["ピース|ホープ+20本|BOX"])
    assert not speaks_of("ピース", ["ピース|ホープ+20本|BOX"])
    assert not speaks_of("20本", ["ピース|ホープ+20本|BOX"])
    assert speaks_of("1 チップ x2 300円", ["=チップ"])
    assert not speaks_of("チップソー", ["=チップ"])


def test_what_an_administrator_may_type_by_mistake_finds_nothing_by_itself() -> None:
    assert not speaks_of("ボールペン", ["=", "+", "|"])
    assert not speaks_of("ボールペン", [])


@pytest.mark.parametrize("name", ["alcohol", "tobacco", "tips", "not_an_expense"])
def test_no_word_of_a_table_stands_in_it_twice_or_is_silenced_by_it(name: str) -> None:
    words, unless = table(name)
    assert len(words) == len(set(words))
    assert len(unless) == len(set(unless))
    assert not [word for word in words if "+" not in word and speaks_of(word, unless)]
