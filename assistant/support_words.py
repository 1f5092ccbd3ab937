"""Words whose exchange changes what a sentence claims, and words that say the same."""

from __future__ import annotations

WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())

NEGATORS = frozenset(
    "not no never nobody nothing none neither nor nowhere cannot without hardly scarcely "
    "unable".split()
)
"""Words that turn what follows into its opposite; a word that ends in ``n't`` does so too."""
SOFT_NEGATORS = frozenset(
    "refus declin fail lack deni reject avoid stop ceas end abandon drop prevent forbid prohibit "
    "ban halt absenc absent miss instead".split()
)
"""Stems of words that may say with another word what a negator says: "declined to renew", "did not
renew". They answer for a negator; they do not ask for one."""

_OPPOSITES = """
more less | more fewer | most least | largest smallest | biggest smallest | highest lowest |
earliest latest | little much | at_least up_to | more_than up_to | foreign domestic |
foreign local | higher lower | high low | above below | over under | before after |
earlier later | since until | until after | increase decrease | increase reduce | rise fall |
up down | at_least at_most | larger smaller | large small | big small | longer shorter |
long short | faster slower | older younger | older newer | old new | old young | first last |
best worst | win lose | better worse | maximum minimum | majority minority | accept reject |
accept refuse | accept deny | accept decline | approve reject | allow reject | allow deny |
allow dismiss | allow refuse | approve refuse | allow ban | allow prohibit | allow forbid |
permit ban | permit prohibit | permit forbid | legal illegal | lawful unlawful | admit deny |
confirm deny | guilty innocent | innocent convict | guilty acquit | convict acquit |
agree refuse | agree disagree | begin end | start end | start stop | begin stop | open close |
enter leave | enter exit | buy sell | public private | join leave | support oppose |
include exclude | succeed fail | success failure | pass fail | uphold overturn | uphold reject |
uphold dismiss | affirm overturn | uphold strike | deny grant | reject grant | refuse grant |
dismiss uphold | dismiss grant | plaintiff defendant | positive negative | true false |
correct wrong | right wrong | male female | man woman | men women | son daughter | mother father |
husband wife | north south | east west | northern southern | eastern western | early late |
inside outside | import export | gain loss | strong weak | voluntary mandatory |
voluntary compulsory | temporary permanent | always never | everyone nobody | all none |
everybody nobody | with without | for against | in_favour against | minimum maximum |
morning evening | yesterday tomorrow | possible impossible | reliable unreliable | able unable |
fair unfair | constitutional unconstitutional | known unknown | employer employee |
local national | national international | state federal | civil criminal | remove add |
delete keep | delete retain | destroy keep | destroy preserve | dark light | darker lighter |
appeal accept | ask answer | borrow lend | hire fire | require exempt | many few | adult child |
expand narrow | tighten loosen | lift impose | arrest release | charge clear | raise cut |
raise lower | double halve | continue stop | continue end | spread shrink | praise criticise |
praise criticize | welcome criticise | welcome criticize | widen narrow
"""

_QUANTIFIERS = (
    ("all", "every", "each", "everyone", "everybody", "entire", "whole"),
    ("most",),
    ("some", "several", "certain"),
    ("many", "numerous"),
    ("few",),
    ("both",),
    ("half",),
    ("only", "sole", "solely", "single", "just", "exclusively", "merely", "alone"),
    ("always",),
    ("first",),
    ("last", "final", "latest"),
    ("twice", "double"),
    ("third",),
    ("quarter",),
    ("once",),
)
QUANTIFIER_GROUPS = {word: group[0] for group in _QUANTIFIERS for word in group}
"""A word of quantity -> the word that stands for its group."""

IRREGULAR = {
    form: pair.split()[0]
    for pair in (
        "lead led", "hold held", "take took taken", "make made", "give gave given", "find found",
        "send sent", "tell told", "keep kept", "leave left", "begin began begun", "sell sold",
        "buy bought", "pay paid", "meet met", "win won", "lose lost", "run ran", "rise rose risen",
        "fall fell fallen", "write wrote written", "speak spoke spoken", "break broke broken",
        "choose chose chosen", "draw drew drawn", "grow grew grown", "know knew known",
        "see saw seen", "seek sought", "build built", "spend spent", "strike struck",
        "teach taught", "think thought", "understand understood", "bring brought", "catch caught",
        "say said", "uphold upheld", "forbid forbade forbidden", "steal stole stolen",
        "overturn overturned", "hear heard", "show shown", "become became", "come came",
        "go went gone", "get got gotten", "stand stood", "put puts", "let lets", "cut cuts",
        "throw threw thrown", "drive drove driven", "wear wore worn", "shoot shot", "feel felt",
        "man men", "woman women", "child children", "withdraw withdrew withdrawn",
    )
    for form in pair.split()[1:]
}  # fmt: skip

HEDGES = frozenset(
    "may might could would should plan propos alleg accus claim consid suggest appar possibl "
    "probabl likely unlikely seek hope tri attempt intend expect threaten rumor argu estim "
    "suspect if whether".split()
)
"""Stems and words that make a thing less than certain."""

SAME_NAME = {
    word: group.split()[0]
    for group in (
        "usa us u.s u.s. usa america american americans",
        "uk u.k u.k. britain british",
        "eu e.u european europe",
        "california californian",
    )
    for word in group.split()
}

SYNONYMS = {
    word: group.split()[0]
    for group in (
        "fine penalty penalised penalized fined sanction sanctioned penalties",
        "company firm business corporation vendor startup",
        "police officers officer",
        "buy bought purchase purchased acquire acquired",
        "say said says state stated states told tell reported report reports announced announce "
        "added wrote explained noted",
        "picture photo photograph image photos pictures images photographs",
        "begin began begun start started starts begins launched launch",
        "end ended ends stop stopped finish finished",
        "use used uses using employ employed deploy deployed",
        "judge court tribunal justice",
        "law act statute legislation",
        "rule ruled decided found held hold ruling decision",
        "pay paid pays payment",
        "get got obtain obtained receive received",
        "show showed shown shows demonstrate demonstrated reveal revealed",
        "software program system technology tool product",
        "person people persons individual individuals man woman men women",
        "country nation countries nations",
        "agency authority regulator watchdog body agencies regulators authorities",
        "city town municipality cities",
        "ban banned prohibit prohibited forbid forbade outlaw outlawed bans bar barred prohibits",
        "lawsuit suit case sued sue suing",
        "amount sum total",
        "roughly approximately nearly almost",
        "car vehicle cars vehicles",
        "kid child children kids",
        "make made makes build built create created develop developed produce produced",
        "ask asked request requested",
        "agree agreed consent consented",
        "worker workers employee employees staff",
        "store shop stores shops",
        "wrong false mistaken incorrect wrongly falsely",
    )
    for word in group.split()
}

STARTERS = frozenset(
    "officials police investigators regulators researchers people critics lawmakers judges "
    "prosecutors officers authorities residents lawyers experts scientists campaigners voters "
    "companies citizens travellers travelers passengers customers workers employees shoppers "
    "fans users photos images pictures cameras software records documents data neither nobody "
    "everyone anyone someone several many most some few all both each every another other others "
    "according following instead however although though despite because since while when where "
    "after before during until under over between among through throughout within without during "
    "today yesterday later earlier meanwhile then there here also even only just still two three "
    "four five six seven eight nine ten eleven twelve half city council court congress parliament "
    "government state states federal local national new old first second third last next that "
    "this these those it its he she they his her their we our you i who what which why how facial "
    "face biometric matching using starting beginning based asked given once no not nothing never "
    "women men children students teachers parents privacy law rules lawsuits members".split()
)
"""Common words that may open a sentence, whose capital makes no name of them."""

CURRENCIES = {
    "$": "usd", "€": "eur", "£": "gbp", "¥": "yen", "dollar": "usd", "usd": "usd", "euro": "eur",
    "eur": "eur", "pound": "gbp", "gbp": "gbp", "yuan": "cny", "yen": "yen", "cent": "cent",
    "krona": "krona", "kronor": "krona", "krone": "krone", "kroner": "krone", "ruble": "ruble",
    "rouble": "ruble", "zloty": "zloty", "peso": "peso", "shekel": "shekel",
}  # fmt: skip
UNITS = frozenset(
    "second minut hour day week month year decad centuri mile kilomet km metr meter feet foot "
    "inch acr hectar ton tonn kilogram gram pound liter litr gallon degre percent point "
    "time".split()
)
"""Stems of units of measure: a number of one of them is no number of another."""
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "dozen": 12.0, "m": 1e6, "bn": 1e9, "k": 1e3,
}  # fmt: skip
SCALE_MARKS = "(?:" + "|".join(word for word in SCALES if len(word) < 3) + ")"
"""The scales that stand right behind a figure: "$1.2m"."""
NUMBER_WORDS = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {
    word: float(value)
    for value, word in zip(
        range(30, 100, 10),
        "thirty forty fifty sixty seventy eighty ninety".split(),
        strict=True,
    )
}
ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        start=1,
    )
}


def opposites() -> dict[str, frozenset[str]]:
    """Return the words that say the opposite of a word, each as it is written in the table."""
    found: dict[str, set[str]] = {}
    for pair in _OPPOSITES.replace("\n", " ").split("|"):
        one, other = pair.split()
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}
