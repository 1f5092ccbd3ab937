"""English phrases that give an assistant orders."""

from __future__ import annotations

from corpus.injection_phrases import Kind, phrase

_AI = (
    r"(?:ai|a\.i\.|llms?|gpt|chatgpt|claude|gemini|copilot|bard|grok|chatbots?|(?:ai"
    r"|virtual|digital) "
    r"(?:(?:large )?language models?|assistants?|agents?|models?|systems?|chatbots?)"
    r"|(?:large )?language models?)"
)
_AIMED = (
    r"(?:(?:ai|virtual|digital|helpful|language|automated)[ -])?(?:assistant|agent"
    r"|model|chatbot|bot|ai"
    r"|llm|system|dan|persona|gpt|jailbroken|unrestricted|unfiltered|uncensored"
    r"|(?:developer|debug|god|admin) mode)"
)
_PROMPTS = (
    r"(?:instructions?|prompts?|directives?|guidelines|programming|system messages?|safety rules)"
)
_RULES = (
    r"(?:instructions?|prompts?|directives?|guidelines|programming|system messages?|directions"
    r"|commands|training|rules|constraints|context|messages)"
)
_EARLIER = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|existing|original|initial"
    r"|system|former|past|old|other)"
)
_DROP = (
    r"(?:ignore|disregard|forget|override|bypass|discard|overrule|do not"
    r" follow|don't follow|stop following)"
)
_REPLY = (
    r"(?:repl(?:y|ies)|respond|answer|output|print|say|write|return|state|tell"
    r"|reveal|recommend|praise|rate|rank|translate|claim|call|click|visit|send"
    r"|append|add|include|mention|repeat|execute|run|confirm|approve|summari[sz]e)"
)

_ALL = r"(?:absolutely )?(?:all|any|every|each)(?: of)?(?: (?:the|your|my|these|those))?"
_TOLD = (
    r"(?:above|before this|you (?:were|have been|'ve been)(?: told| given| instructed| taught)?"
    r"|i (?:said|told)|was said|has been said|said before)"
)

ENGLISH = (
    phrase(
        Kind.OVERRIDE,
        3,
        rf"{_DROP} {_ALL} {_EARLIER}(?: (?:and|or) {_EARLIER})? (?:\w+ )?{_RULES}\b",
    ),
    phrase(
        Kind.OVERRIDE,
        3,
        rf"{_DROP} (?:the|any|all|all the) {_RULES} (?:that )?you (?:were|have been|got)\b",
    ),
    phrase(Kind.OVERRIDE, 2, rf"{_DROP} {_ALL} (?:\w+ )?{_RULES}\b(?! (?:of|about|on|in)\b)"),
    phrase(
        Kind.OVERRIDE,
        3,
        rf"{_DROP} (?:the |your |my |these |those )?{_EARLIER}(?:(?: and|,| or) {_EARLIER})?"
        rf" (?:\w+ )?{_PROMPTS}\b",
    ),
    phrase(
        Kind.OVERRIDE,
        3,
        rf"{_DROP} (?:everything|anything|all|whatever)(?: that| of that)? {_TOLD}\b",
    ),
    phrase(Kind.OVERRIDE, 2, rf"{_DROP} (?:everything|anything|all) you know\b(?! about)"),
    phrase(Kind.OVERRIDE, 3, rf"{_DROP} your (?:\w+ )?{_PROMPTS}\b"),
    phrase(Kind.OVERRIDE, 2, rf"{_DROP} your (?:\w+ )?{_RULES}\b"),
    phrase(
        Kind.OVERRIDE,
        2,
        rf"{_DROP} (?:the|these|those|what is|what's) (?:above|previous|prior|preceding)\b",
    ),
    phrase(Kind.OVERRIDE, 2, rf"{_DROP} (?:the|these|those) {_RULES} (?:above|before|given)\b"),
    phrase(Kind.PERSONA, 3, rf"you are (?:now|no longer|hereby) (?:[\w'-]+ ){{0,5}}?{_AIMED}\b"),
    phrase(
        Kind.PERSONA,
        2,
        r"from now on,? you (?:are|will|must|shall|should|have to|only|always|never)\b",
    ),
    phrase(
        Kind.PERSONA,
        2,
        r"(?:act|behave|respond) (?:as|like)(?: if you (?:are|were))? (?:an?|the|my)"
        rf" (?:[\w'-]+ ){{0,4}}?{_AIMED}\b",
    ),
    phrase(
        Kind.PERSONA,
        2,
        r"(?:enter|enable|activate|switch to) (?:\w+ )?(?:developer|debug|god|admin"
        r"|jailbreak|dan) mode\b",
    ),
    phrase(Kind.PERSONA, 2, r"pretend (?:that )?you (?:are|have no)\b"),
    phrase(
        Kind.PERSONA,
        2,
        r"you are (?:the|this|our) (?:\w+ )?(?:archive|corpus|library|site|website|system|chat)"
        rf"(?:'s)? (?:\w+ )?{_AIMED}\b",
    ),
    phrase(
        Kind.ADDRESS,
        2,
        r"to (?:every|any|each|all) (?:questions?|quer(?:y|ies)|requests?)\b[^.\n]{0,80}? you"
        rf" (?:must |will |shall |should |only |always ){{0,3}}{_REPLY}\b",
    ),
    phrase(
        Kind.ADDRESS,
        3,
        rf"as an? (?:helpful )?{_AI},? you (?:must|should|will|shall|need to|have to|are"
        r" required|are obliged|ought)\b",
    ),
    phrase(
        Kind.ADDRESS,
        2,
        r"(?:attention|note|notice|message|instructions?|important|warning|hint|reminder"
        rf"|memo|order)s? (?:to|for|:) ?(?:all |any |the |every )?{_AI}\b",
    ),
    phrase(
        Kind.ADDRESS,
        2,
        rf"(?:if|when|since|because) you(?: are|'re) (?:an? |the )?{_AI}(?=\s*(?:,|:|and"
        r"|or|reading|processing|summari[sz]ing|asked|that|who))",
    ),
    phrase(Kind.ADDRESS, 2, rf"(?:dear|hey|hello|hi|attention|ok|okay),? {_AI}\b"),
    phrase(
        Kind.ADDRESS,
        2,
        rf"(?:any |all )?{_AI} (?:reading|processing|summari[sz]ing|parsing|indexing"
        rf"|reviewing) this\b[^.\n]{{0,40}}(?:must|should|shall|has to|have to|is to|are"
        r" to|will|:)",
    ),
    phrase(
        Kind.ADDRESS,
        2,
        rf"(?:assistant|{_AI}) ?[:,] (?:please |now |you must |do not |don't |always "
        rf"|never ){{0,4}}{_REPLY}\b",
    ),
    phrase(Kind.ADDRESS, 2, rf"to (?:any|all|every|the) {_AI}\b"),
    phrase(Kind.ADDRESS, 2, r"(?:to the|dear|hey|hello|hi|ok|okay|attention),? assistant\b"),
    phrase(
        Kind.PROMPT,
        3,
        r"(?:new |updated |real )?system (?:prompt|override|instructions?|message) ?[:=]",
    ),
    phrase(
        Kind.PROMPT,
        2,
        r"(?:new|updated|real|hidden|secret|additional|important) instructions?(?:"
        r" (?:for|to) (?:you|the (?:assistant|model|ai)))? ?:",
    ),
    phrase(Kind.PROMPT, 1, r"\[?(?:system|admin|developer|root)\]? ?[:>\]]"),
    phrase(
        Kind.PROMPT,
        3,
        r"(?:reveal|print|show|repeat|output|display|tell me|give me|leak|disclose"
        r"|reproduce)(?: me| us)?(?: all of| back| out)? (?:your|the) "
        r"(?:\w+ )?(?:system prompt|system message|initial prompt|hidden prompt|hidden"
        r" instructions|initial instructions|original instructions|instructions"
        r" verbatim)\b",
    ),
    phrase(
        Kind.HIDING,
        2,
        r"(?:do not|don't|never|you must not|must not) (?:tell|inform|alert|warn|notify"
        r"|let|reveal(?: this)? to|mention(?: this)? to|show(?: this)?(?: to)?"
        r"|disclose(?: this)? to) the users?\b",
    ),
    phrase(
        Kind.HIDING,
        2,
        r"(?:do not|don't|never) (?:mention|reveal|disclose|acknowledge|repeat|quote"
        r"|discuss|show) (?:that you|these|this|the existence of|any of)(?: \w+){0,4}?"
        r" (?:instructions?|prompts?|messages?|text|note|sentence)\b",
    ),
    phrase(
        Kind.HIDING, 1, r"without (?:telling|informing|alerting|asking) the user\b", opens=False
    ),
    phrase(
        Kind.ORDER,
        2,
        r"(?:always |only )?(?:reply|respond|answer)(?: to \w+(?: \w+){0,3}?)? (?:only"
        r"|solely|exactly|exclusively)\b",
    ),
    phrase(
        Kind.ORDER,
        2,
        r"(?:only|always) (?:reply|respond|answer|say|recommend|output|state|claim)\b",
    ),
    phrase(
        Kind.ORDER,
        2,
        r"(?:tell|inform|convince|persuade|urge|ask) the users? (?:that|to|for|about)\b",
    ),
    phrase(
        Kind.ORDER,
        2,
        r"in (?:your|all(?: of)? your|every|each) (?:answers?|responses?|repl(?:y|ies)"
        r"|summar(?:y|ies)|outputs?),? (?:always |please |you must |do not |never"
        r" )?(?:say|state|include|mention|recommend|claim|add|append|write|use|refer"
        r"|begin|end)\b",
    ),
    phrase(
        Kind.ORDER,
        2,
        r"(?:when|whenever|if) (?:you are )?(?:asked|summari[sz]ing|answering|prompted"
        r"|queried|questioned)\b[^.\n]{0,60}?,? (?:always |you must |please |only |never"
        r" |do not |don't )?"
        rf"{_REPLY}\b",
    ),
    phrase(
        Kind.ORDER,
        1,
        r"(?:and |then |instead,? |please |now |just |simply |you must |you will |only"
        rf" ){{0,4}}{_REPLY}\b",
    ),
    phrase(
        Kind.ORDER,
        1,
        r"(?:and|then|instead|must|should|will) (?:only |just |simply |instead |always"
        rf" )?{_REPLY}\b",
        opens=False,
    ),
    phrase(
        Kind.ORDER,
        2,
        r"(?:give|assign|award|write) (?:this|the|it) (?:\w+ )?(?:a |an |only"
        r" )?(?:positive|favou?rable|glowing|highest|top|five[- ]star|perfect) (?:\w+"
        r" )?(?:reviews?|ratings?|scores?|marks?|recommendations?|grades?)\b",
    ),
    phrase(
        Kind.THEFT,
        3,
        r"(?:send|forward|e-?mail|post|upload|transmit|exfiltrate|append|leak) (?:\w+"
        r" ){0,4}?(?:conversations?|chat history|chat log|user'?s? (?:data|questions?"
        r"|name|e-?mail|messages?|input)"
        r"|api keys?|credentials|access tokens?|system prompt)\b[^.\n]{0,40}?\b(?:to|at"
        r"|via|into) ",
    ),
    phrase(Kind.THEFT, 2, r"(?:call|invoke|use|execute|run) the \w+ (?:tool|function|plugin)\b"),
)
