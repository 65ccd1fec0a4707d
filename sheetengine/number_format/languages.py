"""Names of months and days in the languages that `[$-407]` and `[$-de-DE]` call for.

In: what stands behind the hyphen of such a bracket. Out: a `Language`; English where the tag is of another one.
Windows writes the names; Excel takes them from there (Microsoft, "Language identifiers").
"""

from __future__ import annotations

import string
from dataclasses import dataclass, replace
from typing import Final

from sheetengine.calendar import DAY_NAMES, MONTH_NAMES


@dataclass(frozen=True, slots=True)
class Language:
    """Names of months and days (Sunday first) with their short forms."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    days: tuple[str, ...]
    short_days: tuple[str, ...]
    morning: str = "AM"
    afternoon: str = "PM"


def _language(months: str, short_months: str, days: str, short_days: str, morning: str = "AM", afternoon: str = "PM") -> Language:
    return Language(tuple(months.split()), tuple(short_months.split()), tuple(days.split()), tuple(short_days.split()), morning, afternoon)


ENGLISH: Final = Language(MONTH_NAMES, tuple(name[:3] for name in MONTH_NAMES), DAY_NAMES, tuple(name[:3] for name in DAY_NAMES))

_EAST_ASIAN_MONTHS: Final = " ".join(f"{month}月" for month in range(1, 13))
_CHINESE_MONTHS: Final = "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月"
_KOREAN_MONTHS: Final = " ".join(f"{month}월" for month in range(1, 13))

# By primary language: the low ten bits of a language identifier, or the first part of a language tag.
_LANGUAGES: Final[dict[str, Language]] = {
    "de": _language(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez",
        "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag", "So Mo Di Mi Do Fr Sa",
    ),
    "fr": _language(
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        "dimanche lundi mardi mercredi jeudi vendredi samedi", "dim. lun. mar. mer. jeu. ven. sam.",
    ),
    "es": _language(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sep oct nov dic",
        "domingo lunes martes miércoles jueves viernes sábado", "dom lun mar mié jue vie sáb",
    ),
    "it": _language(
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "gen feb mar apr mag giu lug ago set ott nov dic",
        "domenica lunedì martedì mercoledì giovedì venerdì sabato", "dom lun mar mer gio ven sab",
    ),
    "pt": _language(
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "jan fev mar abr mai jun jul ago set out nov dez",
        "domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado", "dom seg ter qua qui sex sáb",
    ),
    "nl": _language(
        "januari februari maart april mei juni juli augustus september oktober november december",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "zondag maandag dinsdag woensdag donderdag vrijdag zaterdag", "zo ma di wo do vr za",
    ),
    "sv": _language(
        "januari februari mars april maj juni juli augusti september oktober november december",
        "jan feb mar apr maj jun jul aug sep okt nov dec",
        "söndag måndag tisdag onsdag torsdag fredag lördag", "sön mån tis ons tor fre lör",
    ),
    "da": _language(
        "januar februar marts april maj juni juli august september oktober november december",
        "jan feb mar apr maj jun jul aug sep okt nov dec",
        "søndag mandag tirsdag onsdag torsdag fredag lørdag", "sø ma ti on to fr lø",
    ),
    "nb": _language(
        "januar februar mars april mai juni juli august september oktober november desember",
        "jan feb mar apr mai jun jul aug sep okt nov des",
        "søndag mandag tirsdag onsdag torsdag fredag lørdag", "sø ma ti on to fr lø",
    ),
    "fi": _language(
        "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
        "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
        "sunnuntai maanantai tiistai keskiviikko torstai perjantai lauantai", "su ma ti ke to pe la",
    ),
    "pl": _language(
        "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
        "sty lut mar kwi maj cze lip sie wrz paź lis gru",
        "niedziela poniedziałek wtorek środa czwartek piątek sobota", "niedz. pon. wt. śr. czw. pt. sob.",
    ),
    "cs": _language(
        "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
        "I II III IV V VI VII VIII IX X XI XII",
        "neděle pondělí úterý středa čtvrtek pátek sobota", "ne po út st čt pá so",
    ),
    "ru": _language(
        "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
        "янв фев мар апр май июн июл авг сен окт ноя дек",
        "воскресенье понедельник вторник среда четверг пятница суббота", "Вс Пн Вт Ср Чт Пт Сб",
    ),
    "hu": _language(
        "január február március április május június július augusztus szeptember október november december",
        "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.",
        "vasárnap hétfő kedd szerda csütörtök péntek szombat", "V H K Sze Cs P Szo",
    ),
    "ro": _language(
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
        "ian. feb. mar. apr. mai iun. iul. aug. sept. oct. nov. dec.",
        "duminică luni marți miercuri joi vineri sâmbătă", "dum. lun. mar. mie. joi vin. sâm.",
    ),
    "th": _language(
        "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
        "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
        "อาทิตย์ จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์", "อา. จ. อ. พ. พฤ. ศ. ส.",
    ),
    "tr": _language(
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
        "Pazar Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi", "Paz Pzt Sal Çar Per Cum Cmt",
    ),
    "ja": _language(_EAST_ASIAN_MONTHS, " ".join(map(str, range(1, 13))), "日曜日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日", "日 月 火 水 木 金 土", "午前", "午後"),
    "zh": _language(_CHINESE_MONTHS, _EAST_ASIAN_MONTHS, "星期日 星期一 星期二 星期三 星期四 星期五 星期六", "周日 周一 周二 周三 周四 周五 周六", "上午", "下午"),
    "ko": _language(_KOREAN_MONTHS, " ".join(map(str, range(1, 13))), "일요일 월요일 화요일 수요일 목요일 금요일 토요일", "일 월 화 수 목 금 토", "오전", "오후"),
}  # fmt: skip
# [$-FC19] is Russian with the months in the genitive, as they stand behind a day.
_GENITIVE: Final = {
    0xFC19: replace(
        _LANGUAGES["ru"],
        months=("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"),
    )
}
_PRIMARY: Final[dict[int, str]] = {
    0x04: "zh", 0x05: "cs", 0x06: "da", 0x07: "de", 0x0A: "es", 0x0B: "fi", 0x0C: "fr", 0x0E: "hu", 0x10: "it", 0x11: "ja", 0x12: "ko", 0x13: "nl",
    0x14: "nb", 0x15: "pl", 0x16: "pt", 0x18: "ro", 0x19: "ru", 0x1D: "sv", 0x1E: "th", 0x1F: "tr",
}  # fmt: skip


def language_of(tag: str) -> Language:
    """The language of an identifier in hexadecimal or of a tag.

    >>> language_of("407").months[2], language_of("fr-CH").days[1], language_of("409").months[0], language_of("1010411").morning
    ('März', 'lundi', 'January', '午前')
    """
    tag = tag.partition(",")[0].strip()
    if tag and all(character in string.hexdigits for character in tag):
        identifier = int(tag, 16)
        return _GENITIVE.get(identifier & 0xFFFF) or _LANGUAGES.get(_PRIMARY.get(identifier & 0x3FF, ""), ENGLISH)
    return _LANGUAGES.get(tag.partition("-")[0].lower(), ENGLISH)
