"""Words that tell a name from everything else that stands near the head of a receipt."""

from __future__ import annotations

import re

FORM = re.compile(
    r"株式会社|[(（]株[)）]|有限会社|[(（]有[)）]|合同会社|合資会社|協同組合|生活協同|社団法人|財団法人|公社|公団|"
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
    r"ラ[-ー]メン|そば|うどん|郵便局|市役所|クリ[-ー]ニング|割烹|酒肴|パ[-ー]ク$|食品館|花の店|花店|商事|産業|工業|興業|商会",
    re.I,
)
BRANCH = re.compile(
    r"(?:本店|支店|本社|支社|営業所|出張所|ショップ|[^\W\d書商酒喫飲百花当貴同各]店|売店|号店|[^\W\d]駅(?:前|[東西南北]口|中央口)?|駐車場)"
    r"(?:\s|$|[(\[]|\d|[A-Z]\d|TEL|電話)"
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
NOT = re.compile(
    r"領\s?収|勘定書|計算書|レシ[-ー]?ト$|明細|お?買上|御?請求|見積|納品|控え?$|お客様|売上票|クレジット|カ[-ー]?ド|取引|ご?利用|毎度|"
    r"ありがと|いらっしゃ|またの|お越し|ご来店|お待ち|くださ|下さ|ません|ました|します|いたし|お取替|返品|営業時間|定休|"
    r"年中無休|公式|アプリ|検索|通販|ポイント|会員|担当|責任?者?[:\d]|レジ|スキャン|店No|伝票|No\.?:?\s?\d|番号|登録|\bTEL\b|TEL[:.\d(]|電話|"
    r"FAX|℡|http|www|\.com|\.co|@|合計|小計|税|点数|人数|テ[-ー]ブル|発行|日付|日時|時間|時刻|但し?|上様|様$|宛|見本|領証|"
    r"きっぷ|乗車|券売機|区間|運賃|車番|入場|出場|精算|残額|チャ[-ー]ジ|号室|お部屋|日\s?より|現金|お預|釣|金額|品目|数量|単価|"
    r"電子マネ|決済|キャッシュレス|交通系|収入|印紙|印$|係$|扱$|機番|加盟店|端末|お支払|振込|上記|正に|として|内訳|対象|年\s?\d+月|令和|平成|"
    r"\bINVOICE|\bRECEIPT\b|\bCASH\b(?!\s*(?:&|AND))|\bBILL\b|\bTAX\b|\bGST\b|\bDATE\b|\bTIME\b|\bTABLE\b|\bCASHIER\b|"
    r"\bCOPY\b|WELCOME|THANK|PLEASE|\bREG\b|\bTOTAL\b|\bQTY\b|\bITEM|\bPAX\b|DESCRIPTION|SALES ?PERSON|\bDOC\b|"
    r"\bMEMBER|OPEN(?:ING)? HOURS|\bREF\b|\bORDER\b|\bROC\b|\bCO(?:MPANY)?\.? ?(?:REG|NO)|TELEPHONE|\bPHONE\b|\bUST|"
    r"STEUER|\bSERVER\b|\bGUEST\b|\bCHECK\b|MERCHANT|TERMINAL|APPROV|\bEUR\b|HOURS|DEBIT|VISA|MASTER ?CARD|ORIGINAL|"
    r"REPRINT|DUPLICATE|\bPAID\b|FORMERLY|LICENSEE|OWNED BY|RETURNABLE|REFUND|VOUCHER|EXPIRY|COMPLAINT|CUSTOMER|"
    r"\bSOLD\b|DELIVER|\bATTN|BILL TO|SHIP TO|\bPOS\b|E-?MAIL|FACEBOOK|\bROOM\b\W*(?:NO|\d)|ROOM CHARGE|"
    r"ARRIVAL|DEPARTURE|\bPASSENGER\b|\bFLIGHT\b|E-?TICKET|航空券",
    re.I,
)
GENERIC = re.compile(
    r"\W*(?:SUPER ?MARKET|DRUG ?STORE|CONVENIENCE STORE|RESTAURANT|CAFE|COFFEE SHOP|HOTEL|BAR|STORE|SHOP|MARKET|"
    r"ス[-ー]パ[-ー](?:マ[-ー]ケット)?|ドラッグストア|コンビニ(?:エンスストア)?|レストラン|居酒屋|酒場|喫茶|カフェ|ホテル|薬局|書店|タクシ[-ー]|営業所|出張所|支店|本社)\W*",
    re.I,
)
SLOGAN = re.compile(
    r"[。!！?？♪♥❤「」『』【】]|です|ます|だんぜん|まいにち|毎日|おかげ|創業|専門|併設|こだわり|おいし|美味|食生活|暮らし|"
    r"HAPPY|LIFE IS|\byou\b|\bour\b|\bwe\b|\.\.\.",
    re.I,
)
SAYS = re.compile(
    r"^(?:発行者|発行元|発行店|加盟店名?|ご?利用店名?|店舗名?|店名|販売者|事業者名?|運営会社?|会社名|商号|SHOP|STORE)"
    r"\s?:?\s?(?!番号|登録)(?P<name>[^\d:]{2,}.*)$"
)
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
PURPOSE = re.compile(r"^但|として$|の?代金?として")
