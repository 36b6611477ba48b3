"""Words that tell a name from everything else that stands near the head of a receipt."""

from __future__ import annotations

import re

FORM = re.compile(
    r"株式会社|[(（]株[)）]|有限会社|[(（]有[)）]|合[同資名]会社|相互会社|協同組合|生活協同|公社|公団|"
    r"[^\W\d]{1,8}法人(?!番号|カ[-ー]?ド|会員|契約|名|税|様|営業|向け)|"
    r"\bSDN\b|\bBHD\b|\bS/B\b|\bPLT\b|\bLTD\b|\bINC\b|\bCORP|\bL\.?L\.?C\b|\bGMBH\b|\bKG\b|\bS\.?A\.?R\.?L\b\.?$|"
    r"\bCO\.|\bPTE\b|\bPVT\b|\bCOMPANY\b(?!\W*(?:NO|REG))",
    re.I,
)
TRADE = re.compile(
    r"ENTERPRISE|TRADING|RESTAURANT|RESTORAN|HARDWARE|MARKET|\bMART\b|STORE|STATIONE?RY|BOOK|CAFE|CAFÉ|COFFEE|"
    r"KITCHEN|HOUSE|HOTEL|\bINN\b|BAKER|PHARMACY|FARMASI|KEDAI|PERNIAGAAN|SYARIKAT|ELECTRIC|SUPPL|CENT(?:RE|ER)|"
    r"\bSHOP\b|FOOD|GRILL|BISTRO|\bBAR\b|DINER|PIZZA|CARRY|TAXI|PARKING|"
    r"食堂|商店|酒店|書店|薬局|喫茶|珈琲|コ[-ー]ヒ[-ー]|ホテル|旅館|病院|医院|クリニック|タクシ|交通|鉄道|電鉄|バス|石油|"
    r"酒場|居酒屋|ダイニング|カフェ|レストラン|マ[-ー]ケット|ス[-ー]パ[-ー]|ドラッグ|ストア|文具|書房|百貨店|寿司|焼肉|"
    r"ラ[-ー]メン|そば|うどん|郵便局|市役所|クリ[-ー]ニング|割烹|酒肴|パ[-ー]ク$|食品館|花の店|花店|商事|産業|工業|興業|商会|"
    r"歯科|眼科|整骨|鍼灸|美容|理容|ヘア|サロン|事務所|工務店|工房|蕎麦|麺[屋や処]|焼鳥|とんかつ|料亭|本舗|ベ[-ー]カリ|パティスリ|"
    r"ビストロ|リストランテ|トラットリア|鮮魚|精肉|青果|釣具|金物|電器|文房|写真館|フラワ|リカ[-ー]|教室|\bSALON|NOODLE|CLINIC",
    re.I,
)
# What a shop deals in, before 店: 〇〇金物店 is who, 〇〇駅前店 is where.
DEALER = re.compile(
    r"(?:金物|時計|宝石|眼鏡|メガネ|精肉|肉|鮮魚|魚|青果|果物|果実|米穀|(?<!三)茶|菓子|洋菓子|和菓子|製菓|菓|餅|団子|豆腐|麺|"
    r"製麺|パン|弁当|惣菜|総菜|漬物|味噌|醤油|海苔|乾物|牛乳|うなぎ|鰻|そば|蕎麦|うどん|寿司|鮨|ラ[-ー]メン|料理|珈琲|洋食|中華|"
    r"焼肉|焼鳥|呉服|洋品|洋服|衣料|衣料品|靴|履物|鞄|帽子|手芸|布団|ふとん|寝具|家具|電器|電機|電気|無線|写真|カメラ|楽器|人形|"
    r"玩具|自転車|釣具|運動具|スポ[-ー]ツ|薬|薬品|化粧品|生花|花|花と緑の|種苗|園芸|農機|農機具|建材|材木|木材|石材|塗料|硝子|"
    r"ガラス|畳|表具|仏具|仏壇|印章|印鑑|はんこ|刃物|紙|和紙|筆|文具|文房具|事務機|新聞|新聞販売|古書|古本|書|陶器|食器|雑貨|"
    r"食品|食料品|飲食|販売|代理|専門|理容|理髪|美容|酒|日本酒|地酒|商|喫茶|百貨|質|道具|[^\W\d]の)店"
)
BRANCH = re.compile(
    r"(?:本店|支店|本社|支社|営業所|出張所|ショップ|[^\W\d書商酒喫飲百花当貴同各]店|売店|号店|[^\W\d]駅(?:前|[東西南北]口|中央口)?|駐車場)"
    r"(?:\s|$|[(\[]|\d|[A-Z]\d|TEL|電話)"
)
# Municipalities that write their names in kana: before 店 they are no shop's name.
_KANA_TOWNS = (
    r"さいたま|つくば|いわき|みなとみらい|ひたちなか|かすみがうら|みどり|さくら|いすみ|あわら|いなべ|たつの|うきは|みやま|"
    r"うるま|えびの|にかほ|つがる|おいらせ|みよし|あま|いの|ニセコ|むかわ|せたな|えりも|かほく|おおい|つるぎ|あきる|ふじみ|かつらぎ|みなべ|まんのう|さつま"
)
# A branch and nothing else: one short word without a name before it (in another script, 〇〇屋本店) or an owner (市営).
BARE = re.compile(
    rf"(?!(?!{_KANA_TOWNS})[\u3041-\u3096ァ-ヺー]{{3,}}[\u4e00-\u9fff])(?!.*営[^業])[^\W\d_]{{0,8}}"
    r"(?:(?<![屋堂庵亭軒園楼家])本店|支店|本社|支社|営業所|出張所|売店|号店|(?<!本)店|駅|駅前|[東西南北]口|駐車場)[(\[]?\d*[)\]]?"
)
DATED = re.compile(
    r"^(?:発[行券]日?)?\s?:?\s?(?:20\d\d|令和\s?\d+)[年/.-]\s?\d{1,2}[月/.-]\s?\d{1,2}日?\s?(?=.*(?:株式会社|有限会社|合同会社))"
)
COMPANY_BRANCH = re.compile(
    r".*(?:株式会社|有限会社|合同会社|\(株\)|\(有\))\s?(?P<branch>\S*[^\W\d](?:本社|支社|本店|支店|営業所|出張所|事業所|工場|店))$"
)
PLACE = re.compile(r"(?:店|所|社|ショップ|駐車場|駅|駅前|口)$")
ADDRESS = re.compile(
    r"〒|^.{0,6}(?:[都道府県]|北海道).{0,12}[市区町村郡]|[市区郡].{1,10}[町村丁目\d]|\d+丁目|\d+番地?|\d-\d+-\d|\d\s?階$|"
    r"大字|\bJALAN\b|\bJLN\b|\bLOT\b|\bTAMAN\b|\bBANDAR\b|\b\d{5}\b|SELANGOR|KUALA LUMPUR|JOHOR|\bNO\.?\s?:?\s?\d|"
    r"STREET|\bAVE|\bROAD\b|\bST\.|PARADE|FLOOR|\bFLR\b|\bSTR\.|STRASSE|straße|\bPLAZA\b.*\d|P\.?O\.? ?BOX|\bSUITE\b|"
    r"\bBLK\b|\bBLOCK\b|\bTINGKAT\b|MALAYSIA\b|[A-Z]{2} \d{5}|\bWISMA\b|\bMENARA\b|\bLEVEL\b|\bUNIT\b|SEKSYEN|,\s*$|"
    r"\bG\.\d|\bPT\s?\d",
    re.I,
)
# Never part of a name: sentences, thanks, titles of documents, labels of several words.
PHRASE = re.compile(
    r"領\s?収|領証|勘定書|計算書|請求書|見積書|納品書|明細書|レシ[-ー]?ト$|お?買上|御?請求|控え?$|お客様|売上票|毎度|"
    r"ありがと|いらっしゃ|またの|お越し|ご来店|お待ち(?![^\W\d]?[堂屋亭庵処])|ください(?!な)|くださる|下さ[いる]|ません|ました|します|いたし|"
    r"致し|お断り|お取替|返品|営業時間|定休|年中無休|公式(?:サイト|HP|ホ[-ー]ム|通販|アプリ|オン|LINE|イン|SNS)|通販サイト|"
    r"で検索|店No|伝票(?:番号|No)|登録番号|電話番号|\bTEL\b|TEL[:.\d(]|電話|FAX|℡|http|www|\.com|\.co|@(?=[\w¥])(?![^\W\da-zA-Z])|"
    r"合計|小計|消費税|[内外]税|税[込抜率額]|[非課免]税|軽減|点数|人数|但し?$|^但|上様|様$|見本|日\s?より|お支払|振込|上記|正に|"
    r"として|印紙|印$|係$|扱$|年\s?\d+月|売場|電子マネ|キャッシュレス|交通系|"
    r"WELCOME|THANK|PLEASE|\bCO(?:MPANY)?\.? ?(?:REG|NO)|TELEPHONE|\bPHONE\b|STEUER|OPEN(?:ING)? HOURS|ORIGINAL|"
    r"REPRINT|DUPLICATE|FORMERLY|LICENSEE|OWNED BY|RETURNABLE|REFUND|VOUCHER|EXPIRY|COMPLAINT|CUSTOMER|DELIVER|\bATTN|"
    r"BILL TO|SHIP TO|E-?MAIL|FACEBOOK|\bROOM\b\W*(?:NO|\d)|ROOM CHARGE|DESCRIPTION|SALES ?PERSON|E-?TICKET|航空券|"
    r"MASTER ?CARD|OFFICIAL RECEIPT",
    re.I,
)
# Labels that may also be a part of a name (アプリコット, 釣具, TOTAL WORKOUT): how much of the piece they are decides.
LABEL = re.compile(
    r"(?<![ァ-ヺー])(?:カ[-ー]?ド|レジ|スキャン|アプリ|チャ[-ー]ジ|テ[-ー]ブル|クレジット|デビット|ギフト|メンバ[-ー]ズ)+(?![ァ-ヺー])|"
    r"^ポイント|ポイント(?![^\W\d]?$)(?:残|カ|数|付|対|会|利|履|進|加)|(?:獲得|累計|保有|今回|前回|\bd|楽天)ポイント|"
    r"明細|取引|ご?利用|公式|検索|通販|会員(?!制)|担当者?|責任?者?[:\d]|伝票|No\.?:?\s?\d+\W*$|番号|登録|発行[者日元]?|日付|"
    r"日時(?!計)|(?:営業|利用|駐車|滞在|入店)時間|時間(?=\W|\d|$)|時刻|宛[名先]?|きっぷ|乗車券?|券売機|区間|運賃|車番|入場|出場|精算機?|残額|"
    r"号室|お部屋|現金|お預かり?|お預り?|お?釣り?銭?(?=\W|\d|$)|金額|品目|数量|単価|決済|収入|機番|加盟店|端末|内訳|対象外?|"
    r"(?:令和|平成)\s?[\d元]+|税(?=\W|\d|$)|証明細?|収納|窓口|"
    r"\bINVOICE|\bRECEIPT\b|\bCASH\b(?!\s*(?:&|AND))|\bBILL\b|\bTAX\b|\bGST\b|\bDATE\b|\bTIME\b|\bTABLE\b|"
    r"\bCASHIER\b|\bCOPY\b|\bREG\b|\bTOTAL\b|\bQTY\b|\bITEM|\bPAX\b|\bDOC\b|\bMEMBER|\bREF\b|\bORDER\b|\bROC\b|"
    r"\bUST|\bSERVER\b|\bGUEST\b|\bCHECK\b|MERCHANT|TERMINAL|APPROV|\bEUR\b|HOURS|DEBIT|VISA|\bPAID\b|\bSOLD\b|"
    r"\bPOS\b|ARRIVAL|DEPARTURE|\bPASSENGER\b|\bFLIGHT\b|\bSALES?\b|\bSIMPLIFIED\b",
    re.I,
)
# Who took the money for somebody else.
AGENT = re.compile(r"^\W*(?:お?取扱い?|収納|料金収納|お?問い?合わ?せ|窓口|委託)")
# Where a shop is, when that is not an address: in a building, on a floor, in a street of shops.
INSIDE = re.compile(
    r"^\([^()]*\)$|(?:構|館|駅|ビル|モ[-ー]ル|タウン|センタ[-ー]|プラザ|パ[-ー]ク|タワ[-ー]|空港|病院|庁舎|大学|店|園|場)内\)?$|"
    r"[ァ-ヺー]{3,}[^\W\dァ-ヺー]{0,4}内\)?$"
)
FLOOR = re.compile(
    r"(?:^|[\s(]|(?<=[^\W\dA-Za-z]))(?:B\d|R|\d{1,2})\s?F(?=$|[\s)]|[^\W\dA-Za-z])|(?:地下|地上)?\d{1,2}\s?階"
)
BUILDING = re.compile(
    r"(?:レストラン|グルメ|専門店|食堂|飲食|地下|商店|名店|のれん|横丁|フ[-ー]ド)街(?:$|\s)|(?:^|(?<=[\sァ-ヺー店院駅(]))(?:[本新別東西南北]|中央)館(?:$|\s)|"
    r"(?:\d号|\b[A-Z])館(?:$|\s)|"
    r"モ[-ー]ル(?![ァ-ヺ])|駅ビル|駅前?プラザ|ステ[-ー]ションビル|\bSC$|"
    r"フ[-ー]ドコ[-ー]ト|エキナカ|(?<![モム][-ー])(?<!モ)ビル(?:$|\s)"
)
STORES = re.compile(
    r"百貨店|デパ[-ー]ト|ショッピング(?:センタ[-ー]|パ[-ー]ク|プラザ|タウン|シティ)|アウトレット(?:パ|モ)"
)
# Words that say what a place is and not whose: a name made of nothing else is none.
_KINDS = (
    r"SUPER ?MARKET|DRUG ?STORE|CONVENIENCE|RESTAURANT|CAF[EÉ]|COFFEE|ESPRESSO|ROASTERS?|ROASTERY|TEA|BAKERY|BREAD|"
    r"PASTRY|SWEETS|HOTEL|BAR|DINING|DINER|KITCHEN|BISTRO|BEER|WINE|STAND|STORE|SHOP|MARKET|PHARMACY|BOOKS?|FLOWERS?|SALON|"
    r"ス[-ー]パ[-ー](?:マ[-ー]ケット)?|ドラッグストア|コンビニ(?:エンスストア)?|レストラン|居酒屋|酒場|喫茶店?|カフェ|ホテル|薬局|書店|"
    r"タクシ[-ー]|営業所|出張所|支店|本社|本店|珈琲店?|ダイニング|バ[-ー]|ベ[-ー]カリ[-ー]|食堂|お?食事処|高速(?:乗合)?バス|路線バス|"
    r"(?:お?食事|御食事|めし|酒|そば|甘味|味|呑み|飲み|お?みやげ)処|定食|ら[-ー]めん|ラ[-ー]メン|中華そば|うどん|そば|焼肉|焼鳥|寿司|鮨|洋食|"
    r"中華料理|和食|イタリアン|フレンチ|美容院|整骨院|鍼灸院|歯科|医院|クリニック|お?弁当|惣菜|生花|文具|家電|雑貨|薬|"
    r"駐車場|コインパ[-ー]キング|ガソリンスタンド|クリ[-ー]ニング|美容室|理容室"
)
GENERIC = re.compile(rf"(?!&)\W*(?:(?:{_KINDS})(?:\W|\bAND\b|\bTHE\b|と)*)+", re.I)
SLOGAN = re.compile(
    r"[。!！?？♪♥❤「」『』【】]|^[★☆]|[★☆]$|です|ます|あなた|本日の|いつも|新メニュ|登場|実施中|開催|キャンペ[-ー]ン|おすすめ|フェア$|"
    r"を|とともに|の味$|手づくり|まごころ|笑顔|周年|だんぜん|まいにち|毎日|おかげ|創業|専門|併設|こだわり|おいし|美味|食生活|暮らし|"
    r"HAPPY|LIFE IS|\bSINCE\b|\bOF THE\b|EVERY ?DAY|\byou\b|\bour\b|\bwe\b|\.\.\.",
    re.I,
)
SAYS = re.compile(
    r"^(?:発行者|発行元|発行店|発行\s?(?=:)|加盟店名?|ご?利用店名?|店舗名?|店名|販売者|事業者名?|運営会社?|会社名|商号|屋号|SHOP|STORE)"
    r"\s?:?\s?(?!番号|登録)(?P<name>[^\d:]{2,}.*)$"
)
# A label before a name that does not say whose name it is: taken off, and no more.
LABELLED = re.compile(r"^(?:氏名|名称|発行)\s?[: ]\s?(?=[^\W\d]{2})")
SAYS_ALONE = re.compile(r"^(?:発行者|発行元|発行店|加盟店名?|ご?利用店名?|店舗名|店名|販売者|会社名):?$")
HEADING = re.compile(r"\b(?:TAX INVOICE|INVOICE|RECEIPT|CASH BILL|CASH SALES?|BILL TO|SOLD TO)\b", re.I)
CONTACT = re.compile(
    r"T\d{12,13}|登[録緑]番号|\bTEL\b|TEL[:.\d]|電話|℡|☎|〒|(?<!\d)0\d{1,3}-\d{2,4}-\d{4}|\bGST\b.{0,8}\d|\(\d{5,7}\s?-\s?[A-Z]\)|"
    r"[^\W\d]{2}駅(?:$|[A-Z\d\s])|\(?CO\.? ?(?:REG|NO)|\bROC\b|[都道府県].{1,8}[市町村区郡].{0,12}\d|大字",
    re.I,
)
ADDRESSEE = re.compile(
    r"(?:様|御中|殿|サマ)\s*$|(?:様|御中)\s?(?:請求|No|令和|20\d\d|\d)|^(?:BILL|SHIP|SOLD) TO|^ATTN", re.I
)
ADDRESSED = re.compile(r"^(?:様|御中|殿)")
FORM_ONLY = re.compile(
    r"^\W*(?:\(?M\)?\s*)?(?:CO\W*)?(?:\(M\)\s*)?(?:SDN\W*BHD|BHD|PLT|ENTERPRISE|TRADING|S/B|LTD|CO|RESTAURANT|ELECTRICAL|"
    r"GMBH|INC|HARDWARE)\W*(?:SDN\W*BHD|BHD|LTD)?\W*$",
    re.I,
)
CARRIES_ON = re.compile(r"^(?:&|\bAND\b|CO\.\s|\(M\))", re.I)
PRICE = re.compile(r"\W?[¥\\]\s?\d[\d,.]*\W?|\d{1,3}(?:,\d{3})+\W?円?|\d{2,}円")
PURPOSE = re.compile(r"^但|として$|の?代金?として")
