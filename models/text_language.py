"""Whether a line is English: the text model has learned no other language, and must say so.

Conventions
-----------
`language_of` answers ``"en"``, ``"other"``, or ``"unknown"`` where there is nothing to tell by: no
word, or a word or two that are in no list (names, emotes, slips of the keys). Letters of another
script than Latin are another language at once. Latin ones are weighed: words that training met in
English (a `WordList`, without the words themselves) against the commonest small words of the
languages that are most written in games and chats. Short lines of a language that is in no list
may pass as ``"unknown"``; English with a foreign word in it stays English.
"""

from __future__ import annotations

import unicodedata
import zlib
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.text_tokens import Token

Language = Literal["en", "other", "unknown"]

BITS = 1 << 18
HASHES = 2
FEW = 0.4
"""With three words or more, a smaller share of known ones is another language."""
_OTHERS = """
der das und ist nicht ich wir ihr sie ein eine einen mit auf für auch aber wie mir mich dich
wenn
nur noch schon sehr gut schlecht danke bitte warum heute spiel spielen scheiße scheisse traurig
glücklich bin bist sind war hast habe kein keine
le la les un une des et est pas je tu il elle nous vous ils que qui dans pour avec sur mais très
bien mal merci bonjour pourquoi suis ne ce cette c'est j'ai aujourd'hui oui aussi tout rien
jeu joue jouer nul partie triste content heureux putain merde salut
el los las una y es no yo tú él ella nosotros que en por para con pero muy más gracias hola
porque
estoy está soy eres como hoy bueno malo todo nada mierda amigo también qué
quiero quieres jugar juego partida vamos contigo gano perdí feliz triste lindo linda jajaja puta
o os as um uma e é não eu você ele ela nós que em por para com mas muito mais obrigado olá
porque
estou está sou hoje bom mau tudo nada sim também isso
jogo jogar partida vamo cara legal feliz dia muita você vc
il lo gli uno di che non io lei noi voi loro in per con ma molto più grazie ciao perché sono sei
oggi bene male tutto niente anche questo questa è
de het een en is niet ik jij hij zij wij jullie dat die in op voor met maar heel erg goed slecht
dank waarom vandaag ben bent zijn ook geen dit
jest nie się to na w z do że jak ja ty on ona my wy oni co czy bardzo dobrze źle dzięki cześć
dlaczego jestem dziś kurwa smutny gra tak tylko już mam
och att det är inte jag du han hon vi ni de en ett på för med men mycket bra dåligt tack hej
varför
idag ikke jeg og det er meget godt også ja nej
ja nein nie tak oui sí si sim da ne
ve bir bu ne için ben sen biz siz onlar çok iyi kötü teşekkürler merhaba neden bugün değil var
yok
saya kamu dia kami mereka dan yang di ke dari tidak ini itu sangat baik terima kasih kenapa hari
aku ang mga ako ikaw siya kami sila hindi ito iyan maganda salamat bakit
și nu este eu el ea noi voi foarte bine rău mulțumesc astăzi sunt
ja on ei se että minä sinä hän me te he hyvä huono kiitos miksi tänään olen
nem és az egy én ő ti ők nagyon jó rossz köszönöm miért ma vagyok
a je to se na že já ty my vy oni co velmi dobře špatně děkuji proč dnes jsem není
tôi bạn anh chị em không là và của rất tốt xấu cảm ơn vì sao hôm nay
"""
_ENGLISH_TOO = """
a an and as at be but by dat de die do du e el em eu for go hat he her him his i if il in is it
la las le les lo man mal me men met my na ne ni no non of on op or os per pro so son sin sur te
to tu um un us van var via was we will y you ze ate am are dan den dia dc hey ja mi mag ma mga
not o one par que pas tack hm ben ha sei sen bra war ty era tout sole come kami sang chi bu se
si
"""
OTHER_WORDS = frozenset(_OTHERS.split()) - frozenset(_ENGLISH_TOO.split())
"""Small words of other languages that are not written in English."""


class WordList:
    """A set of words that tells whether it has one, and does not keep them (Bloom 1970).

    Parameters
    ----------
    bits : np.ndarray, shape=(BITS // 8,), uint8
        As `build` makes them.
    """

    def __init__(self, bits: np.ndarray) -> None:
        self._bits = bits.tobytes()

    def __contains__(self, word: str) -> bool:
        return all(self._bits[place >> 3] >> (place & 7) & 1 for place in _places(word))

    @staticmethod
    def build(words: Iterable[str]) -> np.ndarray:
        """Bits of a list of words, shape=(BITS // 8,), uint8."""
        bits = np.zeros(BITS // 8, np.uint8)
        for word in words:
            for place in _places(word):
                bits[place >> 3] |= np.uint8(1 << (place & 7))
        return bits


def language_of(tokens: Sequence[Token], english: WordList) -> Language:
    """Say in what language a line is written.

    Parameters
    ----------
    tokens : sequence of Token
    english : WordList
        Words that are met in English.
    """
    words = list(dict.fromkeys(token.text for token in tokens if token.kind == "word"))
    letters = [letter for word in words for letter in word if letter.isalpha()]
    if not letters:
        return "unknown"
    foreign = sum(1 for letter in letters if not _is_latin(letter))
    if foreign * 2 > len(letters):
        return "other"
    known = sum(word in english for word in words) / len(words)
    hits = sum(word in OTHER_WORDS for word in words)
    if hits * 3 > len(words) or (hits and known < 0.5):
        return "other"
    if known >= 0.5:
        return "en"
    accented = any(not letter.isascii() for letter in letters)
    plain = sum(word.isalpha() for word in words)  # the others are names and emotes
    if known < FEW and plain >= (3 if accented else 4):
        return "other"
    return "unknown"


def _is_latin(letter: str) -> bool:
    """Whether a letter is of the Latin script."""
    return letter.isascii() or unicodedata.name(letter, "").startswith(("LATIN", "FULLWIDTH LATIN"))


def _places(word: str) -> tuple[int, int]:
    """Bits that stand for a word."""
    code = word.encode("utf-8", "surrogatepass")
    return zlib.crc32(code) % BITS, zlib.adler32(code + b"#") * 2654435761 % (1 << 32) % BITS
