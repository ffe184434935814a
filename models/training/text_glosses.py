"""What the words, emotes and signs of chats mean, in plain English: so that they can be learned.

Conventions
-----------
A gloss is a sentence in which somebody says outright what a token of a chat says for short. The
teacher (`models.training.text_teacher`) reads the gloss, the student the token. Written by us from
common knowledge, without a look at any labels. Several forms of one are separated by ``|``.
"""

from __future__ import annotations

from itertools import chain

LAUGHTER = "Haha, that is so funny, I am laughing out loud!"
JOY = "I am so happy, this is great!"
EXCITEMENT = "Wow, this is amazing, I am so excited!"
TENSION = "This is scary, I am so nervous and afraid!"
SADNESS = "I am so sad, this makes me cry."
DISGUST = "This is disgusting, I hate it."
ANGER = "I am so angry, this is infuriating!"
BOREDOM = "This is boring, I am falling asleep."
IRONY = "I do not really mean that, I am just joking."
MOCKERY = "You are so stupid, what an idiot."
WEIRD = "That is weird, I do not like it."
DISBELIEF = "Oh no, this is terrible, I cannot believe it."
PRAISE = "Well done, that was great!"
THANKS = "Thank you, I appreciate it."
LOVE = "I love you, this is so sweet."
CALM = "Everything is fine, I am relaxed and content."
THOUGHT = "I am thinking about it."
TRIUMPH = "That was so easy, we won, I am proud of it!"
DEFEAT = "We lost, it is over, what a pity."
GREETING = "Hello everybody, nice to see you!"
REGRET = "I am sorry, that went wrong."
DANCE = "I enjoy this music and dance along."
PLAIN = "I say something about it."

_GLOSSES: dict[str, str] = {
    LAUGHTER: (
        "lul | lulw | lulz | omegalul | omegalulw | kekw | kek | zulul | lol | lmao"
        " | lmfao | rofl | roflmao | xd | xdd | haha | hahaha | hehe | 4head"
        " | elegiggle | pepelaugh | omegaroll | icant | kekl | kekleo | lolol"
        " | forsenkek | 😂 | 🤣 | 😹 | 💀 | hah | ahaha | jajaja | lmaoo"
        " | hilarious"
    ),
    JOY: (
        ":) | :d | =) | (: | ^^ | :-) | =d | :3 | feelsgoodman | peepohappy"
        " | widepeepohappy | peepoglad | seemsgood | yay | woo | woohoo | yippee"
        " | happyge | feelshappyman | 😀 | 😃 | 😄 | 😁 | 😊 | 🙂 | ☺ | 🥳"
        " | lets go | letsgo | nice | noice"
    ),
    EXCITEMENT: (
        "pog | pogchamp | poggers | pogu | pogg | poggies | pagchomp | pagman"
        " | pagbounce | pogslide | hype | hypers | feelsamazingman | hyperpog | omg"
        " | wow | woah | lit | insane | sick | cracked | godlike | pentakill"
        " | clutch | pepejamming | pogey | gigachad | 🤩 | 🔥 | 😮 | jackpot | epic"
        " | legendary"
    ),
    TENSION: (
        "monkas | monkaw | monkaomega | monkagiga | monkaeyes | monkashake | d:"
        " | 😱 | 😨 | 😰 | 😬 | 😧 | peeposcared | monkax | scared | spooky"
    ),
    SADNESS: (
        "pepehands | sadge | feelsbadman | biblethump | peeposad | peepocry"
        " | widepeeposad | :( | :-( | =( | :'( | t_t | ;_; | tt | feelssadman"
        " | despair | depresso | pepepains | 😢 | 😭 | 😞 | 😔 | ☹ | 🙁 | 😿 | 💔"
        " | </3 | feelscryman | sadcat"
    ),
    DISGUST: (
        "dansgame | wutface | ew | eww | gross | yuck | 🤮 | 🤢 | ugh | disgusting | puke | 💩"
    ),
    ANGER: (
        "swiftrage | madge | babyrage | punoko | rage | ragequit | reee | reeeee"
        " | wtf | ffs | stfu | gtfo | kys | 😡 | 😠 | 🤬 | 👿 | pepepunch | ragey"
        " | >:( | argh | grr | fuck this | mad | angery"
    ),
    BOREDOM: ("residentsleeper | bedge | zzz | yawn | boring | snore | 😴 | 🥱 | snoozefest"),
    IRONY: (
        "kappa | kapp | keepo | kappapride | jk | /s | 😏 | 😉 | ;) | yeah right"
        " | sure jan | kappahd | jebaited | 🙃 | kidding"
    ),
    MOCKERY: (
        "brokeback | pepega | noob | n00b | noobs | newb | scrub | trash | rekt"
        " | get rekt | git gud | loser | idiot | retard | dumbass | moron | clown"
        " | 🤡 | pleb | bot | uninstall | ur bad | you suck | l2p | mongo"
        " | pepegaaim | 🖕 | 👎 | 🤦"
    ),
    WEIRD: (
        "feelsweirdman | weirdchamp | cmonbruh | hyperbruh | hahaa | cringe | bruh"
        " | sus | yikes | creepy | wtff | weirdge | peepoweird | haha no | cringy"
        " | bruhh"
    ),
    DISBELIEF: (
        "notlikethis | failfish | smh | facepalm | fml | omfg | oof | oh no | pain"
        " | painge | copium | aware | 🤕 | monkahands | whyyy | unlucky"
        " | rip my luck | disaster | 🙈"
    ),
    PRAISE: (
        "clap | 👏 | gj | wp | gg | ggs | gg wp | ggwp | good job | well played"
        " | n1 | ns | nice shot | nice one | mvp | goat | goated | 👍 | 💯 | 👌"
        " | bravo | based | respect | 🏆 | pogclap | good game | props | carried"
        " | bis"
    ),
    THANKS: (
        "ty | tysm | thx | thanks | tyvm | thank u | 🙏 | givep | cheers mate | much appreciated"
    ),
    LOVE: (
        "<3 | ❤ | 😍 | 🥰 | 😘 | 💕 | 💖 | 💜 | 💙 | 💚 | 💛 | 🧡 | ily"
        " | bleedpurple | love | peepolove | catlove | luv | twitchunity | 😻"
        " | ayaya | cute | uwu | owo | frankerz | corgiderp | aww | awww | 💗 | 💞"
        " | 🤗 | sweetheart"
    ),
    CALM: (
        "feelsokayman | okayge | comfy | chill | peepocomfy | widepeepocomfy | 😌"
        " | cozy | feelscomfy | relaxed"
    ),
    THOUGHT: ("thinking | hmm | hmmm | monkahmm | 🤔 | pepothink | hmmge | peepothink"),
    TRIUMPH: (
        "ez | ezclap | ez clap | ezpz | gg ez | easy | 2ez | ez game | w | big w"
        " | winnable | we won | 😎 | victory | 💪 | destroyed them | ace | flawless"
        " | b) | pwned"
    ),
    DEFEAT: (
        "rip | l | f | ff | ff15 | ff at 15 | gg go next | lost | doomed"
        " | dead game | take the l | big l | thrown | throw | threw | inting"
        " | feeding | feeder | unwinnable | deadge | 🪦 | surrender | it's over"
        " | game over"
    ),
    GREETING: (
        "heyguys | hi | hello | hey | vohiyo | koncha | yo | hiya | howdy | sup"
        " | 👋 | o/ | peepoarrive | morning | evening"
    ),
    REGRET: ("my bad | mb | sorry | srry | sry | unlucky me | oops | whoops | nt | nice try"),
    DANCE: (
        "catjam | pepejam | peped | alienpls | alienpls3 | ratjam | jammies | pphop"
        " | vibepls | 🎶 | 🎵 | 💃 | 🕺 | blobdance | gachipls | nyanpls"
        " | pepedance | danceparty"
    ),
    PLAIN: (
        "idk | imo | tbh | btw | afk | brb | fyi | ok | okay | k | kk | yes | yep"
        " | no | nope | omw | gl | irl | aka | gn | wb | def | mid lane | top"
        " | jungle | push | b | back | !uptime | !song | !roulette | !points"
        " | what song is this | which game is this | what time is it"
        " | how long is the stream | who is playing | let me check | next round"
        " | loading"
    ),
    "Good luck and have fun!": ("glhf | gl hf | good luck | hf | 🍀"),
    "You cheat, that is unfair, I hate cheaters!": (
        "hacker | cheater | hacks | aimbot | wallhack | cheating | hax | reported"
        " | report him | reported for hacking"
    ),
    "The connection is terrible, this is annoying.": (
        "lag | laggy | lagging | dc | disconnected | fps drop | 999 ping"
        " | unplayable | lagspike | stuttering | crashed again"
    ),
    "You are bitter and frustrated about it.": (
        "salty | pjsalt | tilted | tilt | so salty | mald | malding | seething | cope | salt"
    ),
    "This is bad and I am disappointed.": (
        "mid | nerf | meh | lame | weak | scuffed | overrated | trash game | clunky"
        " | 😒 | 😑 | 😕 | feelslateman | underwhelming | pay to win | p2w"
        " | worst update"
    ),
    "I am hopeful that this will turn out well.": (
        "hopium | 🤞 | prayge | 🙏🙏 | peepopray | pls | plz | please"
    ),
    "This is hot, I like it a lot.": (
        "kreygasm | gachibass | gachigasm | hypergachi | gachihyper | 😋 | 🤤 | yum | 🥵"
    ),
    "I fight and attack with all my strength!": (
        "smorc | ⚔ | 🗡 | charge | attack | deus vult | 💥 | to arms"
    ),
    "I do not care about it at all.": (
        "whatever | idc | shrug | 🤷 | coolstorybob | cool story | don't care | who asked"
    ),
    "What? I do not understand, I am confused.": (
        "wut | wat | huh | ??? | ?? | modcheck | clueless | 😵 | wot"
        " | what is going on | confusedcat | 🤨 | ❓ | i'm lost"
    ),
    "I am shocked and surprised!": (
        "😲 | 🤯 | 😳 | o_o | wtfff | no way | omegaw | holy | jesus | holy shit"
        " | holy moly | :o | gasp"
    ),
    "I am tired and exhausted.": (
        "😫 | 😩 | 🥺 | tired | so tired | exhausted | sleepy | drained | burned out | 💤"
    ),
    "I am ill and feel bad.": ("🤒 | 🤧 | 🤒🤒 | sick today | headache | 😷 | not feeling well"),
    "I feel lonely and nobody talks to me.": (
        "lonely | so alone | nobody cares | forever alone | no friends"
    ),
    "It is peaceful and beautiful here.": (
        "🌸 | 🌅 | 🌈 | 🌻 | peaceful | so beautiful | lovely view | serene | 🍃"
    ),
    "We celebrate, congratulations!": (
        "🎉 | 🎊 | congrats | gratz | grats | congratulations | hbd | happy birthday | 🎂 | 🥂"
    ),
}


def glosses() -> list[tuple[str, str]]:
    """All pairs of what is written and what that means."""
    return list(
        chain.from_iterable(
            ((form, meaning) for form in forms.split(" | ")) for meaning, forms in _GLOSSES.items()
        )
    )
